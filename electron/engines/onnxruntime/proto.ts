import protobuf from 'protobufjs';

/** Numbers of `TensorProto.DataType`. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type OnnxType = keyof typeof onnxTypes;

/** Numbers of `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

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

/**
 * The messages of `onnx.proto` that a model needs, with that file's field numbers; all other fields are optional in ONNX.
 * Source: onnx/onnx.proto of the ONNX specification.
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: { id: 1, type: 'int64' },
        producerName: { id: 2, type: 'string' },
        graph: { id: 7, type: 'GraphProto' },
        opsetImport: { id: 8, type: 'OperatorSetIdProto', rule: 'repeated' },
      },
    },
    OperatorSetIdProto: { fields: { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int64' } } },
    GraphProto: {
      fields: {
        node: { id: 1, type: 'NodeProto', rule: 'repeated' },
        name: { id: 2, type: 'string' },
        initializer: { id: 5, type: 'TensorProto', rule: 'repeated' },
        input: { id: 11, type: 'ValueInfoProto', rule: 'repeated' },
        output: { id: 12, type: 'ValueInfoProto', rule: 'repeated' },
      },
    },
    NodeProto: {
      fields: {
        input: { id: 1, type: 'string', rule: 'repeated' },
        output: { id: 2, type: 'string', rule: 'repeated' },
        name: { id: 3, type: 'string' },
        opType: { id: 4, type: 'string' },
        attribute: { id: 5, type: 'AttributeProto', rule: 'repeated' },
        domain: { id: 7, type: 'string' },
      },
    },
    AttributeProto: {
      fields: {
        name: { id: 1, type: 'string' },
        f: { id: 2, type: 'float' },
        i: { id: 3, type: 'int64' },
        s: { id: 4, type: 'bytes' },
        ints: { id: 8, type: 'int64', rule: 'repeated' },
        type: { id: 20, type: 'int32' },
      },
    },
    TensorProto: {
      fields: {
        dims: { id: 1, type: 'int64', rule: 'repeated' },
        dataType: { id: 2, type: 'int32' },
        name: { id: 8, type: 'string' },
        rawData: { id: 9, type: 'bytes' },
      },
    },
    ValueInfoProto: { fields: { name: { id: 1, type: 'string' }, type: { id: 2, type: 'TypeProto' } } },
    TypeProto: { fields: { tensorType: { id: 1, type: 'TensorTypeProto' } } },
    TensorTypeProto: { fields: { elemType: { id: 1, type: 'int32' }, shape: { id: 2, type: 'TensorShapeProto' } } },
    TensorShapeProto: { fields: { dim: { id: 1, type: 'DimensionProto', rule: 'repeated' } } },
    DimensionProto: { fields: { dimValue: { id: 1, type: 'int64' }, dimParam: { id: 2, type: 'string' } } },
  },
});

const modelMessage = messages.lookupType('ModelProto');

/** Serialises a model as an `.onnx` file would hold it. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return modelMessage
    .encode(
      modelMessage.create({
        irVersion,
        producerName: 'convloom',
        opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
        graph: {
          name: 'convloom',
          node: model.nodes.map(nodeMessage),
          initializer: model.initializers.map(({ name, type, shape, data }) => ({
            name,
            dataType: onnxTypes[type],
            dims: shape,
            rawData: data,
          })),
          input: model.inputs.map(valueMessage),
          output: model.outputs.map(valueMessage),
        },
      }),
    )
    .finish();
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
  const type = attributeTypes[attribute.kind];
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
    type: { tensorType: { elemType: onnxTypes[type], ...(dims === undefined ? {} : { shape: { dim: dims } }) } },
  };
}
