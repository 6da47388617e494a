import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { readRecord, runFiles } from './runRecord';
import type { RunRecord } from './runRecord';

/** Far more runs than anybody keeps: a cache never is what fills the memory. */
const mostKept = 50_000;

/**
 * Reads records of runs, each again only when its file is another one: a list of thousands is asked for at every turn of a window. A
 * record is written under another name and renamed, so that a change always shows in the file's number or its time.
 */
export function createRecordCache(): (dir: string) => Promise<Result<RunRecord>> {
  const kept = new Map<string, { readonly state: string; readonly record: Promise<Result<RunRecord>> }>();
  return async (dir) => {
    const found = await stat(join(dir, runFiles.record)).catch(() => null);
    if (found === null) {
      kept.delete(dir);
      return await readRecord(dir);
    }
    const state = [found.ino, found.size, found.mtimeMs, found.ctimeMs].join(' ');
    const known = kept.get(dir);
    if (known?.state === state) return await known.record;
    // Kept while it is read: windows that open ask for the same ones at once.
    const record = readRecord(dir);
    if (kept.size >= mostKept) kept.clear();
    kept.set(dir, { state, record });
    const outcome = await record;
    // What could not be read may be readable the next time, with the same file.
    if (!outcome.ok && kept.get(dir)?.record === record) kept.delete(dir);
    return outcome;
  };
}
