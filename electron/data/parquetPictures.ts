import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { filesDiffer, pictureClassesMissing, pictureColumns } from '../../shared/diagnostics/catalog/parquet';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { DataPart } from '../../shared/schema/data';
import { text } from '../../shared/text';
import { readPartSync } from '../files/regularFile';
import type { FilePart } from '../files/regularFile';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { headerBytes, headerOf } from './folder';
import { cutOff, isReason, reasonOf } from './imageFile';
import type { ImageHeader } from './imageFile';
import { loadClassedPictures } from './images';
import type { ParquetPictures, ParquetTable } from './parquetContent';
import { readParquet } from './parquetReader';
import { fieldsOf } from './parquetTable';
import { keep, keptPaths, makeRoom, partPath, storeDir } from './pictureStore';
import type { FoundPicture } from './pictureParts';
import type { Text } from '../../shared/text';

/** A file of a set, and what its name says that it is for; null where it does not. */
export type PartFile = { readonly path: string; readonly name: string; readonly part: DataPart | null };

/** The pictures of one file, as they are kept. */
type KeptFile = Pick<ParquetPictures, 'imageColumn' | 'names' | 'classes' | 'unused'> & {
  readonly lengths: readonly number[];
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
const unpackVersion = 1;
/** Values of which more than half of the pictures have one of their own are no classes; so few are, whatever they are. */
const fewClasses = 20;

function keptFile({ lengths, names, imageColumn, labels, classes, unused }: ParquetPictures): KeptFile {
  const field = labels === null ? null : fieldsOf(labels);
  return {
    imageColumn,
    names,
    classes,
    unused,
    lengths: [...lengths],
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
      pictures.push(keptFile(read.value));
      mostBytes -= read.value.lengths.reduce((sum, length) => sum + length, 0);
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

type Row = { readonly file: PartFile; readonly name: string; readonly label: string; readonly within: FilePart };

/** What pictures are called: as they were as files, where that tells them apart, else by their rows. */
function rowsOf(files: readonly PartFile[], { files: kept }: UnpackedPictures): readonly Row[] {
  const own = kept.flatMap(({ names }) => names);
  const areNames = own.every((name) => name !== '') && new Set(own).size === own.length;
  const rows: Row[] = [];
  let start = 0;
  kept.forEach(({ names, labels, lengths }, at) => {
    const file = files[at];
    if (file === undefined) return;
    names.forEach((name, row) => {
      const length = lengths[row] ?? 0;
      const place = files.length > 1 ? `${file.name} row ${row + 1}` : `row ${row + 1}`;
      rows.push({ file, name: areNames ? name : place, label: labels[row] ?? '', within: { start, length } });
      start += length;
    });
  });
  return rows;
}

/** All classes, in their order; why there are none otherwise. */
function classesOf(path: string, rows: readonly Row[], kept: readonly KeptFile[]): Result<readonly string[]> {
  const declared = kept.find(({ classes }) => classes !== null)?.classes;
  if (declared !== undefined && declared !== null) return success(declared);
  const column = kept[0]?.labelColumn ?? null;
  const found = new Set(rows.flatMap(({ label }) => (label === '' ? [] : [label])));
  const areTooMany = found.size > fewClasses && found.size * 2 > rows.length;
  if (column === null || found.size === 0 || areTooMany) {
    return failure(pictureClassesMissing(path, column, found.size));
  }
  return success([...found].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
}

async function peekAt(file: number, within: FilePart): Promise<ImageHeader | Text> {
  try {
    const start = readPartSync(file, { ...within, length: Math.min(within.length, headerBytes) });
    if (start === null) return cutOff;
    return await headerOf(Buffer.from(start.buffer), within.length, () =>
      Promise.resolve(Buffer.from(readPartSync(file, within) ?? [])),
    );
  } catch (error) {
    return reasonOf(error);
  }
}

const noPicture = text('it has no picture', '没有图像');
const noLabel = text('it has no class', '没有类别');

async function findPictures(
  rows: readonly Row[],
  bytesPath: string,
  classes: readonly string[],
  skipped: SkipLog,
): Promise<readonly FoundPicture[]> {
  const labelOf = new Map(classes.map((name, label) => [name, label]));
  const pictures: FoundPicture[] = [];
  const file = openSync(bytesPath, 'r');
  try {
    for (const { file: of, name, label: word, within } of rows) {
      const label = labelOf.get(word);
      const header = within.length === 0 ? noPicture : label === undefined ? noLabel : await peekAt(file, within);
      if (isReason(header)) {
        skipped.add(name, header);
        continue;
      }
      const { width, height } = header;
      const stamp = `${within.start}:${within.length}`;
      const job = { image: bytesPath, within, mask: null, target: null, width, height, stamp, label: label ?? 0 };
      pictures.push({ name, subFolder: null, part: of.part, header, job });
    }
  } finally {
    closeSync(file);
  }
  return pictures;
}

function notesOf([first]: readonly KeptFile[]): readonly Diagnostic[] {
  if (first === undefined || first.unused.length === 0) return [];
  return [pictureColumns(first.imageColumn, first.labelColumn ?? '', first.unused)];
}

/** The data set that the pictures of some files are. */
export async function loadParquetPictures(
  path: string,
  files: readonly PartFile[],
  unpacked: UnpackedPictures,
  options: OpenOptions,
): Promise<Result<Dataset>> {
  const rows = rowsOf(files, unpacked);
  const classes = classesOf(path, rows, unpacked.files);
  if (!classes.ok) return classes;
  const skipped = createSkipLog();
  const pictures = await findPictures(rows, unpacked.bytesPath, classes.value, skipped);
  const notes = notesOf(unpacked.files);
  const found = { spec: `parquet:${path}`, pictures, total: rows.length, classes: classes.value, notes };
  return await loadClassedPictures(found, path, options, skipped);
}
