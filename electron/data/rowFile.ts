import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes of samples that stay in a file and are read when they are asked for: what does not fit into memory. */
export type StoredBytes = {
  readonly length: number;
  /** A copy, as of an array of bytes. */
  subarray(from: number, to: number): Uint8Array | Int32Array;
};

/** A file of rows that are all of one length. */
export type RowFile = { readonly file: number; readonly rowBytes: number };

/** A part of each row: where it begins, and how long it is. */
export type RowPart = { readonly start: number; readonly length: number };

/** Files are given back when nothing refers to their rows any more: data sets have no end that anybody announces. */
const closing = new FinalizationRegistry<number>(closeSync);

export function openRows(path: string, rowBytes: number): RowFile {
  const rows = { file: openSync(path, 'r'), rowBytes };
  closing.register(rows, rows.file);
  return rows;
}

function readInto({ file }: RowFile, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const count = readSync(file, bytes, at, bytes.length - at, position + at);
    if (count === 0) throw new Error('The file of decoded pictures was cut off while it was in use.');
    at += count;
  }
}

/** A part of the rows at `indices`, in that order, in memory. */
export function loadRows(rows: RowFile, indices: readonly number[], part: RowPart): Uint8Array {
  const bytes = new Uint8Array(indices.length * part.length);
  indices.forEach((index, at) => {
    const row = bytes.subarray(at * part.length, (at + 1) * part.length);
    readInto(rows, row, index * rows.rowBytes + part.start);
  });
  return bytes;
}

/** As {@link loadRows}, but read whenever they are asked for. */
export function storedRows(rows: RowFile, indices: readonly number[], part: RowPart): StoredBytes {
  return {
    length: indices.length * part.length,
    subarray: (from, to) => {
      const first = Math.floor(from / part.length);
      const taken = indices.slice(first, Math.ceil(to / part.length));
      return loadRows(rows, taken, part).subarray(from - first * part.length, to - first * part.length);
    },
  };
}
