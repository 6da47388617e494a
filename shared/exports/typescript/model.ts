import type { NetworkAnalysis, NodeAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import type { Shape } from '../../layers/define';
import { isInput } from '../../layers/traits';
import { formatCount, formatShape } from '../../text';
import { commentText, identifiersOf } from '../names';
import type { PrintedWeights } from '../printers';
import { customLayerNames, type CustomLayer } from './customLayers';
import { printNode, type PrintedCall } from './kinds';

/** A printed layer with weights. */
export type WeightLayer = PrintedWeights & { readonly layer: string };

export type PrintedModel = {
  readonly text: string;
  /** Every layer that holds weights, and the names of those within its node. */
  readonly weightLayers: readonly WeightLayer[];
  readonly customLayers: readonly CustomLayer[];
};

const lineLimit = 110;

/** Prints `model.ts`: one statement per layer, in the order in which values flow, with the shape behind it. */
export function printModel(document: NetworkDocument, analysis: NetworkAnalysis): PrintedModel {
  const nodes = analysis.order.flatMap((id) => analysis.nodes.get(id) ?? []);
  const names = identifiersOf([...customLayerNames, ...nodes.map(({ id }) => id)]);
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
      lines.push(withComment(`const ${name} = tf.input({ name: '${name}', shape: ${shape} });`, labels.get(node.id)));
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
  };
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
  let argument = inputs.length > 1 ? `[${inputs.join(', ')}]` : (inputs[0] ?? '');
  if (calls.length === 0) {
    lines.push(`// ${name}: nothing to compute${comment === '' ? '' : `; ${comment}`}`);
    return argument;
  }
  for (const [at, call] of calls.entries()) {
    const isLast = at === calls.length - 1;
    const variable = variableOf(name, call, isLast);
    const fields = [`name: '${variable}'`, ...call.fields];
    lines.push(statement(variable, call.callee, fields, argument, isLast ? comment : ''));
    argument = variable;
  }
  return name;
}

/** One `const` with its layer call, on one line if it fits, else with a field a line. */
function statement(
  variable: string,
  callee: string,
  fields: readonly string[],
  argument: string,
  comment: string,
): string {
  const tail = `.apply(${argument}) as tf.SymbolicTensor;`;
  const call = `const ${variable} = ${callee}({ ${fields.join(', ')} })${tail}`;
  if (call.length <= lineLimit) return comment === '' ? call : `${call} // ${comment}`;
  const head = comment === '' ? `const ${variable} = ${callee}({` : `// ${comment}\n  const ${variable} = ${callee}({`;
  return [head, ...fields.map((field) => `    ${field},`), `  })${tail}`].join('\n');
}

function trailing(node: NodeAnalysis, label: string | undefined): string {
  const shape = node.outputShape === null ? '' : formatShape(node.outputShape);
  const text = label === undefined ? '' : commentText(label);
  return text === '' ? shape : `${shape}, ${text}`;
}

function withComment(line: string, label: string | undefined): string {
  const text = label === undefined ? '' : commentText(label);
  return text === '' ? line : `${line} // ${text}`;
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
  const list = (names: readonly string[]): string => (names.length === 1 ? (names[0] ?? '') : `[${names.join(', ')}]`);
  return [
    `import * as tf from '@tensorflow/tfjs';`,
    ...(customLayers.length === 0 ? [] : [`import { ${customLayers.join(', ')} } from './layers.js';`]),
    '',
    '/**',
    ` * ${title}: ${formatCount(params)} parameters, ${formatCount(macs)} multiply-adds per sample.`,
    ' * Shapes in the comments are height×width×channels of one sample. Outputs are as drawn: add a softmax where you need probabilities.',
    ' */',
    'export function buildModel(): tf.LayersModel {',
    ...lines.map((line) => `  ${line}`),
    `  return tf.model({ name: '${name}', inputs: ${list(inputs)}, outputs: ${list(outputs)} });`,
    '}',
    '',
  ].join('\n');
}

function identifierOf(name: string): string {
  return identifiersOf([name]).get(name) ?? 'network';
}
