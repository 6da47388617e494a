import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import type { HostRequests } from '../../shared/host/api';
import { createJsonStore } from '../files/jsonStore';

type Recent = HostRequests['project.recent'][1][number];
type Stored = Omit<Recent, 'isMissing'>;

const recentsSchema: z.ZodType<readonly Stored[]> = z
  .array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() }))
  .readonly();

export type RecentsStore = {
  list(): Promise<readonly Recent[]>;
  add(path: string, name: string): Promise<void>;
  forget(path: string): Promise<void>;
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
  const without = (path: string) => (recents: readonly Stored[]) => recents.filter((other) => other.path !== path);
  // A list of conveniences is not worth failing an open for.
  const change = async (next: (recents: readonly Stored[]) => readonly Stored[]): Promise<void> => {
    await store.update(next).catch(() => undefined);
  };
  return {
    list: async () => {
      const recents = await store.read();
      const there = await Promise.all(recents.map(({ path }) => exists(path)));
      return recents.map((recent, index) => ({ ...recent, isMissing: there[index] !== true }));
    },
    add: (path, name) => {
      const recent: Stored = { path, name, openedAt: now().toISOString() };
      return change((recents) => [recent, ...without(path)(recents)].slice(0, limits.recentFiles));
    },
    forget: (path) => change(without(path)),
  };
}
