import type { NetworkAnalysis } from '../analysis/types';
import { ancestorsOf } from '../compile/lowering';
import { flatNetwork } from '../document/expand';
import { isInput, isLinearMap } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';

/** What of a network tells one picture from another, and how it is read. */
export type FeatureNode = {
  readonly id: string;
  /** Why this one: it is what the classifier reads, the smallest map of a network that answers place by place, or what somebody chose. */
  readonly why: 'beforeHead' | 'bottleneck' | 'chosen';
  /** Whether the mean over all positions of a map stands for it, one number for each channel; else it is taken as it is. */
  readonly isMean: boolean;
};

type Network = { readonly document: NetworkDocument; readonly analysis: NetworkAnalysis };

function sourcesOf({ document }: Network, id: string): readonly string[] {
  return document.edges.filter(({ to }) => to === id).map(({ from }) => from);
}

function positionsOf({ analysis }: Network, id: string): number {
  const [height, width, channels] = analysis.nodes.get(id)?.outputShape ?? [];
  if (channels === undefined) return 1;
  return height == null || width == null ? Infinity : height * width;
}

/**
 * A map is read by its means, wherever in the picture something is; but whole where a dense layer reads it so, and where it is the picture
 * itself, of which means would leave nothing.
 */
function isReadByMeans({ document, analysis }: Network, id: string): boolean {
  const node = analysis.nodes.get(id);
  if (node?.outputShape?.length !== 3 || isInput(node.definition)) return false;
  const readers = document.edges.filter(({ from }) => from === id).map(({ to }) => analysis.nodes.get(to)?.definition);
  const wholeRoles: readonly unknown[] = ['dense', 'flattening'];
  return readers.length === 0 || !readers.every((reader) => wholeRoles.includes(reader?.traits.role));
}

/** What the last learned linear map before the answer reads: back from the answer, as long as there is one way. */
function beforeHead(network: Network, output: string): string | null {
  for (let current = output; ;) {
    const [source, ...others] = sourcesOf(network, current);
    if (source === undefined || others.length > 0) return null;
    if (isLinearMap(network.analysis.nodes.get(current)?.definition)) return source;
    current = source;
  }
}

/** The last of the smallest maps on the way to the answer, but neither the answer itself nor scores that it is made of. */
function bottleneck(network: Network, output: string): string | null {
  const { document, analysis } = network;
  const inner = ancestorsOf(document, analysis, [beforeHead(network, output) ?? output]).filter((id) => id !== output);
  const least = Math.min(...inner.map((id) => positionsOf(network, id)));
  const last = inner.findLast((id) => positionsOf(network, id) === least) ?? null;
  const [source] = last === null ? [] : sourcesOf(network, last);
  // A map of scores, as fully convolutional networks have them there, says no more than the answer: what it is made of does.
  const channelsOf = (id: string | null): number | null => analysis.nodes.get(id ?? '')?.outputShape?.at(-1) ?? null;
  const isScores = channelsOf(last) === channelsOf(output) && isLinearMap(analysis.nodes.get(last ?? '')?.definition);
  return isScores && source !== undefined && positionsOf(network, source) === least ? source : last;
}

/**
 * Where a network's last features are, by its structure: in front of the layer that makes scores of them, or, where it answers place by
 * place (masks, pictures), at its smallest map. Null where it has no such node. `chosen`: a node that somebody wants instead.
 */
export function featureNode(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  {
    output = analysis.outputs[0],
    chosen = null,
  }: { readonly output?: string | undefined; readonly chosen?: string | null },
): FeatureNode | null {
  const network = { document: flatNetwork(source), analysis };
  if (chosen !== null) {
    return analysis.nodes.has(chosen) ? { id: chosen, why: 'chosen', isMean: isReadByMeans(network, chosen) } : null;
  }
  if (output === undefined) return null;
  const isWhole = positionsOf(network, output) === 1;
  const head = isWhole ? beforeHead(network, output) : null;
  const id = head ?? bottleneck(network, output);
  if (id === null) return null;
  return { id, why: head === null ? 'bottleneck' : 'beforeHead', isMean: isReadByMeans(network, id) };
}

/** How many numbers a node's features are; null while its size is open. */
export function featureSize({ analysis }: Pick<Network, 'analysis'>, { id, isMean }: FeatureNode): number | null {
  const shape = analysis.nodes.get(id)?.outputShape;
  if (shape == null) return null;
  if (isMean) return shape.at(-1) ?? null;
  return shape.reduce<number | null>((size, one) => (size === null || one === null ? null : size * one), 1);
}
