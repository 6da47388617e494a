import { elementCount, type FloatTensor } from '../ops/tensor';

/*
 * Values that stay in their file until they are written: a tensor says in which order it wants them, and gives them piece by piece.
 */

/** Bytes of a file, read when they are asked for. */
export type ByteRange = { readonly length: number; read(): Uint8Array };

/** Bytes that are in memory already. */
export function bytesInMemory(bytes: Uint8Array): ByteRange {
  return { length: bytes.byteLength, read: () => bytes };
}

/** A file, or a part of one, of which runs of bytes are read when they are asked for. */
export type RangedBytes = {
  readonly sizeBytes: number;
  range(offset: number, length: number): ByteRange;
};

/** As {@link RangedBytes}, of bytes that are in memory. */
export function rangesInMemory(bytes: Uint8Array): RangedBytes {
  return {
    sizeBytes: bytes.length,
    range: (offset, length) => bytesInMemory(bytes.subarray(offset, offset + length)),
  };
}

/** A part of a file, as a file of its own. */
export function partOf(source: RangedBytes, start: number, sizeBytes: number): RangedBytes {
  return { sizeBytes, range: (offset, length) => source.range(start + offset, length) };
}

/** Files that are one, each behind the other. */
export function joinedRanges(files: readonly RangedBytes[]): RangedBytes {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only;
  let sizeBytes = 0;
  const placed = files.map((file) => {
    const start = sizeBytes;
    sizeBytes += file.sizeBytes;
    return { file, start, end: sizeBytes };
  });
  const read = (from: number, to: number): Uint8Array => {
    const parts = placed
      .filter(({ start, end }) => start < to && end > from)
      .map(({ file, start, end }) => {
        const first = Math.max(from, start);
        return file.range(first - start, Math.min(to, end) - first).read();
      });
    const [whole] = parts;
    if (parts.length === 1 && whole !== undefined) return whole;
    const bytes = new Uint8Array(to - from);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  };
  return { sizeBytes, range: (offset, length) => ({ length, read: () => read(offset, offset + length) }) };
}

/** Places in a list of values, in the order of rows over `sizes`: neighbours along an axis lie `strides` apart. */
export type Places = { readonly sizes: readonly number[]; readonly strides: readonly number[] };

/** How many values a piece has, about: 4 MB. */
const pieceValues = 2 ** 20;
/** Rows that are gathered side by side: as many neighbours as a page of memory has in common. */
const tileRows = 16;

/** Row-major strides: how far apart neighbours along each axis lie. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** The places of a tensor with its axes in another order: `order[i]` is the axis that becomes axis i. */
export function turnedPlaces(shape: readonly number[], order: readonly number[]): Places {
  const strides = stridesOf(shape);
  return { sizes: order.map((axis) => shape[axis] ?? 1), strides: order.map((axis) => strides[axis] ?? 0) };
}

/** A weight whose values `read` gives in the file's order, and `places` puts into the network's. */
export function arrangedTensor(shape: readonly number[], places: Places, read: () => Float32Array): FloatTensor {
  const pieces = (): Iterable<Float32Array> => gathered(places, read());
  return {
    dtype: 'float32',
    shape,
    get data() {
      const all = new Float32Array(elementCount(shape));
      let at = 0;
      for (const piece of pieces()) {
        all.set(piece, at);
        at += piece.length;
      }
      return all;
    },
    pieces,
  };
}

/** With its axes in another order: `order[i]` is the one that becomes axis i. As many values as it has, whatever its shape says. */
export function turnedTensor(tensor: FloatTensor, order: readonly number[]): FloatTensor {
  const places = turnedPlaces(tensor.shape, order);
  if (valueCount(tensor) !== elementCount(tensor.shape)) return { ...tensor, shape: places.sizes };
  return arrangedTensor(places.sizes, places, () => tensor.data);
}

/** How numbers of one kind lie in a file: the bytes of each, and some of them as float32. */
export type ValueForm = {
  readonly valueBytes: number;
  decode(bytes: Uint8Array, count: number): Float32Array;
};

/** Tensors of so few bytes are read at once: nothing is won by leaving them in the file. */
const fewBytes = 2 ** 14;

/** A tensor in the order of the file, which has its values without gaps: a large one is never read by more than a piece at a time for writing it. */
export function storedTensor(
  shape: readonly number[],
  source: RangedBytes,
  { valueBytes, decode }: ValueForm,
): FloatTensor {
  const count = elementCount(shape);
  const read = (start: number, length: number): Float32Array =>
    decode(source.range(start * valueBytes, length * valueBytes).read(), length);
  if (source.sizeBytes <= fewBytes) return { dtype: 'float32', shape, data: read(0, count) };
  return {
    dtype: 'float32',
    shape,
    get data() {
      return read(0, count);
    },
    *pieces() {
      for (let at = 0; at < count; at += pieceValues) yield read(at, Math.min(pieceValues, count - at));
    },
  };
}

/** How many values a tensor has, without reading one that is still in its file. */
export function valueCount(tensor: FloatTensor): number {
  return tensor.pieces === undefined ? tensor.data.length : elementCount(tensor.shape);
}

/** The same values in another shape; they stay in their file, unless there are not as many as the shape needs: that is to be seen. */
export function withShape(tensor: FloatTensor, shape: readonly number[]): FloatTensor {
  const { dtype, pieces } = tensor;
  if (pieces === undefined || valueCount(tensor) !== elementCount(shape)) return { dtype, shape, data: tensor.data };
  return {
    dtype,
    shape,
    get data() {
      return tensor.data;
    },
    pieces,
  };
}

/** A weight that is as the file has it. */
export function readWhenAsked(shape: readonly number[], read: () => Float32Array): FloatTensor {
  return {
    dtype: 'float32',
    shape,
    get data() {
      return read();
    },
    pieces: () => [read()],
  };
}

/** Lists of values behind each other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A run of columns of a matrix, times a number. */
export type Columns = {
  readonly data: Float32Array;
  /** How many columns the matrix has, and the first of the run. */
  readonly columns: number;
  readonly start: number;
  readonly factor: number;
};

/** Runs of `width` columns of several matrices as one matrix, each run behind the other. */
export function sideBySide(runs: readonly Columns[], rows: number, width: number): Float32Array {
  const result = new Float32Array(rows * runs.length * width);
  for (const [at, { data, columns, start, factor }] of runs.entries()) {
    for (let row = 0; row < rows; row++) {
      const from = row * columns + start;
      const own = data.subarray(from, from + width);
      result.set(factor === 1 ? own : own.map((value) => value * factor), (row * runs.length + at) * width);
    }
  }
  return result;
}

function isInOrder({ sizes, strides }: Places): boolean {
  const plain = stridesOf(sizes);
  return sizes.every((size, axis) => size === 1 || strides[axis] === plain[axis]);
}

function* gathered(places: Places, values: Float32Array): Iterable<Float32Array> {
  if (isInOrder(places)) {
    yield values;
    return;
  }
  const { sizes, strides } = places;
  const outer = sizes.slice(0, -1);
  const [length, step] = [sizes.at(-1) ?? 1, strides.at(-1) ?? 1];
  const [across, acrossStep] = [outer.at(-1) ?? 1, strides.at(-2) ?? 0];
  const rows = elementCount(outer);
  const rowsAPiece = Math.max(1, Math.floor(pieceValues / Math.max(length, 1)));
  const place = outer.map(() => 0);
  let from = 0;
  for (let row = 0; row < rows;) {
    const end = Math.min(rows, row + rowsAPiece);
    const piece = new Float32Array((end - row) * length);
    for (let to = 0; row < end;) {
      const run = Math.min(tileRows, end - row, across - (place.at(-1) ?? 0));
      for (let at = 0; at < length; at++) {
        const origin = from + at * step;
        for (let one = 0; one < run; one++) piece[to + one * length + at] = values[origin + one * acrossStep] ?? 0;
      }
      to += run * length;
      row += run;
      from = advance(place, outer, strides, from, run);
    }
    yield piece;
  }
}

/** Goes `run` rows on; never beyond the end of the last axis, where the axes before it count up. */
function advance(
  place: number[],
  sizes: readonly number[],
  strides: readonly number[],
  from: number,
  run: number,
): number {
  let [at, by] = [from, run];
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    place[axis] = (place[axis] ?? 0) + by;
    at += (strides[axis] ?? 0) * by;
    if ((place[axis] ?? 0) < (sizes[axis] ?? 1)) break;
    at -= (strides[axis] ?? 0) * (sizes[axis] ?? 1);
    place[axis] = 0;
    by = 1;
  }
  return at;
}
