/** Prints `parquet.ts`: reads Parquet files as Convloom does. */
export const parquetSource = `import { stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Part } from './split.js';
import { listTree } from './tree.js';

const fileName = /\\.(parquet|parq|pq)$/i;

/** What names of files and folders say first: train-00000-of-00002.parquet, test/0000.parquet. */
const partNames: [Part, RegExp][] = [
  ['training', /^train(?![a-z])/i],
  ['validation', /^(validation|valid|val|dev)(?![a-z])/i],
  ['test', /^test(?![a-z])/i],
];

/** A file of a set, what it is called within it, and what that name says that it is for. */
export type PartFile = { path: string; name: string; part: Part };

/** A column as it is stored, row by row, with the names of the classes that its numbers stand for, where the file gives them. */
export type Column = { name: string; values: unknown[]; classes: string[] | null };

/** A file's columns, without those in which pandas keeps the names of rows that nobody named. */
export type Content = { file: PartFile; rowCount: number; columns: Column[] };

function partOf(within: string): Part {
  // The name of the file says more than those of the folders about it.
  for (const name of within.split(sep).reverse()) {
    const found = partNames.find(([, pattern]) => pattern.test(name));
    if (found !== undefined) return found[0];
  }
  return null;
}

/** The Parquet files of a path; none where it is another file, or a folder without such. */
export async function findParquet(path: string): Promise<PartFile[]> {
  if (!(await stat(path)).isDirectory()) {
    return fileName.test(path) ? [{ path, name: basename(path), part: null }] : [];
  }
  const files = (await listTree(path)).filter((name) => fileName.test(name));
  const found = files.map((name) => ({ path: join(path, name), name, part: partOf(name) }));
  const parts = new Set(found.map(({ part }) => part));
  // Parts are such only where there is one to train and another one.
  return parts.has('training') && parts.size > 1 ? found : found.map((file) => ({ ...file, part: null }));
}

/** The reader knows decimals and dates by the older of two notes, and some writers leave only the newer one. */
function withOldNotes(element: SchemaElement): SchemaElement {
  const logical = element.logical_type;
  if (element.converted_type !== undefined || logical === undefined) return element;
  if (logical.type === 'DATE') return { ...element, converted_type: 'DATE' };
  if (logical.type !== 'DECIMAL') return element;
  return { ...element, converted_type: 'DECIMAL', scale: logical.scale, precision: logical.precision };
}

type Note = { [key: string]: unknown };

/** What a program has noted; a note that is damaged says nothing. */
function noteOf(notes: { key: string; value?: string }[], key: string): Note {
  try {
    const note: unknown = JSON.parse(notes.find((one) => one.key === key)?.value ?? '{}');
    return typeof note === 'object' && note !== null ? (note as Note) : {};
  } catch {
    return {};
  }
}

/** The names of a column's classes, as Hugging Face notes them. */
function classesOf({ info }: Note, column: string): string[] | null {
  const { features } = (info ?? {}) as { features?: { [column: string]: Note | undefined } };
  const { _type: type, names } = features?.[column] ?? {};
  if (type !== 'ClassLabel' || !Array.isArray(names)) return null;
  return names.every((name) => typeof name === 'string') ? names : null;
}

/** Reads a whole file. */
export async function readParquet(file: PartFile): Promise<Content> {
  const buffer = await asyncBufferFromFile(file.path);
  const read = await parquetMetadataAsync(buffer);
  const metadata = { ...read, schema: read.schema.map(withOldNotes) };
  const rows = await parquetReadObjects({ file: buffer, metadata, compressors, utf8: false });
  const notes = metadata.key_value_metadata ?? [];
  const [names, { index_columns: indices }] = [noteOf(notes, 'huggingface'), noteOf(notes, 'pandas')];
  const isIndex = (name: string): boolean =>
    /^__index_level_\\d+__$/.test(name) && Array.isArray(indices) && indices.includes(name);
  const columns = parquetSchema(metadata).children.map(({ element: { name } }): Column => ({
    name,
    values: rows.map((row): unknown => row[name]),
    classes: classesOf(names, name),
  }));
  return { file, rowCount: rows.length, columns: columns.filter(({ name }) => !isIndex(name)) };
}

/** Whether a value is a list, be it of numbers in a row. */
function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof Uint8Array));
}

/** The values of nested lists, in order. */
function flatten(value: unknown): unknown[] {
  return isList(value) ? Array.from(value).flatMap(flatten) : [value];
}

/** A value as a field of a table; null for what no table has. */
function wordOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  if (typeof value === 'bigint') return String(Number(value));
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return value.trim();
  if (!(value instanceof Date)) return null;
  return Number.isNaN(Number(value)) ? '' : value.toISOString();
}

/** A column's fields by their name. */
export type Fields = { name: string; words: string[] };

/** A column as one of a table, or one for each place of lists of one length; none for what no table has. */
export function fieldsOf({ name, values, classes }: Column): Fields[] {
  const present = values.filter((value) => value !== null && value !== undefined);
  const lists = values.map((value) => (value === null || value === undefined ? null : flatten(value)));
  const width = lists.find((list) => list !== null)?.length ?? 1;
  if (lists.some((list) => list !== null && list.length !== width)) return [];
  const isFlat = !present.some(isList);
  const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';
  const read = (value: unknown): string | null =>
    isFlat && classes !== null && isNumber(value) ? (classes[Number(value)] ?? '') : wordOf(value);
  const columns = Array.from({ length: width }, (_, at) => lists.map((list) => read(list?.[at])));
  if (columns.flat().includes(null)) return [];
  return columns.map((words, at) => ({
    name: isFlat ? name : \`\${name}[\${String(at)}]\`,
    words: words.map((word) => word ?? ''),
  }));
}

/** The rows of files as those of one table, below the names of its columns, which are those of the first; and what each row is for. */
export async function readParquetRows(files: PartFile[]): Promise<{ rows: string[][]; partOf: Part[] }> {
  const rows: string[][] = [];
  const parts: Part[] = [];
  for (const file of files) {
    const { columns, rowCount } = await readParquet(file);
    const fields = columns.flatMap(fieldsOf);
    if (rows.length === 0) rows.push(fields.map(({ name }) => name));
    const wordsOf = new Map(fields.map(({ name, words }) => [name, words]));
    const [names = []] = rows;
    if (wordsOf.size !== names.length || !names.every((name) => wordsOf.has(name))) {
      throw new Error(\`\${file.name} has other columns than \${files[0]?.name ?? ''}.\`);
    }
    for (let row = 0; row < rowCount; row += 1) {
      rows.push(names.map((name) => wordsOf.get(name)?.[row] ?? ''));
      parts.push(file.part);
    }
  }
  return { rows, partOf: parts };
}
`;
