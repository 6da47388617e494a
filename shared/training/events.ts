import type { Diagnostic } from '../diagnostics/diagnostic';
import type { StartReport } from './carryWeights';
import type { LabelScores } from './labelScores';
import type { LossParts } from './lossParts';
import type { WatchedMetric, WatchReport } from './watching';

/** A layer at the end of an epoch, over one batch of the training data. */
export type LayerLook = {
  /** The flat id. */
  readonly nodeId: string;
  /** The root mean square of its kernel's gradient; null where it has none that is trained. */
  readonly gradient: number | null;
  /** The share of its units that give 0 for every sample, and so learn nothing; null where units cannot die. */
  readonly dead: number | null;
};

/** What a trainer's process took of the machine over an epoch, validation included. */
export type Usage = {
  /** Its resident memory at the end. */
  readonly memoryBytes: number;
  /** How many cores it kept busy, on average. */
  readonly cores: number;
};

/**
 * What an answer would score that learns nothing: the commonest class everywhere; for multi-label every class everywhere; for pictures the
 * input at the size of the target.
 */
export type BaselineScores = {
  readonly accuracy: number;
  readonly meanIou: number | null;
  /** For multi-label: of every class for every sample, whose average precision is its share of the samples. */
  readonly labels?: LabelScores;
  /** In decibels; absent where no pictures are learned. */
  readonly psnr?: number;
};

/** How many of how many pictures have been read. */
export type Reading = { readonly done: number; readonly total: number };

/** How many of how many validation samples have been answered, and what the trainer takes of the machine meanwhile. */
export type Validating = { readonly done: number; readonly total: number; readonly usage: Usage };

/**
 * What a trainer says while it works. The same union crosses the trainer's pipe, the HostApi and `convloom train --json`
 * (there as `{"event": type, ...}`). Numbers are finite or null: NaN is not JSON, and a diverged loss is said in words.
 */
export type RunEvent =
  | {
      readonly type: 'started';
      readonly runId: string;
      /** Of the app's engines; of a run of an exported project, its framework: "PyTorch". */
      readonly engine: string;
      /** The device in words: "CPU, 2 threads", "NVIDIA H100". */
      readonly device: string;
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      readonly trainCount: number;
      readonly validationCount: number;
      /** So that a score can be judged. */
      readonly baseline: BaselineScores;
      /** Set when a run goes on from its checkpoint: the epoch that is under way, and the steps that are done. */
      readonly resumed?: { readonly epoch: number; readonly step: number };
      /** Set when a run starts from weights that are there already. */
      readonly from?: StartReport;
    }
  | {
      readonly type: 'step';
      /** 1-based. */
      readonly epoch: number;
      /** 1-based, over the whole run. */
      readonly step: number;
      readonly loss: number;
      readonly accuracy: number | null;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number;
      /** By which it was taken; absent in runs of exported projects and earlier versions. */
      readonly learningRate?: number;
      /** About once a second; absent from the steps between. */
      readonly usage?: Usage;
    }
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly loss: number;
      readonly valLoss: number;
      readonly accuracy: number | null;
      readonly valAccuracy: number | null;
      /** Mean over classes of intersection over union, on the validation split, for per-pixel tasks. */
      readonly valMeanIou: number | null;
      /** For multi-label, on the validation split; absent for other tasks. */
      readonly valLabels?: LabelScores;
      /** Peak signal-to-noise ratio on the validation split, in decibels; absent where no pictures are learned. */
      readonly valPsnr?: number;
      /** What the parts of a perceptual loss come to on the validation split; absent under another loss. */
      readonly valLossParts?: LossParts;
      readonly seconds: number;
      /** Which epoch is the best one by now; absent in runs of exported projects and earlier versions. */
      readonly watch?: WatchReport;
      /** The layers at its end; absent where they were not looked into. */
      readonly layers?: readonly LayerLook[];
      /** Absent in runs of exported projects and earlier versions. */
      readonly usage?: Usage;
    }
  | {
      readonly type: 'finished';
      readonly runDir: string;
      readonly seconds: number;
      readonly reason: 'completed' | 'stopped';
      /** The best epoch, whose weights are in `best.safetensors`. */
      readonly best?: { readonly epoch: number; readonly metric: WatchedMetric; readonly score: number };
      /** Set where its patience ended the run before the last epoch. */
      readonly early?: { readonly epoch: number; readonly patience: number };
    }
  /** The run goes on, but the user should know: the disk is full, files were skipped, nothing is being learned. */
  | { readonly type: 'warning'; readonly diagnostic: Diagnostic }
  /** The run ended and its weights are not to be trusted, or there are none. */
  | { readonly type: 'failed'; readonly diagnostic: Diagnostic };
