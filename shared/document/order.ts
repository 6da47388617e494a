import type { NetworkEdge, NetworkNode } from '../schema/document';

/** What a topological order is taken of: a document, or any part of one. */
type Wiring = {
  readonly nodes: readonly Pick<NetworkNode, 'id'>[];
  readonly edges: readonly Pick<NetworkEdge, 'from' | 'to'>[];
};

/** What {@link topologicalOrder} finds. */
export type TopologicalOrder = {
  /** Every node once: sources first, then by when they become ready; nodes on or behind a cycle last, in document order. */
  readonly order: readonly string[];
  /** How many of `order` come before any cycle. Equal to its length when there is none. */
  readonly acyclicCount: number;
  /** The nodes that each node's wires lead to, one for each wire. */
  readonly consumers: ReadonlyMap<string, readonly string[]>;
  /** Each cycle once, its nodes in the order of the wires, the first in the document first. */
  readonly cycles: readonly (readonly string[])[];
};

/**
 * Orders nodes so that each comes after all that feed it (Kahn's algorithm, O(nodes + wires)). The same document always gives
 * the same order. Wires with a missing end are left out, and of two nodes with one id the first counts.
 */
export function topologicalOrder(document: Wiring): TopologicalOrder {
  const consumers = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  for (const { id } of document.nodes) {
    if (waiting.has(id)) continue;
    waiting.set(id, 0);
    consumers.set(id, []);
  }
  for (const { from, to } of document.edges) {
    const list = consumers.get(from);
    const count = waiting.get(to);
    if (list === undefined || count === undefined) continue;
    list.push(to);
    waiting.set(to, count + 1);
  }
  const order: string[] = [];
  for (const [id, count] of waiting) if (count === 0) order.push(id);
  // `order` is its own queue: everything before `head` has been taken.
  for (let head = 0; head < order.length; head++) {
    for (const to of consumers.get(order[head] ?? '') ?? []) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) order.push(to);
    }
  }
  const acyclicCount = order.length;
  if (acyclicCount === waiting.size) return { order, acyclicCount, consumers, cycles: [] };
  const placed = new Set(order);
  const rest = [...waiting.keys()].filter((id) => !placed.has(id));
  return { order: [...order, ...rest], acyclicCount, consumers, cycles: findCycles(rest, consumers) };
}

/** One cycle per group of nodes that can all reach each other, by depth-first walks without recursion. */
function findCycles(rest: readonly string[], consumers: ReadonlyMap<string, readonly string[]>): string[][] {
  const inRest = new Set(rest);
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of rest) {
    if (done.has(start)) continue;
    const path: string[] = [];
    const depth = new Map<string, number>();
    const stack: { readonly id: string; next: number }[] = [];
    const enter = (id: string): void => {
      depth.set(id, path.length);
      path.push(id);
      stack.push({ id, next: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = consumers.get(top.id)?.[top.next++];
      if (to === undefined) {
        stack.pop();
        path.pop();
        depth.delete(top.id);
        done.add(top.id);
        continue;
      }
      if (!inRest.has(to) || done.has(to)) continue;
      const at = depth.get(to);
      if (at === undefined) {
        enter(to);
      } else {
        const found = path.slice(at);
        cycles.push(found);
        // One report per knot: removing a wire of it may leave another circle, which the next analysis then reports.
        for (const id of path) done.add(id);
        break;
      }
    }
  }
  return cycles;
}

/** True when `to` can be reached from `from` along the wires. */
export function reaches(document: Wiring, from: string, to: string): boolean {
  const consumers = new Map<string, string[]>();
  for (const edge of document.edges) {
    const list = consumers.get(edge.from);
    if (list === undefined) consumers.set(edge.from, [edge.to]);
    else list.push(edge.to);
  }
  const seen = new Set([from]);
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    for (const next of consumers.get(id) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return false;
}
