import { elementCount } from '../../shared/ops/tensor';
import type { HostTensor, TensorMap } from '../../shared/ops/tensor';

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

/** The bytes of a safetensors file. */
export function encodeSafetensors(tensors: TensorMap, metadata: Readonly<Record<string, string>> = {}): Buffer {
  let offset = 0;
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(metadataKey, metadata);
  const entries = Object.entries(tensors);
  for (const [name, { dtype, shape, data }] of entries) {
    header.set(name, { dtype: typeNames[dtype], shape, data_offsets: [offset, offset + data.byteLength] });
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)), 'utf8');
  // Values begin at a multiple of eight, as the format asks; the pad is of spaces.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(lengthBytes + headerLength + offset, ' ');
  bytes.writeBigUInt64LE(BigInt(headerLength), 0);
  json.copy(bytes, lengthBytes);
  let at = lengthBytes + headerLength;
  for (const [, { dtype, data }] of entries) {
    const part = bytes.subarray(at, at + data.byteLength);
    part.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    swapInto(part, dtype);
    at += data.byteLength;
  }
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
  readonly begin: number;
  readonly end: number;
};

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
): Entry<Type> {
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

function parseHeader(bytes: Buffer): { readonly header: Readonly<Record<string, unknown>>; readonly dataAt: number } {
  if (bytes.length < lengthBytes) fault('It is too short to be a safetensors file.');
  const length = bytes.readBigUInt64LE(0);
  if (length > BigInt(headerLimit)) fault(`Its header claims ${length.toString()} bytes.`);
  const dataAt = lengthBytes + Number(length);
  if (dataAt > bytes.length) fault('It is cut off in its header.');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(lengthBytes, dataAt)));
  } catch {
    fault('Its header is not JSON.');
  }
  if (!isRecord(header)) fault('Its header is no object.');
  return { header, dataAt };
}

function readTensor({ shape, type, begin, end }: Entry<keyof typeof elementBytes>, values: Buffer): HostTensor {
  const dtype = type === 'F32' ? 'float32' : type === 'I32' ? 'int32' : 'uint8';
  // A copy of its own, so that it is aligned and outlives the file's bytes.
  const copy = Buffer.from(new ArrayBuffer(end - begin));
  copy.set(values.subarray(begin, end));
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
  bytes: Buffer,
  sizeOf: { readonly [T in Type]: number },
): { readonly entries: readonly Entry<Type>[]; readonly values: Buffer; readonly metadata: unknown } {
  const { header, dataAt } = parseHeader(bytes);
  const { [metadataKey]: metadata, ...named } = header;
  const entries = Object.entries(named).map(([name, value]) => readEntry(name, value, sizeOf));
  const values = bytes.subarray(dataAt);
  // Without gaps and without overlap, and to the last byte: nothing hides, and a file that was cut is noticed.
  let next = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== next) fault(`${shown(name)} does not begin where the tensor before it ends.`);
    next = end;
  }
  if (next !== values.length) fault(`Its tensors take ${next} bytes, and it has ${values.length}.`);
  return { entries, values, metadata };
}

/** Reads a safetensors file that holds only types that engines know. Throws a {@link SafetensorsFault} for any other bytes. */
export function decodeSafetensors(bytes: Buffer): Safetensors {
  const { entries, values, metadata } = readEntries(bytes, elementBytes);
  return {
    tensors: Object.fromEntries(entries.map((entry) => [entry.name, readTensor(entry, values)])),
    metadata: readMetadata(metadata),
  };
}

/** A tensor of a file of another program: its bytes where they lie, little-endian. */
export type ForeignTensor = {
  readonly name: string;
  readonly type: keyof typeof foreignBytes;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
};

/** The tensors of any safetensors file. Throws a {@link SafetensorsFault} where the bytes are none. */
export function listSafetensors(bytes: Buffer): readonly ForeignTensor[] {
  const { entries, values } = readEntries(bytes, foreignBytes);
  return entries.map(({ name, type, shape, begin, end }) => ({
    name,
    type,
    shape,
    bytes: values.subarray(begin, end),
  }));
}
