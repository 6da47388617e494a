/** Prints `parquetPictures.ts`: learns from the pictures in Parquet files as Convloom does. */
export const parquetPicturesSource = `import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { classesOf, moments, numberReader, targetNames } from './columns.js';
import { readMask, readMasked } from './masks.js';
import { readPairs } from './pairs.js';
import { fieldsOf, readParquet, type Column, type Content, type PartFile } from './parquet.js';
import { pictureName, readPicture, readPixels, type Source } from './pictures.js';
import { splitByClass, splitPlainly, type Part } from './split.js';
import { divide, label, type DataSet, type Sample, type Scaling } from './values.js';

/** What columns of pictures are called that are to be learned from others. */
const besideName = /mask|annotation|segment|label|target|output|truth|^(seg|gt|hr|y|clean|sharp)$/i;
/** What pictures are called that are to be made, whatever they look like. */
const madeName = /target|output|clean|sharp|^hr$/i;
/** So few different values are classes, whatever they are; more are where rows share them. */
const fewClasses = 20;
/** Masks are told from other pictures by the first few; with more values they would be pictures. */
const [lookedAtMasks, mostMaskValues] = [8, 64];

/** A row: its picture, or why it has none; a second picture; what stands in the column that can be learned. */
type Row = { name: string; part: Part; picture: Source | null; why: string; beside: Uint8Array | null; label: string };

type Images = { images: Column; beside: Column | null };

function keyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as { [key: string]: unknown })[key] : undefined;
}

function bytesOf(value: unknown): Uint8Array | null {
  const bytes = value instanceof Uint8Array ? value : keyOf(value, 'bytes');
  return bytes instanceof Uint8Array && bytes.length > 0 ? bytes : null;
}

function pathOf(value: unknown): string {
  const path = typeof value === 'string' ? value : keyOf(value, 'path');
  return typeof path === 'string' ? path : '';
}

function isPicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return /^(?:\\x89PNG|\\xff\\xd8\\xff|BM|RIFF[^]{4}WEBP|II\\*\\0|MM\\0\\*)/.test(start);
}

/** A file that a row names: it must lie in the folder of its Parquet file, or below. */
async function findNamed(file: string, name: string): Promise<string | null> {
  if (name === '' || isAbsolute(name) || name.split(/[/\\\\]/).includes('..')) return null;
  const path = await realpath(join(dirname(file), name)).catch(() => null);
  const folders = [await realpath(dirname(file)), dirname(await realpath(file))];
  return path !== null && folders.some((folder) => path.startsWith(folder + sep)) ? path : null;
}

/** Whether a column has structures of a picture's bytes, or bytes that begin as one does. */
function holdsPictures({ values }: Column): boolean {
  const first = values.find((value) => value !== null && value !== undefined);
  if (first instanceof Uint8Array) return isPicture(first);
  return values.some((value) => keyOf(value, 'bytes') instanceof Uint8Array);
}

/** The pictures, and those of a second column: which is which their names say, else their order. */
async function findImages({ file, columns }: Content): Promise<Images | null> {
  const found = columns.filter(holdsPictures);
  const images = found.find(({ name }) => !besideName.test(name)) ?? found[0];
  if (images !== undefined) {
    const others = found.filter((column) => column !== images);
    return { images, beside: others.find(({ name }) => besideName.test(name)) ?? others[0] ?? null };
  }
  for (const column of columns) {
    const first = column.values.find((value) => typeof value === 'string' && value !== '');
    if (typeof first !== 'string' || !pictureName.test(first)) continue;
    if ((await findNamed(file.path, first)) !== null) return { images: column, beside: null };
  }
  return null;
}

function canBeClasses(different: number, count: number): boolean {
  return different > 0 && (different <= fewClasses || different * 2 <= count);
}

/** The column to be learned: the one that is called so, else the first with names of classes, else the last that is no list of names. */
function findLabels({ columns }: Content, { images, beside }: Images): Column | null {
  const isFlat = ({ values }: Column): boolean =>
    values.every((value) => typeof value !== 'object' || value === null || value instanceof Date);
  const flat = columns.filter((column) => column !== images && column !== beside && isFlat(column));
  const called =
    flat.find(({ name }) => targetNames.includes(name.toLowerCase())) ?? flat.find(({ classes }) => classes !== null);
  if (called !== undefined) return called;
  const isOfUse = ({ values }: Column): boolean => {
    const words = values.filter((value) => typeof value === 'string' || value instanceof Date).map(String);
    return words.length === 0 || canBeClasses(new Set(words).size, values.length);
  };
  return flat.filter(isOfUse).at(-1) ?? flat.at(-1) ?? null;
}

async function rowsOf({ file, rowCount }: Content, { images, beside }: Images, labels: Column | null): Promise<Row[]> {
  const words = labels === null ? [] : (fieldsOf(labels)[0]?.words ?? []);
  const rows: Row[] = [];
  for (let at = 0; at < rowCount; at += 1) {
    const value = images.values[at];
    const named = pathOf(value);
    rows.push({
      name: \`\${file.name} row \${String(at + 1)}\`,
      part: file.part,
      picture: bytesOf(value) ?? (await findNamed(file.path, named)),
      why: named === '' ? 'it has no picture' : \`it names \${named}, which is not there\`,
      beside: bytesOf(beside?.values[at]),
      label: words[at] ?? '',
    });
  }
  return rows;
}

/** Whether second pictures are masks: PNG of the sizes of their pictures, with few values each. */
async function areMasks(rows: Row[]): Promise<boolean> {
  let looked = 0;
  for (const { picture, beside } of rows) {
    if (looked === lookedAtMasks) break;
    if (!(picture instanceof Uint8Array) || beside === null) continue;
    const size = await readPixels(picture).catch(() => null);
    if (size === null) continue;
    const mask = await readMask(beside).catch(() => null);
    if (mask === null || mask.size.width !== size.width || mask.size.height !== size.height) return false;
    if (new Set(mask.keys).size > mostMaskValues) return false;
    looked += 1;
  }
  return looked > 0;
}

type Job = { name: string; input: Source; part: Part };

/** The rows that have a picture, and what is to be learned; the others are named. */
function useful<T>(rows: Row[], answerOf: (row: Row) => T | null, lacks: string): (Job & { answer: T })[] {
  return rows.flatMap((row) => {
    const answer = answerOf(row);
    if (row.picture !== null && answer !== null) {
      return [{ name: row.name, input: row.picture, part: row.part, answer }];
    }
    console.warn(\`\${row.name} is left out: \${row.picture === null ? row.why : lacks}\`);
    return [];
  });
}

/** Reads pictures; one that is broken is named and left out. */
async function draw<T extends Job>(jobs: T[], size: (number | null)[]): Promise<{ job: T; sample: Sample }[]> {
  let known = size;
  const drawn: { job: T; sample: Sample }[] = [];
  for (const job of jobs) {
    try {
      const picture = await readPicture(job.input, known);
      known = picture.shape;
      drawn.push({ job, sample: { inputs: [picture], targets: [] } });
    } catch (error) {
      console.warn(\`\${job.name} is left out: \${String(error)}\`);
    }
  }
  if (drawn.length === 0) throw new Error('There is no picture that can be read.');
  return drawn;
}

async function learnClasses(rows: Row[], declared: string[] | null, size: (number | null)[]): Promise<DataSet> {
  const words = new Set(rows.flatMap(({ label: word }) => (word === '' ? [] : [word])));
  if (declared === null && !canBeClasses(words.size, rows.length)) {
    throw new Error('The pictures have no column of classes or values to learn.');
  }
  const classes = declared ?? [...words].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const places = new Map(classes.map((name, at) => [name, at]));
  const found = await draw(
    useful(rows, (row) => places.get(row.label) ?? null, 'it has no class'),
    size,
  );
  const samples = found.map(({ job, sample }) => ({ ...sample, targets: [label(job.answer)] }));
  const split = splitByClass(
    found.map(({ job }) => job.answer),
    { partOf: found.map(({ job }) => job.part) },
  );
  return { task: 'classes', classes, scaling: null, ...divide(samples, split) };
}

async function learnValues(rows: Row[], size: (number | null)[], known: Scaling | null): Promise<DataSet> {
  const readNumber = numberReader(',');
  const found = await draw(
    useful(rows, (row) => readNumber(row.label), 'it has no value'),
    size,
  );
  const split = splitPlainly(found.length, { partOf: found.map(({ job }) => job.part) });
  const target = known?.target ?? moments(split.training.map((at) => found[at]?.job.answer ?? 0));
  const samples = found.map(({ job, sample }) => {
    const value = (job.answer - target.mean) / target.deviation;
    return { ...sample, targets: [{ shape: [1], data: Float32Array.of(value) }] };
  });
  return { task: 'numbers', classes: [], scaling: { mean: [], deviation: [], target }, ...divide(samples, split) };
}

/** Reads Parquet files that hold or name pictures, with classes, with masks, with values, or with those that they are to become. */
export async function readParquetPictures(
  files: PartFile[],
  size: (number | null)[],
  channels: number | null,
  known: Scaling | null = null,
): Promise<DataSet> {
  const rows: Row[] = [];
  const labels: (Column | null)[] = [];
  const besides: (string | null)[] = [];
  for (const file of files) {
    const content = await readParquet(file);
    const images = await findImages(content);
    if (images === null) throw new Error(\`\${file.name} has no column of pictures.\`);
    const column = findLabels(content, images);
    labels.push(column);
    besides.push(images.beside?.name ?? null);
    rows.push(...(await rowsOf(content, images, column)));
  }
  const [beside = null] = besides;
  if (besides.some((name) => name !== beside)) throw new Error('The files have other columns of pictures.');
  const isCalled = targetNames.includes(labels[0]?.name.toLowerCase() ?? '');
  if (beside !== null && !isCalled) {
    const hasMasks = !madeName.test(beside) && (await areMasks(rows));
    const lacks = hasMasks ? 'it has no mask' : 'it has no target';
    const pairs = useful(rows, (row) => row.beside, lacks).map(({ answer, ...job }) => ({ ...job, target: answer }));
    const data = hasMasks ? await readMasked(pairs, size, []) : await readPairs(pairs, size, channels);
    if (data === null) throw new Error('There is no pair of pictures that can be read.');
    return data;
  }
  const declared = labels.find((column) => (column?.classes ?? null) !== null)?.classes ?? null;
  const words = rows.flatMap(({ label: word }) => (word === '' ? [] : [word]));
  const readNumber = numberReader(',');
  const areValues =
    declared === null &&
    classesOf(words, readNumber, false) === null &&
    words.every((word) => readNumber(word) !== null);
  return areValues ? await learnValues(rows, size, known) : await learnClasses(rows, declared, size);
}
`;
