import { linearPair, saturating } from '../../diagnostics/catalog/analysis';
import type { Diagnostic } from '../../diagnostics/diagnostic';
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
  for (const id of wiring.order) {
    const node = nodes.get(id);
    if (node?.state !== 'ok' || !isWeighted(node.kind)) continue;
    const first = linearSource(wiring, nodes, id);
    if (first !== null) findings.push(linearPair(first, id));
  }
  return findings;
}

function isWeighted(kind: string): boolean {
  return kind === 'conv' || kind === 'fc';
}

/** The conv or fc that feeds `id` through linear layers only, or null. */
function linearSource(wiring: Wiring, nodes: ReadonlyMap<string, NodeAnalysis>, id: string): string | null {
  for (let at = wiring.nodes.get(id)?.sources[0] ?? null; at !== null; at = wiring.nodes.get(at)?.sources[0] ?? null) {
    const node = nodes.get(at);
    if (node?.params == null) return null;
    if (isWeighted(node.kind)) {
      // A depthwise step before a pointwise one is a deliberate factorization, not an oversight.
      return node.params['activation'] === 'linear' && (node.params['groups'] ?? 1) === 1 ? at : null;
    }
    if (!isTransparent(node)) return null;
  }
  return null;
}

/** Layers that keep a linear map linear. */
function isTransparent({ kind, params }: NodeAnalysis): boolean {
  switch (kind) {
    case 'activation':
      return params?.['function'] === 'linear';
    case 'pool':
      return params?.['mode'] === 'avg' || params?.['mode'] === 'sum';
    case 'batchnorm':
    case 'dropout':
    case 'flatten':
    case 'pad':
    case 'crop':
      return true;
    default:
      return false;
  }
}

function checkSaturating(wiring: Wiring, nodes: ReadonlyMap<string, NodeAnalysis>): Diagnostic[] {
  // Nodes that a weighted layer comes after, found from the outputs backwards.
  const hidden = new Set<string>();
  const found: string[] = [];
  const names = new Set<string>();
  for (const id of wiring.order.toReversed()) {
    const node = nodes.get(id);
    if (node?.params == null) continue;
    const name = node.kind === 'activation' ? node.params['function'] : node.params['activation'];
    if (hidden.has(id) && (name === 'sigmoid' || name === 'tanh')) {
      found.unshift(id);
      names.add(name);
    }
    if (!hidden.has(id) && !isWeighted(node.kind) && node.kind !== 'upconv') continue;
    for (const source of wiring.nodes.get(id)?.sources ?? []) if (source !== null) hidden.add(source);
  }
  return found.length < deepStack ? [] : [saturating(found, [...names].sort().join(', '))];
}
