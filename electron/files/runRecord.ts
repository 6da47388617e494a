import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runDamaged } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { RunSummary, RunVariant } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { recordedTrainingSchema } from '../../shared/schema/training';
import { labelScoresSchema, lossPartsSchema, watchSchema } from '../../shared/training/eventSchema';
import type { RunNetwork } from '../../shared/training/runTable';
import { errorWords } from '../../shared/text';
import { writeFileAtomically } from './atomicFile';
import { damageOf, lacks } from './damage';
import { errorCode, fileDiagnostic } from './fileErrors';
import { readRegularText } from './regularFile';
import { isProcessAlive } from './processes';
import { trainedDataSchema } from './trainedData';
import type { TrainedData } from './trainedData';

/**
 * A run's folder: a model's (`network.json`, `weights.safetensors`) with `run.json`, `metrics.jsonl`, `checkpoint.safetensors`
 * and `best.safetensors`.
 * Runs of earlier versions have `weights.json` and `weights.bin` instead.
 */
export const runFiles = {
  record: 'run.json',
  network: 'network.json',
  metrics: 'metrics.jsonl',
  safetensors: 'weights.safetensors',
  /** The weights of the epoch with the best watched score. */
  best: 'best.safetensors',
  checkpoint: 'checkpoint.safetensors',
  weightIndex: 'weights.json',
  weights: 'weights.bin',
} as const;

/** What `run.json` holds. Written by the app that owns the run; the trainer writes metrics and weights. */
export type RunRecord = {
  readonly format: 'convloom.run';
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly config: RunSummary['config'];
  readonly state: RunSummary['state'];
  readonly lastEpoch: RunSummary['lastEpoch'];
  /** The trainer's process, to tell a run at work from one whose process is gone. */
  readonly pid: number | null;
  readonly data: TrainedData;
  /** Absent in runs that stand for themselves. */
  readonly variant?: RunVariant;
  /** Absent in runs that started by their seed. */
  readonly startedFrom?: string;
  /** Absent in runs from before it was written down. */
  readonly network?: RunNetwork;
  readonly tags?: readonly string[];
  /** Absent before the end of a run, and in runs from before it was written down. */
  readonly seconds?: number;
};

/** The ids of runs, and so the names of their folders. */
export const runIdPattern = /^[\w-]{1,100}$/;

/** The runs that have a folder below `runsDir`. Throws the file system's error. */
export async function runIdsIn(runsDir: string): Promise<readonly string[]> {
  return (await readdir(runsDir)).filter((name) => runIdPattern.test(name));
}

const fraction = z.number().nullable();

const recordSchema: z.ZodType<RunRecord> = z.object({
  format: z.literal('convloom.run'),
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  startedAt: z.string(),
  config: recordedTrainingSchema,
  state: z.enum(['running', 'completed', 'stopped', 'failed', 'killed']),
  lastEpoch: z
    .object({
      type: z.literal('epoch'),
      epoch: z.number(),
      loss: z.number(),
      valLoss: z.number(),
      accuracy: fraction,
      valAccuracy: fraction,
      valMeanIou: fraction,
      valLabels: labelScoresSchema.exactOptional(),
      valPsnr: z.number().exactOptional(),
      valLossParts: lossPartsSchema.exactOptional(),
      seconds: z.number(),
      watch: watchSchema.exactOptional(),
    })
    .nullable(),
  pid: z.number().nullable(),
  data: trainedDataSchema,
  variant: z
    .object({
      group: z.string(),
      label: z.object({ en: z.string(), zh: z.string() }),
      head: z.string(),
      network: z.string(),
    })
    .exactOptional(),
  startedFrom: z.string().exactOptional(),
  network: z
    .object({
      name: z.string(),
      digest: z.string(),
      params: z.number(),
      trainableParams: z.number(),
      macs: z.number(),
    })
    .exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  seconds: z.number().exactOptional(),
});

/** Reads a run's `run.json`. A folder that is not there is a file that cannot be read; one without a record is a damaged run. */
export async function readRecord(dir: string): Promise<Result<RunRecord>> {
  try {
    const raw: unknown = JSON.parse(await readRegularText(join(dir, runFiles.record), limits.recordBytes));
    const parsed = recordSchema.safeParse(raw);
    if (parsed.success) return success(parsed.data);
    return failure(runDamaged(dir, damageOf(runFiles.record, parsed.error, raw)));
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT';
    if (errorCode(error) === 'ENOTDIR' || (isMissing && !existsSync(dir))) {
      return failure(fileDiagnostic(error, dir, 'open'));
    }
    return failure(runDamaged(dir, isMissing ? lacks(runFiles.record) : errorWords(error)));
  }
}

/** Writes a run's `run.json` as one step. Throws the file system's error. */
export async function writeRecord(dir: string, record: RunRecord): Promise<void> {
  await writeFileAtomically(join(dir, runFiles.record), `${JSON.stringify(record, null, 2)}\n`);
}

/** How often the owner of a run touches its record, and after how long without a touch the owner counts as gone. */
export const heartbeatMs = 10_000;
const silenceMs = 60_000;

/**
 * Whether a record that says 'running' is still right: its process exists and its owner has touched the record lately. The
 * second guards against a process id that was given to another program meanwhile.
 */
export async function isStillRunning(dir: string, record: RunRecord, now: Date): Promise<boolean> {
  if (record.pid === null || !isProcessAlive(record.pid)) return false;
  try {
    const { mtimeMs } = await stat(join(dir, runFiles.record));
    return now.getTime() - mtimeMs < silenceMs;
  } catch {
    return false;
  }
}
