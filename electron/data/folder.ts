import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../shared/text';
import { readImageHeader } from './imageFile';
import type { ImageHeader } from './imageFile';
import type { WantedInput } from './dataset';

/** Names of folders in `dir`, in order; hidden ones left out. */
export async function listFolders(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Paths of files in `dir`, in order; hidden ones left out. */
export async function listFiles(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => join(dir, name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

const headerBytes = 256 * 1024;

/** Reads the header of an image file without the rest of it. */
export async function peekImage(path: string): Promise<ImageHeader | string> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
      return readImageHeader(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return errorText(error);
  }
}

/** The input that images are brought to: the network's, and where it leaves a size open, the most frequent one of the images. */
export function chooseInputShape(headers: readonly ImageHeader[], wanted: WantedInput): readonly number[] {
  const counts = new Map<string, { readonly header: ImageHeader; count: number }>();
  for (const header of headers) {
    const key = `${header.height}x${header.width}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { header, count: 1 });
    else entry.count += 1;
  }
  const common = [...counts.values()].sort((a, b) => b.count - a.count)[0]?.header;
  const channels = headers.some((header) => header.channels === 3) ? 3 : 1;
  const [height, width, depth] = wanted?.shape.length === 3 ? wanted.shape : [null, null, null];
  return [height ?? common?.height ?? 1, width ?? common?.width ?? 1, depth ?? channels];
}
