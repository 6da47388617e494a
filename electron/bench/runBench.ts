import { badOptionValue } from '../../shared/diagnostics/catalog/commandLine';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import { threadCount } from '../engines/onnxruntime/library';
import { measureAnalysis } from './analysisCost';
import { describeMachine } from './machine';
import { benchCases } from './network';
import type { BenchCase, BenchTemplates } from './network';
import { opCases } from './opCases';
import { startNode } from './process';
import type { BenchProcess } from './process';
import { findPythonFault, startPython } from './python';
import { candidates, participantOf } from './report';
import type { AbsentResult, BenchReport, CandidateId, CandidateResult, CaseResult, Roof } from './report';
import { measureRoof } from './roof';
import { resultOf } from './results';
import { startCandidate, takeTurn, tellStreaming } from './turns';
import type { Running } from './turns';
import { trainingFlops } from './work';

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
  /** Only this candidate; absent: all. */
  readonly only?: CandidateId;
  /** How often each candidate gets its turn. Default 5. */
  readonly rounds?: number;
  /** Ends the bench early; what has been measured is reported. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly progress?: (line: string) => void;
};

/** What needs npm alone, and so is what people get: the others are told as multiples of its step. */
const baseline: CandidateId = 'onnxruntime';

const defaultRounds = 5;
/** How long a library multiplies at each size of the roof, for each round. */
const roofTurnMs = 80;
/** A process is started so often that its start has a spread. */
const mostStarts = 3;

type Setting = BenchOptions & { readonly threads: number; readonly rounds: number };

/**
 * Times a training step of every engine and every peer that can be had, each in its own process, in turns within one run: whatever
 * else the machine does then falls on all of them alike. A candidate that cannot start, crashes or runs out of memory is left out with
 * the reason, and the others go on. Before it the roof of the machine is measured, of which each step is told as a share.
 */
export async function runBench(options: BenchOptions): Promise<Result<BenchReport>> {
  const { python, signal } = options;
  const fault = await checkPython(python);
  if (fault !== null) return failure(fault);
  const setting: Setting = { ...options, threads: threadCount(), rounds: options.rounds ?? defaultRounds };
  const roof = await measureRoof({
    ...setting,
    turnMs: roofTurnMs * setting.rounds,
    start: (candidate) => startProcess(candidate, setting),
  });
  const all = options.ops === true ? opCases() : benchCases(options.templates);
  const wanted = all.filter(({ id }) => options.cases?.includes(id) ?? true);
  const cases: CaseResult[] = [];
  for (const benchCase of wanted) {
    if (signal?.aborted !== true) cases.push(await runCase(benchCase, roof, setting));
  }
  const isAnalysed = signal?.aborted !== true && options.ops !== true;
  if (isAnalysed) options.progress?.('analysis');
  return success({
    machine: describeMachine(),
    threads: setting.threads,
    baseline,
    interrupted: signal?.aborted === true,
    roof,
    cases,
    analysis: isAnalysed ? [...measureAnalysis(options.analysed)] : [],
  });
}

/** What is wrong with a path that was named as a Python; null where nothing is, or nothing was named. */
export async function checkPython(python: string | null): Promise<Diagnostic | null> {
  const fault = python === null ? null : await findPythonFault(python);
  if (python === null || fault === null) return null;
  return badOptionValue('--python', python, text(`a Python 3 (${fault})`, `一个 Python 3（${fault}）`));
}

/** Null where it needs a Python and none was named. */
function startProcess(candidate: CandidateId, { python, workerEntry, threads }: Setting): BenchProcess | null {
  if (participantOf(candidate).by !== 'python') return startNode(workerEntry, threads);
  return python === null ? null : startPython(python, threads);
}

async function runCase(benchCase: BenchCase, roof: Roof, setting: Setting): Promise<CaseResult> {
  const { signal, rounds, threads } = setting;
  const { id, label, batchSize, document } = benchCase;
  const running: Running[] = [];
  const absent: AbsentResult[] = [];
  const endAll = (): void => {
    for (const { process: candidateProcess } of running) candidateProcess.kill();
  };
  signal?.addEventListener('abort', endAll, { once: true });
  try {
    for (const candidate of candidates.filter((one) => setting.only === undefined || one === setting.only)) {
      if (signal?.aborted === true) break;
      setting.progress?.(`${label}: starting ${participantOf(candidate).label}`);
      const started = await startCandidate(
        { type: 'prepare', candidate, benchCase, threads },
        () => startProcess(candidate, setting),
        Math.min(rounds, mostStarts),
        signal,
      );
      if ('process' in started) running.push(started);
      else absent.push(started);
    }
    await takeTurns(label, running, setting);
    for (const one of running) await tellStreaming(one, Math.min(rounds, mostStarts));
    const base = running.find(({ candidate }) => candidate === baseline);
    const flops = trainingFlops(document, batchSize);
    const results: readonly CandidateResult[] = running.map((one) => resultOf(one, { base, flops, roof }));
    const order = (result: CandidateResult): number => candidates.indexOf(result.candidate);
    return { id, label, batchSize, flops, results: [...results, ...absent].toSorted((a, b) => order(a) - order(b)) };
  } finally {
    signal?.removeEventListener('abort', endAll);
    endAll();
  }
}

async function takeTurns(
  label: string,
  running: readonly Running[],
  { signal, rounds, progress }: Setting,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    progress?.(`${label}: round ${round} of ${rounds}`);
    for (const one of running) {
      if (signal?.aborted === true) return;
      await takeTurn(one, signal);
    }
  }
}
