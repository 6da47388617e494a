import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkpointDamaged, checkpointMissing } from '../../shared/diagnostics/catalog/model';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { reducedTypes } from '../../shared/ops/graph';
import type { TensorMap } from '../../shared/ops/tensor';
import { engineIds } from '../../shared/schema/engines';
import { recordedTrainingSchema } from '../../shared/schema/training';
import type { Plateau } from '../../shared/schema/schedule';
import type { EngineId, SettledPrecision, TrainingConfig } from '../../shared/schema/training';
import type { Fit } from '../../shared/training/overFitting';
import type { Watched } from '../../shared/training/watching';
import { errorWords, text, WordedError } from '../../shared/text';
import { damageOf } from './damage';
import { errorCode } from './fileErrors';
import { readRegularFile } from './regularFile';
import { runFiles } from './runRecord';
import { decodeSafetensors, encodeSafetensors } from './safetensors';
import { loadWeights } from './weights';

/** What is remembered of a run's data, to notice that they are no longer the same. */
export type DataFingerprint = {
  readonly trainCount: number;
  readonly validationCount: number;
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  readonly classes: readonly string[];
  /** A digest of labels and of samples from all over the set, in hexadecimal. */
  readonly digest: string;
  /** Of the part that is kept apart; absent where there is none. */
  readonly testCount?: number;
  /** Of all of the data; absent in checkpoints that are older. */
  readonly snapshot?: string;
};

/** Where a run stands, besides its tensors: everything that is needed to take the next step as an unbroken run would. */
export type CheckpointState = {
  readonly runId: string;
  /** The engine that the run is on: another one would round differently. */
  readonly engine: EngineId;
  readonly config: TrainingConfig;
  /** What products are computed in; absent: float32. */
  readonly precision?: SettledPrecision;
  readonly data: DataFingerprint;
  /** Steps that are done, over the whole run. */
  readonly step: number;
  /** The epoch that is under way, counted from 1; one more than the configured ones when the run is complete. */
  readonly epoch: number;
  /** Samples of that epoch that have been trained on, and what they added up to. */
  readonly seen: number;
  readonly lossSum: number;
  readonly correct: number;
  /** Labels that `correct` is out of. */
  readonly answers: number;
  /** Null before the first step. */
  readonly firstLoss: number | null;
  /** Of the schedule 'plateau'; absent in checkpoints that are older. */
  readonly plateau?: Plateau;
  /** Of the best epoch; absent in checkpoints that are older. */
  readonly watched?: Watched;
  /** Of over-fitting; absent in checkpoints that are older. */
  readonly fit?: Fit;
  /** Seconds spent on the run, and on the epoch under way. */
  readonly seconds: number;
  readonly epochSeconds: number;
};

/** `variables`: the weights and the optimizer's slots, bit by bit as the run's engine keeps them. */
export type Checkpoint = { readonly state: CheckpointState; readonly variables: TensorMap };

const count = z.int().min(0);

const stateSchema: z.ZodType<CheckpointState> = z.object({
  runId: z.string(),
  engine: z.enum(engineIds),
  config: recordedTrainingSchema,
  precision: z.enum(['float32', ...reducedTypes]).exactOptional(),
  data: z.object({
    trainCount: count,
    validationCount: count,
    inputShape: z.array(count),
    targetShape: z.array(count),
    classes: z.array(z.string()),
    digest: z.string(),
    testCount: count.exactOptional(),
    snapshot: z.string().exactOptional(),
  }),
  step: count,
  epoch: z.int().min(1),
  seen: count,
  lossSum: z.number(),
  correct: z.number(),
  answers: count,
  firstLoss: z.number().nullable(),
  plateau: z.object({ best: z.number().nullable(), waited: count, share: z.number() }).exactOptional(),
  watched: z.object({ best: z.number().nullable(), bestEpoch: count, waited: count }).exactOptional(),
  fit: z
    .object({ best: z.number().nullable(), bestEpoch: count, trainThen: z.number(), isTold: z.boolean() })
    .exactOptional(),
  seconds: z.number(),
  epochSeconds: z.number(),
});

/** The one key of the file's metadata, and the version of what stands under it. */
const metadataKey = 'convloom.checkpoint';
const checkpointVersion = 1;

/** The bytes of a `checkpoint.safetensors`: weights and optimizer slots as tensors, everything else as one JSON text. */
export function encodeCheckpoint({ state, variables }: Checkpoint): Buffer {
  return encodeSafetensors(variables, { [metadataKey]: JSON.stringify({ version: checkpointVersion, state }) });
}

const envelopeSchema = z.object({ version: z.literal(checkpointVersion), state: stateSchema });

function parseCheckpoint(bytes: Buffer): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const source = metadata[metadataKey];
  if (source === undefined)
    throw new WordedError(text('It does not say where the run stood.', '其中没有记录训练进行到何处。'));
  const raw: unknown = JSON.parse(source);
  const parsed = envelopeSchema.safeParse(raw);
  if (parsed.success) return { state: parsed.data.state, variables: tensors };
  throw new WordedError(damageOf(metadataKey, parsed.error, raw));
}

/**
 * Reads a run's checkpoint, and when it was written. A damaged one says whether the weights beside it can still be used. A model that is
 * one file has none.
 */
export async function readCheckpoint(dir: string): Promise<Result<Checkpoint & { readonly savedAt: Date }>> {
  const path = join(dir, runFiles.checkpoint);
  try {
    const { mtime } = await stat(path);
    return success({ ...parseCheckpoint(await readRegularFile(path)), savedAt: mtime });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return failure(checkpointMissing(dir));
    const weights = await loadWeights(dir, null);
    return failure(checkpointDamaged(path, errorWords(error), weights.ok));
  }
}
