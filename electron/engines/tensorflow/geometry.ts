import type { ConvAttributes, Dim } from '../../../shared/ops/graph';

type Pair = readonly [number, number];

/** A convolution and the sizes around it. */
export type Geometry = {
  readonly conv: ConvAttributes;
  readonly batch: Dim;
  /** Height and width of the input. */
  readonly size: Pair;
  readonly kernel: Pair;
  readonly inChannels: number;
  readonly outChannels: number;
};
