import type { OpShape, ReducedType } from '../../../shared/ops/graph';
import { attribute, encodeSavedModel } from './graphDef';
import type { Attribute, Attributes, DataTypeName, NodeDef, Signature } from './graphDef';

/** A graph under construction. Tensors are named as TensorFlow names them: `node`, or `node:1` for a further output. */
export type GraphWriter = {
  /** Adds a node and gives its first output. `name` is only for nodes that are fed or fetched; others are numbered. */
  add(op: string, inputs: readonly string[], attributes?: Attributes, name?: string): string;
  /** A constant; equal small ones are shared. */
  ints(values: readonly number[], shape?: readonly number[]): string;
  constant(dtype: DataTypeName, shape: readonly number[], bytes: Uint8Array): string;
  encode(signature?: Signature): Uint8Array;
};

/** Constants up to this many bytes are looked up by content before a new node is made. */
const sharedConstantBytes = 256;

function bytesOf(array: Int32Array | Float32Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export function createGraphWriter(): GraphWriter {
  const nodes: NodeDef[] = [];
  const constants = new Map<string, string>();

  const writer: GraphWriter = {
    add(op, inputs, attributes = {}, name = `n${nodes.length}`) {
      // Control inputs come last: the format asks for it.
      const data = inputs.filter((input) => !input.startsWith('^'));
      const control = inputs.filter((input) => input.startsWith('^'));
      nodes.push({ name, op, inputs: [...data, ...new Set(control)], attributes });
      return name;
    },
    ints(values, shape = [values.length]) {
      return writer.constant('int32', shape, bytesOf(Int32Array.from(values)));
    },
    constant(dtype, shape, bytes) {
      const isShared = bytes.length <= sharedConstantBytes;
      const key = isShared ? `${dtype}[${shape.join()}]${Buffer.from(bytes).toString('latin1')}` : '';
      const known = isShared ? constants.get(key) : undefined;
      if (known !== undefined) return known;
      const value: Attribute = { kind: 'tensor', value: { dtype, shape, bytes } };
      const name = writer.add('Const', [], { dtype: attribute.type(dtype), value });
      if (isShared) constants.set(key, name);
      return name;
    },
    encode: (signature) => encodeSavedModel(nodes, signature),
  };
  return writer;
}

/** The bytes of a list of numbers in a type, row-major. */
export function constantBytes(dtype: Exclude<DataTypeName, ReducedType>, values: ArrayLike<number>): Uint8Array {
  switch (dtype) {
    case 'float32':
      return bytesOf(Float32Array.from(values));
    case 'int32':
      return bytesOf(Int32Array.from(values));
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(Array.from(values, (value) => BigInt(value))).buffer);
  }
}

/** TensorFlow's form of a symbolic shape, -1 for the batch. */
export function partialShape(shape: OpShape): readonly number[] {
  return shape.map((size) => (size === 'batch' ? -1 : size));
}

/** The node behind a tensor's name, for "runs after". */
export function controlInput(tensor: string): string {
  return `^${tensor.split(':', 1)[0] ?? tensor}`;
}
