import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { RangedBytes } from '../../shared/imports/arranged';
import { FileRefusal } from './regularFile';

/** More than one call may read at once. */
const mostBytesACall = 2 ** 30;

/** Bytes of an open file, in memory of their own. Throws where the file ends before. */
export function readRange(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = readSync(file, bytes, at, Math.min(length - at, mostBytesACall), offset + at);
    if (count === 0) throw new Error('the file ended while it was read');
    at += count;
  }
  return bytes;
}

/**
 * Opens a file for each run that is read, and closes it again: nobody has to say when the last one was read. A file that was written to
 * in between is another one, and reading it throws.
 */
export function rangesOf(path: string): RangedBytes {
  const info = statSync(path);
  // A pipe would be waited for; of a folder the system says so itself.
  if (!info.isFile() && !info.isDirectory()) throw new FileRefusal('ENOTREGULAR', path);
  const { size, mtimeMs } = info;
  return {
    sizeBytes: size,
    range: (offset, length) => ({
      length,
      read: () => {
        const file = openSync(path, 'r');
        try {
          const now = fstatSync(file);
          if (now.size !== size || now.mtimeMs !== mtimeMs) throw new Error('the file changed while it was read');
          return readRange(file, offset, length);
        } finally {
          closeSync(file);
        }
      },
    }),
  };
}
