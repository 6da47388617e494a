import type uPlot from 'uplot';
import { useCallback, useMemo } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { lastScore } from '../../shared/training/runTable';
import { useText } from '../i18n';
import { useRun, useSession, type RunMetrics } from '../session';
import { useUi } from '../store';
import { LineChart, type ChartSeries } from './LineChart';
import { formatLoss, formatTick, onlyPositive, scoreAxis } from './chartNumbers';
import { columnOf, joinTables, lineOf, useMetricsOf } from './overlay';
import { chartedScore, lossColumns, scoreColumns, usualTop } from './runSeries';
import { useChartTools } from './useChartTools';
import type { XAxis } from './xAxis';

type OverlaidChartsProps = {
  readonly runs: readonly RunSummary[];
  readonly nameOf: (run: RunSummary) => string;
  /** What they are drawn over at first. */
  readonly over?: XAxis;
};

/** The columns of a run's table that are overlaid: the average of its steps, and the validation of its epochs. */
const averageColumn = 1;
const validationColumn = 2;

/** Any runs in one picture, the one at work among them: the loss, and the score of validation where there is one. */
export function OverlaidCharts({ runs, nameOf, over = 'steps' }: OverlaidChartsProps) {
  const { t } = useText('training');
  const theme = useUi((state) => state.theme);
  const { run: shown } = useSession();
  const shownId = useRun((run) => ('runId' in run ? run.runId : null));
  const kept = useMetricsOf(runs);
  const tools = useChartTools(over);
  const { view, isLog, hasOutliers } = tools;
  const epochs = runs.flatMap(({ lastEpoch }) => lastEpoch ?? []);
  const score = chartedScore(epochs);
  const hasScore = epochs.some((epoch) => lastScore(epoch).metric !== 'loss');
  const series = useMemo(
    () => runs.map((run, index): ChartSeries => ({ id: run.id, label: nameOf(run), width: 2, ...lineOf(index) })),
    [runs, nameOf],
  );
  const dotted = useMemo(() => series.map((one): ChartSeries => ({ ...one, points: true })), [series]);
  const metricsOf = useCallback(
    (): readonly (RunMetrics | undefined)[] =>
      runs.map(({ id, state }) => (state === 'running' && id === shownId ? shown.metrics() : kept.get(id))),
    [runs, shown, shownId, kept],
  );
  const join = useCallback(
    (columns: (metrics: RunMetrics) => uPlot.AlignedData, column: number) =>
      joinTables(metricsOf().map((one) => columnOf(one === undefined ? [[]] : columns(one), column))),
    [metricsOf],
  );
  const readLoss = useCallback(() => {
    const table = join((one) => lossColumns(one, view), averageColumn);
    return isLog ? onlyPositive(table) : table;
  }, [join, view, isLog]);
  const readScore = useCallback(
    () => join((one) => scoreColumns(one, score, view), validationColumn),
    [join, view, score],
  );
  const readTop = useCallback(() => {
    if (hasOutliers) return null;
    const tops = metricsOf().flatMap((one) => (one === undefined ? [] : [usualTop(one.losses) ?? 0]));
    return tops.length === 0 ? null : Math.max(...tops);
  }, [metricsOf, hasOutliers]);
  const common = { subscribe: shown.onMetrics, theme, formatX: tools.formatX, xLabel: tools.xLabel } as const;
  return (
    <>
      <LineChart
        {...common}
        label={t.loss}
        series={series}
        read={readLoss}
        readTop={readTop}
        format={formatLoss}
        formatTick={formatTick}
        isLog={isLog}
        fileName="runs-loss"
        actions={tools.buttons}
      />
      {hasScore ? (
        <LineChart
          {...common}
          label={score === 'accuracy' ? t.validation : t[score]}
          series={dotted}
          read={readScore}
          {...scoreAxis[score]}
          fileName="runs-validation"
        />
      ) : null}
    </>
  );
}
