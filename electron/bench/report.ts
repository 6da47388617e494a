import { z } from 'zod';
import { engineLabel } from '../../shared/schema/engines';
import type { EngineId } from '../../shared/schema/engines';

type Precision = 'float32' | 'bfloat16';

/** Who computes: one of our engines, tfjs with a layers model, or a framework in the Python that `--python` names. */
type Participant = { readonly label: string; readonly precision: Precision } & (
  | { readonly by: 'engine'; readonly engine: EngineId }
  | { readonly by: 'tfjs' }
  | { readonly by: 'python'; readonly framework: 'pytorch' | 'keras' }
);

function ours(engine: EngineId, precision: Precision = 'float32'): Participant {
  const suffix = precision === 'float32' ? '' : `, ${precision}`;
  return { label: `Convloom, ${engineLabel(engine)} engine${suffix}`, precision, by: 'engine', engine };
}

/** Everybody who may take part, our engines and the same networks as users of other libraries write them, in the order of the report. */
export const participants = {
  tensorflow: ours('tensorflow'),
  'tensorflow-bfloat16': ours('tensorflow', 'bfloat16'),
  onnxruntime: ours('onnxruntime'),
  tfjs: ours('tfjs'),
  'tfjs-layers-wasm': { label: 'tfjs layers, wasm backend', precision: 'float32', by: 'tfjs' },
  'tfjs-node-minimize': { label: 'tfjs-node, optimizer.minimize', precision: 'float32', by: 'tfjs' },
  pytorch: { label: 'PyTorch', precision: 'float32', by: 'python', framework: 'pytorch' },
  'pytorch-bfloat16': { label: 'PyTorch, bfloat16', precision: 'bfloat16', by: 'python', framework: 'pytorch' },
  keras: { label: 'Keras', precision: 'float32', by: 'python', framework: 'keras' },
  'keras-bfloat16': { label: 'Keras, bfloat16', precision: 'bfloat16', by: 'python', framework: 'keras' },
} as const satisfies { readonly [id: string]: Participant };

/** One who may take part. */
export type CandidateId = keyof typeof participants;

/** Everybody, in the order of the report. */
export const candidates = Object.keys(participants).filter((id): id is CandidateId => id in participants);

/** Who a candidate is. */
export function participantOf(id: CandidateId): Participant {
  return participants[id];
}

const finite = z.number();
const candidate = z.enum(candidates);

/** A figure with its spread: half of the samples lie between `low` and `high`, the quartiles by nearest rank; `most` is the largest. */
const spreadSchema = z.strictObject({
  median: finite,
  low: finite,
  high: finite,
  most: finite,
  samples: z.int().min(1),
});
export type Spread = z.infer<typeof spreadSchema>;

const quartiles = z.tuple([finite, finite]).readonly();

export const machineSchema = z.strictObject({
  cpu: z.string(),
  threads: z.int(),
  memoryBytes: finite,
  node: z.string(),
});

/** Where a report was made. */
export type Machine = z.infer<typeof machineSchema>;

const productSchema = z.strictObject({
  precision: z.enum(['float32', 'bfloat16']),
  /** Rows and columns of both matrices, where it is fastest. */
  size: z.int(),
  /** 10^9 floating-point operations a second. */
  gflops: spreadSchema,
});

const roofRowSchema = z.strictObject({
  by: z.string(),
  products: z.array(productSchema),
  /** A copy, read and write counted; null where it was not measured. */
  copy: z.strictObject({ bytes: finite, gigabytesPerSecond: spreadSchema }).nullable(),
});

/** What one library reaches in the operation that it is best at. */
export type RoofRow = z.infer<typeof roofRowSchema>;

const roofSchema = z.strictObject({
  rows: z.array(roofRowSchema),
  /**
   * The most of all samples of all rows, in 10^9 operations and 10^9 bytes a second: what else a machine does only lowers them. Null where
   * nobody could tell.
   */
  float32Gflops: finite.nullable(),
  bfloat16Gflops: finite.nullable(),
  copyGigabytesPerSecond: finite.nullable(),
});

/** The most that this machine was seen to do, in the same run. */
export type Roof = z.infer<typeof roofSchema>;

const absentSchema = z.strictObject({
  candidate,
  label: z.string(),
  available: z.literal(false),
  why: z.string(),
});

const timedSchema = z.strictObject({
  candidate,
  label: z.string(),
  available: z.literal(true),
  device: z.string(),
  version: z.string(),
  medianMs: finite,
  minMs: finite,
  /** A quarter of the steps are faster than the first, and a quarter slower than the second. */
  quartilesMs: quartiles,
  steps: z.int(),
  /** How many times the default engine's step this one takes; null where that could not be timed. */
  ratio: finite.nullable(),
  /** The quartiles of that ratio over the rounds, each round's medians against each other. */
  ratioQuartiles: quartiles.nullable(),
  /** The step's operations in the median time. */
  gflops: finite,
  /** That as a share of the roof of the same precision; null where there is none. */
  roofShare: finite.nullable(),
  /** The largest of one process; 0 where the system does not tell. */
  peakBytes: finite,
  /** From starting the process to the end of the first step. */
  firstStepMs: finite,
  firstStepQuartilesMs: quartiles,
  /** What telling a step's metrics costs from the trainer to the window's state, as a share of a step; null for what is not ours. */
  streamingShare: finite.nullable(),
  streamingQuartiles: quartiles.nullable(),
});

const candidateResultSchema = z.discriminatedUnion('available', [timedSchema, absentSchema]);

/** One candidate on one network. Times in milliseconds. */
export type CandidateResult = z.infer<typeof candidateResultSchema>;
export type AbsentResult = z.infer<typeof absentSchema>;

const caseSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  batchSize: z.int(),
  /** Floating-point operations of one training step. */
  flops: finite,
  results: z.array(candidateResultSchema),
});
export type CaseResult = z.infer<typeof caseSchema>;

const analysisSchema = z.strictObject({
  id: z.string(),
  nodeCount: z.int(),
  coldMs: finite,
  coldQuartilesMs: quartiles,
  editMs: finite,
  editQuartilesMs: quartiles,
});

/** What analysing one network costs, in milliseconds: from nothing, and again after one edit. */
export type AnalysisCost = z.infer<typeof analysisSchema>;

/** What `convloom bench --json` prints. */
export const benchReportSchema = z.strictObject({
  machine: machineSchema,
  /** Threads that each candidate is given. */
  threads: z.int(),
  baseline: candidate,
  interrupted: z.boolean(),
  roof: roofSchema,
  cases: z.array(caseSchema),
  analysis: z.array(analysisSchema),
});
export type BenchReport = z.infer<typeof benchReportSchema>;

const seedRunSchema = z.strictObject({
  seed: z.int(),
  /** Each epoch's validation as it became known; seconds from starting the process. */
  epochs: z.array(z.strictObject({ epoch: z.int(), valAccuracy: finite, seconds: finite })),
  /** Why it ended before its last epoch; null where it did not, or had reached all levels. */
  fault: z.string().nullable(),
});
export type SeedRun = z.infer<typeof seedRunSchema>;

const levelSchema = z.strictObject({
  /** Validation accuracy, as a fraction. */
  level: finite,
  /** How many of how many seeds reached it. */
  reached: z.int(),
  seeds: z.int(),
  /** Of the seeds that reached it; null where none did. */
  seconds: z.strictObject({ mean: finite, deviation: finite.nullable(), least: finite, most: finite }).nullable(),
});
export type LevelResult = z.infer<typeof levelSchema>;

const raceSchema = z.discriminatedUnion('available', [
  z.strictObject({
    candidate,
    label: z.string(),
    available: z.literal(true),
    device: z.string(),
    version: z.string(),
    levels: z.array(levelSchema),
    runs: z.array(seedRunSchema),
  }),
  absentSchema,
]);
export type RaceResult = z.infer<typeof raceSchema>;

/** What `convloom bench --accuracy --json` prints. */
export const accuracyReportSchema = z.strictObject({
  machine: machineSchema,
  threads: z.int(),
  seeds: z.int(),
  interrupted: z.boolean(),
  recipes: z.array(
    z.strictObject({
      id: z.string(),
      label: z.string(),
      epochs: z.int(),
      results: z.array(raceSchema),
    }),
  ),
});
export type AccuracyReport = z.infer<typeof accuracyReportSchema>;
