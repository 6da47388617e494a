import type { NetworkAnalysis } from '../../analysis/types';
import { sharingOwners } from '../../analysis/sharedWeights';
import { sourcesOf, weightName } from '../../compile/lowering';
import { sizeMustBeKnown, tooLargeForTarget } from '../../diagnostics/catalog/exports';
import { kindNotPrinted } from '../../diagnostics/catalog/printing';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { flatNetwork } from '../../document/expand';
import type { ParamFields, ParamValues, Shape } from '../../layers/define';
import { isInput } from '../../layers/traits';
import type { FloatTensors } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import type { Learned } from '../learned';
import { wellFormed } from '../names';
import { checkPrinters, checkWeights, findPrinter, type PrintedWeights, type PrinterTable } from '../printers';
import { GraphBuilder } from './graph';
import { keptPrinter, printers } from './kinds';
import { OpenSizeFault, type AnyPrinter, type Layer } from './layer';
import { channelsFirstLists } from './lists';
import { axisOrders } from './layout';
import type { OnnxDim, OnnxModel, OnnxValueInfo } from './model';
import { onnxNames } from './names';
import { isKept } from './opaque';

export { toChannelsFirst, toChannelsLast } from './layout';
export { onnxNames } from './names';
export type { OnnxModel } from './model';

const target = 'ONNX';

/** Where a protocol buffer ends, less room for the graph itself. */
const mostWeightBytes = 2 ** 31 - 2 ** 24;

/** Of the operator sets in use: which version of the format came with them. */
const irVersions: readonly (readonly [opset: number, irVersion: number])[] = [
  [23, 11],
  [21, 10],
  [19, 9],
  [17, 8],
  [13, 7],
];

const table: PrinterTable<AnyPrinter> = { ...printers, ...keptPrinter };

/**
 * Prints a network as an ONNX model with its weights: maps are channels first, values have the ids of the nodes that give them, and
 * what training alone needs is left out. The operator set is the oldest that has what is used. The same network and weights always give
 * the same model. Fails with the analyser's own findings for a network that has errors.
 */
export function printOnnx(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  weights: () => FloatTensors,
  learned: Learned | null = null,
): Result<OnnxModel> {
  const lost = [...analysis.nodes.values()].filter(({ kind, params }) => kind === 'opaque' && !isKept(params));
  const refused = [
    ...checkPrinters(analysis, table, target),
    ...lost.map(({ id, kind }) => kindNotPrinted(id, kind, target)),
  ];
  if (refused.length > 0) return failure(...refused);
  const unsized = [...analysis.nodes.values()].find(({ paramCount }) => paramCount === null);
  if (unsized !== undefined) return failure(sizeMustBeKnown(unsized.id, target));
  const weightBytes = analysis.totals.params * Float32Array.BYTES_PER_ELEMENT;
  if (weightBytes > mostWeightBytes) return failure(tooLargeForTarget(target, weightBytes, mostWeightBytes));
  try {
    const { model, printed } = printGraph(flatNetwork(source), analysis, weights(), metadataOf(source, learned));
    const missing = checkWeights(analysis, printed, target);
    return missing.length > 0 ? failure(...missing) : success(model);
  } catch (error) {
    if (error instanceof OpenSizeFault) return failure(sizeMustBeKnown(error.nodeId, target));
    throw error;
  }
}

function printGraph(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  weights: FloatTensors,
  metadata: { readonly [key: string]: string },
): { readonly model: OnnxModel; readonly printed: readonly PrintedWeights[] } {
  const names = onnxNames(analysis);
  const shapeOf = (id: string): Shape => analysis.nodes.get(id)?.outputShape ?? [];
  const nameOf = (id: string): string => names.values.get(id) ?? id;
  const graph = new GraphBuilder([...names.values.values(), ...names.outputs.values()]);
  const lists = channelsFirstLists(document, analysis);
  const values = new Map<string, string>();
  const printed: PrintedWeights[] = [];
  const owners = sharingOwners(analysis);
  const layerOf = (id: string): Layer<ParamValues<ParamFields>> => {
    const node = analysis.nodes.get(id);
    const sources = sourcesOf(document, id);
    const sourceAt = (port: number): string => sources[port] ?? '';
    return {
      id: isInput(node?.definition) ? nameOf(id) : id,
      params: node?.params ?? {},
      inputs: sources.map((source) => values.get(source) ?? ''),
      shapes: (node?.inputShapes ?? []).filter((shape) => shape !== null),
      output: shapeOf(id),
      weight: (name) => {
        const tensor = weights[weightName(node?.shared?.owner ?? id, name)];
        if (tensor === undefined) throw new Error(`ONNX: "${id}" has no weight "${name}".`);
        printed.push({ nodeId: id, weights: [name] });
        return tensor;
      },
      source: (port) => layerOf(sourceAt(port)),
      orderOf: (port) => lists.get(port < 0 ? id : sourceAt(port)) ?? null,
    };
  };
  const between: OnnxValueInfo[] = [];
  for (const id of analysis.order) {
    const node = analysis.nodes.get(id);
    const printer = findPrinter(table, node?.kind ?? '');
    if (node === undefined || printer === undefined) throw new Error(`ONNX: "${id}" was to be refused.`);
    const value = graph.layer(nameOf(id), (layerGraph) => printer.print(layerOf(id), layerGraph), owners.get(id));
    values.set(id, value);
    const isOwn = value === nameOf(id) && !isInput(node.definition) && !analysis.outputs.includes(id);
    if (isOwn) between.push({ name: value, type: 'float32', shape: dimsOf(shapeOf(id)) });
  }
  // An output has its own name, though it may be another's value.
  for (const [id, name] of names.outputs) {
    const value = values.get(id) ?? '';
    if (value !== name) graph.layer(name, (layerGraph) => layerGraph.node('Identity', [value]));
  }
  const model: OnnxModel = {
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: analysis.inputs.map((id) => ({
      name: nameOf(id),
      type: 'float32',
      shape: dimsOf(shapeOf(id), nameOf(id)),
    })),
    outputs: [...names.outputs].map(([id, name]) => ({ name, type: 'float32', shape: dimsOf(shapeOf(id)) })),
    values: [...between, ...graph.declared],
    opsets: graph.opsets,
    irVersion: irVersions.find(([opset]) => graph.opset >= opset)?.[1] ?? 0,
    graphName: metadata['name'] ?? '',
    metadata,
  };
  return { model, printed };
}

/** Sizes as ONNX has them, the batch first. What an input leaves open gets a name by it. */
function dimsOf(shape: Shape, input?: string): readonly OnnxDim[] {
  const axes = shape.length === 3 ? axisOrders.bareMap : shape.map((_, axis) => axis);
  const words = ['height', 'width', 'channels'];
  const open = (axis: number): OnnxDim => (input === undefined ? null : `${input}_${words[axis] ?? 'size'}`);
  return ['batch', ...axes.map((axis) => shape[axis] ?? open(axis))];
}

/** What goes along in words; `classes` and `scaling` are JSON. */
function metadataOf({ name }: NetworkDocument, learned: Learned | null): { readonly [key: string]: string } {
  const words = { name: wellFormed(name), layout: 'channels first' };
  if (learned === null) return words;
  const { task, classes, scaling } = learned;
  const measured = scaling === null ? {} : { scaling: JSON.stringify(scaling) };
  return { ...words, task, ...(classes.length === 0 ? {} : { classes: JSON.stringify(classes) }), ...measured };
}
