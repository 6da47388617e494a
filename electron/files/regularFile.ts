import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { formatBytes, text, WordedError } from '../../shared/text';

/** Windows has no such flag, nor pipes in its folders. */
const nonBlocking = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

/** A refusal of our own, with a code in the manner of the operating system's. */
export class FileRefusal extends WordedError {
  readonly code: 'ENOTREGULAR' | 'EFBIG';
  /** Size and limit in bytes of a file that is too large. */
  readonly sizeBytes: number;
  readonly limitBytes: number;

  constructor(code: 'ENOTREGULAR' | 'EFBIG', path: string, sizeBytes = 0, limitBytes = 0) {
    const [size, most] = [formatBytes(sizeBytes), formatBytes(limitBytes)];
    super(
      code === 'EFBIG'
        ? text(`${path} has ${size}, more than the ${most} that are read`, `${path} 有 ${size}，超过可读取的 ${most}`)
        : text(`${path} is not a regular file`, `${path} 不是普通文件`),
    );
    this.code = code;
    this.sizeBytes = sizeBytes;
    this.limitBytes = limitBytes;
  }
}

/**
 * Opens a file that a user named, for reading. A pipe, a device or a socket is refused: opening a pipe that nobody writes to waits
 * for ever, and each one that waits holds one of the four threads that all file work of the process goes through. Throws the file
 * system's error or a {@link FileRefusal}.
 */
export async function openRegularFile(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly sizeBytes: number; readonly modifiedMs: number }> {
  // Without blocking, so that the look at what it is comes at once; regular files know no difference.
  const handle = await open(path, constants.O_RDONLY | nonBlocking);
  try {
    const info = await handle.stat();
    // A folder is left to whoever reads: the system's own EISDIR says it best.
    if (!info.isFile() && !info.isDirectory()) throw new FileRefusal('ENOTREGULAR', path);
    return { handle, sizeBytes: info.size, modifiedMs: info.mtimeMs };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads the whole of a file that a user named, at most `maxBytes`; see {@link openRegularFile}. */
export async function readRegularFile(path: string, maxBytes = Infinity): Promise<Buffer> {
  const { handle, sizeBytes } = await openRegularFile(path);
  try {
    if (sizeBytes > maxBytes) throw new FileRefusal('EFBIG', path, sizeBytes, maxBytes);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** As {@link readRegularFile}, as text. */
export async function readRegularText(path: string, maxBytes = Infinity): Promise<string> {
  return (await readRegularFile(path, maxBytes)).toString('utf8');
}

/** As {@link readRegularFile}, for threads that have nothing else to do meanwhile: each wait costs as much as a small picture. */
export function readRegularFileSync(path: string, maxBytes = Infinity): Buffer {
  const file = openSync(path, constants.O_RDONLY | nonBlocking);
  try {
    const info = fstatSync(file);
    if (!info.isFile()) throw new FileRefusal('ENOTREGULAR', path);
    if (info.size > maxBytes) throw new FileRefusal('EFBIG', path, info.size, maxBytes);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Some bytes of a file: from where on, and how many. */
export type FilePart = { readonly start: number; readonly length: number };

/** Reads some bytes of an open file; null where it has fewer. */
export function readPartSync(file: number, { start, length }: FilePart): Uint8Array<ArrayBuffer> | null {
  // Asked first: a length that a hostile file names is never taken before it is known to be there.
  if (start + length > fstatSync(file).size) return null;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = readSync(file, bytes, at, length - at, start + at);
    if (count === 0) return null;
    at += count;
  }
  return bytes;
}

/** As {@link readRegularFileSync}, of some bytes alone; null where the file has fewer. */
export function readFilePartSync(path: string, part: FilePart): Uint8Array<ArrayBuffer> | null {
  const file = openSync(path, constants.O_RDONLY | nonBlocking);
  try {
    if (!fstatSync(file).isFile()) throw new FileRefusal('ENOTREGULAR', path);
    return readPartSync(file, part);
  } finally {
    closeSync(file);
  }
}

/** Reads up to `length` bytes from the start of a file, how many the whole of it has, and when it was last written. */
export async function readFileStart(
  path: string,
  length: number,
): Promise<{ readonly bytes: Buffer; readonly sizeBytes: number; readonly modifiedMs: number }> {
  const { handle, sizeBytes, modifiedMs } = await openRegularFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.max(1, Math.min(length, sizeBytes))),
      0,
      undefined,
      0,
    );
    return { bytes: buffer.subarray(0, bytesRead), sizeBytes, modifiedMs };
  } finally {
    await handle.close();
  }
}
