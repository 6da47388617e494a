import { useCallback, useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { isRunActive } from '../../shared/training/runState';
import type { RunState } from '../../shared/training/runState';
import { useText } from '../i18n';
import { useMetrics, useRun, useSession } from '../session';
import type { RunMetrics } from '../session/metrics';
import { useUi } from '../store';
import { EmptyState } from '../ui';
import { saveFile } from '../ui/saveFile';
import { LineChart, type ChartSeries } from './LineChart';
import { runCsv } from './runCsv';
import { accuracyColumns, lossColumns } from './runSeries';
import { usePreparing } from './RunStatus';
import styles from './TrainingPanel.module.css';

function formatLoss(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(2) : value.toFixed(3);
}

function formatPercent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** Ticks are round, so two digits say them. */
function formatLossTick(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 0.1 ? 2 : 1);
}

function formatPercentTick(value: number): string {
  return `${Math.round(100 * value)} %`;
}

/** The curves of the shown run: loss, and accuracy where the task has one. */
export function RunCharts() {
  const { t } = useText('training');
  const theme = useUi((state) => state.theme);
  const run = useRun();
  const preparing = usePreparing(run);
  const metrics = useMetrics();
  const { run: shown } = useSession();
  const isSegmentation = metrics.epochs.some(({ event }) => event.valMeanIou !== null);
  const hasAccuracy = isSegmentation || metrics.accuracies.some((value) => value !== null);
  const lossSeries = useMemo(() => lines(t.loss, t.validation, '--family-conv', '--family-fc'), [t]);
  const accuracySeries = useMemo(
    () => lines(t.accuracy, isSegmentation ? t.meanIou : t.validation, '--family-pool', '--family-gap'),
    [t, isSegmentation],
  );
  const [isLog, setLog] = useState(false);
  const readLoss = useCallback(() => {
    const columns = lossColumns(shown.metrics());
    return isLog ? onlyPositive(columns) : columns;
  }, [shown, isLog]);
  const readAccuracy = useCallback(() => accuracyColumns(shown.metrics(), isSegmentation), [shown, isSegmentation]);
  if (metrics.steps.length === 0) {
    return isRunActive(run) ? (
      <EmptyState title={preparing} hint={t.preparingHint} />
    ) : (
      <EmptyState title={t.emptyTitle} hint={t.emptyHint} />
    );
  }
  return (
    <div className={styles['charts']}>
      <LineChart
        label={t.loss}
        series={lossSeries}
        read={readLoss}
        subscribe={shown.onMetrics}
        format={formatLoss}
        formatTick={formatLossTick}
        xLabel={t.step}
        theme={theme}
        isLog={isLog}
        actions={
          <span className={styles['tools']}>
            <button type="button" aria-pressed={isLog} title={t.logScaleHint} onClick={() => setLog(!isLog)}>
              {t.logScale}
            </button>
            <button type="button" title={t.csvHint} onClick={() => saveCsv(run, shown.metrics())}>
              {t.csv}
            </button>
          </span>
        }
      />
      {hasAccuracy ? (
        <LineChart
          label={isSegmentation ? t.accuracyAndIou : t.accuracy}
          series={accuracySeries}
          read={readAccuracy}
          subscribe={shown.onMetrics}
          format={formatPercent}
          formatTick={formatPercentTick}
          xLabel={t.step}
          top={1}
          theme={theme}
        />
      ) : null}
    </div>
  );
}

/** A log axis has no place for 0. */
function onlyPositive([x, ...columns]: uPlot.AlignedData): uPlot.AlignedData {
  return [x, ...columns.map((column) => Array.from(column, (value) => (value != null && value > 0 ? value : null)))];
}

function saveCsv(run: RunState, metrics: RunMetrics): void {
  const name = 'runId' in run && run.runId !== null ? run.runId : 'run';
  saveFile(`${name}.csv`, runCsv(metrics), 'text/csv');
}

function lines(train: string, validation: string, a: `--${string}`, b: `--${string}`): readonly ChartSeries[] {
  return [
    { id: 'raw', label: train, color: a, width: 1, alpha: 0.28, hidden: true },
    { id: 'average', label: train, color: a, width: 2 },
    { id: 'validation', label: validation, color: b, width: 2, points: true },
  ];
}
