import type uPlot from 'uplot';
import { formatDecibels } from '../../shared/text';
import { scoreText } from '../../shared/training/runTable';
import type { WatchedMetric } from '../../shared/training/watching';

/** A loss beside its curve. */
export function formatLoss(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(2) : value.toFixed(3);
}

/** A share beside its curve. */
export function formatPercent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** Ticks are round, but for the noise of the sums that they come from. */
export function formatTick(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A score in as many digits as a running one has use for. */
export function shortScore(metric: WatchedMetric, value: number): string {
  return metric !== 'loss' && metric !== 'psnr' ? formatPercent(value) : scoreText(metric, value);
}

export function formatPercentTick(value: number): string {
  return `${Number((100 * value).toFixed(1))} %`;
}

/** A log axis has no place for 0. */
export function onlyPositive([x, ...columns]: uPlot.AlignedData): uPlot.AlignedData {
  return [x, ...columns.map((column) => Array.from(column, (value) => (value != null && value > 0 ? value : null)))];
}

/** How the axis of each score is written; shares end at 1. */
export const scoreAxis = {
  accuracy: { format: formatPercent, formatTick: formatPercentTick, top: 1 },
  macroF1: { format: formatPercent, formatTick: formatPercentTick, top: 1 },
  meanIou: { format: formatPercent, formatTick: formatPercentTick, top: 1 },
  psnr: { format: formatDecibels, formatTick },
} as const;
