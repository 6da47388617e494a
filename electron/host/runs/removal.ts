import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What the folder of a run is called that is being deleted; no run has such a name. */
const ending = '.deleted';

/** Deletes the folder of a run. Renamed first, so that it is there whole or not at all. Throws the file system's error. */
export async function removeWhole(dir: string): Promise<void> {
  const gone = `${dir}${ending}`;
  await rename(dir, gone);
  await rm(gone, { recursive: true, force: true });
}

/** Deletes what is left of runs whose deletion was killed: nobody sees it any more, and it takes their room. */
export async function removeLeft(runsDir: string): Promise<void> {
  const names = await readdir(runsDir).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(ending))) {
    await rm(join(runsDir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
