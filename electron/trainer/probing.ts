import type { ProbedNode } from '../../shared/compile/probe';
import type { TensorMap } from '../../shared/ops/tensor';
import type { Samples } from '../data/dataset';
import { scalarOf } from './evaluate';

/** Some samples from all over a split. */
export function someOf({ count }: Samples, wanted: number): readonly number[] {
  const taken = Math.min(count, wanted);
  return Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}

/** Of one node. Sizes are root mean squares; `largest` is each channel's. */
export type Measured = {
  readonly signal: number;
  readonly gradient: number | null;
  readonly largest: readonly number[] | null;
};

/** What a probe gave for a node. */
export function readNode({ signal, gradient, largest }: ProbedNode, outputs: TensorMap): Measured {
  return {
    signal: Math.sqrt(scalarOf(outputs, signal)),
    gradient: gradient === null ? null : Math.sqrt(scalarOf(outputs, gradient)),
    largest: largest === null ? null : Array.from(outputs[largest]?.data ?? []),
  };
}

/** How many of a layer's units give nothing but 0. */
export function deadShare(largest: readonly number[]): number {
  return largest.filter((value) => value <= 0).length / Math.max(1, largest.length);
}
