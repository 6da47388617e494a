import type { ByteRange } from '../arranged';

/*
 * An ONNX model as far as a network is made of it: what the reader gives, whatever the bytes were. Nothing in it is trusted but types.
 */

/** Element types by their numbers in `TensorProto.DataType`; what is not here holds no numbers of a network. */
export const elementTypes: { readonly [type: number]: { readonly name: string; readonly bytes: number } } = {
  1: { name: 'float32', bytes: 4 },
  2: { name: 'uint8', bytes: 1 },
  3: { name: 'int8', bytes: 1 },
  4: { name: 'uint16', bytes: 2 },
  5: { name: 'int16', bytes: 2 },
  6: { name: 'int32', bytes: 4 },
  7: { name: 'int64', bytes: 8 },
  9: { name: 'bool', bytes: 1 },
  10: { name: 'float16', bytes: 2 },
  11: { name: 'float64', bytes: 8 },
  12: { name: 'uint32', bytes: 4 },
  13: { name: 'uint64', bytes: 8 },
  16: { name: 'bfloat16', bytes: 2 },
};

/** A tensor as the file has it: its bytes, little-endian and row-major, which may still be in the file, or a list of numbers. */
export type OnnxTensor = {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
  readonly bytes: ByteRange | null;
  readonly numbers: readonly number[] | null;
};

export type OnnxAttribute =
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'other' };

/** One operator. An input may be '' where an optional one is left out. */
export type OnnxNode = {
  readonly name: string;
  readonly op: string;
  /** '' is ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** The module of PyTorch that it was exported from, from outside to inside, where the file says so. */
  readonly scopes: readonly string[];
  /** The operator's message without its wires, in base64; null where it cannot stand alone. Absent for one that no file has. */
  readonly kept?: () => string | null;
};

/** A declared value; a size that the file leaves open is a name or null. Null where no shape is declared. */
export type OnnxValue = {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly (number | string | null)[] | null;
};

export type OnnxModel = {
  readonly producer: string;
  readonly irVersion: number;
  /** Of ONNX's own operators. */
  readonly opset: number;
  /** Of all operator sets, by domain. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Declared shapes of what lies between. */
  readonly values: readonly OnnxValue[];
  readonly isTraining: boolean;
  readonly functionCount: number;
};

/** Attributes by name, with ONNX's default where the file says nothing. */
export function intOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}

export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'float' || attribute?.kind === 'int' ? attribute.value : otherwise;
}

export function textOf(node: OnnxNode, name: string, otherwise: string): string {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : otherwise;
}

export function numbersOf(node: OnnxNode, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'ints' || attribute?.kind === 'floats' ? attribute.value : null;
}
