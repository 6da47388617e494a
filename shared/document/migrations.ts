/** A parsed file before anything is known of it but that it is an object. */
export type RawDocument = { readonly [key: string]: unknown };

/** Takes a file of version n to version n + 1, its own `version` included. */
export type Migration = (raw: RawDocument) => RawDocument;

/** The newest version that this Convloom reads and writes. Version 1 is not migrated to it: it stays what it is until it has blocks. */
export const currentVersion = 2;

/**
 * By the version that they start from: `migrations[1]` will turn version 1 into version 2. A published version never changes its
 * meaning, so entries are only ever added.
 */
export const migrations: { readonly [fromVersion: number]: Migration } = {};

/** Runs every migration from `version` up to `target`, in order. Null when a step of the way is missing. */
export function migrate(
  raw: RawDocument,
  version: number,
  target: number = currentVersion,
  table: { readonly [fromVersion: number]: Migration } = migrations,
): RawDocument | null {
  let migrated = raw;
  for (let from = version; from < target; from++) {
    const step = table[from];
    if (step === undefined) return null;
    migrated = step(migrated);
  }
  return migrated;
}
