import { checkpointDamaged, checkpointMisfits, runIsComplete } from '../../shared/diagnostics/catalog/model';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { TrainingProgram } from '../../shared/compile/compile';
import { samplesPerStep } from '../../shared/schema/training';
import type { SettledPrecision } from '../../shared/schema/training';
import { formatShape, text } from '../../shared/text';
import type { ReadAs } from '../data/dataset';
import type { Checkpoint, DataFingerprint } from '../files/checkpoint';
import { readCheckpoint } from '../files/checkpoint';
import { readRecord } from '../files/runRecord';

/** A run that goes on, with the folder that it is in. */
export type ResumedRun = Checkpoint & {
  readonly dir: string;
  /** How the run's data were read, so that they are again; null where its record does not say. */
  readonly readAs: ReadAs | null;
};

/** Reads what a run goes on from, unless it has nothing left to do. */
export async function readResumable(dir: string): Promise<Result<ResumedRun>> {
  const read = await readCheckpoint(dir);
  if (!read.ok) return read;
  const { runId, epoch, config } = read.value.state;
  if (epoch > config.epochs) return failure(runIsComplete(runId, config.epochs));
  const record = await readRecord(dir);
  // Pictures of no values are read one way alone, and what is scaled by its scaling.
  const readAs = record.ok && record.value.data.scaling !== null ? record.value.data : null;
  return success({ dir, readAs, ...read.value });
}

function differenceOf(
  then: DataFingerprint,
  now: DataFingerprint,
): { readonly what: string; readonly then: string; readonly now: string } | null {
  const rows: readonly (readonly [string, string, string])[] = [
    ['number of samples', `${then.trainCount} + ${then.validationCount}`, `${now.trainCount} + ${now.validationCount}`],
    ['input size', formatShape(then.inputShape), formatShape(now.inputShape)],
    ['target size', formatShape(then.targetShape), formatShape(now.targetShape)],
    ['list of classes', then.classes.join(', '), now.classes.join(', ')],
    ['number of samples kept apart', String(then.testCount ?? 0), String(now.testCount ?? 0)],
    ['content of the data', then.digest, now.digest],
    // Every sample, where the digest has some from all over the set.
    ['snapshot of the data', then.snapshot ?? now.snapshot ?? '', now.snapshot ?? ''],
  ];
  const found = rows.find(([, before, after]) => before !== after);
  return found === undefined ? null : { what: found[0], then: found[1], now: found[2] };
}

/** What a run has been computed in: it goes on so, whatever a trial would say now. */
export function precisionSince({ state }: ResumedRun): SettledPrecision {
  return state.precision ?? 'float32';
}

/** Refuses to go on with other data. Null where they are the same. */
export function checkSameData({ dir, state }: ResumedRun, data: DataFingerprint): Diagnostic | null {
  const difference = differenceOf(state.data, data);
  if (difference !== null) return checkpointMisfits(dir, difference.what, difference.then, difference.now);
  const stepsPerEpoch = Math.ceil(data.trainCount / samplesPerStep(state.config));
  const stepsNow = Math.ceil(state.seen / samplesPerStep(state.config));
  if (state.seen > data.trainCount || state.step !== (state.epoch - 1) * stepsPerEpoch + stepsNow) {
    return checkpointDamaged(
      dir,
      text('Its step and its place in the epoch do not belong together.', '其中的步数与轮中的位置互不相符。'),
      true,
    );
  }
  return null;
}

/** Refuses to go on with another network. Null where its weights and the optimizer's slots are the same. */
export function checkSameNetwork({ dir, variables }: ResumedRun, { program }: TrainingProgram): Diagnostic | null {
  for (const { name, shape, dtype } of program.variables) {
    const saved = variables[name];
    if (saved?.dtype === dtype && saved.shape.join() === shape.join()) continue;
    const then = saved === undefined ? '-' : formatShape(saved.shape);
    return checkpointMisfits(dir, name, then, formatShape(shape));
  }
  return null;
}

/** The variables that the program has, and no others. */
export function savedVariables({ variables }: Checkpoint, { program }: TrainingProgram): Checkpoint['variables'] {
  const names = new Set(program.variables.map(({ name }) => name));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
}
