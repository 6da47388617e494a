import protobuf from 'protobufjs/minimal.js';
import type { DType } from '../engine';

/**
 * The part of TensorFlow's graph format that an op graph needs, and its bytes. Field numbers are those of graph.proto,
 * node_def.proto, attr_value.proto, tensor.proto, tensor_shape.proto, versions.proto, meta_graph.proto and saved_model.proto
 * (tensorflow/core/framework and tensorflow/core/protobuf); they are part of a frozen file format.
 */

/** Numbers of `tensorflow.DataType`. */
export const dataTypes = { float32: 1, int32: 3, uint8: 4, int64: 9, bool: 10 } as const satisfies Record<
  DType | 'int64' | 'bool',
  number
>;

export type DataTypeName = keyof typeof dataTypes;

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

const wire = { varint: 0, bytes: 2, fixed32: 5 } as const;

type Writer = protobuf.Writer;

function field(writer: Writer, number: number, type: number): Writer {
  return writer.uint32((number << 3) | type);
}

function message(writer: Writer, number: number, write: (inner: Writer) => void): void {
  write(field(writer, number, wire.bytes).fork());
  writer.ldelim();
}

function writeShape(writer: Writer, shape: readonly number[]): void {
  for (const size of shape) message(writer, 2, (dim) => field(dim, 1, wire.varint).int64(size));
}

function writeAttribute(writer: Writer, attribute: Attribute): void {
  switch (attribute.kind) {
    case 'string':
      field(writer, 2, wire.bytes).string(attribute.value);
      return;
    case 'int':
      field(writer, 3, wire.varint).int64(attribute.value);
      return;
    case 'float':
      field(writer, 4, wire.fixed32).float(attribute.value);
      return;
    case 'bool':
      field(writer, 5, wire.varint).bool(attribute.value);
      return;
    case 'type':
      field(writer, 6, wire.varint).int32(dataTypes[attribute.value]);
      return;
    case 'shape':
      message(writer, 7, (shape) => writeShape(shape, attribute.value));
      return;
    case 'tensor': {
      const { dtype, shape, bytes } = attribute.value;
      message(writer, 8, (tensor) => {
        field(tensor, 1, wire.varint).int32(dataTypes[dtype]);
        message(tensor, 2, (inner) => writeShape(inner, shape));
        field(tensor, 4, wire.bytes).bytes(bytes);
      });
      return;
    }
    case 'ints':
      message(writer, 1, (list) =>
        message(list, 3, (packed) => {
          for (const value of attribute.value) packed.int64(value);
        }),
      );
      return;
  }
}

function writeNode(writer: Writer, node: NodeDef): void {
  field(writer, 1, wire.bytes).string(node.name);
  field(writer, 2, wire.bytes).string(node.op);
  for (const input of node.inputs) field(writer, 3, wire.bytes).string(input);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(writer, 5, (entry) => {
      field(entry, 1, wire.bytes).string(name);
      message(entry, 2, (inner) => writeAttribute(inner, value));
    });
  }
}

/** The bytes of a `saved_model.pb` whose one graph is tagged {@link servingTag}. Nodes may come in any order. */
export function encodeSavedModel(nodes: readonly NodeDef[]): Uint8Array {
  const writer = protobuf.Writer.create();
  field(writer, 1, wire.varint).int64(1);
  message(writer, 2, (metaGraph) => {
    message(metaGraph, 1, (info) => field(info, 4, wire.bytes).string(servingTag));
    message(metaGraph, 2, (graph) => {
      for (const node of nodes) message(graph, 1, (inner) => writeNode(inner, node));
      message(graph, 4, (versions) => field(versions, 1, wire.varint).int32(producerVersion));
    });
  });
  return writer.finish();
}
