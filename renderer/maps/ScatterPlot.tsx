import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { useText } from '../i18n';
import { useUi } from '../store';
import { IconButton } from '../ui';
import { drawScatter } from './drawScatter';
import type { DrawnPoints } from './drawScatter';
import { pointAt, pointTowards, screenPlaces, wholePlane, zoomed } from './scatterCamera';
import type { ScatterCamera, Size } from './scatterCamera';
import styles from './maps.module.css';

type ScatterPlotProps = Pick<DrawnPoints, 'markOf' | 'isShown' | 'isWrong' | 'chosen'> & {
  readonly places: Float32Array;
  readonly label: string;
  /** What is told of the point that is pointed at. */
  readonly tell: (point: number) => ReactNode;
  readonly onOpen: (point: number) => void;
};

/** So near to a point one has to be to mean it, in pixels. */
const reach = 12;
const zoomStep = 1.5;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

function useSizeOf(element: { readonly current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** The wheel zooms where the pointer is. Not by React, whose listener may not keep the page from scrolling. */
function useWheel(canvas: { readonly current: HTMLElement | null }, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  useEffect(() => {
    latest.current = onWheel;
  });
  useEffect(() => {
    const element = canvas.current;
    const listen = (event: WheelEvent): void => {
      event.preventDefault();
      latest.current(event);
    };
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, [canvas]);
}

function placeOf({ clientX, clientY }: { clientX: number; clientY: number }, element: Element) {
  const box = element.getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}

/** Points in a plane, to be pointed at, opened, zoomed and moved, with the pointer or by keys. */
export function ScatterPlot({ places, label, tell, onOpen, ...drawn }: ScatterPlotProps) {
  const { t } = useText('maps');
  const theme = useUi((state) => state.theme);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ readonly x: number; readonly y: number; readonly camera: ScatterCamera } | null>(null);
  const [camera, setCamera] = useState(wholePlane);
  const [pointed, setPointed] = useState<number | null>(null);
  const size = useSizeOf(frame);
  const screen = useMemo(() => screenPlaces(places, size, camera), [places, size, camera]);
  const { markOf, isShown, isWrong, chosen } = drawn;
  useEffect(() => {
    if (canvas.current === null || size.width === 0) return;
    const ink = getComputedStyle(canvas.current).color;
    drawScatter(canvas.current, { screen, markOf, isShown, isWrong, chosen, pointed }, { ...size, ink });
  }, [screen, size, markOf, isShown, isWrong, chosen, pointed, theme]);
  const middle = { x: size.width / 2, y: size.height / 2 };
  useWheel(canvas, (event) => {
    if (canvas.current === null) return;
    const at = placeOf(event, canvas.current);
    setCamera((own) => zoomed(own, Math.exp(-event.deltaY / 300), at));
  });
  const move = (event: PointerEvent<HTMLCanvasElement>): void => {
    const at = placeOf(event, event.currentTarget);
    if (drag.current === null) setPointed(pointAt(screen, isShown, at, reach));
    else
      setCamera({
        ...drag.current.camera,
        x: drag.current.camera.x + at.x - drag.current.x,
        y: drag.current.camera.y + at.y - drag.current.y,
      });
  };
  const release = (event: PointerEvent<HTMLCanvasElement>): void => {
    const from = drag.current;
    drag.current = null;
    const at = placeOf(event, event.currentTarget);
    const point = pointAt(screen, isShown, at, reach);
    if (from !== null && point !== null && Math.hypot(at.x - from.x, at.y - from.y) < 4) onOpen(point);
  };
  const press = (event: KeyboardEvent<HTMLCanvasElement>): void => {
    const arrow = arrows[event.key];
    const from = pointed ?? chosen;
    if (arrow !== undefined) {
      const next =
        from === null ? pointAt(screen, isShown, middle, Infinity) : pointTowards(screen, isShown, from, arrow);
      if (next !== null) setPointed(next);
    } else if (event.key === 'Enter' && pointed !== null) onOpen(pointed);
    else if (event.key === '+' || event.key === '=') setCamera((own) => zoomed(own, zoomStep, middle));
    else if (event.key === '-') setCamera((own) => zoomed(own, 1 / zoomStep, middle));
    else if (event.key === '0') setCamera(wholePlane);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const [x = 0, y = 0] = pointed === null ? [] : [screen[2 * pointed], screen[2 * pointed + 1]];
  return (
    <div ref={frame} className={styles['scatter']}>
      <canvas
        ref={canvas}
        role="application"
        tabIndex={0}
        aria-label={label}
        aria-description={t.plotKeys}
        onPointerMove={move}
        onPointerLeave={() => setPointed(null)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { ...placeOf(event, event.currentTarget), camera };
        }}
        onPointerUp={release}
        onPointerCancel={() => (drag.current = null)}
        onKeyDown={press}
      />
      <div className={styles['zoom']}>
        <IconButton
          size="sm"
          label={t.zoomIn}
          icon={<ZoomIn size={15} />}
          onClick={() => setCamera((own) => zoomed(own, zoomStep, middle))}
        />
        <IconButton
          size="sm"
          label={t.zoomOut}
          icon={<ZoomOut size={15} />}
          onClick={() => setCamera((own) => zoomed(own, 1 / zoomStep, middle))}
        />
        <IconButton size="sm" label={t.zoomAll} icon={<Maximize size={15} />} onClick={() => setCamera(wholePlane)} />
      </div>
      {pointed === null || !isShown(pointed) ? null : (
        <div
          className={styles['pointed']}
          role="status"
          style={{
            left: Math.max(4, Math.min(x + 14, size.width - 150)),
            // Beside the point and whole: it is some 140 pixels high.
            top: Math.max(4, Math.min(y + 10, size.height - 144)),
          }}
        >
          {tell(pointed)}
        </div>
      )}
    </div>
  );
}
