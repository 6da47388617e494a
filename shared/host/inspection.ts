import type { TensorMap } from '../ops/tensor';
import type { NetworkDocument } from '../schema/document';
import type { Task } from '../schema/data';
import type { EngineId } from '../schema/training';
import type { ModelInput, ModelRef } from './api';

/** What a network is shown: samples of a data set by their places, one picture, or numbers as the network takes them. */
export type InspectedSamples =
  | {
      readonly from: 'data';
      readonly spec: string;
      readonly part: 'train' | 'validation';
      readonly indices: readonly number[];
    }
  | { readonly from: 'picture'; readonly input: ModelInput; readonly label?: number }
  /** Samples one after another, for an input without open sizes; `labels` are classes, one for each. */
  | { readonly from: 'values'; readonly values: Float32Array; readonly labels?: readonly number[] };

/** One number whose gradient is tried by moving it: a value of a node, or of a weight by its name; `at` in row-major order. */
export type SlopeAt = { readonly of: 'node' | 'weight'; readonly name: string; readonly at: number };

/** A look into a network: what it computes for some samples, and what goes back. */
export type InspectRequest = {
  readonly document: NetworkDocument;
  /** Whose weights; null: fresh ones, as a run with this seed would start from. */
  readonly model: ModelRef | null;
  readonly seed: number;
  /** As it is used, or as a training step computes it. */
  readonly mode: 'infer' | 'train';
  readonly samples: InspectedSamples;
  readonly nodes: readonly string[] | 'all';
  /** Names of weights, as in `c1/kernel`. */
  readonly weights: readonly string[] | 'all';
  /** Weights that take other values for this look alone, by name and in row-major order: what if they were so. */
  readonly put?: { readonly [name: string]: Float32Array };
  /** Where a backward pass begins: the loss, which needs labels, or the score of a class. */
  readonly backward: { readonly of: 'loss' } | { readonly of: 'score'; readonly class: number } | null;
  readonly slope?: SlopeAt;
};

/** A gradient tried by hand: the target a step below and above, and what follows. */
export type Slope = {
  readonly step: number;
  readonly below: number;
  readonly above: number;
  /** (above − below) / 2 step. */
  readonly slope: number;
  /** What the backward pass says of the same number; 0 where the target does not depend on it. */
  readonly gradient: number;
  /** How much of the slope may be rounding: a gradient that is not larger cannot be told from it. */
  readonly noise: number;
};

/** What was found. Tensors of nodes have the batch first; a gradient is missing where nothing goes back to it. */
export type Inspection = {
  readonly engine: EngineId;
  /** The node that was fed, and the one that answers. */
  readonly inputNode: string;
  readonly outputNode: string | null;
  readonly task: Task;
  readonly classes: readonly string[];
  /** A class for each sample, or for each of its pixels; values where these are learned. Null where nobody said. */
  readonly labels: readonly number[] | null;
  /** For multi-label: the classes that each sample has, by their places; absent for other tasks, and where nobody said. */
  readonly labelSets?: readonly (readonly number[])[];
  readonly nodes: TensorMap;
  readonly weights: TensorMap;
  /** The loss or the score; null without a backward pass. */
  readonly target: number | null;
  /** Of the target, at the output of each node and for each trainable weight asked for. */
  readonly gradients: TensorMap;
  readonly weightGradients: TensorMap;
  readonly slope: Slope | null;
};
