import type { PointerEvent } from 'react';
import type { Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { canvasOf, sessionPart } from '../session';
import { toCanvas } from './view';

/** Where the pointer is over a session's canvas, and where its menu was opened, in window pixels; null where it is not. */
type Pointer = { over: Position | null; menu: Position | null };

const pointerOf = sessionPart((): Pointer => ({ over: null, menu: null }));

/** Follows the pointer over a session's canvas. */
export function pointerHandlers(session: Session) {
  const pointer = pointerOf(session);
  return {
    onPointerMove: ({ clientX: x, clientY: y }: PointerEvent): void => {
      pointer.over = { x, y };
    },
    onPointerLeave: (): void => {
      pointer.over = null;
    },
  };
}

/** Remembers where the menu was opened: the pointer is over the menu when an entry is chosen. */
export function openMenuAt(session: Session, point: Position): void {
  pointerOf(canvasOf(session)).menu = point;
}

/** Where the pointer is over the canvas, in window pixels; null where it is not. */
export function pointedAt(session: Session): Position | null {
  return pointerOf(canvasOf(session)).over;
}

/** The place on the canvas that is pointed at: by the pointer itself, or by the menu that an entry is chosen of. */
export function pointedPlace(session: Session, by: 'pointer' | 'menu'): Position | null {
  const { over, menu } = pointerOf(canvasOf(session));
  const point = by === 'menu' ? menu : over;
  return point === null ? null : toCanvas(session, point);
}
