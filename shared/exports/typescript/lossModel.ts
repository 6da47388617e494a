import { analyzeNetwork } from '../../analysis/analyze';
import { usedWeights, ownerOf } from '../../analysis/sharedWeights';
import type { PlannedPerceptual } from '../../compile/lossNetwork';
import { weightName } from '../../compile/lowering';
import type { FloatTensors } from '../../ops/tensor';
import type { NetworkDocument, NetworkNode } from '../../schema/document';
import { checkPrinters, checkWeights } from '../printers';
import { customLayerNames, type CustomLayer } from './customLayers';
import { printers } from './kinds';
import { printModel, type WeightLayer } from './model';

/** The file with the picture whose style is learned, beside a project. */
export const stylePictureFile = 'style.png';

/** The files with the weights of the loss network: what they are called where the network's own are `weights`. */
export const lossWeightsName = 'lossNetwork';

/** What is compared at one output of the printed loss network, and what it counts; 0: nothing. */
export type ComparedOutput = { readonly nodeId: string; readonly content: number; readonly style: number };

/** A perceptual loss as a project has it. */
export type PrintedComparison = {
  /** `lossNetwork.ts`: the loss network up to what is compared, with an output for each of that. */
  readonly text: string;
  readonly weightLayers: readonly WeightLayer[];
  readonly customLayers: readonly CustomLayer[];
  /** In the order of the outputs. */
  readonly compared: readonly ComparedOutput[];
  readonly variationWeight: number;
  /** Of the answers, `[height, width, channels]`. */
  readonly answer: readonly number[];
  /** How many channels the loss network takes. */
  readonly channels: number;
  /** What goes into the files of {@link lossWeightsName}. */
  readonly weights: FloatTensors;
};

/** Prints the loss network of a plan for answers of a shape; null where it has a layer that tfjs does not. */
export function printComparison(plan: PlannedPerceptual, answer: readonly number[]): PrintedComparison | null {
  const { network, inputNode, order, content, style, variationWeight } = plan;
  const used = order.flatMap((id) => network.analysis.nodes.get(id) ?? []);
  // Weights of a layer that is not on the way: there is no layer to call twice.
  if (used.some((node) => !order.includes(ownerOf(node)))) return null;
  const wanted = [...new Set([...content.keys(), ...style.keys()])];
  const { document, taps } = tapped(network.document, order, wanted);
  const analysis = analyzeNetwork(document);
  if (checkPrinters(analysis, printers, '').length > 0) return null;
  const model = printModel(document, analysis);
  if (checkWeights(analysis, model.weightLayers, '').length > 0) return null;
  const names = used.flatMap((node) => usedWeights(node).map(({ name }) => weightName(ownerOf(node), name)));
  return {
    text: model.text,
    weightLayers: model.weightLayers,
    customLayers: model.customLayers,
    compared: analysis.outputs
      .flatMap((output) => taps.get(output) ?? [])
      .map((nodeId) => ({ nodeId, content: content.get(nodeId) ?? 0, style: style.get(nodeId) ?? 0 })),
    variationWeight,
    answer,
    channels: network.analysis.nodes.get(inputNode)?.outputShape?.at(-1) ?? 1,
    weights: Object.fromEntries(names.flatMap((name) => (plan.weights[name] ? [[name, plan.weights[name]]] : []))),
  };
}

/** The nodes of `order` alone, each of those that are wanted with a node behind it, its tap, that gives its values out. */
function tapped(document: NetworkDocument, order: readonly string[], wanted: readonly string[]) {
  const kept = new Set(order);
  const taps = new Map(
    wanted.map((from, at) => {
      let id = `compared_${at + 1}`;
      while (kept.has(id)) id += '_';
      return [id, from] as const;
    }),
  );
  const cut: NetworkDocument = {
    format: document.format,
    version: document.version,
    name: document.name === '' ? 'Loss network' : `Loss network: ${document.name}`,
    nodes: [
      ...document.nodes.filter(({ id }) => kept.has(id)),
      ...[...taps.keys()].map((id): NetworkNode => ({ id, kind: 'activation', params: { function: 'linear' } })),
    ],
    edges: [
      ...document.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
      ...[...taps].map(([to, from]) => ({ from, to })),
    ],
  };
  return { document: cut, taps };
}

/** The layers of two models together, in the one order in which they are printed. */
export function allLayers(...models: readonly { readonly customLayers: readonly CustomLayer[] }[]) {
  return customLayerNames.filter((name) => models.some(({ customLayers }) => customLayers.includes(name)));
}
