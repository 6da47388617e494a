import { join } from 'node:path';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { HostRequests, RunSummary } from '../../../shared/host/api';
import { folderSize } from '../../files/folderSize';
import { someAtOnce } from '../../files/someAtOnce';
import type { Runs } from './runs';

/** Runs that may go where the newest `keep` stay: those that are older, have ended, and that nobody gave a tag. */
function prunable(newestFirst: readonly RunSummary[], runsDir: string, keep: number): readonly RunSummary[] {
  // What was trained in a folder of the user's own is theirs to keep.
  const own = newestFirst.filter(({ id, dir }) => dir === join(runsDir, id));
  return own.slice(keep).filter(({ state, tags }) => state !== 'running' && tags.length === 0);
}

/** Deletes the oldest runs without a tag, or says how many that would be. No run goes unless somebody asks for it. */
export async function pruneRuns(
  { list, remove }: Pick<Runs, 'list' | 'remove'>,
  runsDir: string,
  { keep, isTrial }: HostRequests['run.prune'][0],
): Promise<Result<HostRequests['run.prune'][1]>> {
  const all = await list({});
  if (!all.ok) return all;
  const doomed = prunable(all.value, runsDir, keep);
  const sizes = await someAtOnce(doomed, async ({ id, dir }) => {
    const { bytes } = await folderSize(dir);
    // One that began to be gone on with, or was deleted, meanwhile is left as it is.
    return isTrial || (await remove(id)).ok ? bytes : null;
  });
  const gone = sizes.filter((bytes) => bytes !== null);
  return success({ runs: gone.length, bytes: gone.reduce((sum, bytes) => sum + bytes, 0) });
}
