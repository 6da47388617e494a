/*
 * An ONNX model as plain data, in the words of onnx.proto. Its bytes are written where protocol buffers are at hand.
 */

/** Types of values, by the names that tensors have elsewhere. */
export type OnnxType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool';

/** A dimension: a number, a name for one that is known only when the model runs, or null for one without a name. */
export type OnnxDim = number | string | null;

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

/** `name` may be left out: then it is made of the operator and its place. */
export type OnnxNode = {
  readonly name?: string;
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: { readonly [name: string]: OnnxAttribute };
  /** An operator that was kept: its message without its wires, in base64, which says all but those. */
  readonly encoded?: string;
};

/** `data` is little-endian and row-major. */
export type OnnxInitializer = {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
};

export type OnnxValueInfo = { readonly name: string; readonly type: OnnxType; readonly shape?: readonly OnnxDim[] };

export type OnnxModel = {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Shapes of values in between. */
  readonly values?: readonly OnnxValueInfo[];
  /** Version of each operator set, by domain; '' is ONNX's own. */
  readonly opsets: { readonly [domain: string]: number };
  /** Version of the format itself; the newest that is written if left out. */
  readonly irVersion?: number;
  readonly graphName?: string;
  /** Words for people and for programs that know them. */
  readonly metadata?: { readonly [key: string]: string };
};
