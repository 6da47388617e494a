import { parentPort } from 'node:worker_threads';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { QuestionName, TrainerQuestions } from '../../trainer/protocol';
import { readyWord } from '../../data/workerPool';
import type { FromThread, ToThread } from './importThread';
import { importNetwork } from './index';
import { createKeptImports } from './kept';

/** The entry of the thread that imports a large file. What it asks of engines, the one who started it asks for it. */
const waiting = new Map<number, (result: Result<unknown>) => void>();
const cancelled = new AbortController();
let lastId = 0;

function say(message: FromThread): void {
  parentPort?.postMessage(message);
}

function ask<N extends QuestionName>(
  name: N,
  question: TrainerQuestions[N][0],
): Promise<Result<TrainerQuestions[N][1]>> {
  const id = ++lastId;
  return new Promise((resolve) => {
    waiting.set(id, (result) => resolve(result as Result<TrainerQuestions[N][1]>));
    say({ type: 'ask', id, name, question });
  });
}

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'cancel') cancelled.abort();
  else if (message.type === 'answer') {
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  } else {
    const { request, dataDir } = message;
    const surroundings = { answerer: { ask }, kept: createKeptImports(dataDir), signal: cancelled.signal };
    void importNetwork(request, surroundings).then((result) => say({ type: 'done', result }));
  }
});
parentPort?.postMessage(readyWord);
