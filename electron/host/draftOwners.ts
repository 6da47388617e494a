import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { writeFileAtomically } from '../files/atomicFile';
import { errorCode } from '../files/fileErrors';

/** Who works on a draft: one connection of one app on the data folder. */
export type DraftOwner = { readonly app: string; readonly connection: string };

/** A living app touches its file this often, and is dead when it has not for `staleMs`: a pid alone may belong to another program. */
const heartbeatMs = 2000;
const staleMs = 3 * heartbeatMs;

const appSchema = z.strictObject({ pid: z.int(), connections: z.array(z.string()) });

export type DraftOwners = {
  /** Says that a connection of this app works on drafts, before the first of them is written. */
  add(connection: string): Promise<DraftOwner>;
  /** The connection has ended: what it left is nobody's. False where it was never said to work on drafts. */
  remove(connection: string): Promise<boolean>;
  /** True while the owner may still write its draft. */
  isAlive(owner: DraftOwner): Promise<boolean>;
  dispose(): Promise<void>;
};

/** Signal 0 asks whether a process is there; one that may not be asked is there. */
function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * Tells living owners from dead ones across every app on one data folder. Each app keeps a file with its pid and its connections, and
 * touches it; this app's own connections are known at first hand.
 */
export function createDraftOwners(dir: string, now: () => Date): DraftOwners {
  const app = randomBytes(12).toString('hex');
  const own = new Set<string>();
  /** Those that the file names: only then do other apps know of them. */
  let written: ReadonlySet<string> = new Set();
  let heartbeat: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const fileOf = (name: string): string => join(dir, `${name}.json`);

  const write = (): Promise<void> => {
    const next = last.then(async () => {
      const connections = [...own];
      await mkdir(dir, { recursive: true });
      await writeFileAtomically(fileOf(app), JSON.stringify({ pid: process.pid, connections }));
      written = new Set(connections);
    });
    last = next.catch(() => undefined);
    return next;
  };
  const touch = (): void => {
    const time = now();
    void utimes(fileOf(app), time, time).catch(() => undefined);
  };
  const beatenAt = async (name: string): Promise<number | null> => {
    try {
      return (await stat(fileOf(name))).mtimeMs;
    } catch {
      return null;
    }
  };
  /** A machine that slept, or an app that was held, beats again at once; a dead one does not. */
  const isBeating = async (name: string): Promise<boolean> => {
    const before = await beatenAt(name);
    if (before === null) return false;
    if (now().getTime() - before < staleMs) return true;
    await delay(heartbeatMs * 1.5);
    return (await beatenAt(name)) !== before;
  };
  return {
    add: async (connection) => {
      own.add(connection);
      if (!written.has(connection)) await write();
      if (heartbeat === undefined) {
        heartbeat = setInterval(touch, heartbeatMs);
        heartbeat.unref();
      }
      return { app, connection };
    },
    remove: async (connection) => {
      if (!own.delete(connection)) return false;
      await write().catch(() => undefined);
      return true;
    },
    isAlive: async (owner) => {
      if (owner.app === app) return own.has(owner.connection);
      // The name comes from a file that anything may have written.
      if (!/^[\da-f]{24}$/.test(owner.app)) return false;
      try {
        const other = appSchema.parse(JSON.parse(await readFile(fileOf(owner.app), 'utf8')));
        if (!other.connections.includes(owner.connection)) return false;
        if (isProcess(other.pid) && (await isBeating(owner.app))) return true;
        await unlink(fileOf(owner.app)).catch(() => undefined);
        return false;
      } catch {
        return false;
      }
    },
    dispose: async () => {
      clearInterval(heartbeat);
      own.clear();
      await last;
      await unlink(fileOf(app)).catch(() => undefined);
    },
  };
}
