import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, NetworkNode, Position } from '../schema/document';
import { keepAround } from './frames';
import { tidyIslands, type Tidied } from './islands';
import { extentOf, extentOfBox, indexBoxes, overlap, type Box, type Extent } from './boxes';
import { drawnNode } from './drawing';
import { framesOf, layoutCell, type NodeFrame } from './geometry';
import { layoutNetwork, type Layout } from './layoutNetwork';

/**
 * Places a network's nodes anew, or only some of them. What is pinned stays where it is, and so does what was not asked for; what is
 * placed keeps clear of both. Nodes without a position are always placed. Gives the places of all nodes.
 */
export function tidyPlaces(document: NetworkDocument, ids?: ReadonlySet<string>, layers?: LayerRegistry): Layout {
  const stays = ({ id, position, pinned }: NetworkNode): boolean =>
    position !== undefined && (pinned === true || ids?.has(id) === false);
  const fixed = new Map(
    document.nodes.flatMap((node): [string, Position][] =>
      node.position && stays(node) ? [[node.id, node.position]] : [],
    ),
  );
  if (fixed.size === 0) return layoutNetwork(document, layers);
  const isMoved = document.nodes.some(({ id, position }) => position !== undefined && !fixed.has(id));
  return ids !== undefined && isMoved ? layoutInPlace(document, fixed, layers) : layoutAround(document, fixed, layers);
}

/**
 * As {@link tidyPlaces}, with the frames around what they hold. Where nothing stays in its place, what a frame holds is laid out by itself
 * and stands in the network as one; else frames follow what they hold.
 */
export function tidyNetwork(document: NetworkDocument, ids?: ReadonlySet<string>, layers?: LayerRegistry): Tidied {
  const { nodes, frames = [] } = document;
  const isWhole = ids === undefined && !nodes.some(({ pinned, position }) => pinned === true && position !== undefined);
  if (isWhole && frames.length > 0) return tidyIslands(document, layers);
  const positions = tidyPlaces(document, ids, layers);
  if (frames.length === 0) return { positions, frames };
  const placed = nodes.map((node) => ({ ...node, position: positions[node.id] ?? node.position ?? { x: 0, y: 0 } }));
  return { positions, frames: keepAround(document, { ...document, nodes: placed }).frames ?? frames };
}

/** Lays out what is not fixed by itself, where it was. */
function layoutInPlace(
  document: NetworkDocument,
  fixed: ReadonlyMap<string, Position>,
  layers?: LayerRegistry,
): Layout {
  const nodes = document.nodes.filter(({ id }) => !fixed.has(id));
  const inside = new Set(nodes.map(({ id }) => id));
  const edges = document.edges.filter(({ from, to }) => inside.has(from) && inside.has(to));
  const places = new Map(Object.entries(layoutNetwork({ ...document, nodes, edges }, layers)));
  const before = extentOf(nodes.flatMap(({ position }) => (position ? [position] : [])));
  const after = extentOf([...places.values()]);
  const board = createBoard(framesOf(document, layers), fixed);
  board.put(places, { x: before.left - after.left, y: before.top - after.top });
  return board.layout();
}

/** Puts what is not fixed where the layout of the whole would have it, seen from its fixed neighbours. */
export function layoutAround(
  document: NetworkDocument,
  fixed: ReadonlyMap<string, Position>,
  layers?: LayerRegistry,
): Layout {
  const whole = new Map(Object.entries(layoutNetwork(document, layers)));
  const board = createBoard(framesOf(document, layers), fixed);
  for (const { ids, neighbours } of looseParts(document, fixed)) {
    const shifts = neighbours.flatMap((id): Position[] => {
      const [from, to] = [whole.get(id), fixed.get(id)];
      return from && to ? [{ x: to.x - from.x, y: to.y - from.y }] : [];
    });
    const places = new Map(ids.map((id) => [id, whole.get(id) ?? { x: 0, y: 0 }]));
    const middle = { x: median(shifts.map(({ x }) => x)), y: median(shifts.map(({ y }) => y)) };
    // A few stay together; of many, only those give way that lie on what is fixed.
    if (ids.length <= togetherLimit) board.put(places, middle);
    else for (const [id, place] of places) board.put(new Map([[id, place]]), middle);
  }
  return board.layout();
}

/** So many nodes are moved as one to where there is room for them. */
const togetherLimit = 12;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

type LoosePart = { readonly ids: readonly string[]; readonly neighbours: readonly string[] };

/** What hangs together without the fixed nodes, each part with those that it is wired to. */
function looseParts({ nodes, edges }: NetworkDocument, fixed: ReadonlyMap<string, Position>): readonly LoosePart[] {
  const wired = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    wired.get(from)?.push(to);
    wired.get(to)?.push(from);
  }
  const seen = new Set<string>();
  return nodes.flatMap(({ id: start }): readonly LoosePart[] => {
    if (fixed.has(start) || seen.has(start)) return [];
    const [ids, neighbours, open] = [new Set<string>(), new Set<string>(), [start]];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      ids.add(id);
      for (const next of wired.get(id) ?? []) {
        if (fixed.has(next)) neighbours.add(next);
        else if (wired.has(next)) open.push(next);
      }
    }
    // In the document's order, whichever way they were found.
    return [{ ids: nodes.flatMap(({ id }) => (ids.has(id) ? [id] : [])), neighbours: [...neighbours] }];
  });
}

/** Steps in which room is looked for, and how many of them away. */
const step = { x: layoutCell.pitchX / 2, y: layoutCell.pitchY / 2 } as const;
const farthest = 14;
/** What nodes keep from each other. */
const clearance = 12;

/** Moves from near to far. */
const moves: readonly Position[] = Array.from({ length: (2 * farthest + 1) ** 2 }, (_, at) => ({
  x: (at % (2 * farthest + 1)) - farthest,
  y: Math.floor(at / (2 * farthest + 1)) - farthest,
}))
  .map(({ x, y }) => ({ x: x * step.x, y: y * step.y }))
  .sort((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y));

/** A canvas on which some nodes stand, and others find room. */
function createBoard(frames: ReadonlyMap<string, NodeFrame>, fixed: ReadonlyMap<string, Position>) {
  const boxOf = (id: string, place: Position): Box => drawnNode(place, frames.get(id) ?? { inputs: 1, isOpen: false });
  const placed = new Map(fixed);
  const standing = indexBoxes([...fixed].map(([id, place]) => boxOf(id, place)));
  const added: Extent[] = [];
  const isFree = (box: Box): boolean => {
    const extent = extentOfBox(box, clearance);
    return standing.near(extent).length === 0 && !added.some((other) => overlap(other, extent));
  };
  return {
    /** Puts nodes at their places, moved by a shift and on to the next room that there is for all of them. */
    put: (places: ReadonlyMap<string, Position>, shift: Position): void => {
      const boxes = [...places].map(([id, { x, y }]) => boxOf(id, { x: x + shift.x, y: y + shift.y }));
      const move = moves.find(({ x, y }) => boxes.every((box) => isFree({ ...box, x: box.x + x, y: box.y + y })));
      const { x, y } = move ?? below(boxes);
      for (const [at, id] of [...places.keys()].entries()) {
        const box = boxes[at];
        if (box === undefined) continue;
        const there = { x: Math.round(box.x + x), y: Math.round(box.y + y) };
        placed.set(id, there);
        added.push(extentOfBox(boxOf(id, there)));
      }
    },
    layout: (): Layout => Object.fromEntries(placed),
  };
  /** The move under everything, where there is always room. */
  function below(boxes: readonly Box[]): Position {
    const bottom = Math.max(...[...placed].map(([id, place]) => extentOfBox(boxOf(id, place)).bottom));
    return { x: 0, y: bottom + layoutCell.pitchY - Math.min(...boxes.map(({ y }) => y)) };
  }
}
