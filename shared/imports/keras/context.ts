import type { Shape } from '../../layers/define';
import type { FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import type { Text } from '../../text';
import type { ImportLine } from '../report';
import type { Config } from './config';
import type { Argument } from './graph';

/** A tensor of the file as the node that gives it. */
export type Value = {
  readonly node: string;
  readonly shape: Shape;
  /** Whether the file has its channels first; here they are last everywhere. */
  readonly isFirst: boolean;
  /** A list of positions in the file, `[positions, channels]`, which is a map of one column here. */
  readonly isSequence?: boolean;
};

/** How many axes a value has in the file, the batch aside. */
export function rankOf({ shape, isSequence }: Value): number {
  return isSequence === true ? 2 : shape.length;
}

/** The axis of the channels in the file, the batch being 0. */
export function channelAxis(value: Value): number {
  return value.isFirst && value.shape.length === 3 ? 1 : rankOf(value);
}

/** Whose rules are followed where Keras and TensorFlow.js differ: in the old Keras as in TensorFlow.js a hard sigmoid is steeper. */
export type Dialect = { readonly writer: 'keras' | 'tfjs'; readonly generation: 2 | 3 };

/** A node to add; `suffix` tells the nodes of one layer apart. */
type Added = {
  readonly params?: { readonly [name: string]: Json | undefined };
  readonly from?: readonly Value[];
  readonly weights?: { readonly [name: string]: FloatTensor } | null;
  readonly suffix?: string;
};

/** One use of one layer of the file, and what a converter may do about it. */
export type LayerUse = {
  readonly config: Config;
  readonly dialect: Dialect;
  readonly inputs: readonly Value[];
  /** Arguments as they are given, for operations; tensors among them are looked up. */
  readonly positional: readonly Argument[];
  readonly named: ReadonlyMap<string, Argument>;
  valueOf(argument: Argument | undefined): Value | null;
  /** The one input of a layer that takes one. */
  input(): Value;
  /** Adds a node; its shape is computed as the app does, and a network that it does not fit ends the import. */
  add(kind: string, node: Added): Value;
  /** Weights by these names, in Keras' order; null where the file has none at all. A name may stand as several that it has had. */
  weights(names: readonly (string | readonly string[])[]): readonly FloatTensor[] | null;
  /** What became of the layer, if not simply the same. */
  say(status: ImportLine['status'], why: Text): void;
};

/** Writes a layer as nodes. */
export type Converter = (use: LayerUse) => Value;
