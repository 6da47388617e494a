import { luma } from '../../shared/ops/pixels';
import type { TrainingConfig } from '../../shared/schema/training';

/** An image, row-major, channels last. */
export type Pixels = {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
};

type Tap = { readonly first: number; readonly weights: readonly number[] };

/**
 * For each output position, the input positions that it is made of and their shares: a triangle as wide as the larger of an
 * input and an output pixel, so shrinking averages and enlarging interpolates. Pixel centres lie at i + 0.5.
 */
function resampleTaps(from: number, to: number): readonly Tap[] {
  const scale = from / to;
  const radius = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - radius + 0.5));
    const last = Math.min(from, Math.floor(centre + radius + 0.5));
    const raw = Array.from({ length: Math.max(1, last - first) }, (_unused, offset) =>
      Math.max(0, 1 - Math.abs(first + offset + 0.5 - centre) / radius),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => (sum === 0 ? 1 / raw.length : weight / sum)) };
  });
}

/** Of the sizes that came last: most pictures of a set have one size. */
const knownTaps = new Map<string, readonly Tap[]>();
const mostKnownTaps = 64;

function tapsFor(from: number, to: number): readonly Tap[] {
  const key = `${from} ${to}`;
  const known = knownTaps.get(key);
  if (known !== undefined) return known;
  if (knownTaps.size >= mostKnownTaps) knownTaps.clear();
  const taps = resampleTaps(from, to);
  knownTaps.set(key, taps);
  return taps;
}

/** Resizes with a triangle filter in both directions; 2x2 pixels of 0, 0, 100, 100 shrink to one of 50. */
export function resizeImage(image: Pixels, height: number, width: number): Pixels {
  if (image.height === height && image.width === width) return image;
  const { channels, data } = image;
  const columns = tapsFor(image.width, width);
  const rows = tapsFor(image.height, height);
  const narrowed = new Float32Array(image.height * width * channels);
  for (let y = 0; y < image.height; y++) {
    columns.forEach(({ first, weights }, x) => {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++) {
          sum += (weights[tap] ?? 0) * (data[(y * image.width + first + tap) * channels + channel] ?? 0);
        }
        narrowed[(y * width + x) * channels + channel] = sum;
      }
    });
  }
  const resized = new Uint8Array(height * width * channels);
  const rowLength = width * channels;
  rows.forEach(({ first, weights }, y) => {
    for (let at = 0; at < rowLength; at++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++)
        sum += (weights[tap] ?? 0) * (narrowed[(first + tap) * rowLength + at] ?? 0);
      resized[y * rowLength + at] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  });
  return { width, height, channels, data: resized };
}

/** Resizes class numbers, which cannot be mixed: the pixel under each new centre. */
export function resizeLabels(
  labels: Uint8Array,
  from: { readonly height: number; readonly width: number },
  height: number,
  width: number,
): Uint8Array {
  const resized = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const sourceY = Math.floor(((y + 0.5) * from.height) / height);
    for (let x = 0; x < width; x++) {
      const sourceX = Math.floor(((x + 0.5) * from.width) / width);
      resized[y * width + x] = labels[sourceY * from.width + sourceX] ?? 0;
    }
  }
  return resized;
}

/** How pictures of other proportions are brought to a size. */
export type PictureFit = TrainingConfig['fit'];

type Size = { readonly height: number; readonly width: number };
type Area = Size & { readonly top: number; readonly left: number };

/** Of `from`, the largest area in the middle with the proportions of `to`: 100x60 for 28x28 gives the 60x60 in the middle. */
function middleArea(from: Size, to: Size): Area {
  const scale = Math.min(from.height / to.height, from.width / to.width);
  const height = Math.min(from.height, Math.max(1, Math.round(to.height * scale)));
  const width = Math.min(from.width, Math.max(1, Math.round(to.width * scale)));
  return { height, width, top: (from.height - height) >> 1, left: (from.width - width) >> 1 };
}

function cutArea(data: Uint8Array, from: Size, channels: number, area: Area): Uint8Array {
  const cut = new Uint8Array(area.height * area.width * channels);
  for (let y = 0; y < area.height; y++) {
    const at = ((area.top + y) * from.width + area.left) * channels;
    cut.set(data.subarray(at, at + area.width * channels), y * area.width * channels);
  }
  return cut;
}

function placeArea(data: Uint8Array, area: Area, to: Size, channels: number, background: number): Uint8Array {
  const placed = new Uint8Array(to.height * to.width * channels).fill(background);
  for (let y = 0; y < area.height; y++) {
    const row = data.subarray(y * area.width * channels, (y + 1) * area.width * channels);
    placed.set(row, ((area.top + y) * to.width + area.left) * channels);
  }
  return placed;
}

/** Brings a picture to a size: stretched, its middle alone, or all of it between black bars. */
export function fitImage(image: Pixels, to: Size, fit: PictureFit): Pixels {
  const { channels } = image;
  if (fit === 'crop') {
    const area = middleArea(image, to);
    const cut = { ...area, channels, data: cutArea(image.data, image, channels, area) };
    return resizeImage(cut, to.height, to.width);
  }
  if (fit === 'stretch') return resizeImage(image, to.height, to.width);
  const area = middleArea(to, image);
  const { data } = resizeImage(image, area.height, area.width);
  return { height: to.height, width: to.width, channels, data: placeArea(data, area, to, channels, 0) };
}

/** As {@link fitImage} for class numbers; `outside` is what the bars get. */
export function fitLabels(labels: Uint8Array, from: Size, to: Size, fit: PictureFit, outside: number): Uint8Array {
  if (fit === 'crop') {
    const area = middleArea(from, to);
    return resizeLabels(cutArea(labels, from, 1, area), area, to.height, to.width);
  }
  if (fit === 'stretch') return resizeLabels(labels, from, to.height, to.width);
  const area = middleArea(to, from);
  return placeArea(resizeLabels(labels, from, area.height, area.width), area, to, 1, outside);
}

/** Whether a letterbox can have bars: the proportions are not quite the same. */
export function canHaveBars(from: Size, to: Size): boolean {
  return from.width * to.height !== from.height * to.width;
}

/** Proportions that differ by less than this are the rounding of a size. */
const proportionTolerance = 0.05;

/** Whether bringing one size to another changes the proportions, by more than rounding does. */
export function changesProportions(from: Size, to: Size): boolean {
  return Math.abs(Math.log((from.width * to.height) / (from.height * to.width))) > proportionTolerance;
}

/**
 * Converts between grey (1), grey with alpha (2), colour (3), and colour with alpha (4). Grey is {@link luma}.
 */
export function convertChannels(image: Pixels, channels: number): Pixels {
  const { data, width, height } = image;
  if (image.channels === channels) return image;
  const converted = new Uint8Array(width * height * channels);
  const [ofRed, ofGreen, ofBlue] = luma;
  const isGrey = image.channels < 3;
  const alphaAt = image.channels % 2 === 0 ? image.channels - 1 : null;
  for (let from = 0, to = 0; to < converted.length; from += image.channels, to += channels) {
    const red = data[from] ?? 0;
    const green = isGrey ? red : (data[from + 1] ?? 0);
    const blue = isGrey ? red : (data[from + 2] ?? 0);
    converted[to] = channels === 1 ? Math.round(ofRed * red + ofGreen * green + ofBlue * blue) : red;
    if (channels < 3) continue;
    converted[to + 1] = green;
    converted[to + 2] = blue;
    if (channels === 4) converted[to + 3] = alphaAt === null ? 255 : (data[from + alphaAt] ?? 255);
  }
  return { width, height, channels, data: converted };
}
