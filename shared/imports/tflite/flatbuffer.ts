import { text } from '../../text';
import { partOf, type RangedBytes } from '../arranged';
import { damaged } from '../problem';

/*
 * Reading FlatBuffers (google.github.io/flatbuffers/flatbuffers_internals.html) with every step checked against the end of the file: the
 * published library checks none, and a file may point anywhere.
 */

/** A table of the file: fields by their number in the schema. */
export type Table = {
  int(field: number, standard?: number): number;
  byte(field: number, standard?: number): number;
  flag(field: number): boolean;
  float(field: number, standard?: number): number;
  word(field: number): string;
  ints(field: number): readonly number[];
  /** Bytes that stay in their file. */
  bytes(field: number): RangedBytes;
  table(field: number): Table | null;
  tables(field: number): readonly Table[];
};

/** More parts than any model lists. */
const mostEntries = 1_000_000;
/** Names are no longer. */
const mostLetters = 1000;

function pointsOutside(): never {
  damaged(text('it points behind its end.', '其中的指针超出文件末尾。'));
}

/** The file is read in blocks of this size, as many of which are kept. */
const blockBytes = 2 ** 14;
const mostBlocks = 2 ** 10;

/** Numbers of a file by where they stand, each checked against its end. */
function numbersOf(source: RangedBytes) {
  const blocks = new Map<number, DataView>();
  const blockAt = (index: number): DataView => {
    const known = blocks.get(index);
    if (known !== undefined) return known;
    const start = index * blockBytes;
    // No number is longer than four bytes: one that reaches over the end of its block stands whole in it.
    const bytes = source.range(start, Math.min(blockBytes + 4, source.sizeBytes - start)).read();
    const block = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [oldest] = blocks.keys();
    if (blocks.size >= mostBlocks && oldest !== undefined) blocks.delete(oldest);
    blocks.set(index, block);
    return block;
  };
  const reading =
    (length: number, read: (block: DataView, at: number) => number) =>
    (at: number): number => {
      checkedPlace(source, at, length);
      const index = Math.floor(at / blockBytes);
      return read(blockAt(index), at - index * blockBytes);
    };
  return {
    uint: reading(4, (block, at) => block.getUint32(at, true)),
    int: reading(4, (block, at) => block.getInt32(at, true)),
    float: reading(4, (block, at) => block.getFloat32(at, true)),
    short: reading(2, (block, at) => block.getUint16(at, true)),
    byte: reading(1, (block, at) => block.getInt8(at)),
  };
}

function checkedPlace({ sizeBytes }: RangedBytes, at: number, length: number): void {
  if (!(at >= 0 && at + length <= sizeBytes)) pointsOutside();
}

/** The root table of a file. */
export function rootTable(source: RangedBytes): Table {
  const { uint, int, float, short, byte } = numbersOf(source);
  const tableAt = (at: number): Table => {
    const vtable = at - int(at);
    checkedPlace(source, vtable, 4);
    const length = short(vtable);
    /** Where a field stands, or null where it is left out. */
    const place = (field: number): number | null => {
      const entry = 4 + 2 * field;
      if (entry + 2 > length) return null;
      const offset = short(vtable + entry);
      return offset === 0 ? null : at + offset;
    };
    const follow = (field: number): number | null => {
      const from = place(field);
      return from === null ? null : from + uint(from);
    };
    const list = (field: number, size: number): { readonly start: number; readonly count: number } => {
      const from = follow(field);
      if (from === null) return { start: 0, count: 0 };
      const count = uint(from);
      checkedPlace(source, from + 4, count * size);
      return { start: from + 4, count };
    };
    const entries = (field: number): { readonly start: number; readonly count: number } => {
      const found = list(field, 4);
      if (found.count > mostEntries)
        damaged(text('it lists more parts than any model has.', '其列出的部分多于任何模型。'));
      return found;
    };
    const bytesAt = (field: number): RangedBytes => {
      const { start, count } = list(field, 1);
      return partOf(source, start, count);
    };
    return {
      int: (field, standard = 0) => {
        const from = place(field);
        return from === null ? standard : int(from);
      },
      byte: (field, standard = 0) => {
        const from = place(field);
        return from === null ? standard : byte(from);
      },
      flag: (field) => {
        const from = place(field);
        return from !== null && byte(from) !== 0;
      },
      float: (field, standard = 0) => {
        const from = place(field);
        return from === null ? standard : float(from);
      },
      word: (field) => {
        const letters = bytesAt(field);
        return String.fromCharCode(...letters.range(0, Math.min(mostLetters, letters.sizeBytes)).read());
      },
      ints: (field) => {
        const { start, count } = entries(field);
        return Array.from({ length: count }, (_, index) => int(start + 4 * index));
      },
      bytes: bytesAt,
      table: (field) => {
        const from = follow(field);
        return from === null ? null : tableAt(from);
      },
      tables: (field) => {
        const { start, count } = entries(field);
        return Array.from({ length: count }, (_, index) => tableAt(start + 4 * index + uint(start + 4 * index)));
      },
    };
  };
  return tableAt(uint(0));
}
