import type { PointerEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import type { Plane } from '../../shared/ops/featureMaps';
import { classes } from '../ui';
import { paint, reachOf } from './colours';
import styles from './maps.module.css';

/** A value of a plane. */
export type Cell = { readonly row: number; readonly column: number };

type PlaneViewProps = {
  /** One, or three that are red, green and blue. */
  readonly planes: readonly Plane[];
  /** The size of value that is full white; by default the largest here. */
  readonly reach?: number;
  readonly label: string;
  readonly className?: string;
  /** The cell under the pointer; null when it leaves. */
  readonly onPoint?: (cell: Cell | null) => void;
  readonly onPick?: (cell: Cell) => void;
  /** Drawn over it, in units of cells. */
  readonly children?: ReactNode;
};

/** One plane of numbers as a picture, each value a square. */
export function PlaneView({ planes, reach, label, className, onPoint, onPick, children }: PlaneViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [first] = planes;
  const height = first?.height ?? 1;
  const width = first?.width ?? 1;
  useEffect(() => {
    const image = paint(planes, reach ?? reachOf(first?.values ?? []));
    if (image !== null) canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [planes, first, reach]);
  const cellAt = (event: PointerEvent<HTMLElement>): Cell => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (share: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    return {
      row: place((event.clientY - box.top) / box.height, height),
      column: place((event.clientX - box.left) / box.width, width),
    };
  };
  return (
    <span
      className={classes(styles['plane'], className)}
      style={{ aspectRatio: `${width} / ${height}`, ...(onPick === undefined ? {} : { touchAction: 'none' }) }}
      onPointerMove={(event) => {
        onPoint?.(cellAt(event));
        if (event.buttons === 1) onPick?.(cellAt(event));
      }}
      onPointerLeave={() => onPoint?.(null)}
      onPointerDown={(event) => {
        if (onPick === undefined) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        onPick(cellAt(event));
      }}
    >
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
      {children === undefined ? null : (
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {children}
        </svg>
      )}
    </span>
  );
}
