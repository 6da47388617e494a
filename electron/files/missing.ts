import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { dataNotFound } from '../../shared/diagnostics/catalog/data';
import type { LinkToNothing } from '../../shared/diagnostics/catalog/file';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';

/** Links to links to links: more than any system follows. */
export const maxLinks = 40;

/** What is not there, and the link that leads to it, if one does. */
export type Missing = { readonly path: string; readonly link: LinkToNothing | null };

/**
 * What is not there on the way to a path: the first folder or file that is missing, and the link that leads to it, if one does. Null where
 * all is there. To be asked when a file was not found: it walks the path again.
 */
export function missingOf(path: string): Missing | null {
  const { root } = parse(resolve(path));
  const partsOf = (full: string): string[] => full.slice(parse(full).root.length).split(sep).filter(Boolean);
  let link: Missing['link'] = null;
  let at = root;
  let ahead = partsOf(resolve(path));
  for (let links = 0; ahead.length > 0;) {
    const next = join(at, ahead[0] ?? '');
    const info = lstatSync(next, { throwIfNoEntry: false });
    if (info === undefined) return { path: next, link };
    if (!info.isSymbolicLink()) {
      at = next;
      ahead = ahead.slice(1);
      continue;
    }
    if (++links > maxLinks) return null;
    const target = resolve(dirname(next), readlinkSync(next));
    // A link that leads somewhere, as /var does on some systems, explains nothing.
    if (link === null && statSync(next, { throwIfNoEntry: false }) === undefined) link = { path: next, target };
    at = parse(target).root;
    ahead = [...partsOf(target), ...ahead.slice(1)];
  }
  return null;
}

/** {@link missingOf} where the walk itself may fail, such as through a folder that may not be read: then nothing is known. */
export function whatIsMissing(path: string): Missing | null {
  try {
    return missingOf(path);
  } catch {
    return null;
  }
}

/** Data that are not there, with the link that leads nowhere, if one does. */
export function dataMissing(path: string): Diagnostic {
  return dataNotFound(path, whatIsMissing(path)?.link ?? null);
}
