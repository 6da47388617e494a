import { text } from '../../text';
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
  bytes(field: number): Uint8Array;
  table(field: number): Table | null;
  tables(field: number): readonly Table[];
};

/** More parts than any model lists. */
const mostEntries = 1_000_000;

function pointsOutside(): never {
  damaged(text('it points behind its end.', '其中的指针超出文件末尾。'));
}

/** The root table of a file. */
export function rootTable(bytes: Uint8Array): Table {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const checked = (at: number, length: number): number =>
    at >= 0 && at + length <= bytes.length ? at : pointsOutside();
  const uint = (at: number): number => view.getUint32(checked(at, 4), true);
  const tableAt = (at: number): Table => {
    const vtable = at - view.getInt32(checked(at, 4), true);
    const length = view.getUint16(checked(vtable, 4), true);
    /** Where a field stands, or null where it is left out. */
    const place = (field: number): number | null => {
      const entry = 4 + 2 * field;
      if (entry + 2 > length) return null;
      const offset = view.getUint16(checked(vtable + entry, 2), true);
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
      checked(from + 4, count * size);
      return { start: from + 4, count };
    };
    const entries = (field: number): { readonly start: number; readonly count: number } => {
      const found = list(field, 4);
      if (found.count > mostEntries)
        damaged(text('it lists more parts than any model has.', '其列出的部分多于任何模型。'));
      return found;
    };
    const bytesAt = (field: number): Uint8Array => {
      const { start, count } = list(field, 1);
      return bytes.subarray(start, start + count);
    };
    return {
      int: (field, standard = 0) => {
        const from = place(field);
        return from === null ? standard : view.getInt32(checked(from, 4), true);
      },
      byte: (field, standard = 0) => {
        const from = place(field);
        return from === null ? standard : view.getInt8(checked(from, 1));
      },
      flag: (field) => {
        const from = place(field);
        return from !== null && view.getUint8(checked(from, 1)) !== 0;
      },
      float: (field, standard = 0) => {
        const from = place(field);
        return from === null ? standard : view.getFloat32(checked(from, 4), true);
      },
      word: (field) => String.fromCharCode(...bytesAt(field).subarray(0, 1000)),
      ints: (field) => {
        const { start, count } = entries(field);
        return Array.from({ length: count }, (_, index) => view.getInt32(start + 4 * index, true));
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
