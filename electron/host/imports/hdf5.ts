import type { Worker } from 'node:worker_threads';
import type { HdfFile } from '../../../shared/imports/keras/weights';
import { damaged } from '../../../shared/imports/problem';
import { text } from '../../../shared/text';
import { nextWord, startThread } from '../../data/workerPool';
import { findBuilt } from '../../files/built';
import type { Broken, HdfContent, readHdfContent } from './hdfContent';

/** A file is read in far less; a damaged one may keep the library for ever. */
const timeoutMs = 8000;
/** What a thread takes to start has nothing to do with the file. */
const startMs = 30_000;
const bytesPerMs = 10_000;

/** The thread that has nothing to do; the library takes its time to load. */
let idle: Worker | null = null;

type Answer = Awaited<ReturnType<typeof readHdfContent>>;

/** Keeps a thread for the next file; one is enough. */
async function keepFor(worker: Worker): Promise<void> {
  const other = idle;
  idle = worker;
  worker.unref();
  await other?.terminate();
}

/** Reads a file in a thread, which goes with a file that it hangs on or comes to grief over. */
async function readInThread(bytes: Uint8Array): Promise<HdfContent | Broken> {
  const limitMs = timeoutMs + bytes.length / bytesPerMs;
  const script = findBuilt(import.meta.dirname, 'hdfWorker.js');
  const worker = idle ?? (await startThread({ script, setup: null, timeoutMs: startMs }));
  idle = null;
  worker.ref();
  worker.postMessage(bytes);
  const outcome = await nextWord(worker, limitMs);
  // The script is of the same build.
  const answer: Answer =
    'lost' in outcome ? { content: { broken: outcome.lost.en }, isSpent: true } : (outcome.word as Answer);
  if (answer.isSpent) await worker.terminate();
  else await keepFor(worker);
  return answer.content;
}

/**
 * Opens an HDF5 file that is in memory. It is read in a thread of its own: the library follows whatever a damaged file tells it, into
 * circles too, and after some faults reads no sound file either.
 */
export async function withHdf5<T>(bytes: Uint8Array, work: (file: HdfFile) => T): Promise<T> {
  return work(readable(whole(await readInThread(bytes))));
}

/** The value, unless it could not be read: then the file is damaged. */
function whole<T extends object>(value: T | Broken): T {
  if (!('broken' in value)) return value;
  const why = value.broken;
  return damaged(text(`its HDF5 cannot be read (${why}).`, `无法读取其 HDF5（${why}）。`));
}

function readable({ groups, datasets }: HdfContent): HdfFile {
  // Names are those of the group itself: `..` and the like are none.
  const placeOf = (path: string): string =>
    path
      .split('/')
      .filter((name) => name !== '')
      .map((name) => `/${name}`)
      .join('');
  return {
    children: (path) => {
      const group = groups.get(placeOf(path));
      return group === undefined ? [] : whole(group.names);
    },
    words: (path, name) => {
      const group = groups.get(placeOf(path));
      if (group === undefined) return null;
      // A list that is too long for one attribute stands in several: name0, name1, ...
      const parts = group.words.has(name) ? [name] : [...group.words.keys()].filter((key) => isPartOf(key, name));
      const ordered = parts.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
      return parts.length === 0 ? null : ordered.flatMap((key) => whole(group.words.get(key) ?? []));
    },
    dataset: (path) => {
      const found = datasets.get(placeOf(path));
      if (found === undefined) return null;
      const { shape, data } = whole(found);
      return { shape, read: () => ({ dtype: 'float32', shape, data: whole(data) }) };
    },
  };
}

function isPartOf(key: string, name: string): boolean {
  return key.startsWith(name) && /^\d+$/.test(key.slice(name.length));
}
