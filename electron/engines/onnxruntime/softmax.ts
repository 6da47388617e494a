import type { Layout } from './layout';
import { axisInMemory, inMemoryOrder, reshapeTarget } from './layout';
import type { Values } from './values';

/** Values of rank 4 have their classes on axis 1 in memory, where reductions over them run along whole images. */
function layoutFor(values: Values, id: number): { readonly layout: Layout; readonly axis: number } {
  const rank = values.shape(id).length;
  const layout = rank === 4 ? 'first' : 'last';
  return { layout, axis: axisInMemory(rank - 1, rank, layout) };
}

/** What the four softmax ops share: x - max, its exponential, and the sum of that, over the classes. */
function exponentials(values: Values, x: number) {
  const { graph } = values;
  const { layout, axis } = layoutFor(values, x);
  const axes = graph.int64s([axis]);
  const name = values.name(x, layout);
  const largest = graph.node('ReduceMax', [name, axes], { attributes: { keepdims: 1 } });
  const shifted = graph.node('Sub', [name, largest]);
  const powers = graph.node('Exp', [shifted]);
  const sum = graph.node('ReduceSum', [powers, axes], { attributes: { keepdims: 1 } });
  return { layout, axis, shifted, powers, sum };
}

function probabilities(values: Values, x: number): { readonly layout: Layout; readonly name: string } {
  const { layout, axis } = layoutFor(values, x);
  if (layout === 'last') {
    return { layout, name: values.graph.node('Softmax', [values.name(x)], { attributes: { axis } }) };
  }
  const { powers, sum } = exponentials(values, x);
  return { layout, name: values.graph.node('Div', [powers, sum]) };
}

export function emitSoftmax(values: Values, id: number, x: number): void {
  const { layout, name } = probabilities(values, x);
  values.set(id, layout, name);
}

export function emitLogSoftmax(values: Values, id: number, x: number): void {
  const { layout, shifted, sum } = exponentials(values, x);
  values.set(id, layout, values.graph.node('Sub', [shifted, values.graph.node('Log', [sum])]));
}

/** Float 0/1 with a new last axis of the op graph. */
function oneHot(values: Values, indices: number, depth: number): { readonly layout: Layout; readonly name: string } {
  const { graph } = values;
  const shape = [...values.shape(indices), depth];
  const layout = shape.length === 4 ? 'first' : 'last';
  const column = inMemoryOrder([...values.shape(indices), 1], layout);
  const classes = inMemoryOrder([...values.shape(indices).map(() => 1), depth], layout);
  const numbers = graph.int32s(
    Array.from({ length: depth }, (_, index) => index),
    classes,
  );
  const isClass = graph.node('Equal', [graph.reshape(values.name(indices), reshapeTarget(column)), numbers]);
  return { layout, name: graph.cast(isClass, 'float32') };
}

export function emitOneHot(values: Values, id: number, indices: number, depth: number): void {
  const { layout, name } = oneHot(values, indices, depth);
  values.set(id, layout, name);
}

function classCount(values: Values, logits: number): number {
  const count = values.shape(logits).at(-1);
  if (typeof count !== 'number') throw new Error('ONNX: the number of classes must be known.');
  return count;
}

/** loss = log(sum of exp(x - max)) - (x - max)[label] */
export function emitSoftmaxCrossEntropy(
  values: Values,
  id: number,
  [logits = -1, labels = -1]: readonly number[],
): void {
  const { graph } = values;
  const { axis, shifted, sum } = exponentials(values, logits);
  const chosen = graph.node('Mul', [shifted, oneHot(values, labels, classCount(values, logits)).name]);
  const ofLabel = graph.reduceSum(chosen, [axis], true);
  const loss = graph.node('Sub', [graph.node('Log', [sum]), ofLabel]);
  values.set(id, 'last', graph.node('Squeeze', [loss, graph.int64s([axis])]));
}

/** (softmax - oneHot) * dLoss */
export function emitSoftmaxCrossEntropyGradient(
  values: Values,
  id: number,
  [logits = -1, labels = -1, dLoss = -1]: readonly number[],
): void {
  const { graph } = values;
  const { layout, name } = probabilities(values, logits);
  const { axis } = layoutFor(values, logits);
  const difference = graph.node('Sub', [name, oneHot(values, labels, classCount(values, logits)).name]);
  const scale = graph.node('Unsqueeze', [values.name(dLoss), graph.int64s([axis])]);
  values.set(id, layout, graph.node('Mul', [difference, scale]));
}

export function emitArgMax(values: Values, id: number, x: number): void {
  const rank = values.shape(x).length;
  const layout = values.home(x) === 'first' ? 'first' : 'last';
  const places = values.graph.node('ArgMax', [values.name(x, layout)], {
    attributes: { axis: axisInMemory(rank - 1, rank, layout), keepdims: 0, select_last_index: 0 },
  });
  values.set(id, 'last', values.graph.cast(places, 'int32'));
}
