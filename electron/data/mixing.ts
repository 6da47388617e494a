import { createRandom, seedFor } from '../../shared/ops/random';
import { mixingsOf } from '../../shared/schema/augmentation';
import type { Mixing } from '../../shared/schema/augmentation';
import { shuffledOrder } from './split';

/** Pixels of a picture. */
type Box = { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };

/** How the samples of one batch are mixed with one another. */
export type BatchMix = {
  /** By sample, the place in the batch of the one that is mixed in; it may be the sample itself. */
  readonly others: Uint32Array;
  /** How much there is of each sample itself, from 0 to 1. */
  readonly share: number;
  /** What is wholly the other's; null where all pixels are mixed by the share. */
  readonly box: Box | null;
};

/**
 * A number from Beta(alpha, alpha), made of two uniform ones: t / sqrt(2 alpha) for a t of Student's distribution with 2 alpha degrees
 * of freedom (Bailey 1994), brought to 0..1 (Devroye 1996). Always two draws, whatever alpha, so that others may follow them.
 */
export function betaOf(alpha: number, first: number, second: number): number {
  const odds = first ** (1 / alpha);
  const cos = Math.cos(2 * Math.PI * second);
  return (1 + cos / Math.sqrt(cos ** 2 + odds / (1 - odds))) / 2;
}

/** The rectangle of a given part of a picture's area around a pixel, as far as it lies in the picture. */
function boxOf(area: number, [middleY, middleX]: readonly number[], [height = 1, width = 1]: readonly number[]): Box {
  const [tall, wide] = [Math.round(Math.sqrt(area) * height), Math.round(Math.sqrt(area) * width)];
  const top = Math.floor((middleY ?? 0) * height) - (tall >> 1);
  const left = Math.floor((middleX ?? 0) * width) - (wide >> 1);
  return {
    top: Math.max(0, top),
    left: Math.max(0, left),
    bottom: Math.min(height, top + tall),
    right: Math.min(width, left + wide),
  };
}

/**
 * How `count` samples are mixed that stand in a step from `from` on: a function of the seed, the step and that place alone, so that a run
 * that goes on sees the same batches, on every engine. Null where nothing is to be mixed.
 */
export function drawMix(
  mixing: Mixing,
  seed: number,
  step: number,
  { from, count }: { readonly from: number; readonly count: number },
  shape: readonly number[],
): BatchMix | null {
  const ways = mixingsOf(mixing);
  if (ways.length === 0) return null;
  const random = createRandom(seedFor(seed, `mix ${step} ${from}`));
  const way = ways[Math.floor(random.uniform() * ways.length)];
  if (way === undefined) return null;
  const share = betaOf(mixing[way], random.uniform(), random.uniform());
  const others = shuffledOrder(count, seedFor(seed, `mix order ${step} ${from}`));
  if (way === 'mixup') return { others, share, box: null };
  const [height = 1, width = 1] = shape;
  const box = boxOf(1 - share, [random.uniform(), random.uniform()], shape);
  // What lies outside of the picture was not cut.
  const area = Math.max(0, box.bottom - box.top) * Math.max(0, box.right - box.left);
  return { others, share: 1 - area / (height * width), box };
}

/** Writes a sample with another one mixed in into `into`; of a rectangle it must be a picture of this shape. */
export function mixSample(
  own: Float32Array,
  other: Float32Array,
  { share, box }: Pick<BatchMix, 'share' | 'box'>,
  [, width = 1, channels = 1]: readonly number[],
  into: Float32Array,
): void {
  if (box === null) {
    for (let at = 0; at < own.length; at++) into[at] = share * (own[at] ?? 0) + (1 - share) * (other[at] ?? 0);
    return;
  }
  into.set(own);
  if (box.right <= box.left) return;
  for (let y = box.top; y < box.bottom; y++) {
    const from = (y * width + box.left) * channels;
    into.set(other.subarray(from, (y * width + box.right) * channels), from);
  }
}

/** Samples of one shape, one behind the other, each with its other mixed in. */
export function mixSamples(values: Float32Array, mix: BatchMix, shape: readonly number[]): Float32Array {
  const { others } = mix;
  const size = values.length / Math.max(1, others.length);
  const mixed = new Float32Array(values.length);
  const at = (place: number): Float32Array => values.subarray(place * size, (place + 1) * size);
  others.forEach((other, place) => {
    mixSample(at(place), at(other), mix, shape, mixed.subarray(place * size, (place + 1) * size));
  });
  return mixed;
}
