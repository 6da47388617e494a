import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { StorageUse } from '../../shared/host/api';
import { folderSize } from '../files/folderSize';
import { readRecord, runFiles, runIdsIn } from '../files/runRecord';
import { someAtOnce } from '../files/someAtOnce';

export type StorageFolders = {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly projectsDir: string;
  readonly logDir: string;
};

const noFiles = { bytes: 0, files: 0 };

/** What of the app's own files can go without a loss. */
export type Storage = {
  list(): Promise<Result<readonly StorageUse[]>>;
  free(id: StorageUse['id']): Promise<Result<{ readonly freedBytes: number }>>;
};

/** Locks are taken by whoever writes at the moment; the engine was set up by hand, and takes minutes to fetch again. */
const isKept = (name: string): boolean => name === 'locks' || isEngine(name);
const isEngine = (name: string): boolean => name.startsWith('tensorflow-');

/** The checkpoints of runs that are complete: nothing goes on from them, and the weights lie beside them. */
async function spentCheckpoints(
  runsDir: string,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const names = await readdir(runsDir).catch(() => []);
  const found = await someAtOnce(names, async (name) => {
    const record = await readRecord(join(runsDir, name));
    if (!record.ok || record.value.state !== 'completed') return null;
    const weights = await stat(join(runsDir, name, runFiles.safetensors)).catch(() => null);
    const path = join(runsDir, name, runFiles.checkpoint);
    const info = await stat(path).catch(() => null);
    return weights === null || info === null ? null : { path, bytes: info.size };
  });
  return found.filter((checkpoint) => checkpoint !== null);
}

/** Looks after the room that the app's folders take. */
export function createStorage({ dataDir, cacheDir, projectsDir, logDir }: StorageFolders): Storage {
  const runsDir = join(dataDir, 'runs');
  const inCache = async (isWanted: (name: string) => boolean): Promise<readonly string[]> => {
    const names = await readdir(cacheDir).catch(() => []);
    return names.filter(isWanted).map((name) => join(cacheDir, name));
  };
  const cached = (): Promise<readonly string[]> => inCache((name) => !isKept(name));
  const sizeOfAll = async (paths: readonly string[]): Promise<{ readonly bytes: number; readonly files: number }> => {
    const sizes = await Promise.all(paths.map(folderSize));
    return sizes.reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, files: sum.files + one.files }), noFiles);
  };
  return {
    list: async () => {
      const [ids, spent, runs, caches, engine, log] = await Promise.all([
        runIdsIn(runsDir).catch(() => []),
        spentCheckpoints(runsDir),
        folderSize(runsDir),
        cached().then(sizeOfAll),
        inCache(isEngine).then(sizeOfAll),
        folderSize(logDir),
      ]);
      return success([
        {
          id: 'runs',
          dir: runsDir,
          ...runs,
          freeableBytes: spent.reduce((sum, { bytes }) => sum + bytes, 0),
          entries: ids.length,
        },
        { id: 'caches', dir: cacheDir, ...caches, freeableBytes: caches.bytes },
        { id: 'engine', dir: cacheDir, ...engine, freeableBytes: 0 },
        { id: 'data', dir: dataDir, ...noFiles, freeableBytes: 0 },
        { id: 'log', dir: logDir, ...log, freeableBytes: 0 },
        { id: 'projects', dir: projectsDir, ...noFiles, freeableBytes: 0 },
      ]);
    },
    free: async (id) => {
      let freedBytes = 0;
      if (id === 'runs') {
        for (const { path, bytes } of await spentCheckpoints(runsDir)) {
          await rm(path, { force: true }).then(
            () => (freedBytes += bytes),
            () => undefined,
          );
        }
      }
      if (id === 'caches') {
        const before = await sizeOfAll(await cached());
        // What is in use at the moment stays: the next one who wants it fetches it again in any case.
        for (const path of await cached()) await rm(path, { recursive: true, force: true }).catch(() => undefined);
        freedBytes = before.bytes - (await sizeOfAll(await cached())).bytes;
      }
      return success({ freedBytes });
    },
  };
}
