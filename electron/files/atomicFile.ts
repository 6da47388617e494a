import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  copyFile,
  link,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from './fileErrors';
import { maxLinks } from './missing';
import { FileRefusal } from './regularFile';

/** Names a file's content: two equal revisions are the same bytes. */
export function revisionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Makes the rename itself survive a power cut. Not every platform can sync a folder, and none loses old content by it. */
async function syncFolder(dir: string): Promise<void> {
  try {
    const handle = await open(dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    return;
  }
}

/** Where a path leads, through links, also where nothing is there yet: a link that dangles says where the file is to be made. */
async function targetOf(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || links > maxLinks) throw error;
    const next = await readlink(path).catch(() => null);
    return next === null ? path : await targetOf(resolve(dirname(path), next), links + 1);
  }
}

/** The permissions of the file to be replaced; null where there is none. */
async function existingMode(target: string): Promise<number | null> {
  try {
    const info = await stat(target);
    // A rename would put a file in the place of a pipe or a device.
    if (!info.isFile() && !info.isDirectory()) throw new FileRefusal('ENOTREGULAR', target);
    // A rename would go past a write-protected file; the user protected it for a reason.
    await access(target, constants.W_OK);
    return info.mode & 0o777;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

const temporaryName = /^\.convloom-[0-9a-f]{12}\.tmp$/;
/** A write that has not moved for so long was killed. */
const strayAfterMs = 10 * 60_000;
const tidied = new Set<string>();
/** Temporary files of this process that could not be removed: the disk took no more changes. */
const left = new Set<string>();

/** Removes what this process had to leave, as soon as the disk takes changes again. */
async function removeLeft(): Promise<void> {
  for (const path of left) {
    await unlink(path).then(
      () => left.delete(path),
      (error: unknown) => errorCode(error) === 'ENOENT' && left.delete(path),
    );
  }
}

/** Removes what writes that were killed have left in a folder; once in the life of the process for each. */
async function removeStrays(dir: string): Promise<void> {
  if (tidied.has(dir)) return;
  tidied.add(dir);
  const names = await readdir(dir).catch(() => []);
  for (const name of names.filter((candidate) => temporaryName.test(candidate))) {
    const path = join(dir, name);
    const info = await stat(path).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > strayAfterMs) await unlink(path).catch(() => undefined);
  }
}

/** Removes what writers of a folder that were killed left behind. Only for a folder that nobody else writes to. */
export async function removeTemporaries(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  const left = names.filter((name) => temporaryName.test(name));
  await Promise.all(left.map((name) => unlink(join(dir, name)).catch(() => undefined)));
}

/**
 * Replaces a file as one step: a temporary name in the same folder, synced, renamed. A reader sees the old bytes or the
 * new ones, and whatever fails, the old file is untouched and no temporary file stays. Throws the file system's error.
 *
 * Not the package write-file-atomic: that replaces a link that dangles and a write-protected file, makes its temporary name longer than
 * the file's own, which a legal name of 255 bytes does not bear, and leaves the folder unsynced.
 */
export async function writeFileAtomically(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const target = await targetOf(path);
  const mode = await existingMode(target);
  const temporary = join(dirname(target), `.convloom-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode ?? 0o666);
    try {
      if (typeof data === 'string' || data instanceof Uint8Array) await handle.writeFile(data);
      else await writeFile(handle, data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch((reason: unknown) => errorCode(reason) === 'ENOENT' || left.add(temporary));
    throw error;
  }
  await removeLeft();
  await syncFolder(dirname(target));
  await removeStrays(dirname(target));
}

/** Gives a file's bytes a second name as one step: as a link where the disk has such, which costs nothing, else as a copy. */
export async function copyAtomically(from: string, to: string): Promise<void> {
  const temporary = join(dirname(to), `.convloom-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await link(from, temporary).catch(() => copyFile(from, temporary, constants.COPYFILE_EXCL));
    await rename(temporary, to);
  } finally {
    // A rename between two names of the same bytes does nothing, and leaves both.
    await unlink(temporary).catch(() => undefined);
  }
  await syncFolder(dirname(to));
}
