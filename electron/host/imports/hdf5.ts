import type { Worker } from 'node:worker_threads';
import type { HdfFile } from '../../../shared/imports/keras/weights';
import { damaged } from '../../../shared/imports/problem';
import { text } from '../../../shared/text';
import { hungText, nextWord, startThread } from '../../data/workerPool';
import { findBuilt } from '../../files/built';
import { createHangWatch } from './hangWatch';
import type { Broken, HdfContent, readHdfContent } from './hdfContent';

/** What a thread takes to start has nothing to do with the file. */
const startMs = 30_000;
/** Nobody waits for longer, whatever else the machine does. */
const timeoutMs = 20_000;
const bytesPerMs = 1000;

/** A thread for HDF5 files, and the milliseconds that it has earned: {@link readHdfContent} says for what. */
type Reader = { readonly worker: Worker; readonly earned: Int32Array };

/** The one that has nothing to do; the library takes its time to load. */
let idle: Reader | null = null;

type Answer = Awaited<ReturnType<typeof readHdfContent>>;

async function startReader(): Promise<Reader> {
  const script = findBuilt(import.meta.dirname, 'hdfWorker.js');
  const earned = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return { worker: await startThread({ script, setup: earned, timeoutMs: startMs }), earned };
}

/** Keeps a thread for the next file; one is enough. */
function keepFor(reader: Reader): void {
  void idle?.worker.terminate();
  idle = reader;
  reader.worker.unref();
}

/** Reads a file in a thread, which goes with a file that it hangs on or comes to grief over. */
async function readInThread(bytes: Uint8Array): Promise<HdfContent | Broken> {
  const reader = idle ?? (await startReader());
  const { worker, earned } = reader;
  idle = null;
  worker.ref();
  Atomics.store(earned, 0, 0);
  const isHung = createHangWatch(
    () => processorMs(),
    () => Atomics.load(earned, 0),
  );
  // Handed over rather than copied; short ones lie within memory that others have, too.
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  const { length } = bytes;
  worker.postMessage(bytes, isWhole ? [bytes.buffer] : []);
  const outcome = await nextWord(worker, timeoutMs + length / bytesPerMs, () => (isHung() ? hungText : null));
  // The script is of the same build.
  const answer: Answer =
    'lost' in outcome ? { content: { broken: outcome.lost.en }, isSpent: true } : (outcome.word as Answer);
  // Not waited for: one that hangs in the library ends when the library lets it.
  if (answer.isSpent) void worker.terminate();
  else keepFor(reader);
  return answer.content;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Opens an HDF5 file that is in memory, and takes its bytes: nobody may use them afterwards. It is read in a thread of its own: the library follows whatever a damaged file tells it, into
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
