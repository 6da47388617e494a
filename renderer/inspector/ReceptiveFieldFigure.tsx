import type { PointerEvent } from 'react';
import { useState } from 'react';
import { windowAt } from '../../shared/analysis/seenInput';
import type { ReceptiveField } from '../../shared/analysis/types';
import type { Shape } from '../../shared/layers/define';
import { fill, useText } from '../i18n';
import styles from './Inspector.module.css';

type ReceptiveFieldFigureProps = {
  readonly field: ReceptiveField;
  /** Height and width of the network's input; null where they are open. */
  readonly image: readonly [number, number] | null;
  readonly output: Shape | null;
  readonly color: string;
};

/** Longest side of the drawing in CSS pixels. */
const drawnSide = 84;

/** The input image with the window that one value of the layer sees. Moving over it walks through the layer's values. */
export function ReceptiveFieldFigure({ field, image, output, color }: ReceptiveFieldFigureProps) {
  const { t } = useText('inspector');
  const [at, setAt] = useState<readonly [number, number] | null>(null);
  const [height, width] = image ?? [0, 0];
  const says =
    field.global || image === null ? t.seesAll : fill(t.sees, { height: field.size[0], width: field.size[1] });
  const ofImage = image === null ? null : fill(t.ofImage, { height, width });
  if (image === null) return <p className="figures">{says}</p>;

  const rows = output?.length === 3 ? (output[0] ?? 1) : 1;
  const columns = output?.length === 3 ? (output[1] ?? 1) : 1;
  const [row, column] = at ?? [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)];
  const [top, tall] = field.global ? [0, height] : windowAt(field, 0, row);
  const [left, wide] = field.global ? [0, width] : windowAt(field, 1, column);
  const scale = drawnSide / Math.max(height, width);
  const clamp = (value: number, max: number): number => Math.min(max - 1, Math.max(0, value));
  const follow = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const y = ((event.clientY - box.top) / box.height) * height - 0.5;
    const x = ((event.clientX - box.left) / box.width) * width - 0.5;
    setAt([
      clamp(Math.round((y - field.start[0]) / field.jump[0]), rows),
      clamp(Math.round((x - field.start[1]) / field.jump[1]), columns),
    ]);
  };
  return (
    <div className={styles['sees']}>
      <svg
        width={width * scale}
        height={height * scale}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${says} ${ofImage ?? ''}`}
        onPointerMove={field.global ? undefined : follow}
        onPointerLeave={() => setAt(null)}
      >
        <rect width={width} height={height} fill="var(--panel)" />
        <rect x={left} y={top} width={wide} height={tall} fill={color} opacity={0.78} />
        <rect
          width={width}
          height={height}
          fill="none"
          stroke="var(--line-strong)"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <p className="figures">
        {says}
        <br />
        <span className={styles['muted']}>{ofImage}</span>
        {at === null || rows * columns === 1 ? null : (
          <>
            <br />
            <span className={styles['muted']}>{fill(t.atPosition, { row: row + 1, column: column + 1 })}</span>
          </>
        )}
      </p>
    </div>
  );
}
