import { engineIds, engineLabel, isEngineId, type EngineId } from '../../shared/schema/engines';
import type { TrainerReport } from '../trainer/protocol';
import type { BenchCase } from './network';

/** The same networks as users of other libraries write them, by what the report calls them. */
const peerLabels = {
  'tfjs-layers-wasm': 'tfjs layers, wasm backend',
  'tfjs-node-minimize': 'tfjs-node, optimizer.minimize',
  pytorch: 'PyTorch',
  keras: 'Keras, tf.function',
} as const;

/** Who may take part: our engines, and their peers. */
export type CandidateId = EngineId | keyof typeof peerLabels;

/** Everybody, in the order of the report. */
export const candidates: readonly CandidateId[] = [
  ...engineIds,
  'tfjs-layers-wasm',
  'tfjs-node-minimize',
  'pytorch',
  'keras',
];

/** What the report calls a candidate. */
export function candidateLabel(id: CandidateId): string {
  return isEngineId(id) ? `Convloom, ${engineLabel(id)} engine` : peerLabels[id];
}

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
