import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import { activationOf, rectifiers } from '../layers/activations';
import type { Initializer } from '../layers/define';
import { functionParam, hasKernel } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';

/** How a weight starts, with nothing left open. */
export type SettledInitializer = Exclude<Initializer, { readonly type: 'auto' }>;

/** What takes a node's output, by the node's id. */
export type Consumers = ReadonlyMap<string, readonly string[]>;

/** The consumers of each node of a flat network. */
export function consumersOf({ edges }: NetworkDocument): Consumers {
  const consumers = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const list = consumers.get(from);
    if (list === undefined) consumers.set(from, [to]);
    else list.push(to);
  }
  return consumers;
}

/**
 * How a weight of a node starts: 'auto' is He where a rectifier follows, which halves the variance, and Glorot elsewhere. What follows is
 * the first function on any way from the kernel to the next one; norms, pools, sums and whatever else has neither are passed.
 */
export function settleInitializer(
  initializer: Initializer,
  nodeId: string,
  analysis: NetworkAnalysis,
  consumers: Consumers,
): SettledInitializer {
  if (initializer.type !== 'auto') return initializer;
  return { ...initializer, type: meetsRectifier(nodeId, analysis, consumers) ? 'heNormal' : 'glorotUniform' };
}

function meetsRectifier(nodeId: string, { nodes }: NetworkAnalysis, consumers: Consumers): boolean {
  const seen = new Set<string>();
  const isRectified = (id: string, isFirst: boolean): boolean => {
    const node = nodes.get(id);
    if (node === undefined || seen.has(id) || (!isFirst && hasKernel(node.definition))) return false;
    seen.add(id);
    const bends = functionOf(node);
    return bends === 'linear'
      ? (consumers.get(id) ?? []).some((next) => isRectified(next, false))
      : rectifiers[bends] !== null;
  };
  return isRectified(nodeId, true);
}

function functionOf({ definition, params }: NodeAnalysis) {
  const param = functionParam(definition);
  return param === null ? 'linear' : activationOf(params?.[param]);
}
