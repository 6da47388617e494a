import { closeSync, fstatSync, openSync } from 'node:fs';
import { brotliDecompressSync, unzipSync } from 'node:zlib';
import { parquetMetadata, parquetScan, parquetSchema } from 'hyparquet';
import type {
  AsyncBuffer,
  CompressionCodec,
  Compressors,
  DecodedArray,
  FileMetaData,
  SchemaElement,
  SchemaTree,
} from 'hyparquet';
import { compressors as ownCompressors, decompressZstd } from 'hyparquet-compressors';
import { limits } from '../../shared/schema/limits';
import { errorText } from '../../shared/text';
import { errorCode } from '../files/fileErrors';
import { readPartSync } from '../files/regularFile';
import { isParquet, parquetMagic as magic } from './parquetMagic';

/** What is wrong with a Parquet file, in words that its reader is told. */
export class ParquetFault extends Error {}

/** A file that would grow beyond all measure when it is unpacked. Sizes in bytes. */
export class ParquetBomb extends Error {
  readonly unpackedBytes: number;

  constructor(unpackedBytes: number) {
    super(`it would grow to ${unpackedBytes} bytes`);
    this.unpackedBytes = unpackedBytes;
  }
}

/** The magic of one whose list of columns is encrypted. */
const encryptedMagic = 'PARE';
const tailBytes = 8;
/** All pages together may unpack to so many times the file, and to {@link freeBytes} whatever its size. */
const mostGrowth = 256;
const freeBytes = 1024 ** 3;

/** A column as the file declares it; a nested one has a tree of parts. */
export type ParquetColumn = {
  readonly name: string;
  readonly tree: SchemaTree;
  /** Of the file, only what belongs to this column: so that ten thousand columns are not looked through ten thousand times. */
  readonly own: FileMetaData;
};

/** An opened Parquet file. */
export type ParquetFile = {
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly columns: readonly ParquetColumn[];
  /** What programs have written down beside the columns, by its key. */
  readonly notes: ReadonlyMap<string, string>;
  /** The values of a column, row group by row group: as many together as there are rows. */
  read(column: ParquetColumn): AsyncGenerator<DecodedArray>;
  readonly close: () => void;
};

/** Bytes on disk or in memory. */
export type ParquetSource = { readonly path: string } | { readonly bytes: Uint8Array };

type Opened = {
  readonly sizeBytes: number;
  readonly slice: (start: number, end: number) => ArrayBuffer;
  readonly close: () => void;
};

function openSource(source: ParquetSource): Opened {
  if ('bytes' in source) {
    const { bytes } = source;
    return {
      sizeBytes: bytes.length,
      slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
      close: () => undefined,
    };
  }
  const file = openSync(source.path, 'r');
  return {
    sizeBytes: fstatSync(file).size,
    slice: (start, end) => {
      const part = readPartSync(file, { start, length: end - start });
      if (part === null) throw new ParquetFault('the file ends too early');
      return part.buffer;
    },
    close: () => closeSync(file),
  };
}

/** A file as the library takes it. No place that a footer names is believed before it is held against the file's size. */
function bufferOf({ sizeBytes, slice }: Opened): AsyncBuffer {
  return {
    byteLength: sizeBytes,
    slice: (start, end = sizeBytes) => {
      if (!(start >= 0 && start <= end && end <= sizeBytes)) {
        throw new ParquetFault(`it says that a column is at bytes ${start} to ${end} of its ${sizeBytes}`);
      }
      return slice(start, end);
    },
  };
}

/**
 * The library's ways to unpack. Those of Zstandard, gzip and Brotli would take what room and time the packed bytes ask for, and not the page:
 * 317 bytes of Brotli are 200 MB.
 */
const allCompressors: Compressors = {
  ...ownCompressors,
  ZSTD: (input, outputLength) => decompressZstd(input, new Uint8Array(outputLength)),
  GZIP: (input, outputLength) => unzipSync(input, { maxOutputLength: outputLength }),
  BROTLI: (input, outputLength) => brotliDecompressSync(input, { maxOutputLength: outputLength }),
};

/** Unpacks a page. What is behind its end is not looked at. */
function unpackPage(codec: CompressionCodec, input: Uint8Array, outputLength: number): Uint8Array {
  if (outputLength === 0) return new Uint8Array();
  try {
    const page = allCompressors[codec]?.(input, outputLength) ?? new Uint8Array();
    // No Buffer, whose slices are no copies.
    return new Uint8Array(page.buffer, page.byteOffset, page.length);
  } catch (error) {
    const isMore = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    const reason = isMore ? 'there is more in it' : errorText(error);
    throw new ParquetFault(`a page of ${outputLength} bytes cannot be unpacked by ${codec}: ${reason}`);
  }
}

/** The ways to unpack a page of a file of so many bytes: each is held to what a page may be, and all to what a file may become. */
export function boundedCompressors(sizeBytes: number): Compressors {
  let unpacked = 0;
  // The keys are those of the library's own table.
  const bounded = (Object.keys(allCompressors) as CompressionCodec[]).map((codec) => [
    codec,
    (input: Uint8Array, outputLength: number): Uint8Array => {
      unpacked += outputLength;
      if (outputLength > limits.parquetPageBytes) throw new ParquetBomb(outputLength);
      if (unpacked > freeBytes + mostGrowth * sizeBytes) throw new ParquetBomb(unpacked);
      return unpackPage(codec, input, outputLength);
    },
  ]);
  return Object.fromEntries(bounded) as Compressors;
}

function readFooter({ sizeBytes, slice }: Opened): FileMetaData {
  if (sizeBytes < magic.length + tailBytes) throw new ParquetFault('the file ends too early');
  const tail = Buffer.from(slice(sizeBytes - tailBytes, sizeBytes));
  const end = tail.toString('latin1', 4);
  if (end === encryptedMagic) throw new ParquetFault('it is encrypted');
  const start = new Uint8Array(slice(0, magic.length));
  if (!isParquet(start)) throw new ParquetFault(`it does not begin with ${magic}, so it is no Parquet file`);
  if (end !== magic) throw new ParquetFault('the file ends too early: the list of its columns is missing');
  const footerBytes = tail.readUInt32LE(0);
  if (footerBytes > sizeBytes - tailBytes - magic.length) {
    throw new ParquetFault(`the list of its columns is to have ${footerBytes} bytes, more than the file`);
  }
  if (footerBytes > limits.parquetFooterBytes) {
    throw new ParquetFault(`the list of its columns has ${footerBytes} bytes; ${limits.parquetFooterBytes} are read`);
  }
  return parquetMetadata(slice(sizeBytes - tailBytes - footerBytes, sizeBytes), { geoparquet: false });
}

/** The library reads decimals and dates by the older of two notes, and some writers leave only the newer one. */
function withOldNotes(element: SchemaElement): SchemaElement {
  const logical = element.logical_type;
  if (element.converted_type !== undefined || logical === undefined) return element;
  if (logical.type === 'DATE') return { ...element, converted_type: 'DATE' };
  if (logical.type !== 'DECIMAL') return element;
  return { ...element, converted_type: 'DECIMAL', scale: logical.scale, precision: logical.precision };
}

function leafCount({ children }: SchemaTree): number {
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + leafCount(child), 0);
}

/** Refuses columns that are nested deeper than any program writes them: whoever walks them calls itself for each level. */
function checkDepth(schema: readonly SchemaElement[]): void {
  /** Of each open level, how many children are still to come. */
  const open: number[] = [];
  for (const { num_children: children = 0 } of schema) {
    if (children > 0) open.push(children);
    if (open.length > limits.parquetDepth + 1) {
      throw new ParquetFault(`its columns are nested more than ${limits.parquetDepth} deep`);
    }
    if (children > 0) continue;
    while (open.length > 0) {
      const left = (open.pop() ?? 0) - 1;
      if (left > 0) {
        open.push(left);
        break;
      }
    }
  }
}

function columnsOf(metadata: FileMetaData): readonly ParquetColumn[] {
  const schema = metadata.schema.map(withOldNotes);
  const [root] = schema;
  if (root === undefined) throw new ParquetFault('it has no columns');
  checkDepth(schema);
  let element = 1;
  let leaf = 0;
  return parquetSchema({ ...metadata, schema }).children.map((tree): ParquetColumn => {
    const { name } = tree.element;
    const [from, to] = [leaf, leaf + leafCount(tree)];
    const own = {
      ...metadata,
      schema: [{ ...root, num_children: 1 }, ...schema.slice(element, element + tree.count)],
      row_groups: metadata.row_groups.map((group) => ({ ...group, columns: group.columns.slice(from, to) })),
    };
    element += tree.count;
    leaf = to;
    return { name, tree, own };
  });
}

function countRows({ num_rows: declared, row_groups: groups }: FileMetaData): number {
  const rowCount = Number(declared);
  const inGroups = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (!groups.every((group) => group.num_rows >= 0n) || inGroups !== rowCount) {
    throw new ParquetFault(`it says that it has ${rowCount} rows, and its parts have ${inGroups}`);
  }
  return rowCount;
}

async function* readColumn(
  file: AsyncBuffer,
  compressors: Compressors,
  { name, own }: ParquetColumn,
): AsyncGenerator<DecodedArray> {
  for (const group of own.row_groups) {
    const rowCount = Number(group.num_rows);
    if (rowCount === 0) continue;
    if (group.columns.some(({ meta_data: data }) => data?.path_in_schema[0] !== name)) {
      throw new ParquetFault(`a part of it has no column ${name}`);
    }
    const scan = await parquetScan({
      file,
      metadata: { ...own, num_rows: group.num_rows, row_groups: [group] },
      compressors,
      utf8: false,
      useOffsetIndex: false,
      geoparquet: false,
    });
    const values = await scan.readColumn({ column: name, rowStart: 0, rowEnd: rowCount });
    if (values.length !== rowCount) {
      throw new ParquetFault(`column ${name} has ${values.length} values for ${rowCount} rows`);
    }
    yield values;
  }
}

/** Opens a Parquet file. Throws a {@link ParquetFault} or {@link ParquetBomb}, and whatever the library finds. */
export function openParquet(source: ParquetSource): ParquetFile {
  const opened = openSource(source);
  try {
    const metadata = readFooter(opened);
    const compressors = boundedCompressors(opened.sizeBytes);
    const file = bufferOf(opened);
    return {
      rowCount: countRows(metadata),
      sizeBytes: opened.sizeBytes,
      columns: columnsOf(metadata),
      notes: new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value ?? ''])),
      read: (column) => readColumn(file, compressors, column),
      close: opened.close,
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}
