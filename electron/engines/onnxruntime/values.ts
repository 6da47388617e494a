import type { OpFunction, OpNode, OpShape } from '../../../shared/ops/graph';
import { inMemoryOrder, isSameInMemory, permutation, reshapeTarget } from './layout';
import type { Layout } from './layout';
import type { OnnxGraph } from './onnxGraph';

/**
 * The values of one function while it is lowered: under which names they are known, in which layouts. A layout that is asked for
 * and not there yet is made once, by a Transpose, or a Reshape where nothing moves in memory.
 */
export class Values {
  readonly graph: OnnxGraph;
  /** Images by name, and under which name they are known in blocks of channels. */
  readonly inBlocks = new Map<string, string>();
  readonly #nodes: readonly OpNode[];
  readonly #names = new Map<number, Map<Layout, string>>();
  #batch: string | undefined;

  constructor(graph: OnnxGraph, nodes: OpFunction['nodes']) {
    this.graph = graph;
    this.#nodes = nodes;
  }

  node(id: number): OpNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new Error(`ONNX: there is no value ${id}.`);
    return node;
  }

  shape(id: number): OpShape {
    return this.node(id).shape;
  }

  set(id: number, layout: Layout, name: string): void {
    this.#names.set(id, new Map([[layout, name]]));
  }

  /** The layout in which a value was made. */
  home(id: number): Layout {
    for (const layout of this.#known(id).keys()) return layout;
    throw new Error(`ONNX: value ${id} has no layout.`);
  }

  #known(id: number): Map<Layout, string> {
    const names = this.#names.get(id);
    if (names === undefined) throw new Error(`ONNX: value ${id} is used before it is made.`);
    return names;
  }

  /** The value's name in a layout; values that are not of rank 4 have only one. */
  name(id: number, layout: Layout = 'last'): string {
    const names = this.#known(id);
    const shape = this.shape(id);
    const wanted = shape.length === 4 ? layout : 'last';
    const known = names.get(wanted);
    if (known !== undefined) return known;
    const home = this.home(id);
    const made = this.#convert(names.get(home) ?? '', shape, home, wanted);
    names.set(wanted, made);
    return made;
  }

  #convert(name: string, shape: OpShape, from: Layout, to: Layout): string {
    if (!isSameInMemory(shape, from, to)) return this.graph.transpose(name, permutation(4, from, to));
    const target = inMemoryOrder(shape, to);
    if (target.indexOf('batch') > 0) return this.graph.transpose(name, permutation(4, from, to));
    return this.graph.reshape(name, reshapeTarget(target));
  }

  /** The value as an operand of an elementwise op whose result has this rank and layout. */
  operand(id: number, rank: number, layout: Layout): string {
    const shape = this.shape(id);
    if (layout === 'last' || shape.length === rank || shape.every((size) => size === 1)) return this.name(id, layout);
    const padded: OpShape = [...Array<number>(rank - shape.length).fill(1), ...shape];
    const reshaped = (target: OpShape): string =>
      this.graph.reshape(
        this.name(id),
        target.map((size) => (size === 'batch' ? -1 : size)),
      );
    if (isSameInMemory(padded, 'last', layout)) return reshaped(inMemoryOrder(padded, layout));
    return this.graph.transpose(reshaped(padded), permutation(rank, 'last', layout));
  }

  /** The layout in which an elementwise op or a concat of these values costs the fewest conversions. */
  commonLayout(ids: readonly number[], result: OpShape): Layout {
    if (result.length !== 4) return 'last';
    const ranked = ids.filter((id) => this.shape(id).length === 4);
    const full = ranked.filter((id) => this.shape(id).join() === result.join());
    for (const id of [...full, ...ranked]) {
      const layout = this.home(id);
      if (layout !== 'last') return layout;
    }
    return 'last';
  }

  /** The size of the batch as a vector of one int64. Only called where some input of the function has a batch. */
  batch(): string {
    if (this.#batch !== undefined) return this.#batch;
    const id = this.#nodes.findIndex((node) => node.op === 'input' && node.shape[0] === 'batch');
    if (id < 0) throw new Error('ONNX: no input tells the size of the batch.');
    this.#batch = this.graph.node('Shape', [this.name(id)], { attributes: { start: 0, end: 1 } });
    return this.#batch;
  }

  /** A shape as a vector of int64, for Expand and the like. */
  shapeVector(shape: OpShape): string {
    const [first, ...rest] = shape;
    if (first !== 'batch') return this.graph.int64s(shape.map((size) => (size === 'batch' ? -1 : size)));
    if (rest.length === 0) return this.batch();
    return this.graph.concat([this.batch(), this.graph.int64s(rest.map((size) => (size === 'batch' ? -1 : size)))], 0);
  }
}
