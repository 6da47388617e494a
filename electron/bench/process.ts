import { fork } from 'node:child_process';
import type { BenchReply, BenchRequest } from './protocol';

/** A process of one candidate. */
export type BenchProcess = {
  send(request: BenchRequest): void;
  /** Gives back what ends the subscription. */
  onReply(listener: (reply: BenchReply) => void): () => void;
  kill(): void;
};

/** Starts a candidate that runs in Node from the built worker. */
export function startNode(workerEntry: string): BenchProcess {
  const child = fork(workerEntry, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  const listeners = new Set<(reply: BenchReply) => void>();
  const tell = (reply: BenchReply): void => {
    for (const listener of listeners) listener(reply);
  };
  child.on('message', (reply: BenchReply) => tell(reply));
  child.on('error', (error) => tell({ type: 'cannot', why: error.message }));
  child.on('exit', (code, signal) => tell({ type: 'cannot', why: `The process ended (${signal ?? String(code)}).` }));
  return {
    send: (request) => void child.send(request, () => undefined),
    onReply: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Asks and waits for the answer; step events on the way are not answers. */
export function ask(process: BenchProcess, request: BenchRequest, timeoutMs: number): Promise<BenchReply> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => finish({ type: 'cannot', why: `No answer within ${timeoutMs / 1000} s.` }),
      timeoutMs,
    );
    const unsubscribe = process.onReply((reply) => {
      if (reply.type !== 'event') finish(reply);
    });
    const finish = (reply: BenchReply): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(reply);
    };
    process.send(request);
  });
}
