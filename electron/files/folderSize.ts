import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes and files below a folder, or of a file; nothing where it is not there. Links are not followed. */
export async function folderSize(dir: string): Promise<{ readonly bytes: number; readonly files: number }> {
  let [bytes, files] = [0, 0];
  const add = async (path: string): Promise<void> => {
    const info = await stat(path).catch(() => null);
    if (info?.isFile() !== true) return;
    bytes += info.size;
    files += 1;
  };
  const open = [dir];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const here = next;
    const entries = await readdir(here, { withFileTypes: true }).catch(() => null);
    if (entries === null) await add(here);
    for (const entry of entries ?? []) if (entry.isDirectory()) open.push(join(here, entry.name));
    // The files of one folder at once: one after the other, a disk with other work to do keeps thousands of them waiting.
    await Promise.all((entries ?? []).filter((entry) => entry.isFile()).map((entry) => add(join(here, entry.name))));
  }
  return { bytes, files };
}
