import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultDataDir } from '../host';

/** The folder of a run: RUN is its path, or the id of one in the app's data folder. */
export function resolveRun(run: string): string {
  const path = resolve(run);
  const byId = join(defaultDataDir(), 'runs', run);
  return !existsSync(path) && existsSync(byId) ? byId : path;
}
