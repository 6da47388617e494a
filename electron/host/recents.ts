import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import type { HostRequests } from '../../shared/host/api';
import { createJsonStore } from '../files/jsonStore';

type Recent = HostRequests['project.recent'][1][number];

const recentsSchema: z.ZodType<readonly Recent[]> = z
  .array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() }))
  .readonly();

export type RecentsStore = {
  list(): Promise<readonly Recent[]>;
  add(path: string, name: string): Promise<void>;
};

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The networks that were opened or saved last, newest first. Electron's own list does not exist on Linux or in the browser. */
export function createRecentsStore(
  dataDir: string,
  report: (diagnostic: Diagnostic) => void,
  now: () => Date,
): RecentsStore {
  const store = createJsonStore(join(dataDir, 'recent.json'), recentsSchema, [], report, now);
  return {
    list: async () => {
      const recents = await store.read();
      const there = await Promise.all(recents.map(({ path }) => exists(path)));
      return recents.filter((_, index) => there[index]);
    },
    add: async (path, name) => {
      const recent: Recent = { path, name, openedAt: now().toISOString() };
      // A list of conveniences is not worth failing an open for.
      await store
        .update((recents) => [recent, ...recents.filter((other) => other.path !== path)].slice(0, limits.recentFiles))
        .catch(() => undefined);
    },
  };
}
