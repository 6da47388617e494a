import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { hostFailed, requestCancelled } from '../../../shared/diagnostics/catalog/host';
import { failure, type Result } from '../../../shared/diagnostics/diagnostic';
import type { CancelSignal, HostRequests, ImportResult } from '../../../shared/host/api';
import { findBuilt } from '../../files/built';
import type { QuestionName, TrainerQuestions } from '../../trainer/protocol';
import type { Answerer } from '../answerer';
import { startThread } from '../../data/workerPool';
import { importNetwork } from './index';
import { createKeptImports } from './kept';

/** From here on a file is read in a thread of its own: the app goes on answering meanwhile. */
const longBytes = 16 * 2 ** 20;
/** What the thread's objects may take; values of weights lie outside of its heap. */
const heapMb = 2048;
const startMs = 30_000;
/** How long the thread may take to notice that nobody waits any more, and to remove what it has half written. */
const cancelPatienceMs = 5000;

/** What a thread is asked, and its answers to what it asks itself. */
export type ToThread =
  | { readonly type: 'import'; readonly request: HostRequests['import.read'][0]; readonly dataDir: string }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'cancel' };

export type FromThread =
  | { readonly type: 'ask'; readonly id: number; readonly name: QuestionName; readonly question: unknown }
  | { readonly type: 'done'; readonly result: Result<ImportResult> };

type Surroundings = {
  readonly answerer: Pick<Answerer, 'ask'>;
  readonly dataDir: string;
  readonly signal: CancelSignal | undefined;
};

/** What there is to read: a file with those beside it that may have its weights, as they are called alike or `.bin`, or a folder. */
async function bytesToRead(path: string): Promise<number> {
  const found = await stat(path);
  const folder = found.isDirectory() ? path : dirname(path);
  const stem = found.isDirectory() ? '' : basename(path).replace(/\.[^.]*$/, '');
  const names = (await readdir(folder)).filter(
    (name) => (name.startsWith(stem) || name.endsWith('.bin')) && name !== basename(path),
  );
  const sizes = await Promise.all(names.slice(0, 1000).map((name) => stat(join(folder, name)).catch(() => null)));
  return sizes.reduce((sum, one) => sum + (one?.isFile() === true ? one.size : 0), found.isFile() ? found.size : 0);
}

/** As {@link importNetwork}: small files here, large ones in a thread. */
export async function importBeside(
  request: HostRequests['import.read'][0],
  { answerer, dataDir, signal }: Surroundings,
): Promise<Result<ImportResult>> {
  // What cannot be looked at is told by who reads it.
  const bytes = await bytesToRead(request.path).catch(() => 0);
  if (bytes < longBytes) return await importNetwork(request, { answerer, kept: createKeptImports(dataDir), signal });
  const script = findBuilt(import.meta.dirname, 'importWorker.js');
  const worker = await startThread({ script, setup: null, timeoutMs: startMs, heapMb });
  try {
    return await inThread(worker, request, { answerer, dataDir, signal });
  } finally {
    await worker.terminate();
  }
}

function inThread(
  worker: Worker,
  request: HostRequests['import.read'][0],
  { answerer, dataDir, signal }: Surroundings,
): Promise<Result<ImportResult>> {
  const send = (message: ToThread): void => worker.postMessage(message);
  return new Promise((resolve) => {
    const cancel = (): void => {
      send({ type: 'cancel' });
      setTimeout(() => settle(failure(requestCancelled('import.read'))), cancelPatienceMs).unref();
    };
    const settle = (result: Result<ImportResult>): void => {
      signal?.removeEventListener('abort', cancel);
      resolve(result);
    };
    worker.on('message', (message: FromThread) => {
      if (message.type === 'done') settle(message.result);
      else {
        const { id, name, question } = message;
        // The thread is of the same build: the name decides the question's type.
        void answerer
          .ask(name, question as TrainerQuestions[QuestionName][0], signal)
          .then((result) => send({ type: 'answer', id, result }));
      }
    });
    worker.on('error', (error: unknown) =>
      settle(failure(hostFailed('import.read', error instanceof Error ? error.message : String(error)))),
    );
    worker.on('exit', () => settle(failure(hostFailed('import.read', 'the reader ended'))));
    signal?.addEventListener('abort', cancel);
    send({ type: 'import', request, dataDir });
    if (signal?.aborted === true) cancel();
  });
}
