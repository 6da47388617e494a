import type { NetworkDocument, NetworkNode, Position } from '../../shared/schema/document';
import { keepAround } from '../../shared/layout/frames';
import { layoutCell, layoutNetwork } from '../../shared/layout/layoutNetwork';
import { layoutAround, tidyNetwork } from '../../shared/layout/tidy';

/** Above this many nodes a tidy network is not laid out again at each insertion: the layout would be felt. */
const retidyLimit = 120;

/** For more new nodes than this there is no room to be made in a line: they are laid out around what has its place. */
const roomLimit = 2;

/** The document with a place for each node: laid out as a whole when nothing has one, else beside its neighbours. */
export function placeAll(document: NetworkDocument): NetworkDocument {
  if (document.nodes.every((node) => node.position)) return document;
  if (!document.nodes.some((node) => node.position)) return withPositions(document, layoutNetwork(document));
  const positions = new Map<string, Position>();
  for (const node of document.nodes) if (node.position) positions.set(node.id, node.position);
  const isMany = document.nodes.length - positions.size > roomLimit;
  if (isMany) return withPositions(document, layoutAround(document, positions));
  for (const node of document.nodes) {
    if (positions.has(node.id)) continue;
    makeRoom(document, node, positions);
  }
  return withPositions(document, Object.fromEntries(positions));
}

/**
 * Places the nodes that an edit brought without a position. A network that was tidy before stays tidy; in one that was arranged
 * by hand the newcomer gets room behind its source, and what stood there in the same line moves on by one cell.
 */
export function placeNewNodes(before: NetworkDocument, after: NetworkDocument): NetworkDocument {
  if (after.nodes.every((node) => node.position)) return after;
  if (!isTidy(before)) return keepAround(before, placeAll(after));
  const { positions, frames } = tidyNetwork(after);
  const placed = withPositions(after, positions);
  return after.frames === undefined ? placed : { ...placed, frames };
}

/** True when every node stands where the layout would put it, so that laying out again surprises nobody. */
export function isTidy(document: NetworkDocument): boolean {
  if (document.nodes.length > retidyLimit) return false;
  const tidy = tidyNetwork(document).positions;
  return document.nodes.every((node) => {
    const place = tidy[node.id];
    return place !== undefined && node.position?.x === place.x && node.position.y === place.y;
  });
}

/** The document with these positions; a node keeps its identity where its place does not change. */
export function withPositions(
  document: NetworkDocument,
  positions: { readonly [id: string]: Position },
): NetworkDocument {
  const nodes = document.nodes.map((node) => {
    const position = positions[node.id];
    if (!position || (node.position?.x === position.x && node.position.y === position.y)) return node;
    return { ...node, position };
  });
  return { ...document, nodes };
}

function makeRoom(document: NetworkDocument, node: NetworkNode, positions: Map<string, Position>): void {
  const sources = document.edges.flatMap((edge) => (edge.to === node.id ? [positions.get(edge.from)] : []));
  const targets = document.edges.flatMap((edge) => (edge.from === node.id ? [positions.get(edge.to)] : []));
  const source = sources.find((position) => position !== undefined);
  const target = targets.find((position) => position !== undefined);
  const place = source
    ? { x: source.x + layoutCell.pitchX, y: source.y }
    : target
      ? { x: target.x - layoutCell.pitchX, y: target.y }
      : freeCorner(positions);
  const pinned = new Set(document.nodes.flatMap(({ id, pinned: is }) => (is === true ? [id] : [])));
  const isMade = source === undefined || shiftLine(positions, place, pinned);
  positions.set(node.id, isMade ? place : (layoutAround(document, positions)[node.id] ?? place));
}

/** Below everything, at the left. */
function freeCorner(positions: ReadonlyMap<string, Position>): Position {
  let left = Infinity;
  let bottom = -Infinity;
  for (const { x, y } of positions.values()) {
    left = Math.min(left, x);
    bottom = Math.max(bottom, y);
  }
  return positions.size === 0 ? { x: 0, y: 0 } : { x: left, y: bottom + layoutCell.pitchY };
}

/**
 * Moves what stands at `place` or right of it in the same line by one cell, if the place is taken. False where something pinned would have
 * to move.
 */
function shiftLine(positions: Map<string, Position>, place: Position, pinned: ReadonlySet<string>): boolean {
  const inLine = [...positions].filter(
    ([, { x, y }]) => Math.abs(y - place.y) < layoutCell.nodeHeight && x > place.x - layoutCell.nodeWidth,
  );
  if (!inLine.some(([, { x }]) => x < place.x + layoutCell.nodeWidth)) return true;
  if (inLine.some(([id]) => pinned.has(id))) return false;
  for (const [id, { x, y }] of inLine) positions.set(id, { x: x + layoutCell.pitchX, y });
  return true;
}
