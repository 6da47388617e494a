import type { NetworkAnalysis } from '../../analysis/types';
import { expand, flatNetwork } from '../../document/expand';
import type { NetworkDocument } from '../../schema/document';
import { readFunctions } from '../code/functions';
import { fileOf, partsApart, plain, type Line } from '../code/lines';
import { readNetwork, type CodeNetwork } from '../code/scopes';
import type { GeneratedFile } from '../files';
import { commentText } from '../names';
import type { PrintedWeights } from '../printers';
import { classLines, importLines, resultsOf, type ClassDialect } from '../python/classes';
import type { PlacedWeight } from '../python/weightTable';
import { helperNames } from './layers';
import { pytorchLanguage, shapeText } from './language';

const dialect: ClassDialect = {
  base: 'nn.Module',
  tensor: 'Tensor',
  forward: 'forward',
  sequence: (modules) => `nn.Sequential(${modules})`,
  list: (modules) => `nn.ModuleList(${modules})`,
  source: '',
  sourceType: '',
  sourceless: new Set(),
  say: (module, words) => `${module}.${words}`,
  hasParentInit: true,
  untyped: /^(?:self|F\.(?:adaptive_)?max_pool2d)\b/,
};

/** A printed model with what the files around it have to know. */
export type PrintedModel = {
  readonly text: string;
  readonly nodeLines: NonNullable<GeneratedFile['nodeLines']>;
  readonly className: string;
  readonly helpers: ReadonlySet<string>;
  readonly weights: readonly PlacedWeight[];
  readonly printed: readonly PrintedWeights[];
};

/** Prints `model.py`: a class for each block, and one for the network. */
export function printModel(source: NetworkDocument, analysis: NetworkAnalysis): PrintedModel {
  const network = readNetwork(source, analysis, pytorchLanguage(flatNetwork(source), analysis));
  const functions = readFunctions(network);
  const main = functions.at(-1);
  if (main === undefined) throw new Error('A network has a class of its own.');
  const results = resultsOf(analysis, expand(source).origins, main.values);
  const classes = functions.map((code) => {
    const own = code === main ? results : [code.values.get(code.scope.output ?? '') ?? ''];
    return classLines(code, network, dialect, own);
  });
  const used = new Set([...network.nodes.values()].flatMap(({ calls }) => calls.flatMap(({ layer }) => layer ?? [])));
  const body = partsApart([...classes, plain(buildModel(main.name))]);
  return {
    ...fileOf(source, [...plain(head(source, analysis, body, used)), ...body, ...plain([''])]),
    className: main.name,
    helpers: used,
    ...placedWeights(network),
  };
}

function head(
  { name }: NetworkDocument,
  { inputs, outputs, nodes }: NetworkAnalysis,
  body: readonly Line[],
  helpers: ReadonlySet<string>,
): readonly string[] {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => shapeText(nodes.get(id)?.outputShape ?? [])).join(', ');
  const uses = (word: string): boolean => body.some(({ text }) => new RegExp(`\\b${word}\\.`).test(text));
  const own = helperNames.filter((helper) => helpers.has(helper));
  return [
    `"""${commentText(name) || 'Network'}: takes ${shapes(inputs)} and gives ${shapes(outputs)}, channels first."""`,
    '',
    ...(uses('torch') ? ['import torch'] : []),
    'from torch import Tensor, nn',
    ...(uses('F') ? ['from torch.nn import functional as F'] : []),
    '',
    'from initialize import initialize',
    ...(own.length === 0 ? [] : importLines('layers', own)),
    '',
    '',
  ];
}

function buildModel(name: string): readonly string[] {
  return [
    `def build_model() -> ${name}:`,
    '    """A fresh model, whose weights start as Convloom starts them."""',
    `    model = ${name}()`,
    '    initialize(model)',
    '    return model',
  ];
}

/** Every weight with its place in the model's `state_dict`. */
function placedWeights({ nodes, analysis }: CodeNetwork): Pick<PrintedModel, 'weights' | 'printed'> {
  const weights: PlacedWeight[] = [];
  const printed: PrintedWeights[] = [];
  for (const id of analysis.order) {
    const node = nodes.get(id);
    if (node === undefined || (node.owner !== undefined && node.owner !== id)) continue;
    const path = modulePath(node.layer);
    for (const { places = [] } of node.calls) {
      if (places.length === 0) continue;
      printed.push({ nodeId: id, weights: places.map(({ weight }) => weight) });
      for (const { weight, name, order, sizes } of places) {
        weights.push({
          place: `${path}.${name}`,
          name: `${id}/${weight}`,
          order,
          ...(sizes !== undefined && { sizes }),
        });
      }
    }
  }
  return { weights, printed };
}

/** `stage/2/conv` as `stage.1.conv`: copies are counted from 0. */
function modulePath(layer: string): string {
  const parts = layer.split('/').map((part) => (/^\d+$/.test(part) ? String(Number(part) - 1) : part));
  return parts.join('.');
}
