import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { filesDiffer } from '../../shared/diagnostics/catalog/parquet';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataPart } from '../../shared/schema/data';
import type { FilePart } from '../files/regularFile';
import type { ParquetPictures, ParquetTable } from './parquetContent';
import { readParquet } from './parquetReader';
import { fieldsOf } from './parquetTable';
import { keep, keptPaths, makeRoom, partPath, storeDir } from './pictureStore';

/** A file of a set, and what its name says that it is for; null where it does not. */
export type PartFile = { readonly path: string; readonly name: string; readonly part: DataPart | null };

/** The pictures of one file, as they are kept. */
export type KeptFile = Pick<ParquetPictures, 'imageColumn' | 'names' | 'classes' | 'unused'> & {
  readonly lengths: readonly number[];
  /** A second column of pictures, and how many bytes each of these has; null where there is none. */
  readonly besideColumn: string | null;
  readonly besideLengths: readonly number[] | null;
  readonly labelColumn: string | null;
  /** Of each row; '' where it has none. */
  readonly labels: readonly string[];
};

/** The pictures of all files of a set, file by file, and the file where their bytes lie one behind the other. */
export type UnpackedPictures = {
  readonly kind: 'pictures';
  readonly bytesPath: string;
  readonly files: readonly KeptFile[];
};
/** Files that are no pictures. */
export type UnpackedTables = { readonly kind: 'tables'; readonly files: readonly ParquetTable[] };

/** Changes when what is kept of a file does. */
const unpackVersion = 2;

function total(lengths: Iterable<number>): number {
  let sum = 0;
  for (const length of lengths) sum += length;
  return sum;
}

function keptFile({ lengths, names, imageColumn, beside, labels, classes, unused }: ParquetPictures): KeptFile {
  const field = labels === null ? null : fieldsOf(labels);
  return {
    imageColumn,
    names,
    classes,
    unused,
    lengths: [...lengths],
    besideColumn: beside?.column ?? null,
    besideLengths: beside === null ? null : [...beside.lengths],
    labelColumn: labels?.name ?? null,
    labels: names.map((_, row) => field?.(row) ?? ''),
  };
}

async function keyOf(files: readonly PartFile[]): Promise<{ readonly key: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256').update(`parquet ${unpackVersion}`);
  let sizeBytes = 0;
  for (const { path } of files) {
    const { size, mtimeMs } = await stat(path);
    hash.update(JSON.stringify([path, size, mtimeMs]));
    sizeBytes += size;
  }
  return { key: hash.digest('hex').slice(0, 40), sizeBytes };
}

/** Reads all files in turn: what the first one is, all are to be. */
async function unpackAll(
  files: readonly PartFile[],
  into: { readonly path: string; readonly mostBytes: number },
): Promise<Result<{ readonly pictures: readonly KeptFile[]; readonly tables: readonly ParquetTable[] }>> {
  const pictures: KeptFile[] = [];
  const tables: ParquetTable[] = [];
  let mostBytes = into.mostBytes;
  for (const { path, name } of files) {
    const asPictures = tables.length > 0 ? null : { path: into.path, mostBytes };
    const read = await readParquet({ source: { path }, pictures: asPictures }, path);
    if (!read.ok) return read;
    if (read.value.kind === 'table') {
      const [first] = pictures;
      if (first !== undefined) return failure(filesDiffer(files[0]?.name ?? '', name, [first.imageColumn]));
      tables.push(read.value);
    } else {
      const { lengths, beside } = read.value;
      const [first] = pictures;
      if (first !== undefined && first.besideColumn !== (beside?.column ?? null)) {
        const column = beside?.column ?? first.besideColumn ?? '';
        return failure(filesDiffer(files[0]?.name ?? '', name, [column]));
      }
      pictures.push(keptFile(read.value));
      mostBytes -= total(lengths) + total(beside?.lengths ?? []);
    }
  }
  return success({ pictures, tables });
}

/**
 * Reads the files of a set. The bytes of pictures are written into the cache once, where each can be read alone: a Parquet file has to be
 * unpacked by the hundred. `asTables`: they are tables, whatever they hold.
 */
export async function unpack(
  files: readonly PartFile[],
  asTables: boolean,
): Promise<Result<UnpackedPictures | UnpackedTables>> {
  if (asTables) {
    const tables: ParquetTable[] = [];
    for (const { path } of files) {
      const read = await readParquet({ source: { path }, pictures: null }, path);
      if (!read.ok) return read;
      if (read.value.kind === 'table') tables.push(read.value);
    }
    return success({ kind: 'tables', files: tables });
  }
  const dir = await storeDir();
  const { key, sizeBytes } = await keyOf(files);
  const { index, bytes } = keptPaths(dir, key);
  // Written below, under the digest of its version and of all that it depends on.
  const kept = await readFile(index, 'utf8')
    .then(async (source) => ((await stat(bytes)).isFile() ? (JSON.parse(source) as readonly KeptFile[]) : null))
    .catch(() => null);
  if (kept !== null) return success({ kind: 'pictures', bytesPath: bytes, files: kept });
  const part = partPath(dir, key);
  try {
    const read = await unpackAll(files, { path: part, mostBytes: await makeRoom(dir, sizeBytes) });
    if (!read.ok) return read;
    const { pictures, tables } = read.value;
    if (tables.length > 0) return success({ kind: 'tables', files: tables });
    await keep(dir, key, part, pictures);
    return success({ kind: 'pictures', bytesPath: bytes, files: pictures });
  } finally {
    // Gone already where it was kept.
    await rm(part, { force: true });
  }
}

/** A row of a set: where the bytes of its pictures are, and what stands in the column that can be learned. */
export type PictureRow = {
  readonly file: PartFile;
  /** What it is called: as its picture was as a file, where that tells rows apart, else by its number. */
  readonly name: string;
  readonly label: string;
  readonly within: FilePart;
  /** Of a second picture; absent where the set has no column of such. */
  readonly beside?: FilePart;
  /** What its picture is called as a file: where it has no bytes, it lies there; '' where nobody said. */
  readonly path: string;
};

/** All rows of a set, file by file. */
export function rowsOf(files: readonly PartFile[], { files: kept }: UnpackedPictures): readonly PictureRow[] {
  const own = kept.flatMap(({ names }) => names);
  const areNames = own.every((name) => name !== '') && new Set(own).size === own.length;
  const rows: PictureRow[] = [];
  let start = 0;
  kept.forEach(({ names, labels, lengths, besideLengths }, at) => {
    const file = files[at];
    if (file === undefined) return;
    let besideStart = start + total(lengths);
    names.forEach((name, row) => {
      const length = lengths[row] ?? 0;
      const besideLength = besideLengths?.[row] ?? 0;
      const place = files.length > 1 ? `${file.name} row ${row + 1}` : `row ${row + 1}`;
      const beside = besideLengths === null ? {} : { beside: { start: besideStart, length: besideLength } };
      const label = labels[row] ?? '';
      rows.push({
        file,
        name: areNames ? name : place,
        label,
        within: { start, length },
        ...beside,
        path: name,
      });
      start += length;
      besideStart += besideLength;
    });
    start = besideStart;
  });
  return rows;
}
