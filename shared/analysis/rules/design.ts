import { linearPair, saturating } from '../../diagnostics/catalog/analysis';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import { functionParam, hasKernel, isLinearMap } from '../../layers/traits';
import type { NodeAnalysis } from '../types';
import type { Wiring } from '../wiring';

/** Hidden sigmoids or tanhs from this number on are a deep stack. */
const deepStack = 3;

/** Warnings about how layers follow each other. All nodes that they name compute. */
export function checkDesign(wiring: Wiring, nodes: ReadonlyMap<string, NodeAnalysis>): Diagnostic[] {
  return [...checkLinearPairs(wiring, nodes), ...checkSaturating(wiring, nodes)];
}

function checkLinearPairs(wiring: Wiring, nodes: ReadonlyMap<string, NodeAnalysis>): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const [id, node] of nodes) {
    if (node.state !== 'ok' || !isLinearMap(node.definition)) continue;
    const first = linearSource(wiring, nodes, id);
    if (first !== null) findings.push(linearPair(first, id));
  }
  return findings;
}

/** The conv or fc that feeds `id`, and nothing that is merged, through linear layers only, or null. */
function linearSource(wiring: Wiring, nodes: ReadonlyMap<string, NodeAnalysis>, id: string): string | null {
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

function checkSaturating(wiring: Wiring, nodes: ReadonlyMap<string, NodeAnalysis>): Diagnostic[] {
  // Most networks have none, and need not be gone through backwards.
  let most = 0;
  for (const node of nodes.values()) if (saturatingName(node) !== null) most += 1;
  if (most < deepStack) return [];
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
