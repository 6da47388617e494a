import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { ByteRange } from '../../../shared/imports/arranged';
import { rangesOf, readRange } from '../../files/ranges';

/*
 * A model without the values of its large tensors: what is in their place says where in the file they are. The wire format of protocol
 * buffers is walked for it, as no library reads it from a file in parts.
 */

/** Shorter runs of values are left in their message. */
const fewBytes = 4096;
/** What a model may have beside its values: names, wires and short lists. */
const mostBytes = 2 ** 28;
/** Messages in each other; a library for the format gives up there as well. */
const mostLevels = 100;
/** The file is read in blocks of this size where it is not skipped. */
const blockBytes = 2 ** 16;

type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'training' | 'function';

/** Fields by their numbers in onnx.proto that tensors lie in. */
const inside: { readonly [K in Kind]: { readonly [field: number]: Kind } } = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node' },
  graph: { 1: 'node', 5: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  tensor: {},
};
const [floatData, rawData] = [4, 9];

/** Reads a file by blocks, here and there. */
function createCursor(file: number, sizeBytes: number) {
  let block: Uint8Array = new Uint8Array();
  let from = 0;
  const byteAt = (at: number): number => {
    if (at >= sizeBytes) throw new Error('it is cut off');
    if (at < from || at >= from + block.length) {
      block = readRange(file, at, Math.min(blockBytes, sizeBytes - at));
      from = at;
    }
    return block[at - from] ?? 0;
  };
  return {
    /** A number of seven bits a byte, and where it ends. */
    varint: (at: number): readonly [number, number] => {
      let value = 0;
      for (let length = 0; length < 10; length++) {
        const byte = byteAt(at + length);
        value += (byte & 0x7f) * 2 ** (7 * length);
        if (byte < 0x80) return [value, at + length + 1];
      }
      throw new Error('a number in it is too long');
    },
    bytes: (at: number, length: number): Uint8Array => {
      if (at >= from && at + length <= from + block.length) return block.slice(at - from, at - from + length);
      return readRange(file, at, length);
    },
  };
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

type Skeleton = {
  /** The model as a message. */
  readonly bytes: Uint8Array;
  /** The values that some bytes of a tensor stand for; null where they are values themselves. */
  readonly left: (rawData: Uint8Array) => ByteRange | null;
};

/** Reads a model without its values. Throws where its bytes are no protocol buffers, and the file system's errors. */
export function readSkeleton(path: string): Skeleton {
  const ranged = rangesOf(path);
  // Nothing that stands in a file is taken for it.
  const mark = randomBytes(16);
  const ranges: ByteRange[] = [];
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const write = createWriter(file, size, (offset, length) => {
      const place = Buffer.alloc(mark.length + 4);
      place.set(mark);
      place.writeUInt32LE(ranges.length, mark.length);
      ranges.push(ranged.range(offset, length));
      return place;
    });
    const bytes = Buffer.concat(write('model', 0, size, 0));
    return {
      bytes,
      left: (raw) => {
        const isPlace = raw.length === mark.length + 4 && mark.every((byte, at) => raw[at] === byte);
        return isPlace ? (ranges[Buffer.from(raw).readUInt32LE(mark.length)] ?? null) : null;
      },
    };
  } finally {
    closeSync(file);
  }
}

/** Gives the bytes of a message in the file, with `put` in the place of long values. */
function createWriter(file: number, sizeBytes: number, put: (offset: number, length: number) => Uint8Array) {
  const cursor = createCursor(file, sizeBytes);
  let total = 0;
  const copied = (from: number, end: number): Uint8Array => {
    total += end - from;
    if (total > mostBytes) throw new Error(`it has more than ${mostBytes} bytes beside its weights`);
    return cursor.bytes(from, end - from);
  };
  /** Where a field ends whose content has no length of its own before it. */
  const endOf = (wire: number, at: number): number => {
    if (wire === 0) return cursor.varint(at)[1];
    if (wire === 1 || wire === 5) return at + (wire === 1 ? 8 : 4);
    throw new Error('it has a field of no known form');
  };
  const write = (kind: Kind, begin: number, end: number, level: number): readonly Uint8Array[] => {
    if (level > mostLevels) throw new Error('its messages lie too deep in each other');
    const parts: Uint8Array[] = [];
    let plainFrom = begin;
    const flush = (to: number): void => {
      if (to > plainFrom) parts.push(copied(plainFrom, to));
    };
    const values = kind === 'tensor' ? longValues(begin, end) : null;
    for (let at = begin; at < end;) {
      const [key, from] = cursor.varint(at);
      const [field, wire] = [Math.floor(key / 8), key % 8];
      if (wire !== 2) {
        at = endOf(wire, from);
        continue;
      }
      const [length, content] = cursor.varint(from);
      const next = content + length;
      if (next > end) throw new Error('it is cut off');
      const within = inside[kind][field];
      if (within !== undefined && length > fewBytes) {
        flush(at);
        const own = write(within, content, next, level + 1);
        const ownLength = own.reduce((sum, part) => sum + part.length, 0);
        parts.push(varintBytes(key), varintBytes(ownLength), ...own);
        plainFrom = next;
      } else if (values?.field === field) {
        flush(at);
        const place = put(content, length);
        parts.push(varintBytes(rawData * 8 + 2), varintBytes(place.length), place);
        plainFrom = next;
      }
      at = next;
    }
    flush(end);
    return parts;
  };
  /** The one long run of bytes that a tensor's values are, if they are one; a list of float32 lies as its bytes do. */
  const longValues = (begin: number, end: number): { readonly field: number } | null => {
    const found: { field: number; length: number }[] = [];
    let type = 0;
    for (let at = begin; at < end;) {
      const [key, from] = cursor.varint(at);
      const [field, wire] = [Math.floor(key / 8), key % 8];
      if (wire !== 2) {
        if (field === 2 && wire === 0) [type] = cursor.varint(from);
        if (field === floatData) return null;
        at = endOf(wire, from);
        continue;
      }
      const [length, content] = cursor.varint(from);
      if (field === rawData || field === floatData) found.push({ field, length });
      at = content + length;
      if (at > end) throw new Error('it is cut off');
    }
    const [only] = found;
    if (only === undefined || found.length > 1 || only.length < fewBytes) return null;
    return only.field === rawData || type === 1 ? only : null;
  };
  return write;
}
