import { formatCount, text, type Text } from '../text';

/** One step of a sweep: the rate that it was taken with, and the loss before it. */
export type SweptStep = { readonly rate: number; readonly loss: number };

/** A point of the curve: the loss of its step, and the average that the eye follows. */
export type RatePoint = SweptStep & { readonly smooth: number };

/** What a sweep of the learning rate comes to. */
export type RateSweep = {
  readonly engine: string;
  readonly device: string;
  readonly points: readonly RatePoint[];
  /** The rate to take; null where the loss fell nowhere. */
  readonly suggested: number | null;
  readonly why: Text;
};

/** From where a sweep goes to where, in how many steps. */
export const sweepRange = { from: 1e-7, to: 10, steps: 120 } as const;

/** The rate of a step, counted from 1: each is the one before times the same factor. */
export function sweptRate(step: number): number {
  const { from, to, steps } = sweepRange;
  return from * (to / from) ** ((step - 1) / (steps - 1));
}

/** How much of an average is the past. */
const smoothing = 0.9;
/** A loss so many times the least one is not coming back. */
const lostFactor = 4;
/** The first points are an average of few steps, and fall and rise by chance. */
const unsteadyPoints = 15;
/** A fall by less than this part is none. */
const leastFall = 0.05;

/** The curve with its average, whose start at zero is corrected as Adam's is. */
export function smoothed(steps: readonly SweptStep[]): readonly RatePoint[] {
  let moment = 0;
  return steps.map(({ rate, loss }, index) => {
    moment = smoothing * moment + (1 - smoothing) * loss;
    return { rate, loss, smooth: moment / (1 - smoothing ** (index + 1)) };
  });
}

/** Whether a sweep has seen enough: the loss is no number, or far above the least. */
export function hasDiverged(steps: readonly SweptStep[]): boolean {
  const last = steps.at(-1);
  if (last === undefined) return false;
  if (!Number.isFinite(last.loss)) return true;
  const points = smoothed(steps);
  const least = Math.min(...points.map(({ smooth }) => smooth));
  return steps.length > 20 && (points.at(-1)?.smooth ?? 0) > lostFactor * least;
}

function rounded(rate: number): number {
  return Number(rate.toPrecision(1));
}

/** How fast the average falls around a point, by a step of the sweep. */
function slopeAt(points: readonly RatePoint[], at: number): number {
  const reach = 6;
  const [before, after] = [Math.max(0, at - reach), Math.min(points.length - 1, at + reach)];
  return ((points[after]?.smooth ?? 0) - (points[before]?.smooth ?? 0)) / Math.max(1, after - before);
}

/**
 * The rate that a sweep speaks for: where the loss falls fastest on its way to the least (Smith, arXiv 1506.01186), to one figure. An
 * average comes late, but by the same factor for all.
 */
export function suggestRate(steps: readonly SweptStep[]): Pick<RateSweep, 'points' | 'suggested' | 'why'> {
  const points = smoothed(steps.filter(({ loss }) => Number.isFinite(loss)));
  const begin = Math.min(points.length - 1, unsteadyPoints);
  const start = points[begin]?.smooth ?? 0;
  let lowest = 0;
  points.forEach(({ smooth }, at) => {
    if (smooth < (points[lowest]?.smooth ?? Infinity)) lowest = at;
  });
  const least = points[lowest]?.smooth ?? 0;
  if (points.length <= unsteadyPoints || least > start * (1 - leastFall)) {
    const range = `${points[0]?.rate ?? 0} … ${points.at(-1)?.rate.toPrecision(2) ?? 0}`;
    return {
      points,
      suggested: null,
      why: text(
        `The loss fell nowhere between ${range} in ${formatCount(points.length)} steps: look at the data, the initial weights and the size of the batches first.`,
        `在 ${range} 之间的 ${formatCount(points.length)} 步里损失都没有下降：请先检查数据、初始权值和批大小。`,
      ),
    };
  }
  let steepest = begin;
  for (let at = begin + 1; at <= lowest; at += 1) if (slopeAt(points, at) < slopeAt(points, steepest)) steepest = at;
  const suggested = rounded(points[steepest]?.rate ?? 0);
  const end = rounded(points[lowest]?.rate ?? 0);
  return {
    points,
    suggested,
    why: text(
      `The loss falls fastest around ${suggested}; it is least at ${end}, and beyond that steps are too long.`,
      `损失在 ${suggested} 附近下降最快；在 ${end} 处最低，再大步长就过大了。`,
    ),
  };
}
