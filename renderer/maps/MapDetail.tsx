import { useMemo, useState } from 'react';
import { histogramOf, summarize } from '../../shared/ops/featureMaps';
import type { Plane } from '../../shared/ops/featureMaps';
import { fill, useText } from '../i18n';
import { FigureList } from '../ui';
import { PlaneView } from './PlaneView';
import type { Cell } from './PlaneView';
import styles from './maps.module.css';

const bins = 24;

function figure(value: number): string {
  const short = Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.001);
  return (short ? value.toExponential(2) : value.toFixed(3)).replace('-', '−');
}

type MapDetailProps = {
  readonly plane: Plane;
  readonly title: string;
  /** False for a picture whose colours say more than its values: it has no figures. */
  readonly hasFigures: boolean;
};

/** One map, large, with its figures and how its values are spread. */
export function MapDetail({ plane, title, hasFigures }: MapDetailProps) {
  const { t } = useText('maps');
  const [cell, setCell] = useState<Cell | null>(null);
  const summary = useMemo(() => summarize(plane.values), [plane]);
  const counts = useMemo(() => histogramOf(plane.values, bins), [plane]);
  const most = Math.max(1, ...counts);
  const value = cell === null ? undefined : plane.values[cell.row * plane.width + cell.column];
  return (
    <aside className={styles['side']} aria-label={title} tabIndex={0}>
      <p className={styles['muted']}>{title}</p>
      <PlaneView planes={[plane]} label={title} className={styles['detail'] ?? ''} onPoint={setCell} />
      {hasFigures ? (
        <>
          <p className={styles['muted']}>
            {cell === null || value === undefined
              ? t.hover
              : fill(t.value, { row: cell.row + 1, column: cell.column + 1, value: figure(value) })}
          </p>
          <div className={styles['histogram']} role="img" aria-label={t.histogram}>
            {counts.map((count, bin) => (
              <i key={bin} style={{ height: `${(100 * count) / most}%` }} />
            ))}
          </div>
          <FigureList
            rows={[
              [t.least, figure(summary.least)],
              [t.most, figure(summary.most)],
              [t.mean, figure(summary.mean)],
              [t.zeros, `${Math.round(100 * summary.zeros)} %`],
            ]}
          />
        </>
      ) : null}
    </aside>
  );
}
