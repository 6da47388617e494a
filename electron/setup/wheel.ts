import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { setupDamaged } from '../../shared/diagnostics/catalog/setup';
import { digestFile } from './download';
import { SetupFailure } from './failure';

/** Headers that the addon includes, directly or not: the C API and what it is made of. */
const neededHeaders = [
  /^tensorflow\/include\/tensorflow\/c\//,
  /^tensorflow\/include\/tensorflow\/core\/platform\/ctstring/,
  /^tensorflow\/include\/tsl\/platform\/ctstring/,
  /^tensorflow\/include\/xla\/tsl\/c\//,
];

type Digest = { readonly sha256: string; readonly bytes: number };

function openZip(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(new SetupFailure(setupDamaged(path, error.message)));
    });
  });
}

function readEntries(zip: yauzl.ZipFile, path: string): Promise<readonly yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', (error: Error) => reject(new SetupFailure(setupDamaged(path, error.message))));
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

/** The wheel's own list of its files: `path,sha256=<base64url>,<bytes>` per line (PEP 376 and 427). */
function parseRecord(text: string): ReadonlyMap<string, Digest> {
  const lines = text.split('\n').map((line) => /^"?(.+?)"?,sha256=([\w-]+),(\d+)\s*$/.exec(line));
  return new Map(
    lines.flatMap((match) => {
      const [, path, sha256, bytes] = match ?? [];
      return path === undefined || sha256 === undefined ? [] : [[path, { sha256, bytes: Number(bytes) }] as const];
    }),
  );
}

/** Base64 as a wheel writes it: URL-safe, without padding. */
function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function isThere(path: string, { sha256, bytes }: Digest): Promise<boolean> {
  if (!existsSync(path) || (await stat(path)).size !== bytes) return false;
  return urlSafe(await digestFile(path, 'sha256', 'base64')) === sha256;
}

/** Inflates one entry into its place, by way of a temporary name, and checks it on the way. */
async function unpackEntry(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  target: string,
  expected: Digest,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  await pipeline(await openEntry(zip, entry), measure, createWriteStream(part), { signal });
  if (urlSafe(hash.digest('base64')) !== expected.sha256) return `${entry.fileName} does not match its checksum`;
  await rename(part, target);
  return undefined;
}

/**
 * Unpacks from a wheel (a zip) the libraries into `lib/` and the headers of the C API into `include/` of `target`, each checked
 * against the wheel's own list of checksums. What an earlier try has unpacked is not unpacked again. Throws a
 * {@link SetupFailure} that says what is wrong with the wheel.
 */
export async function unpackWheel(
  path: string,
  target: string,
  libraries: readonly string[],
  options: { readonly signal?: AbortSignal | undefined; readonly onFraction?: (fraction: number) => void } = {},
): Promise<void> {
  const zip = await openZip(path);
  const damaged = (reason: string): SetupFailure => new SetupFailure(setupDamaged(path, reason));
  try {
    const entries = await readEntries(zip, path);
    const recordEntry = entries.find(({ fileName }) => /^[^/]+\.dist-info\/RECORD$/.test(fileName));
    if (recordEntry === undefined) throw damaged('it has no RECORD, so it is not a wheel');
    const record = parseRecord((await buffer(await openEntry(zip, recordEntry))).toString('utf8'));
    const wanted = entries.flatMap((entry) => {
      const place = placeOf(entry.fileName, libraries);
      return place === undefined ? [] : [{ entry, place }];
    });
    for (const library of libraries) {
      if (!wanted.some(({ place }) => place === join('lib', library))) throw damaged(`it has no ${library}`);
    }
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const { entry, place } of wanted) {
      const expected = record.get(entry.fileName);
      if (expected === undefined) throw damaged(`its RECORD does not list ${entry.fileName}`);
      const file = join(target, place);
      const advance = (bytes: number): void => {
        done += bytes;
        options.onFraction?.(done / total);
      };
      if (await isThere(file, expected)) advance(expected.bytes);
      else {
        const reason = await unpackEntry(zip, entry, file, expected, advance, options.signal);
        if (reason !== undefined) throw damaged(reason);
      }
    }
  } catch (error) {
    throw isZipError(error) ? damaged(error.message) : error;
  } finally {
    zip.close();
  }
}

/** Errors of the file system and of a stop carry a code of their own; what is left comes from a broken zip. */
function isZipError(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof SetupFailure) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === '' || code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function placeOf(name: string, libraries: readonly string[]): string | undefined {
  const library = libraries.find((candidate) => name === `tensorflow/${candidate}`);
  if (library !== undefined) return join('lib', library);
  // Zip names are not trusted: only known folders, and nothing that climbs out of them.
  if (name.endsWith('/') || name.split('/').includes('..')) return undefined;
  return neededHeaders.some((pattern) => pattern.test(name)) ? name.slice('tensorflow/'.length) : undefined;
}
