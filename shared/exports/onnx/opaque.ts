import { keptOperation, type KeptInput, type KeptOperation } from '../../layers/kept';
import type { LayerGraph } from './graph';
import type { Layer, ParamsOf } from './layer';

/** Whether an operation that is not understood can be written as it was read. */
export function isKept(params: { readonly [name: string]: unknown } | null): boolean {
  return keptOperation(params?.['content']) !== null;
}

/** An operation that was kept, between what turns our values into the file's and back. */
export function printOpaque(layer: Layer<ParamsOf<'opaque'>>, graph: LayerGraph): string {
  const kept = keptOperation(layer.params.content);
  if (kept === null) throw new Error(`ONNX: "${layer.id}" was to be refused.`);
  const values = layer.params.parameters === 0 ? null : layer.weight('values').data;
  let taken = 0;
  const inputs = kept.inputs.map((input, at) => {
    if (input === null) return '';
    if ('port' in input) return asFile(layer, graph, input);
    if ('values' in input) return constantOf(graph, at, input);
    const count = input.weights.reduce((product, size) => product * size, 1);
    taken += count;
    return graph.floats(`input${at}`, input.weights, values?.slice(taken - count, taken) ?? new Float32Array(count));
  });
  return asNode(layer, graph, graph.kept(kept, inputs), kept);
}

function constantOf(
  graph: LayerGraph,
  at: number,
  { type, shape, values }: Extract<KeptInput, { readonly values: unknown }>,
): string {
  return graph.constant(`input${at}`, type, shape, values);
}

/** A value of ours in the file's shape. Of a map with one axis of places the file has no second one. */
function asFile(
  layer: Layer<unknown>,
  graph: LayerGraph,
  { port, shape }: { readonly port: number; readonly shape: readonly number[] },
): string {
  const value = layer.inputs[port] ?? '';
  const own = layer.shapes[port] ?? [];
  if (own.length === shape.length) return value;
  const turned =
    own.length === 3 && shape.length === 2 ? graph.node('Transpose', [value], { perm: [0, 2, 3, 1] }) : value;
  return graph.node('Reshape', [turned, graph.int64s('shape', [0, ...shape])]);
}

function asNode(layer: Layer<unknown>, graph: LayerGraph, value: string, { shape }: KeptOperation): string {
  const own = layer.output.map((size) => size ?? 1);
  if (own.length === shape.length) return value;
  if (own.length !== 3) return graph.node('Reshape', [value, graph.int64s('shape', [0, ...own])]);
  const turned = shape.length === 2 ? graph.node('Transpose', [value], { perm: [0, 2, 1] }) : value;
  const [height = 1, width = 1, channels = 1] = own;
  return graph.node('Reshape', [turned, graph.int64s('shape', [0, channels, height, width])]);
}
