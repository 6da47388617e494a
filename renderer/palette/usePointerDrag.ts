import type { PointerEvent } from 'react';
import { useRef } from 'react';
import type { Position } from '../../shared/schema/document';

/** A finger moves this far before it drags rather than taps. */
const dragThreshold = 6;

type PointerDrag = {
  readonly onBegin: (at: Position) => void;
  readonly onMove: (at: Position) => void;
  readonly onDrop: (at: Position) => void;
  /** After a drop as well as without one. */
  readonly onEnd: () => void;
};

/** The browser's drag and drop knows no fingers and no pens: these drag with the pointer itself. Upwards and downwards they scroll. */
export function usePointerDrag({ onBegin, onMove, onDrop, onEnd }: PointerDrag) {
  const start = useRef<Position | null>(null);
  const isDragging = useRef(false);
  const end = (): void => {
    start.current = null;
    isDragging.current = false;
    onEnd();
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if (event.pointerType === 'mouse') return;
      start.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: ({ clientX: x, clientY: y }: PointerEvent): void => {
      const { current } = start;
      if (!current) return;
      if (!isDragging.current) {
        if (Math.hypot(x - current.x, y - current.y) < dragThreshold) return;
        isDragging.current = true;
        onBegin({ x, y });
      }
      onMove({ x, y });
    },
    onPointerUp: ({ clientX: x, clientY: y }: PointerEvent): void => {
      if (start.current === null) return;
      if (isDragging.current) onDrop({ x, y });
      end();
    },
    onPointerCancel: (): void => {
      // The browser cancels a mouse's pointer as its own drag begins, which goes on.
      if (start.current !== null) end();
    },
  };
}
