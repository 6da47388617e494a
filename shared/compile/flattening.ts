import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import { consumersOf } from './startingLaw';
import type { Shape } from '../layers/define';
import { hasParam } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';

/** Where lists have PyTorch's order of values: channel by channel, as PyTorch lays maps. */
export type Flattening = {
  /** The flattens that give it. */
  readonly flattens: ReadonlySet<string>;
  /** The map behind the list that a dense layer takes. */
  readonly maps: ReadonlyMap<string, Shape>;
};

/**
 * Finds the flattens behind which the order of values matters to nobody but dense layers: those take PyTorch's own order, and the
 * rows of their kernels follow. Behind all others the values lie as Convloom lays them.
 */
export function planFlattening(document: NetworkDocument, { nodes }: NetworkAnalysis): Flattening {
  const consumers = consumersOf(document);
  const flattens = new Set<string>();
  const maps = new Map<string, Shape>();
  for (const { id, definition, inputShapes } of nodes.values()) {
    const [map] = inputShapes;
    if (definition?.traits.role !== 'flattening' || map?.length !== 3) continue;
    const dense = denseBehind(id, nodes, consumers);
    if (dense === null) continue;
    flattens.add(id);
    for (const one of dense) maps.set(one, map);
  }
  return { flattens, maps };
}

/** The dense layers that a list ends in; null where something else takes it, or nothing does. */
function denseBehind(
  id: string,
  nodes: NetworkAnalysis['nodes'],
  consumers: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  const found: string[] = [];
  const open = [id];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const next = consumers.get(at) ?? [];
    if (next.length === 0) return null;
    for (const one of next) {
      const node = nodes.get(one);
      if (node?.definition?.traits.role === 'dense') found.push(one);
      else if (node !== undefined && isOrderFree(node)) open.push(one);
      else return null;
    }
  }
  return found;
}

/** Treats all values alike, wherever they lie. */
function isOrderFree({ definition, weights }: NodeAnalysis): boolean {
  const role = definition?.traits.role;
  const isAlike = role === 'activation' || role === 'flattening' || hasParam(definition ?? null, 'rate');
  return isAlike && weights.length === 0;
}
