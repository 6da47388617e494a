import { fork } from 'node:child_process';
import { createTail } from '../host/trainerProcess';
import type { BenchReply, BenchRequest } from './protocol';

/** A process of one candidate. */
export type BenchProcess = {
  send(request: BenchRequest): void;
  /** Gives back what ends the subscription. */
  onReply(listener: (reply: BenchReply) => void): () => void;
  kill(): void;
};

/** What a candidate's process says, with its end as the last word: whoever asks a process that has ended hears why at once. */
export type Replies = {
  tell(reply: BenchReply): void;
  end(why: string): void;
  readonly on: (listener: (reply: BenchReply) => void) => () => void;
};

export function createReplies(): Replies {
  const listeners = new Set<(reply: BenchReply) => void>();
  let last: BenchReply | null = null;
  const tell = (reply: BenchReply): void => {
    for (const listener of [...listeners]) listener(reply);
  };
  return {
    tell,
    end: (why) => {
      if (last !== null) return;
      last = { type: 'cannot', why };
      tell(last);
    },
    on: (listener) => {
      const word = last;
      // Later, as any other answer: the asker has not finished asking.
      if (word !== null) queueMicrotask(() => listener(word));
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Why a process ended that was not told to. `errorOutput` is the end of what it wrote there. */
export function explainEnd(code: number | null, signal: string | null, errorOutput: string): string {
  const said = errorOutput.trim().split('\n').at(-1)?.trim() ?? '';
  const words = said === '' ? '' : `: ${said.slice(0, 200)}`;
  // The kernel ends a process that takes the last memory with this signal, and says nothing to it.
  if (signal === 'SIGKILL') return `it was killed (SIGKILL), most likely because memory ran out${words}`;
  if (signal !== null) return `it crashed (${signal})${words}`;
  return `it ended with code ${String(code)}${words}`;
}

/** Starts a candidate that runs in Node from the built worker. */
export function startNode(workerEntry: string, threads: number): BenchProcess {
  const child = fork(workerEntry, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...threadVariables(threads), TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  const replies = createReplies();
  const errorOutput = createTail();
  child.stderr?.on('data', (chunk) => errorOutput.add(chunk));
  child.on('message', (reply: BenchReply) => replies.tell(reply));
  child.on('error', (error) => replies.end(error.message));
  // 'close' comes after the error output has been read to its end, 'exit' may not.
  child.on('close', (code, signal) => replies.end(explainEnd(code, signal, errorOutput.text())));
  return {
    send: (request) => {
      if (child.connected) child.send(request, () => undefined);
    },
    onReply: replies.on,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What makes TensorFlow and the libraries below PyTorch take so many threads; ONNX Runtime is told by our engine. */
export function threadVariables(threads: number): Readonly<Record<string, string>> {
  const count = String(threads);
  return { TF_NUM_INTRAOP_THREADS: count, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count };
}

/** Asks and waits for the answer; reports on the way are not answers. */
export function ask(process: BenchProcess, request: BenchRequest, timeoutMs: number): Promise<BenchReply> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => finish({ type: 'cannot', why: `it gave no answer within ${timeoutMs / 1000} s` }),
      timeoutMs,
    );
    const unsubscribe = process.onReply((reply) => {
      if (reply.type !== 'report') finish(reply);
    });
    const finish = (reply: BenchReply): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(reply);
    };
    process.send(request);
  });
}
