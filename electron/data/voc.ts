import { basename, join, relative } from 'node:path';
import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataPart } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { readRegularText } from '../files/regularFile';
import { annotatedTask, loadShowing } from './annotations';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { listFolder, peekImages, stemOf } from './folder';
import { imageFileName, isReason, notAnImage, reasonOf } from './imageFile';
import { givenNames, loadMaskedPictures, withMask } from './masks';
import { foundPicture } from './pictureParts';
import type { FoundPicture } from './pictureParts';

/** The classes of Pascal VOC, by their numbers in masks. */
const vocClasses =
  'background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
    ' ',
  );

const pictureFolder = 'JPEGImages';
/** From a folder that was unpacked to the pictures in it: `VOCdevkit/VOC2012`. */
const deepestRoot = 2;

/** The folders that have {@link pictureFolder}. */
async function findRoots(dir: string, depth = 0): Promise<readonly string[]> {
  const { folders } = await listFolder(dir);
  if (folders.includes(pictureFolder)) return [dir];
  const roots: string[] = [];
  if (depth < deepestRoot) for (const name of folders) roots.push(...(await findRoots(join(dir, name), depth + 1)));
  return roots;
}

/** The files of a folder by their names without the end; none where there is no such folder. */
async function filesByStem(dir: string): Promise<ReadonlyMap<string, string>> {
  const { files } = await listFolder(dir).catch(() => ({ files: [] }));
  return new Map(files.map((path) => [stemOf(basename(path)), path]));
}

const setFiles = [
  ['train', 'train.txt'],
  ['validation', 'val.txt'],
  ['test', 'test.txt'],
] as const satisfies readonly (readonly [DataPart, string])[];

/** The pictures that the sets name, and their parts; null where there are no sets. Each line begins with a name. */
async function readSets(dir: string): Promise<ReadonlyMap<string, DataPart> | null> {
  const parts = new Map<string, DataPart>();
  for (const [part, name] of setFiles) {
    const lines = await readRegularText(join(dir, name), limits.annotationBytes).catch(() => '');
    for (const line of lines.split('\n')) {
      const [stem = ''] = line.trim().split(/\s+/);
      if (stem !== '' && !parts.has(stem)) parts.set(stem, part);
    }
  }
  return parts.size === 0 ? null : parts;
}

/** What the objects of an XML file are called: the first name in each, as parts of an object have names too. Null: it is no such file. */
function objectNames(xml: string): readonly string[] | null {
  if (!xml.includes('<annotation')) return null;
  return xml
    .split('<object>')
    .slice(1)
    .flatMap((object) => {
      const own = object.split('</object>')[0]?.split('<part>')[0] ?? '';
      const name = own.split('<name>')[1]?.split('</name>')[0]?.trim() ?? '';
      return name === '' ? [] : [name];
    });
}

type Annotated = { readonly found: FoundPicture; readonly names: readonly string[] };

async function readNames(path: string | undefined): Promise<readonly string[] | Text> {
  if (path === undefined) return text('it has no annotations', '没有标注');
  try {
    const names = objectNames(await readRegularText(path, limits.pictureAnnotationBytes));
    return names ?? text('its annotations are no XML of Pascal VOC', '标注不是 Pascal VOC 的 XML');
  } catch (error) {
    return reasonOf(error);
  }
}

type Folder = { readonly dir: string; readonly root: string };

/** The pictures that `wanted` names, or all; those that are no pictures, or not there, are named. */
async function findPictures(
  { dir, root }: Folder,
  sets: ReadonlyMap<string, DataPart> | null,
  wanted: Iterable<string>,
  skipped: SkipLog,
): Promise<readonly FoundPicture[]> {
  const pictures = await filesByStem(join(root, pictureFolder));
  const paths: (readonly [stem: string, path: string])[] = [];
  for (const stem of wanted) {
    const path = pictures.get(stem);
    if (path === undefined) skipped.add(stem, text('the picture is not there', '图像不存在'));
    else if (!imageFileName.test(path)) skipped.add(relative(dir, path), notAnImage);
    else paths.push([stem, path]);
  }
  const peeked = await peekImages(paths.map(([, path]) => path));
  return paths.flatMap(([stem, image], index) => {
    const found = peeked[index] ?? notAnImage;
    const name = relative(dir, image);
    if (isReason(found)) {
      skipped.add(name, found);
      return [];
    }
    return [foundPicture(found, { name, subFolder: null, part: sets?.get(stem) ?? null })];
  });
}

function stemOfPicture({ job }: FoundPicture): string {
  return stemOf(basename(job.image));
}

async function withMasks(
  pictures: readonly FoundPicture[],
  masks: ReadonlyMap<string, string>,
  skipped: SkipLog,
): Promise<readonly FoundPicture[]> {
  const pairs: FoundPicture[] = [];
  for (const picture of pictures) {
    const mask = masks.get(stemOfPicture(picture));
    if (mask === undefined) skipped.add(picture.name, text('it has no mask', '没有掩码'));
    else pairs.push(await withMask(picture, mask));
  }
  return pairs;
}

async function withNames(
  pictures: readonly FoundPicture[],
  files: ReadonlyMap<string, string>,
  skipped: SkipLog,
): Promise<readonly Annotated[]> {
  const annotated: Annotated[] = [];
  for (const found of pictures) {
    const names = await readNames(files.get(stemOfPicture(found)));
    if (isReason(names)) skipped.add(found.name, names);
    else annotated.push({ found, names });
  }
  return annotated;
}

/** Names of the classes of masks: the file's own, or those of Pascal VOC where nothing else is annotated. */
async function maskNames(
  root: string,
  pictures: readonly FoundPicture[],
  files: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const given = await givenNames(root);
  if (given.length > 0) return given;
  const annotated = await withNames(pictures, files, createSkipLog());
  const names = annotated.flatMap((one) => one.names);
  return names.length > 0 && names.every((name) => vocClasses.includes(name)) ? vocClasses : [];
}

const expected = text(
  'Expected a folder JPEGImages beside SegmentationClass or Annotations, as in one year of Pascal VOC.',
  '应有 JPEGImages 文件夹，旁边为 SegmentationClass 或 Annotations，如 Pascal VOC 某一年的目录。',
);

/** The data set `voc:DIR`. A file `classes.txt` in DIR names the classes of its masks, one a line. */
export async function loadVoc(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const [root, ...others] = await findRoots(dir);
  if (root === undefined || others.length > 0) return failure(dataLayout(dir, expected));
  const spec = `voc:${dir}`;
  const masks = await filesByStem(join(root, 'SegmentationClass'));
  const files = await filesByStem(join(root, 'Annotations'));
  if (masks.size === 0 && files.size === 0) return failure(dataLayout(dir, expected));
  const task = annotatedTask(options, masks.size > 0);
  const isMasked = task === 'segmentation';
  if (isMasked && masks.size === 0) return failure(dataLayout(dir, expected));
  const skipped = createSkipLog();
  const sets = await readSets(join(root, 'ImageSets', isMasked ? 'Segmentation' : 'Main'));
  const wanted = [...(sets ?? (isMasked ? masks : files)).keys()];
  const total = wanted.length;
  const pictures = await findPictures({ dir, root }, sets, wanted, skipped);
  if (task === 'segmentation') {
    const pairs = await withMasks(pictures, masks, skipped);
    const names = await maskNames(root, pairs, files);
    const otherTask = files.size > 0 ? ({ otherTask: 'classification' } as const) : {};
    return await loadMaskedPictures({ spec, dir, pairs, total, names, ...otherTask }, options, skipped);
  }
  const annotated = await withNames(pictures, files, skipped);
  const classes = [...new Set(annotated.flatMap(({ names }) => names))].sort();
  const showing = annotated.map(({ found, names }) => ({
    found,
    classesIn: names.map((name) => classes.indexOf(name)),
  }));
  return await loadShowing({ spec, dir, classes, showing, total, hasMasks: masks.size > 0 }, task, options, skipped);
}
