import { elementCount } from '../../shared/ops/tensor';

/** An array of numbers as NumPy saves it. Source: numpy.lib.format, versions 1 to 3. */
export type NpyArray = {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly isFloat: boolean;
};

const magic = Buffer.from('\x93NUMPY', 'latin1');
const maxHeaderBytes = 65_536;

type ReadOne = (view: DataView, at: number, little: boolean) => number;

const kinds: Readonly<Record<string, { readonly bytes: number; readonly read: ReadOne }>> = {
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** Reads an array, or says why not. Bytes stay where they are. */
export function readNpy(bytes: Buffer): NpyArray | string {
  if (!bytes.subarray(0, magic.length).equals(magic) || bytes.length < 12) return 'this is not a NumPy array';
  const isFirst = bytes.readUInt8(6) === 1;
  const headerStart = isFirst ? 10 : 12;
  const headerBytes = isFirst ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const start = headerStart + headerBytes;
  if (headerBytes > maxHeaderBytes || start > bytes.length) return 'the array is cut off';
  const header = bytes.toString('latin1', headerStart, start);
  const type = /'descr'\s*:\s*'([<>|=])([a-z]\d)'/.exec(header);
  const sizes = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const kind = kinds[type?.[2] ?? ''];
  if (type === null || kind === undefined || sizes === undefined) return 'only arrays of plain numbers are read';
  if (/'fortran_order'\s*:\s*True/.test(header))
    return 'the array is in Fortran order: save it with np.ascontiguousarray';
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const count = elementCount(shape);
  if (start + count * kind.bytes > bytes.length) return 'the array is cut off';
  const isFloat = type[2]?.startsWith('f') === true;
  if (type[2] === 'u1') return { shape, values: bytes.subarray(start, start + count), isFloat };
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * kind.bytes);
  const values = isFloat ? new Float32Array(count) : new Float64Array(count);
  for (let at = 0; at < count; at++) values[at] = kind.read(view, at * kind.bytes, type[1] !== '>');
  return { shape, values, isFloat };
}

/** An array as NumPy saves it: bytes, whole numbers of 32 bits, or float32, in little-endian order. */
export function npyOf({
  shape,
  values,
}: {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int32Array | Float32Array;
}): Buffer {
  const type = values instanceof Float32Array ? '<f4' : values instanceof Int32Array ? '<i4' : '|u1';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const words = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = magic.length + 4;
  // The array begins at a multiple of 64 bytes, and a line feed ends the header.
  const length = Math.ceil((start + words.length + 1) / 64) * 64 - start;
  const head = Buffer.alloc(start);
  magic.copy(head);
  head.writeUInt8(1, magic.length);
  head.writeUInt16LE(length, magic.length + 2);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([head, Buffer.from(`${words.padEnd(length - 1)}\n`, 'latin1'), bytes]);
}
