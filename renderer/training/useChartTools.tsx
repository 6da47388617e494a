import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useText } from '../i18n';
import { Menu } from '../ui';
import { formatSeconds } from '../ui/units';
import type { CurveView, Smoothing } from './runSeries';
import { xAxes, type XAxis } from './xAxis';

/** How curves are looked at, and the buttons that change it. */
export type ChartTools = {
  readonly view: CurveView;
  readonly isLog: boolean;
  /** Whether single wild values count for the height of the axis. */
  readonly hasOutliers: boolean;
  readonly xLabel: string;
  readonly formatX: (value: number) => string;
  readonly buttons: ReactNode;
};

function formatSecondsTick(value: number): string {
  return value < 10 && !Number.isInteger(value) ? `${value.toFixed(1)} s` : formatSeconds(value);
}

function formatPlace(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** The choice of axes over charts that belong together; `first` is what they are drawn over until something else is chosen. */
export function useChartTools(first: XAxis = 'steps'): ChartTools {
  const { t } = useText('training');
  const [axis, setAxis] = useState<XAxis>(first);
  const [smoothing, setSmoothing] = useState<Smoothing>('usual');
  const [isLog, setLog] = useState(false);
  const [hasOutliers, setOutliers] = useState(false);
  const formatX = useCallback(
    (value: number) => (axis === 'seconds' ? formatSecondsTick(value) : formatPlace(value)),
    [axis],
  );
  const buttons = (
    <>
      <Menu
        align="end"
        trigger={
          <button type="button" title={t.axisHint}>
            {t.over} {t[`axis_${axis}`]}
          </button>
        }
        groups={[
          {
            actions: xAxes.map((one) => ({
              id: one,
              label: t[`axis_${one}`],
              isChecked: one === axis,
              onSelect: () => setAxis(one),
            })),
          },
          {
            title: t.smoothing,
            actions: (['none', 'usual', 'strong'] as const).map((one) => ({
              id: one,
              label: t[`smoothing_${one}`],
              isChecked: one === smoothing,
              onSelect: () => setSmoothing(one),
            })),
          },
        ]}
      />
      <button type="button" aria-pressed={isLog} title={t.logScaleHint} onClick={() => setLog(!isLog)}>
        {t.logScale}
      </button>
      <button type="button" aria-pressed={hasOutliers} title={t.outliersHint} onClick={() => setOutliers(!hasOutliers)}>
        {t.outliers}
      </button>
    </>
  );
  const view = useMemo(() => ({ axis, smoothing }), [axis, smoothing]);
  return { view, isLog, hasOutliers, xLabel: t[`axis_${axis}`], formatX, buttons };
}
