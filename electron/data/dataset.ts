import { totalmem } from 'node:os';
import { dataSkipped, dataTooLarge, nothingUsable } from '../../shared/diagnostics/catalog/data';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { DataInfo, LabelValue, TableScaling } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import type { DataReading } from '../../shared/schema/training';
import { formatShape, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { DataPart } from '../../shared/schema/data';
import type { StoredBytes } from './rowFile';

/** What a network expects of the data, as far as it is known before the data is. */
export type WantedInput = {
  /** `[height, width, channels]` or `[units]`; null for a size that the network leaves open. */
  readonly shape: readonly (number | null)[];
  /** The channels of the picture that it gives, which pictures to be learned are brought to; absent or null where it gives none. */
  readonly targetChannels?: number | null;
} | null;

/**
 * Samples, row-major, in memory or in a file. Pixels stay uint8, a quarter of float32, and are divided by 255 when a batch is made, so a
 * network sees 0..1; tables are float32 and already standardised.
 */
export type Samples = {
  readonly count: number;
  /** `[count, ...inputShape]` */
  readonly inputs: HeldSamples['inputs'] | StoredBytes;
  /**
   * Class per image `[count]`, 1 or 0 for each class `[count, classes]`, class per pixel `[count, height, width]`, values `[count, k]`, or pictures `[count, height, width, channels]`,
   * whose pixels are as those of inputs are.
   */
  readonly targets: HeldSamples['targets'] | StoredBytes;
};

/** Samples in memory. */
export type HeldSamples = {
  readonly count: number;
  readonly inputs: Uint8Array | Float32Array;
  readonly targets: Uint8Array | Int32Array | Float32Array;
};

export type Dataset = {
  readonly info: DataInfo;
  /** Shape of one target: `[]`, `[classes]`, `[height, width]`, `[k]` or `[height, width, channels]`. */
  readonly targetShape: readonly number[];
  readonly train: Samples;
  readonly validation: Samples;
  /** Kept apart for a score in the end; absent where nothing was. */
  readonly test?: Samples;
  /** The files that the samples of each part come from, in their order; absent for data that are no files. */
  readonly origins?: { readonly [P in DataPart]: readonly Origin[] };
  /** What the masks hold; absent where there are none. */
  readonly labelValues?: readonly LabelValue[];
  /** What was left out and why. */
  readonly skips?: readonly Skip[];
  /** How many that was in all. */
  readonly skipCount?: number;
  /** Whether targets hold {@link ignoredLabel}: pixels that belong to no class. */
  readonly hasIgnored?: boolean;
  /** What of the samples is learned otherwise than it stands in their files, beside what the warnings say; absent: nothing. */
  readonly notes?: readonly Diagnostic[];
  /** For tables, and for the values that pictures are learned with: such a scaling has no columns. */
  readonly scaling: TableScaling | null;
};

/** The file of a sample. */
export type Origin = {
  /** Its path within the data. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Of the bytes of the file, and of its mask's where it has one; '' where only headers were read. */
  readonly digest: string;
};

/** The same parts with the samples of each changed. */
export function withSamples<P extends Pick<Dataset, 'train' | 'validation' | 'test'>>(
  parts: P,
  change: (samples: Samples) => Samples,
): P {
  const { train, validation, test } = parts;
  return {
    ...parts,
    train: change(train),
    validation: change(validation),
    ...(test === undefined ? {} : { test: change(test) }),
  };
}

/** What a model or a run was trained on: data are read as those were, not as they would be by themselves. */
export type ReadAs = {
  readonly task: DataInfo['task'];
  readonly scaling: Dataset['scaling'];
  /** For multi-label: the columns of a table that it knows. */
  readonly classes?: readonly string[];
};

export type OpenOptions = {
  readonly wanted: WantedInput;
  /** Absent: the data are for training, and say themselves what they are. */
  readonly readAs?: ReadAs;
  /** How the data are parted and brought to the input; {@link defaultReading} where it is absent. */
  readonly reading?: DataReading;
  /** What to take a table's answers for, where they could be one or the other. */
  readonly task?: DataInfo['task'];
  /** Gives the description only: nothing that takes long is decoded. */
  readonly infoOnly: boolean;
  /** Samples that would take more memory stay on disk; by default {@link heldBytes}. */
  readonly heldBytes?: number;
  readonly onProgress?: OnProgress;
};

/** Hears how many of how many pictures have been read. */
export type OnProgress = (done: number, total: number) => void;

/** Opens one kind of data. `path` is what stood behind the colon of the spec. */
export type DataLoader = (path: string, options: OpenOptions) => Promise<Result<Dataset>>;

/** Samples without content, for a description. */
export function uncounted(count: number): HeldSamples {
  return { count, inputs: new Uint8Array(0), targets: new Uint8Array(0) };
}

type Values = HeldSamples['targets'];

/** A new array of the same kind. Not `slice`: a Buffer, which is a Uint8Array too, would give a view of itself. */
function allocateLike(source: Values, length: number): Values {
  if (source instanceof Float32Array) return new Float32Array(length);
  return source instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}

function pick(source: Values, order: readonly number[], count: number): Values {
  const size = count === 0 ? 0 : source.length / count;
  const picked = allocateLike(source, order.length * size);
  order.forEach((from, to) => picked.set(source.subarray(from * size, (from + 1) * size), to * size));
  return picked;
}

function pickInputs({ inputs, count }: HeldSamples, order: readonly number[]): HeldSamples['inputs'] {
  const picked = pick(inputs, order, count);
  return picked instanceof Int32Array ? Float32Array.from(picked) : picked;
}

/** The samples at `order`, in that order. */
export function gatherSamples(samples: HeldSamples, order: readonly number[]): HeldSamples {
  return {
    count: order.length,
    inputs: pickInputs(samples, order),
    targets: pick(samples.targets, order, samples.count),
  };
}

/** Something that was left out, by its name within the data. */
export type Skip = { readonly name: string; readonly reason: Text };

/** What was left out of a data set, and why. */
export type SkipLog = {
  add(name: string, reason: Text): void;
  readonly count: number;
  /** The first {@link limits.listedSkips} of them. */
  readonly list: readonly Skip[];
  /** The warning for a set of which `total` were looked at; none when nothing was skipped. */
  warnings(total: number): readonly Diagnostic[];
  /** The error for a set of which nothing is left. */
  nothing(path: string): Diagnostic;
};

const maxExamples = 5;

export function createSkipLog(): SkipLog {
  const list: Skip[] = [];
  let count = 0;
  const examples = (): readonly Text[] =>
    list.slice(0, maxExamples).map(({ name, reason }) => text(`${name}: ${reason.en}`, `${name}：${reason.zh}`));
  return {
    add: (name, reason) => {
      count += 1;
      if (list.length < limits.listedSkips) list.push({ name, reason });
    },
    get count() {
      return count;
    },
    list,
    warnings: (total) => (count === 0 ? [] : [dataSkipped(count, total, examples())]),
    nothing: (path) => nothingUsable(path, count, examples()),
  };
}

/** The memory that this process may have: the machine's, or less in a container. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Samples up to so many bytes are held in memory: the network that learns from them has more need of it. */
export function heldBytes(): number {
  return memoryBytes() / 4;
}

/**
 * The refusal of a set whose reading would take more than half of the machine's memory at its peak; null for one that fits. Pictures of
 * files have no such limit: what is too much for memory stays on disk.
 */
export function checkMemory(count: number, bytesPerSample: number, shape: readonly number[]): Diagnostic | null {
  const limit = memoryBytes() / 2;
  const needed = count * bytesPerSample;
  return needed > limit ? dataTooLarge(needed, limit, count, formatShape(shape)) : null;
}
