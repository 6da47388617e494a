import { stat } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { filesDiffer } from '../../shared/diagnostics/catalog/parquet';
import { trainedOnOther } from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { isOfTable } from '../../shared/schema/data';
import type { DataPart } from '../../shared/schema/data';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { findBeside } from '../files/partFile';
import { readFilePartSync } from '../files/regularFile';
import type { Dataset, OpenOptions } from './dataset';
import { decodeFile, decodeImage } from './decode';
import { listTree } from './folder';
import { isReason } from './imageFile';
import type { ParquetTable } from './parquetContent';
import { loadParquetPictures } from './parquetLearning';
import { rowsOf, unpack } from './parquetPictures';
import type { PartFile, PictureRow } from './parquetPictures';
import { tableOfParquet } from './parquetTable';
import type { Pixels } from './resize';
import type { Table } from './table';
import { checkIsTable, datasetOfTable } from './tableDataset';

const parquetName = /\.(parquet|parq|pq)$/i;

/** What names of files and folders say first: `train-00000-of-00002.parquet`, `test/0000.parquet`. */
const partNames: readonly { readonly part: DataPart; readonly name: RegExp }[] = [
  { part: 'train', name: /^train(?![a-z])/i },
  { part: 'validation', name: /^(validation|valid|val|dev)(?![a-z])/i },
  { part: 'test', name: /^test(?![a-z])/i },
];

function partOf(within: string): DataPart | null {
  // The name of the file says more than those of the folders about it.
  for (const name of within.split(sep).reverse()) {
    const found = partNames.find((one) => one.name.test(name));
    if (found !== undefined) return found.part;
  }
  return null;
}

const expected = text(
  'Expected a Parquet file, or a folder with files that end in .parquet.',
  '应为 Parquet 文件，或含有 .parquet 文件的文件夹。',
);

/** The files of a set with the parts that they are for. Parts are such only where there is one to train and another one. */
async function findFiles(path: string): Promise<readonly PartFile[]> {
  const info = await stat(path);
  if (!info.isDirectory()) return [{ path, name: basename(path), part: null }];
  const { files } = await listTree(path);
  const found = files.flatMap((file): PartFile[] =>
    parquetName.test(file.within) ? [{ path: file.path, name: file.within, part: partOf(file.within) }] : [],
  );
  const parts = new Set(found.map(({ part }) => part));
  return parts.has('train') && parts.size > 1 ? found : found.map((file) => ({ ...file, part: null }));
}

/** The tables of several files as one; their columns are those of the first, in whatever order. */
function joinTables(files: readonly PartFile[], contents: readonly ParquetTable[]): Result<Table> {
  const tables = contents.map(tableOfParquet);
  const [first] = tables;
  if (first === undefined || tables.length === 1) return success(first ?? { rows: [], separator: ',' });
  const [names = []] = first.rows;
  const rows: (readonly string[])[] = [names];
  const starts: number[] = [];
  for (const [
    at,
    {
      rows: [own = [], ...body],
    },
  ] of tables.entries()) {
    const places = names.map((name) => own.indexOf(name));
    const missing = names.filter((_, place) => places[place] === -1);
    const more = own.filter((name) => !names.includes(name));
    if (missing.length + more.length > 0) {
      return failure(filesDiffer(files[0]?.name ?? '', files[at]?.name ?? '', [...missing, ...more]));
    }
    starts.push(rows.length - 1);
    const isSame = places.every((place, index) => place === index);
    for (const row of body) rows.push(isSame ? row : places.map((place) => row[place] ?? ''));
  }
  const nameRow = (row: number): string => {
    const at = starts.findLastIndex((start) => start < row);
    return `${files[at]?.name ?? ''} row ${row - (starts[at] ?? 0)}`;
  };
  return success({ ...first, rows, nameRow });
}

/** The data set `parquet:PATH`. */
export async function loadParquet(path: string, options: OpenOptions): Promise<Result<Dataset>> {
  const files = await findFiles(path);
  if (files.length === 0) return failure(dataLayout(path, expected));
  const asTable = isOfTable(options.readAs?.scaling ?? null);
  const unpacked = await unpack(files, asTable);
  if (!unpacked.ok) return unpacked;
  if (unpacked.value.kind === 'pictures') return await loadParquetPictures(path, files, unpacked.value, options);
  const refusal = checkIsTable(options);
  if (refusal !== null) return failure(refusal);
  const contents = unpacked.value.files;
  // All that it has beside its classes cannot be in a table: pictures.
  if (asTable && contents.every(({ columns, leftOut }) => columns.length < 2 && leftOut.length > 0)) {
    return failure(trainedOnOther('table', 'pictures'));
  }
  const table = joinTables(files, contents);
  if (!table.ok) return table;
  const given = contents.flatMap(({ rowCount }, at) =>
    new Array<DataPart | null>(rowCount).fill(files[at]?.part ?? null),
  );
  return datasetOfTable({ table: table.value, spec: `parquet:${path}`, path, given }, options);
}

/** The picture of a row, whether the file holds it or names it; null where there is none. */
async function decodeRow({ file, within, path }: PictureRow, bytesPath: string): Promise<Pixels | Text | null> {
  if (within.length > 0) {
    const bytes = readFilePartSync(bytesPath, within);
    return bytes === null ? null : await decodeImage(Buffer.from(bytes.buffer));
  }
  const lying = path === '' ? 'missing' : findBeside(file.path, path);
  return typeof lying === 'object' ? await decodeFile(lying.path) : null;
}

/** The first picture of a Parquet file that can be read; null where there are none. */
export async function firstParquetPicture(path: string): Promise<Result<Pixels | null>> {
  const files = await findFiles(path);
  if (files.length === 0) return failure(dataLayout(path, expected));
  const unpacked = await unpack(files, false);
  if (!unpacked.ok) return unpacked;
  if (unpacked.value.kind === 'tables') return success(null);
  const { bytesPath } = unpacked.value;
  for (const row of rowsOf(files, unpacked.value)) {
    const pixels = await decodeRow(row, bytesPath);
    if (pixels !== null && !isReason(pixels)) return success(pixels);
  }
  return success(null);
}
