import { planeOf } from './featureMaps';
import type { Plane } from './featureMaps';
import type { HostTensor } from './tensor';

/** A square patch and the places of its upper left corner; the last ones touch the edges. */
export type Patches = {
  readonly side: number;
  readonly tops: readonly number[];
  readonly lefts: readonly number[];
};

/** A patch is so large a part of the shorter side of a picture. */
const patchPart = 1 / 5;
/** Neighbouring patches have at least three quarters in common, where so many may be tried. */
const leastStep = 1 / 4;

function placesAlong(length: number, side: number, step: number): readonly number[] {
  const count = Math.ceil((length - side) / step) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * step, length - side));
}

/**
 * The patches to slide over a picture of `height` and `width` pixels, at most `most`: as close to each other as that allows.
 * @example 28x28 with up to 200: a patch of 6x6 in steps of 2, at 12x12 places.
 */
export function patchesOver(height: number, width: number, most: number): Patches {
  const wanted = Math.max(1, Math.round(Math.min(height, width) * patchPart));
  for (let step = Math.max(1, Math.round(wanted * leastStep)); ; step++) {
    // With gaps between them, something would never be covered.
    const side = Math.min(height, width, Math.max(wanted, step));
    const [tops, lefts] = [placesAlong(height, side, step), placesAlong(width, side, step)];
    if (tops.length * lefts.length <= most || step >= Math.max(height, width)) return { side, tops, lefts };
  }
}

/**
 * A picture `[height, width, channels]` as it is, and then once for each patch with what lies below it at the mean of its channel: all one
 * after another, the patches row by row.
 */
export function occlude(
  picture: Float32Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  { side, tops, lefts }: Patches,
): Float32Array {
  const means = new Float64Array(channels);
  picture.forEach((value, at) => {
    means[at % channels] = (means[at % channels] ?? 0) + value / (height * width);
  });
  const row = Float32Array.from({ length: side * channels }, (_, at) => means[at % channels] ?? 0);
  const all = new Float32Array((1 + tops.length * lefts.length) * picture.length);
  all.set(picture);
  let start = picture.length;
  for (const top of tops) {
    for (const left of lefts) {
      all.set(picture, start);
      for (let y = top; y < top + side; y++) all.set(row, start + (y * width + left) * channels);
      start += picture.length;
    }
  }
  return all;
}

/**
 * Where a picture's class is seen, after Zeiler and Fergus (arXiv 1311.2901): at each pixel, how far the score falls, on average, when a
 * patch covers it. `scores` `[1 + patches, classes]` are those of {@link occlude}'s pictures. Below zero where covering helps.
 */
export function scoreFalls(
  scores: HostTensor,
  classIndex: number,
  [height, width]: readonly [height: number, width: number],
  { side, tops, lefts }: Patches,
): Plane {
  const scoreOf = (sample: number): number => planeOf(scores, sample, 0).values[classIndex] ?? 0;
  const values = new Float32Array(height * width);
  const counts = new Float32Array(height * width);
  const whole = scoreOf(0);
  tops.forEach((top, row) =>
    lefts.forEach((left, column) => {
      const fall = whole - scoreOf(1 + row * lefts.length + column);
      for (let y = top; y < top + side; y++) {
        for (let at = y * width + left; at < y * width + left + side; at++) {
          values[at] = (values[at] ?? 0) + fall;
          counts[at] = (counts[at] ?? 0) + 1;
        }
      }
    }),
  );
  return { height, width, values: values.map((sum, at) => sum / Math.max(1, counts[at] ?? 0)) };
}
