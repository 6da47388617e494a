import { Worker } from 'node:worker_threads';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';

/** What a thread answers to a job; `broken`: not the job is at fault, and no other would do better. */
export type WorkerAnswer<R> = { readonly result: R } | { readonly broken: string };

export type PoolOptions<R> = {
  /** A script that says {@link readyWord} once, and then answers each message, a job, with a {@link WorkerAnswer}. */
  readonly script: string;
  /** Handed to each thread at its start. */
  readonly setup: unknown;
  readonly threads: number;
  /** How long one job may take before its thread is ended. */
  readonly timeoutMs: number;
  /** What is said of a job whose thread ended under it. */
  readonly lost: (reason: Text) => R;
  readonly onDone?: (done: number) => void;
};

/** The objects of one thread; pixels lie outside of its heap. A file that asks for more ends its thread soon, and not after gigabytes. */
const heapMb = 512;

/** What a thread says when it has loaded. */
export const readyWord = 'ready';

const endedText = text('the reader crashed on it', '读取程序在此崩溃');
export const hungText = text('reading it took too long', '读取时间过长');

type Outcome = { readonly word: unknown } | { readonly lost: Text };

/** How often it is asked whether a thread is lost. */
const watchMs = 100;

/** The next word of a thread, or why there is none any more. `lost` after `timeoutMs`, or as soon as `whyLost` has a reason. */
export async function nextWord(worker: Worker, timeoutMs: number, whyLost?: () => Text | null): Promise<Outcome> {
  return await new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      clearInterval(watch);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(outcome);
    };
    const onMessage = (word: unknown): void => settle({ word });
    const onExit = (): void => settle({ lost: endedText });
    const onError = (error: unknown): void => {
      const reason = errorText(error);
      settle({ lost: text(`${endedText.en}: ${reason}`, `${endedText.zh}：${reason}`) });
    };
    const timer = setTimeout(() => settle({ lost: hungText }), timeoutMs);
    const watch = setInterval(() => {
      const lost = whyLost?.() ?? null;
      if (lost !== null) settle({ lost });
    }, watchMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

/** Starts a thread. A script that does not load is no job's fault. */
export async function startThread({
  script,
  setup,
  timeoutMs,
  heapMb: ownHeapMb = heapMb,
}: Pick<PoolOptions<unknown>, 'script' | 'setup' | 'timeoutMs'> & { readonly heapMb?: number }): Promise<Worker> {
  const worker = new Worker(script, { workerData: setup, resourceLimits: { maxOldGenerationSizeMb: ownHeapMb } });
  // One that comes while nobody waits for a word must not end the process; the next word tells of it.
  worker.on('error', () => undefined);
  const first = await nextWord(worker, timeoutMs);
  if ('word' in first) return worker;
  await worker.terminate();
  throw new Error(`${script}: ${first.lost.en}`);
}

/**
 * Does jobs in several threads and gives their results in the order of the jobs, whoever was done first. A job that ends its thread, or
 * keeps it for too long, is lost alone: the next one has a new thread. Rejects when a thread cannot work at all.
 *
 * Not a package: tinypool 2 and piscina 5 count a time limit from when a job is queued, not begun, and a thread that exits without an
 * error leaves its job unsettled. Threads and not processes, because a process of Electron's cannot start Node again.
 */
export async function runInThreads<R>(jobs: readonly unknown[], options: PoolOptions<R>): Promise<readonly R[]> {
  const results = new Array<R>(jobs.length);
  let next = 0;
  let done = 0;
  let isBroken = false;
  const work = async (): Promise<void> => {
    let worker: Worker | null = null;
    try {
      while (next < jobs.length && !isBroken) {
        const index = next++;
        worker ??= await startThread(options);
        worker.postMessage(jobs[index]);
        const outcome = await nextWord(worker, options.timeoutMs);
        if ('lost' in outcome) {
          await worker.terminate();
          worker = null;
          results[index] = options.lost(outcome.lost);
        } else {
          // The script is of the same build.
          const answer = outcome.word as WorkerAnswer<R>;
          if ('broken' in answer) throw new Error(answer.broken);
          results[index] = answer.result;
        }
        options.onDone?.(++done);
      }
    } catch (error) {
      isBroken = true;
      throw error;
    } finally {
      await worker?.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, jobs.length) }, work));
  return results;
}
