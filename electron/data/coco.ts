import { basename, dirname, join, relative, sep } from 'node:path';
import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { loadAnnotated } from './annotations';
import type { AnnotatedObject, AnnotatedPicture, Outline } from './annotations';
import { isFields, readCocoFiles } from './cocoFile';
import type { CocoFile, Fields } from './cocoFile';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { listTree } from './folder';
import { isReason } from './imageFile';
import { isInPicture, unpackRuns } from './regions';

type Size = { readonly width: number; readonly height: number };

function isWholeNumber(value: unknown): value is number {
  return Number.isInteger(value);
}

/** The names of categories by their ids, in the order of the ids. */
function categoriesOf({ categories }: CocoFile): ReadonlyMap<unknown, string> {
  const named = categories.flatMap(({ id, name }): [number, string][] =>
    isWholeNumber(id) && typeof name === 'string' && name !== '' ? [[id, name]] : [],
  );
  return new Map(named.sort(([a], [b]) => a - b));
}

const oddOutline = text('an outline is no list of corners in numbers', '轮廓不是由数字坐标组成的列表');
const outside = text('an outline lies outside of the picture', '轮廓在图像之外');
const oddRuns = text('the runs of a mask do not fill the picture', '掩码的游程与图像大小不符');

function isRing(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length >= 6 && value.length % 2 === 0 && value.every(Number.isFinite);
}

function runsOf({ counts, size: given }: Fields, { width, height }: Size): Outline | Text {
  const runs: unknown = typeof counts === 'string' ? unpackRuns(counts) : counts;
  const isOfPicture = Array.isArray(given) && given[0] === height && given[1] === width;
  if (!isOfPicture || !Array.isArray(runs) || !runs.every(isWholeNumber) || runs.some((run) => run < 0)) return oddRuns;
  return runs.reduce((sum, run) => sum + run, 0) === width * height ? { runs } : oddRuns;
}

/** What encloses a thing; null where it has a box alone. */
function outlineOf(segmentation: unknown, size: Size): Outline | Text | null {
  if (isFields(segmentation)) return runsOf(segmentation, size);
  if (segmentation === undefined || segmentation === null) return null;
  if (!Array.isArray(segmentation)) return oddOutline;
  const rings: readonly unknown[] = segmentation;
  if (rings.length === 0) return null;
  if (!rings.every(isRing)) return oddOutline;
  return rings.every((ring) => isInPicture(ring, size)) ? { rings } : outside;
}

function objectsOf(
  annotations: readonly Fields[],
  classOf: ReadonlyMap<unknown, number>,
  size: Size,
): readonly AnnotatedObject[] | Text {
  const objects: AnnotatedObject[] = [];
  for (const { category_id: category, segmentation, iscrowd } of annotations) {
    const classIndex = classOf.get(category);
    if (classIndex === undefined) {
      const id = JSON.stringify(category);
      return text(`its category ${id} is in no list`, `类别 ${id} 不在列表中`);
    }
    const outline = outlineOf(segmentation, size);
    if (outline !== null && isReason(outline)) return outline;
    objects.push({ classIndex, outline, isCrowd: iscrowd === 1 || iscrowd === true });
  }
  return objects;
}

/** Finds pictures by the names that annotations give them: as a path from their own folder or from the data's, or anywhere below it. */
type PictureFinder = (name: string, file: CocoFile) => string | Text;

const notThere = text('the picture is not there', '图像不存在');
const noName = text('it has no name', '没有文件名');
const sharedId = text('several pictures have its id', '有多个图像使用其 id');
const listedTwice = text('it is listed twice', '重复列出');
const severalThere = text('several pictures have this name', '有多个同名图像');

/** Looks among the files that are there, so that no name leads out of the folder. */
async function createFinder(dir: string): Promise<PictureFinder> {
  const byName = new Map<string, string[]>();
  for (const { path } of (await listTree(dir)).files) {
    const same = byName.get(basename(path));
    if (same === undefined) byName.set(basename(path), [path]);
    else same.push(path);
  }
  return (name, file) => {
    const within = join(...name.split(/[\\/]/));
    const found = byName.get(basename(within)) ?? [];
    const exact = [dirname(file.path), dir, join(dir, 'images')].map((folder) => join(folder, within));
    const path = exact.find((one) => found.includes(one));
    if (path !== undefined) return path;
    const ending = found.filter((one) => one.endsWith(sep + within));
    // `instances_val2017.json` means the pictures in `val2017`, whatever other folders have.
    const word = /(train|val|test)\w*/i.exec(basename(file.path))?.[0];
    const own = ending.filter((one) =>
      relative(dir, one)
        .split(sep)
        .includes(word ?? ''),
    );
    const [first, ...others] = own.length > 0 ? own : ending;
    return first === undefined ? notThere : others.length > 0 ? severalThere : first;
  };
}

function groupByPicture({ annotations }: CocoFile): ReadonlyMap<unknown, readonly Fields[]> {
  const groups = new Map<unknown, Fields[]>();
  for (const annotation of annotations) {
    const group = groups.get(annotation['image_id']);
    if (group === undefined) groups.set(annotation['image_id'], [annotation]);
    else group.push(annotation);
  }
  return groups;
}

/** What all files together have found: a picture is taken once. */
type Gathered = {
  readonly dir: string;
  readonly classes: readonly string[];
  readonly find: PictureFinder;
  readonly taken: Set<string>;
  readonly skipped: SkipLog;
};

function picturesOf(file: CocoFile, { dir, classes, find, taken, skipped }: Gathered): readonly AnnotatedPicture[] {
  const groups = groupByPicture(file);
  const classOf = new Map([...categoriesOf(file)].map(([id, name]) => [id, classes.indexOf(name)]));
  const idCounts = new Map<unknown, number>();
  for (const { id } of file.images) idCounts.set(id, (idCounts.get(id) ?? 0) + 1);
  return file.images.flatMap(({ id, file_name: given, width, height }): readonly AnnotatedPicture[] => {
    const name = typeof given === 'string' ? given : '';
    const label = name === '' ? `${relative(dir, file.path)}: ${String(id)}` : name;
    const path = name === '' ? noName : find(name, file);
    const reason =
      typeof path !== 'string' ? path : (idCounts.get(id) ?? 0) > 1 ? sharedId : taken.has(path) ? listedTwice : null;
    if (reason !== null || typeof path !== 'string') {
      skipped.add(label, reason ?? notThere);
      return [];
    }
    taken.add(path);
    const within = relative(dir, path);
    const folders = name.split(/[\\/]/).slice(0, -1);
    const objectsIn = (size: Size): readonly AnnotatedObject[] | Text =>
      isOfSize({ width, height }, size)
        ? objectsOf(groups.get(id) ?? [], classOf, size)
        : otherSize(width, height, size);
    return [{ path, name: within, subFolder: folders[0] ?? null, part: file.part, objectsIn }];
  });
}

function isOfSize(given: { readonly width: unknown; readonly height: unknown }, { width, height }: Size): boolean {
  return (given.width ?? width) === width && (given.height ?? height) === height;
}

function otherSize(width: unknown, height: unknown, size: Size): Text {
  const [given, own] = [`${String(width)}×${String(height)}`, `${size.width}×${size.height}`];
  return text(`its annotations are for ${given}, the image has ${own}`, `标注对应 ${given}，图像为 ${own}`);
}

const expected = text(
  'Expected a JSON file with the lists images, annotations and categories, in the folder, in annotations or beside the pictures.',
  '应有包含 images、annotations 和 categories 列表的 JSON 文件，位于该文件夹、annotations 中或图像旁。',
);

/** The data set `coco:DIR`. */
export async function loadCoco(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const files = await readCocoFiles(dir);
  if (!files.ok) return files;
  if (files.value.length === 0) return failure(dataLayout(dir, expected));
  // What is trained on numbers the classes; other files may have the same ones under other ids.
  const ordered = [...files.value].sort((a, b) => Number(b.part === 'train') - Number(a.part === 'train'));
  const classes = [...new Set(ordered.flatMap((file) => [...categoriesOf(file).values()]))];
  const skipped = createSkipLog();
  const gathered = { dir, classes, find: await createFinder(dir), taken: new Set<string>(), skipped };
  const pictures = ordered.flatMap((file) => picturesOf(file, gathered));
  return await loadAnnotated({ spec: `coco:${dir}`, dir, classes, pictures }, options, skipped);
}
