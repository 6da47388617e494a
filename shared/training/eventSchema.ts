import { z } from 'zod';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { editSchema } from '../schema/editSchema';
import { severities } from '../schema/severities';
import type { RunEvent } from './events';
import type { LabelScores } from './labelScores';
import type { LossParts } from './lossParts';
import { watchedMetrics, type WatchReport } from './watching';

const measure = z.number();
const score = measure.nullable();
const said = z.object({ en: z.string(), zh: z.string() });

const fix = z.object({
  title: said,
  edits: z.array(editSchema),
  paramsAfter: measure.exactOptional(),
  unknownAfter: measure.exactOptional(),
  paramsDelta: measure.exactOptional(),
});

const diagnostic: z.ZodType<Diagnostic> = z.object({
  code: z.string(),
  severity: z.enum(severities),
  at: z.object({
    nodeId: z.string().exactOptional(),
    port: measure.exactOptional(),
    param: z.string().exactOptional(),
    path: z.string().exactOptional(),
  }),
  summary: said,
  why: said.exactOptional(),
  related: z.array(z.string()).exactOptional(),
  fixes: z.array(fix),
  lesson: z.string().exactOptional(),
});

const usage = z.object({ memoryBytes: measure, cores: measure });
const names = z.array(z.string());
const shape = z.array(measure);
const fresh = z.object({ name: z.string(), shape, found: shape.nullable() });
const metric = z.enum(watchedMetrics);

/** Which epoch is the best one by now. */
export const watchSchema: z.ZodType<WatchReport> = z.object({
  metric,
  best: measure,
  bestEpoch: measure,
  patienceLeft: score,
});

/** See {@link LossParts}. */
export const lossPartsSchema: z.ZodType<LossParts> = z.object({
  content: measure.exactOptional(),
  style: measure.exactOptional(),
  variation: measure.exactOptional(),
});

/** See {@link LabelScores}. */
export const labelScoresSchema: z.ZodType<LabelScores> = z.object({
  macroF1: score,
  microF1: score,
  meanAveragePrecision: score,
  exactMatch: measure,
});

/** One schema for each field of an event: a field that has none is a compile error. */
type ShapeOf<E> = { readonly [F in keyof Omit<E, 'type'>]-?: z.ZodType<E[F] | undefined> };
type Shapes = { readonly [T in RunEvent['type']]: ShapeOf<Extract<RunEvent, { type: T }>> };

const shapes: Shapes = {
  started: {
    runId: z.string(),
    engine: z.string(),
    device: z.string(),
    epochs: measure,
    stepsPerEpoch: measure,
    trainCount: measure,
    validationCount: measure,
    baseline: z.object({
      accuracy: measure,
      meanIou: score,
      labels: labelScoresSchema.exactOptional(),
      psnr: measure.exactOptional(),
    }),
    resumed: z.object({ epoch: measure, step: measure }).exactOptional(),
    from: z
      .object({ source: z.string(), carried: names, fresh: z.array(fresh), unused: names, frozen: names })
      .exactOptional(),
  },
  step: {
    epoch: measure,
    step: measure,
    loss: measure,
    accuracy: score,
    imagesPerSecond: measure,
    secondsLeft: measure,
    learningRate: measure.exactOptional(),
    usage: usage.exactOptional(),
  },
  epoch: {
    epoch: measure,
    loss: measure,
    valLoss: measure,
    accuracy: score,
    valAccuracy: score,
    valMeanIou: score,
    valLabels: labelScoresSchema.exactOptional(),
    valPsnr: measure.exactOptional(),
    valLossParts: lossPartsSchema.exactOptional(),
    seconds: measure,
    watch: watchSchema.exactOptional(),
    layers: z.array(z.object({ nodeId: z.string(), gradient: score, dead: score })).exactOptional(),
    usage: usage.exactOptional(),
  },
  finished: {
    runDir: z.string(),
    seconds: measure,
    reason: z.enum(['completed', 'stopped']),
    best: z.object({ epoch: measure, metric, score: measure }).exactOptional(),
    early: z.object({ epoch: measure, patience: measure }).exactOptional(),
  },
  warning: { diagnostic },
  failed: { diagnostic },
};

const schemas = new Map<unknown, z.ZodType>(
  Object.entries(shapes).map(([type, shape]) => [type, z.object({ ...shape, type: z.literal(type) })]),
);

/**
 * The event in one line of a run's log; null for what is none. The log may be another program's, be damaged, or be cut off by a crash,
 * and what it says is drawn and printed. Fields of later versions are left out.
 */
export function parseEvent(line: string): RunEvent | null {
  try {
    const value = JSON.parse(line) as { readonly type?: unknown } | null;
    const parsed = schemas.get(value?.type)?.safeParse(value);
    return parsed?.success === true ? (parsed.data as RunEvent) : null;
  } catch {
    return null;
  }
}
