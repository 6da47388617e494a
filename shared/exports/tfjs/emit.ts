import { usedWeights } from '../../analysis/sharedWeights';
import type { NodeAnalysis } from '../../analysis/types';
import type { Shape, Size2 } from '../../layers/define';
import type { Json } from '../../schema/document';
import type { Text } from '../../text';

/** A weight of a printed layer: its name in tfjs, ours, and what of it belongs here. */
export type PrintedWeight = {
  readonly name: string;
  readonly from: string;
  readonly shape: readonly number[];
  /** A run of the last axis, where the weight is cut over several layers. */
  readonly part?: { readonly start: number; readonly of: number };
};

/** A layer as `model.json` lists it. */
export type PrintedLayer = {
  readonly name: string;
  readonly className: string;
  readonly config: { readonly [name: string]: Json };
  readonly inputs: readonly string[];
  readonly nodeId: string;
  readonly weights: readonly PrintedWeight[];
  /** The layer that is called once more in place of one of its own; left out for a layer that the model lists. */
  readonly calls?: string;
};

/** What a kind's printer is given. Layers are referred to by name. */
export type PrintContext = {
  readonly node: NodeAnalysis;
  readonly params: { readonly [name: string]: unknown };
  readonly inputs: readonly string[];
  readonly shapes: readonly Shape[];
  readonly output: Shape;
  /** Whether nothing below zero can come in. */
  readonly isNonNegative: boolean;
  /** Adds a layer and gives its name: the node's own, or with a suffix that tells it apart. */
  readonly emit: (
    className: string,
    config: { readonly [name: string]: Json | undefined },
    inputs: readonly string[],
    more?: { readonly suffix?: string; readonly weights?: readonly PrintedWeight[] },
  ) => string;
  /** Ends the printing: no standard layers compute that. */
  refuse(why: Text): never;
};

/** Writes a node as layers; gives the name of the one that its value comes from. */
export type Printer = (context: PrintContext) => string;

/** A param that is a size, as two numbers. */
export function sizeOf(value: unknown): Size2 {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = pair;
  return [typeof height === 'number' ? height : 1, typeof width === 'number' ? width : 1];
}

/** What weights of a node are called in tfjs, those of them that there are. */
export function weightsOf(
  node: NodeAnalysis,
  names: readonly (readonly [ours: string, theirs: string])[],
  shape: (own: readonly number[], name: string) => readonly number[] = (own) => own,
): readonly PrintedWeight[] {
  return names.flatMap(([from, name]) => {
    const weight = usedWeights(node).find((one) => one.name === from);
    return weight === undefined ? [] : [{ name, from, shape: shape(weight.shape, from) }];
  });
}
