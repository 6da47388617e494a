import type { RunMetrics } from '../session/metrics';

/** What the curves of runs are drawn over. Runs of different batches are fairly compared by samples or by seconds, not by steps. */
export const xAxes = ['steps', 'epochs', 'samples', 'seconds'] as const;
export type XAxis = (typeof xAxes)[number];

/** Where a step is on an axis. Of a run that has not said how long its epochs are, only the step is known. */
export function placesOn(axis: XAxis, { started, epochs, last }: RunMetrics): (step: number) => number {
  if (axis === 'steps' || started === null || started.stepsPerEpoch === 0) return (step) => step;
  const { stepsPerEpoch, trainCount } = started;
  if (axis === 'epochs') return (step) => step / stepsPerEpoch;
  const samplesPerStep = trainCount / stepsPerEpoch;
  if (axis === 'samples') return (step) => step * samplesPerStep;
  // The time of an epoch is measured; within it, and after the last one that has ended, steps are taken as equally long.
  let seconds = 0;
  const ends = epochs.map(({ step, event }) => ({ step, seconds: (seconds += event.seconds) }));
  const pace = last === null || last.imagesPerSecond === 0 ? 0 : samplesPerStep / last.imagesPerSecond;
  return (step) => {
    let before = { step: 0, seconds: 0 };
    for (const end of ends) {
      if (step <= end.step) {
        const share = (step - before.step) / Math.max(1, end.step - before.step);
        return before.seconds + share * (end.seconds - before.seconds);
      }
      before = end;
    }
    return before.seconds + (step - before.step) * pace;
  };
}
