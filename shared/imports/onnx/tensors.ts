import { elementCount } from '../../ops/tensor';
import { stridesOf, type ValueForm } from '../arranged';
import { Unreadable } from './unreadable';
import { elementTypes, type OnnxTensor } from './model';

/** A tensor whose values are known while the file is read. Whole numbers and truth values are held as float64, exact to 2^53. */
export type Constant = {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly isFloat: boolean;
  readonly data: Float32Array | Float64Array;
  /** The initializer that it is, or that it was only reshaped from; null for one that was computed or written into the graph. */
  readonly origin: string | null;
};

/** More values than a protobuf file could hold: a size that lies is refused before room is taken. */
const mostValues = 2 ** 29;

export function constant(
  shape: readonly number[],
  data: Float32Array | Float64Array,
  isFloat: boolean,
  origin: string | null = null,
): Constant {
  return { kind: 'constant', shape, data, isFloat, origin };
}

/** So few are read at once: nothing is won by leaving them in the file. */
const fewValues = 2 ** 14;

/** How the values of a constant are read that nobody has asked for yet. */
const readings = new WeakMap<Constant, () => Float32Array>();

/** A constant that is read when its values are asked for, and kept then. */
function unread(
  shape: readonly number[],
  read: () => Float32Array | Float64Array,
  isFloat: boolean,
  origin: string | null,
): Constant {
  let known: Float32Array | Float64Array | null = null;
  const made: Constant = {
    kind: 'constant',
    shape,
    isFloat,
    origin,
    get data() {
      return (known ??= read());
    },
  };
  const asFloats = (): Float32Array => {
    const values = known ?? read();
    return values instanceof Float32Array ? values : Float32Array.from(values);
  };
  readings.set(made, asFloats);
  return made;
}

/** The values of a constant as float32, each time they are asked for: what is still in its file stays there. */
export function readingOf(one: Constant): () => Float32Array {
  return readings.get(one) ?? (() => (one.data instanceof Float32Array ? one.data : Float32Array.from(one.data)));
}

/** The same values in another shape of the same count, unread as they are. */
export function reshapedConstant(one: Constant, shape: readonly number[]): Constant {
  const read = readings.get(one);
  return read === undefined || !one.isFloat ? { ...one, shape } : unread(shape, read, true, one.origin);
}

/** How many values a constant has, without reading them. */
export function valueCount({ shape }: Constant): number {
  return elementCount(shape);
}

/** Whole numbers as a list. */
export function intList(values: readonly number[]): Constant {
  return constant([values.length], Float64Array.from(values), false);
}

/** Reads a tensor's values; those of float32 that are aligned stay where they lie. */
export function readTensor(tensor: OnnxTensor, origin: string | null): Constant {
  const element = elementTypes[tensor.type];
  if (element === undefined) throw new Unreadable('type', tensor.name, `type ${tensor.type}`);
  const isFloat = element.name.includes('float');
  const count = elementCount(tensor.shape);
  if (!tensor.shape.every((size) => Number.isInteger(size) && size >= 0) || count > mostValues) {
    throw new Unreadable('size', tensor.name, `[${tensor.shape.join(', ')}]`);
  }
  const made = (data: Float32Array | Float64Array): Constant => constant(tensor.shape, data, isFloat, origin);
  const { bytes } = tensor;
  if (bytes !== null) {
    if (bytes.length !== count * element.bytes) {
      throw new Unreadable(
        'size',
        tensor.name,
        `[${tensor.shape.join(', ')}] of ${element.name}, and ${bytes.length} bytes`,
      );
    }
    const read = (): Float32Array | Float64Array => readElements(bytes.read(), element.name, count);
    return count < fewValues ? made(read()) : unread(tensor.shape, read, isFloat, origin);
  }
  const numbers = tensor.numbers ?? [];
  if (numbers.length !== count) {
    throw new Unreadable('size', tensor.name, `[${tensor.shape.join(', ')}], and ${numbers.length} values`);
  }
  // Half floats stand in a list as the whole numbers of their bits.
  const decode = element.name === 'float16' ? half : element.name === 'bfloat16' ? brainFloat : null;
  const plain = decode === null ? numbers : numbers.map(decode);
  return made(isFloat ? Float32Array.from(plain) : Float64Array.from(plain));
}

/** Values of a type by its name, little-endian; those of float32 that are aligned stay where they lie. */
export function readElements(bytes: Uint8Array, type: string, count: number): Float32Array | Float64Array {
  if (type === 'float32' && bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[type];
  if (read === undefined) throw new Error(`No reader for ${type}.`);
  const data = type.includes('float') ? new Float32Array(count) : new Float64Array(count);
  for (let at = 0; at < count; at++) data[at] = read(view, at);
  return data;
}

/** How numbers of a type lie in a file, as {@link readElements} reads them. */
export function formOfType(type: string, valueBytes: number): ValueForm {
  return {
    valueBytes,
    decode: (bytes, count) => {
      const data = readElements(bytes, type, count);
      return data instanceof Float32Array ? data : Float32Array.from(data);
    },
  };
}

const readers: { readonly [type: string]: (view: DataView, at: number) => number } = {
  float32: (view, at) => view.getFloat32(at * 4, true),
  float64: (view, at) => view.getFloat64(at * 8, true),
  float16: (view, at) => half(view.getUint16(at * 2, true)),
  bfloat16: (view, at) => brainFloat(view.getUint16(at * 2, true)),
  uint8: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  uint16: (view, at) => view.getUint16(at * 2, true),
  int16: (view, at) => view.getInt16(at * 2, true),
  int32: (view, at) => view.getInt32(at * 4, true),
  uint32: (view, at) => view.getUint32(at * 4, true),
  int64: (view, at) => Number(view.getBigInt64(at * 8, true)),
  uint64: (view, at) => Number(view.getBigUint64(at * 8, true)),
};

/** IEEE half precision: one sign bit, five of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function brainFloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/** The values of a tensor with its axes in another order: `order[i]` is the axis that becomes axis i. */
export function transposed<A extends Float32Array | Float64Array>(
  data: A,
  shape: readonly number[],
  order: readonly number[],
): A {
  const made = (data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length)) as A;
  const strides = stridesOf(shape);
  const sizes = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const place = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    made[to] = data[from] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if ((place[axis] ?? 0) < (sizes[axis] ?? 1)) break;
      from -= (steps[axis] ?? 0) * (sizes[axis] ?? 1);
      place[axis] = 0;
    }
  }
  return made;
}
