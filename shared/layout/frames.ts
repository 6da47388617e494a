import type { Frame, NetworkDocument, NetworkNode, Position } from '../schema/document';
import { limits } from '../schema/limits';
import { layoutCell } from './geometry';
import { wrapText } from './textWidth';

/** A rectangle of the canvas, from its top left corner. */
export type Area = Position & { readonly width: number; readonly height: number };

/** How a frame is drawn: its bar with the title, the note below it, and the room around what it holds. */
export const frameStyle = { bar: 28, padding: 24, noteSize: 13, noteLine: 18, notePadding: 12 } as const;

/** A frame that is dragged smaller than this could not be taken hold of again. */
export const smallestFrame = { width: 96, height: 56 } as const;

export function areaOfFrame({ position, size }: Frame): Area {
  return { ...position, ...size };
}

/** The frame at another place, in whole pixels. */
export function frameAt(frame: Frame, { x, y, width, height }: Area): Frame {
  const [left, top] = [Math.round(x), Math.round(y)];
  const side = (from: number, to: number): number => Math.min(limits.frameSide, Math.max(1, Math.round(to) - from));
  return {
    ...frame,
    position: { x: left, y: top },
    size: { width: side(left, x + width), height: side(top, y + height) },
  };
}

/** Where the card of a node is. */
export function cardArea({ x, y }: Position): Area {
  return { x, y, width: layoutCell.nodeWidth, height: layoutCell.nodeHeight };
}

/** The area around several; undefined around none. */
export function areaAround(areas: Iterable<Area>): Area | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of areas) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

function aroundCards(places: readonly (Position | undefined)[]): Area | undefined {
  return areaAround(places.flatMap((place) => (place === undefined ? [] : [cardArea(place)])));
}

/** True when two areas have more than an edge in common. */
export function areOverlapping(a: Area, b: Area): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** True when the middle of a card at this place lies in a frame. */
export function holdsCard({ position, size }: Frame, place: Position): boolean {
  const x = place.x + layoutCell.nodeWidth / 2;
  const y = place.y + layoutCell.nodeHeight / 2;
  return x >= position.x && x < position.x + size.width && y >= position.y && y < position.y + size.height;
}

/** The ids of the nodes that a frame holds. */
export function heldNodes(frame: Frame, nodes: readonly NetworkNode[]): readonly string[] {
  return nodes.flatMap(({ id, position }) => (position !== undefined && holdsCard(frame, position) ? [id] : []));
}

/** The frames that lie within another, which it takes along. Of two with the same area neither holds the other. */
export function heldFrames(frame: Frame, frames: readonly Frame[]): readonly Frame[] {
  const outer = areaOfFrame(frame);
  return framesIn(outer, frames).filter(({ size }) => size.width * size.height < outer.width * outer.height);
}

/** The frames that lie wholly in an area. */
export function framesIn(outer: Area, frames: readonly Frame[]): readonly Frame[] {
  return frames.filter((frame) => {
    const { x, y, width, height } = areaOfFrame(frame);
    return x >= outer.x && y >= outer.y && x + width <= outer.x + outer.width && y + height <= outer.y + outer.height;
  });
}

/** Room between a frame's upper edge and what it holds: for the bar with its title, and for its note at this width. */
export function roomAbove(note: string | undefined, width: number): number {
  const { bar, padding } = frameStyle;
  return bar + (note === undefined || note === '' ? padding - 8 : noteHeight(note, width) + 8);
}

function noteHeight(note: string, width: number): number {
  const { noteSize, noteLine, notePadding } = frameStyle;
  return wrapText(note, noteSize, Math.max(noteSize, width - 2 * notePadding)).length * noteLine + notePadding;
}

/** The area of a frame with this note around what it is to hold. */
export function frameAreaAround(held: Area, note?: string): Area {
  const { padding } = frameStyle;
  const width = held.width + 2 * padding;
  const above = roomAbove(note, width);
  return { x: held.x - padding, y: held.y - above, width, height: held.height + above + padding };
}

/** What a frame is to be around: the cards and the frames within it. */
export function contentsOf(frame: Frame, { nodes, frames = [] }: Pick<NetworkDocument, 'nodes' | 'frames'>) {
  const ids = new Set(heldNodes(frame, nodes));
  const cards = nodes.flatMap(({ id, position }) => (ids.has(id) && position ? [cardArea(position)] : []));
  const inner = heldFrames(frame, frames);
  return { nodes: ids, frames: inner, area: areaAround([...cards, ...inner.map(areaOfFrame)]) };
}

/**
 * The frames of a document whose nodes were moved by something that knows nothing of frames: the edges of each follow those of what it
 * held, so that it goes on holding that. Where all that went was in a frame, what came in its place is so, too: a group is one card then.
 */
export function keepAround(before: NetworkDocument, after: NetworkDocument): NetworkDocument {
  const { frames } = after;
  if (frames === undefined || before.frames === undefined || before.nodes === after.nodes) return after;
  const places = new Map(after.nodes.map(({ id, position }) => [id, position]));
  const known = new Map(before.frames.map((frame) => [frame.id, frame]));
  const ids = new Set(before.nodes.map(({ id }) => id));
  const gone = before.nodes.filter(({ id }) => !places.has(id));
  const fresh = after.nodes.filter(({ id, position }) => position && !ids.has(id));
  const kept = frames.map((frame) => {
    const old = known.get(frame.id);
    const held = old === undefined ? [] : before.nodes.filter(({ position }) => position && holdsCard(old, position));
    const stayed = held.filter(({ id }) => places.get(id) !== undefined);
    const isReplaced = gone.length > 0 && fresh.length > 0 && gone.every((node) => held.includes(node));
    const from = aroundCards((isReplaced ? held : stayed).map(({ position }) => position));
    const to = aroundCards([...stayed, ...(isReplaced ? fresh : [])].map(({ id }) => places.get(id)));
    if (from === undefined || to === undefined) return frame;
    const area = areaOfFrame(frame);
    const [x, y] = [area.x + to.x - from.x, area.y + to.y - from.y];
    const [width, height] = [area.width + to.width - from.width, area.height + to.height - from.height];
    const isSame = x === area.x && y === area.y && width === area.width && height === area.height;
    return isSame ? frame : frameAt(frame, { x, y, width, height });
  });
  return kept.every((frame, at) => frame === frames[at]) ? after : { ...after, frames: kept };
}
