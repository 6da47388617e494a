import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { invalidPath, storeFull } from '../../../shared/diagnostics/catalog/file';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../../shared/host/api';
import { storeLimits } from '../../../shared/schema/limits';
import { fileDiagnostic } from '../../files/fileErrors';

type Upload = { readonly dir: string; readonly files: Set<string>; sizeBytes: number; lastMs: number };

/** An upload that got nothing for so long is one of a page that is gone. */
const abandonedMs = 10 * 60_000;

/** Files of a page that has no paths, on their way in: each upload is a scratch folder of its own, gone when it has been read. */
export type Uploads = {
  receive(part: HostRequests['import.receive'][0]): Promise<Result<HostRequests['import.receive'][1]>>;
  /** The upload that a path lies in is being read: it may take its time. Nothing happens for any other path. */
  hold(path: string): void;
  /** Removes the upload that a path lies in; nothing happens for any other path. */
  done(path: string): Promise<void>;
  dispose(): Promise<void>;
};

/** The last part of a foreign name, which is no way out of a folder; null where nothing is left of it. */
function plainName(name: string): string | null {
  const last = basename(name.replaceAll('\\', '/'));
  return last === '' || last === '.' || last === '..' || last.includes('\0') ? null : last;
}

type Amount = { readonly entries: number; readonly bytes: number };

/** Why this is more than an upload, or all of them, may have; null where it is not. */
function whyOver(found: Amount, store: 'upload' | 'uploads'): Diagnostic | null {
  const most = storeLimits[store];
  return found.entries > most.entries || found.bytes > most.bytes ? storeFull(store, tmpdir(), found, most) : null;
}

/** Keeps the uploads of one host. `clock` is in milliseconds. */
export function createUploads(clock: () => number): Uploads {
  const uploads = new Map<string, Upload>();
  const total = (): Amount => ({
    entries: uploads.size,
    bytes: [...uploads.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  });
  const removeAbandoned = async (): Promise<void> => {
    for (const [id, { lastMs }] of [...uploads]) if (clock() - lastMs > abandonedMs) await remove(id);
  };
  /** Null where there are as many as there may be. The place is taken at once: others may begin while its folder is made. */
  const begin = async (): Promise<string | null> => {
    await removeAbandoned();
    if (uploads.size >= storeLimits.uploads.entries) return null;
    const id = randomBytes(12).toString('hex');
    const dir = join(tmpdir(), `convloom-upload-${id}`);
    uploads.set(id, { dir, files: new Set(), sizeBytes: 0, lastMs: clock() });
    await mkdir(dir, { mode: 0o700 });
    return id;
  };
  const remove = async (id: string): Promise<void> => {
    const upload = uploads.get(id);
    uploads.delete(id);
    if (upload !== undefined) await rm(upload.dir, { recursive: true, force: true }).catch(() => undefined);
  };
  return {
    receive: async ({ upload: known, name, bytes }) => {
      const file = plainName(name);
      if (file === null) return failure(invalidPath(name));
      let id = known;
      try {
        id ??= await begin();
        if (id === null) return failure(storeFull('uploads', tmpdir(), total(), storeLimits.uploads));
        const upload = uploads.get(id);
        if (upload === undefined) return failure(invalidPath(name));
        upload.sizeBytes += bytes.length;
        upload.lastMs = clock();
        upload.files.add(file);
        const one = { entries: upload.files.size, bytes: upload.sizeBytes };
        const full = whyOver(one, 'upload') ?? whyOver(total(), 'uploads');
        if (full !== null) {
          await remove(id);
          return failure(full);
        }
        const path = join(upload.dir, file);
        await appendFile(path, bytes);
        return success({ upload: id, path });
      } catch (error) {
        if (id !== null) await remove(id);
        return failure(fileDiagnostic(error, name, 'save'));
      }
    },
    hold: (path) => {
      for (const upload of uploads.values()) if (dirname(path) === upload.dir) upload.lastMs = Infinity;
    },
    done: async (path) => {
      for (const [id, { dir }] of [...uploads]) if (dirname(path) === dir) await remove(id);
    },
    dispose: async () => {
      for (const id of [...uploads.keys()]) await remove(id);
    },
  };
}
