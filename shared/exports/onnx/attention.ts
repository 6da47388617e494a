import type { LayerGraph } from './graph';
import { isKnown, known, only, OpenSizeFault, type Layer, type ParamsOf } from './layer';
import { axisOrders, permuted } from './layout';

/** Positions of a map `[batch, channels, height, width]` as a list of them, `[batch, channels, positions]`. */
function listed(value: string, graph: LayerGraph): string {
  return graph.node('Reshape', [value, graph.int64s('positions', [0, 0, -1])]);
}

/** A product with a kernel, plus a bias where there is one. */
function product(
  graph: LayerGraph,
  value: string,
  layer: Layer<unknown>,
  [kernel, bias]: readonly [kernel: string, bias: string | null],
): string {
  const { shape, data } = layer.weight(kernel);
  const result = graph.node('MatMul', [value, graph.floats(kernel, shape, data)]);
  if (bias === null) return result;
  const added = layer.weight(bias);
  return graph.node('Add', [result, graph.floats(bias, added.shape, added.data)]);
}

/** As PyTorch's exporter writes it: queries, keys and values of all heads by one product, then two products of stacks. */
export function printAttention(layer: Layer<ParamsOf<'attention'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  if (!isKnown(shape)) throw new OpenSizeFault(layer.id);
  const { heads, headSize, useBias, outputBias } = layer.params;
  const [height = 1, width = 1, channels = 1] = shape;
  const size = headSize ?? channels / heads;
  const tokens = graph.node('Transpose', [listed(value, graph)], { perm: [0, 2, 1] });
  const all = product(graph, tokens, layer, ['kernel', useBias ? 'bias' : null]);
  const apart = graph.node('Reshape', [all, graph.int64s('heads', [0, -1, 3, heads, size])]);
  const turned = graph.node('Transpose', [apart], { perm: [2, 0, 3, 1, 4] });
  const part = (at: number): string =>
    graph.node('Gather', [turned, graph.constant('part', 'int64', [], [at])], { axis: 0 });
  const queries = graph.node('Mul', [part(0), graph.fixed(1 / Math.sqrt(size))]);
  const keys = graph.node('Transpose', [part(1)], { perm: [0, 1, 3, 2] });
  const shares = graph.node('Softmax', [graph.node('MatMul', [queries, keys])], { axis: -1 });
  const mixed = graph.node('Transpose', [graph.node('MatMul', [shares, part(2)])], { perm: [0, 2, 1, 3] });
  const together = graph.node('Reshape', [mixed, graph.int64s('together', [0, -1, heads * size])]);
  const result = product(graph, together, layer, ['outputKernel', outputBias ? 'outputBias' : null]);
  const first = graph.node('Transpose', [result], { perm: [0, 2, 1] });
  return graph.node('Reshape', [first, graph.int64s('map', [0, channels, height, width])]);
}

export function printClassToken(layer: Layer<ParamsOf<'classToken'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  if (!isKnown(shape)) throw new OpenSizeFault(layer.id);
  const [, , channels = 1] = shape;
  const { data } = layer.weight('token');
  const token = graph.floats('token', [1, channels, 1, 1], data);
  const list = graph.node('Reshape', [value, graph.int64s('positions', [0, channels, -1, 1])]);
  // One token for each sample, however many there are.
  const batch = graph.node('Slice', [
    graph.node('Shape', [list]),
    ...[0, 1].map((end) => graph.int64s('batch', [end])),
  ]);
  const sizes = graph.node('Concat', [batch, graph.int64s('size', [channels, 1, 1])], { axis: 0 });
  return graph.node('Concat', [graph.node('Expand', [token, sizes]), list], { axis: 2 });
}

export function printPosition(layer: Layer<ParamsOf<'position'>>, graph: LayerGraph): string {
  const { value } = only(layer);
  const { shape, data } = layer.weight('position');
  const sizes = axisOrders.bareMap.map((axis) => known(shape[axis]));
  const numbers = graph.floats('position', [1, ...sizes], permuted(data, shape, axisOrders.bareMap));
  return graph.node('Add', [value, numbers]);
}
