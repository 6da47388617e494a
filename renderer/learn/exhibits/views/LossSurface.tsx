import type { PointerEvent } from 'react';
import { useEffect, useMemo, useRef } from 'react';
import { blendedAt, contourLines, labelPlace, roundLevels } from '../../../../shared/learn/exhibits/contours';
import type { Line, Place } from '../../../../shared/learn/exhibits/contours';
import { descentKinds, placeOf, surface, thetaAt } from '../../../../shared/learn/exhibits/descent';
import type { Descent, Theta } from '../../../../shared/learn/exhibits/descent';
import type { Plane } from '../../../../shared/ops/featureMaps';
import { useText } from '../../../i18n';
import type { Paths } from '../usePaths';
import styles from '../exhibits.module.css';

type LossSurfaceProps = {
  readonly losses: ArrayLike<number>;
  readonly paths: Paths;
  readonly followed: Descent;
  readonly step: number;
  readonly onStart: (theta: Theta) => void;
};

/** Pixels along a side of the shades: so many that none is seen. */
const shadedSide = 360;
const last = surface.places - 1;
/** Least and largest loss; in between it is mixed. Every path's colour stands out on both, and in either theme. */
const [lowest, highest] = [
  [15, 18, 38],
  [120, 134, 176],
] as const;

/** The shades of a grid of losses. By the root, because the valley's floor is what one walks on. */
function shade(grid: Plane): ImageData {
  const image = new ImageData(shadedSide, shadedSide);
  const reach = Math.sqrt(Math.max(...grid.values));
  const along = (pixel: number): number => ((pixel + 0.5) / shadedSide) * last;
  for (let row = 0; row < shadedSide; row++) {
    for (let column = 0; column < shadedSide; column++) {
      const share = Math.sqrt(Math.max(0, blendedAt(grid, { x: along(column), y: along(row) }))) / reach;
      const colour = lowest.map((from, channel) => from + ((highest[channel] ?? 0) - from) * share);
      image.data.set([...colour, 255], 4 * (row * shadedSide + column));
    }
  }
  return image;
}

type Contour = { readonly level: number; readonly lines: readonly Line[]; readonly d: string };

/** Labels nearer to each other would run together. */
const labelApart = 1.8;
/** Half a label, with the halo around it. */
const labelReach = 1.6;

/** The contour lines of a grid. */
function contoursOf(grid: Plane): readonly Contour[] {
  return roundLevels(grid.values).map((level) => {
    const lines = contourLines(grid, level);
    const d = lines.map(([a, b]) => `M${a.x.toFixed(3)} ${a.y.toFixed(3)}L${b.x.toFixed(3)} ${b.y.toFixed(3)}`);
    return { level, lines, d: d.join('') };
  });
}

type Label = { readonly level: number; readonly place: Place };

/** Labels along the way from the lowest place to the corner that is farthest from it, beside where somebody walks. */
function labelsOf(grid: Plane, contours: readonly Contour[], walks: readonly (readonly Place[])[]): readonly Label[] {
  const low = grid.values.indexOf(Math.min(...grid.values));
  const from = { x: low % grid.width, y: Math.floor(low / grid.width) };
  const to = { x: from.x < last / 2 ? last : 0, y: from.y < last / 2 ? last : 0 };
  const steps = 400;
  const way = Array.from({ length: steps }, (_, at) => ({
    x: from.x + ((to.x - from.x) * at) / steps,
    y: from.y + ((to.y - from.y) * at) / steps,
  }));
  const labels: Label[] = [];
  for (const { level, lines } of contours) {
    const passed = way.find((place) => blendedAt(grid, place) >= level);
    const isFree = ({ x, y }: Place): boolean =>
      // The numbers of the axes stand at the left and below.
      Math.min(x - labelApart, last - x, y, last - labelApart - y) >= labelReach &&
      labels.every(({ place }) => Math.hypot(place.x - x, place.y - y) > labelApart);
    const place = passed === undefined ? null : labelPlace(lines, passed, walks, { apart: labelReach, isFree });
    if (place !== null) labels.push({ level, place });
  }
  return labels;
}

/** Where there is a number on each axis. */
const ticks = [-1, 0, 1, 2] as const;

/** The loss as shades and contour lines over the two parameters, with the three ways down it. */
export function LossSurface({ losses, paths, followed, step, onStart }: LossSurfaceProps) {
  const { t } = useText('exhibits');
  const canvas = useRef<HTMLCanvasElement>(null);
  const grid = useMemo(
    () => ({ height: surface.places, width: surface.places, values: Float32Array.from(losses) }),
    [losses],
  );
  const contours = useMemo(() => contoursOf(grid), [grid]);
  const walks = useMemo(() => {
    const walked = (kind: Descent): readonly Place[] => paths[kind].map(({ theta }) => placeOf(theta));
    return { bgd: walked('bgd'), sgd: walked('sgd'), mbgd: walked('mbgd') } satisfies Record<Descent, readonly Place[]>;
  }, [paths]);
  const labels = useMemo(() => labelsOf(grid, contours, Object.values(walks)), [grid, contours, walks]);
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(shade(grid), 0, 0);
  }, [grid]);
  const pick = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const along = (share: number): number => last * Math.max(0, Math.min(1, share));
    const place = {
      x: along((event.clientX - box.left) / box.width),
      y: along((event.clientY - box.top) / box.height),
    };
    const [a, b] = thetaAt(place);
    onStart([Number(a.toFixed(2)), Number(b.toFixed(2))]);
  };
  const at = paths[followed][Math.min(step, paths[followed].length - 1)];
  const dot = at === undefined ? null : placeOf(at.theta);
  return (
    <span
      className={`${styles['surface'] ?? ''} ${styles['board'] ?? ''}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        pick(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) pick(event);
      }}
    >
      <canvas ref={canvas} width={shadedSide} height={shadedSide} role="img" aria-label={t.surface} />
      <svg viewBox={`0 0 ${last} ${last}`} aria-hidden="true">
        {contours.map(({ level, d }) => (
          <path key={level} className={styles['contour']} d={d} />
        ))}
        {labels.map(({ level, place }) => (
          <text key={level} className={styles['level']} x={place.x} y={place.y}>
            {level}
          </text>
        ))}
        {ticks.map((tick) => (
          <g key={tick} className={styles['axis']}>
            <text x={placeOf([tick, 0]).x} y={last - 0.4} textAnchor="middle">
              {`${tick}`.replace('-', '−')}
            </text>
            <text x={0.4} y={placeOf([0, tick]).y} dominantBaseline="central">
              {`${tick}`.replace('-', '−')}
            </text>
          </g>
        ))}
        {descentKinds.map((kind) => (
          <Walk key={kind} kind={kind} path={walks[kind]} isFollowed={kind === followed} />
        ))}
        {dot === null ? null : <circle className={styles['walker']} cx={dot.x} cy={dot.y} r={0.6} />}
      </svg>
    </span>
  );
}

type WalkProps = { readonly kind: Descent; readonly path: readonly Place[]; readonly isFollowed: boolean };

/** A path, over a dark one that sets it apart from whatever is under it. */
function Walk({ kind, path, isFollowed }: WalkProps) {
  const points = path.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' ');
  const followed = isFollowed ? true : undefined;
  return (
    <>
      <polyline className={styles['pathEdge']} data-followed={followed} points={points} />
      <polyline className={styles['path']} data-kind={kind} data-followed={followed} points={points} />
    </>
  );
}
