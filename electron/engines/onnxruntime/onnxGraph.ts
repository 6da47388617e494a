import { encodeModel, onnxTypeNumber } from './proto';
import type { OnnxAttribute, OnnxDim, OnnxInitializer, OnnxNode, OnnxType, OnnxValueInfo } from './proto';

/** ONNX Runtime's own operators: matrix products that transpose, convolutions with an activation. */
export const microsoftDomain = 'com.microsoft';

/** Operator set 20 has all we use, and every ONNX Runtime since 1.17 runs it. */
const opsets = { '': 20, [microsoftDomain]: 1 } as const;

/** Operators on images in blocks of channels; see blocks.ts. */
export const blockedDomain = 'com.microsoft.nchwc';

/** Which of ONNX Runtime's execution providers a graph is for: the WebGPU one lacks some ops, and falling back copies whole images. */
export type Provider = 'cpu' | 'webgpu';

/** A shader may bind few buffers (8 on every adapter, the input among them), and ONNX Runtime's Split binds one per part. */
const mostParts = 7;

/** Attributes in short: a number is an int, an array are ints, a string is a string; floats are said so with {@link float}. */
export type Attributes = { readonly [name: string]: number | string | readonly number[] | OnnxAttribute };

export function float(value: number): OnnxAttribute {
  return { kind: 'float', value };
}

export type NodeOptions = {
  readonly attributes?: Attributes;
  readonly domain?: string;
};

/**
 * The name of a place where a graph is fed or read, of what the program calls it: the runtime ends a name at its first NUL and knows no half of
 * a surrogate pair, and node ids may have both. Different names stay different.
 */
export function portName(role: string, name: string): string {
  const plain = name.replace(/[^\w./:-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${role}:${plain}`;
}

/**
 * An ONNX graph under construction: values are names. Equal nodes and equal constants are made once, so that emitters may ask
 * for what they need without looking who asked before.
 */
export class OnnxGraph {
  readonly provider: Provider;
  /** Channels in a block, where convolutions in blocks are to be had. */
  readonly block: number | null;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: OnnxInitializer[] = [];
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  readonly #known = new Map<string, readonly string[]>();
  readonly #made = new Set<string>();
  readonly #outputNames = new Map<string, string>();
  #count = 0;

  constructor(provider: Provider = 'cpu', block: number | null = null) {
    this.provider = provider;
    this.block = block;
  }

  #freshName(): string {
    this.#count += 1;
    return `v${this.#count}`;
  }

  input(name: string, type: OnnxType, shape: readonly OnnxDim[]): string {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Declares an output under a name of its own. */
  output(name: string, value: string, type: OnnxType): void {
    this.#outputs.push({ name, type });
    // The value itself takes the name where it can: an Identity in between would copy a weight at every step.
    if (this.#made.has(value) && !this.#outputNames.has(value)) this.#outputNames.set(value, name);
    else this.#nodes.push({ opType: 'Identity', domain: '', inputs: [value], outputs: [name], attributes: {} });
  }

  node(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const [output = ''] = this.nodes(opType, inputs, 1, options);
    return output;
  }

  /** As {@link node}, for an op with several outputs. An empty name leaves out an optional input. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputCount: number,
    { attributes = {}, domain = '' }: NodeOptions = {},
  ): readonly string[] {
    const key = JSON.stringify([opType, domain, inputs, outputCount, attributes]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const outputs = Array.from({ length: outputCount }, () => this.#freshName());
    this.#nodes.push({ opType, domain, inputs, outputs, attributes: fullAttributes(attributes) });
    outputs.forEach((output) => this.#made.add(output));
    this.#known.set(key, outputs);
    return outputs;
  }

  #initializer(type: OnnxType, shape: readonly number[], data: Float32Array | Int32Array | BigInt64Array): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = bytes.length <= 1024 ? `constant ${type} ${shape.join()} ${bytes.join()}` : null;
    const known = key === null ? undefined : this.#known.get(key)?.[0];
    if (known !== undefined) return known;
    const name = this.#freshName();
    this.#initializers.push({ name, type, shape, data: bytes });
    if (key !== null) this.#known.set(key, [name]);
    return name;
  }

  floats(values: readonly number[] | Float32Array, shape: readonly number[]): string {
    return this.#initializer('float32', shape, Float32Array.from(values));
  }

  scalar(value: number): string {
    return this.floats([value], []);
  }

  int32s(values: readonly number[] | Int32Array, shape: readonly number[]): string {
    return this.#initializer('int32', shape, Int32Array.from(values));
  }

  /** A vector of int64, as ONNX takes shapes, axes and pads. */
  int64s(values: readonly number[]): string {
    return this.#initializer('int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** A scalar of int64. */
  int64(value: number): string {
    return this.#initializer('int64', [], BigInt64Array.of(BigInt(value)));
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.node('Reshape', [x, this.int64s(shape)]);
  }

  transpose(x: string, perm: readonly number[]): string {
    return perm.every((axis, place) => axis === place) ? x : this.node('Transpose', [x], { attributes: { perm } });
  }

  reduceSum(x: string, axes: readonly number[], keepDims: boolean): string {
    return this.node('ReduceSum', [x, this.int64s(axes)], { attributes: { keepdims: keepDims ? 1 : 0 } });
  }

  concat(values: readonly string[], axis: number): string {
    const [first = ''] = values;
    return values.length === 1 ? first : this.node('Concat', values, { attributes: { axis } });
  }

  /** The product of two matrices, plus a third input if there is one, and what is positive of that with `relu`. */
  gemm(inputs: readonly string[], attributes: Attributes, relu: boolean): string {
    if (!relu) return this.node('Gemm', inputs, { attributes });
    if (this.provider === 'webgpu') return this.node('Relu', [this.node('Gemm', inputs, { attributes })]);
    return this.node('FusedGemm', inputs, {
      attributes: { ...attributes, activation: 'Relu' },
      domain: microsoftDomain,
    });
  }

  /** The products of two stacks of matrices, of these ranks, either of them turned first. */
  matMul(a: string, b: string, ranks: readonly [number, number], transA: boolean, transB: boolean): string {
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
    if (this.provider === 'cpu') return this.node('FusedMatMul', [a, b], { attributes, domain: microsoftDomain });
    if (ranks[0] === 2 && ranks[1] === 2) return this.node('Gemm', [a, b], { attributes });
    return this.node('MatMul', [transA ? this.#turned(a, ranks[0]) : a, transB ? this.#turned(b, ranks[1]) : b]);
  }

  #turned(matrices: string, rank: number): string {
    const stack = Array.from({ length: rank - 2 }, (_, axis) => axis);
    return this.transpose(matrices, [...stack, rank - 1, rank - 2]);
  }

  /** Parts of these lengths along an axis. */
  split(x: string, lengths: readonly number[], axis: number): readonly string[] {
    const parts = (from: string, sizes: readonly number[]): readonly string[] =>
      this.nodes('Split', [from, this.int64s(sizes)], sizes.length, { attributes: { axis } });
    if (this.provider === 'cpu' || lengths.length <= mostParts) return parts(x, lengths);
    const later = lengths.slice(mostParts - 1);
    const sum = later.reduce((total, length) => total + length, 0);
    const [rest = '', ...early] = parts(x, [...lengths.slice(0, mostParts - 1), sum]).toReversed();
    return [...early.toReversed(), ...this.split(rest, later, axis)];
  }

  /** Images `[n, c, h, w]`, with `[c, h, w]` given, as `[n, block * block * c, h / block, w / block]`: the first pixels of all blocks first. */
  spaceToDepth(images: string, [c = 1, h = 1, w = 1]: readonly number[], block: number): string {
    if (this.provider === 'cpu') return this.node('SpaceToDepth', [images], { attributes: { blocksize: block } });
    const inBlocks = this.reshape(images, [-1, c, h / block, block, w / block, block]);
    return this.reshape(this.transpose(inBlocks, [0, 3, 5, 1, 2, 4]), [-1, block * block * c, h / block, w / block]);
  }

  slice(
    x: string,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps: readonly number[] = axes.map(() => 1),
  ): string {
    return this.node('Slice', [x, this.int64s(starts), this.int64s(ends), this.int64s(axes), this.int64s(steps)]);
  }

  /** Zeros around, or with negative numbers cut away: `before` and `after` per axis. */
  pad(x: string, before: readonly number[], after: readonly number[], value = 0): string {
    if ([...before, ...after].every((size) => size === 0)) return x;
    const inputs = [x, this.int64s([...before, ...after])];
    return this.node('Pad', value === 0 ? inputs : [...inputs, this.scalar(value)]);
  }

  cast(x: string, type: 'float32' | 'int32' | 'uint8' | 'bool' | 'int64'): string {
    return this.node('Cast', [x], { attributes: { to: onnxTypeNumber(type) } });
  }

  encode(): Uint8Array {
    const renamed = (name: string): string => this.#outputNames.get(name) ?? name;
    const nodes = this.#nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    }));
    return encodeModel({
      nodes: neededFor(nodes, this.#outputs),
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
      opsets: this.block === null ? opsets : { ...opsets, [blockedDomain]: 1 },
    });
  }
}

/** Some forms of a value are made without knowing whether anyone asks for them. */
function neededFor(nodes: readonly OnnxNode[], outputs: readonly OnnxValueInfo[]): readonly OnnxNode[] {
  const needed = new Set(outputs.map(({ name }) => name));
  return nodes
    .toReversed()
    .filter((node) => {
      const isNeeded = node.outputs.some((name) => needed.has(name));
      if (isNeeded) node.inputs.forEach((name) => needed.add(name));
      return isNeeded;
    })
    .toReversed();
}

function fullAttributes(attributes: Attributes): { readonly [name: string]: OnnxAttribute } {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]): [string, OnnxAttribute] => {
      if (typeof value === 'number') return [name, { kind: 'int', value }];
      if (typeof value === 'string') return [name, { kind: 'string', value }];
      return 'kind' in value ? [name, value] : [name, { kind: 'ints', value }];
    }),
  );
}
