import type { PointerEvent as ReactPointerEvent } from 'react';
import { useCallback, useState } from 'react';
import type { Box } from '../../shared/figures/figure';

type Point = { readonly x: number; readonly y: number };

/** What is seen of both figures: by how much they are larger than when they fit, and how far from their middles. */
type Camera = Point & { readonly zoom: number; readonly shift: Point };

const whole: Camera = { zoom: 1, x: 0, y: 0, shift: { x: 0, y: 0 } };
const range = { least: 0.5, most: 16 } as const;

/** One window on two figures of one scale: zooming and moving one does so with the other. `shift` sets the second off against the first. */
export function useLinkedCamera(frames: readonly [Box, Box]) {
  const [camera, setCamera] = useState(whole);
  const zoomBy = useCallback((factor: number) => {
    setCamera((now) => ({ ...now, zoom: Math.min(range.most, Math.max(range.least, now.zoom * factor)) }));
  }, []);
  const moveBy = useCallback((element: SVGSVGElement, dx: number, dy: number) => {
    const perUnit = element.getScreenCTM()?.a ?? 1;
    setCamera((now) => ({ ...now, x: now.x - dx / perUnit, y: now.y - dy / perUnit }));
  }, []);
  const onWheel = useCallback(
    (event: WheelEvent): void => {
      const element = event.currentTarget;
      if (!(element instanceof SVGSVGElement)) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) zoomBy(Math.exp(-event.deltaY * 0.004));
      else moveBy(element, -event.deltaX, -event.deltaY);
    },
    [zoomBy, moveBy],
  );
  // Both are drawn to the scale of the larger one, so that equal nodes are of one size.
  const width = Math.max(frames[0].width, frames[1].width) / camera.zoom;
  const height = Math.max(frames[0].height, frames[1].height) / camera.zoom;
  const viewBox = (frame: Box, { x, y }: Point): string =>
    [
      frame.x + frame.width / 2 + camera.x + x - width / 2,
      frame.y + frame.height / 2 + camera.y + y - height / 2,
      width,
      height,
    ].join(' ');
  return {
    viewBoxes: [viewBox(frames[0], { x: 0, y: 0 }), viewBox(frames[1], camera.shift)] as const,
    zoomBy,
    onWheel,
    fit: () => setCamera(whole),
    align: (shift: Point) => setCamera((now) => ({ ...now, shift })),
    onPointerMove: (event: ReactPointerEvent<SVGSVGElement>) => {
      if (event.buttons === 1 || event.buttons === 4) moveBy(event.currentTarget, event.movementX, event.movementY);
    },
  };
}
