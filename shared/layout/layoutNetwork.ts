import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, Position } from '../schema/document';
import { layoutEncoderDecoder } from './encoderDecoder';
import { layoutCell } from './geometry';
import { layoutGrid, readScales } from './grid';
import { graphOf, type LayoutGraph } from './layoutGraph';
import { layoutRows } from './rows';

export { layoutCell } from './geometry';

/**
 * Where every node goes, by id: the top left corner, in whole canvas pixels. Every node has an entry of its own, so that
 * an id like `constructor` or `__proto__` never reaches what an object inherits.
 */
export type Layout = { readonly [id: string]: Position };

/**
 * Places the nodes of a network from its wires alone, so that it reads like the figures of the papers: a chain in lines from
 * left to right, its branches as blocks within a line, and an encoder-decoder as a U whose skips run level across.
 * Deterministic; a document with cycles or dangling wires is placed as well, without them.
 */
export function layoutNetwork(document: NetworkDocument, layers?: LayerRegistry): Layout {
  const placed = new Map<string, Position>();
  const scales = readScales(document, layers);
  let top = 0;
  for (const graph of splitComponents(graphOf(document, layers))) {
    const grid = scales === undefined ? undefined : layoutGrid(graph, scales);
    const positions = grid ?? layoutEncoderDecoder(graph) ?? layoutRows(graph);
    let [highest, lowest] = [Infinity, -Infinity];
    for (const [id, { y }] of positions) {
      highest = Math.min(highest, y - graph.overhang(id));
      lowest = Math.max(lowest, y + graph.overhang(id));
    }
    for (const [id, { x, y }] of positions) {
      // Tall nodes stand with their middle where others have theirs.
      placed.set(id, { x: Math.round(x), y: Math.round(y - highest + top - graph.overhang(id)) });
    }
    top += lowest - highest + layoutCell.pitchY;
  }
  return Object.fromEntries(placed);
}

/** The connected parts of a graph, in the order of their first nodes. */
function splitComponents(graph: LayoutGraph): readonly LayoutGraph[] {
  const partOf = new Map<string, number>();
  let parts = 0;
  for (const start of graph.order) {
    if (partOf.has(start)) continue;
    const stack = [start];
    partOf.set(start, parts);
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      for (const next of [...graph.successors(id), ...graph.predecessors(id)]) {
        if (partOf.has(next)) continue;
        partOf.set(next, parts);
        stack.push(next);
      }
    }
    parts += 1;
  }
  if (parts <= 1) return [graph];
  const orders: string[][] = Array.from({ length: parts }, () => []);
  for (const id of graph.order) orders[partOf.get(id) ?? 0]?.push(id);
  return orders.map((order) => ({ ...graph, order }));
}
