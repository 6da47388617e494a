import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { modelDamaged } from '../../shared/diagnostics/catalog/model';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { CancelSignal } from '../../shared/host/api';
import { rangesInMemory, type RangedBytes } from '../../shared/imports/arranged';
import { errorWords, formatBytes } from '../../shared/text';
import { rangesOf } from './ranges';

/** More entries than any model has; those of PyTorch have one for each tensor. */
const entryLimit = 50_000;
/** What one entry may unpack to; a larger one would not fit into one buffer either. */
const sizeLimit = 2 ** 31;
/** Text packs ten or twenty times; a thousand times is a bomb. Small entries may pack as they like. */
const ratioLimit = 100;
const smallBytes = 1_000_000;

function open(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    // Names that climb out of the archive, and sizes that lie, are errors of yauzl's own.
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(error);
    });
  });
}

function listEntries(zip: yauzl.ZipFile): Promise<readonly yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry);
      if (entries.length > entryLimit) reject(new Error(`It has more than ${entryLimit} entries.`));
      else zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(error);
    });
  });
}

function checkSize({ fileName, compressedSize, uncompressedSize }: yauzl.Entry): void {
  const isBomb = uncompressedSize > smallBytes && uncompressedSize > compressedSize * ratioLimit;
  if (uncompressedSize > sizeLimit || isBomb) {
    throw new Error(`${fileName} would unpack to ${formatBytes(uncompressedSize)}.`);
  }
}

/** Looks at entries of a zip: the named ones, or those that are wanted. Nothing is unpacked onto the disk, and others are left alone. */
async function ofEntries<T>(
  path: string,
  wanted: readonly string[] | ((name: string) => boolean),
  take: (zip: yauzl.ZipFile, entry: yauzl.Entry) => Promise<T>,
): Promise<Result<ReadonlyMap<string, T>>> {
  let zip: yauzl.ZipFile | null = null;
  try {
    zip = await open(path);
    const found = new Map<string, T>();
    for (const entry of await listEntries(zip)) {
      const isWanted = typeof wanted === 'function' ? wanted(entry.fileName) : wanted.includes(entry.fileName);
      if (!isWanted) continue;
      if (found.has(entry.fileName)) throw new Error(`It has ${entry.fileName} twice.`);
      found.set(entry.fileName, await take(zip, entry));
    }
    return success(found);
  } catch (error) {
    return failure(modelDamaged(path, errorWords(error)));
  } finally {
    zip?.close();
  }
}

async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  checkSize(entry);
  // Into its place at once: pieces that are put together at the end would be there twice. That there are as many as the entry says is seen to.
  const bytes = Buffer.allocUnsafeSlow(entry.uncompressedSize);
  let length = 0;
  for await (const piece of (await openEntry(zip, entry)) as AsyncIterable<Buffer>) length += piece.copy(bytes, length);
  return bytes.subarray(0, length);
}

/** Reads entries of a zip, in memory. */
export function readStoredZip(
  path: string,
  wanted: readonly string[] | ((name: string) => boolean),
): Promise<Result<ReadonlyMap<string, Buffer>>> {
  return ofEntries(path, wanted, readEntry);
}

/** Entries of a zip whose bytes are read from the file when they are asked for; those that are packed are in memory. */
export async function listStoredZip(
  path: string,
  wanted: (name: string) => boolean,
): Promise<Result<ReadonlyMap<string, RangedBytes>>> {
  const file = rangesOf(path);
  return await ofEntries(path, wanted, async (zip, entry): Promise<RangedBytes> => {
    const isStored = entry.compressionMethod === 0 && !entry.isEncrypted();
    if (!isStored) return rangesInMemory(await readEntry(zip, entry));
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return {
      sizeBytes: entry.compressedSize,
      range: (offset, length) => file.range(fileDataStart + offset, length),
    };
  });
}

/** The same content is the same bytes: no entry tells when it was written. */
const entryTime = new Date(Date.UTC(1980, 0, 1));

/** What goes into a file: text, or bytes that are made piece by piece, and how many. */
export type FileContent = string | { readonly byteLength: number; readonly pieces: () => Iterable<Uint8Array> };

/** What the file system writes of it. */
export function contentOf(content: FileContent, signal?: CancelSignal): string | AsyncIterable<Uint8Array> {
  return typeof content === 'string' ? content : patiently(content.pieces(), signal);
}

/** A piece in each turn of the loop, so that others have theirs and a cancel is heard. */
async function* patiently(pieces: Iterable<Uint8Array>, signal: CancelSignal | undefined): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    yield piece;
    await setImmediate();
    if (signal?.aborted === true) throw new Error('cancelled');
  }
}

/** A zip of files, stored as they are: weights hardly pack, and a stored zip can be read in place. */
export function storedZip(files: ReadonlyMap<string, FileContent>, signal?: CancelSignal): AsyncIterable<Uint8Array> {
  const zip = new ZipFile();
  const options = { compress: false, mtime: entryTime, mode: 0o100644 };
  for (const [name, content] of files) {
    if (typeof content === 'string') zip.addBuffer(Buffer.from(content), name, options);
    else {
      zip.addReadStreamLazy(name, { ...options, size: content.byteLength }, (give) =>
        give(null, Readable.from(contentOf(content, signal), { objectMode: false })),
      );
    }
  }
  const out = new PassThrough();
  // What fails on the way must reach who writes, or the file would end there.
  zip.on('error', (error) => out.destroy(error as Error));
  zip.outputStream.on('error', (error: Error) => out.destroy(error)).pipe(out);
  zip.end();
  return out;
}
