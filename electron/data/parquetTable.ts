import { integersRounded, nestedColumnsLeftOut } from '../../shared/diagnostics/catalog/parquet';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { TableInput } from '../../shared/host/api';
import { readFileStart } from '../files/regularFile';
import type { ReadColumn } from './parquetColumns';
import type { ParquetTable } from './parquetContent';
import { isParquet, parquetMagic } from './parquetMagic';
import { readParquet } from './parquetReader';
import { readTable, tableOf } from './table';
import type { Table } from './table';

/** Whole numbers up to this are mostly pixels and classes, and share their words: a table of digits has tens of millions. */
const sharedWords = Array.from({ length: 1024 }, (_, value) => String(value));

function wordOf(value: number): string {
  // Not -0, whose place in the list is that of 0.
  return sharedWords[value] ?? (Number.isNaN(value) ? '' : String(value));
}

/** The words that a column has in its rows, as a table of text has them. */
export function fieldsOf(column: ReadColumn): (row: number) => string {
  if ('numbers' in column) {
    const { numbers } = column;
    return (row) => wordOf(numbers[row] ?? NaN);
  }
  const { words, codes } = column;
  return (row) => words[codes[row] ?? -1] ?? '';
}

/** The rows of a Parquet file as those of a table of text, so that all tables are read by the same rules. */
export function tableOfParquet({ rowCount, columns, leftOut }: ParquetTable): Table {
  const fields = columns.map(fieldsOf);
  const rows: (readonly string[])[] = [columns.map(({ name }) => name)];
  for (let row = 0; row < rowCount; row++) rows.push(fields.map((field) => field(row)));
  const rounded = columns.flatMap((column) => ('numbers' in column && column.isRounded ? [column.name] : []));
  return {
    rows,
    separator: ',',
    hasHeader: true,
    notes: [
      ...(leftOut.length > 0 ? [nestedColumnsLeftOut(leftOut)] : []),
      ...(rounded.length > 0 ? [integersRounded(rounded)] : []),
    ],
  };
}

/** Reads a table of either kind: its first bytes say which it is. Throws the file system's error. */
export async function readAnyTable(input: TableInput): Promise<Result<Table>> {
  const start = 'bytes' in input ? input.bytes : (await readFileStart(input.path, parquetMagic.length)).bytes;
  const name = 'bytes' in input ? input.name : input.path;
  if (!isParquet(start)) return 'bytes' in input ? tableOf(input.bytes, name) : await readTable(input.path);
  const source = 'bytes' in input ? { bytes: input.bytes } : { path: input.path };
  const read = await readParquet({ source, pictures: null }, name);
  if (!read.ok) return read;
  // No pictures are made where none are asked for.
  return success(tableOfParquet(read.value as ParquetTable));
}
