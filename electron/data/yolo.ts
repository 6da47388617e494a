import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
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
import { findYoloSettings } from './yoloNames';
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

async function findLabelled(
  { images, beside, part }: PairFolders,
  dir: string,
  skipped: SkipLog,
): Promise<readonly Labelled[]> {
  const none: Tree = { files: [], odd: [] };
  const found = await listTree(images).catch(() => none);
  const labels = await listTree(beside).catch(() => none);
  const labelOf = new Map(
    labels.files.flatMap(({ path, within }) => (path.endsWith('.txt') ? [[stemOf(within), path]] : [])),
  );
  for (const { path, reason } of found.odd) skipped.add(relative(dir, path), reason);
  const labelled: Labelled[] = [];
  for (const { path, within, subFolder } of found.files) {
    if (!imageFileName.test(path)) continue;
    const lines = await readLabels(labelOf.get(stemOf(within)));
    labelled.push({ path, name: relative(dir, path), subFolder, part, lines });
  }
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

const expected = text(
  'Expected folders images and labels with files of the same names, or these inside folders train, val and test.',
  '应包含 images 与 labels 两个文件夹，且文件同名；或在 train、val、test 文件夹内如此组织。',
);

/** The data set `yolo:DIR`. */
export async function loadYolo(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const settings = await findYoloSettings(dir);
  const skipped = createSkipLog();
  const labelled: Labelled[] = [];
  for (const place of await findPlaces(dir, settings)) labelled.push(...(await findLabelled(place, dir, skipped)));
  if (labelled.length === 0) return failure(dataLayout(dir, expected));
  const largest = labelled.reduce((most, { lines }) => {
    return isReason(lines) ? most : lines.reduce((other, { classIndex }) => Math.max(other, classIndex), most);
  }, -1);
  // A class number of a million is a mistake and no million of classes.
  const unnamed = Math.min(largest + 1, mostUnnamed);
  const classes = settings.names.length > 0 ? settings.names : Array.from({ length: unnamed }, (_, at) => String(at));
  const pictures = labelled.map(({ lines, ...picture }): AnnotatedPicture => ({
    ...picture,
    objectsIn: (size) => (isReason(lines) ? lines : objectsOf(lines, classes.length, size)),
  }));
  return await loadAnnotated({ spec: `yolo:${dir}`, dir, classes, pictures }, options, skipped);
}
