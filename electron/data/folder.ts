import { readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { DataPart } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { errorCode } from '../files/fileErrors';
import { readFileStart, readRegularFile } from '../files/regularFile';
import { readWholeHeader } from './decode';
import { imageFormat, isReason, readImageHeader, reasonOf } from './imageFile';
import type { ImageHeader } from './imageFile';
import type { WantedInput } from './dataset';

/** What a folder holds, each in order, hidden ones left out. Links stand for what they lead to. */
export type Listing = {
  /** Names. */
  readonly folders: readonly string[];
  /** Paths. */
  readonly files: readonly string[];
  /** What is neither, or cannot be reached, and why. */
  readonly odd: readonly { readonly path: string; readonly reason: Text }[];
};

const noFile = text('neither a file nor a folder', '既不是文件也不是文件夹');

const inCircle = text('a link in a circle', '链接形成循环');

function whyUnreachable(error: unknown): Text {
  if (errorCode(error) === 'ENOENT') return text('a link to nothing', '链接的目标不存在');
  if (errorCode(error) === 'ELOOP') return inCircle;
  return reasonOf(error);
}

/** Whether a link leads to the folder that it lies in, or to one about it. */
async function leadsBack(link: string): Promise<boolean> {
  const [target, own] = await Promise.all([realpath(link), realpath(dirname(link))]);
  return `${own}${sep}`.startsWith(target.endsWith(sep) ? target : `${target}${sep}`);
}

async function kindOf(path: string, entry: Dirent): Promise<'file' | 'folder' | Text> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return noFile;
  try {
    const target = await stat(path);
    if (target.isDirectory()) return (await leadsBack(path)) ? inCircle : 'folder';
    return target.isFile() ? 'file' : noFile;
  } catch (error) {
    return whyUnreachable(error);
  }
}

/** Lists a folder without opening anything in it. */
export async function listFolder(dir: string): Promise<Listing> {
  const entries = (await readdir(dir, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const folders: string[] = [];
  const files: string[] = [];
  const odd: { readonly path: string; readonly reason: Text }[] = [];
  for (const entry of entries) {
    const path = join(dir, entry.name);
    const kind = await kindOf(path, entry);
    if (kind === 'folder') folders.push(entry.name);
    else if (kind === 'file') files.push(path);
    else odd.push({ path, reason: kind });
  }
  return { folders, files, odd };
}

/** Sub-folders are looked into so many levels down. */
const deepestTree = 4;
export type Tree = {
  /** `within`: the path inside of the folder; `subFolder`: the first folder on it, null for files right in the folder. */
  readonly files: readonly { readonly path: string; readonly within: string; readonly subFolder: string | null }[];
  readonly odd: Listing['odd'];
};

/** Lists a folder and the folders in it: first its own files, then those of each sub-folder. */
export async function listTree(dir: string): Promise<Tree> {
  const files: Tree['files'][number][] = [];
  const odd: Listing['odd'][number][] = [];
  const walk = async (at: string, above: readonly string[], depth: number): Promise<void> => {
    const real = await realpath(at);
    if (above.includes(real)) {
      odd.push({ path: at, reason: inCircle });
      return;
    }
    const listing = await listFolder(at);
    odd.push(...listing.odd);
    for (const path of listing.files) {
      const within = relative(dir, path);
      const [first = null, ...rest] = within.split(sep);
      files.push({ path, within, subFolder: rest.length === 0 ? null : first });
    }
    if (depth === deepestTree) return;
    for (const name of listing.folders) await walk(join(at, name), [...above, real], depth + 1);
  };
  await walk(dir, [], 1);
  return { files, odd };
}

/** A folder of a data set, and what its files are for; null where the folders do not say. */
export type PartFolder = { readonly dir: string; readonly part: DataPart | null };

const partFolders = { validation: ['val', 'validation', 'valid'], test: ['test'] } as const;

/** The folders `train`, `val` (also `validation`, `valid`) and `test` of a folder; the folder itself where it has no such parts. */
export async function findPartFolders(dir: string): Promise<readonly PartFolder[]> {
  const { folders } = await listFolder(dir);
  const validation = partFolders.validation.find((name) => folders.includes(name));
  const test = partFolders.test.find((name) => folders.includes(name));
  if (!folders.includes('train') || (validation === undefined && test === undefined)) return [{ dir, part: null }];
  return [
    { dir: join(dir, 'train'), part: 'train' },
    ...(validation === undefined ? [] : [{ dir: join(dir, validation), part: 'validation' } as const]),
    ...(test === undefined ? [] : [{ dir: join(dir, test), part: 'test' } as const]),
  ];
}

/** Where the pictures of one part lie, and what belongs to them. */
export type PairFolders = { readonly images: string; readonly beside: string; readonly part: DataPart | null };

/**
 * The folders of pictures and of what lies beside them (`masks`, `labels`) under the same names: `DIR/images` and `DIR/masks`; the same
 * inside `DIR/train`, `DIR/val`, `DIR/test`; or these inside of `images` and `masks`. `images`: what the folder of the pictures is called.
 */
export async function findPairFolders(dir: string, beside: string, images = 'images'): Promise<readonly PairFolders[]> {
  const parts = await findPartFolders(dir);
  if (parts.length > 1) {
    return parts.map(({ dir: own, part }) => ({ images: join(own, images), beside: join(own, beside), part }));
  }
  const inside = await findPartFolders(join(dir, images)).catch(() => []);
  if (inside.length < 2) return [{ images: join(dir, images), beside: join(dir, beside), part: null }];
  return inside.map(({ dir: own, part }) => ({ images: own, beside: join(dir, beside, basename(own)), part }));
}

/** The path of a file within its folder, without the end of its name: what a picture and that which belongs to it have in common. */
export function stemOf(within: string): string {
  return within.slice(0, within.length - extname(within).length);
}

/** Of an image, as much as is read to know its size. */
export const headerBytes = 256 * 1024;
/** Files that are looked into at the same time; the system has four threads for it. */
const peekedAtOnce = 8;

/** A file with what its first bytes tell, and what changes when its content does. */
export type PeekedImage = { readonly path: string; readonly header: ImageHeader; readonly stamp: string };

/** The header of an image of so many bytes, by its first ones where its format allows that. */
export async function headerOf(
  start: Buffer,
  sizeBytes: number,
  readWhole: () => Promise<Buffer>,
): Promise<ImageHeader | Text> {
  const format = imageFormat(start);
  return format === 'webp' || format === 'tiff'
    ? await readWholeHeader(await readWhole())
    : readImageHeader(start, sizeBytes);
}

/** Reads the header of an image file, where its format allows without the rest of it. */
async function peekImage(path: string): Promise<PeekedImage | Text> {
  try {
    const { bytes, sizeBytes, modifiedMs } = await readFileStart(path, headerBytes);
    const header = await headerOf(bytes, sizeBytes, () => readRegularFile(path, limits.imageBytes));
    return isReason(header) ? header : { path, header, stamp: `${sizeBytes}:${modifiedMs}` };
  } catch (error) {
    return reasonOf(error);
  }
}

/** Reads the headers of image files, in their order; those that are none give the reason. */
export async function peekImages(paths: readonly string[]): Promise<readonly (PeekedImage | Text)[]> {
  const peeked: (PeekedImage | Text)[] = [];
  for (let from = 0; from < paths.length; from += peekedAtOnce) {
    peeked.push(...(await Promise.all(paths.slice(from, from + peekedAtOnce).map(peekImage))));
  }
  return peeked;
}

type Sized = Pick<ImageHeader, 'height' | 'width'> & { readonly channels: number };

function mostCommon(headers: readonly Sized[]): Sized | undefined {
  const counts = new Map<string, { readonly header: Sized; count: number }>();
  for (const header of headers) {
    const key = `${header.height}x${header.width}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { header, count: 1 });
    else entry.count += 1;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.header;
}

/** The input that images are brought to: the network's, and where it leaves a size open, the most frequent one of the images. */
export function chooseInputShape(headers: readonly Sized[], wanted: WantedInput): readonly number[] {
  const common = mostCommon(headers);
  const channels = headers.some((header) => header.channels >= 3) ? 3 : 1;
  const [height, width, depth] = wanted?.shape.length === 3 ? wanted.shape : [null, null, null];
  return [height ?? common?.height ?? 1, width ?? common?.width ?? 1, depth ?? channels];
}
