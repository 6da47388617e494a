import type { DataInfo } from '../../shared/host/api';
import { dataDamaged, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { elementCount } from '../../shared/ops/tensor';
import { formatShape, text } from '../../shared/text';
import { dataParts, pictureChannels, type DataPart } from '../../shared/schema/data';
import { readStoredZip } from '../files/zip';
import type { Dataset, HeldSamples, OpenOptions } from './dataset';
import { heldParts } from './heldParts';
import { strataOf } from './labels';
import { readNpy } from './npyFormat';
import type { NpyArray } from './npyFormat';

/** What the arrays of each part are called: by Keras, by MedMNIST, and where there is one part only. */
const names = {
  train: {
    x: ['x_train', 'train_images', 'x', 'images', 'data'],
    y: ['y_train', 'train_labels', 'y', 'labels', 'target', 'masks'],
    pictures: ['targets_train', 'train_targets', 'targets'],
  },
  validation: { x: ['x_val', 'val_images'], y: ['y_val', 'val_labels'], pictures: ['targets_val', 'val_targets'] },
  test: { x: ['x_test', 'test_images'], y: ['y_test', 'test_labels'], pictures: ['targets_test', 'test_targets'] },
} as const;

const wanted = Object.values(names).flatMap(({ x, y, pictures }) => [...x, ...y, ...pictures]);
/** Labels beyond this are no classes. */
const mostClasses = 10_000;

function baseName(entry: string): string {
  return entry.replace(/\.npy$/i, '').toLowerCase();
}

/** Height, width and channels of pictures, and whether the channels stand before them; null for what are no pictures. */
function pictureShape(
  shape: readonly number[],
): { readonly sizes: readonly number[]; readonly isPlanar: boolean } | null {
  const [, a = 0, b = 0, c] = shape;
  if (shape.length === 3) return { sizes: [a, b, 1], isPlanar: false };
  if (shape.length !== 4 || c === undefined) return null;
  if (pictureChannels.includes(c)) return { sizes: [a, b, c], isPlanar: false };
  return pictureChannels.includes(a) ? { sizes: [b, c, a], isPlanar: true } : null;
}

/** Pixels as bytes: numbers up to 255 as they are, fractions from 0 to 1 times 255. */
function bytesOf({ values, isFloat }: NpyArray): Uint8Array | string {
  if (values instanceof Uint8Array) return Uint8Array.from(values);
  let [least, most] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN;
    if (Number.isNaN(value)) return 'there are values that are no numbers';
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least < 0 || most > 255) return `the values go from ${least} to ${most}; pixels are 0 to 255, or 0 to 1`;
  const scale = isFloat && most <= 1 ? 255 : 1;
  return Uint8Array.from({ length: values.length }, (_, at) => Math.round((values[at] ?? 0) * scale));
}

function pixelsOf(array: NpyArray): { readonly sizes: readonly number[]; readonly data: Uint8Array } | string {
  const shape = pictureShape(array.shape);
  if (shape === null) {
    return `${formatShape(array.shape)} are no pictures: [count, height, width] or [count, height, width, channels] are`;
  }
  const data = bytesOf(array);
  if (typeof data === 'string') return data;
  if (!shape.isPlanar) return { sizes: shape.sizes, data };
  const [height = 1, width = 1, channels = 1] = shape.sizes;
  const plane = height * width;
  const mixed = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const [sample, rest] = [Math.floor(at / (plane * channels)), at % (plane * channels)];
    mixed[sample * plane * channels + (rest % plane) * channels + Math.floor(rest / plane)] = data[at] ?? 0;
  }
  return { sizes: shape.sizes, data: mixed };
}

/** A class for each picture, also where it is written as ones and zeros; or a class for each pixel. */
function labelsOf({ shape, values }: NpyArray, [height = 1, width = 1]: readonly number[]): Int32Array | string {
  const [count = 0, ...rest] = shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  const isPlain = rest.length === 0 || rest.join() === `${height},${width}`;
  if (!isPlain && rest.length !== 1) {
    return `labels of ${formatShape(shape)} fit no pictures of ${height}×${width}; pictures that are to be learned are called targets`;
  }
  const size = isPlain ? 1 : (rest[0] ?? 1);
  const labels = new Int32Array(count * (isPlain ? elementCount(rest) : 1));
  for (let at = 0; at < labels.length; at++) {
    let label = values[at] ?? 0;
    if (!isPlain) {
      label = 0;
      for (let one = 1; one < size; one++) {
        if ((values[at * size + one] ?? 0) > (values[at * size + label] ?? 0)) label = one;
      }
    }
    if (!Number.isInteger(label) || label < 0 || label >= mostClasses) return `the label ${label} is no class number`;
    labels[at] = label;
  }
  return labels;
}

type Loaded = {
  readonly samples: HeldSamples;
  readonly sizes: readonly number[];
  /** What is to be learned: a class of each picture, any of so many classes, a class of each pixel, or pictures of this size. */
  readonly target: 'class' | { readonly labels: number } | 'pixels' | readonly number[];
};

/** What numbers beside pictures are as a list of yes and no for each class. */
type YesAndNo =
  /** They are no such list. */
  | 'other'
  /** Each picture has one class alone. */
  | 'one'
  /** Some have several, or none. */
  | 'several';

function yesAndNo({ shape, values }: NpyArray): YesAndNo | { readonly problem: string } {
  const [count = 0, size = 0, ...rest] = shape;
  if (size < 2 || rest.length > 0) return 'other';
  let isOne = true;
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let at = row * size; at < (row + 1) * size; at++) {
      const value = values[at] ?? 0;
      // Fractions are how likely each class is.
      if (!Number.isInteger(value)) return 'other';
      if (value !== 0 && value !== 1)
        return { problem: `labels of ${formatShape(shape)} have the value ${value}; they are 0 and 1 for each class` };
      sum += value;
    }
    isOne &&= sum === 1;
  }
  return isOne ? 'one' : 'several';
}

/** Whether numbers are no classes of pixels, though they have the shape of pictures: some are no whole numbers. */
function hasFractions({ shape, values, isFloat }: NpyArray): boolean {
  if (!isFloat || pictureShape(shape) === null) return false;
  for (let at = 0; at < values.length; at++) if (!Number.isInteger(values[at])) return true;
  return false;
}

function partOf(x: NpyArray, y: NpyArray, { areNamedPictures, areLabels }: PartKind): Loaded | string {
  const pixels = pixelsOf(x);
  if (typeof pixels === 'string') return pixels;
  const count = x.shape[0] ?? 0;
  if (areNamedPictures || hasFractions(y)) {
    const targets = pixelsOf(y);
    if (typeof targets === 'string') return targets;
    if (y.shape[0] !== count) return `there are ${y.shape[0] ?? 0} pictures to be learned for ${count} pictures`;
    const samples = { count, inputs: pixels.data, targets: targets.data };
    return { samples, sizes: pixels.sizes, target: targets.sizes };
  }
  if (areLabels && y.shape.length === 2) {
    if (y.shape[0] !== count) return `there are labels of ${y.shape[0] ?? 0} pictures for ${count} pictures`;
    const samples = { count, inputs: pixels.data, targets: Uint8Array.from(y.values) };
    return { samples, sizes: pixels.sizes, target: { labels: y.shape[1] ?? 0 } };
  }
  const labels = labelsOf(y, pixels.sizes);
  if (typeof labels === 'string') return labels;
  const perSample = labels.length / Math.max(1, count);
  const [height = 1, width = 1] = pixels.sizes;
  const isPerPixel = perSample === height * width && perSample > 1;
  if (perSample !== 1 && !isPerPixel) return `there are ${labels.length} labels for ${count} pictures`;
  const samples = { count, inputs: pixels.data, targets: labels };
  return { samples, sizes: pixels.sizes, target: isPerPixel ? 'pixels' : 'class' };
}

/** How the numbers beside pictures are taken. */
type PartKind = {
  readonly areNamedPictures: boolean;
  /** Whether classes may come together: 0 and 1 for each of them. */
  readonly areLabels: boolean;
};

const expected = text(
  'Expected arrays x and y, or x_train and y_train with x_val, y_val, x_test and y_test, or those of MedMNIST (train_images, train_labels and so on).',
  '应包含数组 x 与 y；或 x_train、y_train 及 x_val、y_val、x_test、y_test；或 MedMNIST 的数组（train_images、train_labels 等）。',
);

/** What is learned of the targets, and its classes, which are those that any part has. */
function learnedOf(
  target: Loaded['target'],
  parts: readonly Loaded[],
): Pick<DataInfo, 'task' | 'classes' | 'targetShape'> {
  if (typeof target !== 'string' && 'labels' in target) {
    return { task: 'multi-label', classes: Array.from({ length: target.labels }, (_, index) => String(index)) };
  }
  if (typeof target !== 'string') return { task: 'image-to-image', classes: [], targetShape: target };
  let largest = 0;
  for (const { samples } of parts) for (const label of samples.targets) largest = Math.max(largest, label);
  const classes = Array.from({ length: largest + 1 }, (_, index) => String(index));
  return { task: target === 'pixels' ? 'segmentation' : 'classification', classes };
}

function targetShapeOf(target: Loaded['target'], sizes: readonly number[]): readonly number[] {
  if (target === 'class') return [];
  if (target === 'pixels') return sizes.slice(0, 2);
  return 'labels' in target ? [target.labels] : target;
}

/** The arrays of each part, read as what their labels are; or why they cannot be. */
function readParts(zip: ReadonlyMap<string, Buffer>, { readAs }: OpenOptions): ReadonlyMap<DataPart, Loaded> | string {
  const entries = new Map([...zip].map(([entry, bytes]) => [baseName(entry), bytes]));
  const arrays = new Map<
    DataPart,
    { readonly x: NpyArray; readonly y: NpyArray; readonly areNamedPictures: boolean }
  >();
  let areLabels = false;
  for (const part of dataParts) {
    const find = (ones: readonly string[]) => ones.map((name) => entries.get(name)).find((one) => one !== undefined);
    const [x, pictures] = [find(names[part].x), find(names[part].pictures)];
    const y = pictures ?? find(names[part].y);
    if (x === undefined || y === undefined) continue;
    const [xArray, yArray] = [readNpy(x), readNpy(y)];
    if (typeof xArray === 'string') return xArray;
    if (typeof yArray === 'string') return yArray;
    const kind = pictures === undefined ? yesAndNo(yArray) : 'other';
    if (typeof kind !== 'string') return kind.problem;
    // A model of any number of classes takes lists in which each picture has one, too.
    areLabels ||= kind === 'several' || (kind === 'one' && readAs?.task === 'multi-label');
    arrays.set(part, { x: xArray, y: yArray, areNamedPictures: pictures !== undefined });
  }
  const loaded = new Map<DataPart, Loaded>();
  for (const [part, { x, y, areNamedPictures }] of arrays) {
    const read = partOf(x, y, { areNamedPictures, areLabels });
    if (typeof read === 'string') return read;
    loaded.set(part, read);
  }
  return loaded;
}

/** The data set `npz:FILE`. */
export async function loadNpz(path: string, options: OpenOptions): Promise<Result<Dataset>> {
  const zip = await readStoredZip(path, (entry) => wanted.some((name) => name === baseName(entry)));
  if (!zip.ok) return failure(dataDamaged(path, zip.diagnostics[0]?.why ?? ''));
  const loaded = readParts(zip.value, options);
  if (typeof loaded === 'string') return failure(dataDamaged(path, loaded));
  const [train, validation, test] = [loaded.get('train'), loaded.get('validation'), loaded.get('test')];
  if (train === undefined) return failure(dataLayout(path, expected));
  const others = [validation, test].filter((part) => part !== undefined);
  const kindOf = ({ sizes, target: own }: Loaded): string => JSON.stringify([sizes, own]);
  const isOther = (part: Loaded): boolean => kindOf(part) !== kindOf(train);
  if (others.some(isOther)) {
    return failure(dataDamaged(path, 'its parts have pictures of other sizes, or other kinds of labels'));
  }
  const { target, sizes } = train;
  const parts = {
    train: train.samples,
    validation: validation?.samples ?? null,
    test: test?.samples ?? null,
    ...(typeof target !== 'string' && 'labels' in target
      ? { strata: strataOf(train.samples.targets, target.labels) }
      : {}),
    text: text('The arrays say which part trains and which validates.', '按文件中的数组划分训练与验证。'),
  };
  const { train: own, validation: held, test: kept, ...counts } = heldParts(parts, target === 'class', options);
  return success({
    info: {
      spec: `npz:${path}`,
      inputShape: sizes,
      ...learnedOf(target, [train, ...others]),
      ...counts,
      warnings: [],
    },
    targetShape: targetShapeOf(target, sizes),
    train: own,
    validation: held,
    ...(kept === undefined ? {} : { test: kept }),
    scaling: null,
  });
}
