import type {
  OnnxAttribute,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxType,
  OnnxValueInfo,
} from '../../../shared/exports/onnx/model';
import { messagesOf } from '../messages';
import onnxProto from './onnx.proto?raw';

export type {
  OnnxAttribute,
  OnnxDim,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxType,
  OnnxValueInfo,
} from '../../../shared/exports/onnx/model';

const messages = messagesOf(onnxProto, 'onnx.ModelProto');

/** Names in `TensorProto.DataType`. */
const typeNames: { readonly [T in OnnxType]: string } = {
  float32: 'FLOAT',
  uint8: 'UINT8',
  int32: 'INT32',
  int64: 'INT64',
  bool: 'BOOL',
};

/** The number of a type, as tensors and casts have it. */
export function onnxTypeNumber(type: OnnxType): number {
  return messages.enumValue('onnx.TensorProto.DataType', typeNames[type]);
}

/** Names in `AttributeProto.AttributeType`. */
const attributeTypes = { float: 'FLOAT', int: 'INT', string: 'STRING', ints: 'INTS' } as const;

/** IR version 10 goes with operator set 20 and later; ONNX Runtime reads everything up to its own. */
const newestIrVersion = 10;

/** Serialises a model as an `.onnx` file would hold it. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return messages.encode({
    irVersion: model.irVersion ?? newestIrVersion,
    producerName: 'convloom',
    opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
    graph: {
      name: model.graphName ?? 'convloom',
      node: model.nodes.map(nodeMessage),
      initializer: model.initializers.map(initializerMessage),
      input: model.inputs.map(valueMessage),
      output: model.outputs.map(valueMessage),
      valueInfo: (model.values ?? []).map(valueMessage),
    },
    metadataProps: Object.entries(model.metadata ?? {}).map(([key, value]) => ({ key, value })),
  });
}

function initializerMessage({ name, type, shape, data }: OnnxInitializer): object {
  return { name, dataType: onnxTypeNumber(type), dims: shape, rawData: data };
}

function nodeMessage(node: OnnxNode, place: number): object {
  if (node.encoded !== undefined) {
    const kept = messages.decode('onnx.NodeProto', Buffer.from(node.encoded, 'base64'));
    return { ...kept, input: node.inputs, output: node.outputs, name: node.name ?? '' };
  }
  return {
    input: node.inputs,
    output: node.outputs,
    name: node.name ?? `${node.opType}_${place}`,
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
  const dims = shape?.map((dim) =>
    typeof dim === 'number' ? { dimValue: dim } : dim === null ? {} : { dimParam: dim },
  );
  return {
    name,
    type: { tensorType: { elemType: onnxTypeNumber(type), ...(dims === undefined ? {} : { shape: { dim: dims } }) } },
  };
}
