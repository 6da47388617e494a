import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { annotationsTooLarge } from '../../shared/diagnostics/catalog/annotations';
import { dataDamaged, dataFileTooLarge } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataPart } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { errorText } from '../../shared/text';
import { readRegularFile } from '../files/regularFile';
import { listFolder } from './folder';

/** An object of a JSON file, whatever it holds. */
export type Fields = { readonly [name: string]: unknown };

/** A JSON file of COCO: what is in its lists is not looked at yet. */
export type CocoFile = {
  readonly path: string;
  /** What its name or its folder says that it is for. */
  readonly part: DataPart | null;
  readonly images: readonly Fields[];
  readonly categories: readonly Fields[];
  readonly annotations: readonly Fields[];
};

/** Whether a value of a JSON file is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const partWords: readonly (readonly [DataPart, RegExp])[] = [
  ['train', /(^|[^a-z])train/i],
  ['validation', /(^|[^a-z])val/i],
  ['test', /(^|[^a-z])test/i],
];

function partOf(path: string): DataPart | null {
  const of = (name: string): DataPart | null => partWords.find(([, word]) => word.test(name))?.[0] ?? null;
  return of(basename(path)) ?? of(basename(dirname(path)));
}

/** What COCO has besides things in pictures: sentences, poses, and lists of pictures without annotations. */
const otherFiles = /^(captions|person_keypoints|image_info|panoptic)_/i;

/** The JSON files of a folder and of the folders in it, such as `annotations` and `train`. */
async function findJson(dir: string): Promise<readonly string[]> {
  const { files, folders } = await listFolder(dir);
  const found = [...files];
  for (const name of folders) {
    const inside = await listFolder(join(dir, name)).catch(() => null);
    found.push(...(inside?.files ?? []));
  }
  return found.filter((path) => /\.json$/i.test(path) && !otherFiles.test(basename(path)));
}

/**
 * The most memory that the values of a JSON text take when it is read: 16 bytes for each, and 64 for each list or object. Brackets and
 * commas within texts are counted too.
 */
function valueBytes(bytes: Uint8Array): number {
  let total = 0;
  for (const byte of bytes) {
    if (byte === 0x2c) total += 16;
    else if (byte === 0x5b || byte === 0x7b) total += 64;
  }
  return total;
}

async function readJson(path: string, room: number): Promise<Result<unknown>> {
  const { size } = await stat(path);
  if (size > limits.annotationBytes) return failure(dataFileTooLarge(path, size, limits.annotationBytes));
  const bytes = await readRegularFile(path, limits.annotationBytes);
  const needed = bytes.length + valueBytes(bytes);
  if (needed > room) return failure(annotationsTooLarge(path, needed, room));
  try {
    return success(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    return failure(dataDamaged(path, errorText(error)));
  }
}

/** Others need memory too, and a process that runs out of it is ended without a word. */
function roomBytes(): number {
  return getHeapStatistics().heap_size_limit / 2;
}

/**
 * Reads the files of annotations in a folder; JSON of another form is passed over. One that may need more than `room` bytes of memory is
 * refused before it is read.
 */
export async function readCocoFiles(dir: string, room = roomBytes()): Promise<Result<readonly CocoFile[]>> {
  const files: CocoFile[] = [];
  for (const path of await findJson(dir)) {
    const read = await readJson(path, room);
    if (!read.ok) return read;
    const { images, categories, annotations } = isFields(read.value) ? read.value : {};
    if (!Array.isArray(images) || !Array.isArray(categories) || !Array.isArray(annotations)) continue;
    files.push({
      path,
      part: partOf(path),
      images: images.filter(isFields),
      categories: categories.filter(isFields),
      annotations: annotations.filter(isFields),
    });
  }
  // Where nothing trains, nothing has been parted: a lone file of validation is all there is.
  const isParted = files.some(({ part }) => part === 'train') && files.some(({ part }) => part !== 'train');
  return success(isParted ? files : files.map((file) => ({ ...file, part: null })));
}
