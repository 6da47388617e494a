import { closeSync, openSync, writeSync } from 'node:fs';
import { errorText } from '../../shared/text';
import { findBeside } from '../files/partFile';
import { imageFileName, imageFormat } from './imageFile';
import { readColumns } from './parquetColumns';
import type { LeftOutColumn, ReadColumn } from './parquetColumns';
import { openParquet, ParquetBomb, ParquetFault } from './parquetFile';
import type { ParquetColumn, ParquetFile, ParquetSource } from './parquetFile';
import { targetNames } from './tableColumns';

/** A file's rows as those of a table. */
export type ParquetTable = {
  readonly kind: 'table';
  readonly rowCount: number;
  readonly columns: readonly ReadColumn[];
  readonly leftOut: readonly LeftOutColumn[];
};

/** A file's rows as pictures. Their bytes lie one behind the other in a file of their own. */
export type ParquetPictures = {
  readonly kind: 'pictures';
  /** Of each row, how many bytes its picture has; 0 for a row without one. */
  readonly lengths: Float64Array<ArrayBuffer>;
  /** Of each row, what its picture was called as a file; '' where nobody said. */
  readonly names: readonly string[];
  readonly imageColumn: string;
  /**
   * A second column of pictures, whose bytes lie behind all those of the first: masks, or what each picture is to become. Null where there is
   * none.
   */
  readonly beside: { readonly column: string; readonly lengths: Float64Array<ArrayBuffer> } | null;
  /** The column of the classes or values; null where there is none. */
  readonly labels: ReadColumn | null;
  /** All classes that the file declares, in its order; null where it declares none. */
  readonly classes: readonly string[] | null;
  /** Columns that are neither. */
  readonly unused: readonly string[];
};

/** What a file is asked for. */
export type ParquetQuestion = {
  readonly source: ParquetSource;
  /** Behind which file the bytes of pictures go, and how many these may be; null: it is a table whatever it holds. */
  readonly pictures: { readonly path: string; readonly mostBytes: number } | null;
};

/** What comes of it: the rows, or why there are none. `room`: there are more bytes of pictures than there may be. */
export type ParquetAnswer =
  | { readonly content: ParquetTable | ParquetPictures }
  | { readonly fault: string }
  | { readonly unpackedBytes: number; readonly sizeBytes: number }
  | { readonly room: number; readonly rowCount: number };

/** The names of the classes of each column, as Hugging Face notes them. A note that is damaged says nothing. */
function declaredClasses({ notes }: ParquetFile): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  try {
    const note: unknown = JSON.parse(notes.get('huggingface') ?? '{}');
    const features = at(at(note, 'info'), 'features');
    if (typeof features !== 'object' || features === null) return found;
    for (const [column, feature] of Object.entries(features)) {
      const names = at(feature, 'names');
      const isList = at(feature, '_type') === 'ClassLabel' && Array.isArray(names);
      if (isList && names.every((name) => typeof name === 'string')) found.set(column, names);
    }
  } catch {
    return found;
  }
  return found;
}

/**
 * The columns where pandas keeps the names of rows that nobody named: what is left of a table that was filtered, or joined. They say
 * nothing of a row, and would be the last column, which is learned.
 */
function indexColumns({ notes }: ParquetFile): ReadonlySet<string> {
  try {
    const note: unknown = JSON.parse(notes.get('pandas') ?? '{}');
    const columns = at(note, 'index_columns');
    const names = Array.isArray(columns) ? columns.filter((name) => typeof name === 'string') : [];
    return new Set(names.filter((name) => unnamedIndex.test(name)));
  } catch {
    return new Set();
  }
}

const unnamedIndex = /^__index_level_\d+__$/;

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function isBinary({ element }: ParquetColumn['tree']): boolean {
  return element.type === 'BYTE_ARRAY' && element.converted_type === undefined && element.logical_type === undefined;
}

/** Whether a column is a structure of a picture's bytes, and maybe of its path, as Hugging Face writes them. */
function isImageStructure({ tree }: ParquetColumn): boolean {
  const bytes = tree.children.find(({ element }) => element.name === 'bytes');
  return bytes !== undefined && bytes.children.length === 0 && isBinary(bytes);
}

/** Whether a column of bytes begins with a picture. */
async function beginsWithPicture(file: ParquetFile, column: ParquetColumn): Promise<boolean> {
  if (column.tree.children.length > 0 || !isBinary(column.tree)) return false;
  for await (const values of file.read(column)) {
    for (const value of values as Iterable<unknown>) {
      if (value instanceof Uint8Array) return imageFormat(Buffer.from(value)) !== null;
    }
  }
  return false;
}

/** Whether a column of words begins with the name of a picture that lies in the folder of the file. */
async function beginsWithName(file: ParquetFile, column: ParquetColumn, source: ParquetSource): Promise<boolean> {
  if (!('path' in source) || column.tree.children.length > 0 || column.tree.element.type !== 'BYTE_ARRAY') return false;
  for await (const values of file.read(column)) {
    for (const value of values as Iterable<unknown>) {
      if (typeof value === 'string' && value !== '') {
        return imageFileName.test(value) && typeof findBeside(source.path, value) === 'object';
      }
    }
  }
  return false;
}

/** What columns of pictures are called that are to be learned from others. */
const besideName = /mask|annotation|segment|label|target|output|truth|^(seg|gt|hr|y|clean|sharp)$/i;

type ImageColumns = { readonly images: ParquetColumn; readonly beside: ParquetColumn | null };

/**
 * The pictures, and those of a second column: which is which their names say, else their order. Where none has pictures, the first column that
 * names files of such.
 */
async function findImages(file: ParquetFile, source: ParquetSource): Promise<ImageColumns | null> {
  const found: ParquetColumn[] = [];
  for (const column of file.columns) {
    if (isImageStructure(column) || (await beginsWithPicture(file, column))) found.push(column);
  }
  const images = found.find(({ name }) => !besideName.test(name)) ?? found[0];
  if (images === undefined) {
    for (const column of file.columns) {
      if (await beginsWithName(file, column, source)) return { images: column, beside: null };
    }
    return null;
  }
  const others = found.filter((column) => column !== images);
  return { images, beside: others.find(({ name }) => besideName.test(name)) ?? others[0] ?? null };
}

/** Values of which more than half of the rows have one of their own are no classes; so few are, whatever they are. */
const fewClasses = 20;

/** Whether so many different values among so many can be classes. */
export function canBeClasses(different: number, count: number): boolean {
  return different > 0 && (different <= fewClasses || different * 2 <= count);
}

/** Whether something can be learned of a column by itself: not of one with another word for each row, which are names. */
function isLearnable(column: ReadColumn): boolean {
  return 'numbers' in column || canBeClasses(column.words.length, column.codes.length);
}

/** The column to be learned beside pictures: the one that is called so, else the first with names of classes, else the last of use. */
async function readLabels(
  file: ParquetFile,
  columns: readonly ParquetColumn[],
  classes: ReadonlyMap<string, readonly string[]>,
): Promise<ReadColumn | null> {
  const read = async (column: ParquetColumn): Promise<ReadColumn | null> =>
    (await readColumns({ ...file, columns: [column] }, (name) => classes.get(name) ?? null)).columns[0] ?? null;
  const index = indexColumns(file);
  const flat = columns.filter(({ name, tree }) => tree.children.length === 0 && !isBinary(tree) && !index.has(name));
  const called =
    flat.find(({ name }) => targetNames.includes(name.toLowerCase())) ?? flat.find(({ name }) => classes.has(name));
  if (called !== undefined) return await read(called);
  let last: ReadColumn | null = null;
  for (const column of flat.toReversed()) {
    const labels = await read(column);
    if (labels !== null && isLearnable(labels)) return labels;
    last ??= labels;
  }
  return last;
}

class NoRoom extends Error {
  readonly bytes: number;

  constructor(bytes: number) {
    super('the disk has too little room');
    this.bytes = bytes;
  }
}

type Written = Pick<ParquetPictures, 'lengths' | 'names'> & { readonly written: number };

/** Writes the bytes of all pictures one behind the other. */
async function writePictures(
  file: ParquetFile,
  column: ParquetColumn,
  { path, mostBytes }: NonNullable<ParquetQuestion['pictures']>,
): Promise<Written> {
  const lengths = new Float64Array(file.rowCount);
  const names: string[] = [];
  // Those of the files before it are there already.
  const into = openSync(path, 'a');
  let written = 0;
  try {
    for await (const values of file.read(column)) {
      for (const value of values as Iterable<unknown>) {
        const bytes = value instanceof Uint8Array ? value : at(value, 'bytes');
        const name = typeof value === 'string' ? value : at(value, 'path');
        lengths[names.length] = bytes instanceof Uint8Array ? bytes.length : 0;
        names.push(typeof name === 'string' ? name : '');
        if (!(bytes instanceof Uint8Array)) continue;
        written += bytes.length;
        if (written > mostBytes) throw new NoRoom(written);
        for (let from = 0; from < bytes.length;) from += writeSync(into, bytes, from);
      }
    }
  } finally {
    closeSync(into);
  }
  return { lengths, names, written };
}

async function readPictures(
  file: ParquetFile,
  { images, beside }: ImageColumns,
  { path, mostBytes }: NonNullable<ParquetQuestion['pictures']>,
): Promise<ParquetPictures> {
  const declared = declaredClasses(file);
  const { lengths, names, written } = await writePictures(file, images, { path, mostBytes });
  const besides =
    beside === null
      ? null
      : {
          column: beside.name,
          lengths: (await writePictures(file, beside, { path, mostBytes: mostBytes - written })).lengths,
        };
  const others = file.columns.filter((column) => column !== images && column !== beside);
  const labels = await readLabels(file, others, declared);
  const index = indexColumns(file);
  return {
    kind: 'pictures',
    lengths,
    names,
    imageColumn: images.name,
    beside: besides,
    labels,
    classes: (labels === null ? null : declared.get(labels.name)) ?? null,
    unused: others.flatMap(({ name }) => (name === labels?.name || index.has(name) ? [] : [name])),
  };
}

/** Says in words what was found wrong: what the library trips over is a file that contradicts itself. */
function faultOf(error: unknown): string {
  const reason = errorText(error);
  if (error instanceof ParquetFault) return reason;
  const isOwnWord = error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
  return isOwnWord ? reason : `it contradicts itself (${reason})`;
}

/** Reads a Parquet file: as pictures where it holds such and these are wanted, else as a table. */
export async function readParquetContent({ source, pictures }: ParquetQuestion): Promise<ParquetAnswer> {
  let file: ParquetFile | null = null;
  try {
    file = openParquet(source);
    const images = pictures === null ? null : await findImages(file, source);
    if (images !== null && pictures !== null) return { content: await readPictures(file, images, pictures) };
    const declared = declaredClasses(file);
    const index = indexColumns(file);
    const columns = file.columns.filter(({ name }) => !index.has(name));
    const read = await readColumns({ ...file, columns }, (name) => declared.get(name) ?? null);
    return { content: { kind: 'table', rowCount: file.rowCount, ...read } };
  } catch (error) {
    if (error instanceof ParquetBomb) return { unpackedBytes: error.unpackedBytes, sizeBytes: file?.sizeBytes ?? 0 };
    if (error instanceof NoRoom) return { room: error.bytes, rowCount: file?.rowCount ?? 0 };
    return { fault: faultOf(error) };
  } finally {
    file?.close();
  }
}

/** The buffers of an answer, which go from one thread to the other without being copied. */
export function buffersOf(answer: ParquetAnswer): ArrayBuffer[] {
  if (!('content' in answer)) return [];
  const { content } = answer;
  const columns = content.kind === 'table' ? content.columns : content.labels === null ? [] : [content.labels];
  const own = columns.map((column) => ('numbers' in column ? column.numbers.buffer : column.codes.buffer));
  if (content.kind === 'table') return own;
  return [...own, content.lengths.buffer, ...(content.beside === null ? [] : [content.beside.lengths.buffer])];
}
