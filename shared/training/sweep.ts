import type { Assignment, EarlyStopRule } from '../schema/sweeps';
import type { Text } from '../text';
import { paretoFront } from './pareto';
import type { WatchedMetric } from './watching';

/** One trial of a sweep: a run of its own, once it has begun. */
export type SweepTrial = {
  readonly assignment: Assignment;
  /** 'early': ended as one of the worst. 'skipped': its network or its settings cannot be trained, and `why` says so. */
  readonly state: 'waiting' | 'running' | 'completed' | 'early' | 'skipped' | 'failed';
  readonly runId: string | null;
  readonly runDir: string | null;
  /** The best error up to each epoch. */
  readonly errors: readonly number[];
  readonly metric: WatchedMetric | null;
  readonly params: number | null;
  readonly macs: number | null;
  readonly seconds: number | null;
  readonly why: Text | null;
};

/** A sweep as it stands. */
export type Sweep = {
  readonly id: string;
  readonly dir: string;
  /** Also the tag of its runs. */
  readonly name: string;
  readonly startedAt: string;
  readonly state: 'running' | 'stopped' | 'completed';
  readonly data: string;
  /** As they were written. */
  readonly vary: readonly string[];
  readonly earlyStop: EarlyStopRule;
  readonly trials: readonly SweepTrial[];
};

/** What a trial can cost. */
export const trialCosts = ['params', 'macs', 'seconds'] as const;
export type TrialCost = (typeof trialCosts)[number];

/** A trial before it has begun. */
export function newTrial(assignment: Assignment): SweepTrial {
  return {
    assignment,
    state: 'waiting',
    runId: null,
    runDir: null,
    errors: [],
    metric: null,
    params: null,
    macs: null,
    seconds: null,
    why: null,
  };
}

/** Whether a trial has come to its end, whatever that was. */
export function isTrialDone({ state }: SweepTrial): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** The best error of a trial; null before its first epoch. */
export function trialError({ errors }: SweepTrial): number | null {
  return errors.at(-1) ?? null;
}

/** The numbers, from 0, of the trials that nothing beats in error and a cost. */
export function sweepFront(trials: readonly SweepTrial[], cost: TrialCost): readonly number[] {
  const points = trials.flatMap((trial, index) => {
    const [error, spent] = [trialError(trial), trial[cost]];
    return error === null || spent === null ? [] : [{ index, error, cost: spent }];
  });
  return paretoFront(points).map(({ index }) => index);
}

/** The median rule needs so many others before it says anything. */
const fewestOthers = 3;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1] ?? NaN, sorted[Math.floor(middle)] ?? NaN];
  return (below + above) / 2;
}

/** Whether an epoch is one after which half of the trials end: 1, 2, 4, 8, ... */
function isRung(epoch: number): boolean {
  return epoch > 0 && (epoch & (epoch - 1)) === 0;
}

/**
 * Whether a trial is one of the worst after the epoch that its errors end with. The median rule is that of Golovin et al. (Vizier, KDD 2017);
 * the halving is that of Li et al. (ASHA, arXiv 1810.05934) in which trials stop, and are never taken up again.
 */
export function shouldStopEarly(
  rule: EarlyStopRule,
  errors: readonly number[],
  others: readonly (readonly number[])[],
  epochs: number,
): boolean {
  const epoch = errors.length;
  const own = errors.at(-1);
  if (rule === 'none' || own === undefined || epoch >= epochs) return false;
  const atEpoch = others.flatMap((one) => one[epoch - 1] ?? []);
  if (rule === 'median') return atEpoch.length >= fewestOthers && own > median(atEpoch);
  if (!isRung(epoch) || atEpoch.length === 0) return false;
  const better = atEpoch.filter((error) => error < own).length;
  return better >= Math.ceil((atEpoch.length + 1) / 2);
}
