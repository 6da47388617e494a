import type { TrainerReport } from '../trainer/protocol';
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
  tfjs: 'Convloom, tfjs engine',
  'tfjs-layers-wasm': 'tfjs layers, wasm backend',
  'tfjs-node-minimize': 'tfjs-node, optimizer.minimize',
  pytorch: 'PyTorch',
  keras: 'Keras, tf.function',
};

/** What the benchmark asks of a candidate's process; it answers each with one {@link BenchReply}. */
export type BenchRequest =
  /** Build the network and make a step. */
  | {
      readonly type: 'prepare';
      readonly candidate: CandidateId;
      readonly benchCase: BenchCase;
      readonly threads: number;
    }
  | { readonly type: 'steps'; readonly count: number }
  /** Log and send the events of `count` steps of `stepMs` each through the trainer's own log, and tell what that took. */
  | { readonly type: 'stream'; readonly count: number; readonly stepMs: number };

export type BenchReply =
  | { readonly type: 'ready'; readonly device: string; readonly version: string; readonly loss: number }
  | { readonly type: 'cannot'; readonly why: string }
  | { readonly type: 'times'; readonly stepsMs: readonly number[]; readonly peakBytes: number }
  /** Milliseconds per step in the trainer's process, and how many of the steps were sent to the app. */
  | { readonly type: 'streamed'; readonly stepCostMs: number; readonly sentCount: number }
  /** What the trainer sends to the app, on its way. */
  | { readonly type: 'report'; readonly report: TrainerReport };

/** A network that can be trained step by step, on one fixed random batch. */
export type Stepper = {
  readonly device: string;
  readonly version: string;
  /** One training step; gives the loss before it. */
  step(): Promise<number>;
};
