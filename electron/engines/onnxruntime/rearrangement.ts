import type { OpNode } from '../../../shared/ops/graph';
import { axesInMemory, axisInMemory, inMemoryOrder, reshapeTarget } from './layout';
import type { Layout } from './layout';
import type { Values } from './values';

type Node<Op extends OpNode['op']> = Extract<OpNode, { op: Op }>;

/** Past the end of any axis, as Slice takes it. */
const theEnd = 2 ** 52;

export function emitReshape(values: Values, id: number, x: number): void {
  values.set(id, 'last', values.graph.reshape(values.name(x), reshapeTarget(values.shape(id))));
}

/**
 * The value under another name, in the memory that it has: a Reshape to its own shape, in which the others' shapes take part with none of
 * their sizes. ONNX knows no other way to say that a node waits.
 */
export function emitAfter(values: Values, id: number, [x = -1, ...others]: readonly number[]): void {
  const { graph } = values;
  const layout = values.home(x);
  const name = values.name(x, layout);
  const shapeOf = (of: string, size: object): string => graph.node('Shape', [of], { attributes: { ...size } });
  const waits = others.map((other) => shapeOf(values.name(other, values.home(other)), { start: 0, end: 0 }));
  values.set(id, layout, graph.node('Reshape', [name, graph.concat([shapeOf(name, {}), ...waits], 0)]));
}

export function emitTranspose(values: Values, id: number, x: number, perm: readonly number[]): void {
  values.set(id, 'last', values.graph.transpose(values.name(x), perm));
}

export function emitBroadcast(values: Values, id: number, x: number): void {
  const shape = values.shape(id);
  const layout = shape.length === 4 ? 'first' : 'last';
  const source = values.operand(x, shape.length, layout);
  // A batch that the source has already needs no asking: Expand keeps what it is told to stretch to 1.
  const sourceHasBatch = values.shape(x).length === shape.length && values.shape(x)[0] === 'batch';
  const target = sourceHasBatch ? [1, ...shape.slice(1)] : shape;
  values.set(id, layout, values.graph.node('Expand', [source, values.shapeVector(inMemoryOrder(target, layout))]));
}

export function emitConcat(values: Values, id: number, inputs: readonly number[], axis: number): void {
  const shape = values.shape(id);
  const layout = values.commonLayout(inputs, shape);
  const names = inputs.map((input) => values.name(input, layout));
  values.set(id, layout, values.graph.concat(names, axisInMemory(axis, shape.length, layout)));
}

export function emitSlice(values: Values, id: number, x: number, node: Node<'slice'>): void {
  const layout = values.home(x);
  const shape = values.shape(x);
  const cut = shape.flatMap((size, axis) => {
    const begin = node.begin[axis] ?? 0;
    const length = node.size[axis] ?? -1;
    if (begin === 0 && (length === -1 || length === size)) return [];
    return [{ axis: axisInMemory(axis, shape.length, layout), begin, end: length === -1 ? theEnd : begin + length }];
  });
  const result = values.graph.slice(
    values.name(x, layout),
    cut.map(({ axis }) => axis),
    cut.map(({ begin }) => begin),
    cut.map(({ end }) => end),
  );
  values.set(id, layout, result);
}

export function emitPad(values: Values, id: number, x: number, node: Node<'pad'>): void {
  const layout = values.home(x);
  const paddings = inMemoryOrder(node.paddings, layout);
  const result = values.graph.pad(
    values.name(x, layout),
    paddings.map(([before]) => before),
    paddings.map(([, after]) => after),
  );
  values.set(id, layout, result);
}

export function emitReverse(values: Values, id: number, x: number, axes: readonly number[]): void {
  const layout = values.home(x);
  const rank = values.shape(x).length;
  const inMemory = axes.map((axis) => axisInMemory(axis, rank, layout));
  const result = values.graph.slice(
    values.name(x, layout),
    inMemory,
    inMemory.map(() => -1),
    inMemory.map(() => -theEnd),
    inMemory.map(() => -1),
  );
  values.set(id, layout, result);
}

export function emitGather(values: Values, id: number, [table = -1, indices = -1]: readonly number[]): void {
  const inputs = [values.name(table), values.name(indices)];
  values.set(id, 'last', values.graph.node('Gather', inputs, { attributes: { axis: 0 } }));
}

const reductionNames = { reduceSum: 'ReduceSum', reduceMean: 'ReduceMean', reduceMax: 'ReduceMax' } as const;

export function emitReduce(
  values: Values,
  id: number,
  x: number,
  { op, axes, keepDims }: Node<'reduceSum' | 'reduceMean' | 'reduceMax'>,
): void {
  const rank = values.shape(x).length;
  const layout = layoutToReduce(values.home(x), rank, axes, keepDims);
  const inMemory = axes.map((axis) => axisInMemory(axis, rank, layout)).toSorted((a, b) => a - b);
  const inputs = [values.name(x, layout), values.graph.int64s(inMemory)];
  const result = values.graph.node(reductionNames[op], inputs, { attributes: { keepdims: keepDims ? 1 : 0 } });
  values.set(id, keepDims ? layout : 'last', result);
}

/** The layout as it is, if the axes that remain come out in the order of the op graph. */
function layoutToReduce(home: Layout, rank: number, axes: readonly number[], keepDims: boolean): Layout {
  const remaining = axesInMemory(rank, home).filter((axis) => !axes.includes(axis));
  const isInOrder = remaining.every((axis, place) => place === 0 || axis > (remaining[place - 1] ?? 0));
  return keepDims || isInOrder ? home : 'last';
}
