import type { KeptOperation } from '../../layers/kept';
import type { OnnxAttribute, OnnxDim, OnnxInitializer, OnnxNode, OnnxType, OnnxValueInfo } from './model';

/** Numbers are whole ones, unless they come from {@link float}. */
export type Attributes = { readonly [name: string]: number | string | readonly number[] | OnnxAttribute };

/** An attribute that is no whole number. */
export function float(value: number): OnnxAttribute {
  return { kind: 'float', value };
}

/** Every operator that is used without a newer version being asked for has its present form since this operator set. */
const oldestOpset = 13;

/** The operator set in which a Pad may say which axes it is about. */
const axesOfPadSince = 18;

/** Where a slice or a dimension ends that goes to the end of its axis. */
export const toTheEnd = 2 ** 31 - 1;

type Draft = {
  name: string;
  opType: string;
  inputs: string[];
  outputs: string[];
  attributes: Attributes;
  kept?: KeptOperation;
};

/** What the nodes of one layer are written with. Names begin with the layer's own. */
export type LayerGraph = {
  /** Adds a node and gives its output. An empty name leaves out an optional input. `since`: the operator set that it needs. */
  node(opType: string, inputs: readonly string[], attributes?: Attributes, since?: number): string;
  /** Numbers that the file holds. */
  floats(name: string, shape: readonly number[], data: Float32Array): string;
  scalar(name: string, value: number): string;
  /** A number that belongs to the graph and not to the weights: readers take those in the file for learned ones. */
  fixed(value: number): string;
  /** A list of whole numbers, as shapes, axes and pads are. */
  int64s(name: string, values: readonly number[]): string;
  /** Numbers of any type, as an operation that is not understood takes them. */
  constant(name: string, type: OnnxType, shape: readonly number[], values: readonly number[]): string;
  /** An operation as it was read; gives the one of its outputs that is wanted. */
  kept(operation: KeptOperation, inputs: readonly string[]): string;
  /** The second output of the node behind a value, as a max pool's places. */
  second(value: string): string;
  /** To be said of what a pool reads: see {@link GraphBuilder.keepApart}. */
  keepApart(value: string): void;
};

/** A graph under construction, layer by layer. */
export class GraphBuilder {
  readonly #nodes: Draft[] = [];
  readonly #initializers: OnnxInitializer[] = [];
  readonly #taken: Set<string>;
  /** What layers with the same weights have in the file once, by whose it is and its name there. */
  readonly #shared = new Map<string, OnnxInitializer>();
  #opset = oldestOpset;
  readonly #domains = new Map<string, number>();
  /** Shapes of what operations give that no reader of the file can work out. */
  readonly #declared = new Map<string, readonly OnnxDim[]>();

  /** `reserved`: names that values of layers have. */
  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  get opset(): number {
    return this.#opset;
  }

  /** Versions of the operator sets in use, by domain. */
  get opsets(): { readonly [domain: string]: number } {
    return { '': this.#opset, ...Object.fromEntries(this.#domains) };
  }

  get nodes(): readonly OnnxNode[] {
    return this.#nodes.map(({ kept, ...draft }) => ({
      ...draft,
      domain: kept?.domain ?? '',
      attributes: fullAttributes(draft.attributes),
      ...(kept === undefined ? {} : { encoded: kept.node }),
    }));
  }

  /** Values in between whose shapes must be said. */
  get declared(): readonly OnnxValueInfo[] {
    return [...this.#declared].map(([name, shape]) => ({ name, type: 'float32', shape }));
  }

  get initializers(): readonly OnnxInitializer[] {
    return this.#initializers;
  }

  /** A name that nothing else has, as close to this one as that allows. */
  fresh(name: string): string {
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name}_${count}`;
      if (this.#taken.has(candidate)) continue;
      this.#taken.add(candidate);
      return candidate;
    }
  }

  /**
   * Writes the nodes of a layer. What `print` gives is the layer's value, and takes its name; where it is a value of another layer, the
   * layer adds nothing. Gives the value's name. Layers of one `owner` have their numbers in the file once.
   */
  layer(name: string, print: (graph: LayerGraph) => string, owner: string | null = null): string {
    const own: Draft[] = [];
    const value = print(this.#layerGraph(name, own, owner));
    const last = own.find(({ outputs }) => outputs[0] === value);
    if (last === undefined) return value;
    for (const node of own) node.inputs = node.inputs.map((input) => (input === value ? name : input));
    last.outputs[0] = name;
    // The layer's own shape is said where all layers' are.
    this.#declared.delete(value);
    last.name = name;
    return name;
  }

  /**
   * ONNX Runtime makes zeros around a pool's map part of the pool. Around a maximum that is wrong below zero, and it fails for zeros as
   * wide as the window. It leaves a Pad alone that names its axes, which takes a newer operator set.
   */
  keepApart(value: string): void {
    const pad = this.#nodes.find(({ outputs, opType }) => opType === 'Pad' && outputs[0] === value);
    if (pad === undefined || pad.inputs.length !== 2 || pad.attributes['mode'] !== undefined) return;
    const [map = '', sides = ''] = pad.inputs;
    const at = this.#initializers.findIndex(({ name }) => name === sides);
    const all = this.#initializers[at];
    if (all === undefined) return;
    const [, , top, left, , , bottom, right] = new BigInt64Array(all.data.buffer, all.data.byteOffset);
    const data = bytesOf(BigInt64Array.of(top ?? 0n, left ?? 0n, bottom ?? 0n, right ?? 0n));
    this.#initializers[at] = { ...all, shape: [4], data };
    const axes = this.fresh(`${pad.name}/axes`);
    this.#initializers.push({ name: axes, type: 'int64', shape: [2], data: bytesOf(BigInt64Array.of(2n, 3n)) });
    pad.inputs = [map, sides, '', axes];
    this.#opset = Math.max(this.#opset, axesOfPadSince);
  }

  #layerGraph(layer: string, own: Draft[], owner: string | null): LayerGraph {
    const initializer = (name: string, one: Omit<OnnxInitializer, 'name'>): OnnxInitializer => {
      const full = { ...one, name: this.fresh(`${layer}/${name}`) };
      this.#initializers.push(full);
      return full;
    };
    const floats: LayerGraph['floats'] = (name, shape, data) => {
      const one = { type: 'float32', shape, data: bytesOf(data) } as const;
      if (owner === null) return initializer(name, one).name;
      const key = `${owner}/${name}`;
      const known = this.#shared.get(key);
      if (known !== undefined && isSameTensor(known, one)) return known.name;
      const made = initializer(name, one);
      this.#shared.set(key, made);
      return made.name;
    };
    const node: LayerGraph['node'] = (opType, inputs, attributes = {}, since = oldestOpset) => {
      this.#opset = Math.max(this.#opset, since);
      const name = this.fresh(`${layer}/${opType}`);
      const draft = { name, opType, inputs: [...inputs], outputs: [name], attributes };
      own.push(draft);
      this.#nodes.push(draft);
      return name;
    };
    const kept: LayerGraph['kept'] = (operation, inputs) => {
      const { domain, opset, outputs, output } = operation;
      if (domain === '') this.#opset = Math.max(this.#opset, opset);
      else this.#domains.set(domain, Math.max(opset, this.#domains.get(domain) ?? 1));
      const name = this.fresh(`${layer}/Kept`);
      const names = Array.from({ length: outputs }, (_, at) => (at === output ? name : this.fresh(`${name}_${at}`)));
      const draft: Draft = { name, opType: '', inputs: [...inputs], outputs: names, attributes: {}, kept: operation };
      own.push(draft);
      this.#nodes.push(draft);
      this.#declared.set(name, ['batch', ...operation.shape]);
      // A layer's value is a first output.
      return output === 0 ? name : node('Identity', [name]);
    };
    return {
      node,
      kept,
      constant: (name, type, shape, values) => initializer(name, { type, shape, data: bytesOfType(type, values) }).name,
      floats,
      scalar: (name, value) => floats(name, [], Float32Array.of(value)),
      fixed: (value) => node('Constant', [], { value_float: float(value) }),
      int64s: (name, values) => {
        const data = bytesOf(BigInt64Array.from(values.map(BigInt)));
        return initializer(name, { type: 'int64', shape: [values.length], data }).name;
      },
      second: (value) => {
        const node = this.#nodes.find(({ outputs }) => outputs[0] === value);
        if (node === undefined) throw new Error(`ONNX: no node gives "${value}".`);
        const [first, given = this.fresh(`${node.name}/Indices`)] = node.outputs;
        node.outputs = [first ?? '', given];
        return given;
      },
      keepApart: (value) => this.keepApart(value),
    };
  }
}

function isSameTensor(a: Omit<OnnxInitializer, 'name'>, b: Omit<OnnxInitializer, 'name'>): boolean {
  if (a.shape.length !== b.shape.length || a.data.length !== b.data.length) return false;
  return a.shape.every((size, axis) => size === b.shape[axis]) && a.data.every((byte, at) => byte === b.data[at]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function bytesOfType(type: OnnxType, values: readonly number[]): Uint8Array {
  switch (type) {
    case 'float32':
      return bytesOf(Float32Array.from(values));
    case 'int64':
      return bytesOf(BigInt64Array.from(values.map((value) => BigInt(Math.trunc(value)))));
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
  }
}

function fullAttributes(attributes: Attributes): OnnxNode['attributes'] {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]): [string, OnnxAttribute] => {
      if (typeof value === 'number') return [name, { kind: 'int', value }];
      if (typeof value === 'string') return [name, { kind: 'string', value }];
      return 'kind' in value ? [name, value] : [name, { kind: 'ints', value }];
    }),
  );
}
