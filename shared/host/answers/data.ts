import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { Task } from '../../schema/data';
import type { Text } from '../../text';

/* What a host says of data sets. */

export type DataReport = {
  readonly spec: string;
  readonly label: Text;
  readonly doc: Text;
  /** True for specs with a folder or file to be named by the user. */
  readonly needsPath: boolean;
};

/** What a data set holds, once opened. */
export type DataInfo = {
  readonly spec: string;
  readonly task: Task;
  /** `[height, width, channels]` */
  readonly inputShape: readonly number[];
  /** Of one picture that is to be learned; absent where none is. */
  readonly targetShape?: readonly number[];
  readonly classes: readonly string[];
  readonly trainCount: number;
  readonly validationCount: number;
  /** Of the part that is kept apart; absent where there is none. */
  readonly testCount?: number;
  /** Of everything that the data are, in hexadecimal: the same for the same files and labels; absent where nothing was decoded. */
  readonly snapshot?: string;
  /** How the split was made, to be shown. */
  readonly split: Text;
  /** True where the classes are whole numbers, such as one to five stars: they can be learned as values instead. */
  readonly hasNumberClasses?: boolean;
  /** What the annotations of the same pictures can be learned as instead; absent where there is nothing to choose. */
  readonly otherTask?: Task;
  readonly warnings: readonly Diagnostic[];
};

/** A value that masks hold. */
export type LabelValue = {
  /** As it is called: `29`, `#ff0000`. */
  readonly value: string;
  /** Its part of all pixels. */
  readonly share: number;
  /** The number of its class; null where its pixels belong to none. */
  readonly classIndex: number | null;
};

/** A picture of some data: row-major, channels last, 0..255, made smaller where it is large. */
export type DataSample = { readonly shape: readonly [number, number, number]; readonly pixels: Uint8Array };
