import { messagesOf } from '../messages';
import onnxProto from './onnx.proto?raw';

const messages = messagesOf(onnxProto, 'onnx.ModelProto');

/** Names in `TensorProto.DataType`. */
const typeNames = { float32: 'FLOAT', uint8: 'UINT8', int32: 'INT32', int64: 'INT64', bool: 'BOOL' } as const;
export type OnnxType = keyof typeof typeNames;

/** The number of a type, as tensors and casts have it. */
export function onnxTypeNumber(type: OnnxType): number {
  return messages.enumValue('onnx.TensorProto.DataType', typeNames[type]);
}

/** Names in `AttributeProto.AttributeType`. */
const attributeTypes = { float: 'FLOAT', int: 'INT', string: 'STRING', ints: 'INTS' } as const;

/** A dimension of a graph input or output: a number, or a name for one that is known only when it runs. */
export type OnnxDim = number | string;

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export type OnnxNode = {
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: { readonly [name: string]: OnnxAttribute };
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
  /** Version of each operator set, by domain; '' is ONNX's own. */
  readonly opsets: { readonly [domain: string]: number };
};

/** IR version 10 goes with operator set 20 and later; ONNX Runtime reads everything up to its own. */
const irVersion = 10;

/** Serialises a model as an `.onnx` file would hold it. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return messages.encode({
    irVersion,
    producerName: 'convloom',
    opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
    graph: {
      name: 'convloom',
      node: model.nodes.map(nodeMessage),
      initializer: model.initializers.map(({ name, type, shape, data }) => ({
        name,
        dataType: onnxTypeNumber(type),
        dims: shape,
        rawData: data,
      })),
      input: model.inputs.map(valueMessage),
      output: model.outputs.map(valueMessage),
    },
  });
}

function nodeMessage(node: OnnxNode, place: number): object {
  return {
    input: node.inputs,
    output: node.outputs,
    name: `${node.opType}_${place}`,
    opType: node.opType,
    domain: node.domain,
    attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeMessage(name, attribute)),
  };
}

function attributeMessage(name: string, attribute: OnnxAttribute): object {
  const type = messages.enumValue('onnx.AttributeProto.AttributeType', attributeTypes[attribute.kind]);
  switch (attribute.kind) {
    case 'int':
      return { name, type, i: attribute.value };
    case 'float':
      return { name, type, f: attribute.value };
    case 'string':
      return { name, type, s: new TextEncoder().encode(attribute.value) };
    case 'ints':
      return { name, type, ints: attribute.value };
  }
}

function valueMessage({ name, type, shape }: OnnxValueInfo): object {
  const dims = shape?.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim }));
  return {
    name,
    type: { tensorType: { elemType: onnxTypeNumber(type), ...(dims === undefined ? {} : { shape: { dim: dims } }) } },
  };
}
