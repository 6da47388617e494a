import type { Position } from '../schema/document';
import { layoutCell } from './geometry';
import { placeByRank, placeLayered } from './layered';
import type { LayoutGraph } from './layoutGraph';

/** Nodes laid out by themselves, to be set like a word. */
export type Word = {
  readonly ids: readonly string[];
  /** Relative to the word's left end and to the line's axis, on which its first and last nodes stand. */
  readonly places: ReadonlyMap<string, Position>;
  readonly width: number;
  readonly above: number;
  readonly below: number;
};

/** Above this many nodes in one block, the search for fewer crossings takes longer than a user waits. */
const searchLimit = 160;
/** How deep branches may hold branches before a block counts as a tangle. */
const depthLimit = 24;
/** Room for a wire that arcs over a word. */
const arcRoom = 28;

/** Lays out one node, or parallel branches up to the node where they meet. */
export function layoutWord(graph: LayoutGraph, ids: readonly string[], depth = 0): Word {
  const [first = ''] = ids;
  if (ids.length === 1) {
    const over = graph.overhang(first);
    return { ids, places: new Map([[first, { x: 0, y: 0 }]]), width: layoutCell.pitchX, above: over, below: over };
  }
  const parallel = depth > depthLimit ? undefined : layoutParallel(graph, ids, depth);
  return parallel ?? layoutTangle(graph, ids);
}

/** Words one after the other on one axis. */
export function joinWords(words: readonly Word[]): Word {
  const places = new Map<string, Position>();
  let start = 0;
  for (const word of words) {
    for (const [id, { x, y }] of word.places) places.set(id, { x: x + start, y });
    start += word.width;
  }
  return { ids: words.flatMap(({ ids }) => ids), places, ...measureWords(words) };
}

/** How large words are together when they are joined. */
export function measureWords(words: readonly Word[]): Pick<Word, 'width' | 'above' | 'below'> {
  let [width, above, below] = [0, 0, 0];
  for (const word of words) {
    width += word.width;
    above = Math.max(above, word.above);
    below = Math.max(below, word.below);
  }
  return { width, above, below };
}

/**
 * Cuts the order at the nodes that every path goes through. A node is one if no wire reaches from before it to behind it. `ids` are a part of
 * the graph's order; a wire that leaves the part reaches its end.
 */
export function splitWords(graph: LayoutGraph, ids: readonly string[]): readonly (readonly string[])[] {
  const index = new Map(ids.map((id, at) => [id, at]));
  const words: string[][] = [];
  let open: string[] = [];
  let reach = 0;
  for (const [at, id] of ids.entries()) {
    open.push(id);
    if (reach <= at) {
      words.push(open);
      open = [];
    }
    for (const next of graph.successors(id)) reach = Math.max(reach, index.get(next) ?? ids.length - 1);
  }
  if (open.length > 0) words.push(open);
  return words;
}

/** Branches side by side, in the order in which their last node reads them. Undefined where it is not parallel branches that meet. */
function layoutParallel(graph: LayoutGraph, ids: readonly string[], depth: number): Word | undefined {
  const merge = ids.at(-1) ?? '';
  const inner = new Set(ids.slice(0, -1));
  const parts = connectedParts(graph, ids.slice(0, -1), inner);
  if (parts.length === 1 && isTangled(graph, parts[0] ?? [], inner, merge)) return undefined;
  const sources = graph.predecessors(merge);
  const rank = (part: readonly string[]): number => {
    const at = sources.findIndex((id) => part.includes(id));
    return at < 0 ? sources.length : at;
  };
  const branches = parts
    .map((part) => ({ part, rank: rank(part) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ part }) => joinWords(splitWords(graph, part).map((word) => layoutWord(graph, word, depth + 1))));
  const axes = stack(branches);
  const width = Math.max(...branches.map((branch) => branch.width));
  const places = new Map<string, Position>([[merge, { x: width, y: 0 }]]);
  let [above, below] = [graph.overhang(merge), graph.overhang(merge)];
  for (const [at, branch] of branches.entries()) {
    const axis = axes[at] ?? 0;
    for (const [id, { x, y }] of branch.places) places.set(id, { x, y: y + axis });
    above = Math.max(above, branch.above - axis);
    below = Math.max(below, branch.below + axis);
  }
  // A wire past all branches arcs over them where one stands on the axis.
  const isDirect = sources.some((id) => !inner.has(id));
  const isTaken = axes.some((axis) => Math.abs(axis) < layoutCell.nodeHeight);
  return { ids, places, width: width + layoutCell.pitchX, above: above + (isDirect && isTaken ? arcRoom : 0), below };
}

/** One part that reads and feeds the outside from its middle cannot be cut further. */
function isTangled(graph: LayoutGraph, part: readonly string[], inner: ReadonlySet<string>, merge: string): boolean {
  const [first] = splitWords(graph, part);
  if (first?.length !== part.length) return false;
  // All of it is one word again: branches that do not meet before the merge, or a single node.
  return part.length > 1 && graph.predecessors(merge).filter((id) => inner.has(id)).length > 1;
}

/**
 * The axes of branches below each other: around the middle, or a short one beside a long one that keeps the line, on the side on which it
 * is read.
 */
function stack(branches: readonly Word[]): readonly number[] {
  const [a, b] = branches;
  if (branches.length === 2 && a !== undefined && b !== undefined) {
    const between = a.below + layoutCell.pitchY + b.above;
    const isSide = (one: Word, other: Word): boolean => 2 * (one.ids.length + 1) <= other.ids.length + 1;
    if (isSide(a, b)) return [-between, 0];
    if (isSide(b, a)) return [0, between];
  }
  const axes: number[] = [];
  let bottom = 0;
  for (const branch of branches) {
    const axis = axes.length === 0 ? 0 : bottom + layoutCell.pitchY + branch.above;
    axes.push(axis);
    bottom = axis + branch.below;
  }
  const middle = ((axes[0] ?? 0) + (axes.at(-1) ?? 0)) / 2;
  const centre = axes.length % 2 === 1 ? (axes[(axes.length - 1) / 2] ?? middle) : middle;
  return axes.map((axis) => axis - centre);
}

/** The parts of some nodes that no wire joins. */
function connectedParts(graph: LayoutGraph, ids: readonly string[], inner: ReadonlySet<string>): readonly string[][] {
  const partOf = new Map<string, number>();
  const parts: string[][] = [];
  for (const start of ids) {
    if (partOf.has(start)) continue;
    const stackOfIds = [start];
    partOf.set(start, parts.length);
    for (let id = stackOfIds.pop(); id !== undefined; id = stackOfIds.pop()) {
      for (const next of [...graph.successors(id), ...graph.predecessors(id)]) {
        if (!inner.has(next) || partOf.has(next)) continue;
        partOf.set(next, parts.length);
        stackOfIds.push(next);
      }
    }
    parts.push([]);
  }
  // In the graph's order within each.
  for (const id of ids) parts[partOf.get(id) ?? 0]?.push(id);
  return parts;
}

/** Lays out what is no parallel branches by layers, with its last node on the axis. */
function layoutTangle(graph: LayoutGraph, ids: readonly string[]): Word {
  const inside = new Set(ids);
  const entry = unusedId(inside);
  const wires = ids.flatMap((id) => {
    const sources = graph.predecessors(id);
    const own = sources.filter((from) => inside.has(from)).map((from) => ({ from, to: id }));
    return sources.some((from) => !inside.has(from)) ? [...own, { from: entry, to: id }] : own;
  });
  const placed =
    ids.length <= searchLimit ? placeLayered(graph, ids, entry, wires) : placeByRank(graph, ids, entry, wires);
  const left = Math.min(...ids.map((id) => placed.get(id)?.x ?? 0));
  const axis = placed.get(ids.at(-1) ?? '')?.y ?? 0;
  const places = new Map(
    ids.map((id) => {
      const place = placed.get(id) ?? { x: 0, y: 0 };
      return [id, { x: place.x - left, y: place.y - axis }];
    }),
  );
  const tops = [...places].map(([id, { y }]) => y - graph.overhang(id));
  const bottoms = [...places].map(([id, { y }]) => y + graph.overhang(id));
  const xs = [...places.values()].map(({ x }) => x);
  return {
    ids,
    places,
    width: Math.max(...xs) + layoutCell.pitchX,
    above: -Math.min(0, ...tops) + arcRoom,
    below: Math.max(0, ...bottoms),
  };
}

/** An id that no node has. */
function unusedId(ids: ReadonlySet<string>): string {
  let id = 'entry';
  while (ids.has(id)) id += ' ';
  return id;
}
