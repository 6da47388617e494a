import type { NetworkAnalysis } from '../../analysis/types';
import { expand, flatNetwork } from '../../document/expand';
import type { NetworkDocument } from '../../schema/document';
import { readFunctions } from '../code/functions';
import { fileOf, partsApart, plain, type Line } from '../code/lines';
import { copyParts, nameOf, readNetwork, type CodeNetwork } from '../code/scopes';
import type { GeneratedFile } from '../files';
import { commentText } from '../names';
import type { PrintedWeights } from '../printers';
import { classLines, importLines, resultsOf, type ClassDialect } from '../python/classes';
import type { PlacedWeight } from '../python/weightTable';
import { shapeText } from '../python/literals';
import { jaxLanguage } from './language';
import { helperNames, sourceless } from './layers';

const dialect: ClassDialect = {
  base: 'nnx.Module',
  tensor: 'Array',
  forward: '__call__',
  sequence: (modules) => `nnx.Sequential(${modules})`,
  list: (modules) => `nnx.List(${modules})`,
  source: 'rngs',
  sourceType: 'nnx.Rngs',
  sourceless,
  say: (module, words) => `${words}(${module})`,
  hasParentInit: false,
  untyped: /^(?:self|nnx\.(?:max|avg)_pool)\b/,
};

/** A printed model with what the files around it have to know. */
export type PrintedModel = {
  readonly text: string;
  readonly nodeLines: NonNullable<GeneratedFile['nodeLines']>;
  readonly helpers: ReadonlySet<string>;
  readonly weights: readonly PlacedWeight[];
  readonly printed: readonly PrintedWeights[];
};

/** Prints `model.py`: a class for each block, and one for the network. */
export function printModel(source: NetworkDocument, analysis: NetworkAnalysis): PrintedModel {
  const network = readNetwork(source, analysis, jaxLanguage(flatNetwork(source)));
  const functions = readFunctions(network);
  const main = functions.at(-1);
  if (main === undefined) throw new Error('A network has a class of its own.');
  const results = resultsOf(analysis, expand(source).origins, main.values);
  const classes = functions.map((code) => {
    const own = code === main ? results : [code.values.get(code.scope.output ?? '') ?? ''];
    return classLines(code, network, dialect, own);
  });
  const calls = [...network.nodes.values()].flatMap((node) => node.calls);
  const helpers = new Set(calls.flatMap(({ layer = [], setup = [] }) => [layer, setup].flat()));
  const body = partsApart([...classes, plain(buildModel(main.name))]);
  const lines = [...plain(head(source, analysis, body, helpers)), ...body, ...plain([''])];
  return { ...fileOf(source, lines), helpers, ...placedWeights(network) };
}

function head(
  { name }: NetworkDocument,
  { inputs, outputs, nodes }: NetworkAnalysis,
  body: readonly Line[],
  helpers: ReadonlySet<string>,
): readonly string[] {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => shapeText(nodes.get(id)?.outputShape ?? [])).join(', ');
  const uses = (words: string): boolean => body.some(({ text }) => new RegExp(`\\b${words}`).test(text));
  const takesActivation = uses('Activation\\b');
  const library = [
    ...(takesActivation ? ['from collections.abc import Callable'] : []),
    ...(uses('partial\\(') ? ['from functools import partial'] : []),
  ];
  const own = helperNames.filter((helper) => helpers.has(helper));
  return [
    `"""${commentText(name) || 'Network'}: takes ${shapes(inputs)} and gives ${shapes(outputs)}."""`,
    '',
    ...(library.length === 0 ? [] : [...library, '']),
    ...(uses('jax\\.') ? ['import jax'] : []),
    ...(uses('jnp\\.') ? ['import jax.numpy as jnp'] : []),
    'from flax import nnx',
    `from jax import Array${uses('lax\\.') ? ', lax' : ''}`,
    ...(uses('initializers\\.') ? ['from jax.nn import initializers'] : []),
    ...(own.length === 0 ? [] : ['', ...importLines('layers', own)]),
    '',
    ...(takesActivation ? ['Activation = Callable[[Array], Array]', ''] : []),
    '',
  ];
}

function buildModel(name: string): readonly string[] {
  return [
    `def build_model(seed: int = 0) -> ${name}:`,
    '    """A fresh model, whose weights start as Convloom starts them."""',
    `    return ${name}(rngs=nnx.Rngs(seed))`,
  ];
}

/** Every weight with its path of attributes from the model on. */
function placedWeights(network: CodeNetwork): Pick<PrintedModel, 'weights' | 'printed'> {
  const { nodes, analysis } = network;
  const paths = modulePaths(network);
  const own = analysis.order.filter((id) => (nodes.get(id)?.owner ?? id) === id);
  const held = own.flatMap((id) =>
    (nodes.get(id)?.calls ?? []).flatMap(({ places = [] }) => (places.length === 0 ? [] : [{ nodeId: id, places }])),
  );
  return {
    weights: held.flatMap(({ nodeId, places }) =>
      places.map(({ weight, name, order }) => ({
        place: `${paths.get(nodeId) ?? ''}.${name}`,
        name: `${nodeId}/${weight}`,
        order,
      })),
    ),
    printed: held.map(({ nodeId, places }) => ({ nodeId, weights: places.map(({ weight }) => weight) })),
  };
}

/** Where each node's module is, by its flat id. Copies are counted from 0: in a list of modules, or in the one that a chain keeps. */
function modulePaths({ copies, instances }: CodeNetwork): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const before = new Map([['', '']]);
  for (const { scope, prefix } of copies) {
    for (const { id } of scope.nodes) {
      const path = (before.get(prefix) ?? '') + nameOf(scope, id);
      const instance = instances.get(prefix + id);
      paths.set(prefix + id, path);
      if (instance === undefined) continue;
      const isChain = scope.sources.get(id)?.length === 1;
      for (const [at, part] of copyParts(instance).entries()) {
        const place = instance.repeat === 1 ? '' : `${isChain ? '.layers' : ''}.${at}`;
        before.set(instance.id + part, `${path}${place}.`);
      }
    }
  }
  return paths;
}
