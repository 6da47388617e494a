import { rangesInMemory, type ByteRange, type RangedBytes } from '../../shared/imports/arranged';
import { elementCount } from '../../shared/ops/tensor';
import type { HostTensor, TensorMap } from '../../shared/ops/tensor';
import { rangesOf } from './ranges';

/**
 * The safetensors format (huggingface/safetensors): eight bytes of header length, a JSON header of names, types, shapes and
 * offsets, then the values without gaps, little-endian. Own code: the format is this file, and no kept library reads it in Node.
 */

/** The format's own bound; a header that claims more is no header. */
const headerLimit = 100_000_000;
const lengthBytes = 8;
const metadataKey = '__metadata__';

const typeNames = { float32: 'F32', int32: 'I32', uint8: 'U8' } as const;
const elementBytes = { F32: 4, I32: 4, U8: 1 } as const;
const foreignBytes = {
  ...elementBytes,
  F64: 8,
  F16: 2,
  BF16: 2,
  I64: 8,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  BOOL: 1,
} as const;

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** What a file holds: tensors by name, and free words. */
export type Safetensors = {
  readonly tensors: TensorMap;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Why bytes are no safetensors file, in one sentence. */
export class SafetensorsFault extends Error {}

function fault(reason: string): never {
  throw new SafetensorsFault(reason);
}

function swapInto(target: Buffer, dtype: HostTensor['dtype']): void {
  if (!isLittleEndian && dtype !== 'uint8') target.swap32();
}

/** A piece of values as the file has them. */
function littleEndian(data: Float32Array | Int32Array | Uint8Array, dtype: HostTensor['dtype']): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (isLittleEndian) return bytes;
  const own = Buffer.from(bytes);
  swapInto(own, dtype);
  return own;
}

/** The bytes of a safetensors file piece by piece, and how many there are: tensors that are still in a file are read one by one. */
export function safetensorsPieces(
  tensors: TensorMap,
  metadata: Readonly<Record<string, string>> = {},
): { readonly byteLength: number; readonly pieces: () => Generator<Buffer, void> } {
  let offset = 0;
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(metadataKey, metadata);
  const entries = Object.entries(tensors);
  for (const [name, { dtype, shape }] of entries) {
    const type = typeNames[dtype];
    const byteLength = elementCount(shape) * elementBytes[type];
    header.set(name, { dtype: type, shape, data_offsets: [offset, offset + byteLength] });
    offset += byteLength;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)), 'utf8');
  // Values begin at a multiple of eight, as the format asks; the pad is of spaces.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const start = Buffer.alloc(lengthBytes + headerLength, ' ');
  start.writeBigUInt64LE(BigInt(headerLength), 0);
  json.copy(start, lengthBytes);
  return {
    byteLength: start.length + offset,
    *pieces() {
      yield start;
      for (const [name, tensor] of entries) {
        let missing = elementCount(tensor.shape);
        const pieces = tensor.dtype === 'float32' ? (tensor.pieces?.() ?? [tensor.data]) : [tensor.data];
        for (const piece of pieces) {
          missing -= piece.length;
          yield littleEndian(piece, tensor.dtype);
        }
        if (missing !== 0) throw new Error(`${name} has not as many values as its shape says.`);
      }
    },
  };
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(tensors: TensorMap, metadata: Readonly<Record<string, string>> = {}): Buffer {
  const { byteLength, pieces } = safetensorsPieces(tensors, metadata);
  const bytes = Buffer.alloc(byteLength);
  let at = 0;
  for (const piece of pieces()) at += piece.copy(bytes, at);
  return bytes;
}

/** A name as a message may show it: control characters escaped, and not too long. */
function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

type Entry<Type extends string> = {
  readonly name: string;
  readonly type: Type;
  readonly shape: readonly number[];
  readonly bytes: ByteRange;
};

/** Where the header says that a tensor's bytes are, behind it. */
type Listed<Type extends string> = Omit<Entry<Type>, 'bytes'> & { readonly begin: number; readonly end: number };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readEntry<Type extends string>(
  name: string,
  value: unknown,
  sizeOf: { readonly [T in Type]: number },
): Listed<Type> {
  if (name === '') fault('A tensor has no name.');
  if (!isRecord(value)) fault(`The entry of ${shown(name)} is no object.`);
  const { dtype, shape, data_offsets: offsets } = value;
  const types = Object.keys(sizeOf) as Type[];
  const type = types.find((known) => known === dtype);
  if (type === undefined) {
    const words = `${types.slice(0, -1).join(', ')} and ${types.at(-1) ?? ''}`;
    fault(`${shown(name)} has the type ${shown(String(dtype))}; ${words} can be read.`);
  }
  if (!Array.isArray(shape) || shape.length > 16 || !shape.every(isSize)) fault(`${shown(name)} has no proper shape.`);
  const sizes: readonly number[] = shape;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    fault(`${shown(name)} has no proper offsets.`);
  }
  const [begin = 0, end = 0]: readonly number[] = offsets;
  // A product beyond 2^53 is inexact, and far from any length that a file can have.
  if (end - begin !== elementCount(sizes) * sizeOf[type]) {
    fault(`${shown(name)} says [${sizes.join(', ')}] of ${type} and ${end - begin} bytes.`);
  }
  return { name, type, shape: sizes, begin, end };
}

function readMetadata(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isRecord(value)) fault('Its metadata are no object.');
  const entries = Object.entries(value).map(([key, word]): [string, string] =>
    typeof word === 'string' ? [key, word] : fault(`Its metadata ${shown(key)} is no text.`),
  );
  return Object.fromEntries(entries);
}

function parseHeader(source: RangedBytes): {
  readonly header: Readonly<Record<string, unknown>>;
  readonly dataAt: number;
} {
  const { sizeBytes } = source;
  if (sizeBytes < lengthBytes) fault('It is too short to be a safetensors file.');
  const start = source.range(0, lengthBytes).read();
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > BigInt(headerLimit)) fault(`Its header claims ${length.toString()} bytes.`);
  const dataAt = lengthBytes + Number(length);
  if (dataAt > sizeBytes) fault('It is cut off in its header.');
  let header: unknown;
  try {
    const words = source.range(lengthBytes, Number(length)).read();
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(words));
  } catch {
    fault('Its header is not JSON.');
  }
  if (!isRecord(header)) fault('Its header is no object.');
  return { header, dataAt };
}

function readTensor({ shape, type, bytes }: Entry<keyof typeof elementBytes>): HostTensor {
  const dtype = type === 'F32' ? 'float32' : type === 'I32' ? 'int32' : 'uint8';
  // A copy of its own, so that it is aligned and outlives the file's bytes.
  const copy = Buffer.from(new ArrayBuffer(bytes.length));
  copy.set(bytes.read());
  swapInto(copy, dtype);
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: new Float32Array(copy.buffer) };
    case 'int32':
      return { dtype, shape, data: new Int32Array(copy.buffer) };
    case 'uint8':
      return { dtype, shape, data: new Uint8Array(copy.buffer) };
  }
}

function readEntries<Type extends string>(
  source: RangedBytes,
  sizeOf: { readonly [T in Type]: number },
): { readonly entries: readonly Entry<Type>[]; readonly metadata: unknown } {
  const { header, dataAt } = parseHeader(source);
  const { [metadataKey]: metadata, ...named } = header;
  const entries = Object.entries(named).map(([name, value]) => readEntry(name, value, sizeOf));
  // Without gaps and without overlap, and to the last byte: nothing hides, and a file that was cut is noticed.
  let next = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== next) fault(`${shown(name)} does not begin where the tensor before it ends.`);
    next = end;
  }
  const valueBytes = source.sizeBytes - dataAt;
  if (next !== valueBytes) fault(`Its tensors take ${next} bytes, and it has ${valueBytes}.`);
  return {
    entries: entries.map(({ begin, end, ...entry }) => ({
      ...entry,
      bytes: source.range(dataAt + begin, end - begin),
    })),
    metadata,
  };
}

function readAll(source: RangedBytes): Safetensors {
  const { entries, metadata } = readEntries(source, elementBytes);
  return {
    tensors: Object.fromEntries(entries.map((entry) => [entry.name, readTensor(entry)])),
    metadata: readMetadata(metadata),
  };
}

/** Reads a safetensors file that holds only types that engines know. Throws a {@link SafetensorsFault} for any other bytes. */
export function decodeSafetensors(bytes: Buffer): Safetensors {
  return readAll(rangesInMemory(bytes));
}

/** As {@link decodeSafetensors}, tensor by tensor from the disk: the file is never in memory beside them. */
export function readSafetensors(path: string): Safetensors {
  return readAll(rangesOf(path));
}

/** A tensor of a file of another program: its bytes, little-endian, read when they are asked for. */
export type ForeignTensor = Entry<keyof typeof foreignBytes>;

/** The tensors of any safetensors file, none of them read. Throws a {@link SafetensorsFault} where its bytes are none. */
export function listSafetensors(path: string): readonly ForeignTensor[] {
  return readEntries(rangesOf(path), foreignBytes).entries;
}
