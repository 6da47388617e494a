import { headOf, unshared } from '../../document/sharedWeights';
import type { NetworkNode } from '../../schema/document';

/** The nodes of a new block, and those outside of it, their weights shared as before; or those that could not be. */
export type Parted =
  | { readonly inside: readonly NetworkNode[]; readonly outside: readonly NetworkNode[] }
  | { readonly refused: readonly string[] };

/**
 * Parts nodes into those of a new block and the rest. From outside, the block's are reached by their path. Inside, nothing of the outside
 * can be reached: there, weights that came from outside become those of the first node that uses them, and the former owner uses those.
 */
export function partShared(nodes: readonly NetworkNode[], chosen: ReadonlySet<string>, nodeId: string): Parted {
  if (!nodes.some(({ weightsOf }) => weightsOf !== undefined)) {
    return {
      inside: nodes.filter(({ id }) => chosen.has(id)),
      outside: nodes.filter(({ id }) => !chosen.has(id)),
    };
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  /** Of each owner outside, the node inside that has its weights from now on. */
  const heirs = new Map<string, string>();
  const refused: string[] = [];
  const inside = nodes.flatMap((node): NetworkNode[] => {
    if (!chosen.has(node.id)) return [];
    if (node.weightsOf === undefined || chosen.has(headOf(node.weightsOf))) return [node];
    const owner = followed(node.weightsOf, byId, chosen);
    if (chosen.has(headOf(owner))) return owner === node.id ? [unshared(node)] : [{ ...node, weightsOf: owner }];
    if (!byId.has(owner)) {
      refused.push(node.id);
      return [node];
    }
    const heir = heirs.get(owner);
    if (heir !== undefined) return [{ ...node, weightsOf: heir }];
    heirs.set(owner, node.id);
    return [unshared(node)];
  });
  if (refused.length > 0) return { refused };
  const outside = nodes.flatMap((node): NetworkNode[] => {
    if (chosen.has(node.id)) return [];
    const heir = heirs.get(node.id);
    if (heir !== undefined) return [{ ...node, weightsOf: `${nodeId}/${heir}` }];
    if (node.weightsOf === undefined || !chosen.has(headOf(node.weightsOf))) return [node];
    return [{ ...node, weightsOf: `${nodeId}/${node.weightsOf}` }];
  });
  return { inside, outside };
}

/** From owner to owner, to the last or the first that is in the block. */
function followed(from: string, byId: ReadonlyMap<string, NetworkNode>, chosen: ReadonlySet<string>): string {
  const seen = new Set<string>();
  let at = from;
  for (let next = byId.get(at)?.weightsOf; next !== undefined; next = byId.get(at)?.weightsOf) {
    if (seen.has(at) || chosen.has(headOf(at))) return at;
    seen.add(at);
    at = next;
  }
  return at;
}

/** What a path means once the block node that it leads into is taken apart: `idIn` gives the new id of a node of one of its copies. */
export function pathAfterUngroup(
  path: string,
  { id, repeat }: { readonly id: string; readonly repeat: number },
  idIn: (copy: number, inner: string) => string | undefined,
): string {
  if (!path.startsWith(`${id}/`)) return path;
  const parts = path.slice(id.length + 1).split('/');
  const copy = repeat === 1 ? 1 : Number(parts.shift());
  const [inner = '', ...rest] = parts;
  const next = idIn(copy, inner);
  return next === undefined ? path : [next, ...rest].join('/');
}
