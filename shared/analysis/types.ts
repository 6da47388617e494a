import type { Diagnostic } from '../diagnostics/diagnostic';
import type { AnyLayerDefinition, ParamFields, ParamValues, Shape, ShapedContext, WeightSpec } from '../layers/define';
import type { LayerRegistry } from '../layers/registry';

/** Window on the input that one value of a node sees, per axis, in input pixels. */
export type ReceptiveField = {
  readonly size: readonly [number, number];
  /** Distance in input pixels between neighbouring values. */
  readonly jump: readonly [number, number];
  /** Centre of the first value's window, in input pixels from the centre of the first pixel. */
  readonly start: readonly [number, number];
  /** Such windows side by side, per axis: the map's height and width, kept through a flatten. Null when open. */
  readonly positions: readonly [number | null, number | null];
  /** True behind fc and gap: the whole input, whatever its size. `size` then spans the map that they read, as far as it is known. */
  readonly global: boolean;
  /** True behind a merge of branches that see differently: the union of theirs. */
  readonly union: boolean;
};

/** Set for a node that computes with the weights of another: whose they are, and what they are. */
export type SharedWeights = { readonly owner: string; readonly weights: readonly WeightSpec[] };

/** What its layer's rules were given, and what each of its inputs sees. */
export type FormulaBasis = {
  readonly context: ShapedContext<ParamValues<ParamFields>>;
  readonly fields: readonly (ReceptiveField | null)[];
};

/** What is known about one node. `state` 'blocked': something upstream failed, and that is where the diagnostic is. */
export type NodeAnalysis = {
  readonly id: string;
  readonly kind: string;
  readonly state: 'ok' | 'failed' | 'blocked';
  /** Absent for an unknown kind. */
  readonly definition: AnyLayerDefinition | null;
  /** Validated params with defaults; null when they do not validate. */
  readonly params: ParamValues<ParamFields> | null;
  /** In port order; null where nothing is wired or nothing is known. */
  readonly inputShapes: readonly (Shape | null)[];
  readonly outputShape: Shape | null;
  /** The output shape; of a node that does not compute, what of it does not hang on what is wrong, with null for the rest. */
  readonly knownShape: Shape | null;
  /** Empty for a node that does not compute, whose `paramCount` may still be known. */
  readonly weights: readonly WeightSpec[];
  /** Left out where the node's weights are its own. Its `weights` are empty and its count 0 otherwise: they are counted at their owner. */
  readonly shared?: SharedWeights;
  /** All weights, trainable or not; null when unknown. A node that does not compute has it where the error does not change it. */
  readonly paramCount: number | null;
  readonly trainableParams: number | null;
  readonly macs: number | null;
  /** float32 bytes of the output for one sample; null when a size is unknown. */
  readonly activationBytes: number | null;
  readonly receptiveField: ReceptiveField | null;
  /** What its formulas are made of, written when they are read (`explainNode`); null for what does not compute by itself. */
  readonly basis: FormulaBasis | null;
};

/** Sums over the nodes whose numbers are known. */
export type NetworkTotals = {
  readonly params: number;
  readonly trainableParams: number;
  readonly nonTrainableParams: number;
  readonly macs: number;
  readonly activationBytes: number;
  /** How many nodes have a number of parameters that is not known, and not in the sums. */
  readonly unknown: number;
};

/**
 * A node of kind 'block', as one: the output of its last copy, and the sums over all of its nodes; null where one of them is unknown.
 * `definition` and `params` are null, as a block is no layer. `inputShapes` are known of those in the network itself.
 */
export type BlockAnalysis = NodeAnalysis & {
  /** The name of the block that it uses; empty where it names none. */
  readonly block: string;
  /** How many copies of the block it stands for, one behind the other. */
  readonly repeat: number;
  /** How many flat nodes it stands for. */
  readonly nodeCount: number;
};

/** A bypassed node: it costs nothing, and its output is that of `source`, the flat node whose value flows on in its place. */
export type BypassedAnalysis = NodeAnalysis & { readonly source: string | null };

/** Everything that can be said about a network without running it. Total: any document that parses has one. */
export type NetworkAnalysis = {
  /** No diagnostic of severity 'error'. */
  readonly ok: boolean;
  /** Over the nodes whose numbers are known. */
  readonly totals: NetworkTotals;
  /** The flat network's nodes by id, in topological order (nodes on a cycle last). */
  readonly nodes: ReadonlyMap<string, NodeAnalysis>;
  readonly order: readonly string[];
  /** The block nodes by path id, outer ones before those inside them; empty for a network without blocks. */
  readonly blocks: ReadonlyMap<string, BlockAnalysis>;
  /** Bypassed nodes by path id: not in the flat network, and shown with what flows through them. */
  readonly bypassed: ReadonlyMap<string, BypassedAnalysis>;
  /** Nodes that nothing consumes. */
  readonly outputs: readonly string[];
  readonly inputs: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The kinds that it knows; what is built on this analysis knows the same. */
  readonly layers: LayerRegistry;
};
