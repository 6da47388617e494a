import { useId } from 'react';
import { useStore } from 'reactflow';
import { useShallow } from 'zustand/react/shallow';
import styles from './Ground.module.css';

/** Between two dots, and across one, in canvas pixels. */
const gap = 20;
const dotSize = 1.4;

/**
 * The dots of the ground: a sheet that is one gap larger than the canvas. A pan moves it by less than a gap and paints nothing anew,
 * where a pattern under the view's transform is painted over all of the canvas at each step.
 */
export function Ground() {
  const { x, y, zoom } = useStore(
    useShallow(({ transform: [left, top, scale] }) => ({
      x: shiftOf(left, gap * scale),
      y: shiftOf(top, gap * scale),
      zoom: scale,
    })),
  );
  const patternId = useId();
  const tile = gap * zoom;
  const size = `calc(100% + ${Math.ceil(tile)}px)`;
  return (
    <svg
      className={styles['ground']}
      style={{ width: size, height: size, transform: `translate(${x}px, ${y}px)` }}
      aria-hidden
      data-ground
    >
      <pattern id={patternId} width={tile} height={tile} patternUnits="userSpaceOnUse">
        <circle cx={(tile + dotSize * zoom) / 2} cy={(tile + dotSize * zoom) / 2} r={(dotSize * zoom) / 2} />
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${patternId})`} />
    </svg>
  );
}

/** How far the sheet is shifted for a view that is moved by `offset`: between a tile and nothing, by whole pixels of the screen, so that dots stay sharp. */
export function shiftOf(offset: number, tile: number, pixelRatio = devicePixelRatio): number {
  const rest = ((offset % tile) + tile) % tile;
  return Math.round((rest - tile) * pixelRatio) / pixelRatio;
}
