import type { Task } from '../../shared/schema/data';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { SkipLog } from './dataset';
import type { Table } from './table';

/** Whole numbers with at most this many different values are taken for classes. */
const maxNumberClasses = 20;
/** Of a column of values that so many are numbers, the others are slips and no classes. */
const mostlyNumbers = 0.9;
const largestFloat32 = 3.4028234663852886e38;

/** What tables write where there is no value. */
const missing = /^(?:|n\/?a|#n\/a|nan|null|none|nil|missing|\?|\.|-+)$/i;

type Rows = Table['rows'];

/** Whether a field says that there is no value. */
export function isMissing(field: string): boolean {
  return missing.test(field);
}

/** Reads the numbers of a table: with a decimal comma where the comma does not part the fields. */
export type ReadNumber = (field: string) => number | null;

export function numberReader(separator: string): ReadNumber {
  return (field) => {
    if (field === '') return null;
    const value = Number(separator === ',' ? field : field.replace(/^([-+]?\d+),(\d+)$/, '$1.$2'));
    return Number.isFinite(value) && Math.abs(value) <= largestFloat32 ? value : null;
  };
}

/** Whether the first row names the columns: it is all words, names a target, or has a word above numbers. */
export function hasHeader(rows: Rows, readNumber: ReadNumber, targetNames: readonly string[]): boolean {
  const [first = [], ...rest] = rows;
  if (rest.length === 0) return false;
  const isWord = (field: string): boolean => readNumber(field) === null;
  if (first.every(isWord) || first.some((name) => targetNames.includes(name.toLowerCase()))) return true;
  return first.some((field, column) => isWord(field) && isNumeric(rest, column, readNumber));
}

/** Whether at least half of what stands in a column are numbers. */
export function isNumeric(rows: Rows, column: number, readNumber: ReadNumber): boolean {
  let present = 0;
  let numbers = 0;
  for (const row of rows) {
    const field = row[column] ?? '';
    if (missing.test(field)) continue;
    present += 1;
    if (readNumber(field) !== null) numbers += 1;
  }
  return present > 0 && numbers * 2 >= present;
}

/** What a column asks to be learned: `classes` null for values. `read` gives a row's class or value; null for a row without one. */
export type Target = {
  readonly classes: readonly string[] | null;
  /** True for classes that are whole numbers. */
  readonly hasNumberClasses: boolean;
  readonly read: (field: string) => number | null;
};

/**
 * Classes where the column has words or a few whole numbers, else values. A single `N/A` among numbers makes no classes of them: it is
 * a row without an answer. What a model predicts decides for its data: `task` overrules the column.
 */
export function findTarget(fields: readonly string[], readNumber: ReadNumber, task?: Task): Target {
  const values: Target = { classes: null, hasNumberClasses: false, read: readNumber };
  if (task === 'regression') return values;
  const present = fields.filter((field) => !missing.test(field));
  const numbers = present.filter((field) => readNumber(field) !== null);
  const distinct = new Set(numbers.map((field) => readNumber(field) ?? 0));
  const hasManyValues = distinct.size > maxNumberClasses;
  const areNumbers =
    task === undefined &&
    numbers.length > 0 &&
    (numbers.length === present.length || (hasManyValues && numbers.length >= mostlyNumbers * present.length));
  if (!areNumbers)
    return classTarget(
      fields.filter((field) => field !== ''),
      false,
    );
  if (hasManyValues || [...distinct].some((value) => !Number.isInteger(value))) {
    return values;
  }
  return classTarget(numbers, true);
}

function classTarget(fields: readonly string[], hasNumberClasses: boolean): Target {
  const classes = [...new Set(fields)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return { classes, hasNumberClasses, read: (field) => indexOf.get(field) ?? null };
}

/** The rows that can be used: doubles until they are standardised, because a float32 loses the small part of a large number. */
export type TableValues = {
  readonly count: number;
  readonly features: Float64Array;
  /** `[rows, columns to learn]`; empty where no column is to be learned. */
  readonly targets: readonly number[];
  /** Which row of the file each of them is, from 1. */
  readonly rows: readonly number[];
};

/** What is read of each row. */
export type RowForm = {
  readonly columns: readonly number[];
  /** The columns to learn, and what a field of them says; null to predict. */
  readonly answer: { readonly columns: readonly number[]; readonly read: Target['read'] } | null;
  /** Fields in a whole row. */
  readonly width: number;
  /** What the first of the rows is called. */
  readonly firstRow: number;
  readonly nameRow: (row: number) => string;
  readonly readNumber: ReadNumber;
  readonly skipped: SkipLog;
};

/** What the reader is told that a row is called, by its number in the file. */
export function nameRow(row: number): string {
  return `row ${row}`;
}

function whyNoNumber(field: string, column: number): Text {
  if (missing.test(field)) return text(`column ${column} has no value`, `第 ${column} 列没有值`);
  if (Math.abs(Number(field)) > largestFloat32) {
    return text(
      `column ${column} has ${field}, more than a 32-bit float holds`,
      `第 ${column} 列的 ${field} 超出 32 位浮点数的范围`,
    );
  }
  return text(`column ${column} is not a number`, `第 ${column} 列不是数字`);
}

function noAnswer(field: string): Text {
  const what = field === '' ? text('nothing', '没有内容') : text(JSON.stringify(field), JSON.stringify(field));
  return text(`${what.en} in the column to learn`, `学习目标列中${what.zh}`);
}

/** Reads the features and the answer of each row; a row with a gap is named and left out. */
export function readRows(rows: Rows, form: RowForm): TableValues {
  const { columns, answer, width, firstRow, readNumber, skipped } = form;
  const features = new Float64Array(rows.length * columns.length);
  const targets: number[] = [];
  const kept: number[] = [];
  rows.forEach((row, index) => {
    const name = form.nameRow(index + firstRow);
    if (row.length !== width) {
      skipped.add(name, text(`${row.length} fields instead of ${width}`, `${row.length} 个字段，应为 ${width} 个`));
      return;
    }
    const bad = columns.find((column) => readNumber(row[column] ?? '') === null);
    if (bad !== undefined) {
      skipped.add(name, whyNoNumber(row[bad] ?? '', bad + 1));
      return;
    }
    if (answer !== null) {
      const own = answer.columns.map((column) => answer.read(row[column] ?? ''));
      const values = own.filter((value) => value !== null);
      if (values.length < own.length) {
        skipped.add(name, noAnswer(row[answer.columns[own.indexOf(null)] ?? 0] ?? ''));
        return;
      }
      targets.push(...values);
    }
    columns.forEach((column, at) => {
      features[kept.length * columns.length + at] = readNumber(row[column] ?? '') ?? 0;
    });
    kept.push(index + firstRow);
  });
  return { count: kept.length, features: features.subarray(0, kept.length * columns.length), targets, rows: kept };
}
