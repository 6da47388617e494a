import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { fileSetAside } from '../../shared/diagnostics/catalog/file';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { errorText } from '../../shared/text';
import { writeFileAtomically } from './atomicFile';
import { errorCode, fileDiagnostic } from './fileErrors';
import { withFileLock } from './lock';
import { readRegularText } from './regularFile';

/** A small file of the app's own: one JSON value with a schema. */
export type JsonStore<T> = {
  /** The value on disk, or the fallback. Reads every time: another app on the same folder may have written. */
  read(): Promise<T>;
  /** Reads, changes and writes, one caller after the other. Throws the file system's error. */
  update(change: (value: T) => T): Promise<T>;
};

/** What stands in the place of the file and is none. */
const notFiles: readonly string[] = ['ENOTREGULAR', 'EISDIR', 'ELOOP'];

/**
 * Keeps a value in a JSON file. A file that does not fit its schema is renamed, said through `report`, and not fatal:
 * preferences are never worth refusing to start.
 */
export function createJsonStore<T>(
  path: string,
  schema: z.ZodType<T>,
  fallback: T,
  report: (diagnostic: Diagnostic) => void,
  now: () => Date,
): JsonStore<T> {
  let last: Promise<unknown> = Promise.resolve();

  const setAside = async (reason: string): Promise<void> => {
    const aside = `${path}.damaged-${now().toISOString().replaceAll(':', '-')}`;
    await rename(path, aside).catch(() => undefined);
    report(fileSetAside(path, aside, reason));
  };
  /** The value; throws where the system does not give the file, which may be sound. */
  const load = async (): Promise<T> => {
    let text: string;
    try {
      text = await readRegularText(path);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT') return fallback;
      if (!notFiles.includes(code)) throw error;
      await setAside(errorText(error));
      return fallback;
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      await setAside(errorText(error));
      return fallback;
    }
  };
  let isRefusalSaid = false;
  return {
    read: async () => {
      try {
        return await load();
      } catch (error) {
        if (!isRefusalSaid) report(fileDiagnostic(error, path, 'open'));
        isRefusalSaid = true;
        return fallback;
      }
    },
    update: (change) => {
      const next = last.then(() =>
        withFileLock(path, async () => {
          const value = change(await load());
          await mkdir(dirname(path), { recursive: true });
          await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
          return value;
        }),
      );
      last = next.catch(() => undefined);
      return next;
    },
  };
}
