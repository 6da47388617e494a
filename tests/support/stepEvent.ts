import type { RunEvent } from '../../shared/training/events';

/** A step of a run's first epoch, as a trainer tells of it. */
export function stepEvent(step: number): RunEvent {
  return { type: 'step', epoch: 1, step, loss: 1, accuracy: null, imagesPerSecond: 1, secondsLeft: 1 };
}
