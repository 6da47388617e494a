import { linearPair, saturating } from '../../diagnostics/catalog/analysis';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import { functionParam, hasKernel, isLinearMap } from '../../layers/traits';
import type { NodeAnalysis } from '../types';
import type { Wiring } from '../wiring';

/** Hidden sigmoids or tanhs from this number on are a deep stack. */
const deepStack = 3;

type Nodes = ReadonlyMap<string, NodeAnalysis>;

/** How the layers of a network follow each other; kept, so that an edit looks again only at what it can have changed. */
export type Design = {
  /** Linear maps behind another one with nothing between them that bends, each with that one. */
  readonly pairs: ReadonlyMap<string, string>;
  /** Nodes whose function goes flat on both sides. */
  readonly saturatingCount: number;
};

export function readDesign(wiring: Wiring, nodes: Nodes): Design {
  const pairs = new Map<string, string>();
  let saturatingCount = 0;
  for (const [id, node] of nodes) {
    if (saturatingName(node) !== null) saturatingCount += 1;
    const first = pairedWith(wiring, nodes, id);
    if (first !== null) pairs.set(id, first);
  }
  return { pairs, saturatingCount };
}

/** The design of a network that is wired as before, and in which these nodes alone have another analysis. */
export function readDesignAgain(
  design: Design,
  wiring: Wiring,
  nodes: Nodes,
  before: Nodes,
  touched: Iterable<string>,
): Design {
  const pairs = new Map(design.pairs);
  let { saturatingCount } = design;
  const isSaturating = (node: NodeAnalysis | undefined): boolean => node !== undefined && saturatingName(node) !== null;
  const due = new Set<string>();
  for (const id of touched) {
    saturatingCount += Number(isSaturating(nodes.get(id))) - Number(isSaturating(before.get(id)));
    due.add(id);
    addLinearReaders(wiring, nodes, id, due);
  }
  for (const id of due) {
    const first = pairedWith(wiring, nodes, id);
    if (first === null) pairs.delete(id);
    else pairs.set(id, first);
  }
  return { pairs, saturatingCount };
}

/** The linear maps that can see a node through what is linear. */
function addLinearReaders(wiring: Wiring, nodes: Nodes, from: string, found: Set<string>): void {
  const seen = new Set([from]);
  // A set that grows while it is gone through is a queue.
  for (const id of seen) {
    for (const reader of wiring.consumers.get(id) ?? []) {
      const node = nodes.get(reader);
      if (isLinearMap(node?.definition ?? null)) found.add(reader);
      else if (node?.params != null && node.definition?.traits.keepsLinear(node.params) === true) seen.add(reader);
    }
  }
}

/** Warnings about how layers follow each other. All nodes that they name compute. */
export function checkDesign({ pairs, saturatingCount }: Design, wiring: Wiring, nodes: Nodes): Diagnostic[] {
  const placeOf = ([id]: readonly [string, string]): number => wiring.nodes.get(id)?.place ?? 0;
  const inOrder = [...pairs].sort((a, b) => placeOf(a) - placeOf(b));
  // Most networks have no deep stack, and need not be gone through backwards.
  const stacks = saturatingCount < deepStack ? [] : checkSaturating(wiring, nodes);
  return [...inOrder.map(([second, first]) => linearPair(first, second)), ...stacks];
}

/** The linear map before a linear map, if only linear layers are between them; null for any other node. */
function pairedWith(wiring: Wiring, nodes: Nodes, id: string): string | null {
  const node = nodes.get(id);
  return node?.state === 'ok' && isLinearMap(node.definition) ? linearSource(wiring, nodes, id) : null;
}

/** The conv or fc that feeds `id`, and nothing that is merged, through linear layers only, or null. */
function linearSource(wiring: Wiring, nodes: Nodes, id: string): string | null {
  for (let at = wiring.nodes.get(id)?.sources[0] ?? null; at !== null; at = wiring.nodes.get(at)?.sources[0] ?? null) {
    const node = nodes.get(at);
    // What a merge reads as well is more than a step to the next layer: a residual block adds its own input, with the map before it.
    if (node?.params == null || wiring.merged.has(at)) return null;
    if (isLinearMap(node.definition)) {
      const source = wiring.nodes.get(at)?.sources[0] ?? '';
      const isGated = nodes.get(source)?.definition?.traits.multiplies === true;
      const isMeant = isFactorization(node, nodes.get(id), isGated);
      return node.params['activation'] === 'linear' && !isMeant ? at : null;
    }
    if (node.definition?.traits.keepsLinear(node.params) !== true) return null;
  }
  return null;
}

/**
 * Two linear maps in a row are made on purpose where together they cost less than the one that they are: a depthwise step before a
 * pointwise one, or a narrow map between two wide ones, as the bottlenecks of MobileNetV2 have it. Behind a gate it may be as wide as what
 * it is made of, as in the first block of MobileNetV3.
 */
function isFactorization(first: NodeAnalysis, second: NodeAnalysis | undefined, isGated: boolean): boolean {
  if ((first.params?.['groups'] ?? 1) !== 1) return true;
  const [before, between, behind] = [first.inputShapes[0], first.outputShape, second?.outputShape].map((shape) =>
    shape?.at(-1),
  );
  if (before == null || between == null || behind == null || between >= behind) return false;
  return between < before || (between === before && isGated);
}

function checkSaturating(wiring: Wiring, nodes: Nodes): Diagnostic[] {
  // Nodes that a weighted layer comes after, found from the outputs backwards.
  const hidden = new Set<string>();
  // What multiplies another value is a gate between 0 and 1, and meant to be: gradients pass through the value.
  const gates = new Set<string>();
  const found: string[] = [];
  const names = new Set<string>();
  for (const id of wiring.order.toReversed()) {
    const node = nodes.get(id);
    if (node?.params == null) continue;
    const name = saturatingName(node);
    if (hidden.has(id) && !gates.has(id) && name !== null) {
      found.unshift(id);
      names.add(name);
    }
    const sources = (wiring.nodes.get(id)?.sources ?? []).filter((source) => source !== null);
    if (node.definition?.traits.multiplies === true) for (const source of sources) gates.add(source);
    if (!hidden.has(id) && !hasKernel(node.definition)) continue;
    for (const source of sources) hidden.add(source);
  }
  return found.length < deepStack ? [] : [saturating(found, [...names].sort().join(', '))];
}

/** The function of a node that goes flat on both sides; null where it has another, or none. */
function saturatingName({ definition, params }: NodeAnalysis): 'sigmoid' | 'tanh' | null {
  const name = params?.[functionParam(definition) ?? ''];
  return name === 'sigmoid' || name === 'tanh' ? name : null;
}
