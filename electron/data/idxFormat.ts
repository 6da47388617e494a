import { elementCount } from '../../shared/ops/tensor';

/** An IDX file of bytes, as MNIST is distributed. Source: yann.lecun.com/exdb/mnist, "the IDX file format". */
export type IdxArray = { readonly shape: readonly number[]; readonly data: Uint8Array; readonly byteLength: number };

const headerBytes = 4;
const unsignedByte = 0x08;

/** Reads one array of unsigned bytes from the start of `bytes`, or says why not. */
export function readIdx(bytes: Buffer): IdxArray | string {
  if (bytes.length < headerBytes || bytes.readUInt16BE(0) !== 0) return 'this is not an IDX file';
  if (bytes[2] !== unsignedByte) return 'only IDX files of unsigned bytes are supported';
  const rank = bytes.readUInt8(3);
  const start = headerBytes + rank * 4;
  if (rank === 0 || bytes.length < start) return 'the file is cut off';
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(headerBytes + axis * 4));
  const count = elementCount(shape);
  if (bytes.length < start + count) return `the file is cut off: ${bytes.length - start} of ${count} bytes`;
  return { shape, data: bytes.subarray(start, start + count), byteLength: start + count };
}

/** Writes an array of unsigned bytes. */
export function writeIdx(shape: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(headerBytes + shape.length * 4);
  header.writeUInt8(unsignedByte, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((size, axis) => header.writeUInt32BE(size, headerBytes + axis * 4));
  return Buffer.concat([header, data]);
}
