import type { LayerRegistry } from '../layers/registry';
import type { Frame, NetworkDocument, NetworkEdge, Position } from '../schema/document';
import {
  areaAround,
  areaOfFrame,
  cardArea,
  contentsOf,
  frameAreaAround,
  frameAt,
  heldFrames,
  holdsCard,
  roomAbove,
  type Area,
} from './frames';
import { layoutCell, layoutNetwork, type Layout } from './layoutNetwork';

/** Where everything on the canvas goes. `frames` are all of the document's, in its order. */
export type Tidied = { readonly positions: Layout; readonly frames: readonly Frame[] };

/** A frame with what it holds, laid out by itself from (0, 0), and the node that stands for it outside. */
type Island = {
  readonly frame: Frame;
  readonly ids: ReadonlySet<string>;
  readonly first: string;
  readonly inside: Tidied;
  readonly area: Area;
};

/**
 * As {@link layoutNetwork}, with frames: what a frame holds is laid out by itself and stands in the network as one, so that nothing else
 * comes to lie in it. A frame that holds nothing is a note, and gives way where a card would come to lie under it.
 */
export function tidyIslands(document: NetworkDocument, layers?: LayerRegistry): Tidied {
  const { frames = [] } = document;
  const islands = islandsOf(document, layers);
  if (islands.length === 0) {
    const positions = layoutNetwork(document, layers);
    return { positions, frames: besideCards(frames, positions) };
  }
  const base = layoutNetwork(contracted(document, islands), layers);
  const spread = spreadFor(islands, base);
  const positions = new Map<string, Position>();
  const moved = new Map<string, Frame>();
  const standing = new Map(islands.map((island) => [island.first, island]));
  for (const [id, place] of Object.entries(base)) {
    const island = standing.get(id);
    const at = spread(place);
    if (island === undefined) {
      positions.set(id, at);
      continue;
    }
    const { frame, area, inside } = island;
    const frameArea = { ...area, x: at.x, y: at.y - roomAbove(frame.note, area.width) };
    // The inside begins at (0, 0); its place in the frame is where the frame's own room ends.
    const shift = { x: at.x - area.x, y: at.y - area.y - roomAbove(frame.note, area.width) };
    for (const [inner, { x, y }] of Object.entries(inside.positions)) {
      positions.set(inner, { x: x + shift.x, y: y + shift.y });
    }
    for (const inner of inside.frames) {
      const own = areaOfFrame(inner);
      moved.set(inner.id, frameAt(inner, { ...own, x: own.x + shift.x, y: own.y + shift.y }));
    }
    moved.set(frame.id, frameAt(frame, frameArea));
  }
  const places = Object.fromEntries(positions);
  const others = frames.filter(({ id }) => !moved.has(id));
  const crossing = others.flatMap((frame) => aroundItsOwn(frame, document, places) ?? []);
  const notes = others.filter(({ id }) => !crossing.some((frame) => frame.id === id));
  const all = new Map(
    [...moved.values(), ...crossing, ...besideCards(notes, places)].map((frame) => [frame.id, frame]),
  );
  return { positions: places, frames: frames.map((frame) => all.get(frame.id) ?? frame) };
}

/** The outermost frames that hold something, the largest first; a node is in one of them at most. */
function islandsOf(document: NetworkDocument, layers?: LayerRegistry): readonly Island[] {
  const { nodes, frames = [] } = document;
  const size = ({ size: { width, height } }: Frame): number => width * height;
  const taken = new Set<string>();
  const inner = new Set<string>();
  const islands: Island[] = [];
  for (const frame of [...frames].sort((a, b) => size(b) - size(a))) {
    if (inner.has(frame.id)) continue;
    const contents = contentsOf(frame, document);
    const ids = joined(new Set([...contents.nodes].filter((id) => !taken.has(id))), document, taken);
    const first = nodes.find(({ id }) => ids.has(id))?.id;
    if (first === undefined) continue;
    for (const id of ids) taken.add(id);
    const within = heldFrames(frame, frames).filter(({ id }) => !inner.has(id));
    for (const { id } of within) inner.add(id);
    const inside = tidyIslands(
      {
        ...document,
        nodes: nodes.filter(({ id }) => ids.has(id)),
        edges: document.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
        frames: within,
      },
      layers,
    );
    const cards = Object.values(inside.positions).map(cardArea);
    const held = areaAround([...cards, ...inside.frames.map(areaOfFrame)]);
    if (held !== undefined) islands.push({ frame, ids, first, inside, area: frameAreaAround(held, frame.note) });
  }
  return islands;
}

/** With the nodes that have no place yet and that only what a frame holds reads and feeds: they are put in between. */
function joined(held: Set<string>, document: NetworkDocument, taken: ReadonlySet<string>): ReadonlySet<string> {
  if (held.size === 0) return held;
  const open = new Set(document.nodes.flatMap(({ id, position }) => (position ? [] : [id])));
  const reached = (id: string, way: 'from' | 'to'): boolean => {
    const other = way === 'from' ? 'to' : 'from';
    const ends = document.edges.filter((edge) => edge[other] === id).map((edge) => edge[way]);
    return ends.length > 0 && ends.every((end) => held.has(end) || open.has(end));
  };
  const newcomers = [...open].filter((id) => !taken.has(id) && reached(id, 'from') && reached(id, 'to'));
  const isFed = (id: string): boolean => document.edges.some(({ from, to }) => to === id && held.has(from));
  if (newcomers.some(isFed)) for (const id of newcomers) held.add(id);
  return held;
}

/** The network with one node for each island. */
function contracted(document: NetworkDocument, islands: readonly Island[]): NetworkDocument {
  const standIn = new Map(islands.flatMap(({ ids, first }) => [...ids].map((id) => [id, first] as const)));
  const seen = new Set<string>();
  const edges = document.edges.flatMap((edge): NetworkEdge[] => {
    const [from, to] = [standIn.get(edge.from) ?? edge.from, standIn.get(edge.to) ?? edge.to];
    const key = JSON.stringify([from, to]);
    if (from === edge.from && to === edge.to) return [edge];
    if (from === to || seen.has(key)) return [];
    seen.add(key);
    return [{ ...edge, from, to }];
  });
  const nodes = document.nodes.filter(({ id }) => (standIn.get(id) ?? id) === id);
  return { ...document, nodes, edges };
}

/** Moves places apart so that each island has room where one card stood: what is right of it to the right, what is below further down. */
function spreadFor(islands: readonly Island[], base: Layout): (place: Position) => Position {
  const across = new Map<number, number>();
  const above = new Map<number, number>();
  const below = new Map<number, number>();
  const raise = (map: Map<number, number>, at: number, by: number): void => {
    map.set(at, Math.max(map.get(at) ?? 0, by));
  };
  for (const { first, frame, area } of islands) {
    const place = base[first];
    if (place === undefined) continue;
    const room = roomAbove(frame.note, area.width);
    raise(across, place.x, area.width - layoutCell.nodeWidth);
    raise(above, place.y, room);
    raise(below, place.y, area.height - room - layoutCell.nodeHeight);
  }
  const sum = (map: ReadonlyMap<number, number>, isPassed: (at: number) => boolean): number =>
    [...map].reduce((total, [at, by]) => (isPassed(at) ? total + by : total), 0);
  return ({ x, y }) => ({
    x: onGrid(x + sum(across, (at) => at < x)),
    y: onGrid(y + sum(above, (at) => at <= y) + sum(below, (at) => at < y)),
  });
}

function onGrid(value: number): number {
  return Math.round(value / 4) * 4;
}

/** A frame all of whose nodes another holds as well, around them; null for one that holds none. */
function aroundItsOwn(frame: Frame, document: NetworkDocument, places: Layout): Frame | null {
  const held = areaAround(
    [...contentsOf(frame, document).nodes].flatMap((id) => {
      const place = places[id];
      return place === undefined ? [] : [cardArea(place)];
    }),
  );
  return held === undefined ? null : frameAt(frame, frameAreaAround(held, frame.note));
}

/** Frames that hold no card at these places: those that would come to, go into a line above them all. */
function besideCards(frames: readonly Frame[], positions: Layout): readonly Frame[] {
  const places = Object.values(positions);
  const all = areaAround(places.map(cardArea));
  if (all === undefined) return frames;
  let x = all.x;
  return frames.map((frame) => {
    if (!places.some((place) => holdsCard(frame, place))) return frame;
    const { width, height } = frame.size;
    const at = { x, y: all.y - height - layoutCell.nodeHeight / 2, width, height };
    x += width + layoutCell.nodeHeight / 2;
    return frameAt(frame, at);
  });
}
