import { useCallback, useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { isRunActive } from '../../shared/training/runState';
import type { RunState } from '../../shared/training/runState';
import { runName } from '../../shared/training/runTable';
import { useText } from '../i18n';
import { useOverlaidRuns } from '../runs/useOverlaidRuns';
import { useMetrics, useRun, useSession } from '../session';
import { emptyMetrics, type RunMetrics } from '../session/metrics';
import { useUi } from '../store';
import { EmptyState } from '../ui';
import { saveFile } from '../ui/saveFile';
import { formatLoss, formatTick, onlyPositive, scoreAxis } from './chartNumbers';
import { LineChart, type ChartSeries } from './LineChart';
import { measureAxis, MeasureMenu, measureWords } from './MeasureMenu';
import { columnOf, joinTables, useMetricsOf } from './overlay';
import { runCsv } from './runCsv';
import {
  chartedScore,
  isOfEpochs,
  lossColumns,
  measureColumns,
  measuresOf,
  scoreColumns,
  usualTop,
  type Measure,
} from './runSeries';
import { usePreparing } from './RunStatus';
import { useChartTools } from './useChartTools';
import styles from './TrainingPanel.module.css';

/** Of other runs beside the shown one, whose own lines have the four other colours. */
const overlayColors = ['--family-norm', '--family-upconv', '--family-activation', '--family-merge'] as const;

/** The curves of the shown run: loss, and accuracy where the task has one. */
export function RunCharts() {
  const { t, language } = useText('training');
  const theme = useUi((state) => state.theme);
  const run = useRun();
  const preparing = usePreparing(run);
  const metrics = useMetrics();
  const { run: shown } = useSession();
  const score = chartedScore(metrics.epochs.map(({ event }) => event));
  const hasScore = score !== 'accuracy' || metrics.accuracies.some((value) => value !== null);
  const lossSeries = useMemo(() => lines(t.loss, t.validation, '--family-conv', '--family-fc'), [t]);
  const accuracySeries = useMemo(
    () =>
      lines(t.accuracy, score === 'accuracy' ? t.validation : t[score], '--family-pool', '--family-gap').map((line) =>
        // Pictures and multi-label have no accuracy, whose lines are empty: nothing is to be named of them.
        (score === 'psnr' || score === 'macroF1') && line.id !== 'validation' ? { ...line, hidden: true } : line,
      ),
    [t, score],
  );
  const tools = useChartTools();
  const { view, isLog, hasOutliers } = tools;
  const overlaid = useOverlaidRuns('runId' in run ? run.runId : null);
  const kept = useMetricsOf(overlaid);
  const others = useMemo(
    () =>
      overlaid.map((one, index): ChartSeries => ({
        id: one.id,
        label: runName(one, language),
        width: 2,
        color: overlayColors[index % overlayColors.length] ?? '--family-norm',
        dash: true,
      })),
    [overlaid, language],
  );
  const beside = useCallback(
    (own: uPlot.AlignedData, columns: (metrics: RunMetrics) => uPlot.AlignedData, column: number) => {
      if (overlaid.length === 0) return own;
      const tables = overlaid.map(({ id }) => columnOf(columns(kept.get(id) ?? emptyMetrics()), column));
      return joinTables([own, ...tables]);
    },
    [overlaid, kept],
  );
  const readLoss = useCallback(() => {
    const columns = beside(lossColumns(shown.metrics(), view), (one) => lossColumns(one, view), 1);
    return isLog ? onlyPositive(columns) : columns;
  }, [shown, view, isLog, beside]);
  const readAccuracy = useCallback(
    () => beside(scoreColumns(shown.metrics(), score, view), (one) => scoreColumns(one, score, view), 2),
    [shown, score, view, beside],
  );
  // Loss of each step, and validation: an average would keep a wild value for long.
  const readTop = useCallback(
    ([, ...columns]: uPlot.AlignedData) => {
      if (hasOutliers) return null;
      const measured = [columns[0], columns[2], ...columns.slice(3)];
      return Math.max(...measured.map((column) => usualTop(column ?? []) ?? 0));
    },
    [hasOutliers],
  );
  const [picked, setPicked] = useState<Measure | null>(null);
  const offered = measuresOf(metrics);
  // What has no score has its learning rate there, and what was picked stays, unless this run has no values of it.
  const [first] = hasScore ? [] : (['learningRate', ...offered] as const).filter((one) => offered.includes(one));
  const measure = picked !== null && offered.includes(picked) ? picked : (first ?? null);
  const scoreLabel = { accuracy: t.accuracy, macroF1: t.macroF1, meanIou: t.accuracyAndIou, psnr: t.psnr }[score];
  const readMeasure = useCallback(() => {
    const one = measure ?? 'learningRate';
    return beside(measureColumns(shown.metrics(), one, view), (other) => measureColumns(other, one, view), 0);
  }, [shown, measure, view, beside]);
  const measureSeries = useMemo((): readonly ChartSeries[] => {
    const label = measure === null ? '' : measureWords(t)[measure];
    return [
      { id: 'measure', label, color: '--family-pool', width: 2, points: measure !== null && isOfEpochs(measure) },
      ...others,
    ];
  }, [t, measure, others]);
  const picker = (
    <MeasureMenu score={hasScore ? scoreLabel : null} offered={offered} measure={measure} onPick={setPicked} />
  );
  const allLoss = useMemo(() => [...lossSeries, ...others], [lossSeries, others]);
  const allAccuracy = useMemo(
    () => [...accuracySeries, ...others.map((one) => ({ ...one, points: true }))],
    [accuracySeries, others],
  );
  const fileName = 'runId' in run && run.runId !== null ? run.runId : 'run';
  const common = { subscribe: shown.onMetrics, theme, formatX: tools.formatX, xLabel: tools.xLabel } as const;
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
        {...common}
        label={t.loss}
        series={allLoss}
        read={readLoss}
        readTop={readTop}
        format={formatLoss}
        formatTick={formatTick}
        isLog={isLog}
        fileName={`${fileName}-loss`}
        saves={[{ id: 'csv', label: t.csv, hint: t.csvHint, onSelect: () => saveCsv(run, shown.metrics()) }]}
        actions={tools.buttons}
      />
      {measure !== null ? (
        <LineChart
          {...common}
          label={measureWords(t)[measure]}
          series={measureSeries}
          read={readMeasure}
          {...measureAxis[measure]}
          fileName={`${fileName}-${measure}`}
          actions={picker}
        />
      ) : hasScore ? (
        <LineChart
          {...common}
          label={scoreLabel}
          series={allAccuracy}
          read={readAccuracy}
          {...scoreAxis[score]}
          fileName={`${fileName}-${score === 'meanIou' ? 'accuracy' : score}`}
          actions={picker}
        />
      ) : null}
    </div>
  );
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
