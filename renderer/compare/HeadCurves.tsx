import uPlot from 'uplot';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { unpackEvents } from '../../shared/training/packedEvents';
import { useText } from '../i18n';
import { useRun, useSession, type RunMetrics } from '../session';
import { appendMetrics, emptyMetrics } from '../session/metrics';
import { useHost, useUi } from '../store';
import { LineChart, type ChartSeries } from '../training/LineChart';
import { accuracyColumns, lossColumns } from '../training/runSeries';
import { scoreOf } from './useHeadLab';
import styles from './ComparePanel.module.css';

/** Lines of different runs, in colours that are apart in both themes. */
const lineColors = [
  '--family-fc',
  '--family-gap',
  '--family-upconv',
  '--family-conv',
  '--family-pool',
  '--family-activation',
] as const;

/** The numbers of runs, read anew when one of them has come further. */
function useMetricsOf(runs: readonly RunSummary[]): ReadonlyMap<string, RunMetrics> {
  const host = useHost((state) => (state.status === 'ready' ? state.host : null));
  const [metrics, setMetrics] = useState<ReadonlyMap<string, RunMetrics>>(new Map());
  const key = runs.map(({ id, state, lastEpoch }) => `${id} ${state} ${lastEpoch?.epoch ?? 0}`).join('\n');
  useEffect(() => {
    if (host === null) return undefined;
    let isCurrent = true;
    void Promise.all(runs.map(({ id }) => host.request('run.get', { runId: id }))).then((answers) => {
      if (!isCurrent) return;
      const read = answers.flatMap((answer): [string, RunMetrics][] => {
        if (!answer.ok) return [];
        const numbers = emptyMetrics();
        for (const event of unpackEvents(answer.value.events)) appendMetrics(numbers, event);
        return [[answer.value.summary.id, numbers]];
      });
      setMetrics(new Map(read));
    });
    return () => {
      isCurrent = false;
    };
    // `key` stands for `runs`: a new list of the same runs, no further than before, has the same numbers.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host, key]);
  return metrics;
}

/** One column of each run over the steps of all of them. */
function joined(
  metrics: readonly (RunMetrics | undefined)[],
  columns: (one: RunMetrics) => uPlot.AlignedData,
  column: number,
): uPlot.AlignedData {
  const tables = metrics.map((one): uPlot.AlignedData => {
    const [x, ...ys] = one === undefined ? [[]] : columns(one);
    return [x, ys[column] ?? []];
  });
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}

const formatLoss = (value: number): string => value.toFixed(value >= 10 ? 2 : 3);
const formatTick = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));
const formatPercent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const formatPercentTick = (value: number): string => `${Math.round(100 * value)} %`;

/** The runs of one race in one picture: loss, validation, and what came out. */
export function HeadCurves({ race }: { readonly race: readonly RunSummary[] }) {
  const { t, pick } = useText('compare');
  const { t: training } = useText('training');
  const theme = useUi((state) => state.theme);
  const { run: shown } = useSession();
  const shownId = useRun((run) => ('runId' in run ? run.runId : null));
  const kept = useMetricsOf(race);
  const isSegmentation = race.some(({ lastEpoch }) => lastEpoch?.valMeanIou != null);
  const series = useMemo(
    () =>
      race.map(({ id, variant }, index): ChartSeries => ({
        id,
        label: variant === undefined ? id : pick(variant.label),
        color: lineColors[index % lineColors.length] ?? '--family-fc',
        width: 2,
      })),
    [race, pick],
  );
  const dotted = useMemo(() => series.map((one): ChartSeries => ({ ...one, points: true })), [series]);
  const metricsOf = useCallback(
    () => race.map(({ id, state }) => (state === 'running' && id === shownId ? shown.metrics() : kept.get(id))),
    [race, shown, shownId, kept],
  );
  // The averaged loss is the second column of a run, the validation of each epoch the third.
  const readLoss = useCallback(() => joined(metricsOf(), lossColumns, 1), [metricsOf]);
  const readScore = useCallback(
    () => joined(metricsOf(), (one) => accuracyColumns(one, isSegmentation), 2),
    [metricsOf, isSegmentation],
  );
  const hasScore = race.some((run) => scoreOf(run) !== null);
  const common = { subscribe: shown.onMetrics, xLabel: training.step, theme } as const;
  return (
    <section className={styles['curves']} aria-label={t.curves}>
      <LineChart
        {...common}
        label={training.loss}
        series={series}
        read={readLoss}
        format={formatLoss}
        formatTick={formatTick}
      />
      {hasScore ? (
        <LineChart
          {...common}
          label={isSegmentation ? training.meanIou : training.validation}
          series={dotted}
          read={readScore}
          format={formatPercent}
          formatTick={formatPercentTick}
          top={1}
        />
      ) : null}
      <div className={styles['outcome']}>
        <table className={styles['outcomes']} aria-label={t.outcome}>
          <thead>
            <tr>
              <th scope="col">{t.head}</th>
              <th scope="col">{isSegmentation ? training.meanIou : t.accuracy}</th>
              <th scope="col">{training.loss}</th>
            </tr>
          </thead>
          <tbody>
            {race.map((run) => {
              const score = scoreOf(run);
              return (
                <tr key={run.id}>
                  <th scope="row">
                    {run.variant === undefined ? run.id : pick(run.variant.label)}
                    {run.state === 'completed' ? null : (
                      <span className={styles['muted']}> {training[`state_${run.state}`]}</span>
                    )}
                  </th>
                  <td className="figures">{score === null ? '–' : formatPercent(score)}</td>
                  <td className="figures">{run.lastEpoch === null ? '–' : formatLoss(run.lastEpoch.valLoss)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
