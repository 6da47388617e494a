import { readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { errorCode } from '../files/fileErrors';
import { readFileStart, readRegularFile } from '../files/regularFile';
import { readWholeHeader } from './decode';
import { imageFormat, isReason, readImageHeader } from './imageFile';
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

function whyUnreachable(error: unknown): Text {
  if (errorCode(error) === 'ENOENT') return text('a link to nothing', '链接的目标不存在');
  if (errorCode(error) === 'ELOOP') return text('a link in a circle', '链接形成循环');
  return text(errorText(error), errorText(error));
}

async function kindOf(path: string, entry: Dirent): Promise<'file' | 'folder' | Text> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return noFile;
  try {
    const target = await stat(path);
    return target.isDirectory() ? 'folder' : target.isFile() ? 'file' : noFile;
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

const headerBytes = 256 * 1024;
/** Files that are looked into at the same time; the system has four threads for it. */
const peekedAtOnce = 8;

/** A file with what its first bytes tell, and what changes when its content does. */
export type PeekedImage = { readonly path: string; readonly header: ImageHeader; readonly stamp: string };

/** Reads the header of an image file, where its format allows without the rest of it. */
async function peekImage(path: string): Promise<PeekedImage | Text> {
  try {
    const { bytes, sizeBytes, modifiedMs } = await readFileStart(path, headerBytes);
    const format = imageFormat(bytes);
    const header =
      format === 'webp' || format === 'tiff'
        ? await readWholeHeader(await readRegularFile(path))
        : readImageHeader(bytes, sizeBytes);
    return isReason(header) ? header : { path, header, stamp: `${sizeBytes}:${modifiedMs}` };
  } catch (error) {
    return text(errorText(error), errorText(error));
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

function mostCommon(headers: readonly ImageHeader[]): ImageHeader | undefined {
  const counts = new Map<string, { readonly header: ImageHeader; count: number }>();
  for (const header of headers) {
    const key = `${header.height}x${header.width}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { header, count: 1 });
    else entry.count += 1;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.header;
}

/** The input that images are brought to: the network's, and where it leaves a size open, the most frequent one of the images. */
export function chooseInputShape(headers: readonly ImageHeader[], wanted: WantedInput): readonly number[] {
  const common = mostCommon(headers);
  const channels = headers.some((header) => header.channels === 3) ? 3 : 1;
  const [height, width, depth] = wanted?.shape.length === 3 ? wanted.shape : [null, null, null];
  return [height ?? common?.height ?? 1, width ?? common?.width ?? 1, depth ?? channels];
}
