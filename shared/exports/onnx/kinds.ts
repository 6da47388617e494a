import type { PrintedKind } from '../printers';
import { printActivation, printActivationLayer } from './activations';
import { printAttention, printClassToken, printPosition } from './attention';
import type { LayerGraph } from './graph';
import { only, type KindPrinter, type Layer, type ParamsOf } from './layer';
import { axisOrders, permuted } from './layout';
import {
  printBatchNorm,
  printGroupNorm,
  printLayerNorm,
  printLrn,
  printResponseNorm,
  printRmsNorm,
  printScale,
} from './norms';
import { printOpaque } from './opaque';
import {
  printCrop,
  printDepthToSpace,
  printFlatten,
  printPad,
  printPermute,
  printReshape,
  printShuffle,
  printSliceLayer,
  printSpaceToDepth,
  printUpsample,
} from './shapes';
import { printConv, printGap, printPool, printUnpool, printUpconv } from './windows';

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: { readonly [Kind in PrintedKind]: KindPrinter<ParamsOf<Kind>> } = {
  input: { print: ({ id }) => id },
  conv: { print: printConv },
  activation: { print: printActivationLayer },
  pool: { print: printPool },
  fc: { print: printFc },
  gap: { print: printGap },
  attention: { print: printAttention },
  upconv: { print: printUpconv },
  upsample: { print: printUpsample },
  unpool: { print: printUnpool },
  depthToSpace: { print: printDepthToSpace },
  add: { print: (layer, graph) => printMeeting(layer, graph, 'Add', 'Sum') },
  multiply: { print: (layer, graph) => printMeeting(layer, graph, 'Mul', null) },
  merge: { print: printMerge },
  concat: {
    print: ({ inputs }, graph) => (inputs.length === 1 ? (inputs[0] ?? '') : graph.node('Concat', inputs, { axis: 1 })),
  },
  crop: { print: printCrop },
  pad: { print: printPad },
  slice: { print: printSliceLayer },
  shuffle: { print: printShuffle },
  spaceToDepth: { print: printSpaceToDepth },
  reshape: { print: printReshape },
  permute: { print: printPermute },
  flatten: { print: printFlatten },
  classToken: { print: printClassToken },
  batchnorm: { print: printBatchNorm },
  layernorm: { print: printLayerNorm },
  rmsnorm: { print: printRmsNorm },
  groupnorm: { print: printGroupNorm },
  grn: { print: printResponseNorm },
  lrn: { print: printLrn },
  scale: { print: printScale },
  position: { print: printPosition },
  dropout: { print: (layer) => only(layer).value },
};

/** What is not understood is written as it was read; a node that keeps nothing of a file is refused before. */
export const keptPrinter: { readonly opaque: KindPrinter<ParamsOf<'opaque'>> } = { opaque: { print: printOpaque } };

/** A map is read as ONNX has it in memory, channels first, and the kernel's rows are put in that order. */
function printFc(layer: Layer<ParamsOf<'fc'>>, graph: LayerGraph): string {
  const { params } = layer;
  const { value, shape } = only(layer);
  const { shape: kernelShape, data } = layer.weight('kernel');
  const map = shape.length === 3 ? shape : layer.orderOf(0);
  const list = shape.length === 3 ? graph.node('Flatten', [value]) : value;
  const rows = map === null ? data : permuted(data, [...map.map((size) => size ?? 1), params.units], axisOrders.rows);
  const inputs = [list, graph.floats('kernel', kernelShape, rows)];
  if (params.useBias) inputs.push(graph.floats('bias', [params.units], layer.weight('bias').data));
  return printActivation(params.activation, graph.node('Gemm', inputs), graph);
}

/** Values that meet one by one; a list meets the channels of a map. `many`: the operator that takes any number of them. */
function printMeeting(layer: Layer<unknown>, graph: LayerGraph, two: string, many: string | null): string {
  const hasMap = layer.shapes.some(({ length }) => length === 3);
  const values = layer.inputs.map((value, port) =>
    hasMap && layer.shapes[port]?.length === 1 ? graph.node('Unsqueeze', [value, graph.int64s('axes', [2, 3])]) : value,
  );
  const [first = '', ...others] = values;
  if (others.length > 1 && many !== null) return graph.node(many, values);
  return others.reduce((result, value) => graph.node(two, [result, value]), first);
}

function printMerge({ params, inputs }: Layer<ParamsOf<'merge'>>, graph: LayerGraph): string {
  if (inputs.length === 1) return inputs[0] ?? '';
  return graph.node({ average: 'Mean', maximum: 'Max', minimum: 'Min', subtract: 'Sub' }[params.mode], inputs);
}
