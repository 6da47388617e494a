import { badOptionValue } from '../../shared/diagnostics/catalog/commandLine';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { isEngineId } from '../../shared/schema/engines';
import { text } from '../../shared/text';
import { threadCount } from '../engines/onnxruntime/library';
import { measureAnalysis } from './analysisCost';
import type { AnalysisCost } from './analysisCost';
import { describeMachine } from './machine';
import type { Machine } from './machine';
import { benchCases } from './network';
import type { BenchCase, BenchTemplates } from './network';
import { opCases } from './opCases';
import { ask, startNode } from './process';
import type { BenchProcess } from './process';
import { candidateLabel, candidates } from './protocol';
import type { BenchReply, CandidateId } from './protocol';
import { findPythonFault, startPython } from './python';
import { median, percentile } from './statistics';
import { streamingCost } from './streamingCost';

export type BenchOptions = {
  /** The built worker, `out/main/benchWorker.js`. */
  readonly workerEntry: string;
  readonly templates: BenchTemplates;
  /** More documents whose analysis is timed. */
  readonly analysed: readonly { readonly id: string; readonly document: BenchCase['document'] }[];
  /** A Python with PyTorch or Keras; null for none. */
  readonly python: string | null;
  /** Times single ops in the place of whole networks. */
  readonly ops?: boolean;
  /** Only these cases; absent: all. */
  readonly cases?: readonly string[];
  /** How often each candidate gets its turn. Default 5. */
  readonly rounds?: number;
  /** Ends the bench early; what has been measured is reported. */
  readonly signal?: AbortSignal;
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
      /** A quarter of the steps are faster than the first, and a quarter slower than the second. */
      readonly quartilesMs: readonly [low: number, high: number];
      readonly steps: number;
      /** How many times the default engine's step this one takes; null where that could not be timed. */
      readonly ratio: number | null;
      /** 0 where the system does not tell. */
      readonly peakBytes: number;
      /** From starting the process to the end of the first step. */
      readonly firstStepMs: number;
      /** What telling a step's metrics costs from the trainer to the window's state, as a share of a step; null for what is not ours. */
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
  readonly machine: Machine;
  /** Threads that each candidate is given. */
  readonly threads: number;
  readonly baseline: CandidateId;
  readonly interrupted: boolean;
  readonly cases: readonly CaseResult[];
  readonly analysis: readonly AnalysisCost[];
};

/** What needs npm alone, and so is what people get: the others are told as multiples of its step. */
const baseline: CandidateId = 'onnxruntime';

const prepareTimeoutMs = 180_000;
const turnTimeoutMs = 120_000;
/** A turn is about this long, so that fast candidates make many steps and slow ones at least one. */
const turnMs = 400;
const defaultRounds = 5;

type Running = {
  readonly candidate: CandidateId;
  readonly process: BenchProcess;
  readonly ready: Extract<BenchReply, { type: 'ready' }>;
  readonly firstStepMs: number;
  readonly stepsMs: number[];
  peakBytes: number;
  failure: string | null;
};

type Setting = BenchOptions & { readonly threads: number };

/**
 * Times a training step of every engine and every peer that can be had, each in its own process, in turns within one run: whatever
 * else the machine does then falls on all of them alike. A candidate that cannot start, crashes or runs out of memory is left out with
 * the reason, and the others go on.
 */
export async function runBench(options: BenchOptions): Promise<Result<BenchReport>> {
  const { python, signal } = options;
  const fault = python === null ? null : await findPythonFault(python);
  if (python !== null && fault !== null) {
    const wanted = text(`a Python 3 (${fault})`, `一个 Python 3（${fault}）`);
    return failure(badOptionValue('--python', python, wanted));
  }
  const setting: Setting = { ...options, threads: threadCount() };
  const all = options.ops === true ? opCases() : benchCases(options.templates);
  const wanted = all.filter(({ id }) => options.cases?.includes(id) ?? true);
  const cases: CaseResult[] = [];
  for (const benchCase of wanted) {
    if (signal?.aborted !== true) cases.push(await runCase(benchCase, setting));
  }
  const isAnalysed = signal?.aborted !== true && options.ops !== true;
  if (isAnalysed) options.progress?.('analysis');
  return success({
    machine: describeMachine(),
    threads: setting.threads,
    baseline,
    interrupted: signal?.aborted === true,
    cases,
    analysis: isAnalysed ? measureAnalysis(options.analysed) : [],
  });
}

async function runCase(benchCase: BenchCase, setting: Setting): Promise<CaseResult> {
  const { signal } = setting;
  const { id, label, batchSize } = benchCase;
  const running: Running[] = [];
  const missing: CandidateResult[] = [];
  const endAll = (): void => {
    for (const { process: candidateProcess } of running) candidateProcess.kill();
  };
  signal?.addEventListener('abort', endAll, { once: true });
  try {
    for (const candidate of candidates) {
      if (signal?.aborted === true) break;
      setting.progress?.(`${label}: starting ${candidateLabel(candidate)}`);
      const started = await start(candidate, benchCase, setting);
      if ('process' in started) running.push(started);
      else missing.push(started);
    }
    await takeTurns(label, running, setting);
    const shares = new Map<CandidateId, number | null>();
    for (const one of running) shares.set(one.candidate, await streamingShare(one));
    const base = running.find(({ candidate }) => candidate === baseline);
    const results = running.map((one) => resultOf(one, base, shares.get(one.candidate) ?? null));
    const order = (result: CandidateResult): number => candidates.indexOf(result.candidate);
    return { id, label, batchSize, results: [...results, ...missing].toSorted((a, b) => order(a) - order(b)) };
  } finally {
    signal?.removeEventListener('abort', endAll);
    endAll();
  }
}

async function takeTurns(label: string, running: readonly Running[], setting: Setting): Promise<void> {
  const rounds = setting.rounds ?? defaultRounds;
  for (let round = 1; round <= rounds; round++) {
    setting.progress?.(`${label}: round ${round} of ${rounds}`);
    for (const one of running) {
      if (setting.signal?.aborted === true) return;
      await takeTurn(one, setting.signal);
    }
  }
}

async function start(
  candidate: CandidateId,
  benchCase: BenchCase,
  { workerEntry, python, threads, signal }: Setting,
): Promise<Running | Extract<CandidateResult, { available: false }>> {
  const label = candidateLabel(candidate);
  const isPython = candidate === 'pytorch' || candidate === 'keras';
  if (isPython && python === null) {
    return { candidate, label, available: false, why: 'no Python was named; give one with --python PATH' };
  }
  const begin = performance.now();
  const candidateProcess = isPython && python !== null ? startPython(python, threads) : startNode(workerEntry, threads);
  const end = (): void => candidateProcess.kill();
  signal?.addEventListener('abort', end, { once: true });
  const ready = await ask(candidateProcess, { type: 'prepare', candidate, benchCase, threads }, prepareTimeoutMs);
  signal?.removeEventListener('abort', end);
  if (ready.type !== 'ready') {
    candidateProcess.kill();
    const why = ready.type === 'cannot' ? ready.why : 'it gave no answer';
    return { candidate, label, available: false, why: signal?.aborted === true ? interrupted : why };
  }
  const firstStepMs = performance.now() - begin;
  return { candidate, process: candidateProcess, ready, firstStepMs, stepsMs: [], peakBytes: 0, failure: null };
}

const interrupted = 'the benchmark was interrupted before its turn';

/** Steps for about a turn. The first turn's times are kept out: kernels warm up and memory is taken in it. */
async function takeTurn(one: Running, signal: AbortSignal | undefined): Promise<void> {
  if (one.failure !== null) return;
  const known = median(one.stepsMs.slice(-20));
  const isWarmUp = Number.isNaN(known);
  if (isWarmUp) await ask(one.process, { type: 'steps', count: 2 }, turnTimeoutMs);
  const count = isWarmUp ? 2 : Math.min(50, Math.max(1, Math.round(turnMs / known)));
  const reply = await ask(one.process, { type: 'steps', count }, turnTimeoutMs);
  if (reply.type === 'times') {
    one.stepsMs.push(...reply.stepsMs);
    one.peakBytes = reply.peakBytes;
  } else if (reply.type === 'cannot' && signal?.aborted !== true) {
    one.failure = reply.why;
    // One that hangs would compute on beside the others.
    one.process.kill();
  }
}

async function streamingShare(one: Running): Promise<number | null> {
  if (one.failure !== null || !isEngineId(one.candidate)) return null;
  const stepMs = median(one.stepsMs);
  if (Number.isNaN(stepMs)) return null;
  const costMs = await streamingCost(one.process, stepMs, turnTimeoutMs);
  return costMs === null ? null : costMs / stepMs;
}

function resultOf(one: Running, base: Running | undefined, share: number | null): CandidateResult {
  const { candidate, ready, failure: fault } = one;
  const label = candidateLabel(candidate);
  if (fault !== null) return { candidate, label, available: false, why: fault };
  if (one.stepsMs.length === 0) return { candidate, label, available: false, why: interrupted };
  const medianMs = median(one.stepsMs);
  const baseMs = median(base?.failure === null ? base.stepsMs : []);
  return {
    candidate,
    label,
    available: true,
    device: ready.device,
    version: ready.version,
    medianMs,
    minMs: Math.min(...one.stepsMs),
    quartilesMs: [percentile(one.stepsMs, 0.25), percentile(one.stepsMs, 0.75)],
    steps: one.stepsMs.length,
    ratio: Number.isNaN(baseMs) ? null : medianMs / baseMs,
    peakBytes: one.peakBytes,
    firstStepMs: one.firstStepMs,
    streamingShare: share,
  };
}
