import { ask } from './process';
import type { BenchProcess } from './process';
import type { BenchReply, BenchRequest } from './protocol';
import { participantOf } from './report';
import type { AbsentResult, CandidateId } from './report';
import { median } from './statistics';
import { streamingCost } from './streamingCost';

const prepareTimeoutMs = 180_000;
const turnTimeoutMs = 120_000;
/** Before its first turn a framework may try which of its ways is fastest, and compile for it. */
const warmUpTimeoutMs = 300_000;
/** A turn is about this long, so that fast candidates make many steps and slow ones at least one. */
const turnMs = 400;

/** A candidate at work on one network, and what was measured of it by now. Times in milliseconds. */
export type Running = {
  readonly candidate: CandidateId;
  readonly process: BenchProcess;
  readonly ready: Extract<BenchReply, { type: 'ready' }>;
  /** From starting the process to the end of the first step, once for each start. */
  readonly firstStepsMs: readonly number[];
  /** The steps of each round. */
  readonly rounds: (readonly number[])[];
  /** What telling a step's metrics costs, once for each time that it was measured. */
  readonly streamingMs: number[];
  peakBytes: number;
  how: string | null;
  failure: string | null;
};

/** Why a candidate is not in the report that an interrupt has cut short. */
export const interruptedWhy = 'the benchmark was interrupted before its turn';
/** Why a peer of Python takes no part. */
export const noPythonWhy = 'no Python was named; give one with --python PATH';

/** Starts a candidate's process so often that its start has a spread, and keeps the last one. */
export async function startCandidate(
  request: Extract<BenchRequest, { type: 'prepare' }>,
  start: () => BenchProcess | null,
  times: number,
  signal: AbortSignal | undefined,
): Promise<Running | AbsentResult> {
  const { candidate } = request;
  const absent = (why: string): AbsentResult => ({
    candidate,
    label: participantOf(candidate).label,
    available: false,
    why,
  });
  const firstStepsMs: number[] = [];
  for (;;) {
    const begin = performance.now();
    const process = start();
    if (process === null) return absent(noPythonWhy);
    const end = (): void => process.kill();
    signal?.addEventListener('abort', end, { once: true });
    const ready = await ask(process, request, prepareTimeoutMs);
    signal?.removeEventListener('abort', end);
    if (ready.type !== 'ready' || signal?.aborted === true) {
      end();
      if (signal?.aborted === true) return absent(interruptedWhy);
      return absent(ready.type === 'cannot' ? ready.why : 'it gave no answer');
    }
    firstStepsMs.push(performance.now() - begin);
    if (firstStepsMs.length < times) {
      end();
      continue;
    }
    const measured = { rounds: [], streamingMs: [], peakBytes: 0, how: null, failure: null };
    return { candidate, process, ready, firstStepsMs, ...measured };
  }
}

/** Steps for about a turn. Before the first turn come steps that are not counted: kernels warm up and memory is taken in them. */
export async function takeTurn(one: Running, signal: AbortSignal | undefined): Promise<void> {
  if (one.failure !== null) return;
  const known = median(one.rounds.at(-1) ?? []);
  const isWarmUp = Number.isNaN(known);
  const first = isWarmUp ? await ask(one.process, { type: 'steps', count: 2 }, warmUpTimeoutMs) : null;
  const warmMs = first?.type === 'times' ? median(first.stepsMs) : known;
  const count = Math.min(50, Math.max(isWarmUp ? 2 : 1, Math.round(turnMs / warmMs)));
  const reply = first?.type === 'cannot' ? first : await ask(one.process, { type: 'steps', count }, turnTimeoutMs);
  if (reply.type === 'times') {
    one.rounds.push(reply.stepsMs);
    one.peakBytes = reply.peakBytes;
    one.how = reply.how ?? null;
  } else if (reply.type === 'cannot' && signal?.aborted !== true) {
    one.failure = reply.why;
    // One that hangs would compute on beside the others.
    one.process.kill();
  }
}

/** Measures what telling the metrics of its steps costs, for our engines alone. */
export async function tellStreaming(one: Running, times: number): Promise<void> {
  const stepMs = median(one.rounds.flat());
  if (one.failure !== null || participantOf(one.candidate).by !== 'engine' || Number.isNaN(stepMs)) return;
  for (let time = 0; time < times; time++) {
    const costMs = await streamingCost(one.process, stepMs, turnTimeoutMs);
    if (costMs === null) return;
    one.streamingMs.push(costMs);
  }
}
