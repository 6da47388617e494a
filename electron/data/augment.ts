import { createRandom, seedFor } from '../../shared/ops/random';
import type { Random } from '../../shared/ops/random';
import type { Strengths } from '../../shared/schema/augmentation';

/**
 * What one picture goes through in one step. `matrix` leads from a pixel that is wanted to the place in the picture that it is taken
 * from: x' = a x + b y + c, y' = d x + e y + f, counted in pixels from the middle of the first one.
 */
export type PictureChange = {
  readonly matrix: readonly [a: number, b: number, c: number, d: number, e: number, f: number];
  /** Added to values from 0 to 1. */
  readonly brightness: number;
  /** What the difference to the picture's mean is multiplied by. */
  readonly contrast: number;
  readonly noise: { readonly deviation: number; readonly random: Random } | null;
  /** In pixels; what lies outside of the picture covers nothing. */
  readonly cutout: {
    readonly top: number;
    readonly left: number;
    readonly height: number;
    readonly width: number;
  } | null;
};

type Side = { readonly height: number; readonly width: number };

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Whole pixels up to a part of the side, either way, each as likely. */
function wholeShift(part: number, side: number, draw: number): number {
  const most = Math.floor(part * side);
  return Math.floor(draw * (2 * most + 1)) - most;
}

/**
 * One change from a stream of random numbers. Every draw is made whatever the strengths, in this order, so that a strength does not
 * change what the others do.
 */
function drawChange(strengths: Strengths, { height, width }: Side, random: Random): PictureChange {
  const either = (most: number): number => most * (2 * random.uniform() - 1);
  const isFlipped = random.uniform() < strengths.flip;
  const right = wholeShift(strengths.shift, width, random.uniform());
  const down = wholeShift(strengths.shift, height, random.uniform());
  const angle = radians(either(strengths.rotate));
  const scale = 1 + either(strengths.zoom);
  const lean = Math.tan(radians(either(strengths.shear)));
  const brightness = either(strengths.brightness);
  const contrast = 1 + either(strengths.contrast);
  const centreX = Math.floor(random.uniform() * width);
  const centreY = Math.floor(random.uniform() * height);
  const sides = { height: Math.round(strengths.cutout * height), width: Math.round(strengths.cutout * width) };
  return {
    matrix: inverse({ isFlipped, angle, scale, lean, right, down }, { height, width }),
    brightness,
    contrast,
    noise: strengths.noise > 0 ? { deviation: strengths.noise, random } : null,
    cutout:
      sides.height * sides.width > 0
        ? { ...sides, top: centreY - (sides.height >> 1), left: centreX - (sides.width >> 1) }
        : null,
  };
}

type Move = {
  readonly isFlipped: boolean;
  readonly angle: number;
  readonly scale: number;
  readonly lean: number;
  readonly right: number;
  readonly down: number;
};

/** A picture is mirrored, sheared, scaled and turned around its middle, then shifted; this leads back. */
function inverse(
  { isFlipped, angle, scale, lean, right, down }: Move,
  { height, width }: Side,
): PictureChange['matrix'] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const mirror = isFlipped ? -1 : 1;
  // mirror * shear^-1 * scale^-1 * rotation^-1
  const a = (mirror * (cos + lean * sin)) / scale;
  const b = (mirror * (sin - lean * cos)) / scale;
  const d = -sin / scale;
  const e = cos / scale;
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const [fromX, fromY] = [middleX + right, middleY + down];
  return [a, b, middleX - a * fromX - b * fromY, d, e, middleY - d * fromX - e * fromY];
}

/**
 * What the samples at `indices` go through in a step: a function of the seed, the step and the sample alone, so that a run that goes on
 * sees the same pictures, on every engine.
 */
export function drawChanges(
  strengths: Strengths,
  seed: number,
  step: number,
  indices: ArrayLike<number>,
  [height = 1, width = 1]: readonly number[],
): readonly PictureChange[] {
  return Array.from(indices, (index) =>
    drawChange(strengths, { height, width }, createRandom(seedFor(seed, `augment ${step} ${index}`))),
  );
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value;
}

/** Alpha is no colour: it moves with the picture and stays as it is otherwise. */
function colourCount(channels: number): number {
  return channels === 4 ? 3 : channels;
}

/** Moves a picture, mixing the four pixels around each place; beyond its edges it goes on as it ends there. */
function movePicture(
  values: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  scale: number,
  [a, b, c, d, e, f]: PictureChange['matrix'],
  into: Float32Array,
): void {
  const [lastX, lastY] = [width - 1, height - 1];
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = clamp(a * x + b * y + c, lastX);
      const fromY = clamp(d * x + e * y + f, lastY);
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [shareX, shareY] = [fromX - left, fromY - top];
      const across = left < lastX ? channels : 0;
      const below = top < lastY ? width * channels : 0;
      let at = (top * width + left) * channels;
      for (let channel = 0; channel < channels; channel++, at++) {
        const first = values[at] ?? 0;
        const upper = first + shareX * ((values[at + across] ?? 0) - first);
        const second = values[at + below] ?? 0;
        const lower = second + shareX * ((values[at + below + across] ?? 0) - second);
        into[to++] = scale * (upper + shareY * (lower - upper));
      }
    }
  }
}

function colourMeans(into: Float32Array, channels: number): readonly number[] {
  const sums = new Array<number>(channels).fill(0);
  for (let at = 0; at < into.length; at++) sums[at % channels] = (sums[at % channels] ?? 0) + (into[at] ?? 0);
  return sums.map((sum) => (sum * channels) / into.length);
}

/** Light, contrast and noise; what leaves 0..1 is cut there. */
function recolour(into: Float32Array, channels: number, { brightness, contrast, noise }: PictureChange): void {
  if (brightness === 0 && contrast === 1 && noise === null) return;
  const colours = colourCount(channels);
  const mean =
    colourMeans(into, channels)
      .slice(0, colours)
      .reduce((sum, value) => sum + value, 0) / colours;
  const offset = mean * (1 - contrast) + brightness;
  for (let at = 0; at < into.length; at++) {
    if (at % channels >= colours) continue;
    const added = noise === null ? 0 : noise.deviation * noise.random.normal();
    into[at] = clamp((into[at] ?? 0) * contrast + offset + added, 1);
  }
}

function cover(
  into: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  cutout: NonNullable<PictureChange['cutout']>,
): void {
  const means = colourMeans(into, channels);
  const colours = colourCount(channels);
  const [right, bottom] = [Math.min(width, cutout.left + cutout.width), Math.min(height, cutout.top + cutout.height)];
  for (let y = Math.max(0, cutout.top); y < bottom; y++) {
    for (let x = Math.max(0, cutout.left); x < right; x++) {
      for (let channel = 0; channel < colours; channel++)
        into[(y * width + x) * channels + channel] = means[channel] ?? 0;
    }
  }
}

/** Writes a changed picture, its values times `scale`, into `into`. */
export function warpPicture(
  values: ArrayLike<number>,
  [height = 1, width = 1, channels = 1]: readonly number[],
  scale: number,
  change: PictureChange,
  into: Float32Array,
): void {
  movePicture(values, [height, width, channels], scale, change.matrix, into);
  recolour(into, channels, change);
  if (change.cutout !== null) cover(into, [height, width, channels], change.cutout);
}

/**
 * The change of what a picture is to become: moved as the picture is, by places that are counted in its own pixels, and otherwise as it
 * stands. Noise, light and what is cut out are what a network can learn to undo.
 */
export function changeOfTarget(
  { matrix: [a, b, c, d, e, f] }: PictureChange,
  [height = 1, width = 1]: readonly number[],
  [toHeight = 1, toWidth = 1]: readonly number[],
): PictureChange {
  const [across, down] = [toWidth / width, toHeight / height];
  // A pixel x of the picture has its middle where x' = across (x + 1/2) - 1/2 of the target has its own.
  const [startX, startY] = [0.5 / across - 0.5, 0.5 / down - 0.5];
  const shiftX = across * (a * startX + b * startY + c + 0.5) - 0.5;
  const shiftY = down * (d * startX + e * startY + f + 0.5) - 0.5;
  return {
    matrix: [a, (b * across) / down, shiftX, (d * down) / across, e, shiftY],
    brightness: 0,
    contrast: 1,
    noise: null,
    cutout: null,
  };
}

/** The classes of pixels moved as their picture is: the nearest pixel's, as classes cannot be mixed. */
export function warpLabels(
  labels: ArrayLike<number>,
  height: number,
  width: number,
  { matrix: [a, b, c, d, e, f] }: PictureChange,
): Int32Array {
  const moved = new Int32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = Math.round(clamp(a * x + b * y + c, width - 1));
      const fromY = Math.round(clamp(d * x + e * y + f, height - 1));
      moved[y * width + x] = labels[fromY * width + fromX] ?? 0;
    }
  }
  return moved;
}
