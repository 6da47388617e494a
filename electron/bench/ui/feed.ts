import { randomUUID } from 'node:crypto';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { RunEvent } from '../../../shared/training/events';
import type { ForkTrainer, TrainerProcess } from '../../host';
import type { Prepared, TrainerCommand, TrainerReport } from '../../trainer/protocol';

/** A long run without the arithmetic: its events come as fast as they are asked for, the rest of their way is the real one. */
export type Feed = {
  /** For the host: questions (which engines there are) go to a real trainer, a run to the feed. */
  readonly fork: ForkTrainer;
  /** Settles when the app has begun the run. */
  readonly begun: Promise<void>;
  /** Sends `count` steps at `perSecond`; settles when all are sent. */
  pour(count: number, perSecond: number): Promise<void>;
  /** Ends the run. */
  finish(): void;
};

const stepsPerEpoch = 1000;

/** Losses that fall and flicker as real ones do, and accuracies that rise with them; the same in every run. */
export function feedStep(step: number): Extract<RunEvent, { type: 'step' }> {
  const flicker = (((step * 2_654_435_761) >>> 0) / 2 ** 32 - 0.5) * 0.2;
  const loss = 2.3 / (1 + step / 400) + 0.1 + flicker * 0.5;
  return {
    type: 'step',
    epoch: Math.ceil(step / stepsPerEpoch),
    step,
    loss,
    accuracy: Math.min(1, Math.max(0, 1 - loss / 2.5)),
    imagesPerSecond: 4000,
    secondsLeft: 60,
  };
}

/** Creates a feed. `fork` starts real trainers. */
export function createFeed(fork: ForkTrainer): Feed {
  let report: ((report: TrainerReport) => void) | null = null;
  let step = 0;
  let settleBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (settleBegun = resolve));
  const connect = (listener: (report: TrainerReport) => void): void => {
    report = listener;
    settleBegun();
  };
  const send = (event: RunEvent): void => report?.({ type: 'event', event });
  const sendStep = (): void => {
    step += 1;
    send(feedStep(step));
    if (step % stepsPerEpoch === 0) send(epochEnd(step));
  };
  return {
    fork: () => feedTrainer(fork, connect),
    begun,
    pour: async (count, perSecond) => {
      const begin = performance.now();
      const first = step;
      while (step - first < count) {
        const due = Math.min(count, Math.ceil(((performance.now() - begin) / 1000) * perSecond));
        while (step - first < due) sendStep();
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    },
    finish: () => send({ type: 'finished', runDir: '', seconds: 60, reason: 'completed' }),
  };
}

function epochEnd(step: number): RunEvent {
  const { epoch, loss, accuracy } = feedStep(step);
  return { type: 'epoch', epoch, loss, valLoss: loss, accuracy, valAccuracy: accuracy, valMeanIou: null, seconds: 1 };
}

/** What is asked for first decides whether this is the feed or a real trainer. */
function feedTrainer(fork: ForkTrainer, connect: (report: (report: TrainerReport) => void) => void): TrainerProcess {
  const reportListeners: ((report: TrainerReport) => void)[] = [];
  const exitListeners: Parameters<TrainerProcess['onExit']>[0][] = [];
  let real: TrainerProcess | null = null;
  const say = (report: TrainerReport): void => {
    for (const listener of reportListeners) listener(report);
  };
  const realTrainer = (): TrainerProcess => {
    if (real !== null) return real;
    real = fork();
    real.onReport(say);
    for (const listener of exitListeners) real.onExit(listener);
    return real;
  };
  const answer = (command: TrainerCommand): void => {
    if (command.type === 'prepare') {
      setImmediate(() => say({ type: 'prepared', result: success(preparedRun(command)) }));
    } else if (command.type === 'begin') {
      connect(say);
      say({ type: 'event', event: startedEvent() });
    }
  };
  return {
    pid: process.pid,
    send: (command) => {
      if (command.type === 'ask') realTrainer().send(command);
      else answer(command);
    },
    onReport: (listener) => void reportListeners.push(listener),
    onExit: (listener) => {
      exitListeners.push(listener);
      real?.onExit(listener);
    },
    kill: () => {
      if (real !== null) real.kill();
      else for (const listener of exitListeners.splice(0)) listener({ code: 0, signal: null, errorOutput: '' });
    },
  };
}

function preparedRun({ document }: Extract<TrainerCommand, { type: 'prepare' }>): Prepared {
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
  return { document, data: { task: 'classification', classes, inputShape: [28, 28, 1], scaling: null }, warnings: [] };
}

function startedEvent(): RunEvent {
  return {
    type: 'started',
    runId: randomUUID(),
    engine: 'onnxruntime',
    device: 'benchmark',
    epochs: 200,
    stepsPerEpoch,
    trainCount: 8000,
    validationCount: 2000,
    baseline: { accuracy: 0.11, meanIou: null },
  };
}
