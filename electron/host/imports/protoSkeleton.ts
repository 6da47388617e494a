import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { partOf, type RangedBytes } from '../../../shared/imports/arranged';
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

/** A run of values in a message: the number of its field, and how many bytes it has. */
type Run = { readonly field: number; readonly length: number };

/** Where the values of a format lie, by the numbers in its schema. */
export type ProtoForm<Kind extends string> = {
  readonly root: Kind;
  /** Fields of each kind of message that tensors lie in. */
  readonly inside: { readonly [K in Kind]: { readonly [field: number]: Kind } };
  readonly tensor: Kind;
  /** Fields of a tensor that are values where they are runs of bytes. */
  readonly values: readonly number[];
  /** The field that a long run is to stand in, told all the tensor's runs and its last number in each field; null: it stays. */
  placeOf(run: Run, runs: readonly Run[], numbers: ReadonlyMap<number, number>): number | null;
};

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
  readonly left: (bytes: Uint8Array) => RangedBytes | null;
};

/** Reads a model without its values. Throws where its bytes are no protocol buffers, and the file system's errors. */
export function readSkeleton<Kind extends string>(path: string, form: ProtoForm<Kind>): Skeleton {
  const ranged = rangesOf(path);
  // Nothing that stands in a file is taken for it.
  const mark = randomBytes(16);
  const ranges: RangedBytes[] = [];
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const write = createWriter(form, file, size, (offset, length) => {
      const place = Buffer.alloc(mark.length + 4);
      place.set(mark);
      place.writeUInt32LE(ranges.length, mark.length);
      ranges.push(partOf(ranged, offset, length));
      return place;
    });
    const bytes = Buffer.concat(write(form.root, 0, size, 0));
    return {
      bytes,
      left: (given) => {
        const isPlace = given.length === mark.length + 4 && mark.every((byte, at) => given[at] === byte);
        return isPlace ? (ranges[Buffer.from(given).readUInt32LE(mark.length)] ?? null) : null;
      },
    };
  } finally {
    closeSync(file);
  }
}

/** Gives the bytes of a message in the file, with `put` in the place of long values. */
function createWriter<Kind extends string>(
  form: ProtoForm<Kind>,
  file: number,
  sizeBytes: number,
  put: (offset: number, length: number) => Uint8Array,
) {
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
    const placeOf = kind === form.tensor ? placesIn(begin, end) : null;
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
      const within = form.inside[kind][field];
      const place = within === undefined ? (placeOf?.({ field, length }) ?? null) : null;
      if (within !== undefined && length > fewBytes) {
        flush(at);
        const own = write(within, content, next, level + 1);
        const ownLength = own.reduce((sum, part) => sum + part.length, 0);
        parts.push(varintBytes(key), varintBytes(ownLength), ...own);
        plainFrom = next;
      } else if (place !== null) {
        flush(at);
        const mark = put(content, length);
        parts.push(varintBytes(place * 8 + 2), varintBytes(mark.length), mark);
        plainFrom = next;
      }
      at = next;
    }
    flush(end);
    return parts;
  };
  /** Where the long runs of a tensor's values go; null where they stay, as where values stand one by one. */
  const placesIn = (begin: number, end: number): ((run: Run) => number | null) | null => {
    const runs: Run[] = [];
    const numbers = new Map<number, number>();
    for (let at = begin; at < end;) {
      const [key, from] = cursor.varint(at);
      const [field, wire] = [Math.floor(key / 8), key % 8];
      if (wire !== 2) {
        if (form.values.includes(field)) return null;
        if (wire === 0) numbers.set(field, cursor.varint(from)[0]);
        at = endOf(wire, from);
        continue;
      }
      const [length, content] = cursor.varint(from);
      if (form.values.includes(field)) runs.push({ field, length });
      at = content + length;
      if (at > end) throw new Error('it is cut off');
    }
    return (run) =>
      run.length < fewBytes || !form.values.includes(run.field) ? null : form.placeOf(run, runs, numbers);
  };
  return write;
}
