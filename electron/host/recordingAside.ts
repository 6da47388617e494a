import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { Recording } from '../../shared/schema/recording';
import { withFileLock } from '../files/lock';
import { classFault, openRecording, readMark, recordedFiles } from './recordedFolder';

/** Where pictures wait that a change of a recording takes away, until all of it is done; hidden, so it is no class. */
const asideName = /^\.convloom-[0-9a-f]{12}\.tmp$/;
/** The same folder when the change is done: what is in it goes. */
const doneName = /^\.convloom-[0-9a-f]{12}\.done$/;

/** Makes a folder in a recording for what a change takes away. */
export async function makeAside(dir: string): Promise<string> {
  const aside = join(dir, `.convloom-${randomBytes(6).toString('hex')}.tmp`);
  await mkdir(aside);
  return aside;
}

/** Takes away what lies aside, as one step for who is killed meanwhile. A failure leaves it to the next change. */
export async function clearAside(aside: string): Promise<void> {
  const done = aside.replace(/tmp$/, 'done');
  await rename(aside, done).catch(() => undefined);
  await rm(done, { recursive: true, force: true }).catch(() => undefined);
}

/** Puts pictures back that a change took away and never came to its end, and clears what ended changes left. Behind the recording's lock. */
async function putBack(dir: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((one) => doneName.test(one))) await rm(join(dir, name), { recursive: true });
  for (const aside of names.filter((one) => asideName.test(one)).map((one) => join(dir, one))) {
    const classes = (await readdir(aside, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    for (const { name } of classes) {
      // A stranger's recording may have anything aside: nothing but pictures goes back, and through no link.
      if ((await classFault(dir, name, [name])) !== null) continue;
      await mkdir(join(dir, name), { recursive: true });
      const there = new Set(await readdir(join(dir, name)));
      const taken = await recordedFiles(join(aside, name));
      for (const file of taken.filter((one) => !there.has(one)))
        await rename(join(aside, name, file), join(dir, name, file));
    }
    await rm(aside, { recursive: true });
  }
}

/**
 * Makes a recording whole that was being changed when its app was killed. One that cannot be written to stays as it is: it can still be
 * looked at.
 */
export async function mendRecording(dir: string): Promise<void> {
  const find = async (): Promise<readonly string[]> =>
    (await readdir(dir, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && (asideName.test(entry.name) || doneName.test(entry.name)))
      .map(({ name }) => name);
  try {
    // Most have nothing to be mended, and need no lock.
    if ((await find()).length > 0) await withFileLock(dir, async () => putBack(dir, await find()));
  } catch {
    return;
  }
}

/** Reads what has been recorded into a folder, made whole. */
export async function openMended(request: { readonly dir: string }): Promise<Result<Recording>> {
  const marked = await readMark(request.dir);
  if (marked.ok) await mendRecording(marked.value.dir);
  return await openRecording(request);
}
