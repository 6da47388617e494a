import { join } from 'node:path';
import { z } from 'zod';
import { sweepDamaged } from '../../shared/diagnostics/catalog/sweep';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { networkDocumentSchema, type Json, type NetworkDocument } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { earlyStopRules } from '../../shared/schema/sweeps';
import { recordedTrainingSchema, type TrainingConfig } from '../../shared/schema/training';
import type { Sweep } from '../../shared/training/sweep';
import { errorWords } from '../../shared/text';
import { watchedMetrics } from '../../shared/training/watching';
import { writeFileAtomically } from './atomicFile';
import { damageOf } from './damage';
import { errorCode, fileDiagnostic } from './fileErrors';
import { readRegularText } from './regularFile';

/** What of a sweep is in its folder; the runs of one whose folder the user named are beside it. */
export const sweepFile = 'sweep.json';

/** What `sweep.json` holds: all that is needed to go on. */
export type SweepRecord = Omit<Sweep, 'dir'> & {
  readonly format: 'convloom.sweep';
  readonly version: 1;
  readonly document: NetworkDocument;
  readonly config: TrainingConfig;
  /** Whether its runs are in its own folder, and not among all runs. */
  readonly isOwnDir: boolean;
  /** The process that works on it. */
  readonly pid: number | null;
};

const measure = z.number().nullable();
const said = z.object({ en: z.string(), zh: z.string() });
const json: z.ZodType<Json> = z.json();

const schema: z.ZodType<SweepRecord> = z.object({
  format: z.literal('convloom.sweep'),
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  startedAt: z.string(),
  state: z.enum(['running', 'stopped', 'completed']),
  data: z.string(),
  vary: z.array(z.string()),
  earlyStop: z.enum(earlyStopRules.map(({ value }) => value)),
  document: networkDocumentSchema,
  config: recordedTrainingSchema,
  isOwnDir: z.boolean(),
  pid: z.number().nullable(),
  trials: z.array(
    z.object({
      assignment: z.record(z.string(), json),
      state: z.enum(['waiting', 'running', 'completed', 'early', 'skipped', 'failed']),
      runId: z.string().nullable(),
      runDir: z.string().nullable(),
      errors: z.array(z.number()),
      metric: z.enum(watchedMetrics).nullable(),
      params: measure,
      macs: measure,
      seconds: measure,
      why: said.nullable(),
    }),
  ),
});

/** Reads a sweep's file. */
export async function readSweepRecord(dir: string): Promise<Result<SweepRecord>> {
  const path = join(dir, sweepFile);
  try {
    const raw: unknown = JSON.parse(await readRegularText(path, limits.recordBytes));
    const parsed = schema.safeParse(raw);
    return parsed.success ? success(parsed.data) : failure(sweepDamaged(path, damageOf(sweepFile, parsed.error, raw)));
  } catch (error) {
    const isNowhere = ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
    return failure(isNowhere ? fileDiagnostic(error, path, 'open') : sweepDamaged(path, errorWords(error)));
  }
}

/** Writes a sweep's file as one step. Throws the file system's error. */
export async function writeSweepRecord(dir: string, record: SweepRecord): Promise<void> {
  await writeFileAtomically(join(dir, sweepFile), `${JSON.stringify(record, null, 1)}\n`);
}
