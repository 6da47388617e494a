import type { BenchCase } from './network';

/** Who may take part: our engines, and the same networks as users of other libraries write them. */
export const candidates = [
  'tensorflow',
  'onnxruntime',
  'tfjs',
  'tfjs-layers-wasm',
  'tfjs-node-minimize',
  'pytorch',
  'keras',
] as const;
export type CandidateId = (typeof candidates)[number];

export const candidateLabels: { readonly [Id in CandidateId]: string } = {
  tensorflow: 'Convloom, TensorFlow engine',
  onnxruntime: 'Convloom, ONNX Runtime engine',
  tfjs: 'Convloom, tfjs engine (wasm)',
  'tfjs-layers-wasm': 'tfjs layers, wasm backend',
  'tfjs-node-minimize': 'tfjs-node, optimizer.minimize',
  pytorch: 'PyTorch, CPU',
  keras: 'Keras, tf.function',
};

/** What the benchmark asks of a candidate's process; it answers each with one {@link BenchReply}. */
export type BenchRequest =
  /** Build the network and make a step. */
  | { readonly type: 'prepare'; readonly candidate: CandidateId; readonly benchCase: BenchCase }
  | { readonly type: 'steps'; readonly count: number }
  /** Send `count` step events as the trainer does and tell what that took. */
  | { readonly type: 'stream'; readonly count: number };

export type BenchReply =
  | { readonly type: 'ready'; readonly device: string; readonly version: string; readonly loss: number }
  | { readonly type: 'cannot'; readonly why: string }
  | { readonly type: 'times'; readonly stepsMs: readonly number[]; readonly peakBytes: number }
  | { readonly type: 'streamed'; readonly eventMs: number }
  /** A step event on its way; only its cost matters. */
  | { readonly type: 'event'; readonly step: number; readonly loss: number };

/** A network that can be trained step by step, on one fixed random batch. */
export type Stepper = {
  readonly device: string;
  readonly version: string;
  /** One training step; gives the loss before it. */
  step(): Promise<number>;
};
