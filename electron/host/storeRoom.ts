import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { storeFull, type StoreName } from '../../shared/diagnostics/catalog/file';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { storeLimits } from '../../shared/schema/limits';
import { errorCode } from '../files/fileErrors';
import { folderSize } from '../files/folderSize';

/**
 * Why a store takes no new entry, or null where it has room: whoever holds the token may ask for as many as they like, and the disk is
 * everybody's. What is there already may always be written again. `isEntry` knows an entry of the folder by its name; `times` raises the
 * limits.
 */
export async function whyFull(
  store: Extract<StoreName, 'drafts' | 'blocks' | 'imports'>,
  dir: string,
  isEntry: (name: string) => boolean,
  times = 1,
): Promise<Diagnostic | null> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const sizes = await Promise.all(names.filter(isEntry).map((name) => folderSize(join(dir, name))));
  const found = { entries: sizes.length, bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0) };
  const { entries, bytes } = storeLimits[store];
  const isFull = found.entries >= times * entries || found.bytes >= times * bytes;
  return isFull ? storeFull(store, dir, found, storeLimits[store]) : null;
}
