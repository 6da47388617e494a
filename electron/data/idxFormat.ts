import { elementCount } from '../../shared/ops/tensor';

/** An IDX file of bytes, as MNIST is distributed. Source: yann.lecun.com/exdb/mnist, "the IDX file format". */
export type IdxArray = { readonly shape: readonly number[]; readonly data: Uint8Array; readonly byteLength: number };

const headerBytes = 4;
const unsignedByte = 0x08;

type IdxHeader = {
  readonly shape: readonly number[];
  /** Where the values begin, and where they end. */
  readonly start: number;
  readonly byteLength: number;
};

/** Reads what stands before the values, or says why not. */
export function idxHeader(bytes: Buffer): IdxHeader | string {
  if (bytes.length < headerBytes || bytes.readUInt16BE(0) !== 0) return 'this is not an IDX file';
  if (bytes[2] !== unsignedByte) return 'only IDX files of unsigned bytes are supported';
  const rank = bytes.readUInt8(3);
  const start = headerBytes + rank * 4;
  if (rank === 0 || bytes.length < start) return 'the file is cut off';
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(headerBytes + axis * 4));
  return { shape, start, byteLength: start + elementCount(shape) };
}

/** Reads one array of unsigned bytes from the start of `bytes`, or says why not. */
export function readIdx(bytes: Buffer): IdxArray | string {
  const header = idxHeader(bytes);
  if (typeof header === 'string') return header;
  const { shape, start, byteLength } = header;
  if (bytes.length < byteLength) {
    return `the file is cut off: ${bytes.length - start} of ${byteLength - start} bytes`;
  }
  return { shape, data: bytes.subarray(start, byteLength), byteLength };
}

/** Writes an array of unsigned bytes. */
export function writeIdx(shape: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(headerBytes + shape.length * 4);
  header.writeUInt8(unsignedByte, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((size, axis) => header.writeUInt32BE(size, headerBytes + axis * 4));
  return Buffer.concat([header, data]);
}
