import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { precisionNotThere, precisionSettled } from '../../shared/diagnostics/catalog/engine';
import { diagnosticMessage, failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { ReducedType } from '../../shared/ops/graph';
import { printProgram } from '../../shared/ops/print';
import { engineLabel } from '../../shared/schema/engines';
import type { SettledPrecision, TrainingConfig } from '../../shared/schema/training';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { deviceText } from '../../shared/training/deviceText';
import { writeFileAtomically } from '../files/atomicFile';
import { cacheDir } from '../files/paths';
import type { Environment } from '../files/paths';
import type { Engine, EngineSession } from './engine';
import type { EngineChoice } from './ladder';
import {
  largestDifference,
  lossesOf,
  medianStepMs,
  onlyTraining,
  startTraining,
  trainedNumbers,
  verificationTraining,
} from './verification';

const outcomes = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['faster', 'slower']), speedup: z.number().nonnegative() }),
  z.object({ outcome: z.enum(['differs', 'failed']), detail: z.string() }),
]);

/** What a trial of a smaller type came to, on one engine and machine. */
export type PrecisionTrial = z.infer<typeof outcomes>;

/** Less is not worth other roundings, and within what a busy machine makes of the same step. */
const leastSpeedup = 1.15;

/** Losses of the first steps that are further apart than this are no rounding. */
const tolerance = 0.02;

async function withSession<T>(
  engine: Engine,
  precision: SettledPrecision,
  work: (session: EngineSession, training: ReturnType<typeof verificationTraining>) => Promise<T>,
): Promise<T> {
  const training = verificationTraining('middle', precision);
  const compiled = await engine.compile(onlyTraining(training));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((found) => diagnosticMessage(found)).join(' '));
  try {
    await startTraining(compiled.value, training);
    return await work(compiled.value, training);
  } finally {
    await compiled.value.dispose();
  }
}

/** Trains a small network in both types for some steps: whether the losses are the same, and which is faster. */
export async function tryPrecision(engine: Engine, type: ReducedType): Promise<PrecisionTrial> {
  try {
    const [expected, actual] = [
      await withSession(engine, 'float32', trainedNumbers),
      await withSession(engine, type, trainedNumbers),
    ];
    const worst = largestDifference(lossesOf(expected), lossesOf(actual));
    if (!(worst < tolerance)) return { outcome: 'differs', detail: worst.toPrecision(2) };
    // Float32 before and after: what else the machine does must not decide.
    const before = await withSession(engine, 'float32', medianStepMs);
    const reduced = await withSession(engine, type, medianStepMs);
    const after = await withSession(engine, 'float32', medianStepMs);
    const speedup = Math.min(before, after) / reduced;
    return { outcome: speedup >= leastSpeedup ? 'faster' : 'slower', speedup };
  } catch (error) {
    return { outcome: 'failed', detail: errorText(error).slice(0, 300) };
  }
}

const fileSchema = z.object({
  format: z.literal('convloom.precision'),
  version: z.literal(1),
  key: z.string(),
  trial: outcomes,
});

/** All that a trial depends on; where one of these changes, it is made again. */
function trialKey({ engine, status }: EngineChoice, type: ReducedType): string {
  const program = printProgram(onlyTraining(verificationTraining('middle', type)));
  const digest = createHash('sha256').update(program).digest('hex').slice(0, 16);
  const machine = [process.platform, process.arch, release(), cpus()[0]?.model.trim() ?? ''].join(' ');
  return [engine.id, JSON.stringify(status.versions), status.device, type, machine, digest].join(' | ');
}

function readTrial(path: string, key: string): PrecisionTrial | null {
  try {
    const kept = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return kept.key === key ? kept.trial : null;
  } catch {
    return null;
  }
}

/** The trial of this machine, made once and kept. */
async function knownTrial(choice: EngineChoice, type: ReducedType, environment: Environment): Promise<PrecisionTrial> {
  const path = join(cacheDir(environment), 'precision.json');
  const key = trialKey(choice, type);
  const known = readTrial(path, key);
  if (known !== null) return known;
  const trial = await tryPrecision(choice.engine, type);
  const kept = `${JSON.stringify({ format: 'convloom.precision', version: 1, key, trial }, null, 2)}\n`;
  // A cache that cannot be written costs another trial, and no run.
  if (trial.outcome !== 'failed') {
    await mkdir(dirname(path), { recursive: true })
      .then(() => writeFileAtomically(path, kept))
      .catch(() => undefined);
  }
  return trial;
}

function explainTrial(trial: PrecisionTrial, type: ReducedType, on: string): Text {
  const device = deviceText(on);
  switch (trial.outcome) {
    case 'faster':
    case 'slower': {
      const times = trial.speedup.toPrecision(2);
      return text(
        `On ${device.en} a training step in ${type} runs at ${times} times the speed of float32, with the same losses.`,
        `在 ${device.zh} 上，用 ${type} 训练一步的速度是 float32 的 ${times} 倍，损失相同。`,
      );
    }
    case 'differs':
      return text(
        `On ${device.en} losses in ${type} differ from those in float32 by ${trial.detail}.`,
        `在 ${device.zh} 上，${type} 的损失与 float32 相差 ${trial.detail}。`,
      );
    case 'failed':
      return text(
        `A trial of ${type} on ${device.en} failed: ${trial.detail}`,
        `在 ${device.zh} 上试用 ${type} 失败：${trial.detail}`,
      );
  }
}

/** What the products of a run are computed in, and what is to be said of it. */
export type Settled = { readonly precision: SettledPrecision; readonly note: Diagnostic | null };

/**
 * Settles what a run asks for on its engine: a type that the engine lacks is refused, and 'auto' takes a smaller one where a short trial
 * on this machine gains by it and comes to the same losses, and says why it does or does not.
 */
export async function settlePrecision(
  choice: EngineChoice,
  wanted: TrainingConfig['precision'],
  environment: Environment = process.env,
): Promise<Result<Settled>> {
  if (wanted === 'float32') return success({ precision: 'float32', note: null });
  const { engine, status } = choice;
  const label = engineLabel(engine.id);
  if (wanted !== 'auto') {
    if (!engine.reducedTypes.includes(wanted)) return failure(precisionNotThere(label, wanted));
    return success({ precision: wanted, note: null });
  }
  const [type] = engine.reducedTypes;
  if (type === undefined) {
    const why = text(`The ${label} engine computes in float32 alone.`, `${label} 引擎只用 float32 计算。`);
    return success({ precision: 'float32', note: precisionSettled('float32', why) });
  }
  const trial = await knownTrial(choice, type, environment);
  const precision = trial.outcome === 'faster' ? type : 'float32';
  return success({ precision, note: precisionSettled(precision, explainTrial(trial, type, status.device)) });
}
