import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import lockfile from 'proper-lockfile';
import { errorCode } from './fileErrors';
import { cacheDir } from './paths';

/** The turns of this process, by lock; each waits for the one before it. */
const turns = new Map<string, Promise<unknown>>();

/** Waits of 20 to 200 ms, some eight seconds together: nobody holds a lock for longer than one write takes. */
const retries = { retries: 50, minTimeout: 20, maxTimeout: 200 };

async function takeLock(lockPath: string): Promise<() => Promise<void>> {
  try {
    await mkdir(join(lockPath, '..'), { recursive: true });
    return await lockfile.lock(lockPath, {
      lockfilePath: lockPath,
      realpath: false,
      // The holder touches its lock while it lives, so neither a kill nor a process id that was given to another program keeps it.
      stale: 10_000,
      retries,
      // By default this throws where nobody can catch it; the write behind the lock is one rename and is whole in any case.
      onCompromised: () => undefined,
    });
  } catch (error) {
    if (errorCode(error) === 'ELOCKED') throw error;
    // Where no lock can be made (a full or read-only disk) the turns of this process are all that is left; the write itself will say it.
    return () => Promise.resolve();
  }
}

/**
 * Lets one caller at a time work on the file at `path`, in this process and in others of this user: what is read, decided and written
 * meanwhile is one step. Locks lie in the cache, not beside the user's files. Throws an error with the code `ELOCKED` when another
 * process does not let go.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const file = await realpath(path).catch(() => resolve(path));
  const name = createHash('sha256').update(file).digest('hex').slice(0, 32);
  const lockPath = join(cacheDir(), 'locks', name);
  const before = turns.get(lockPath) ?? Promise.resolve();
  const turn = before.then(async () => {
    const release = await takeLock(lockPath);
    try {
      return await work();
    } finally {
      await release().catch(() => undefined);
    }
  });
  const settled = turn.catch(() => undefined);
  turns.set(lockPath, settled);
  try {
    return await turn;
  } finally {
    if (turns.get(lockPath) === settled) turns.delete(lockPath);
  }
}
