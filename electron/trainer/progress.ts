import { noPlateau } from '../../shared/schema/schedule';
import type { Plateau } from '../../shared/schema/schedule';
import { noFit } from '../../shared/training/overFitting';
import type { Fit } from '../../shared/training/overFitting';
import { nothingWatched } from '../../shared/training/watching';
import type { Watched } from '../../shared/training/watching';
import type { CheckpointState } from '../files/checkpoint';

/** The part of a checkpoint that changes from step to step. */
export type Standing = Omit<CheckpointState, 'runId' | 'engine' | 'config' | 'data'>;

/** Where a run stands while it is at work. */
export type Progress = {
  /** Steps that are done, over the whole run. */
  step: number;
  /** The epoch under way, counted from 1. */
  epoch: number;
  /** Samples of that epoch that have been trained on, and what they added up to. */
  seen: number;
  lossSum: number;
  correct: number;
  /** Labels that `correct` is out of: those that name a class. */
  answers: number;
  firstLoss: number | null;
  plateau: Plateau;
  watched: Watched;
  fit: Fit;
  /** Samples a second, smoothed; 0 before the first step. */
  speed: number;
  /** How long the last evaluation took. */
  evaluationSeconds: number;
  /** When the run and the epoch would have begun, had they never been interrupted. In milliseconds. */
  startedMs: number;
  epochStartedMs: number;
};

/** The progress of a new run, or of one that goes on. */
export function startProgress(from: Standing | null, nowMs: number): Progress {
  return {
    step: from?.step ?? 0,
    epoch: from?.epoch ?? 1,
    seen: from?.seen ?? 0,
    lossSum: from?.lossSum ?? 0,
    correct: from?.correct ?? 0,
    answers: from?.answers ?? 0,
    firstLoss: from?.firstLoss ?? null,
    plateau: from?.plateau ?? noPlateau,
    watched: from?.watched ?? nothingWatched,
    fit: from?.fit ?? noFit,
    speed: 0,
    evaluationSeconds: 0,
    startedMs: nowMs - 1000 * (from?.seconds ?? 0),
    epochStartedMs: nowMs - 1000 * (from?.epochSeconds ?? 0),
  };
}

/** Turns to the next epoch. */
export function enterNextEpoch(progress: Progress, nowMs: number): void {
  progress.epoch += 1;
  progress.seen = 0;
  progress.lossSum = 0;
  progress.correct = 0;
  progress.answers = 0;
  progress.epochStartedMs = nowMs;
}

/** What a checkpoint remembers of it. */
export function standingOf(progress: Progress, nowMs: number): Standing {
  const { step, epoch, seen, lossSum, correct, answers, firstLoss, plateau, watched, fit } = progress;
  const { startedMs, epochStartedMs } = progress;
  const seconds = (nowMs - startedMs) / 1000;
  return {
    step,
    epoch,
    seen,
    lossSum,
    correct,
    answers,
    firstLoss,
    plateau,
    watched,
    fit,
    seconds,
    epochSeconds: (nowMs - epochStartedMs) / 1000,
  };
}
