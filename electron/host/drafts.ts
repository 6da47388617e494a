import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { draftInUse, fileSetAside } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Draft, HostRequests } from '../../shared/host/api';
import { networkDocumentSchema } from '../../shared/schema/document';
import { errorText } from '../../shared/text';
import { writeFileAtomically } from '../files/atomicFile';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { readRegularText } from '../files/regularFile';
import type { DraftOwner } from './draftOwners';
import { createDraftOwners } from './draftOwners';
import { whyFull } from './storeRoom';
import { createTurns } from './turns';

type StoredDraft = Draft & { readonly owner?: DraftOwner };

const draftSchema: z.ZodType<StoredDraft> = z.object({
  key: z.string(),
  path: z.string().nullable(),
  revision: z.string().exactOptional(),
  runId: z.string().exactOptional(),
  savedAt: z.string(),
  document: networkDocumentSchema,
  owner: z.object({ app: z.string(), connection: z.string() }).exactOptional(),
});

/** A connection that drafts; null for callers inside this process, whose drafts are nobody's from the start. */
type Connection = string | null;

export type DraftStore = {
  save(draft: HostRequests['draft.save'][0], connection: Connection): Promise<Result<Record<string, never>>>;
  /** Drafts without a living owner. */
  list(): Promise<Result<readonly Draft[]>>;
  discard(key: string, connection: Connection): Promise<Result<Record<string, never>>>;
  /**
   * The connection is gone, and with it its claim to what it drafted, as soon as what it asked for last is done: a page that is loaded
   * again drafts with its last breath. False where it never had one.
   */
  leave(connection: string): Promise<boolean>;
  dispose(): Promise<void>;
};

/** Work that a connection asked for and that is not done yet. */
function createPending(): {
  readonly during: <T>(connection: Connection, work: Promise<T>) => Promise<T>;
  readonly settled: (connection: string) => Promise<unknown>;
} {
  const pending = new Map<string, Set<Promise<unknown>>>();
  return {
    during: (connection, work) => {
      if (connection === null) return work;
      const own = pending.get(connection) ?? new Set();
      pending.set(connection, own.add(work));
      const done = (): void => {
        own.delete(work);
        if (own.size === 0) pending.delete(connection);
      };
      work.then(done, done);
      return work;
    },
    settled: (connection) => Promise.allSettled([...(pending.get(connection) ?? [])]),
  };
}

/** Reads one draft's file; a damaged one is set aside and said. */
function createReader(report: (diagnostic: Diagnostic) => void): (path: string) => Promise<StoredDraft | null> {
  return async (path) => {
    let text: string;
    try {
      text = await readRegularText(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') report(fileDiagnostic(error, path, 'open'));
      return null;
    }
    try {
      return draftSchema.parse(JSON.parse(text));
    } catch (error) {
      const aside = path.replace(/\.json$/, '.damaged');
      await rename(path, aside).catch(() => undefined);
      report(fileSetAside(path, aside, errorText(error)));
      return null;
    }
  };
}

/** Unsaved documents, one file each: two apps on one data folder never write the same one unless they mean the same draft. */
export function createDraftStore(
  dataDir: string,
  report: (diagnostic: Diagnostic) => void,
  now: () => Date,
): DraftStore {
  const dir = join(dataDir, 'drafts');
  const owners = createDraftOwners(join(dir, 'owners'), now);
  const inTurn = createTurns();
  const pending = createPending();
  const read = createReader(report);
  // A key is the page's own word; only its digest becomes a file name.
  const fileOf = (key: string): string =>
    join(dir, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  const remove = async (path: string): Promise<void> => {
    try {
      await unlink(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  };
  /** Whether someone else works on a draft now: then it is theirs to change and to discard. */
  const isTaken = async (stored: StoredDraft | null, connection: Connection): Promise<boolean> => {
    if (stored?.owner === undefined || stored.owner.connection === connection) return false;
    return owners.isAlive(stored.owner);
  };
  const inOrder = <T>(key: string, connection: Connection, work: () => Promise<T>): Promise<T> =>
    pending.during(connection, inTurn(`draft ${key}`, work));
  /** Windows that have kept a draft. However many there are of others, the first of a window is not what is refused. */
  const drafting = new Set<Connection>();
  const whyNoRoom = (connection: Connection): Promise<Diagnostic | null> =>
    whyFull('drafts', dir, (name) => name.endsWith('.json'), drafting.has(connection) ? 1 : 2);
  return {
    save: ({ replaces, ...draft }, connection) =>
      inOrder(draft.key, connection, async () => {
        const path = fileOf(draft.key);
        const isThere = (key: string | undefined): boolean => key !== undefined && existsSync(fileOf(key));
        const write = async (): Promise<void> => {
          const owner = connection === null ? {} : { owner: await owners.add(connection) };
          await writeFileAtomically(path, JSON.stringify({ ...draft, ...owner, savedAt: now().toISOString() }));
          drafting.add(connection);
        };
        try {
          await mkdir(dir, { recursive: true });
          if (await isTaken(await read(path), connection)) return failure(draftInUse(draft.document.name));
          if (isThere(draft.key) || isThere(replaces)) await write();
          else {
            // New ones one after the other: many at once would all find room.
            const full = await inTurn('new', async () => {
              const why = await whyNoRoom(connection);
              if (why === null) await write();
              return why;
            });
            if (full !== null) return failure(full);
          }
          if (replaces !== undefined && replaces !== draft.key) {
            const old = fileOf(replaces);
            if (!(await isTaken(await read(old), connection))) await remove(old);
          }
          return success({});
        } catch (error) {
          return failure(fileDiagnostic(error, path, 'save'));
        }
      }),
    list: async () => {
      try {
        const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
        const stored = await Promise.all(names.map((name) => read(join(dir, name))));
        const free = await Promise.all(
          stored.map(async (draft) => {
            if (draft === null || (draft.owner !== undefined && (await owners.isAlive(draft.owner)))) return null;
            const { owner: _owner, ...rest } = draft;
            return rest;
          }),
        );
        return success(free.filter((draft) => draft !== null).sort((a, b) => b.savedAt.localeCompare(a.savedAt)));
      } catch (error) {
        return errorCode(error) === 'ENOENT' ? success([]) : failure(fileDiagnostic(error, dir, 'list'));
      }
    },
    discard: (key, connection) =>
      inOrder(key, connection, async () => {
        const path = fileOf(key);
        try {
          const stored = await read(path);
          if (stored !== null && (await isTaken(stored, connection))) return failure(draftInUse(stored.document.name));
          await remove(path);
          return success({});
        } catch (error) {
          return failure(fileDiagnostic(error, path, 'delete'));
        }
      }),
    leave: async (connection) => {
      await pending.settled(connection);
      drafting.delete(connection);
      return owners.remove(connection);
    },
    dispose: () => owners.dispose(),
  };
}
