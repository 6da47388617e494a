import { stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { readRegularText } from '../files/regularFile';
import { loadAnnotated } from './annotations';
import type { AnnotatedObject, AnnotatedPicture } from './annotations';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { findPairFolders, listTree, stemOf } from './folder';
import type { PairFolders, Tree } from './folder';
import { imageFileName, isReason, reasonOf } from './imageFile';
import { findYoloSettings, namesFile, readNames } from './yoloNames';
import type { YoloSettings } from './yoloNames';

/** A line of a label file: a class, and corners of an outline in fractions of the picture; null for a box. */
type Line = { readonly classIndex: number; readonly corners: readonly number[] | null };

/** Classes that may go without names. */
const mostUnnamed = 1000;

/** Rounding may lead this far out of the picture. */
const tolerance = 0.01;

function lineOf(line: string): Line | Text {
  const [classIndex = NaN, ...values] = line.split(/\s+/).map(Number);
  if (!Number.isInteger(classIndex) || classIndex < 0) return text('a line has no class number', '某行没有类别编号');
  if (!values.every(Number.isFinite)) return text('a line has what is no number', '某行含有非数字');
  if (values.some((value) => value < -tolerance || value > 1 + tolerance))
    return text('a place is no fraction of the picture', '坐标不是图像的比例值');
  if (values.length === 4) return { classIndex, corners: null };
  if (values.length < 6 || values.length % 2 !== 0)
    return text(
      `a line has ${values.length} values, for a box or an outline`,
      `某行有 ${values.length} 个值，不是边框或轮廓`,
    );
  return { classIndex, corners: values };
}

function linesOf(source: string): readonly Line[] | Text {
  const lines: Line[] = [];
  for (const row of source.split('\n')) {
    if (row.trim() === '') continue;
    const line = lineOf(row.trim());
    if (isReason(line)) return line;
    lines.push(line);
  }
  return lines;
}

/** What a label file says. One that is missing stands for a picture with nothing in it, as YOLO has it. */
async function readLabels(path: string | undefined): Promise<readonly Line[] | Text> {
  if (path === undefined) return [];
  try {
    return linesOf(await readRegularText(path, limits.pictureAnnotationBytes));
  } catch (error) {
    return reasonOf(error);
  }
}

type Size = { readonly width: number; readonly height: number };

function objectsOf(lines: readonly Line[], classCount: number, size: Size): readonly AnnotatedObject[] | Text {
  const { width, height } = size;
  const unknown = lines.find(({ classIndex }) => classIndex >= classCount);
  if (unknown !== undefined)
    return text(`its class ${unknown.classIndex} has no name`, `类别 ${unknown.classIndex} 没有名称`);
  return lines.map(({ classIndex, corners }) => ({
    classIndex,
    outline: corners === null ? null : { rings: [corners.map((value, at) => value * (at % 2 === 0 ? width : height))] },
    isCrowd: false,
  }));
}

type Labelled = Pick<AnnotatedPicture, 'path' | 'name' | 'subFolder' | 'part'> & {
  readonly lines: readonly Line[] | Text;
};

const lonely = text('it is a label file without a picture', '有标注文件而没有图像');

/** Names the label files that no picture has asked for. Beside pictures lie other texts too: there, one of labels is known by its lines. */
async function tellLonely(paths: Iterable<string>, { images, beside }: PairFolders, dir: string, skipped: SkipLog) {
  for (const path of paths) {
    if (basename(path) === namesFile) continue;
    const lines = images === beside ? await readLabels(path) : null;
    if (lines === null || (!isReason(lines) && lines.length > 0)) skipped.add(relative(dir, path), lonely);
  }
}

async function findLabelled(place: PairFolders, dir: string, skipped: SkipLog): Promise<readonly Labelled[]> {
  const { images, beside, part } = place;
  const none: Tree = { files: [], odd: [] };
  const found = await listTree(images).catch(() => none);
  const labels = await listTree(beside).catch(() => none);
  const labelOf = new Map(
    labels.files.flatMap(({ path, within }) => (path.endsWith('.txt') ? [[stemOf(within), path]] : [])),
  );
  const lonelyOf = new Map(labelOf);
  for (const { path, reason } of found.odd) skipped.add(relative(dir, path), reason);
  const labelled: Labelled[] = [];
  for (const { path, within, subFolder } of found.files) {
    if (!imageFileName.test(path)) continue;
    const lines = await readLabels(labelOf.get(stemOf(within)));
    lonelyOf.delete(stemOf(within));
    labelled.push({ path, name: relative(dir, path), subFolder, part, lines });
  }
  await tellLonely(lonelyOf.values(), place, dir, skipped);
  return labelled;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** The folders of parts that data.yaml names, where they are in this folder, as `images/train2017` or `../train/images`. */
async function namedFolders(dir: string, { folders }: YoloSettings): Promise<readonly PairFolders[]> {
  const found: PairFolders[] = [];
  const parts = { train: 'train', val: 'validation', test: 'test' } as const;
  for (const name of ['train', 'val', 'test'] as const) {
    // Whoever downloads such data has them anywhere: what leads out of the folder is meant from within it.
    const steps = (folders[name] ?? '').split(/[\\/]/).filter((step) => step !== '..' && step !== '.' && step !== '');
    const images = join(dir, ...steps);
    if (steps.length === 0 || !(await isFolder(images))) continue;
    const at = steps.lastIndexOf('images');
    const beside = join(dir, ...steps.map((step, index) => (index === at ? 'labels' : step)));
    found.push({ images, beside, part: parts[name] });
  }
  const hasTraining = found.some(({ part }) => part === 'train');
  return hasTraining && new Set(found.map(({ images }) => images)).size > 1 ? found : [];
}

async function findPlaces(dir: string, settings: YoloSettings): Promise<readonly PairFolders[]> {
  const named = await namedFolders(dir, settings);
  if (named.length > 0) return named;
  const places = await findPairFolders(dir, 'labels');
  const [first, ...others] = places;
  // As Darknet has it, the labels beside the pictures.
  if (others.length === 0 && first !== undefined && !(await isFolder(first.images)))
    return [{ images: dir, beside: dir, part: null }];
  return places;
}

/** Names where LabelImg writes them: among the label files. */
async function namesBeside(places: readonly PairFolders[]): Promise<readonly string[]> {
  for (const { beside } of places) {
    const names = await readNames(join(beside, namesFile));
    if (names.length > 0) return names;
  }
  return [];
}

const expected = text(
  'Expected folders images and labels with files of the same names, or these inside folders train, val and test.',
  '应包含 images 与 labels 两个文件夹，且文件同名；或在 train、val、test 文件夹内如此组织。',
);

/** The data set `yolo:DIR`. */
export async function loadYolo(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const settings = await findYoloSettings(dir);
  const skipped = createSkipLog();
  const labelled: Labelled[] = [];
  const places = await findPlaces(dir, settings);
  for (const place of places) labelled.push(...(await findLabelled(place, dir, skipped)));
  if (labelled.length === 0) return failure(dataLayout(dir, expected));
  const largest = labelled.reduce((most, { lines }) => {
    return isReason(lines) ? most : lines.reduce((other, { classIndex }) => Math.max(other, classIndex), most);
  }, -1);
  // A class number of a million is a mistake and no million of classes.
  const unnamed = Math.min(largest + 1, mostUnnamed);
  const names = settings.names.length > 0 ? settings.names : await namesBeside(places);
  const classes = names.length > 0 ? names : Array.from({ length: unnamed }, (_, at) => String(at));
  const pictures = labelled.map(({ lines, ...picture }): AnnotatedPicture => ({
    ...picture,
    objectsIn: (size) => (isReason(lines) ? lines : objectsOf(lines, classes.length, size)),
  }));
  return await loadAnnotated({ spec: `yolo:${dir}`, dir, classes, pictures }, options, skipped);
}
