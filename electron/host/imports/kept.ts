import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { importNotKept } from '../../../shared/diagnostics/catalog/imports';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { CancelSignal, KeptImport } from '../../../shared/host/api';
import { writeFileAtomically } from '../../files/atomicFile';
import { fileDiagnostic } from '../../files/fileErrors';
import { writeModel } from '../../files/models';
import type { Model } from '../../files/models';
import { whyFull } from '../storeRoom';

/** Beside the files of a model, as it was imported: where from, with what report and proof. */
const reportFile = 'import.json';
const idPattern = /^[\w-]{1,100}$/;

/** What the app has imported and still shows: a model's folder each, with the report, in the data folder. */
export type KeptImports = {
  keep(found: Omit<KeptImport, 'id' | 'path'>, model: Model | null, signal?: CancelSignal): Promise<Result<KeptImport>>;
  read(id: string): Promise<Result<KeptImport>>;
  forget(id: string): Promise<Result<Record<string, never>>>;
};

/** Keeps the imports of one data folder. */
export function createKeptImports(dataDir: string): KeptImports {
  const dirOf = (id: string): string | null => (idPattern.test(id) ? join(dataDir, 'imports', id) : null);
  return {
    keep: async (found, model, signal) => {
      const id = randomBytes(9).toString('hex');
      const dir = join(dataDir, 'imports', id);
      try {
        const full = await whyFull('imports', join(dataDir, 'imports'), (name) => idPattern.test(name));
        if (full !== null) return failure(full);
        if (model === null) await mkdir(dir, { recursive: true });
        else {
          const written = await writeModel(dir, model, { signal });
          if (!written.ok) return written;
        }
        const kept: KeptImport = { ...found, id, path: model === null ? null : dir };
        await writeFileAtomically(join(dir, reportFile), JSON.stringify(kept));
        return success(kept);
      } catch (error) {
        return failure(fileDiagnostic(error, dir, 'save'));
      }
    },
    read: async (id) => {
      const dir = dirOf(id);
      if (dir === null) return failure(importNotKept(id));
      try {
        const kept = JSON.parse(await readFile(join(dir, reportFile), 'utf8')) as KeptImport;
        // Not in those that were kept before there were blocks.
        const folds = (kept as Partial<KeptImport>).folds ?? [];
        return success({ ...kept, folds, id, path: kept.path === null ? null : dir });
      } catch {
        return failure(importNotKept(id));
      }
    },
    forget: async (id) => {
      const dir = dirOf(id);
      if (dir !== null) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
      return success({});
    },
  };
}
