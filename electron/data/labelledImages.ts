import { join, relative, sep } from 'node:path';
import { labelsPartedAtSpaces } from '../../shared/diagnostics/catalog/labels';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import type { DataPart } from '../../shared/schema/data';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { listFolder, listTree, peekImages } from './folder';
import type { PartFolder, PeekedImage } from './folder';
import { imageFileName, isReason, notAnImage } from './imageFile';
import { loadLabelledPictures } from './labels';
import { labelTableName, pictureNames, readLabelTable } from './labelTable';
import type { LabelRow, LabelTable } from './labelTable';
import { foundPicture } from './pictureParts';
import type { FoundPicture } from './pictureParts';
import { readTable } from './table';

/** A folder with a table of the labels of what lies in it, also in its folders. */
export type LabelledFolder = PartFolder & {
  /** The table; null for a part that has none beside parts that have. */
  readonly table: string | null;
};

/** The tables of labels of a data set: one for all, or one in the folder of each part; empty where there is none. */
export async function findLabelTables(dir: string, places: readonly PartFolder[]): Promise<readonly LabelledFolder[]> {
  const tableIn = async (folder: string): Promise<string | null> => {
    const path = join(folder, labelTableName);
    return (await listFolder(folder)).files.includes(path) ? path : null;
  };
  const own = await tableIn(dir);
  if (own !== null) return [{ dir, part: null, table: own }];
  const found = await Promise.all(places.map(async (place) => ({ ...place, table: await tableIn(place.dir) })));
  return found.some(({ table }) => table !== null) ? found : [];
}

/** A picture that lies in a folder of labels. */
type Lying = {
  readonly name: string;
  readonly within: string;
  readonly subFolder: string | null;
  readonly part: DataPart | null;
  readonly found: PeekedImage | null;
};

type Gathered = {
  readonly pictures: readonly FoundPicture[];
  readonly sets: readonly (readonly string[])[];
  readonly classes: readonly string[];
  readonly notes: readonly Diagnostic[];
  readonly total: number;
};

async function picturesIn(
  folder: LabelledFolder,
  places: readonly PartFolder[],
  root: string,
  skipped: SkipLog,
): Promise<readonly Lying[]> {
  const { files, odd } = await listTree(folder.dir);
  for (const { path, reason } of odd) skipped.add(relative(root, path), reason);
  const images = files.filter(({ path }) => path !== folder.table);
  const peeked = await peekImages(images.map(({ path }) => path));
  return images.map(({ path, within, subFolder }, at): Lying => {
    const head = peeked[at] ?? notAnImage;
    const place = places.find(({ dir, part }) => part !== null && path.startsWith(`${dir}${sep}`));
    const part = folder.part ?? place?.part ?? null;
    const name = relative(root, path);
    if (isReason(head)) skipped.add(name, imageFileName.test(path) ? head : notAnImage);
    return { name, within, subFolder, part, found: isReason(head) ? null : head };
  });
}

const noRow = text(`it has no row in ${labelTableName}`, `${labelTableName} 中没有它的行`);
const noTable = text(`its part has no ${labelTableName}`, `其所在部分没有 ${labelTableName}`);
const severalFiles = text('several files have this name', '有多个文件叫这个名称');

function notThere({ row }: LabelRow) {
  return text(
    `row ${row} of ${labelTableName} names it, and there is no such picture`,
    `${labelTableName} 第 ${row} 行列出了它，但没有这幅图像`,
  );
}

function again({ row }: LabelRow) {
  return text(
    `row ${row} of ${labelTableName} has other labels for it`,
    `${labelTableName} 第 ${row} 行给出了不同的标签`,
  );
}

/** The row that a picture has, and what it says. */
type Labelled = { readonly row: LabelRow; readonly set: readonly string[] };

/** Rows for one picture: where a column has names, the labels of all; else they must say the same. */
function addRow(
  known: Map<Lying, Labelled>,
  picture: Lying,
  row: LabelRow,
  set: readonly string[],
  joins: boolean,
): boolean {
  const before = known.get(picture);
  if (before === undefined || joins) {
    known.set(picture, { row: before?.row ?? row, set: [...new Set([...(before?.set ?? []), ...set])] });
    return true;
  }
  return before.set.join('\0') === set.join('\0');
}

async function readFolder(
  folder: LabelledFolder,
  places: readonly PartFolder[],
  root: string,
  skipped: SkipLog,
): Promise<Result<Gathered>> {
  const before = skipped.count;
  const lying = await picturesIn(folder, places, root, skipped);
  const good = lying.filter(({ found }) => found !== null);
  if (folder.table === null) {
    for (const { name } of good) skipped.add(name, noTable);
    return success({ pictures: [], sets: [], classes: [], notes: [], total: skipped.count - before });
  }
  const table = await readTable(folder.table);
  if (!table.ok) return table;
  const nameOf = pictureNames(lying);
  const isFile = (field: string): boolean => nameOf(field) !== undefined;
  const labels = readLabelTable(table.value, relative(root, folder.table), isFile);
  if (!labels.ok) return labels;
  const { known, named } = matchRows(labels.value, nameOf, skipped);
  for (const picture of good) if (!named.has(picture)) skipped.add(picture.name, noRow);
  const taken = good.flatMap((picture) => {
    const { found, name, subFolder } = picture;
    const labelled = known.get(picture);
    if (labelled === undefined || found === null) return [];
    const part = labelled.row.part ?? picture.part;
    return [{ picture: foundPicture(found, { name, subFolder, part }), set: labelled.set }];
  });
  const { classes, separator } = labels.value;
  return success({
    pictures: taken.map(({ picture }) => picture),
    sets: taken.map(({ set }) => set),
    classes,
    notes: separator === ' ' ? [labelsPartedAtSpaces(relative(root, folder.table), classes)] : [],
    total: taken.length + skipped.count - before,
  });
}

/** The rows of a table beside the pictures that they name; what names none is skipped with the reason. */
function matchRows(
  { rows, classes, separator }: LabelTable,
  nameOf: ReturnType<typeof pictureNames<Lying>>,
  skipped: SkipLog,
): { readonly known: ReadonlyMap<Lying, Labelled>; readonly named: ReadonlySet<Lying> } {
  const named = new Set<Lying>();
  const known = new Map<Lying, Labelled>();
  for (const row of rows) {
    const picture = nameOf(row.file);
    const { set } = row;
    if (picture === undefined) skipped.add(row.file, notThere(row));
    else if (picture === 'several') skipped.add(row.file, severalFiles);
    else if (isReason(set)) {
      named.add(picture);
      skipped.add(row.file, set);
    } else {
      named.add(picture);
      const names = set.map((index) => classes[index] ?? '');
      if (!addRow(known, picture, row, names, separator !== null)) skipped.add(row.file, again(row));
    }
  }
  return { known, named };
}

/** The data set `images:DIR` where a table beside the pictures says what they show: any number of classes each. */
export async function loadLabelledImages(
  dir: string,
  folders: readonly LabelledFolder[],
  places: readonly PartFolder[],
  options: OpenOptions,
): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const gathered: Gathered[] = [];
  for (const folder of folders) {
    const read = await readFolder(folder, places, dir, skipped);
    if (!read.ok) return read;
    gathered.push(read.value);
  }
  const classes = [...new Set(gathered.flatMap((one) => one.classes))];
  const placeOf = new Map(classes.map((name, index) => [name, index]));
  const sets = gathered.flatMap((one) => one.sets);
  const pictures = gathered.flatMap((one) => one.pictures);
  return await loadLabelledPictures(
    {
      spec: `images:${dir}`,
      pictures: pictures.map((picture, label) => ({ ...picture, job: { ...picture.job, label } })),
      total: gathered.reduce((sum, { total }) => sum + total, 0),
      classes,
      sets: sets.map((set) => set.map((name) => placeOf.get(name) ?? 0).sort((a, b) => a - b)),
      notes: gathered.flatMap((one) => one.notes),
    },
    dir,
    options,
    skipped,
  );
}
