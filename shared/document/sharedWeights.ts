import type { NetworkNode } from '../schema/document';

/**
 * The node under another id, and using the weights of what it used before, whatever that is called now. A path into a block goes
 * where its block node does.
 */
export function renamedNode(node: NetworkNode, nameOf: (id: string) => string): NetworkNode {
  const { weightsOf } = node;
  const id = nameOf(node.id);
  const owner = weightsOf === undefined ? undefined : renamedPath(weightsOf, nameOf);
  if (id === node.id && owner === weightsOf) return node;
  return { ...node, id, ...(owner !== undefined && { weightsOf: owner }) };
}

function renamedPath(path: string, nameOf: (id: string) => string): string {
  const whole = nameOf(path);
  const end = path.indexOf('/');
  return whole !== path || end < 0 ? whole : nameOf(path.slice(0, end)) + path.slice(end);
}

/** The node of this scope that a path begins at. */
export function headOf(path: string): string {
  const end = path.indexOf('/');
  return end < 0 ? path : path.slice(0, end);
}

/** The node with weights of its own. */
export function unshared<N extends Pick<NetworkNode, 'weightsOf'>>(node: N): Omit<N, 'weightsOf'> {
  const { weightsOf: _used, ...rest } = node;
  return rest;
}

/**
 * Nodes without those that are taken away, the weights of each of these handed on: the first node that used them has them as its own from
 * then on, and the others use that one's.
 */
export function withoutOwners(nodes: readonly NetworkNode[], gone: ReadonlySet<string>): readonly NetworkNode[] {
  const kept = nodes.filter(({ id }) => !gone.has(id));
  if (!kept.some(({ weightsOf }) => weightsOf !== undefined)) return kept;
  const given = new Map(nodes.map(({ id, weightsOf }) => [id, weightsOf]));
  /** A node in a block goes with its block node; an id of version 1 may have a slash of its own. */
  const isGone = (id: string): boolean => gone.has(id) || (!given.has(id) && gone.has(headOf(id)));
  const heirs = new Map<string, string>();
  return kept.map((node): NetworkNode => {
    if (node.weightsOf === undefined || !isGone(node.weightsOf)) return node;
    const owner = lastOwner(node.weightsOf, given, isGone);
    const weightsOf = isGone(owner) ? heirs.get(owner) : owner;
    if (weightsOf !== undefined && weightsOf !== node.id) return { ...node, weightsOf };
    heirs.set(owner, node.id);
    return unshared(node);
  });
}

/** Over nodes that are gone to those whose weights they used: the first that stays, or the last that is gone. */
function lastOwner(
  from: string,
  given: ReadonlyMap<string, string | undefined>,
  isGone: (id: string) => boolean,
): string {
  const seen = new Set<string>();
  let at = from;
  for (let next = given.get(at); next !== undefined && isGone(at) && !seen.has(at); next = given.get(at)) {
    seen.add(at);
    at = next;
  }
  return at;
}
