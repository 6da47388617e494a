import { availableParallelism, cpus, totalmem } from 'node:os';
import { measureAnalysis } from './analysisCost';
import type { AnalysisCost } from './analysisCost';
import { benchCases } from './network';
import type { BenchCase, BenchTemplates } from './network';
import { ask, startNode } from './process';
import type { BenchProcess } from './process';
import { candidateLabels, candidates } from './protocol';
import type { BenchReply, CandidateId } from './protocol';
import { startPython } from './python';
import { median } from './statistics';

export type BenchOptions = {
  /** The built worker, `out/main/benchWorker.js`. */
  readonly workerEntry: string;
  readonly templates: BenchTemplates;
  /** More documents whose analysis is timed. */
  readonly analysed: readonly { readonly id: string; readonly document: BenchCase['document'] }[];
  /** A Python with PyTorch or Keras; null for none. */
  readonly python: string | null;
  /** Only these cases; absent: all. */
  readonly cases?: readonly string[];
  /** How often each candidate gets its turn. Default 5. */
  readonly rounds?: number;
  /** Told what is being done. */
  readonly progress?: (line: string) => void;
};

/** One candidate on one network. Times in milliseconds. */
export type CandidateResult =
  | {
      readonly candidate: CandidateId;
      readonly label: string;
      readonly available: true;
      readonly device: string;
      readonly version: string;
      readonly medianMs: number;
      readonly minMs: number;
      readonly steps: number;
      /** How many times the default engine's step this one takes. */
      readonly ratio: number;
      readonly peakBytes: number;
      /** From starting the process to the end of the first step. */
      readonly firstStepMs: number;
      /** What sending one step event costs, as a share of a step; null for what is not ours. */
      readonly streamingShare: number | null;
    }
  | { readonly candidate: CandidateId; readonly label: string; readonly available: false; readonly why: string };

export type CaseResult = {
  readonly id: string;
  readonly label: string;
  readonly batchSize: number;
  readonly results: readonly CandidateResult[];
};

export type BenchReport = {
  readonly machine: {
    readonly cpu: string;
    readonly threads: number;
    readonly memoryBytes: number;
    readonly node: string;
  };
  readonly baseline: CandidateId;
  readonly cases: readonly CaseResult[];
  readonly analysis: readonly AnalysisCost[];
};

/** What needs npm alone, and so is what people get: the others are told as multiples of its step. */
const baseline: CandidateId = 'onnxruntime';

const prepareTimeoutMs = 180_000;
const turnTimeoutMs = 120_000;
/** A turn is about this long, so that fast candidates make many steps and slow ones at least one. */
const turnMs = 400;

type Running = {
  readonly candidate: CandidateId;
  readonly process: BenchProcess;
  readonly ready: Extract<BenchReply, { type: 'ready' }>;
  readonly firstStepMs: number;
  readonly stepsMs: number[];
  peakBytes: number;
  failure: string | null;
};

/**
 * Times a training step of every engine and every peer that can be had, each in its own process, in turns within one run: whatever
 * else the machine does then falls on all of them alike.
 */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const progress = options.progress ?? (() => undefined);
  const wanted = benchCases(options.templates).filter(({ id }) => options.cases?.includes(id) ?? true);
  const cases: CaseResult[] = [];
  for (const benchCase of wanted) cases.push(await runCase(benchCase, options, progress));
  progress('analysis');
  return {
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      threads: availableParallelism(),
      memoryBytes: totalmem(),
      node: process.version,
    },
    baseline,
    cases,
    analysis: measureAnalysis(options.analysed),
  };
}

async function runCase(
  benchCase: BenchCase,
  options: BenchOptions,
  progress: (line: string) => void,
): Promise<CaseResult> {
  const running: Running[] = [];
  const missing: CandidateResult[] = [];
  try {
    for (const candidate of candidates) {
      progress(`${benchCase.label}: starting ${candidateLabels[candidate]}`);
      const started = await start(candidate, benchCase, options);
      if ('process' in started) running.push(started);
      else missing.push(started);
    }
    const rounds = options.rounds ?? 5;
    for (let round = 0; round < rounds; round++) {
      for (const one of running) {
        progress(`${benchCase.label}: round ${round + 1} of ${rounds}, ${candidateLabels[one.candidate]}`);
        await takeTurn(one);
      }
    }
    const shares = new Map<CandidateId, number | null>();
    for (const one of running) shares.set(one.candidate, await streamingShare(one));
    const base = running.find(({ candidate }) => candidate === baseline);
    const results = running.map((one) => resultOf(one, base, shares.get(one.candidate) ?? null));
    const order = (result: CandidateResult): number => candidates.indexOf(result.candidate);
    const { id, label, batchSize } = benchCase;
    return { id, label, batchSize, results: [...results, ...missing].toSorted((a, b) => order(a) - order(b)) };
  } finally {
    for (const { process: candidateProcess } of running) candidateProcess.kill();
  }
}

async function start(
  candidate: CandidateId,
  benchCase: BenchCase,
  { workerEntry, python }: BenchOptions,
): Promise<Running | Extract<CandidateResult, { available: false }>> {
  const label = candidateLabels[candidate];
  const isPython = candidate === 'pytorch' || candidate === 'keras';
  if (isPython && python === null) {
    return { candidate, label, available: false, why: 'No Python was named; give one with --python PATH.' };
  }
  const begin = performance.now();
  const candidateProcess = isPython && python !== null ? startPython(python) : startNode(workerEntry);
  const ready = await ask(candidateProcess, { type: 'prepare', candidate, benchCase }, prepareTimeoutMs);
  if (ready.type !== 'ready') {
    candidateProcess.kill();
    return { candidate, label, available: false, why: ready.type === 'cannot' ? ready.why : 'It gave no answer.' };
  }
  const firstStepMs = performance.now() - begin;
  return { candidate, process: candidateProcess, ready, firstStepMs, stepsMs: [], peakBytes: 0, failure: null };
}

/** Steps for about a turn. The first turn's times are kept out: kernels warm up and memory is taken in it. */
async function takeTurn(one: Running): Promise<void> {
  if (one.failure !== null) return;
  const known = median(one.stepsMs.slice(-20));
  const isWarmUp = Number.isNaN(known);
  if (isWarmUp) await ask(one.process, { type: 'steps', count: 2 }, turnTimeoutMs);
  const count = isWarmUp ? 2 : Math.min(50, Math.max(1, Math.round(turnMs / known)));
  const reply = await ask(one.process, { type: 'steps', count }, turnTimeoutMs);
  if (reply.type === 'times') {
    one.stepsMs.push(...reply.stepsMs);
    one.peakBytes = reply.peakBytes;
  } else if (reply.type === 'cannot') one.failure = reply.why;
}

const streamedEvents = 500;

async function streamingShare(one: Running): Promise<number | null> {
  if (one.failure !== null || !['tensorflow', 'onnxruntime', 'tfjs'].includes(one.candidate)) return null;
  const reply = await ask(one.process, { type: 'stream', count: streamedEvents }, turnTimeoutMs);
  return reply.type === 'streamed' ? reply.eventMs / median(one.stepsMs) : null;
}

function resultOf(one: Running, base: Running | undefined, share: number | null): CandidateResult {
  const { candidate, ready, failure } = one;
  const label = candidateLabels[candidate];
  if (failure !== null) return { candidate, label, available: false, why: failure };
  const medianMs = median(one.stepsMs);
  return {
    candidate,
    label,
    available: true,
    device: ready.device,
    version: ready.version,
    medianMs,
    minMs: Math.min(...one.stepsMs),
    steps: one.stepsMs.length,
    ratio: medianMs / median(base?.stepsMs ?? []),
    peakBytes: one.peakBytes,
    firstStepMs: one.firstStepMs,
    streamingShare: share,
  };
}
