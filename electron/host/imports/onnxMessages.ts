import protobuf from 'protobufjs';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../../../shared/imports/onnx/model';
import { bytesInMemory, type ByteRange } from '../../../shared/imports/arranged';
import onnxProto from '../../../shared/imports/onnx/onnx.proto?raw';
import type { ProtoForm } from './protoSkeleton';

/*
 * The bytes of an ONNX file as the model that `shared/imports/onnx` reads. Values of large tensors stay where they lie in the file.
 */

/** What protobufjs gives: fields by name, lists for repeated ones, and defaults where nothing was written. */
type Message = { readonly [field: string]: unknown };

let modelType: protobuf.Type | undefined;

function typeOfModel(): protobuf.Type {
  modelType ??= protobuf.parse(onnxProto).root.lookupType('onnx.ModelProto');
  return modelType;
}

/** Bytes that lie in a file beside the model: where, as the model says it. */
export type ExternalBytes = { readonly location: string; readonly offset: number; readonly length: number | null };

/** Where the values of tensors are that do not lie in the message itself. */
export type TensorPlaces = {
  /** Those that lie beside the model; it says no by throwing. */
  readonly external: (at: ExternalBytes, tensor: string) => ByteRange;
  /** Those that were left in the file; null for any others. */
  readonly left: (rawData: Uint8Array) => ByteRange | null;
};

const [floatData, rawData, float32] = [4, 9, 1];

/** Where values lie, by the numbers in onnx.proto. Only one that is alone is left in the file; a list of float32 lies as its bytes do. */
export const onnxForm: ProtoForm<'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'training' | 'function'> = {
  root: 'model',
  inside: {
    model: { 7: 'graph', 20: 'training', 25: 'function' },
    training: { 1: 'graph', 2: 'graph' },
    function: { 7: 'node' },
    graph: { 1: 'node', 5: 'tensor' },
    node: { 5: 'attribute' },
    attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
    tensor: {},
  },
  tensor: 'tensor',
  values: [floatData, rawData],
  placeOf: ({ field }, runs, numbers) =>
    runs.length === 1 && (field === rawData || numbers.get(2) === float32) ? rawData : null,
};

/** Reads a model. Throws where the bytes are no model, also where messages lie in each other deeper than any model's. */
export function decodeModel(bytes: Uint8Array, places: TensorPlaces): OnnxModel {
  const model: Message = Object.fromEntries(Object.entries(typeOfModel().decode(bytes)));
  const graph = messageOf(model, 'graph');
  const readTensor = (message: Message): OnnxTensor => tensorOf(message, places);
  const opsets = listOf(model, 'opsetImport').filter((set) => ['', 'ai.onnx'].includes(textOf(set, 'domain')));
  return {
    producer: textOf(model, 'producerName'),
    irVersion: numberOf(model, 'irVersion'),
    opset: opsets.reduce((version, set) => Math.max(version, numberOf(set, 'version')), 0),
    opsets: new Map(
      listOf(model, 'opsetImport').map((set) => [plainDomain(textOf(set, 'domain')), numberOf(set, 'version')]),
    ),
    name: textOf(graph, 'name'),
    nodes: listOf(graph, 'node').map((node) => ({ ...nodeOf(node, readTensor), kept: () => keptNode(node, places) })),
    initializers: listOf(graph, 'initializer').map(readTensor),
    inputs: listOf(graph, 'input').map(valueOf),
    outputs: listOf(graph, 'output').map(valueOf),
    values: listOf(graph, 'valueInfo').map(valueOf),
    isTraining: listOf(model, 'trainingInfo').length > 0,
    functionCount: listOf(model, 'functions').length,
  };
}

function nodeOf(message: Message, readTensor: (message: Message) => OnnxTensor): OnnxNode {
  const domain = textOf(message, 'domain');
  const scopes = listOf(message, 'metadataProps').find(
    (entry) => textOf(entry, 'key') === 'pkg.torch.onnx.name_scopes',
  );
  return {
    name: textOf(message, 'name'),
    op: textOf(message, 'opType'),
    domain: plainDomain(domain),
    inputs: textsOf(message, 'input'),
    outputs: textsOf(message, 'output'),
    attributes: new Map(
      listOf(message, 'attribute').map((attribute) => [textOf(attribute, 'name'), attributeOf(attribute, readTensor)]),
    ),
    // Written as a Python list of strings.
    scopes:
      scopes === undefined ? [] : [...textOf(scopes, 'value').matchAll(/'([^']*)'/g)].map(([, name = '']) => name),
  };
}

function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** More of an operator than this is not kept in a document. */
const mostKeptBytes = 2 ** 18;

/** An operator without its wires; null where it reaches out of itself, as one with a graph in it does, or is too large. */
function keptNode(message: Message, { left }: TensorPlaces): string | null {
  const attributes = listOf(message, 'attribute').map((attribute): Message | null => {
    // Graphs name values around them.
    if ([5, 10].includes(numberOf(attribute, 'type'))) return null;
    if (numberOf(attribute, 'type') !== 4) return attribute;
    const tensor = messageOf(attribute, 't');
    const raw = tensor['rawData'];
    const range = raw instanceof Uint8Array ? left(raw) : null;
    if (numberOf(tensor, 'dataLocation') === 1 || (range !== null && range.length > mostKeptBytes)) return null;
    return range === null ? attribute : { ...attribute, t: { ...tensor, rawData: range.read() } };
  });
  if (attributes.includes(null)) return null;
  const { opType, domain, overload } = message;
  const type = typeOfModel().root.lookupType('onnx.NodeProto');
  const bytes = type.encode({ opType, domain, overload, attribute: attributes }).finish();
  return bytes.length > mostKeptBytes ? null : Buffer.from(bytes).toString('base64');
}

/** Numbers in `AttributeProto.AttributeType`. */
function attributeOf(message: Message, readTensor: (message: Message) => OnnxTensor): OnnxAttribute {
  switch (numberOf(message, 'type')) {
    case 1:
      return { kind: 'float', value: numberOf(message, 'f') };
    case 2:
      return { kind: 'int', value: numberOf(message, 'i') };
    case 3:
      return { kind: 'string', value: bytesText(message['s']) };
    case 4:
      return { kind: 'tensor', value: readTensor(messageOf(message, 't')) };
    case 6:
      return { kind: 'floats', value: numbersOf(message, 'floats') ?? [] };
    case 7:
      return { kind: 'ints', value: numbersOf(message, 'ints') ?? [] };
    default:
      return { kind: 'other' };
  }
}

function tensorOf(message: Message, { external, left }: TensorPlaces): OnnxTensor {
  const name = textOf(message, 'name');
  const isExternal = numberOf(message, 'dataLocation') === 1;
  const raw = message['rawData'];
  const bytes = isExternal
    ? external(externalOf(message), name)
    : raw instanceof Uint8Array && raw.length > 0
      ? (left(raw) ?? bytesInMemory(raw))
      : null;
  const lists = ['floatData', 'int32Data', 'int64Data', 'doubleData', 'uint64Data'];
  const numbers = lists.map((field) => numbersOf(message, field)).find((list) => list !== null && list.length > 0);
  return {
    name,
    type: numberOf(message, 'dataType'),
    shape: numbersOf(message, 'dims') ?? [],
    bytes,
    numbers: bytes === null ? (numbers ?? []) : null,
  };
}

function externalOf(message: Message): ExternalBytes {
  const entries = new Map(
    listOf(message, 'externalData').map((entry) => [textOf(entry, 'key'), textOf(entry, 'value')]),
  );
  const length = entries.get('length');
  return {
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    length: length === undefined ? null : Number(length),
  };
}

function valueOf(message: Message): OnnxValue {
  const tensor = messageOf(messageOf(message, 'type'), 'tensorType');
  const shape = tensor['shape'];
  return {
    name: textOf(message, 'name'),
    type: numberOf(tensor, 'elemType'),
    shape: isMessage(shape)
      ? listOf(shape, 'dim').map((dim) => {
          const parameter = textOf(dim, 'dimParam');
          const size = numberOf(dim, 'dimValue');
          return parameter !== '' ? parameter : size > 0 ? size : null;
        })
      : null,
  };
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null;
}

function messageOf(message: Message, field: string): Message {
  const value = message[field];
  return isMessage(value) ? value : {};
}

function listOf(message: Message, field: string): readonly Message[] {
  const value = message[field];
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

function textOf(message: Message, field: string): string {
  const value = message[field];
  return typeof value === 'string' ? value : '';
}

function textsOf(message: Message, field: string): readonly string[] {
  const value = message[field];
  return Array.isArray(value) ? value.map(String) : [];
}

function bytesText(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

/** Whole numbers of 64 bits come as objects where JavaScript's own would not hold all of them. */
function plainNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number(String(value));
}

function numberOf(message: Message, field: string): number {
  const value = message[field];
  return value === undefined || value === null ? 0 : plainNumber(value);
}

function numbersOf(message: Message, field: string): readonly number[] | null {
  const value = message[field];
  if (!Array.isArray(value)) return null;
  return value.every((one) => typeof one === 'number') ? value : value.map(plainNumber);
}
