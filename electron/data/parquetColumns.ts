import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { ParquetFault } from './parquetFile';
import type { ParquetColumn, ParquetFile } from './parquetFile';

/** A column of a table on its way out of the thread that read it. A row without a value has NaN, or the code -1. */
export type ReadColumn = { readonly name: string } & (
  | {
      readonly numbers: Float64Array<ArrayBuffer>;
      /** Whether whole numbers were too large for a double, which has 53 bits for them. */
      readonly isRounded: boolean;
    }
  | { readonly words: readonly string[]; readonly codes: Int32Array<ArrayBuffer> }
);

/** A column that no table has room for, and why. */
export type LeftOutColumn = { readonly name: string; readonly reason: Text };

const isNested = text('it holds lists or structures', '其中是列表或结构');
const isUneven = text('its lists have different lengths', '其列表长度不一');
const isBytes = text('it holds bytes', '其中是字节');

/** Whether a column can be one of numbers or words, or of lists of such that may all be of one length. */
function isTabular({ tree }: ParquetColumn): boolean {
  let at = tree;
  while (at.children.length === 1) {
    const [child] = at.children;
    if (child === undefined) return false;
    at = child;
  }
  return at.children.length === 0;
}

/** The library's typed arrays are lists of numbers; bytes are a value of their own. */
function isNumbers(value: unknown): value is Iterable<number | bigint> {
  return ArrayBuffer.isView(value) && !(value instanceof Uint8Array) && Symbol.iterator in value;
}

/** All values of nested lists, in order; a structure is none. */
function flatten(value: unknown, into: unknown[]): boolean {
  if (Array.isArray(value)) return value.every((one) => flatten(one, into));
  if (isNumbers(value)) {
    for (const one of value) into.push(one);
    return true;
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return false;
  into.push(value);
  return true;
}

/** Collects the values of one column of a table. */
class Cells {
  readonly name: string;
  readonly #rowCount: number;
  readonly #classes: readonly string[] | null;
  #numbers: Float64Array<ArrayBuffer> | null = null;
  #codes: Int32Array<ArrayBuffer> | null = null;
  readonly #words = new Map<string, number>();
  #isRounded = false;

  constructor(name: string, rowCount: number, classes: readonly string[] | null) {
    this.name = name;
    this.#rowCount = rowCount;
    this.#classes = classes;
  }

  /** Puts a value into a row; false for one that no table holds. */
  put(row: number, value: unknown): boolean {
    if (value === null || value === undefined) return true;
    if (this.#classes !== null && (typeof value === 'number' || typeof value === 'bigint')) {
      const name = this.#classes[Number(value)];
      return name === undefined || this.#putWord(row, name);
    }
    switch (typeof value) {
      case 'number':
        return this.#putNumber(row, value);
      case 'bigint':
        this.#isRounded ||= !Number.isSafeInteger(Number(value));
        return this.#putNumber(row, Number(value));
      case 'boolean':
        return this.#putNumber(row, value ? 1 : 0);
      case 'string':
        return this.#putWord(row, value.trim());
      default:
        return value instanceof Date && this.#putWord(row, Number.isNaN(+value) ? '' : value.toISOString());
    }
  }

  #putNumber(row: number, value: number): boolean {
    if (this.#codes !== null) return this.#putWord(row, String(value));
    this.#numbers ??= new Float64Array(this.#rowCount).fill(NaN);
    this.#numbers[row] = value;
    return true;
  }

  #putWord(row: number, word: string): boolean {
    if (this.#numbers !== null) return false;
    this.#codes ??= new Int32Array(this.#rowCount).fill(-1);
    if (word === '') return true;
    const code = this.#words.get(word) ?? this.#words.size;
    this.#words.set(word, code);
    this.#codes[row] = code;
    return true;
  }

  done(): ReadColumn {
    const { name } = this;
    if (this.#codes !== null) return { name, words: [...this.#words.keys()], codes: this.#codes };
    const numbers = this.#numbers ?? new Float64Array(this.#rowCount).fill(NaN);
    return { name, numbers, isRounded: this.#isRounded };
  }
}

/** Says that a table has more cells than are read; nothing otherwise. */
export function checkCells(rowCount: number, columnCount: number): void {
  if (rowCount * Math.max(1, columnCount) <= limits.tableCells) return;
  throw new ParquetFault(
    `${rowCount} rows of ${columnCount} columns are more than the ${limits.tableCells} cells that are read`,
  );
}

/** Reads a column as one of a table, or as several where each row has a list of the same length. */
async function readOne(
  file: ParquetFile,
  column: ParquetColumn,
  classes: readonly string[] | null,
  taken: number,
): Promise<readonly ReadColumn[] | Text> {
  const isList = column.tree.children.length > 0;
  let cells: Cells[] | null = isList ? null : [new Cells(column.name, file.rowCount, classes)];
  let row = 0;
  const put = (value: unknown): Text | null => {
    if (!isList)
      return cells?.[0]?.put(row, value) === false ? (value instanceof Uint8Array ? isBytes : isNested) : null;
    if (value === null || value === undefined) return null;
    const values: unknown[] = [];
    if (!flatten(value, values)) return isNested;
    if (cells === null) {
      checkCells(file.rowCount, taken + values.length);
      cells = values.map((_, at) => new Cells(`${column.name}[${at}]`, file.rowCount, null));
    }
    if (cells.length !== values.length) return isUneven;
    return cells.every((cell, at) => cell.put(row, values[at])) ? null : isNested;
  };
  for await (const values of file.read(column)) {
    for (const value of values as Iterable<unknown>) {
      const reason = put(value);
      if (reason !== null) return reason;
      row += 1;
    }
  }
  return (cells ?? []).map((cell) => cell.done());
}

/** The columns of a table that a file has, and those that it cannot have. */
export async function readColumns(
  file: ParquetFile,
  classesOf: (column: string) => readonly string[] | null,
): Promise<{ readonly columns: readonly ReadColumn[]; readonly leftOut: readonly LeftOutColumn[] }> {
  checkCells(file.rowCount, file.columns.length);
  const columns: ReadColumn[] = [];
  const leftOut: LeftOutColumn[] = [];
  for (const column of file.columns) {
    const { name } = column;
    const read = isTabular(column) ? await readOne(file, column, classesOf(name), columns.length) : isNested;
    if ('en' in read) leftOut.push({ name, reason: read });
    else columns.push(...read);
  }
  return { columns, leftOut };
}
