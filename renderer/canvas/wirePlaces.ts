import type { NetworkDocument, NetworkEdge, Position } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';

function moved(via: readonly Position[], { x, y }: Position): readonly Position[] {
  return via.map((place) => ({ x: place.x + x, y: place.y + y }));
}

/** How far both ends of a wire are from where they were, if it is equally far; null where it is not, or nowhere. */
function commonShift(from: readonly [Position, Position], to: readonly [Position, Position]): Position | null {
  const [first, second] = [0, 1].map((end) => ({
    x: (to[end]?.x ?? 0) - (from[end]?.x ?? 0),
    y: (to[end]?.y ?? 0) - (from[end]?.y ?? 0),
  }));
  if (first === undefined || first.x !== second?.x || first.y !== second.y) return null;
  return first.x === 0 && first.y === 0 ? null : first;
}

/** The edits that take the places of led wires along where both their ends are moved by the same. */
export function carriedWires(
  { nodes, edges }: NetworkDocument,
  positions: Readonly<Record<string, Position>>,
): readonly Edit[] {
  const led = edges.filter(
    ({ via, from, to }) => via && Object.hasOwn(positions, from) && Object.hasOwn(positions, to),
  );
  if (led.length === 0) return [];
  const before = new Map(nodes.map(({ id, position }) => [id, position]));
  return led.flatMap((edge): Edit[] => {
    const [a, b] = [before.get(edge.from), before.get(edge.to)];
    const [toA, toB] = [positions[edge.from], positions[edge.to]];
    if (!a || !b || !toA || !toB) return [];
    const shift = commonShift([a, b], [toA, toB]);
    return shift === null ? [] : [{ type: 'leadEdge', edge, via: moved(edge.via ?? [], shift) }];
  });
}

/** The edits that let wires run by themselves again: between nodes that are laid out anew, old places lead nowhere. */
export function freedWires({ edges }: NetworkDocument, isMoved: (id: string) => boolean = () => true): readonly Edit[] {
  return edges.flatMap((edge): Edit[] => {
    const isLed = (edge.via ?? []).length > 0;
    return isLed && (isMoved(edge.from) || isMoved(edge.to)) ? [{ type: 'leadEdge', edge, via: [] }] : [];
  });
}

/** An end of a wire on the canvas: where its node is shown, and where the document has it. */
type End = { readonly shown: Position | undefined; readonly own: Position | undefined };

/** The places of a wire as they are shown: with both ends while these are dragged alike or on their way, else where the document's are shown. */
export function shownPlaces(
  { via = [] }: NetworkEdge,
  source: End,
  target: End,
  toShown: (place: Position) => Position,
): readonly Position[] {
  if (via.length === 0 || !source.shown || !target.shown || !source.own || !target.own) return via;
  const shift = commonShift([source.own, target.own], [source.shown, target.shown]);
  return shift === null ? via.map(toShown) : moved(via, shift);
}
