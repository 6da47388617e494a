import type { LabelValue, DataInfo } from './api';
import type { DataPart } from '../schema/data';
import type { Text } from '../text';

/** One sample of some data. */
export type SampleRef = {
  readonly part: DataPart;
  /** Its place within the part, from 0. */
  readonly index: number;
  /** Its file within the data; null for data that are no files. */
  readonly name: string | null;
  /** Null where it has no class of its own: a picture with a mask, a row with a value. */
  readonly classIndex: number | null;
  /** Every class that it has, for multi-label; absent for other tasks. */
  readonly labels?: readonly number[];
};

/** What pictures go through on their way to the input of a network. */
export type DataAdaptation = {
  /** The most frequent size of those that are changed. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly changed: number;
  readonly steps: readonly ('resize' | 'squeeze' | 'crop' | 'letterbox' | 'grey' | 'colour')[];
  readonly reason: Text;
  /** An Input that would lose less; null where none would. */
  readonly input: readonly number[] | null;
};

/** What a look at some data finds. Lists are cut, counts are of all. */
export type DataLook = {
  readonly info: DataInfo;
  readonly parts: readonly {
    readonly part: DataPart;
    readonly count: number;
    /** By class: samples, or pixels of masks; null for values. */
    readonly classCounts: readonly number[] | null;
  }[];
  /** Of the pictures, the most frequent first. */
  readonly sizes: readonly {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly count: number;
  }[];
  readonly sizeCount: number;
  /** What the masks hold. */
  readonly values: readonly LabelValue[];
  /** Of a table: what its columns are standardised by. */
  readonly columns: readonly { readonly name: string; readonly mean: number; readonly deviation: number }[];
  /** Samples that are the same to the last bit. `count`: those that are one too many. */
  readonly duplicates: {
    readonly count: number;
    /** Of them, those that are trained on and scored on. */
    readonly acrossCount: number;
    readonly groups: readonly (readonly SampleRef[])[];
  };
  /** Pictures that are scored on and look as one that is trained on. */
  readonly nearlyEqual: {
    readonly count: number;
    readonly pairs: readonly { readonly trained: SampleRef; readonly scored: SampleRef }[];
  };
  /** What was left out, and why. */
  readonly broken: {
    readonly count: number;
    readonly list: readonly { readonly name: string; readonly reason: Text }[];
  };
  /** Null where no network was named, or its input takes the pictures as they are. */
  readonly adaptation: DataAdaptation | null;
};

/** Some pictures of some data, made small, to be shown. */
export type DataGallery = {
  /** How many there are in all that were asked for. */
  readonly total: number;
  readonly items: readonly SampleRef[];
  /** Of each picture; always three channels. */
  readonly shape: readonly [height: number, width: number, channels: 3];
  /** One picture after the other, 0..255. */
  readonly pixels: Uint8Array;
  /** Their masks, a class a pixel, 255 for none; null where there are none. */
  readonly masks: Uint8Array | null;
  /** The pictures that are to be learned, as `shape` and `pixels` have theirs; null where there are none. */
  readonly targets: Pick<DataGallery, 'shape' | 'pixels'> | null;
};

/** What a picture is mixed of. */
export type PictureMix = {
  /** How much there is of the picture itself, from 0 to 1; the rest is the other's. */
  readonly share: number;
  readonly own: SampleRef;
  readonly other: SampleRef;
};

/** Pictures as training sees them. */
export type AugmentationPreview = {
  readonly shape: readonly [height: number, width: number, channels: 3];
  /** For each sample: as it is, then as each of some steps would see it. 1 where nothing is changed. */
  readonly perSample: number;
  readonly pixels: Uint8Array;
  readonly masks: Uint8Array | null;
  /** Of each picture, null for those as they are; null where nothing is mixed. */
  readonly mixes: readonly (PictureMix | null)[] | null;
};

/** Pictures that a gallery shows at once, and samples and steps that a preview does. */
export const mostShown = { pictures: 200, samples: 12, steps: 12 } as const;
