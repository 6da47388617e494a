import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { ShownSamples } from '../../ops/pixels';
import type { FloatTensor } from '../../ops/tensor';
import type { EvaluatedPart, Task } from '../../schema/data';
import type { NetworkDocument } from '../../schema/document';
import type { EngineId, TrainingConfig } from '../../schema/training';
import type { Answers } from '../../training/answers';
import type { BaselineScores } from '../../training/events';
import type { LabelScores } from '../../training/labelScores';
import type { LossParts } from '../../training/lossParts';

/* What a host says of networks with weights, and what these say. */

/** A network with weights: those of a run, or a model folder, run folder or `.convloom-model` by its absolute path. */
export type ModelRef =
  | { readonly type: 'run'; readonly runId: string }
  | { readonly type: 'path'; readonly path: string };

/** What a model knows of the data that it was trained on; it stays with the model wherever that goes. */
export type ModelData = {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly inputShape: readonly number[];
  /** For tables. */
  readonly scaling: TableScaling | null;
  /** How pictures of other proportions were brought to the input; absent: stretched. */
  readonly fit?: Exclude<TrainingConfig['fit'], 'stretch'>;
  /** Of the data, as {@link DataInfo} has it; absent in models that are older. */
  readonly snapshot?: string;
};

/** How the numbers of a table, or those that are learned of pictures, are brought to mean 0 and deviation 1: value = (raw - mean) / deviation. */
export type TableScaling = {
  /** Per feature; empty where the inputs are pictures. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Of the features, where the table's first row names its columns. */
  readonly names?: readonly string[];
  /** Of the values to learn, where these are no classes. Models from before they were scaled have none: theirs are as they stand. */
  readonly target?: { readonly mean: number; readonly deviation: number };
};

export type ModelInfo = {
  readonly document: NetworkDocument;
  /** Where it comes from, in words. */
  readonly source: string;
  /** Null for a model that was not trained here. */
  readonly data: ModelData | null;
  /** By `nodeId/weight`, in the file's order. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
};

/** How a model does on a data set. Fractions; null where the task has no such number. */
export type Evaluation = {
  readonly data: string;
  readonly engine: EngineId;
  /** Samples that were scored. */
  readonly count: number;
  /** A part of the data that the model was trained on, or the whole of other data. */
  readonly part: EvaluatedPart;
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  /** For multi-label, at a threshold of 0.5; absent for other tasks. */
  readonly labels?: LabelScores;
  /** Peak signal-to-noise ratio in decibels; absent where no pictures are learned. */
  readonly psnr?: number;
  /** What the parts of a perceptual loss come to; absent under another loss. */
  readonly lossParts?: LossParts;
  readonly baseline: BaselineScores;
  /** Such as files that were skipped, and classes of the model that the data have no sample of. */
  readonly warnings: readonly Diagnostic[];
  /** Of every sample; absent where nobody asked for them. */
  readonly answers?: Answers;
};

/** Samples that a model was scored on. */
export type ScoredSamples = ShownSamples & {
  /** What they are called, such as their files; '' where they have no names. */
  readonly names: readonly string[];
};

/**
 * One input of a network: 0..255, row-major, channels last, of the input's size; or the path of a picture, which is brought to it. Sizes
 * that the network leaves open are the picture's own, and for pixels those in `shape`.
 */
export type ModelInput =
  | { readonly pixels: Uint8Array | Float32Array; readonly shape?: readonly number[] }
  | { readonly image: string };

export type Prediction = {
  /** Class scores, largest first; empty where the answer is a picture. For multi-label each by itself, so that they add up to nothing. */
  readonly classes: readonly { readonly name: string; readonly probability: number }[];
  /** For multi-label: classes that are at least this likely are given, any number of them; absent for other tasks. */
  readonly threshold?: number;
  /** For per-pixel tasks: class index per pixel, row-major. */
  readonly mask?: { readonly width: number; readonly height: number; readonly classIndex: Int32Array };
  /** For networks that give pictures: `[1, height, width, channels]`, 0..1 as far as the network keeps to that. */
  readonly picture?: FloatTensor;
  /** For networks that give values, in the units that they were learned in. */
  readonly values?: Float32Array;
  /** The style that it was to have, where there is one: as large as the picture. */
  readonly style?: FloatTensor;
};

/** A file of comma-separated values: its path, or its bytes and what to call it. */
export type TableInput = { readonly path: string } | { readonly bytes: Uint8Array; readonly name: string };

/** What a network that was trained on a table says of each row of another. */
export type TablePrediction = {
  /** Empty where values are predicted. */
  readonly classes: readonly string[];
  /** Which row of the table each answer is for, from 1; rows with gaps are left out, and `warnings` says so. */
  readonly rows: Int32Array;
  /** Row by row, a probability for each of the classes; else a value in the units of the column that was learned. */
  readonly answers: Float32Array;
  readonly warnings: readonly Diagnostic[];
};
