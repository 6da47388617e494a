import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  statfs,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { picturesNeedDisk } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import type { Text } from '../../shared/text';
import { findBuilt } from '../files/built';
import { fileDiagnostic } from '../files/fileErrors';
import { cacheDir } from '../files/paths';
import type { OnProgress } from './dataset';
import { isReason } from './imageFile';
import { decoderName } from './nativeDecoder';
import { rowBytes } from './pictureTask';
import type { MaskSurvey, PictureJob, PictureTask } from './pictureTask';
import type { NumberedJob, PictureAnswer, PictureSetup } from './pictureWorker';
import { openRows } from './rowFile';
import type { RowFile } from './rowFile';
import { runInThreads } from './workerPool';

/** A picture to be read, and what changes when its files do. */
export type StampedJob = PictureJob & { readonly stamp: string };

/** What came of each picture, in their order, and the rows of those that are of use. */
export type PicturesRead = { readonly answers: readonly PictureAnswer[]; readonly rows: RowFile | null };

/** Changes when what is made of a picture's bytes does. */
const storeVersion = 3;
/** A thread starts in the time of so many small pictures. */
const picturesPerThread = 32;
const maxThreads = 8;
/** The largest picture that is let in takes some ten seconds in JavaScript. */
const pictureTimeoutMs = 60_000;
/** What a reader that was killed has left, after so long. */
const strayAfterMs = 24 * 3600_000;

const indexEnd = '.json';
const rowsEnd = '.rows';
const partEnd = '.part';

/** Where what is kept under a key lies: its index and its bytes. */
export function keptPaths(dir: string, key: string): { readonly index: string; readonly bytes: string } {
  return { index: join(dir, `${key}${indexEnd}`), bytes: join(dir, `${key}${rowsEnd}`) };
}

/** A name for the bytes of a key while they are written; what is left of one that was killed is removed later. */
export function partPath(dir: string, key: string): string {
  return join(dir, `${key}-${randomBytes(4).toString('hex')}${partEnd}`);
}

/** The cache's folder for pictures, or a temporary one where the cache takes nothing. */
export async function storeDir(): Promise<string> {
  const dir = join(cacheDir(), 'pictures');
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
    return dir;
  } catch {
    return await mkdtemp(join(tmpdir(), 'convloom-pictures-'));
  }
}

async function keyOf(task: PictureTask, jobs: readonly StampedJob[]): Promise<string> {
  const hash = createHash('sha256');
  const made = task.kind === 'draw' ? { ...task, classOf: [...(task.classOf ?? [])] } : {};
  hash.update(JSON.stringify([storeVersion, await decoderName(), task.kind, made]));
  for (const { image, mask, target, stamp } of jobs) hash.update(JSON.stringify([image, mask, target, stamp]));
  return hash.digest('hex').slice(0, 40);
}

/** What was read before, if all of it is still there. */
async function findKept(dir: string, key: string, task: PictureTask, count: number): Promise<PicturesRead | null> {
  const { index, bytes: rows } = keptPaths(dir, key);
  try {
    // Written by this store, under the digest of its version and of all that it depends on.
    const answers = JSON.parse(await readFile(index, 'utf8')) as readonly PictureAnswer[];
    if (answers.length !== count) return null;
    const now = new Date();
    await utimes(index, now, now);
    if (task.kind === 'survey') return { answers, rows: null };
    const size = rowBytes(task);
    return (await stat(rows)).size === size * count ? { answers, rows: openRows(rows, size) } : null;
  } catch {
    return null;
  }
}

type Entry = { readonly key: string; readonly usedMs: number; readonly sizeBytes: number };

/** What is kept, the longest unused first. Removes what readers that were killed left behind. */
async function listKept(dir: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(dir)) {
    const path = join(dir, name);
    const info = await stat(path).catch(() => null);
    if (info === null) continue;
    if (name.endsWith(partEnd) && Date.now() - info.mtimeMs > strayAfterMs) await rm(path, { force: true });
    if (!name.endsWith(indexEnd)) continue;
    const key = basename(name, indexEnd);
    const rows = await stat(join(dir, `${key}${rowsEnd}`)).catch(() => null);
    entries.push({ key, usedMs: info.mtimeMs, sizeBytes: info.size + (rows?.size ?? 0) });
  }
  return entries.sort((a, b) => a.usedMs - b.usedMs);
}

/**
 * Makes room for so many bytes more: all that is kept stays within its limits, and leaves half of what is free to others. Gives the
 * bytes that there can be.
 */
export async function makeRoom(dir: string, neededBytes: number): Promise<number> {
  const kept = [...(await listKept(dir))];
  let usedBytes = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { bavail, bsize } = await statfs(dir);
  const allowed = Math.min(limits.keptPictureBytes, usedBytes + (bavail * bsize) / 2);
  while (neededBytes <= allowed && (usedBytes + neededBytes > allowed || kept.length >= limits.keptPictureSets)) {
    const oldest = kept.shift();
    if (oldest === undefined) break;
    usedBytes -= oldest.sizeBytes;
    await rm(join(dir, `${oldest.key}${indexEnd}`), { force: true });
    // Another app may have it open, which not every system allows to be deleted; without its index it is found by nobody.
    await rm(join(dir, `${oldest.key}${rowsEnd}`), { force: true }).catch(() => undefined);
  }
  return allowed;
}

/**
 * Keeps what was read for the next time, an index and a file of bytes: these first, so that an index never speaks of bytes that a power
 * cut took.
 */
export async function keep(dir: string, key: string, part: string | null, answers: unknown): Promise<void> {
  if (part !== null) {
    const handle = await open(part, 'r+');
    await handle.datasync().finally(() => handle.close());
    await rename(part, keptPaths(dir, key).bytes);
  }
  const kept = keptPaths(dir, key);
  const index = partPath(dir, key);
  await writeFile(index, JSON.stringify(answers));
  await rename(index, kept.index);
}

/** Reads all pictures, in threads. `part`: the file that takes the rows. */
async function readAll(
  task: PictureTask,
  jobs: readonly StampedJob[],
  part: string | null,
  onProgress: OnProgress,
): Promise<readonly PictureAnswer[]> {
  const setup: PictureSetup = { task, rowsPath: part };
  const numbered = jobs.map(({ image, within, mask, target, besideWithin, width, height }, row): NumberedJob => ({
    image,
    ...(within === undefined ? {} : { within }),
    ...(besideWithin === undefined ? {} : { besideWithin }),
    mask,
    target,
    width,
    height,
    row,
  }));
  return await runInThreads<PictureAnswer>(numbered, {
    script: findBuilt(import.meta.dirname, 'pictureWorker.js'),
    setup,
    threads: Math.min(maxThreads, availableParallelism(), Math.ceil(jobs.length / picturesPerThread)),
    timeoutMs: pictureTimeoutMs,
    lost: (reason) => reason,
    onDone: (done) => onProgress(done, jobs.length),
  });
}

/**
 * Reads pictures: each is decoded once, brought to the size of the task and written as a row into a file of the cache, where the next
 * run finds it as long as the files, the size and the decoder are the same. However many there are, memory holds none of them.
 */
export async function readPictures(
  task: PictureTask,
  jobs: readonly StampedJob[],
  onProgress: OnProgress = () => undefined,
): Promise<Result<PicturesRead>> {
  const dir = await storeDir();
  const size = rowBytes(task);
  let part: string | null = null;
  try {
    const key = await keyOf(task, jobs);
    const kept = await findKept(dir, key, task, jobs.length);
    if (kept !== null) return success(kept);
    const allowed = await makeRoom(dir, size * jobs.length);
    if (size * jobs.length > allowed) {
      return failure(picturesNeedDisk(dir, size * jobs.length, allowed, jobs.length));
    }
    if (size > 0) {
      part = partPath(dir, key);
      await writeFile(part, '');
      await truncate(part, size * jobs.length);
    }
    const answers = await readAll(task, jobs, part, onProgress);
    const rows = part === null ? null : openRows(part, size);
    // What cannot be kept is read again the next time.
    await keep(dir, key, part, answers).catch(() => undefined);
    return success({ answers, rows });
  } catch (error) {
    return failure(fileDiagnostic(error, dir, 'save'));
  } finally {
    // Gone already where it was kept.
    if (part !== null) await rm(part, { force: true }).catch(() => undefined);
  }
}

/** Whether a picture gave a reason and no row. */
export function isUseless(answer: PictureAnswer): answer is Text {
  return isReason(answer);
}

/** Whether a picture gave what its mask holds. */
export function isSurvey(answer: PictureAnswer): answer is MaskSurvey {
  return 'counts' in answer;
}

/** Whether a picture that was drawn can be seen through in places. */
export function isSeenThrough(answer: PictureAnswer | undefined): boolean {
  return answer !== undefined && 'isSeeThrough' in answer;
}

/** The digest of a picture that was drawn; '' of another. */
export function digestOf(answer: PictureAnswer | undefined): string {
  return answer !== undefined && 'digest' in answer ? answer.digest : '';
}
