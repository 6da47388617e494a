import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileTooLarge, invalidPath } from '../../../shared/diagnostics/catalog/file';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../../shared/host/api';
import { limits } from '../../../shared/schema/limits';
import { fileDiagnostic } from '../../files/fileErrors';

type Upload = { readonly dir: string; sizeBytes: number };

/** Files of a page that has no paths, on their way in: each upload is a scratch folder of its own, gone when it has been read. */
export type Uploads = {
  receive(part: HostRequests['import.receive'][0]): Promise<Result<HostRequests['import.receive'][1]>>;
  /** Removes the upload that a path lies in; nothing happens for any other path. */
  done(path: string): Promise<void>;
  dispose(): Promise<void>;
};

/** The last part of a foreign name, which is no way out of a folder; null where nothing is left of it. */
function plainName(name: string): string | null {
  const last = basename(name.replaceAll('\\', '/'));
  return last === '' || last === '.' || last === '..' || last.includes('\0') ? null : last;
}

/** Keeps the uploads of one host. */
export function createUploads(): Uploads {
  const uploads = new Map<string, Upload>();
  const begin = async (): Promise<string> => {
    const id = randomBytes(12).toString('hex');
    uploads.set(id, { dir: await mkdtemp(join(tmpdir(), 'convloom-upload-')), sizeBytes: 0 });
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
      try {
        const id = known ?? (await begin());
        const upload = uploads.get(id);
        if (upload === undefined) return failure(invalidPath(name));
        upload.sizeBytes += bytes.length;
        if (upload.sizeBytes > limits.uploadBytes) {
          await remove(id);
          return failure(fileTooLarge(name, upload.sizeBytes, limits.uploadBytes));
        }
        const path = join(upload.dir, file);
        await appendFile(path, bytes);
        return success({ upload: id, path });
      } catch (error) {
        if (known !== null) await remove(known);
        return failure(fileDiagnostic(error, name, 'save'));
      }
    },
    done: async (path) => {
      for (const [id, { dir }] of [...uploads]) if (dirname(path) === dir) await remove(id);
    },
    dispose: async () => {
      for (const id of [...uploads.keys()]) await remove(id);
    },
  };
}
