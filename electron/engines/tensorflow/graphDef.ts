import type { ReducedType } from '../../../shared/ops/graph';
import type { DType } from '../engine';
import { messagesOf } from '../messages';
import savedModelProto from './savedModel.proto?raw';

/** The part of TensorFlow's graph format that an op graph needs, and its bytes. */

const messages = messagesOf(savedModelProto, 'tensorflow.SavedModel');

/** Names in `tensorflow.DataType`. */
const typeNames = {
  float32: 'DT_FLOAT',
  int32: 'DT_INT32',
  uint8: 'DT_UINT8',
  int64: 'DT_INT64',
  bool: 'DT_BOOL',
  bfloat16: 'DT_BFLOAT16',
} as const satisfies Record<DType | ReducedType | 'int64' | 'bool', string>;

export type DataTypeName = keyof typeof typeNames;

/** A value of a node's attribute; -1 in a shape is an unknown size. */
export type Attribute =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'type'; readonly value: DataTypeName }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | {
      readonly kind: 'tensor';
      readonly value: {
        readonly dtype: DataTypeName;
        readonly shape: readonly number[];
        readonly bytes: Uint8Array;
      };
    };

export type Attributes = { readonly [name: string]: Attribute };

/** One node. An input is `node`, `node:1` for a further output, or `^node` for "runs after". */
export type NodeDef = {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
};

export const attribute = {
  string: (value: string): Attribute => ({ kind: 'string', value }),
  int: (value: number): Attribute => ({ kind: 'int', value }),
  float: (value: number): Attribute => ({ kind: 'float', value }),
  bool: (value: boolean): Attribute => ({ kind: 'bool', value }),
  type: (value: DataTypeName): Attribute => ({ kind: 'type', value }),
  ints: (value: readonly number[]): Attribute => ({ kind: 'ints', value }),
  shape: (value: readonly number[]): Attribute => ({ kind: 'shape', value }),
};

/** The tag that the one graph of a saved model carries; loaders ask for it. */
export const servingTag = 'serve';

/** The oldest graph semantics that has every op used here; all later TensorFlow reads it. */
const producerVersion = 1286;

/** The number of a type in `tensorflow.DataType`. */
export function dataTypeNumber(type: DataTypeName): number {
  return messages.enumValue('tensorflow.DataType', typeNames[type]);
}

function shapeMessage(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size })) };
}

function attributeMessage(attribute: Attribute): object {
  switch (attribute.kind) {
    case 'string':
      return { s: Buffer.from(attribute.value) };
    case 'int':
      return { i: attribute.value };
    case 'float':
      return { f: attribute.value };
    case 'bool':
      return { b: attribute.value };
    case 'type':
      return { type: dataTypeNumber(attribute.value) };
    case 'shape':
      return { shape: shapeMessage(attribute.value) };
    case 'tensor': {
      const { dtype, shape, bytes } = attribute.value;
      return { tensor: { dtype: dataTypeNumber(dtype), tensorShape: shapeMessage(shape), tensorContent: bytes } };
    }
    case 'ints':
      return { list: { i: attribute.value } };
  }
}

function nodeMessage({ name, op, inputs, attributes }: NodeDef): object {
  const attr = Object.entries(attributes).map(([key, value]): [string, object] => [key, attributeMessage(value)]);
  return { name, op, input: inputs, attr: Object.fromEntries(attr) };
}

/** What is fed to a graph or fetched from it, under a name of its own; -1 in a shape is an unknown size. */
export type SignaturePort = {
  readonly name: string;
  /** `node:output`. */
  readonly tensor: string;
  readonly dtype: DataTypeName;
  readonly shape: readonly number[];
};

/** How a graph is called by name. */
export type Signature = { readonly inputs: readonly SignaturePort[]; readonly outputs: readonly SignaturePort[] };

/** The signature that servers and loaders take if they are told no other, and what servers know its purpose by. */
export const servingSignature = 'serving_default';
const predictMethod = 'tensorflow/serving/predict';

function portsMessage(ports: readonly SignaturePort[]): object {
  const entries = ports.map(({ name, tensor, dtype, shape }): [string, object] => [
    name,
    { name: tensor, dtype: dataTypeNumber(dtype), tensorShape: shapeMessage(shape) },
  ]);
  return Object.fromEntries(entries);
}

/** The bytes of a `saved_model.pb` whose one graph is tagged {@link servingTag}. Nodes may come in any order. */
export function encodeSavedModel(nodes: readonly NodeDef[], signature: Signature | null = null): Uint8Array {
  const graphDef = { node: nodes.map(nodeMessage), versions: { producer: producerVersion } };
  const signatures =
    signature === null
      ? {}
      : {
          signatureDef: {
            [servingSignature]: {
              inputs: portsMessage(signature.inputs),
              outputs: portsMessage(signature.outputs),
              methodName: predictMethod,
            },
          },
        };
  return messages.encode({
    savedModelSchemaVersion: 1,
    metaGraphs: [{ metaInfoDef: { tags: [servingTag] }, graphDef, ...signatures }],
  });
}
