import { useMemo, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { paretoFront } from '../../shared/training/pareto';
import { bestScore, errorOf, errorText, metricNames, runColumns, runName } from '../../shared/training/runTable';
import { watchedMetrics, type WatchedMetric } from '../../shared/training/watching';
import { formatShort, text } from '../../shared/text';
import { openRunNetwork } from '../dialogs/fileActions';
import { fill, useText } from '../i18n';
import { useSession, useWorkspace } from '../session';
import { roundTicks } from '../training/chartSvg';
import { Button, EmptyState, Segments } from '../ui';
import { formatSeconds } from '../ui/units';
import styles from './RunsPanel.module.css';

const costs = {
  params: text('Parameters', '参数量'),
  macs: text('MACs', '乘加次数'),
  seconds: text('Time', '用时'),
} as const;
type Cost = keyof typeof costs;

type Point = {
  readonly run: RunSummary;
  readonly cost: number;
  readonly error: number;
  readonly metric: WatchedMetric;
};

const size = { width: 640, height: 300, left: 56, right: 20, top: 12, bottom: 30 } as const;

function costOf(run: RunSummary, cost: Cost): number | null {
  const value = runColumns.find(({ id }) => id === cost)?.value(run) ?? null;
  return typeof value === 'number' ? value : null;
}

/** Runs as points of one kind of score: the one that most of them have, as errors of different scores are not compared. */
function pointsOf(runs: readonly RunSummary[], cost: Cost): readonly Point[] {
  const all = runs.flatMap((run): Point[] => {
    const [score, spent] = [bestScore(run), costOf(run, cost)];
    if (score === null || spent === null) return [];
    return [{ run, cost: spent, error: errorOf(score), metric: score.metric }];
  });
  const count = (metric: WatchedMetric): number => all.filter((point) => point.metric === metric).length;
  const commonest = watchedMetrics.toSorted((a, b) => count(b) - count(a))[0];
  return all.filter(({ metric }) => metric === commonest);
}

/** Error against cost, a point for each run, and the front that nothing beats. A point opens its run or its network. */
export function Tradeoff({
  runs,
  chosen,
}: {
  readonly runs: readonly RunSummary[];
  readonly chosen: readonly string[];
}) {
  const { t, language, pick } = useText('runs');
  const [cost, setCost] = useState<Cost>('params');
  const [pointed, setPointed] = useState<string | null>(null);
  const points = useMemo(() => pointsOf(runs, cost), [runs, cost]);
  const front = useMemo(() => paretoFront(points), [points]);
  const formatCost = cost === 'seconds' ? formatSeconds : formatShort;
  const [first] = points;
  if (first === undefined) return <EmptyState title={t.noPoints} hint={t.noPointsHint} />;
  const { metric } = first;
  const largest = {
    cost: Math.max(...points.map((one) => one.cost)),
    error: Math.max(...points.map((one) => one.error)),
  };
  const right = size.width - size.right;
  const bottom = size.height - size.bottom;
  const least = Math.min(...points.map((one) => one.cost));
  // Costs that are near each other are told apart; others are shown from nothing on.
  const room = 0.08 * (largest.cost - least || largest.cost || 1);
  const [from, to] = least > largest.cost / 2 ? [least - room, largest.cost + room] : [0, 1.06 * largest.cost || 1];
  const x = (value: number): number => size.left + ((value - from) / (to - from)) * (right - size.left);
  const y = (value: number): number => bottom - (value / (1.1 * largest.error || 1)) * (bottom - size.top);
  const selected = points.find(({ run }) => run.id === pointed) ?? null;
  const steps = front.map(({ cost: spent, error }, at) =>
    at === 0 ? `M${x(spent)} ${y(error)}` : `H${x(spent)} V${y(error)}`,
  );
  return (
    <div className={styles['tradeoff']}>
      <div className={styles['bar']}>
        <span className={styles['muted']}>{t.against}</span>
        <Segments<Cost> label={t.against} value={cost} choice={costs} language={language} onChange={setCost} />
        <span className={styles['muted']}>{fill(t.errorOf, { metric: pick(metricNames[metric]) })}</span>
      </div>
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        className={styles['scatter']}
        role="group"
        aria-label={`${t.against} ${pick(costs[cost])}. ${t.front}`}
      >
        {roundTicks(0, 1.1 * largest.error, 5).map((tick) => (
          <g key={tick}>
            <line x1={size.left} x2={right} y1={y(tick)} y2={y(tick)} className={styles['grid']} />
            <text x={size.left - 6} y={y(tick)} dy="4" textAnchor="end">
              {metric === 'loss' || metric === 'psnr'
                ? Number(tick.toPrecision(3))
                : `${Number((100 * tick).toPrecision(3))} %`}
            </text>
          </g>
        ))}
        {roundTicks(from, to, 6).map((tick) => (
          <text key={tick} x={x(tick)} y={bottom + 18} textAnchor="middle">
            {formatCost(tick)}
          </text>
        ))}
        <path d={steps.join(' ')} className={styles['front']} />
        {points.map((point) => {
          const { run } = point;
          const isFront = front.includes(point);
          const words = fill(t.point, {
            name: runName(run, language),
            error: errorText(metric, point.error),
            cost: formatCost(point.cost),
          });
          const show = (): void => setPointed(run.id);
          return (
            <circle
              key={run.id}
              cx={x(point.cost)}
              cy={y(point.error)}
              r={isFront ? 6 : 5}
              className={styles['point']}
              data-front={isFront ? true : undefined}
              data-chosen={chosen.includes(run.id) || pointed === run.id ? true : undefined}
              role="button"
              tabIndex={0}
              aria-pressed={pointed === run.id}
              aria-label={isFront ? `${words}, ${t.onFront}` : words}
              onClick={show}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                show();
              }}
            >
              <title>{words}</title>
            </circle>
          );
        })}
      </svg>
      {selected === null ? (
        <p className={styles['muted']}>{t.front}</p>
      ) : (
        <PointActions run={selected.run} words={`${errorText(metric, selected.error)}, ${formatCost(selected.cost)}`} />
      )}
    </div>
  );
}

function PointActions({ run, words }: { readonly run: RunSummary; readonly words: string }) {
  const { t, language } = useText('runs');
  const session = useSession();
  const workspace = useWorkspace();
  return (
    <p className={styles['pointed']}>
      <strong>{runName(run, language)}</strong> <span className="figures">{words}</span>
      <Button size="sm" onClick={() => void session.run.show(run.id)}>
        {t.showCurve}
      </Button>
      <Button size="sm" onClick={() => void openRunNetwork(workspace, run.id)}>
        {t.openNetwork}
      </Button>
    </p>
  );
}
