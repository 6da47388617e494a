import type { ReadSamples } from './inspectedSamples';

/** Takes the labels of samples, batch by batch, and tells in one number what each sample is. */
export type Truths = {
  readonly add: (labels: readonly number[] | null, count: number) => void;
  readonly values: () => Float32Array;
};

/**
 * What samples are: the number of a class, or the first of the values to be learned; NaN where nobody said, and for pictures to be learned.
 * Of a mask it is the class that covers most of it, leaving out the one that covers most of all masks together, which is most often the
 * ground and would make all samples alike; a mask of nothing else is of that one.
 */
export function createTruths({ task, classes }: ReadSamples['task'], total: number): Truths {
  const values = new Float32Array(total).fill(NaN);
  const classCount = classes.length;
  const pixels = new Int32Array(task === 'segmentation' ? total * classCount : 0);
  let at = 0;
  const addMask = (labels: readonly number[], count: number): void => {
    const size = labels.length / count;
    for (let place = 0; place < labels.length; place++) {
      const label = labels[place] ?? -1;
      // Pixels of no class have a label of no class.
      if (label < 0 || label >= classCount) continue;
      const cell = (at + Math.floor(place / size)) * classCount + label;
      pixels[cell] = (pixels[cell] ?? 0) + 1;
    }
  };
  return {
    add: (labels, count) => {
      if (labels !== null && task === 'segmentation') addMask(labels, count);
      else if (labels !== null && task !== 'image-to-image') {
        const size = labels.length / count;
        for (let row = 0; row < count; row++) values[at + row] = labels[row * size] ?? NaN;
      }
      at += count;
    },
    values: () =>
      task === 'segmentation'
        ? commonest(pixels, classCount)
        : values.map((value) => (value < 0 && task === 'classification' ? NaN : value)),
  };
}

function commonest(pixels: Int32Array, classCount: number): Float32Array {
  const total = pixels.length / classCount;
  const sums = new Float64Array(classCount);
  pixels.forEach((count, at) => (sums[at % classCount] = (sums[at % classCount] ?? 0) + count));
  const ground = sums.indexOf(Math.max(...sums));
  return Float32Array.from({ length: total }, (_, row) => {
    const own = pixels.subarray(row * classCount, (row + 1) * classCount);
    const most = own.reduce(
      (best, count, index) => (index !== ground && count > (best === -1 ? 0 : (own[best] ?? 0)) ? index : best),
      -1,
    );
    if (most !== -1) return most;
    return (own[ground] ?? 0) > 0 ? ground : NaN;
  });
}
