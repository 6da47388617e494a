import type { HostTensor } from './tensor';

/** One channel of one sample as a picture of numbers; a vector is one row. */
export type Plane = { readonly height: number; readonly width: number; readonly values: Float32Array };

/** How many planes a tensor `[batch, ...]` has: channels of a map, one of a vector. */
export function planeCount({ shape }: HostTensor): number {
  return shape.length === 4 ? (shape[3] ?? 0) : 1;
}

/** One channel of one sample. */
export function planeOf({ shape, data }: HostTensor, sample: number, channel: number): Plane {
  const [, height = 1, width = 1, channels = 1] = shape.length === 4 ? shape : [0, 1, shape[1] ?? 1, 1];
  const start = sample * height * width * channels + channel;
  const values = Float32Array.from({ length: height * width }, (_, at) => data[start + at * channels] ?? 0);
  return { height, width, values };
}

/** The window that a filter lays over one channel: of a kernel `[kh, kw, in, out]`, or one unit of an FC's `[in, out]` as a row. */
export function kernelPlane({ shape, data }: HostTensor, input: number, output: number): Plane {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape.length === 4 ? shape : [1, shape[0] ?? 1, 1, shape[1]];
  const values = Float32Array.from(
    { length: height * width },
    (_, at) => data[(at * inputs + input) * outputs + output] ?? 0,
  );
  return { height, width, values };
}

/** What a plane's numbers are like. `zeros`: the share of exact zeros, as ReLU leaves them. */
export type PlaneSummary = {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly zeros: number;
};

/** The smallest, the largest and the mean of some numbers. */
export function summarize(values: ArrayLike<number>): PlaneSummary {
  let [least, most, sum, zeros] = [Infinity, -Infinity, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    if (value === 0) zeros += 1;
  }
  const count = Math.max(1, values.length);
  return values.length === 0
    ? { least: 0, most: 0, mean: 0, zeros: 0 }
    : { least, most, mean: sum / count, zeros: zeros / count };
}

/** How many numbers fall into each of `bins` equal parts of the range from the smallest to the largest. */
export function histogramOf(values: ArrayLike<number>, bins: number): readonly number[] {
  const { least, most } = summarize(values);
  const counts = new Array<number>(bins).fill(0);
  for (let at = 0; at < values.length; at++) {
    const share = most === least ? 0 : ((values[at] ?? 0) - least) / (most - least);
    const bin = Math.min(bins - 1, Math.floor(share * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Where in a picture a class is seen, and whether that is exact. */
export type ClassMap = {
  readonly plane: Plane;
  /** True where each map counts alike at all its places, as behind GAP: then it is the class activation map, and what is shown adds up to the score. */
  readonly isExact: boolean;
};

/**
 * Grad-CAM (Selvaraju et al., arXiv 1610.02391): the maps of a layer, each times the mean slope of the class's score to it, added up. Behind
 * GAP and one FC the slopes of a map are all the same, w / (h·w), and the sum is the class activation map of Zhou et al. (arXiv
 * 1512.04150). What speaks against the class stays below zero.
 */
export function classMap(maps: HostTensor, gradients: HostTensor, sample: number): ClassMap {
  const channels = planeCount(maps);
  const { height, width } = planeOf(maps, sample, 0);
  const values = new Float32Array(height * width);
  let isExact = true;
  for (let channel = 0; channel < channels; channel++) {
    const slopes = planeOf(gradients, sample, channel).values;
    const { least, most, mean } = summarize(slopes);
    if (most - least > 1e-4 * Math.max(Math.abs(most), Math.abs(least))) isExact = false;
    planeOf(maps, sample, channel).values.forEach((value, at) => {
      values[at] = (values[at] ?? 0) + mean * value;
    });
  }
  return { plane: { height, width, values }, isExact };
}
