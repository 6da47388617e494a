import type { RatePoint } from '../../shared/training/rateSweep';
import { fill, useText } from '../i18n';
import styles from './BeforeTraining.module.css';

type RateCurveProps = { readonly points: readonly RatePoint[]; readonly suggested: number | null };

const size = { width: 560, height: 240, left: 44, right: 12, top: 20, bottom: 28 } as const;

/** Loss over learning rate, the rates on a log axis, and the one that is suggested. */
export function RateCurve({ points, suggested }: RateCurveProps) {
  const { t } = useText('training');
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const [from, to] = [Math.log10(first.rate), Math.log10(last.rate)];
  // What flies off at the end would press the rest flat.
  const start = points[Math.min(points.length - 1, 15)]?.smooth ?? first.smooth;
  const top = 1.3 * Math.max(start, first.smooth);
  const least = Math.min(0, ...points.map(({ smooth }) => smooth));
  const x = (rate: number): number =>
    size.left + ((Math.log10(rate) - from) / Math.max(1e-9, to - from)) * (size.width - size.left - size.right);
  const y = (loss: number): number =>
    size.height -
    size.bottom -
    ((Math.min(loss, top) - least) / (top - least)) * (size.height - size.top - size.bottom);
  const path = (of: (point: RatePoint) => number): string =>
    points.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.rate).toFixed(1)} ${y(of(point)).toFixed(1)}`).join('');
  const decades = Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, at) => Math.ceil(from) + at);
  const bottom = size.height - size.bottom;
  return (
    <svg
      className={styles['curve']}
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={suggested === null ? t.rateCurve : fill(t.rateCurveAt, { rate: suggested })}
    >
      {decades.map((decade) => (
        <g key={decade}>
          <line className={styles['axis']} x1={x(10 ** decade)} x2={x(10 ** decade)} y1={size.top} y2={bottom} />
          <text x={x(10 ** decade)} y={size.height - 8} textAnchor="middle">
            {`1e${decade}`}
          </text>
        </g>
      ))}
      {[least, (least + top) / 2, top].map((loss) => (
        <text key={loss} x={size.left - 6} y={y(loss) + 4} textAnchor="end">
          {loss.toPrecision(2)}
        </text>
      ))}
      <path className={styles['raw']} d={path(({ loss }) => loss)} />
      <path className={styles['smooth']} d={path(({ smooth }) => smooth)} />
      {suggested === null ? null : (
        <>
          <line className={styles['suggested']} x1={x(suggested)} x2={x(suggested)} y1={size.top} y2={bottom} />
          <text className={styles['mark']} x={x(suggested)} y={size.top - 6} textAnchor="middle">
            {suggested}
          </text>
        </>
      )}
    </svg>
  );
}
