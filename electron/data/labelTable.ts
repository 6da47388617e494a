import { basename } from 'node:path';
import { labelColumnOdd, labelTableEmpty } from '../../shared/diagnostics/catalog/labels';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataPart } from '../../shared/schema/data';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { imageFileName } from './imageFile';
import type { Table } from './table';

/** What a table of labels beside pictures is called. */
export const labelTableName = 'labels.csv';

/** A row of a table of labels. */
export type LabelRow = {
  /** As the table has it. */
  readonly file: string;
  /** Its number in the file, from 1. */
  readonly row: number;
  /** What a column says that the row is for; null where none does. */
  readonly part: DataPart | null;
  /** Classes by their places, each once; or why they are of no use. */
  readonly set: readonly number[] | Text;
};

/** A table of labels, read. */
export type LabelTable = {
  readonly classes: readonly string[];
  readonly rows: readonly LabelRow[];
  /** What parts the names in its one column of labels; null where each class has a column. */
  readonly separator: LabelSeparator | null;
};

/** What parts the names of several classes in one field, in the order in which it is looked for. */
const separators = [';', '|', ',', ' '] as const;

/** One of {@link separators}. */
export type LabelSeparator = (typeof separators)[number];

const partColumns: readonly string[] = ['split', 'part', 'set', 'subset'];
const partWords: { readonly [word: string]: DataPart } = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
};

const yes: readonly string[] = ['1', '1.0', 'true', 'yes'];
const no: readonly string[] = ['0', '0.0', 'false', 'no'];

/** What a field says of a class: whether it is there; null for what says neither. */
export function yesOrNo(field: string): boolean | null {
  const word = field.toLowerCase();
  return yes.includes(word) ? true : no.includes(word) ? false : null;
}

/** What fields of a file's column look like in a header. */
const fileHeads = /file|image|picture|path|photo|name|^id$/i;

/** Which column has the names of files: the one in which most of them are, else the one that is called so, else the first. */
function fileColumnOf(rows: Table['rows'], isFile: (field: string) => boolean): number {
  const [head = []] = rows;
  const looked = rows.slice(0, 200);
  const hits = head.map((_, column) => looked.filter((row) => isFile(row[column] ?? '')).length);
  const most = Math.max(0, ...hits);
  if (most > 0) return hits.indexOf(most);
  const likely = head.findIndex((_, column) => looked.some((row) => imageFileName.test(row[column] ?? '')));
  if (likely >= 0) return likely;
  return Math.max(
    0,
    head.findIndex((name) => fileHeads.test(name)),
  );
}

type Body = { readonly body: Table['rows']; readonly firstRow: number; readonly head: readonly string[] | null };

/** A first row that is no picture's and says no yes or no is a header. */
function bodyOf(rows: Table['rows'], fileColumn: number, isFile: (field: string) => boolean): Body {
  const [first = []] = rows;
  const others = first.filter((_, column) => column !== fileColumn);
  const file = first[fileColumn] ?? '';
  const isRow = isFile(file) || imageFileName.test(file) || others.some((field) => yesOrNo(field) !== null);
  return isRow ? { body: rows, firstRow: 1, head: null } : { body: rows.slice(1), firstRow: 2, head: first };
}

function partsIn({ body, head }: Body): { readonly column: number | null } {
  const column = head?.findIndex((name) => partColumns.includes(name.toLowerCase())) ?? -1;
  const isPart = column >= 0 && body.every((row) => Object.hasOwn(partWords, (row[column] ?? '').toLowerCase()));
  return { column: isPart ? column : null };
}

/** What parts the names of one column, by what stands between them. */
function separatorOf(fields: readonly string[]): LabelSeparator {
  return separators.find((separator) => fields.some((field) => field.includes(separator))) ?? ';';
}

const wrongWidth = (found: number, wanted: number): Text =>
  text(`it has ${found} fields where the others have ${wanted}`, `有 ${found} 个字段，其他行有 ${wanted} 个`);

function neither(column: string, field: string): Text {
  return field === ''
    ? text(`${column} is empty, and neither 0 nor 1`, `${column} 为空，既不是 0 也不是 1`)
    : text(`${column} is ${field}, and neither 0 nor 1`, `${column} 为 ${field}，既不是 0 也不是 1`);
}

/** The classes of one column of names: each name that comes, in the order of the alphabet. */
function namesIn(
  body: Table['rows'],
  column: number,
): Pick<LabelTable, 'classes' | 'separator'> & {
  readonly setOf: (row: readonly string[]) => readonly number[];
} {
  const fields = body.map((row) => row[column] ?? '');
  const separator = separatorOf(fields);
  const split = (field: string): readonly string[] =>
    field
      .split(separator)
      .map((name) => name.trim())
      .filter((name) => name !== '');
  const classes = [...new Set(fields.flatMap(split))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const places = new Map(classes.map((name, index) => [name, index]));
  const setOf = (row: readonly string[]): readonly number[] =>
    [...new Set(split(row[column] ?? ''))].map((name) => places.get(name) ?? 0).sort((a, b) => a - b);
  return { classes, separator, setOf };
}

/** The first column in most of whose rows neither a yes nor a no stands: it is about no class. */
function oddColumn(body: Table['rows'], columns: readonly number[]): number | undefined {
  return columns.find((column) => {
    const others = body.filter((row) => yesOrNo(row[column] ?? '') === null).length;
    return others > body.length / 2;
  });
}

/**
 * Takes a table of labels apart: a column of file names, and either a column of 0 and 1 for each class, or one of names that `;`, `|`, `,`
 * or spaces part; a column `split` of train, val and test says what rows are for. `isFile`: whether a field names a picture that is there.
 */
export function readLabelTable({ rows }: Table, path: string, isFile: (field: string) => boolean): Result<LabelTable> {
  const width = rows[0]?.length ?? 0;
  if (width < 2) return failure(labelTableEmpty(path));
  const fileColumn = fileColumnOf(rows, isFile);
  const split = bodyOf(rows, fileColumn, isFile);
  const { body, firstRow, head } = split;
  const { column: partColumn } = partsIn(split);
  const columns = Array.from({ length: width }, (_, column) => column).filter(
    (column) => column !== fileColumn && column !== partColumn,
  );
  const [only, ...more] = columns;
  if (body.length === 0 || only === undefined) return failure(labelTableEmpty(path));
  const nameOf = (column: number): string => head?.[column] || String(columns.indexOf(column) + 1);
  const odd = oddColumn(body, columns);
  const names = more.length === 0 && odd !== undefined ? namesIn(body, only) : null;
  if (names === null && odd !== undefined) {
    const field = body.map((row) => row[odd] ?? '').find((one) => yesOrNo(one) === null) ?? '';
    return failure(labelColumnOdd(path, nameOf(odd), field));
  }
  const yesSet = (row: readonly string[]): readonly number[] | Text => {
    const unknown = columns.find((column) => yesOrNo(row[column] ?? '') === null);
    if (unknown !== undefined) return neither(nameOf(unknown), row[unknown] ?? '');
    return columns.flatMap((column, index) => (yesOrNo(row[column] ?? '') === true ? [index] : []));
  };
  return success({
    classes: names?.classes ?? columns.map(nameOf),
    separator: names?.separator ?? null,
    rows: body.map((row, at) => ({
      file: row[fileColumn] ?? '',
      row: firstRow + at,
      part: partColumn === null ? null : (partWords[(row[partColumn] ?? '').toLowerCase()] ?? null),
      set: row.length === width ? (names?.setOf ?? yesSet)(row) : wrongWidth(row.length, width),
    })),
  });
}

/** Pictures by what a table may call them: the path from its folder, their name alone, either without its end. */
export type PictureNames<P> = (name: string) => P | 'several' | undefined;

/** See {@link PictureNames}; `within`: the path of each picture from the folder of the table. */
export function pictureNames<P extends { readonly within: string }>(pictures: readonly P[]): PictureNames<P> {
  const byName = new Map<string, P | 'several'>();
  const withoutEnd = (name: string): string => name.replace(imageFileName, '');
  const add = (nameOf: (path: string) => string): void => {
    const own = new Map<string, P | 'several'>();
    for (const picture of pictures) {
      const name = nameOf(picture.within.replaceAll('\\', '/'));
      own.set(name, own.has(name) ? 'several' : picture);
    }
    // What is surer was added before.
    for (const [name, picture] of own) if (!byName.has(name)) byName.set(name, picture);
  };
  add((path) => path);
  add(withoutEnd);
  add((path) => basename(path));
  add((path) => withoutEnd(basename(path)));
  return (name) => byName.get(name.replaceAll('\\', '/').replace(/^\.\//, ''));
}
