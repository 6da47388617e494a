import Papa from 'papaparse';
import { dataFileTooLarge, quoteNotClosed, tableNotText } from '../../shared/diagnostics/catalog/data';
import { tableIsParquet } from '../../shared/diagnostics/catalog/parquet';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { errorCode } from '../files/fileErrors';
import { isParquet } from './parquetMagic';
import { FileRefusal, readRegularFile } from '../files/regularFile';

/** The fields of a table, trimmed; rows with nothing in them are left out. */
export type Table = {
  readonly rows: readonly (readonly string[])[];
  readonly separator: string;
  /** True where the format itself names the columns: the first row is these names, and no row of the file. */
  readonly hasHeader?: boolean;
  /** What the reader is to know of it. */
  readonly notes?: readonly Diagnostic[];
  /** What a row is called, by its number from 1; absent: that number says it. */
  readonly nameRow?: (row: number) => string;
};

/** Which encoding a text file has: by its byte order mark, else by where its zero bytes are; null for none that is known. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  start.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return 'utf-8';
  // Digits, commas and line ends have one zero byte each in UTF-16, and text in UTF-8 has none at all.
  const few = start.length / 20;
  if (odd > start.length / 4 && even < few) return 'utf-16le';
  return even > start.length / 4 && odd < few ? 'utf-16be' : null;
}

/** The text of a file with all line ends as `\n`; null when the bytes are no text. */
export function decodeText(bytes: Uint8Array): string | null {
  const encoding = encodingOf(bytes);
  if (encoding === null) return null;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    return null;
  }
}

/** Splits CSV (RFC 4180) into rows of fields; whether commas, semicolons or tabs part them is found from the first rows. */
export function parseTable(source: string, path: string): Result<Table> {
  const { data, errors, meta } = Papa.parse<string[]>(source, {
    delimitersToGuess: [',', ';', '\t'],
    newline: '\n',
    skipEmptyLines: 'greedy',
  });
  // Of its other findings one is no fault (a single column has no separator), and the rest cannot be without named fields.
  const open = errors.find(({ type }) => type === 'Quotes');
  if (open !== undefined) return failure(quoteNotClosed(path, source.slice(0, open.index ?? 0).split('\n').length));
  return success({ rows: data.map((row) => row.map((field) => field.trim())), separator: meta.delimiter });
}

/** The table that the bytes of a file are. `name` is for the reader. */
export function tableOf(bytes: Uint8Array, name: string): Result<Table> {
  if (isParquet(bytes)) return failure(tableIsParquet(name));
  const source = decodeText(bytes);
  return source === null ? failure(tableNotText(name)) : parseTable(source, name);
}

/** Reads a file of comma-separated values. */
export async function readTable(path: string): Promise<Result<Table>> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(path, limits.tableBytes);
  } catch (error) {
    if (error instanceof FileRefusal && errorCode(error) === 'EFBIG') {
      return failure(dataFileTooLarge(path, error.sizeBytes, error.limitBytes));
    }
    throw error;
  }
  return tableOf(bytes, path);
}
