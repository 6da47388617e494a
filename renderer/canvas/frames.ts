import { drawDocument, drawingExtent } from '../../shared/layout/drawing';
import type { Area } from '../../shared/layout/frames';
import type { NetworkDocument, NetworkNode, Position } from '../../shared/schema/document';
import type { OpenLevel } from '../session';
import { nodeHeight, nodeWidth } from './geometry';

/** Room around what is in a block that is open in its place, below its own card. */
const padding = 28;

/** How large a node is drawn. */
export type Extent = { readonly width: number; readonly height: number };

/** A block that is open in its place: what it holds, how large it is then, and from where its nodes are counted. */
export type Frame = Extent & { readonly level: OpenLevel; readonly origin: Position; readonly head: number };

const known = new WeakMap<NetworkDocument, Extent & { readonly origin: Position }>();

/** The room that the inside of a block takes, from its outermost nodes and the wires around them. */
function insideOf(document: NetworkDocument): Extent & { readonly origin: Position } {
  const before = known.get(document);
  if (before !== undefined) return before;
  const places = document.nodes.map(({ id, position }) => [id, position ?? { x: 0, y: 0 }] as const);
  const { left, top, right, bottom } = drawingExtent(drawDocument(document, Object.fromEntries(places)));
  const inside =
    document.nodes.length === 0
      ? { width: nodeWidth, height: 0, origin: { x: 0, y: 0 } }
      : { width: right - left, height: bottom - top, origin: { x: left, y: top } };
  known.set(document, inside);
  return inside;
}

/** The frame of a block: its card as it is when it is closed, with its inside below it. */
export function frameOf(level: OpenLevel, inputCount: number): Frame {
  const { width, height, origin } = insideOf(level.document);
  const head = nodeHeight(inputCount);
  return {
    level,
    width: width + 2 * padding,
    height: head + height + 2 * padding,
    // Where the inside's own zero lies, from the frame's corner.
    origin: { x: padding - origin.x, y: head + padding - origin.y },
    head,
  };
}

/** From here on along an axis, things are shown this much further on. */
type Step = { readonly id: string; readonly at: number; readonly by: number };

/** How a document's places are shown while blocks are open in theirs. The document knows nothing of it. */
export type Room = {
  /** Where a node, or with null anything else, is shown. */
  readonly toShown: (place: Position, id: string | null) => Position;
  /** The place in the document of what is shown somewhere. */
  readonly toDocument: (place: Position, id: string | null) => Position;
};

const noRoom: Room = { toShown: (place) => place, toDocument: (place) => place };

/** An area with each of its edges where a room has it: around an open block it is as much larger as that is. */
export function areaIn(where: (place: Position, id: null) => Position, { x, y, width, height }: Area): Area {
  const near = where({ x, y }, null);
  const far = where({ x: x + width, y: y + height }, null);
  return { ...near, width: far.x - near.x, height: far.y - near.y };
}

/**
 * Makes room for frames: whatever begins right of a closed card moves right by what its frame is wider, whatever begins below it down.
 * Frames in one column, or one row, share their room.
 */
export function makeFrameRoom(nodes: readonly NetworkNode[], frames: ReadonlyMap<string, Frame>): Room {
  if (frames.size === 0) return noRoom;
  const steps = { x: [] as Step[], y: [] as Step[] };
  for (const { id, position } of nodes) {
    const frame = frames.get(id);
    if (frame === undefined || position === undefined) continue;
    steps.x.push({ id, at: position.x + nodeWidth, by: Math.max(0, frame.width - nodeWidth) });
    steps.y.push({ id, at: position.y + frame.head, by: Math.max(0, frame.height - frame.head) });
  }
  const along = (axis: 'x' | 'y', id: string | null): readonly Step[] =>
    shared(steps[axis].filter((one) => one.id !== id));
  return {
    toShown: ({ x, y }, id) => ({ x: shift(x, along('x', id)), y: shift(y, along('y', id)) }),
    toDocument: ({ x, y }, id) => ({ x: unshift(x, along('x', id)), y: unshift(y, along('y', id)) }),
  };
}

/** Steps at one place are one, as large as the largest. */
function shared(steps: readonly Step[]): readonly Step[] {
  const byPlace = new Map<number, Step>();
  for (const step of steps) if (step.by > (byPlace.get(step.at)?.by ?? -1)) byPlace.set(step.at, step);
  return [...byPlace.values()].sort((a, b) => a.at - b.at);
}

function shift(value: number, steps: readonly Step[]): number {
  return steps.reduce((sum, { at, by }) => (value >= at ? sum + by : sum), value);
}

function unshift(shown: number, steps: readonly Step[]): number {
  let moved = 0;
  for (const { at, by } of steps) {
    if (shown < at + moved) break;
    // Within the room that was made there is no place of the document: what is put there begins behind it.
    if (shown < at + moved + by) return at;
    moved += by;
  }
  return shown - moved;
}
