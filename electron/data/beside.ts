import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Text } from '../../shared/text';
import type { SkipLog } from './dataset';
import { listTree, peekImages, stemOf } from './folder';
import type { PairFolders } from './folder';
import { imageFileName, isReason, notAnImage } from './imageFile';
import { foundPicture } from './pictureParts';
import type { FoundPicture } from './pictureParts';

/** A picture, and the file that lies beside it under the same name. */
export type PairedPicture = { readonly picture: FoundPicture; readonly beside: string };

/** Why something is left out: a picture has nothing beside it, or something that cannot be reached, or a file has no picture. */
export type BesideWords = { readonly none: Text; readonly odd: (reason: Text) => Text; readonly lonely: Text };

/** The pictures of one part with what lies beside them. */
export type FoundBeside = {
  readonly pairs: readonly PairedPicture[];
  /** Of all that was looked at, what was skipped included. */
  readonly total: number;
};

/** Finds pictures with what lies beside them; null where one of the folders is not there. Paths are named within `root`. */
export async function findBeside(
  { images, beside, part }: PairFolders,
  root: string,
  words: BesideWords,
  skipped: SkipLog,
): Promise<FoundBeside | null> {
  const found = await listTree(images).catch(() => null);
  const listed = await listTree(beside).catch(() => null);
  if (found === null || listed === null) return null;
  const besideOf = new Map(listed.files.map(({ path, within }) => [stemOf(within), path]));
  const odd = new Map(listed.odd.map(({ path, reason }) => [stemOf(relative(beside, path)), reason]));
  const pairs: PairedPicture[] = [];
  const nameOf = (path: string): string => relative(part === null ? images : root, path);
  for (const { path, reason } of found.odd) skipped.add(nameOf(path), reason);
  const peeked = await peekImages(found.files.map(({ path }) => path));
  for (const [index, { path: image, within, subFolder }] of found.files.entries()) {
    const name = nameOf(image);
    const other = besideOf.get(stemOf(within));
    besideOf.delete(stemOf(within));
    const head = peeked[index];
    if (head === undefined || !imageFileName.test(image)) skipped.add(name, notAnImage);
    else if (isReason(head)) skipped.add(name, head);
    else if (other === undefined) {
      const reason = odd.get(stemOf(within));
      skipped.add(name, reason === undefined ? words.none : words.odd(reason));
    } else pairs.push({ picture: foundPicture(head, { name, subFolder, part }), beside: other });
  }
  for (const path of besideOf.values()) skipped.add(relative(root, path), words.lonely);
  return { pairs, total: found.files.length + found.odd.length + besideOf.size };
}

/** What changes when a file does. One that cannot be looked at says so when it is read. */
export async function stampOf(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  return info === null ? '' : `${info.size}:${info.mtimeMs}`;
}
