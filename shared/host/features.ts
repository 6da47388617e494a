import type { Distance } from '../ops/neighbours';
import type { NetworkDocument } from '../schema/document';
import type { Task } from '../schema/data';
import type { FeatureNode } from '../transforms/featureNode';
import type { ModelRef } from './api';
import type { InspectedSamples } from './inspection';

/** Samples of a data set as a network sees them: what one of its nodes computes for each. */
export type FeatureRequest = {
  /** Null: the model's own, with the settings that it was trained with. */
  readonly document: NetworkDocument | null;
  /** Whose weights; null: fresh ones, as a run with this seed would start from. */
  readonly model: ModelRef | null;
  readonly seed: number;
  /** Null: the data that the model was trained on. */
  readonly spec: string | null;
  readonly part: 'train' | 'validation';
  /** Whose values the features are; null: the node that `featureNode` finds. */
  readonly node: string | null;
  /** Names the progress that the host tells. */
  readonly ticket?: string;
};

/** What was compared. */
export type FeatureFacts = Pick<FeatureNode, 'isMean' | 'why'> & {
  readonly node: string;
  /** Numbers for each sample. */
  readonly size: number;
  readonly task: Task;
  readonly classes: readonly string[];
  /** Samples that were taken, evenly over the part of the data, and how many that has. */
  readonly count: number;
  readonly total: number;
};

/** Which samples of a set are nearest to a picture. */
export type NearestRequest = FeatureRequest & {
  readonly samples: InspectedSamples;
  readonly distance: Distance;
  readonly count: number;
};

/**
 * What a sample is: the number of its class; of a mask the class that covers most of it beside the one that covers most of all masks; the first
 * of the values to be learned. NaN where it has none.
 */
type Truth = number;

export type NearestSamples = {
  readonly facts: FeatureFacts;
  /** The nearest first. */
  readonly samples: readonly NearSample[];
};

/** A sample that was found, and how far it is. */
export type NearSample = {
  readonly index: number;
  readonly distance: number;
  readonly truth: Truth | null;
  /** For multi-label: the classes that it has, by their places; absent for other tasks. */
  readonly labels?: readonly number[];
};

/** For multi-label: 1 at each class of a sample, else 0, `[count, classes]`: what it has, and what the network gives it. */
export type LabelRows = { readonly truth: Uint8Array; readonly given: Uint8Array };

/** How features are laid out in a plane: along their first two principal components, or so that neighbours stay neighbours (UMAP). */
export const embeddingMethods = ['pca', 'umap'] as const;
export type EmbeddingMethod = (typeof embeddingMethods)[number];

export type EmbeddingRequest = FeatureRequest & {
  readonly method: EmbeddingMethod;
  readonly count: number;
  /** The features are wanted, too. */
  readonly features?: boolean;
};

/** A plane with a place for each sample. */
export type Embedding = {
  readonly facts: FeatureFacts;
  /** The numbers of the samples in their part. */
  readonly indices: Int32Array;
  /** x and y of each, one after another. */
  readonly places: Float32Array;
  /** Parts of the variance along x and y; null where axes have no meaning. */
  readonly shares: readonly [number, number] | null;
  /** See {@link Truth}. */
  readonly truth: Float32Array;
  /** What the network answers, likewise; NaN where it gives no class and no value. */
  readonly given: Float32Array;
  /** For multi-label, where `truth` and `given` say nothing; absent for other tasks. */
  readonly labels?: LabelRows;
  /** `[count, size]` */
  readonly features?: Float32Array;
};
