import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { meanAndDeviation } from '../../shared/training/seedSeries';
import { openDigits } from '../data/digits';
import { threadCount } from '../engines/onnxruntime/library';
import { describeMachine } from './machine';
import { peerLayers } from './network';
import { accuracyScript } from './peerScripts';
import { threadVariables } from './process';
import { accuracyRecipes, epochsOf, peerRecipe } from './recipes';
import type { Recipe } from './recipes';
import { candidates, participantOf } from './report';
import type { AccuracyReport, CandidateId, LevelResult, RaceResult, SeedRun } from './report';
import { checkPython } from './runBench';
import { interruptedFault, runSeed } from './seedRun';
import type { SeedOutcome } from './seedRun';
import { interruptedWhy, noPythonWhy } from './turns';

export type AccuracyOptions = {
  /** The command, `bin/convloom.mjs`. */
  readonly command: string;
  readonly lenet: NetworkDocument;
  /** A Python with PyTorch or Keras; null for none. */
  readonly python: string | null;
  /** How many seeds each takes, from 1 on. Default 5. */
  readonly seeds?: number;
  /** In the place of each recipe's own. */
  readonly epochs?: number;
  /** Only this recipe; absent: all. */
  readonly recipe?: Recipe['id'];
  /** Only this candidate; absent: every engine, PyTorch and Keras, in float32. */
  readonly only?: CandidateId;
  /** Keeps the folders of our runs here; absent: they are removed. */
  readonly runsDir?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
};

const defaultSeeds = 5;
const firstSeed = 1;

type Setting = AccuracyOptions & {
  readonly threads: number;
  readonly seeds: number;
  readonly scratch: string;
  /** How many of the digits that peers are given train, and how many validate; none where there are no peers. */
  readonly counts: readonly number[];
};

/** One candidate on one recipe. */
type Racer = {
  readonly candidate: CandidateId;
  readonly runs: SeedRun[];
  standing: Extract<SeedOutcome, { started: true }> | null;
  why: string | null;
};

/**
 * Seconds from the command to levels of validation accuracy on the built-in digits, over several seeds: start, data, training and
 * validation are in them. Candidates take turns seed by seed, each run in processes of its own.
 */
export async function runAccuracy(options: AccuracyOptions): Promise<Result<AccuracyReport>> {
  const fault = await checkPython(options.python);
  if (fault !== null) return failure(fault);
  const scratch = await mkdtemp(join(tmpdir(), 'convloom-bench-runs-'));
  try {
    const written = options.python === null ? success([]) : await writeDigits(digitsPath({ scratch }));
    if (!written.ok) return written;
    const seeds = options.seeds ?? defaultSeeds;
    const setting: Setting = { ...options, threads: threadCount(), seeds, scratch, counts: written.value };
    const recipes: AccuracyReport['recipes'] = [];
    for (const recipe of accuracyRecipes(options.lenet, options.epochs)) {
      if (options.recipe !== undefined && options.recipe !== recipe.id) continue;
      if (options.signal?.aborted === true) break;
      const { id, label } = recipe;
      recipes.push({ id, label, epochs: epochsOf(recipe), results: [...(await race(recipe, setting))] });
    }
    return success({
      machine: describeMachine(),
      threads: setting.threads,
      seeds: setting.seeds,
      interrupted: options.signal?.aborted === true,
      recipes,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function racers({ only }: Setting): readonly Racer[] {
  const wanted = candidates.filter((id) => {
    const { by, precision } = participantOf(id);
    return only === undefined ? by !== 'tfjs' && precision === 'float32' : id === only;
  });
  return wanted.map((candidate) => ({ candidate, runs: [], standing: null, why: null }));
}

async function race(recipe: Recipe, setting: Setting): Promise<readonly RaceResult[]> {
  const { seeds, signal, progress, scratch } = setting;
  const file = join(scratch, `${recipe.id}.json`);
  await writeFile(file, JSON.stringify(recipe.document));
  const field = racers(setting);
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    for (const racer of field) {
      if (racer.why !== null) continue;
      if (signal?.aborted === true) break;
      const place = `seed ${seed - firstSeed + 1} of ${seeds}`;
      progress?.(`${recipe.label}: ${place}: ${participantOf(racer.candidate).label}`);
      const launch = launchOf(racer.candidate, recipe, file, seed, setting);
      if (typeof launch === 'string') {
        racer.why = launch;
        continue;
      }
      const outcome = await runSeed(launch, seed, Math.max(...recipe.levels), signal);
      if (outcome.started) {
        racer.standing = outcome;
        racer.runs.push(outcome.run);
      } else if (racer.standing === null) racer.why = outcome.why;
      else racer.runs.push({ seed, epochs: [], fault: outcome.why });
    }
  }
  return field.map((racer) => resultOf(racer, recipe));
}

function resultOf({ candidate, runs, standing, why }: Racer, { levels }: Recipe): RaceResult {
  const { label } = participantOf(candidate);
  if (standing === null) {
    return { candidate, label, available: false, why: why ?? interruptedWhy };
  }
  const { device, version } = standing;
  return {
    candidate,
    label,
    available: true,
    device,
    version,
    levels: levels.map((level) => {
      // A seed that was not let come so far says nothing of whether it would have.
      const told = runs.filter((run) => run.fault !== interruptedFault || secondsTo(level, run) !== null);
      return levelResult(level, told);
    }),
    runs,
  };
}

/** The seconds at which an epoch's validation first reached a level; null where none did. */
export function secondsTo(level: number, { epochs }: SeedRun): number | null {
  return epochs.find(({ valAccuracy }) => valAccuracy >= level)?.seconds ?? null;
}

/** How soon seeds reach a level. Those that do not are counted, and in no mean. */
export function levelResult(level: number, runs: readonly SeedRun[]): LevelResult {
  const seconds = runs.flatMap((run) => secondsTo(level, run) ?? []);
  const { mean, deviation } = meanAndDeviation(seconds);
  return {
    level,
    reached: seconds.length,
    seeds: runs.length,
    seconds: mean === null ? null : { mean, deviation, least: Math.min(...seconds), most: Math.max(...seconds) },
  };
}

/** What to start for one run. */
export type Launch = {
  readonly command: string;
  readonly args: readonly string[];
  /** What its input begins and ends with. */
  readonly input: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** How a run is started, or why it cannot be. */
function launchOf(
  candidate: CandidateId,
  recipe: Recipe,
  file: string,
  seed: number,
  setting: Setting,
): Launch | string {
  const { command, python, threads, scratch, counts, runsDir = join(scratch, 'runs') } = setting;
  const participant = participantOf(candidate);
  const environment = threadVariables(threads);
  const { precision } = participant;
  if (participant.by === 'engine') {
    const dir = join(runsDir, recipe.id, `${candidate}-${seed}`);
    const words = ['--engine', participant.engine, '--precision', precision, '--seed', String(seed), '--run', dir];
    return { command: process.execPath, args: [command, 'train', file, ...words, '--json'], input: '', environment };
  }
  if (participant.by === 'tfjs') return 'there is no script of whole runs for it';
  if (python === null) return noPythonWhy;
  const [plain, layers] = [peerRecipe(recipe), peerLayers(recipe.document)];
  if ('lacking' in plain) return `the peers' script has no ${plain.lacking}`;
  if ('lacking' in layers) return `the peer networks have no ${layers.lacking}`;
  const { framework } = participant;
  const told = { framework, precision, threads, seed, layers, recipe: plain, data: digitsPath(setting), counts };
  return { command: python, args: ['-u', '-c', accuracyScript], input: `${JSON.stringify(told)}\n`, environment };
}

function digitsPath({ scratch }: Pick<Setting, 'scratch'>): string {
  return join(scratch, 'digits.bin');
}

/** Writes the digits for peers: all pictures, those that train first, then all classes, a byte each. Gives how many train and validate. */
async function writeDigits(path: string): Promise<Result<readonly number[]>> {
  const digits = await openDigits();
  if (!digits.ok) return digits;
  const { train, validation } = digits.value;
  const parts = [train.inputs, validation.inputs, train.targets, validation.targets];
  await writeFile(path, Buffer.concat(parts.map((part) => Uint8Array.from(part))));
  return success([train.count, validation.count]);
}
