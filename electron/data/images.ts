import { join, relative } from 'node:path';
import { classesOnlyInValidation, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Text } from '../../shared/text';
import { text } from '../../shared/text';
import { pictureFormatsText } from '../../shared/schema/data';
import type { DataPart, Task } from '../../shared/schema/data';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { findPartFolders, listFolder, listTree, peekImages } from './folder';
import type { PartFolder } from './folder';
import { findLabelTables, loadLabelledImages } from './labelledImages';
import { imageFileName, isReason, notAnImage } from './imageFile';
import { chooseInput, classGaps, foundPicture, readPictureParts } from './pictureParts';
import type { FoundPicture } from './pictureParts';

type Found = { readonly pictures: readonly FoundPicture[]; readonly total: number };

async function findImages(
  place: PartFolder,
  classes: readonly string[],
  root: string,
  skipped: SkipLog,
): Promise<Found> {
  const pictures: FoundPicture[] = [];
  let total = 0;
  for (const [label, className] of classes.entries()) {
    const tree = await listTree(join(place.dir, className)).catch(() => null);
    for (const { path, reason } of tree?.odd ?? []) {
      total += 1;
      skipped.add(relative(root, path), reason);
    }
    const files = tree?.files ?? [];
    total += files.length;
    const peeked = await peekImages(files.map(({ path }) => path));
    for (const [index, { path, subFolder }] of files.entries()) {
      const found = peeked[index] ?? notAnImage;
      const name = relative(root, path);
      if (isReason(found)) skipped.add(name, found);
      else {
        const picture = foundPicture(found, { name, subFolder, part: place.part });
        pictures.push({ ...picture, job: { ...picture.job, label } });
      }
    }
  }
  return { pictures, total };
}

/** Pictures that lie beside the folders of the classes, and what cannot be looked into there. */
async function findStrays(dir: string, root: string, skipped: SkipLog): Promise<number> {
  const { files, odd } = await listFolder(dir);
  const strays = files.filter((path) => imageFileName.test(path));
  for (const path of strays)
    skipped.add(relative(root, path), text('it lies in no folder of a class', '不在任何类别文件夹中'));
  for (const { path, reason } of odd) skipped.add(relative(root, path), reason);
  return strays.length + odd.length;
}

const expected: Text = text(
  `Expected one folder per class, each with ${pictureFormatsText.en} images, or the same inside folders train, val and test.`,
  `应为每个类别一个文件夹，内含 ${pictureFormatsText.zh} 图像；或在 train、val、test 文件夹内如此组织。`,
);

/** Says which classes the parts cannot train or score. */
function checkClasses(classes: readonly string[], pictures: readonly FoundPicture[]): readonly Diagnostic[] {
  const has = (part: DataPart): boolean => pictures.some((picture) => picture.part === part);
  const labelsIn = (part: DataPart | null): readonly number[] =>
    pictures.flatMap((picture) => (picture.part === part ? [picture.job.label] : []));
  return classGaps(classes, labelsIn(has('train') ? 'train' : null), has('validation') ? labelsIn('validation') : null);
}

/** Says which classes have a folder for validation and none for training. */
async function checkFolders(places: readonly PartFolder[], classes: readonly string[]): Promise<readonly Diagnostic[]> {
  const held = places.find(({ part }) => part === 'validation');
  if (held === undefined) return [];
  const { folders } = await listFolder(held.dir);
  const only = folders.filter((name) => !classes.includes(name));
  let left = 0;
  for (const name of only) left += (await listFolder(join(held.dir, name)).catch(() => null))?.files.length ?? 0;
  return only.length > 0 ? [classesOnlyInValidation(only, left)] : [];
}

/**
 * The data set `images:DIR`: `DIR/<class>/*.png`, or the same inside `DIR/train`, `DIR/val` and `DIR/test`; or pictures beside a table of
 * their labels.
 */
export async function loadImages(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const places = await findPartFolders(dir);
  const tables = await findLabelTables(dir, places);
  if (tables.length > 0) return await loadLabelledImages(dir, tables, places, options);
  const { folders: classes } = await listFolder(places[0]?.dir ?? dir);
  if (classes.length === 0) return failure(dataLayout(dir, expected));
  const found: Found[] = [];
  for (const place of places) found.push(await findImages(place, classes, dir, skipped));
  const pictures = found.flatMap((part) => part.pictures);
  let total = found.reduce((sum, part) => sum + part.total, 0);
  for (const place of places) total += await findStrays(place.dir, dir, skipped);

  return await loadClassedPictures(
    { spec: `images:${dir}`, pictures, total, classes, notes: await checkFolders(places, classes) },
    dir,
    options,
    skipped,
  );
}

/** Pictures with their classes, however they were found. */
export type ClassedPictures = {
  readonly spec: string;
  /** A job's label is its place among the classes. */
  readonly pictures: readonly FoundPicture[];
  /** Of all that was looked at, what was skipped included. */
  readonly total: number;
  readonly classes: readonly string[];
  readonly notes?: readonly Diagnostic[];
  /** What the same pictures can be learned as instead. */
  readonly otherTask?: Task;
};

/** The data set that pictures of one class each make. */
export async function loadClassedPictures(
  { spec, pictures, total, classes, notes = [], otherTask }: ClassedPictures,
  dir: string,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Dataset>> {
  const input = chooseInput(pictures, dir, options, skipped);
  if (!input.ok) return input;
  const { shape, fit, notes: adapted } = input.value;
  const drawing = { dir, shape, classOf: null, fit, hasClasses: true, classes };
  const read = await readPictureParts(pictures, drawing, options, skipped);
  if (!read.ok) return read;
  return success({
    info: {
      spec,
      task: 'classification',
      inputShape: shape,
      classes,
      ...read.value.info,
      ...(otherTask === undefined ? {} : { otherTask }),
      warnings: [...skipped.warnings(total), ...notes, ...checkClasses(classes, pictures), ...adapted],
    },
    targetShape: [],
    ...read.value.held,
  });
}
