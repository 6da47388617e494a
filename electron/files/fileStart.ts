import { basename } from 'node:path';
import { recognizedBytes } from '../../shared/imports/formats';
import type { FileStart } from '../../shared/imports/formats';
import { openRegularFile } from './regularFile';

/** Both ends of a file of `sizeBytes`, by which it is known. Throws the file system's error, and for what is no regular file. */
export async function readFileStart(path: string, sizeBytes: number): Promise<FileStart> {
  const { handle } = await openRegularFile(path);
  try {
    const length = Math.min(sizeBytes, recognizedBytes);
    const part = async (position: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return { name: basename(path), sizeBytes, head: await part(0), tail: await part(sizeBytes - length) };
  } finally {
    await handle.close();
  }
}
