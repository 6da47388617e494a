import { analyzeNetwork } from '../analysis/analyze';
import { usedWeights, ownerOf } from '../analysis/sharedWeights';
import type { NetworkAnalysis } from '../analysis/types';
import {
  lossInputDiffers,
  lossNetworkUnfit,
  lossSizeFails,
  lossWeightDiffers,
  nothingCompared,
  notOneLossInput,
  styleNeedsMaps,
  unknownLossNode,
} from '../diagnostics/catalog/perceptual';
import { badWeights } from '../diagnostics/catalog/training';
import { failure, success } from '../diagnostics/diagnostic';
import type { Diagnostic, Result } from '../diagnostics/diagnostic';
import { flatNetwork } from '../document/expand';
import { applyEdits } from '../editing/applyEdits';
import type { FloatTensors } from '../ops/tensor';
import { pictureChannels } from '../schema/data';
import type { NetworkDocument } from '../schema/document';
import { parseNamedWeights, writeNamedWeights } from '../schema/namedWeights';
import { trainingFields } from '../schema/training';
import type { TrainingConfig } from '../schema/training';
import { checkRunnable, checkWanted } from './checks';
import { ancestorsOf, weightName } from './lowering';
import type { ClosedNetwork } from './openSizes';
import type { PerceptualLoss } from './perceptual';

/** What a loss network is made of, and what it is called where it is refused. */
export type LossModel = { readonly path: string; readonly document: NetworkDocument; readonly weights: FloatTensors };

/** The settings that shape a perceptual loss. */
export type PerceptualChoices = Pick<
  TrainingConfig,
  'contentNodes' | 'contentWeight' | 'stylePicture' | 'styleNodes' | 'styleWeight' | 'variationWeight'
>;

/** A perceptual loss before anybody has looked at the style picture. */
export type PlannedPerceptual = Omit<PerceptualLoss, 'style'> & { readonly style: ReadonlyMap<string, number> };

/** Sets a loss network to the size of the answers, and finds what is compared at which nodes; or says why it cannot be. */
export function planPerceptual(
  model: LossModel,
  answer: readonly number[],
  choices: PerceptualChoices,
): Result<PlannedPerceptual> {
  const sized = atSizeOf(model, answer);
  if (!sized.ok) return sized;
  const { analysis, document } = sized.value;
  const [inputNode = ''] = analysis.inputs;
  const chosen = chooseNodes(analysis, choices);
  if (!chosen.ok) return chosen;
  const { content, style } = chosen.value;
  const wanted = [...new Set([...content.keys(), ...style.keys()])];
  const order = ancestorsOf(document, analysis, wanted);
  const problem = checkNodes(model, sized.value, answer, { wanted, order, style: [...style.keys()] });
  if (problem !== null) return failure(problem);
  const { weights } = model;
  const { variationWeight } = choices;
  return success({ network: sized.value, inputNode, order, weights, content, style, variationWeight });
}

/** The same network with the answer's height and width at its input: convs have the same weights at any size. */
function atSizeOf({ path, document: source }: LossModel, answer: readonly number[]): Result<ClosedNetwork> {
  const document = flatNetwork(source);
  const analysis = analyzeNetwork(document);
  const { inputs, layers, nodes } = analysis;
  const [input = ''] = inputs;
  if (inputs.length !== 1) return failure(lossNetworkUnfit(path, notOneLossInput(inputs.length)));
  const shape = nodes.get(input)?.outputShape ?? [];
  const [height = 1, width = 1, channels = 0] = answer;
  const own = shape[2] ?? channels;
  const takes = own === channels || (pictureChannels.includes(channels) && [1, 3].includes(own));
  if (shape.length !== 3 || !takes) return failure(lossNetworkUnfit(path, lossInputDiffers(shape, answer)));
  if (shape[0] === height && shape[1] === width && shape[2] !== null) return success({ document, analysis });
  const edits = [{ type: 'setParams', id: input, params: { shape: [height, width, own] } }] as const;
  const resized = applyEdits(document, edits, layers);
  if (!resized.ok) return resized;
  return success({ document: resized.value, analysis: analyzeNetwork(resized.value) });
}

type Chosen = { readonly content: ReadonlyMap<string, number>; readonly style: ReadonlyMap<string, number> };

function chooseNodes(analysis: NetworkAnalysis, choices: PerceptualChoices): Result<Chosen> {
  const maps = lastMaps(analysis);
  const middle = maps[Math.floor(maps.length / 2)];
  const content = nodesOf(analysis, 'contentNodes', choices, middle === undefined ? [] : [middle]);
  if (!content.ok) return content;
  const style = nodesOf(analysis, 'styleNodes', choices, maps);
  if (!style.ok) return style;
  const styleWeight = choices.stylePicture === undefined ? 0 : choices.styleWeight;
  const chosen = {
    content: times(content.value, choices.contentWeight),
    style: times(style.value, styleWeight),
  };
  return chosen.content.size + chosen.style.size === 0 ? failure(nothingCompared()) : success(chosen);
}

/**
 * The last map of each size, without pools, which repeat what is before them: a1 and a2 of LeNet, relu1_2 to relu5_3 of VGG-16. Maps of
 * one pixel are classifiers.
 */
export function lastMaps({ order, nodes, inputs }: NetworkAnalysis): readonly string[] {
  const bySize = new Map<string, string>();
  for (const id of order) {
    const node = nodes.get(id);
    const [height, width, channels] = node?.outputShape ?? [];
    if (channels === undefined || inputs.includes(id) || node?.definition?.traits.role === 'pooling') continue;
    if (height !== 1 || width !== 1) bySize.set(`${height}×${width}`, id);
  }
  return [...bySize.values()];
}

function nodesOf(
  { nodes, order }: NetworkAnalysis,
  field: 'contentNodes' | 'styleNodes',
  choices: PerceptualChoices,
  otherwise: readonly string[],
): Result<ReadonlyMap<string, number>> {
  const named = choices[field];
  if (named === undefined || named.trim() === '') return success(new Map(otherwise.map((id) => [id, 1])));
  const setting = { path: `train.${field}`, label: trainingFields[field].label };
  const weights = parseNamedWeights(named);
  if (weights === null) return failure(badWeights(setting, named));
  const unknown = [...weights.keys()].find((id) => !nodes.has(id));
  if (unknown === undefined) return success(weights);
  // Other networks call their nodes otherwise: what they are chosen by without names takes the place of the names that they lack.
  const taken = otherwise.map((id) => [id, weights.get(unknown) ?? 1] as const);
  const kept = [...weights].filter(([id]) => nodes.has(id));
  const instead = writeNamedWeights(new Map([...taken, ...kept]));
  return failure(unknownLossNode({ ...setting, field }, unknown, { known: order, instead }));
}

function times(weights: ReadonlyMap<string, number>, factor: number): ReadonlyMap<string, number> {
  return new Map([...weights].map(([id, weight]) => [id, weight * factor] as const).filter(([, weight]) => weight > 0));
}

function checkNodes(
  { path, weights }: LossModel,
  { analysis }: ClosedNetwork,
  answer: readonly number[],
  chosen: { readonly wanted: readonly string[]; readonly order: readonly string[]; readonly style: readonly string[] },
): Diagnostic | null {
  const { wanted, order, style } = chosen;
  const [error] = [...checkWanted(analysis, wanted, order), ...checkRunnable(analysis, order)];
  if (error !== undefined) return lossNetworkUnfit(path, lossSizeFails(answer, error.summary));
  const shapeOf = (id: string) => analysis.nodes.get(id)?.outputShape ?? [];
  const flat = style.find((id) => shapeOf(id).length !== 3);
  if (flat !== undefined) {
    return styleNeedsMaps(
      flat,
      shapeOf(flat),
      order.filter((id) => shapeOf(id).length === 3),
    );
  }
  for (const id of order) {
    const node = analysis.nodes.get(id);
    if (node === undefined) continue;
    for (const { name, shape } of usedWeights(node)) {
      const full = weightName(ownerOf(node), name);
      const found = Object.hasOwn(weights, full) ? (weights[full]?.shape ?? null) : null;
      if (found?.join() === shape.join()) continue;
      return lossNetworkUnfit(path, lossWeightDiffers(full, { size: answer, needed: shape, found }));
    }
  }
  return null;
}
