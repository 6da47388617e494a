import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileSetAside } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Draft } from '../../shared/host/api';
import { networkDocumentSchema } from '../../shared/schema/document';
import { errorText } from '../../shared/text';
import { writeFileAtomically } from '../files/atomicFile';
import { errorCode, fileDiagnostic } from '../files/fileErrors';

const draftSchema: z.ZodType<Draft> = z.object({
  key: z.string(),
  path: z.string().nullable(),
  savedAt: z.string(),
  document: networkDocumentSchema,
});

export type DraftStore = {
  save(draft: Omit<Draft, 'savedAt'>): Promise<Result<Record<string, never>>>;
  list(): Promise<Result<readonly Draft[]>>;
  discard(key: string): Promise<Result<Record<string, never>>>;
};

/** Unsaved documents, one file each: two apps on one data folder never write the same one unless they mean the same draft. */
export function createDraftStore(
  dataDir: string,
  report: (diagnostic: Diagnostic) => void,
  now: () => Date,
): DraftStore {
  const dir = join(dataDir, 'drafts');
  // A key is the page's own word; only its digest becomes a file name.
  const fileOf = (key: string): string =>
    join(dir, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);

  const read = async (path: string): Promise<Draft | null> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch {
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
  return {
    save: async (draft) => {
      const path = fileOf(draft.key);
      try {
        await mkdir(dir, { recursive: true });
        await writeFileAtomically(path, JSON.stringify({ ...draft, savedAt: now().toISOString() }));
        return success({});
      } catch (error) {
        return failure(fileDiagnostic(error, path, 'save'));
      }
    },
    list: async () => {
      try {
        const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
        const drafts = await Promise.all(names.map((name) => read(join(dir, name))));
        return success(drafts.filter((draft) => draft !== null).sort((a, b) => b.savedAt.localeCompare(a.savedAt)));
      } catch (error) {
        return errorCode(error) === 'ENOENT' ? success([]) : failure(fileDiagnostic(error, dir, 'list'));
      }
    },
    discard: async (key) => {
      try {
        await unlink(fileOf(key));
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') return failure(fileDiagnostic(error, fileOf(key), 'delete'));
      }
      return success({});
    },
  };
}
