import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { createRandom } from '../../shared/ops/random';
import type { Random } from '../../shared/ops/random';
import { text } from '../../shared/text';
import { digitClasses, openDigits } from './digits';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { heldParts } from './heldParts';

const side = 64;
const digitSide = 28;
/** The strokes of an MNIST digit lie in the middle 20 pixels. */
const strokeSide = 20;
/** A pixel belongs to its digit where the ink covers at least this much of it. */
const inkThreshold = 96;
const trainCount = 2000;
const validationCount = 400;
const trainSeed = 2015;
const validationSeed = 1505;

type Place = { readonly x: number; readonly y: number };

type Wave = { readonly sine: Float64Array; readonly cosine: Float64Array };

/** Sine and cosine of `step * i + phase` for the 64 positions of an axis. */
function waveAlong(step: number, phase: number): Wave {
  const positions = Array.from({ length: side }, (_, index) => step * index + phase);
  return { sine: Float64Array.from(positions, Math.sin), cosine: Float64Array.from(positions, Math.cos) };
}

/** A ground of three waves of random direction, length and phase, between 0 and 110, with grain of up to 10 either way. */
function paintGround(image: Uint8Array, random: Random): void {
  const waves = Array.from({ length: 3 }, () => {
    const angle = random.uniform() * Math.PI;
    const frequency = 0.1 + random.uniform() * 0.5;
    const phase = random.uniform() * 2 * Math.PI;
    const height = 8 + random.uniform() * 10;
    return { x: waveAlong(Math.cos(angle) * frequency, 0), y: waveAlong(Math.sin(angle) * frequency, phase), height };
  });
  const level = 40 + random.uniform() * 30;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let value = level + random.uniform() * 20 - 10;
      // sin(a + b) = sin a cos b + cos a sin b saves a sine for every pixel and wave.
      for (const { x, y, height } of waves) {
        const sine = (x.sine[column] ?? 0) * (y.cosine[row] ?? 0) + (x.cosine[column] ?? 0) * (y.sine[row] ?? 0);
        value += height * sine;
      }
      image[row * side + column] = Math.min(110, Math.max(0, Math.round(value)));
    }
  }
}

/** Places for up to `count` digits whose strokes do not overlap; 40 tries each. */
function choosePlaces(count: number, random: Random): readonly Place[] {
  const places: Place[] = [];
  for (let attempt = 0; attempt < count * 40 && places.length < count; attempt++) {
    const place = {
      x: Math.floor(random.uniform() * (side - digitSide + 1)),
      y: Math.floor(random.uniform() * (side - digitSide + 1)),
    };
    const isFree = places.every(
      (other) => Math.abs(other.x - place.x) >= strokeSide || Math.abs(other.y - place.y) >= strokeSide,
    );
    if (isFree) places.push(place);
  }
  return places;
}

function paintDigit(image: Uint8Array, labels: Uint8Array, digits: HeldSamples, index: number, { x, y }: Place): void {
  const label = (digits.targets[index] ?? 0) + 1;
  for (let row = 0; row < digitSide; row++) {
    for (let column = 0; column < digitSide; column++) {
      const ink = digits.inputs[(index * digitSide + row) * digitSide + column] ?? 0;
      if (ink === 0) continue;
      const at = (y + row) * side + x + column;
      const ground = image[at] ?? 0;
      image[at] = Math.round(ground + ((255 - ground) * ink) / 255);
      if (ink >= inkThreshold) labels[at] = label;
    }
  }
}

/** `count` scenes of 64x64x1 with their labels, made of `digits`; the seed decides everything. */
export function makeScenes(digits: HeldSamples, count: number, seed: number): HeldSamples {
  const random = createRandom(seed);
  const inputs = new Uint8Array(count * side * side);
  const targets = new Uint8Array(count * side * side);
  for (let scene = 0; scene < count; scene++) {
    const image = inputs.subarray(scene * side * side, (scene + 1) * side * side);
    const labels = targets.subarray(scene * side * side, (scene + 1) * side * side);
    paintGround(image, random);
    const wanted = 2 + Math.floor(random.uniform() * 3);
    for (const place of choosePlaces(wanted, random)) {
      paintDigit(image, labels, digits, Math.floor(random.uniform() * digits.count), place);
    }
  }
  return { count, inputs, targets };
}

const scenesText = text(
  '2,000 scenes made of the 8,000 training digits of mnist, 400 of its 2,000 validation digits; both from fixed seeds.',
  '2,000 个场景由 mnist 的 8,000 个训练数字生成，400 个由其 2,000 个验证数字生成；种子固定。',
);

/**
 * The data set `mnist-seg`: class 0 is the ground, class d + 1 the digit d. Eleven classes rather than ink against ground, because
 * then the network has to see both what is there and where, which is what the skips of a U-Net are for.
 */
export async function loadScenes(options: Pick<OpenOptions, 'reading'> = {}): Promise<Result<Dataset>> {
  const digits = await openDigits();
  if (!digits.ok) return digits;
  const given = {
    train: makeScenes(digits.value.train, trainCount, trainSeed),
    validation: makeScenes(digits.value.validation, validationCount, validationSeed),
    text: scenesText,
  };
  const { train, validation, test, ...counts } = heldParts(given, false, options);
  return success({
    info: {
      spec: 'mnist-seg',
      task: 'segmentation',
      inputShape: [side, side, 1],
      classes: ['ground', ...digitClasses],
      ...counts,
      warnings: [],
    },
    targetShape: [side, side],
    train,
    validation,
    ...(test === undefined ? {} : { test }),
    scaling: null,
  });
}
