import type uPlot from 'uplot';
import { validationScore } from '../../shared/training/runTable';
import type { ValidationScores } from '../../shared/training/runTable';
import type { WatchedMetric } from '../../shared/training/watching';
import type { RunMetrics } from '../session/metrics';
import { placesOn, type XAxis } from './xAxis';

/** Points that are drawn at most: more than the pixels of a wide chart show nothing more, and cost every frame. */
const drawnPoints = 1500;

/**
 * Weights of the past in the averaged line. As usual, half of a value's weight is gone after about four steps, so that it follows closely;
 * strongly, after thirty-four.
 */
export const smoothings = { none: 0, usual: 0.85, strong: 0.98 } as const;
export type Smoothing = keyof typeof smoothings;

/** Indices to draw: every k-th, with the last and with those that must be there. */
function pickIndices(count: number, required: readonly number[]): readonly number[] {
  if (count <= drawnPoints) return Array.from({ length: count }, (_, index) => index);
  const stride = Math.ceil(count / drawnPoints);
  const kept = new Set(required);
  for (let index = 0; index < count; index += stride) kept.add(index);
  kept.add(count - 1);
  return [...kept].sort((a, b) => a - b);
}

/** What a gap of `gap` steps, over which the values run evenly from `before` to `value`, adds to the moment. */
function momentOfGap(gap: number, before: number, value: number, smoothing: number): number {
  const past = smoothing ** gap;
  // Σ j·s^j for j = 0 … gap − 1: how much of the rise the older of the steps have not seen yet.
  const lag = (smoothing * (1 - gap * smoothing ** (gap - 1) + (gap - 1) * past)) / (1 - smoothing) ** 2;
  return value * (1 - past) - ((value - before) / gap) * (1 - smoothing) * lag;
}

/**
 * Exponential moving average of a noisy column, corrected for its start (Kingma and Ba, arXiv 1412.6980, section 3):
 * m_t = 0.85 m_(t−1) + 0.15 x_t, shown as m_t / (1 − 0.85^t), and likewise for other weights of the past. It runs over steps, not over the values that arrived: a step that was not
 * reported counts as one on the straight line between its neighbours, so that a fast engine (few reports) and a slow one, a live run and
 * the same run after a reload are averaged alike. Nulls keep the last average. Without `steps` every value is a step of its own.
 */
export function movingAverage(
  values: readonly (number | null)[],
  steps?: readonly number[],
  smoothing: number = smoothings.usual,
): (number | null)[] {
  let moment = 0;
  let weight = 0;
  let before: { readonly step: number; readonly value: number } | null = null;
  return values.map((value, index) => {
    if (value !== null) {
      const step = steps?.[index] ?? index;
      const gap: number = before === null ? 1 : Math.max(1, step - before.step);
      const past = smoothing ** gap;
      moment = past * moment + momentOfGap(gap, before?.value ?? value, value, smoothing);
      weight = past * weight + (1 - past);
      before = { step, value };
    }
    return weight === 0 ? null : moment / weight;
  });
}

/** How curves are drawn: over what, and how smooth. */
export type CurveView = { readonly axis: XAxis; readonly smoothing: Smoothing };

const plainView: CurveView = { axis: 'steps', smoothing: 'usual' };

/** Columns of one measure: x, every step, their moving average, and the validation value of each epoch at the step that ended it. */
function columns(
  metrics: RunMetrics,
  perStep: readonly (number | null)[],
  validation: (index: number) => number | null,
  { axis, smoothing }: CurveView,
): uPlot.AlignedData {
  const placeOf = new Map<number, number>();
  for (const [index, step] of metrics.steps.entries()) placeOf.set(step, index);
  const marks = new Map<number, number>();
  for (const [index, epoch] of metrics.epochs.entries()) {
    const place = placeOf.get(epoch.step);
    const value = validation(index);
    if (place !== undefined && value !== null) marks.set(place, value);
  }
  const averaged = movingAverage(perStep, metrics.steps, smoothings[smoothing]);
  const picked = pickIndices(metrics.steps.length, [...marks.keys()]);
  const place = placesOn(axis, metrics);
  return [
    picked.map((index) => place(metrics.steps[index] ?? 0)),
    picked.map((index) => perStep[index] ?? null),
    picked.map((index) => averaged[index] ?? null),
    picked.map((index) => marks.get(index) ?? null),
  ];
}

/** Loss: place on the axis, loss of each step, its average, validation loss. */
export function lossColumns(metrics: RunMetrics, view: CurveView = plainView): uPlot.AlignedData {
  return columns(metrics, metrics.losses, (index) => metrics.epochs[index]?.event.valLoss ?? null, view);
}

/** A score of validation that has a chart of its own beside the loss. */
export type ChartedScore = Exclude<WatchedMetric, 'loss'>;

/** The score that tells most of what epochs brought; accuracy where there is no other. */
export function chartedScore(epochs: readonly ValidationScores[]): ChartedScore {
  const has = (score: ChartedScore): boolean => epochs.some((epoch) => validationScore(epoch, score) !== null);
  return (['psnr', 'meanIou', 'macroF1'] as const).find(has) ?? 'accuracy';
}

/** Accuracy, and the score of validation, which may be another: step, accuracy of each step, its average, validation value. */
export function scoreColumns(metrics: RunMetrics, score: ChartedScore, view: CurveView = plainView): uPlot.AlignedData {
  const validation = (index: number): number | null => {
    const event = metrics.epochs[index]?.event;
    return event === undefined ? null : validationScore(event, score);
  };
  return columns(metrics, metrics.accuracies, validation, view);
}

/** What else is measured and can be drawn in the place of the score: once an epoch, or at steps. */
const epochMeasures = ['microF1', 'meanAveragePrecision', 'exactMatch'] as const;
const stepMeasures = ['learningRate', 'speed', 'memory', 'cores'] as const;
type EpochMeasure = (typeof epochMeasures)[number];
export type Measure = EpochMeasure | (typeof stepMeasures)[number];

/** Whether a measure has one value an epoch, which is then a point. */
export function isOfEpochs(measure: Measure): measure is EpochMeasure {
  return epochMeasures.some((one) => one === measure);
}

/** The values of a measure with the steps that they are of. */
function valuesOf(metrics: RunMetrics, measure: Measure): readonly (readonly [step: number, value: number | null])[] {
  const ofSteps = { learningRate: metrics.rates, speed: metrics.speeds, memory: metrics.memory, cores: metrics.cores };
  if (isOfEpochs(measure)) {
    return metrics.epochs.map(({ step, event }) => [step, event.valLabels?.[measure] ?? null]);
  }
  return ofSteps[measure].map((value, index) => [metrics.steps[index] ?? 0, value]);
}

/** The measures that a run has values of. */
export function measuresOf(metrics: RunMetrics): readonly Measure[] {
  return [...epochMeasures, ...stepMeasures].filter((measure) =>
    valuesOf(metrics, measure).some(([, value]) => value !== null),
  );
}

/** A measure: place on the axis, value. */
export function measureColumns(
  metrics: RunMetrics,
  measure: Measure,
  { axis }: CurveView = plainView,
): uPlot.AlignedData {
  const known = valuesOf(metrics, measure).filter(([, value]) => value !== null);
  const place = placesOn(axis, metrics);
  const picked = pickIndices(known.length, []);
  return [picked.map((index) => place(known[index]?.[0] ?? 0)), picked.map((index) => known[index]?.[1] ?? null)];
}

/** So many neighbours on each side say what is usual around a value. */
const reach = 5;
/** A value is wild where it is so many times what is usual around it. */
const wildFactor = 8;

/**
 * The upper end of an axis that shows all of a column but single wild values: those far above the median of their neighbours, such as one
 * step whose loss is a thousand times the others. Null for a column without numbers.
 */
export function usualTop(column: ArrayLike<number | null | undefined>): number | null {
  const values = Array.from(column).filter((value): value is number => typeof value === 'number');
  let top: number | null = null;
  for (const [at, value] of values.entries()) {
    if (top !== null && value <= top) continue;
    const around = values.slice(Math.max(0, at - reach), at + reach + 1).sort((a, b) => a - b);
    const median = around[Math.floor((around.length - 1) / 2)] ?? value;
    if (value <= wildFactor * Math.abs(median)) top = value;
  }
  return top;
}
