import type { TrainerReport } from '../trainer/protocol';
import type { BenchCase } from './network';
import type { CandidateId, RoofRow } from './report';

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
  /** Multiply matrices and copy memory with the candidate's own library; so many milliseconds at each size. */
  | { readonly type: 'roof'; readonly candidate: CandidateId; readonly threads: number; readonly turnMs: number }
  /** Log and send the events of `count` steps of `stepMs` each through the trainer's own log, and tell what that took. */
  | { readonly type: 'stream'; readonly count: number; readonly stepMs: number };

export type BenchReply =
  | { readonly type: 'ready'; readonly device: string; readonly version: string; readonly loss: number }
  | { readonly type: 'cannot'; readonly why: string }
  /** `how`: which of its ways to make a step a framework was found to be fastest with. */
  | { readonly type: 'times'; readonly stepsMs: readonly number[]; readonly peakBytes: number; readonly how?: string }
  | ({ readonly type: 'roof' } & RoofSamples)
  /** Milliseconds per step in the trainer's process, and how many of the steps were sent to the app. */
  | { readonly type: 'streamed'; readonly stepCostMs: number; readonly sentCount: number }
  /** What the trainer sends to the app, on its way. */
  | { readonly type: 'report'; readonly report: TrainerReport };

/** One size of the product of two square matrices, in 10^9 operations a second. */
type ProductSamples = {
  readonly precision: RoofRow['products'][number]['precision'];
  readonly size: number;
  readonly gflops: readonly number[];
};

/** What a library was seen to do, at every size that was tried. */
export type RoofSamples = {
  readonly products: readonly ProductSamples[];
  /** 10^9 bytes a second, read and write counted. */
  readonly copies: readonly { readonly bytes: number; readonly gigabytesPerSecond: readonly number[] }[];
};

/** More than the caches of a processor hold, so that memory is what a copy measures. */
export const copyBytes = 2 ** 28;

/** A network that can be trained step by step, on one fixed random batch. */
export type Stepper = {
  readonly device: string;
  readonly version: string;
  /** One training step; gives the loss before it. */
  step(): Promise<number>;
};
