import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * The name of a link in a folder that leads out of it, or nowhere; null where there is none. Who writes into a folder that came from
 * somebody else writes through its links: these would choose which files of the user's are written over. Throws the file system's error
 * for a folder that cannot be listed.
 */
export async function findStrayLink(dir: string): Promise<string | null> {
  const links = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isSymbolicLink());
  if (links.length === 0) return null;
  const inside = (await realpath(dir)) + sep;
  for (const { name } of links) {
    const target = await realpath(join(dir, name)).catch(() => null);
    if (target?.startsWith(inside) !== true) return name;
  }
  return null;
}
