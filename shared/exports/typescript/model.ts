import { isInput, functionParam } from '../../layers/traits';
import type { NetworkAnalysis } from '../../analysis/types';
import { expand, flatNetwork } from '../../document/expand';
import type { NetworkDocument } from '../../schema/document';
import { countsText } from '../counts';
import { commentText, identifiersOf } from '../names';
import { outputEnding } from '../outputs';
import type { PrintedWeights } from '../printers';
import { customLayerNames, type CustomLayer } from './customLayers';
import { kernelInitializers } from './kinds';
import { readFunctions, type Call, type CodeFunction } from '../code/functions';
import { fileOf, linesOf, plain, type Line } from '../code/lines';
import { callName, portVariable, readNetwork, sourcesByPort, type CodeNetwork } from '../code/scopes';
import { apart } from '../repeated';
import { again, typescriptLanguage, zeroPad } from './language';
import {
  callStatement,
  functionHead,
  importStatement,
  inputStatement,
  layerStatement,
  loopStatement,
  modelStatement,
  sharedStatements,
} from './statements';

/** A printed layer with weights. */
export type WeightLayer = PrintedWeights & { readonly layer: string };

export type PrintedModel = {
  readonly text: string;
  /** Lines (1-based) of each node, by its id: of one in a block those in the block's function, and those that call it. */
  readonly nodeLines: ReadonlyMap<string, readonly number[]>;
  /** Every layer that holds weights, and the names of those within its node. */
  readonly weightLayers: readonly WeightLayer[];
  readonly customLayers: readonly CustomLayer[];
  readonly outputs: readonly PrintedOutput[];
};

/** An output of the network: its layer, the layer of the softmax that ends it, whose input the cross-entropy takes, or whether it ends in a sigmoid. */
export type PrintedOutput = {
  readonly nodeId: string;
  readonly layer: string;
  readonly softmax: string | null;
  readonly sigmoid: boolean;
};

/**
 * Prints `model.ts`: a function for each block, and one for the network; in each a statement for each layer, in the order in which values
 * flow, with the shape behind it.
 */
export function printModel(document: NetworkDocument, analysis: NetworkAnalysis): PrintedModel {
  const network = readNetwork(document, analysis, typescriptLanguage);
  const functions = readFunctions(network);
  const printed = analysis.order.flatMap((id) => {
    const node = network.nodes.get(id);
    return node === undefined ? [] : [{ id, ...node }];
  });
  const weightLayers = printed.flatMap(({ id, layer, calls, owner }) =>
    calls.flatMap(({ weights = [] }, at) =>
      weights.length === 0 || (owner !== undefined && owner !== id)
        ? []
        : [{ nodeId: id, layer: callName(layer, calls, at), weights }],
    ),
  );
  const used = new Set(printed.flatMap(({ calls }) => calls.flatMap(({ layer }) => layer ?? [])));
  const customLayers = customLayerNames.filter((layer) => used.has(layer));
  const lines = modelLines(document, analysis, functions, customLayers);
  return {
    ...fileOf(document, lines),
    weightLayers,
    customLayers,
    outputs: printedOutputs(document, network),
  };
}

/** The outputs with their layers; a node that changes nothing has that of the node before it. */
function printedOutputs(document: NetworkDocument, { analysis, nodes }: CodeNetwork): readonly PrintedOutput[] {
  const sources = sourcesByPort(flatNetwork(document));
  const layers = new Map<string, string>();
  for (const id of analysis.order) {
    const node = nodes.get(id);
    const isLayer =
      isInput(analysis.nodes.get(id)?.definition) || node?.calls.some(({ changesNothing }) => changesNothing !== true);
    layers.set(id, (isLayer === true ? node?.layer : layers.get(sources.get(id)?.[0] ?? '')) ?? '');
  }
  return analysis.outputs.map((nodeId) => ({
    nodeId,
    layer: layers.get(nodeId) ?? '',
    softmax: softmaxOf(analysis, nodeId, sources, layers),
    sigmoid: outputEnding(document, analysis, nodeId) === 'sigmoid',
  }));
}

/** The layer of a softmax that ends the network at a node, as `logitsOf` of the compiler finds it; null where there is none. */
function softmaxOf(
  analysis: NetworkAnalysis,
  nodeId: string,
  sources: ReadonlyMap<string, readonly string[]>,
  layers: ReadonlyMap<string, string>,
): string | null {
  const node = analysis.nodes.get(nodeId);
  const param = functionParam(node?.definition);
  if (node === undefined) return null;
  if (param !== null && node.params?.[param] === 'softmax') return layers.get(nodeId) ?? null;
  const [source] = sources.get(nodeId) ?? [];
  if (source === undefined || isInput(node.definition)) return null;
  const changesNothing = layers.get(nodeId) === layers.get(source);
  const sameClasses = node.outputShape?.at(-1) === analysis.nodes.get(source)?.outputShape?.at(-1);
  const onlyFlattens = node.definition?.traits.role === 'flattening' && sameClasses;
  return changesNothing || onlyFlattens ? softmaxOf(analysis, source, sources, layers) : null;
}

function modelLines(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  functions: readonly CodeFunction[],
  customLayers: readonly CustomLayer[],
): readonly Line[] {
  const title = commentText(document.name) || 'Network';
  const main = functions.at(-1);
  if (main === undefined) throw new Error('A network has a function of its own.');
  const hasZeroPad = functions.some(({ calls }) => calls.some(({ callee }) => callee === zeroPad));
  const hasRepeated = functions.some(({ calls }) =>
    calls.some(({ form, inputs }) => form !== 'nothing' && new Set(inputs).size < inputs.length),
  );
  // A name without a letter (none yet, or one in Chinese) would leave nothing of itself in an identifier.
  const name = /[A-Za-z]/.test(document.name) ? identifierOf(document.name) : 'network';
  const { origins } = expand(document);
  /** Of a node inside a block: the variable of the block. */
  const variables = (ids: readonly string[]): readonly string[] =>
    ids.map((id) => main.values.get(id) ?? main.values.get(origins.get(id)?.inside[0] ?? '') ?? '');
  return [
    ...plain([
      `import * as tf from '@tensorflow/tfjs';`,
      ...(customLayers.length === 0 ? [] : importStatement(customLayers, './layers.js')),
      '',
      ...initializerSource(functions),
      ...(hasZeroPad ? zeroPadSource : []),
      ...(hasRepeated ? againSource : []),
    ]),
    ...functions.slice(0, -1).flatMap(functionLines),
    ...plain([
      '/**',
      ` * ${title}: ${countsText(analysis.totals)}.`,
      ' * Shapes in the comments are height×width×channels of one sample. Outputs are as drawn: predict.ts makes probabilities of scores.',
      ' */',
      'export function buildModel(): tf.LayersModel {',
    ]),
    ...main.calls.flatMap((call) => callLines(main, call)),
    ...plain([...modelStatement(name, variables(analysis.inputs), variables(analysis.outputs)), '}', '']),
  ];
}

/** How kernels start, as far as the functions say it by name. */
function initializerSource(functions: readonly CodeFunction[]): readonly string[] {
  const named = new Set(
    functions.flatMap(({ calls }) => calls.flatMap(({ fields }) => fields.map(({ value }) => value))),
  );
  const lines = Object.entries(kernelInitializers).flatMap(([name, value]) =>
    named.has(name) ? [`const ${name} = ${value};`] : [],
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

const zeroPadSource: readonly string[] = [
  'type ZeroPadOptions = NonNullable<Parameters<typeof tf.layers.zeroPadding2d>[0]>;',
  '',
  '/** Zeros around a map, where there are to be any. */',
  `function ${zeroPad}(x: tf.SymbolicTensor, options: ZeroPadOptions): tf.SymbolicTensor {`,
  '  if (options.padding === 0) return x;',
  '  return tf.layers.zeroPadding2d(options).apply(x) as tf.SymbolicTensor;',
  '}',
  '',
];

/** A block's function, with the type of its options. */
function functionLines(code: CodeFunction): readonly Line[] {
  const { name, scope, params, bodies } = code;
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Options`;
  const times = ['once', 'twice'][bodies.length - 1] ?? `${bodies.length} times`;
  const options = params.map(({ name: key, local, defaultValue }) =>
    [key === local ? key : `${key}: ${local}`, ...(defaultValue === null ? [] : [defaultValue])].join(' = '),
  );
  const ports = scope.ports.map((id) => portVariable(scope, id));
  return [
    ...plain([
      `type ${type} = {`,
      '  name: string;',
      ...params.map(({ name: key, type: own, defaultValue }) => `  ${key}${defaultValue === null ? '' : '?'}: ${own};`),
      '};',
      '',
      `/** The block “${commentText(scope.block ?? '')}”, which the network has ${times}. */`,
      ...functionHead(name, ports, ['name', ...options], type),
    ]),
    ...code.calls.flatMap((call) => callLines(code, call)),
    ...plain([`  return ${code.values.get(scope.output ?? '') ?? ''};`, '}', '']),
  ];
}

/** What {@link apart} makes of a value that a layer takes twice: a layer of its own the second time. */
const againSource: readonly string[] = [
  '/** The same values once more, for a layer that takes them twice: tfjs would free them too early. */',
  `function ${again}(x: tf.SymbolicTensor): tf.SymbolicTensor {`,
  `  return tf.layers.activation({ activation: 'linear' }).apply(x) as tf.SymbolicTensor;`,
  '}',
  '',
];

function callLines(code: CodeFunction, call: Call): readonly Line[] {
  return linesOf(code, [call], statementOf(code, call));
}

function statementOf({ scope }: CodeFunction, call: Call): readonly string[] {
  const { variable, callee, inputs, repeat, form } = call;
  const label = commentText(call.node.label ?? '');
  const comment = [call.shape, label].filter((part) => part !== '').join(', ');
  const name = `${call.name}${repeat === null ? '' : '/${String(copy)}'}`;
  const own = call.shared?.name ?? name;
  const text = scope.block === null ? own : `\${name}/${own}`;
  const quote = text.includes('$') ? '`' : "'";
  const fields = [
    `name: ${quote}${text}${quote}`,
    ...call.fields.map((field) => (field.name === field.value ? field.name : `${field.name}: ${field.value}`)),
  ];
  const statement = {
    target: `const ${variable} = `,
    callee,
    fields,
    inputs: apart(inputs, (input) => `${again}(${input})`),
    comment,
  };
  switch (form) {
    case 'input':
      return inputStatement(variable, call.fields[0]?.value ?? '[]', label);
    case 'nothing':
      return [`  // ${variable}: nothing to compute${comment === '' ? '' : `; ${comment}`}`];
    case 'layer':
      return call.shared === undefined
        ? layerStatement(statement)
        : sharedStatements(statement, `${call.shared.name}__layer`, call.shared.isFirst);
    case 'function':
      return repeat === null ? callStatement(statement, 2) : loopStatement(statement, variable, repeat);
  }
}

function identifierOf(name: string): string {
  return identifiersOf([name]).get(name) ?? 'network';
}
