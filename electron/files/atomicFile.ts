import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './fileErrors';

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

/** The file that a path means and its permissions: behind a symbolic link, the link's target is the one to replace. */
async function existingTarget(path: string): Promise<{ readonly path: string; readonly mode: number } | null> {
  try {
    const target = await realpath(path);
    const { mode } = await stat(target);
    // A rename would go past a write-protected file; the user protected it for a reason.
    await access(target, constants.W_OK);
    return { path: target, mode: mode & 0o777 };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

const temporaryPattern = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** Removes what writers of a folder that were killed left behind. Only for a folder that nobody else writes to. */
export async function removeTemporaries(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  const left = names.filter((name) => temporaryPattern.test(name));
  await Promise.all(left.map((name) => unlink(join(dir, name)).catch(() => undefined)));
}

/**
 * Replaces a file as one step: a temporary name in the same folder, synced, renamed. A reader sees the old bytes or the
 * new ones, and whatever fails, the old file is untouched and no temporary file stays. Throws the file system's error.
 */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const existing = await existingTarget(path);
  const target = existing?.path ?? path;
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', existing?.mode ?? 0o666);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}
