import type { NetworkAnalysis } from '../../analysis/types';
import { expand } from '../../document/expand';
import type { NetworkDocument } from '../../schema/document';
import { countsText } from '../counts';
import { readFunctions, type Call, type CodeFunction } from '../code/functions';
import { fileOf, linesOf, partsApart, plain, type Line } from '../code/lines';
import type { SharedLayer } from '../code/sharing';
import { callName, portVariable, readNetwork, type CodeNetwork } from '../code/scopes';
import type { GeneratedFile } from '../files';
import { commentText } from '../names';
import type { PrintedWeights } from '../printers';
import { importLines, resultsOf } from '../python/classes';
import { nameSteps, type NamedStep, type Step } from '../python/forward';
import { layOut, withComment } from '../python/layout';
import { shapeText } from '../python/literals';
import { kerasLanguage, modelName } from './language';
import { layerNames } from './layers';

/** A layer with weights: its name in the model, and the names of its weights in Convloom, in their order. */
export type WeightLayer = { readonly layer: string; readonly names: readonly string[] };

export type PrintedModel = {
  readonly text: string;
  readonly nodeLines: NonNullable<GeneratedFile['nodeLines']>;
  readonly custom: ReadonlySet<string>;
  readonly weightLayers: readonly WeightLayer[];
  readonly printed: readonly PrintedWeights[];
};

/** Prints `model.py`: a function for each block, and `build_model`. */
export function printModel(source: NetworkDocument, analysis: NetworkAnalysis): PrintedModel {
  const network = readNetwork(source, analysis, kerasLanguage);
  const functions = readFunctions(network);
  const main = functions.at(-1);
  if (main === undefined) throw new Error('A network has a function of its own.');
  const body = partsApart([...functions.slice(0, -1).map(blockLines), mainLines(main, source, analysis)]);
  const custom = new Set([...network.nodes.values()].flatMap(({ calls }) => calls.flatMap(({ layer }) => layer ?? [])));
  const lines = [...plain(head(source, analysis, body, custom)), ...body, ...plain([''])];
  return { ...fileOf(source, lines), custom, ...heldWeights(network) };
}

/** Every layer that holds weights. */
function heldWeights({ nodes, analysis }: CodeNetwork): Pick<PrintedModel, 'weightLayers' | 'printed'> {
  const held = analysis.order.flatMap((id) => {
    const node = nodes.get(id);
    return (node?.calls ?? []).flatMap(({ weights = [] }, at, calls) =>
      weights.length === 0 || (node?.owner !== undefined && node.owner !== id)
        ? []
        : [{ nodeId: id, layer: callName(node?.layer ?? '', calls, at).replaceAll('/', '.'), weights }],
    );
  });
  return {
    weightLayers: held.map(({ nodeId, layer, weights }) => ({
      layer,
      names: weights.map((weight) => `${nodeId}/${weight}`),
    })),
    printed: held,
  };
}

function head(
  { name }: NetworkDocument,
  { inputs, outputs, nodes }: NetworkAnalysis,
  body: readonly Line[],
  custom: ReadonlySet<string>,
): readonly string[] {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => shapeText(nodes.get(id)?.outputShape ?? [])).join(', ');
  const own = layerNames.filter((layer) => custom.has(layer));
  const uses = (pattern: RegExp): boolean => body.some(({ text }) => pattern.test(text));
  const modules = ['initializers', 'layers'].filter((module) => uses(new RegExp(`\\b${module}\\.`)));
  const hasTensor = uses(/\bKerasTensor\b/);
  const wanted = [...(hasTensor ? ['KerasTensor'] : []), ...modules];
  return [
    `"""${commentText(name) || 'Network'}: takes ${shapes(inputs)} and gives ${shapes(outputs)}."""`,
    '',
    'import keras',
    ...(wanted.length === 0 ? [] : [`from keras import ${wanted.join(', ')}`]),
    ...(own.length === 0 ? [] : ['', ...importLines('custom_layers', own)]),
    '',
    '',
  ];
}

/** The calls of a function as steps. */
function readSteps({ calls, scope }: CodeFunction): readonly Step[] {
  return calls.flatMap((call): Step[] => {
    if (call.form === 'input' || call.form === 'nothing') return [];
    const isBlock = call.form === 'function';
    const name = nameText(scope.block !== null, call, isBlock);
    const fields = call.fields.map(({ name: key, value, isPositional }) =>
      isPositional === true ? value : `${key}=${value}`,
    );
    if (call.shared !== undefined) {
      return [...sharedSteps(call, call.shared, `${call.callee}(${[...fields, name].join(', ')})`)];
    }
    const write = (inputs: readonly string[]): string => {
      if (isBlock) return `${call.callee}(${[...inputs, ...fields, name].join(', ')})`;
      const given = inputs.length === 1 ? (inputs[0] ?? '') : `[${inputs.join(', ')}]`;
      return `${call.callee}(${[...fields, name].join(', ')})(${given})`;
    };
    return [{ calls: [call], variable: call.variable, inputs: call.inputs, write, loop: call.repeat }];
  });
}

/** A layer that several values go through: made where the first does, and applied. */
function sharedSteps(call: Call, { name, isFirst }: SharedLayer, made: string): readonly Step[] {
  const layer = `${name}__layer`;
  const apply = ([applied = '', ...inputs]: readonly string[]): string =>
    `${applied}(${inputs.length === 1 ? (inputs[0] ?? '') : `[${inputs.join(', ')}]`})`;
  return [
    ...(isFirst ? [{ calls: [], variable: layer, inputs: [], write: () => made, loop: null }] : []),
    { calls: [call], variable: call.variable, inputs: [layer, ...call.inputs], write: apply, loop: null },
  ];
}

/** What a layer is called: within a block behind the block's own name. */
function nameText(isInside: boolean, { name: own, repeat, shared }: Call, isBlock: boolean): string {
  const name = shared?.name ?? own;
  const copy = isBlock && repeat !== null ? '.{copy}' : '';
  const text = `${isInside ? '{name}.' : ''}${name.replaceAll('/', '.')}${copy}`;
  return `name=${text.includes('{') ? 'f' : ''}"${text}"`;
}

function blockLines(code: CodeFunction): readonly Line[] {
  const { scope, params, bodies, name, values } = code;
  const variables = scope.ports.map((id) => portVariable(scope, id));
  const [only = ''] = variables;
  const ports = new Map(variables.length === 1 ? [[only, 'x'] as const] : variables.map((one) => [one, one] as const));
  const results = [values.get(scope.output ?? '') ?? ''];
  const named = nameSteps(readSteps(code), ports, results);
  const order = (hasDefault: boolean) => params.filter(({ defaultValue }) => (defaultValue !== null) === hasDefault);
  const options = [...order(false), ...order(true)].map(
    ({ name: key, type, defaultValue }) => `${key}: ${type}${defaultValue === null ? '' : ` = ${defaultValue}`}`,
  );
  const inputs = [...ports.values()].map((one) => `${one}: KerasTensor`);
  const times = ['once', 'twice'][bodies.length - 1] ?? `${bodies.length} times`;
  const title = commentText(scope.block ?? '');
  return [
    ...plain([
      ...layOut(`def ${name}(${[...inputs, '*', ...options, 'name: str'].join(', ')}) -> KerasTensor:`, 0),
      `    """The block${title === '' ? '' : ` ${title}`}, which the network has ${times}."""`,
      ...params.flatMap(({ name: key, local }) => (key === local ? [] : [`    ${local} = ${key}`])),
    ]),
    ...named.steps.flatMap((step) => linesOf(code, step.calls, stepLines(step))),
    ...plain([`    return ${named.names.get(results[0] ?? '') ?? ''}`]),
  ];
}

function mainLines(code: CodeFunction, source: NetworkDocument, analysis: NetworkAnalysis): readonly Line[] {
  const { values } = code;
  const inputs = code.calls.filter(({ form }) => form === 'input');
  const ports = new Map(inputs.map(({ variable }) => [variable, variable]));
  const results = resultsOf(analysis, expand(source).origins, values);
  const named = nameSteps(readSteps(code), ports, results);
  const listed = (names: readonly string[]): string =>
    names.length === 1 ? (names[0] ?? '') : `[${names.join(', ')}]`;
  const given = listed(analysis.inputs.map((id) => values.get(id) ?? ''));
  const answers = listed(results.map((one) => named.names.get(one) ?? one));
  const inputLines = (call: Call): readonly string[] => {
    const made = `${call.variable} = keras.Input(${call.fields[0]?.value ?? '()'}, name="${call.variable}")`;
    return withComment(made, commentText(call.node.label ?? ''), 4);
  };
  return [
    ...plain(['def build_model() -> keras.Model:', `    """${countsText(analysis.totals)}."""`]),
    ...inputs.flatMap((call) => linesOf(code, [call], inputLines(call))),
    ...named.steps.flatMap((step) => linesOf(code, step.calls, stepLines(step))),
    ...plain(layOut(`return keras.Model(${given}, ${answers}, name="${modelName(source)}")`, 4)),
  ];
}

function stepLines({ target, expression, write, loop, inputs, comment }: NamedStep): readonly string[] {
  if (loop === null) return withComment(`${target} = ${expression}`, comment, 4);
  const [first = '', ...others] = inputs;
  return [
    ...(target === first ? [] : [`    ${target} = ${first}`]),
    `    for copy in range(1, ${/^\d+$/.test(loop) ? String(Number(loop) + 1) : `${loop} + 1`}):`,
    ...withComment(`${target} = ${write([target, ...others])}`, comment, 8),
  ];
}
