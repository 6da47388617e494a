import type { PointerEvent as ReactPointerEvent, RefObject } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Box } from '../../shared/figures/figure';

/** What is seen of a figure: by how much it is larger than when it fits, and where its middle has been moved to, in its own units. */
type Camera = { readonly zoom: number; readonly x: number; readonly y: number };

const whole: Camera = { zoom: 1, x: 0, y: 0 };
const range = { least: 0.5, most: 12 } as const;
const step = 1.25;

/** A window on a figure that is zoomed with the wheel and the tools, and moved by dragging or scrolling. */
export function useCamera(frame: Box, svg: RefObject<SVGSVGElement | null>) {
  const [camera, setCamera] = useState(whole);
  const fingers = useRef(0);
  const zoomBy = useCallback((factor: number) => {
    setCamera((now) => ({ ...now, zoom: Math.min(range.most, Math.max(range.least, now.zoom * factor)) }));
  }, []);
  const moveBy = useCallback((element: SVGSVGElement, dx: number, dy: number) => {
    // A pixel of the screen in units of the figure, as it is drawn now.
    const perUnit = element.getScreenCTM()?.a ?? 1;
    setCamera((now) => ({ ...now, x: now.x - dx / perUnit, y: now.y - dy / perUnit }));
  }, []);
  useEffect(() => {
    const element = svg.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) zoomBy(Math.exp(-event.deltaY * 0.004));
      else moveBy(element, -event.deltaX, -event.deltaY);
    };
    // React listens to wheels passively, and could not keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [svg, zoomBy, moveBy]);
  useEffect(() => {
    const element = svg.current;
    if (element === null) return undefined;
    let before: readonly Touch[] = [];
    const spread = ([a, b]: readonly Touch[]): number =>
      a && b ? Math.max(1, Math.hypot(b.clientX - a.clientX, b.clientY - a.clientY)) : 1;
    const middle = (touches: readonly Touch[], side: 'clientX' | 'clientY'): number =>
      touches.reduce((sum, touch) => sum + touch[side], 0) / touches.length;
    const onTouch = (event: TouchEvent): void => {
      const touches = [...event.touches];
      // One finger drags, as a mouse does; with another number of them than before, where they are now is where they begin.
      if (event.type === 'touchmove' && touches.length >= 2 && touches.length === before.length) {
        event.preventDefault();
        zoomBy(spread(touches) / spread(before));
        moveBy(
          element,
          middle(touches, 'clientX') - middle(before, 'clientX'),
          middle(touches, 'clientY') - middle(before, 'clientY'),
        );
      }
      before = touches;
      fingers.current = touches.length;
    };
    const kinds = ['touchstart', 'touchmove', 'touchend', 'touchcancel'] as const;
    for (const kind of kinds) element.addEventListener(kind, onTouch, { passive: false });
    return () => {
      for (const kind of kinds) element.removeEventListener(kind, onTouch);
    };
  }, [svg, zoomBy, moveBy]);
  const [width, height] = [frame.width / camera.zoom, frame.height / camera.zoom];
  const viewBox = [
    frame.x + camera.x + (frame.width - width) / 2,
    frame.y + camera.y + (frame.height - height) / 2,
    width,
    height,
  ].join(' ');
  return {
    viewBox,
    zoomIn: () => zoomBy(step),
    zoomOut: () => zoomBy(1 / step),
    fit: () => setCamera(whole),
    onPointerMove: (event: ReactPointerEvent<SVGSVGElement>) => {
      if (fingers.current > 1) return;
      if (event.buttons === 1 || event.buttons === 4) moveBy(event.currentTarget, event.movementX, event.movementY);
    },
  };
}
