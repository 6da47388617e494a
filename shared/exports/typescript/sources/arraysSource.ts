/** Prints `arrays.ts`: reads pictures and labels that NumPy saved, as the app does. */
export const arraysSource = `import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { labelRow, strataOf } from './labels.js';
import { resizeLabels, toInput, type Pixels } from './pixels.js';
import { splitByClass, splitPlainly } from './split.js';
import { divide, label, type DataSet, type Sample, type Values } from './values.js';

type Numbers = { shape: number[]; values: Float64Array; isFloat: boolean };

/** What the arrays of each part are called: by Keras, by MedMNIST, and where there is one part only. */
const names = {
  training: {
    x: ['x_train', 'train_images', 'x', 'images', 'data'],
    y: ['y_train', 'train_labels', 'y', 'labels', 'target', 'masks'],
  },
  validation: { x: ['x_val', 'val_images'], y: ['y_val', 'val_labels'] },
  test: { x: ['x_test', 'test_images'], y: ['y_test', 'test_labels'] },
};

const notRead = 'Pictures to be learned are read from folders here; Convloom reads them from arrays too.';

/** The files of an archive by their names, by the list at its end. */
function readZip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf('PK\\x05\\x06', undefined, 'latin1');
  if (end < 0) throw new Error('it is no archive of arrays');
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [method, size, start] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ];
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const content = bytes.subarray(from, from + size);
    files.set(name.replace(/\\.npy$/i, '').toLowerCase(), method === 0 ? content : inflateRawSync(content));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

/** An array as NumPy saves it. */
function readArray(bytes: Buffer): Numbers {
  const start = bytes[6] === 1 ? 10 : 12;
  const from = start + (start === 10 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  const header = bytes.toString('latin1', start, from);
  const [, order = '', kind = '', width = ''] = /'descr'\\s*:\\s*'([<>|=])([biuf])(\\d)'/.exec(header) ?? [];
  const sizes = /'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)/.exec(header)?.[1];
  if (sizes === undefined || kind === '' || /'fortran_order'\\s*:\\s*True/.test(header)) {
    throw new Error('only plain numbers in the order of C are read');
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
  const little = order !== '>';
  const readers: Record<string, (place: number) => number> = {
    b1: (place) => view.getUint8(place),
    u1: (place) => view.getUint8(place),
    i1: (place) => view.getInt8(place),
    u2: (place) => view.getUint16(place, little),
    i2: (place) => view.getInt16(place, little),
    u4: (place) => view.getUint32(place, little),
    i4: (place) => view.getInt32(place, little),
    u8: (place) => Number(view.getBigUint64(place, little)),
    i8: (place) => Number(view.getBigInt64(place, little)),
    f4: (place) => view.getFloat32(place, little),
    f8: (place) => view.getFloat64(place, little),
  };
  const read = readers[kind + width];
  if (read === undefined) throw new Error(\`numbers of the kind \${kind}\${width} are not read\`);
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float64Array.from({ length: count }, (_, at) => read(at * Number(width)));
  return { shape, values, isFloat: kind === 'f' };
}

/** Arrays as pictures of four channels. Channels may stand first or last; pixels are 0 to 255, or 0 to 1. */
function picturesOf({ shape, values, isFloat }: Numbers): { sizes: number[]; pictures: Pixels[] } {
  const isCount = (size: number | undefined): boolean => [1, 3, 4].includes(size ?? 0);
  const [count = 0, ...rest] = shape;
  const isPlanar = rest.length === 3 && !isCount(rest[2]) && isCount(rest[0]);
  const [height = 1, width = 1, channels = 1] = isPlanar ? [rest[1], rest[2], rest[0]] : rest;
  if (rest.length < 2 || rest.length > 3 || !isCount(channels)) {
    throw new Error(\`arrays of [\${shape.join(', ')}] are no pictures\`);
  }
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(least >= 0 && most <= 255)) throw new Error(\`pixels go from \${String(least)} to \${String(most)}\`);
  const scale = isFloat && most <= 1 ? 255 : 1;
  const plane = height * width;
  const pictures = Array.from({ length: count }, (_, picture): Pixels => {
    const data = new Uint8Array(4 * plane).fill(255);
    for (let pixel = 0; pixel < plane; pixel += 1) {
      for (let channel = 0; channel < (channels === 1 ? 3 : channels); channel += 1) {
        const own = channels === 1 ? 0 : channel;
        const place = isPlanar ? own * plane + pixel : pixel * channels + own;
        data[4 * pixel + channel] = Math.round((values[picture * plane * channels + place] ?? 0) * scale);
      }
    }
    return { width, height, channels: 4, data };
  });
  return { sizes: [height, width, channels], pictures };
}

/** A yes or no for each class, of which some pictures have several or none. */
function areLabels({ shape, values }: Numbers): boolean {
  const [count = 0, size = 0] = shape;
  if (shape.length !== 2 || size < 2 || values.some((value) => !Number.isInteger(value))) return false;
  if (values.some((value) => value !== 0 && value !== 1)) throw new Error('labels have other values than 0 and 1');
  return Array.from({ length: count }).some(
    (_, row) => values.subarray(row * size, (row + 1) * size).reduce((sum, one) => sum + one, 0) !== 1,
  );
}

/** What each picture is to be answered with: a class, also where it is one of ones and zeros, or a class for each pixel. */
function targetsOf({ shape, values }: Numbers, isMany: boolean, pictures: Pixels[], sizes: number[]): Values[] {
  const [count = 0, ...inner] = shape.at(-1) === 1 && shape.length > 1 ? shape.slice(0, -1) : shape;
  if (count !== pictures.length)
    throw new Error(\`there are \${String(count)} labels for \${String(pictures.length)} pictures\`);
  if (inner.length > 2 || (inner.length > 1 && values.some((value) => !Number.isInteger(value))))
    throw new Error(notRead);
  const size = inner.reduce((product, one) => product * one, 1);
  const [height = 1, width = 1] = sizes;
  return pictures.map((picture, at): Values => {
    const own = values.subarray(at * size, (at + 1) * size);
    if (isMany) return labelRow(own);
    if (inner.length === 0) return label(own[0] ?? 0);
    if (inner.length === 1) return label(own.indexOf(Math.max(...own)));
    if (inner[0] !== picture.height || inner[1] !== picture.width)
      throw new Error('masks have not the size of their pictures');
    return { shape: [height, width], data: resizeLabels(Float32Array.from(own), picture, height, width) };
  });
}

/** Reads arrays x and y, or x_train and y_train with those of other parts, or those of MedMNIST. */
export async function readArrays(path: string, size: (number | null)[]): Promise<DataSet> {
  const files = readZip(await readFile(path));
  if ([...files.keys()].some((name) => name.includes('targets'))) {
    throw new Error(notRead);
  }
  const read = (keys: string[]): Numbers | null => {
    const found = keys.map((key) => files.get(key)).find((one) => one !== undefined);
    return found === undefined ? null : readArray(found);
  };
  const known = Object.values(names).map(({ x, y }) => ({ x: read(x), y: read(y) }));
  const isMany = known.map(({ x, y }) => x !== null && y !== null && areLabels(y)).includes(true);
  let classCount = 0;
  const [training, held] = known.map(({ x, y }): Sample[] | null => {
    if (x === null || y === null) return null;
    const { sizes, pictures } = picturesOf(x);
    const [height, width, channels] = size;
    const inputs = pictures.map((one) => toInput(one, [height ?? null, width ?? null, channels ?? sizes[2] ?? 1]));
    const targets = targetsOf(y, isMany, pictures, inputs[0]?.shape ?? sizes);
    for (const { data } of targets)
      for (const one of data) classCount = Math.max(classCount, isMany ? data.length : one + 1);
    return inputs.map((input, at) => ({ inputs: [input], targets: [targets[at] ?? label(0)] }));
  });
  if (training === undefined || training === null)
    throw new Error(\`\${path} has no arrays x and y, or x_train and y_train.\`);
  const rows = training.map(({ targets }) => targets[0]?.data ?? []);
  const isValidated = held !== undefined && held !== null;
  const isMask = !isMany && (rows[0]?.length ?? 0) > 1;
  const strata = isMany ? strataOf(rows) : rows.map((row) => row[0] ?? 0);
  const split = isMask ? splitPlainly(rows.length, { isValidated }) : splitByClass(strata, { isValidated });
  const divided = divide(training, split);
  const classes = Array.from({ length: classCount }, (_, at) => String(at));
  return {
    task: isMany ? 'labels' : 'classes',
    classes,
    scaling: null,
    ...divided,
    validation: held ?? divided.validation,
  };
}
`;
