import type { NetworkAnalysis, NodeAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import type { Shape } from '../../layers/define';
import { functionParam, isInput } from '../../layers/traits';
import { formatCount, formatShape } from '../../text';
import { commentText, identifiersOf } from '../names';
import type { PrintedWeights } from '../printers';
import type { PrintedCall } from './calls';
import { customLayerNames, type CustomLayer } from './customLayers';
import { printNode } from './kinds';
import { importStatement, inputStatement, layerStatement, modelStatement } from './statements';

/** A printed layer with weights. */
export type WeightLayer = PrintedWeights & { readonly layer: string };

export type PrintedModel = {
  readonly text: string;
  /** Every layer that holds weights, and the names of those within its node. */
  readonly weightLayers: readonly WeightLayer[];
  readonly customLayers: readonly CustomLayer[];
  readonly outputs: readonly PrintedOutput[];
};

/** An output of the network: its layer, and the layer of the softmax that ends it, whose input the cross-entropy takes. */
export type PrintedOutput = { readonly nodeId: string; readonly layer: string; readonly softmax: string | null };

/** Prints `model.ts`: one statement per layer, in the order in which values flow, with the shape behind it. */
export function printModel(document: NetworkDocument, analysis: NetworkAnalysis): PrintedModel {
  const nodes = analysis.order.flatMap((id) => analysis.nodes.get(id) ?? []);
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const names = identifiersOf([...customLayerNames, ...nodes.map(({ id }) => id)], kinds);
  const sources = sourcesByPort(document);
  const labels = new Map(
    document.nodes.flatMap(({ id, label }) => (label === undefined ? [] : [[id, label] as const])),
  );
  /** The variable that holds each node's value: its own, or its input's where it changes nothing. */
  const values = new Map<string, string>();
  const used = new Set<CustomLayer>();
  const weightLayers: WeightLayer[] = [];
  const lines: string[] = [];
  for (const node of nodes) {
    const name = names.get(node.id) ?? '';
    const inputs = (sources.get(node.id) ?? []).map((from) => values.get(from) ?? '');
    if (isInput(node.definition)) {
      const shape = shapeLiteral(node.outputShape ?? []);
      lines.push(...inputStatement(name, shape, commentText(labels.get(node.id) ?? '')));
      values.set(node.id, name);
      continue;
    }
    const calls = printNode(node);
    for (const [at, call] of calls.entries()) {
      if (call.layer !== undefined) used.add(call.layer);
      const { weights = [] } = call;
      const layer = variableOf(name, call, at === calls.length - 1);
      if (weights.length > 0) weightLayers.push({ nodeId: node.id, layer, weights });
    }
    const value = printCalls(calls, name, inputs, lines, trailing(node, labels.get(node.id)));
    values.set(node.id, value);
  }
  const inputs = analysis.inputs.map((id) => values.get(id) ?? '');
  const outputs = analysis.outputs.map((id) => values.get(id) ?? '');
  const customLayers = [...used].sort();
  return {
    text: modelSource(document, analysis, { lines, inputs, outputs, customLayers }),
    weightLayers,
    customLayers,
    outputs: analysis.outputs.map((nodeId) => ({
      nodeId,
      layer: values.get(nodeId) ?? '',
      softmax: softmaxOf(analysis, nodeId, sources, values),
    })),
  };
}

/** The layer of a softmax that ends the network at a node, as `logitsOf` of the compiler finds it; null where there is none. */
function softmaxOf(
  analysis: NetworkAnalysis,
  nodeId: string,
  sources: ReadonlyMap<string, readonly string[]>,
  values: ReadonlyMap<string, string>,
): string | null {
  const node = analysis.nodes.get(nodeId);
  const param = functionParam(node?.definition);
  if (node === undefined) return null;
  if (param !== null && node.params?.[param] === 'softmax') return values.get(nodeId) ?? null;
  const [source] = sources.get(nodeId) ?? [];
  if (source === undefined || isInput(node.definition)) return null;
  const changesNothing = values.get(nodeId) === values.get(source);
  const sameClasses = node.outputShape?.at(-1) === analysis.nodes.get(source)?.outputShape?.at(-1);
  const onlyFlattens = node.definition?.traits.role === 'flattening' && sameClasses;
  return changesNothing || onlyFlattens ? softmaxOf(analysis, source, sources, values) : null;
}

/** The sources of every node's inputs, in port order. */
function sourcesByPort(document: NetworkDocument): ReadonlyMap<string, readonly string[]> {
  const edges = [...document.edges].sort((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0));
  const sources = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const list = sources.get(to);
    if (list === undefined) sources.set(to, [from]);
    else list.push(from);
  }
  return sources;
}

/** The last call of a node has the node's own name. Two underscores keep the others apart from every node's name. */
function variableOf(name: string, { step }: PrintedCall, isLast: boolean): string {
  return isLast ? name : `${name}__${step}`;
}

/** Prints a node's calls, the last into the node's own variable; gives the variable that holds its value. */
function printCalls(
  calls: readonly PrintedCall[],
  name: string,
  inputs: readonly string[],
  lines: string[],
  comment: string,
): string {
  if (calls.length === 0) {
    lines.push(`  // ${name}: nothing to compute${comment === '' ? '' : `; ${comment}`}`);
    return inputs[0] ?? '';
  }
  let given = inputs;
  for (const [at, call] of calls.entries()) {
    const isLast = at === calls.length - 1;
    const variable = variableOf(name, call, isLast);
    const fields = [`name: '${variable}'`, ...call.fields];
    lines.push(
      ...layerStatement({
        variable,
        callee: call.callee,
        fields,
        inputs: given,
        comment: isLast ? comment : '',
      }),
    );
    given = [variable];
  }
  return name;
}

function trailing(node: NodeAnalysis, label: string | undefined): string {
  const shape = node.outputShape === null ? '' : formatShape(node.outputShape);
  const text = label === undefined ? '' : commentText(label);
  return text === '' ? shape : `${shape}, ${text}`;
}

function shapeLiteral(shape: Shape): string {
  return `[${shape.map((size) => (size === null ? 'null' : String(size))).join(', ')}]`;
}

type ModelParts = {
  readonly lines: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly customLayers: readonly CustomLayer[];
};

function modelSource(document: NetworkDocument, analysis: NetworkAnalysis, parts: ModelParts): string {
  const { lines, inputs, outputs, customLayers } = parts;
  const title = commentText(document.name) || 'Network';
  const { params, macs } = analysis.totals;
  // A name without a letter (none yet, or one in Chinese) would leave nothing of itself in an identifier.
  const name = /[A-Za-z]/.test(document.name) ? identifierOf(document.name) : 'network';
  return [
    `import * as tf from '@tensorflow/tfjs';`,
    ...(customLayers.length === 0 ? [] : importStatement(customLayers, './layers.js')),
    '',
    '/**',
    ` * ${title}: ${formatCount(params)} parameters, ${formatCount(macs)} multiply-adds per sample.`,
    ' * Shapes in the comments are height×width×channels of one sample. Outputs are as drawn: predict.ts makes probabilities of scores.',
    ' */',
    'export function buildModel(): tf.LayersModel {',
    ...lines,
    ...modelStatement(name, inputs, outputs),
    '}',
    '',
  ].join('\n');
}

function identifierOf(name: string): string {
  return identifiersOf([name]).get(name) ?? 'network';
}
