import type { RunEvent, Usage } from '../../shared/training/events';

type Step = Extract<RunEvent, { type: 'step' }>;
type Epoch = Extract<RunEvent, { type: 'epoch' }>;
type Started = Extract<RunEvent, { type: 'started' }>;

/**
 * The numbers of one run, appended to and never copied: a curve reads the arrays when it draws, and React renders at the
 * pace of the screen rather than of the trainer.
 */
export type RunMetrics = {
  /** Columns of the steps so far, all of one length. */
  readonly steps: number[];
  readonly losses: number[];
  readonly accuracies: (number | null)[];
  /** Of each step too: null where it was not told. */
  readonly rates: (number | null)[];
  readonly speeds: (number | null)[];
  readonly memory: (number | null)[];
  readonly cores: (number | null)[];
  /** The step at which each epoch ended, with what was measured there. */
  readonly epochs: { readonly step: number; readonly event: Epoch }[];
  /** The newest step, for the figures. */
  last: Step | null;
  /** What the trainer took of the machine when it told so last. */
  usage: Usage | null;
  /** What the run said of itself when it began: how long an epoch is, and of how many samples. */
  started: Started | null;
};

export function emptyMetrics(): RunMetrics {
  return {
    ...{ steps: [], losses: [], accuracies: [], rates: [], speeds: [], memory: [], cores: [], epochs: [] },
    ...{ last: null, usage: null, started: null },
  };
}

/** Appends what an event measured; other events are not numbers and leave no trace. */
export function appendMetrics(metrics: RunMetrics, event: RunEvent): void {
  if (event.type === 'step') {
    metrics.steps.push(event.step);
    metrics.losses.push(event.loss);
    metrics.accuracies.push(event.accuracy);
    metrics.rates.push(event.learningRate ?? null);
    metrics.speeds.push(event.imagesPerSecond);
    metrics.memory.push(event.usage?.memoryBytes ?? null);
    metrics.cores.push(event.usage?.cores ?? null);
    metrics.last = event;
  }
  if ('usage' in event) metrics.usage = event.usage ?? metrics.usage;
  if (event.type === 'started') metrics.started = event;
  if (event.type === 'epoch') metrics.epochs.push({ step: metrics.last?.step ?? 0, event });
}
