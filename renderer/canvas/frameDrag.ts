import type { PointerEvent } from 'react';
import { areaOfFrame, smallestFrame, type Area } from '../../shared/layout/frames';
import type { Frame, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { snap } from './actions';
import { flowOf } from './flow';
import { selectedFrameIds, selectFrames, showFramesAt } from './frameStore';
import { movedWithFrames, moveFrames, resizeFrame } from './framing';
import { zoomOf } from './view';

/** Where a frame is taken hold of: its bar, or one of its edges and corners by the sides that they move. */
export const grips = ['n', 'e', 's', 'w', 'ne', 'nw', 'se', 'sw'] as const;
export type Grip = (typeof grips)[number];

/** A hand that trembles on a click does not move what is clicked, in window pixels. */
const threshold = 3;

/** Follows the pointer until it is let go, in canvas pixels; Escape takes back what it did. */
export function followPointer(
  session: Session,
  event: PointerEvent,
  { show, keep, end }: { show: (shift: Position) => void; keep: (shift: Position) => void; end: () => void },
): void {
  const { clientX, clientY, pointerId } = event;
  const shiftOf = (now: globalThis.PointerEvent): Position => {
    const zoom = zoomOf(session);
    return snap({ x: (now.clientX - clientX) / zoom, y: (now.clientY - clientY) / zoom });
  };
  let hasMoved = false;
  const onMove = (now: globalThis.PointerEvent): void => {
    if (now.pointerId !== pointerId) return;
    hasMoved ||= Math.hypot(now.clientX - clientX, now.clientY - clientY) > threshold;
    if (hasMoved) show(shiftOf(now));
  };
  const stop = (): void => {
    removeEventListener('pointermove', onMove);
    removeEventListener('pointerup', onUp);
    removeEventListener('pointercancel', stop);
    removeEventListener('keydown', onKey, true);
    end();
  };
  const onUp = (now: globalThis.PointerEvent): void => {
    if (now.pointerId !== pointerId) return;
    // The document learns the places first: letting go of the shown ones before would flash the old.
    if (hasMoved) keep(shiftOf(now));
    stop();
  };
  const onKey = (pressed: KeyboardEvent): void => {
    if (pressed.key !== 'Escape') return;
    pressed.stopPropagation();
    stop();
  };
  addEventListener('pointermove', onMove);
  addEventListener('pointerup', onUp);
  addEventListener('pointercancel', stop);
  addEventListener('keydown', onKey, true);
}

/** Selects a frame that is pressed, and moves it with all that it holds. */
export function dragFrame(session: Session, id: string, event: PointerEvent): void {
  if (event.button !== 0) return;
  const isFurther = event.shiftKey || event.metaKey || event.ctrlKey;
  if (isFurther || !selectedFrameIds(session).has(id)) selectFrames(session, [id], isFurther);
  const { frames, nodes } = movedWithFrames(session);
  const flow = flowOf(session);
  const places = [...nodes].flatMap((node): [string, Position][] => {
    const place = flow.shownPlace(node);
    return place === undefined ? [] : [[node, place]];
  });
  const areas = frames.map((frame) => [frame.id, flow.shownArea(areaOfFrame(frame))] as const);
  const at = ({ x, y }: Position, shift: Position): Position => ({ x: x + shift.x, y: y + shift.y });
  followPointer(session, event, {
    show: (shift) => {
      flow.showAt(new Map(places.map(([node, place]) => [node, at(place, shift)])));
      showFramesAt(session, new Map(areas.map(([frame, area]) => [frame, { ...area, ...at(area, shift) }])));
    },
    keep: (shift) => moveFrames(session, shift),
    end: () => {
      flow.showAt(new Map());
      showFramesAt(session, new Map());
    },
  });
}

/** Where a frame is once a side or a corner of it is moved; never smaller than can be taken hold of. */
export function resized({ x, y, width, height }: Area, grip: Grip, shift: Position): Area {
  const side = (size: number, by: number, smallest: number): number => Math.max(Math.min(smallest, size), size + by);
  const west = grip.includes('w');
  const north = grip.includes('n');
  const nextWidth = grip.includes('e') || west ? side(width, west ? -shift.x : shift.x, smallestFrame.width) : width;
  const nextHeight =
    grip.includes('s') || north ? side(height, north ? -shift.y : shift.y, smallestFrame.height) : height;
  return {
    x: west ? x + width - nextWidth : x,
    y: north ? y + height - nextHeight : y,
    width: nextWidth,
    height: nextHeight,
  };
}

/** Resizes a frame by an edge or a corner; what it holds stays where it is. */
export function dragGrip(session: Session, frame: Frame, grip: Grip, event: PointerEvent): void {
  if (event.button !== 0) return;
  event.stopPropagation();
  const flow = flowOf(session);
  const before = flow.shownArea(areaOfFrame(frame));
  followPointer(session, event, {
    show: (shift) => showFramesAt(session, new Map([[frame.id, resized(before, grip, shift)]])),
    keep: (shift) => resizeFrame(session, frame, flow.documentArea(resized(before, grip, shift))),
    end: () => showFramesAt(session, new Map()),
  });
}
