import { closeSync, openSync } from 'node:fs';
import { parquetOneClassEach, pictureClassesMissing, pictureColumns } from '../../shared/diagnostics/catalog/parquet';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { defaultReading } from '../../shared/schema/training';
import type { Task } from '../../shared/schema/data';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { findBeside } from '../files/partFile';
import { readPartSync } from '../files/regularFile';
import type { FilePart } from '../files/regularFile';
import { findTarget, numberReader } from './columns';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { headerBytes, headerOf, peekImages } from './folder';
import type { PeekedImage } from './folder';
import { cutOff, isReason, reasonOf } from './imageFile';
import type { ImageHeader } from './imageFile';
import { loadClassedPictures } from './images';
import { decodeMask } from './maskFile';
import { loadMaskedPictures } from './masks';
import { loadPairedPictures } from './pairs';
import type { Pair } from './pairs';
import { canBeClasses } from './parquetContent';
import { rowsOf } from './parquetPictures';
import type { KeptFile, PartFile, PictureRow, UnpackedPictures } from './parquetPictures';
import { foundPicture } from './pictureParts';
import type { FoundPicture } from './pictureParts';
import { targetNames } from './tableColumns';
import { loadValuedPictures } from './valuedPictures';

/** The rows of a set, the file with the bytes of their pictures, and what the first of its files says of the columns. */
type PictureSet = {
  readonly spec: string;
  readonly path: string;
  readonly rows: readonly PictureRow[];
  readonly bytesPath: string;
  readonly columns: KeptFile;
  /** All classes that some file declares; null where none does. */
  readonly declared: readonly string[] | null;
};

/** Masks are told from other pictures by the first few. */
const lookedAtMasks = 8;
/** Masks of so many values and more would be pictures. */
const mostMaskValues = 64;

async function peekAt(file: number, within: FilePart): Promise<ImageHeader | Text> {
  try {
    const start = readPartSync(file, { ...within, length: Math.min(within.length, headerBytes) });
    if (start === null) return cutOff;
    return await headerOf(Buffer.from(start.buffer), within.length, () =>
      Promise.resolve(Buffer.from(readPartSync(file, within) ?? [])),
    );
  } catch (error) {
    return reasonOf(error);
  }
}

const noPicture = text('it has no picture', '没有图像');
const leftOutside = text(
  'it names a file outside of the folder of the Parquet file, which is not looked for',
  '所指文件不在该 Parquet 文件的文件夹内，不会读取',
);
const notThere = text(
  'it names a file that is not there, beside the Parquet file or in a folder below',
  '所指文件不存在：应与 Parquet 文件同在一个文件夹或其子文件夹',
);
const noLabel = text('it has no class', '没有类别');
const noMask = text('it has no mask', '没有掩码');
const noTarget = text('it has no target', '没有目标图像');
const noValue = text('it has no value', '没有数值');

/** What is to be learned of a row: its label in a job, or why there is none. */
type LabelOf = (row: PictureRow) => number | Text;

/** A picture whose header could be read, with the row that it is of. */
type RowPicture = { readonly row: PictureRow; readonly picture: FoundPicture };

/** The files that rows name in the place of holding a picture, looked into; a reason where one is not to be had. */
async function peekNamed(rows: readonly PictureRow[]): Promise<ReadonlyMap<PictureRow, PeekedImage | Text>> {
  const named = rows.filter(({ within, path }) => within.length === 0 && path !== '');
  const found = named.map((row) => ({ row, file: findBeside(row.file.path, row.path) }));
  const there = found.flatMap(({ row, file }) => (typeof file === 'object' ? [{ row, path: file.path }] : []));
  const peeked = await peekImages(there.map(({ path }) => path));
  return new Map<PictureRow, PeekedImage | Text>([
    ...found.map(({ row, file }) => [row, file === 'outside' ? leftOutside : notThere] as const),
    ...there.map(({ row }, at) => [row, peeked[at] ?? notThere] as const),
  ]);
}

/** A picture whose bytes lie in a file with those of others. */
async function peekHeld(
  file: number,
  bytesPath: string,
  { file: of, name, within }: PictureRow,
): Promise<FoundPicture | Text> {
  if (within.length === 0) return noPicture;
  const header = await peekAt(file, within);
  if (isReason(header)) return header;
  const { width, height } = header;
  const stamp = `${within.start}:${within.length}`;
  const job = { image: bytesPath, within, mask: null, target: null, width, height, stamp, label: 0 };
  return { name, subFolder: null, part: of.part, header, job };
}

/** The pictures of all rows that have one, and something to be learned; the others are named. */
async function findPictures(
  { rows, bytesPath }: PictureSet,
  labelOf: LabelOf,
  skipped: SkipLog,
): Promise<readonly RowPicture[]> {
  const pictures: RowPicture[] = [];
  const named = await peekNamed(rows);
  const file = openSync(bytesPath, 'r');
  const pictureOf = async (row: PictureRow): Promise<FoundPicture | Text> => {
    const lying = named.get(row);
    if (lying === undefined) return await peekHeld(file, bytesPath, row);
    return isReason(lying) ? lying : foundPicture(lying, { name: row.name, subFolder: null, part: row.file.part });
  };
  try {
    for (const row of rows) {
      const picture = await pictureOf(row);
      const label = labelOf(row);
      if (isReason(picture)) skipped.add(row.name, picture);
      else if (typeof label !== 'number') skipped.add(row.name, label);
      else pictures.push({ row, picture: { ...picture, job: { ...picture.job, label } } });
    }
  } finally {
    closeSync(file);
  }
  return pictures;
}

/** Says what the pictures are and what is learned of them, where a file has more columns than that. */
function notesOf({ columns }: PictureSet, learned: string | null): readonly Diagnostic[] {
  const others = [columns.besideColumn, columns.labelColumn].filter((name) => name !== null && name !== learned);
  const unused = [...others.flatMap((name) => name ?? []), ...columns.unused];
  return unused.length === 0 || learned === null ? [] : [pictureColumns(columns.imageColumn, learned, unused)];
}

function labelsOf({ rows }: PictureSet): readonly string[] {
  return rows.flatMap(({ label }) => (label === '' ? [] : [label]));
}

/** All classes, in their order; why there are none otherwise. */
function classesOf(set: PictureSet): Result<readonly string[]> {
  const { declared, columns, rows, path } = set;
  if (declared !== null) return success(declared);
  const found = new Set(labelsOf(set));
  if (columns.labelColumn === null || !canBeClasses(found.size, rows.length)) {
    return failure(pictureClassesMissing(path, columns.labelColumn, found.size));
  }
  return success([...found].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
}

type Learner = (set: PictureSet, options: OpenOptions, otherTask?: Task) => Promise<Result<Dataset>>;

const learnClasses: Learner = async (set, options, otherTask) => {
  const classes = classesOf(set);
  if (!classes.ok) return classes;
  const skipped = createSkipLog();
  const places = new Map(classes.value.map((name, label) => [name, label]));
  const found = await findPictures(set, ({ label }) => places.get(label) ?? noLabel, skipped);
  const pictures = found.map(({ picture }) => picture);
  const others = otherTask === undefined ? {} : { otherTask };
  return await loadClassedPictures(
    {
      spec: set.spec,
      pictures,
      total: set.rows.length,
      classes: classes.value,
      notes: notesOf(set, set.columns.labelColumn),
      ...others,
    },
    set.path,
    options,
    skipped,
  );
};

const learnValues: Learner = async (set, options) => {
  const readNumber = numberReader(',');
  const skipped = createSkipLog();
  const values = set.rows.map(({ label }) => readNumber(label));
  const places = new Map(set.rows.map((row, at) => [row, at]));
  // A job's label is the place of its value.
  const labelOf: LabelOf = (row) => {
    const at = places.get(row) ?? 0;
    return values[at] == null ? noValue : at;
  };
  const found = await findPictures(set, labelOf, skipped);
  return await loadValuedPictures(
    {
      spec: set.spec,
      pictures: found.map(({ picture }) => picture),
      total: set.rows.length,
      values: values.map((value) => value ?? 0),
      notes: notesOf(set, set.columns.labelColumn),
    },
    set.path,
    options,
    skipped,
  );
};

const learnMasks: Learner = async (set, options, otherTask) => {
  const skipped = createSkipLog();
  const found = await findPictures(set, ({ beside }) => (beside?.length ? 0 : noMask), skipped);
  const pairs = found.map(({ row: { beside }, picture }): FoundPicture => {
    const { job } = picture;
    const within = beside === undefined ? {} : { besideWithin: beside };
    const stamp = `${job.stamp} ${beside?.start ?? ''}:${beside?.length ?? ''}`;
    return { ...picture, job: { ...job, mask: set.bytesPath, ...within, stamp } };
  });
  const notes = notesOf(set, set.columns.besideColumn);
  const others = otherTask === undefined ? {} : { otherTask };
  const masked = { spec: set.spec, dir: set.path, pairs, total: set.rows.length, names: [], notes, ...others };
  return await loadMaskedPictures(masked, options, skipped);
};

const learnPictures: Learner = async (set, options, otherTask) => {
  const skipped = createSkipLog();
  const found = await findPictures(set, ({ beside }) => (beside?.length ? 0 : noTarget), skipped);
  const pairs: Pair[] = [];
  const file = openSync(set.bytesPath, 'r');
  try {
    for (const {
      row: { beside },
      picture,
    } of found) {
      if (beside === undefined) continue;
      const target = await peekAt(file, beside);
      if (isReason(target)) {
        skipped.add(picture.name, text(`its target: ${target.en}`, `其目标图像：${target.zh}`));
        continue;
      }
      const { job } = picture;
      const stamp = `${job.stamp} ${beside.start}:${beside.length}`;
      pairs.push({
        picture: { ...picture, job: { ...job, target: set.bytesPath, besideWithin: beside, stamp } },
        target,
      });
    }
  } finally {
    closeSync(file);
  }
  const notes = notesOf(set, set.columns.besideColumn);
  const others = otherTask === undefined ? {} : { otherTask };
  const paired = { spec: set.spec, dir: set.path, pairs, total: set.rows.length, notes, ...others };
  return await loadPairedPictures(paired, options, skipped);
};

/** What pictures are called that are to be made, whatever they look like. */
const madeName = /target|output|clean|sharp|^hr$/i;

/** Whether the second pictures are masks: files of PNG, of the size of their pictures, with few values each. */
async function areMasks({ rows, bytesPath, columns }: PictureSet): Promise<boolean> {
  if (madeName.test(columns.besideColumn ?? '')) return false;
  const file = openSync(bytesPath, 'r');
  try {
    let looked = 0;
    for (const { within, beside } of rows) {
      if (beside === undefined || beside.length === 0 || within.length === 0) continue;
      const header = await peekAt(file, within);
      const bytes = readPartSync(file, beside);
      if (isReason(header) || bytes === null) continue;
      const mask = decodeMask(Buffer.from(bytes.buffer));
      if (isReason(mask) || mask.width !== header.width || mask.height !== header.height) return false;
      if (new Set(mask.keys).size > mostMaskValues) return false;
      looked += 1;
      if (looked === lookedAtMasks) break;
    }
    return looked > 0;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

/** Whether a column beside pictures has classes; else it has values, or nothing of use. */
function hasClasses(set: PictureSet): boolean {
  return set.declared !== null || findTarget(labelsOf(set), numberReader(',')).classes !== null;
}

/** What a set of pictures is learned as: what its model was, what is asked for, else what its columns say. */
async function taskOf(
  set: PictureSet,
  { readAs, reading = defaultReading }: OpenOptions,
): Promise<Exclude<Task, 'multi-label'>> {
  // That these have one class each is said where they are set against the model.
  if (readAs !== undefined) return readAs.task === 'multi-label' ? 'classification' : readAs.task;
  const { besideColumn, labelColumn } = set.columns;
  const isCalled = labelColumn !== null && targetNames.includes(labelColumn.toLowerCase());
  const wantsLabels = reading.annotations === 'classes' || (reading.annotations === 'auto' && isCalled);
  if (besideColumn !== null && !wantsLabels) return (await areMasks(set)) ? 'segmentation' : 'image-to-image';
  return hasClasses(set) ? 'classification' : 'regression';
}

/** What else can be learned of a set: its classes instead of its masks, or the other way round. */
async function otherTaskOf(set: PictureSet, task: Task): Promise<Task | undefined> {
  if (task === 'classification' && set.columns.besideColumn !== null) {
    return (await areMasks(set)) ? 'segmentation' : undefined;
  }
  const isOfPictures = task === 'segmentation' || task === 'image-to-image';
  return isOfPictures && set.columns.labelColumn !== null && hasClasses(set) && classesOf(set).ok
    ? 'classification'
    : undefined;
}

/** Whether all that stands in the column to learn are numbers. */
function areNumbers(set: PictureSet): boolean {
  const readNumber = numberReader(',');
  const labels = labelsOf(set);
  return labels.length > 0 && labels.every((label) => readNumber(label) !== null);
}

/** The data set that the pictures of some files are: with classes, masks, values, or pictures that they are to become. */
export async function loadParquetPictures(
  path: string,
  files: readonly PartFile[],
  unpacked: UnpackedPictures,
  options: OpenOptions,
): Promise<Result<Dataset>> {
  const [columns] = unpacked.files;
  const declared = unpacked.files.find(({ classes }) => classes !== null)?.classes ?? null;
  if (columns === undefined) return failure(pictureClassesMissing(path, null, 0));
  const rows = rowsOf(files, unpacked);
  const set: PictureSet = { spec: `parquet:${path}`, path, rows, bytesPath: unpacked.bytesPath, columns, declared };
  if (options.readAs === undefined && options.reading?.annotations === 'labels')
    return failure(parquetOneClassEach(path));
  const task = await taskOf(set, options);
  const otherTask = await otherTaskOf(set, task);
  switch (task) {
    case 'classification':
      return await learnClasses(set, options, otherTask);
    case 'regression':
      return areNumbers(set) ? await learnValues(set, options) : await learnClasses(set, options);
    case 'segmentation':
      return await learnMasks(set, options, otherTask);
    case 'image-to-image':
      return await learnPictures(set, options, otherTask);
  }
}
