import { engineFailed, runOutOfMemory } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { errorText } from '../../shared/text';
import type { TrainingConfig } from '../../shared/schema/training';
import { createAnswers } from './answers';
import { fasterWithinReach } from '../engines';
import { connectPort } from './port';
import { trainedDataOf } from './modelData';
import { prepareRun } from './prepare';
import type { PreparedRun } from './prepare';
import type { TrainerCommand } from './protocol';
import { createRunLog } from './runLog';
import { defaultCheckpointIntervalMs, trainRun } from './train';
import { removeTemporaries } from '../files/atomicFile';
import { cutLog } from '../files/metricsLog';

/** The entry of a trainer's process: it trains one run, or answers questions, until the app ends it. */
const port = connectPort();
const answer = createAnswers();
const clock = (): number => performance.now();

/** What is being answered, so that it can be given up. */
const asked = new Map<number, AbortController>();
let shouldStop = false;
let isTraining = false;
let isAlone = false;
let prepared: { readonly runId: string; readonly config: TrainingConfig; readonly run: PreparedRun } | null = null;

// Ctrl-C, and that a terminal is closed, reach every process of it; the app decides what they mean, and asks for a stop.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
port.onLost(() => {
  shouldStop = true;
  isAlone = true;
  // A run ends after its step and keeps its weights; everything else ends here.
  if (!isTraining) process.exit(0);
});

function describeFailure(error: unknown, engine: string, config: TrainingConfig): Diagnostic {
  const reason = errorText(error);
  return /out of memory|bad_alloc|allocat|OOM/i.test(reason)
    ? runOutOfMemory(config.batchSize, reason)
    : engineFailed(engine, reason);
}

/** Ten times a second is more than anybody reads. */
const progressPaceMs = 100;

/** Tells how far something is at a pace that a screen can follow. */
function atPace(tell: (done: number, total: number) => void): (done: number, total: number) => void {
  let lastMs = -Infinity;
  return (done, total) => {
    if (clock() - lastMs < progressPaceMs && done < total) return;
    lastMs = clock();
    tell(done, total);
  };
}

async function prepare({
  runId,
  document,
  config,
  resumeDir,
  from,
}: Extract<TrainerCommand, { type: 'prepare' }>): Promise<void> {
  try {
    const result = await prepareRun(
      document,
      config,
      { resumeDir, start: from },
      atPace((done, total) => port.send({ type: 'reading', done, total })),
    );
    if (!result.ok) {
      port.send({ type: 'prepared', result });
      return;
    }
    prepared = { runId, config, run: result.value };
    const faster = fasterWithinReach(result.value.choice);
    port.send({
      type: 'prepared',
      result: success({
        document: result.value.document,
        data: trainedDataOf(result.value.dataset, config),
        // About the machine and not about the run, hence not among the run's own events.
        warnings: [...result.value.warnings, ...(faster === null ? [] : [faster])],
      }),
    });
  } catch (error) {
    port.send({ type: 'prepared', result: failure(describeFailure(error, config.engine, config)) });
  }
}

/** For tests, which cannot wait for half a minute; not meant for users. */
function checkpointIntervalMs(): number {
  const seconds = process.env['CONVLOOM_CHECKPOINT_SECONDS'];
  return seconds === undefined ? defaultCheckpointIntervalMs : 1000 * Number(seconds);
}

async function begin(dir: string): Promise<void> {
  if (prepared === null) return;
  const { runId, config, run } = prepared;
  isTraining = true;
  const log = createRunLog(dir, (event) => port.send({ type: 'event', event }), clock);
  try {
    if (run.from !== null) {
      await removeTemporaries(dir);
      await cutLog(dir, run.from);
    }
    await trainRun(run, {
      runId,
      dir,
      config,
      log,
      shouldStop: () => shouldStop,
      tellValidating: (validating) => port.send({ type: 'validating', validating }),
      clock,
      checkpointIntervalMs: checkpointIntervalMs(),
    });
  } catch (error) {
    await log.writeFirst({ type: 'failed', diagnostic: describeFailure(error, run.choice.engine.id, config) });
  }
  isTraining = false;
  if (isAlone) process.exit(0);
}

async function reply({ id, name, question }: Extract<TrainerCommand, { type: 'ask' }>): Promise<void> {
  const controller = new AbortController();
  asked.set(id, controller);
  const result = await answer(
    name,
    question,
    controller.signal,
    atPace((done, total) => port.send({ type: 'progress', id, done, total })),
  );
  asked.delete(id);
  port.send({ type: 'answer', id, result });
}

port.onCommand((command) => {
  switch (command.type) {
    case 'prepare':
      void prepare(command);
      break;
    case 'begin':
      void begin(command.dir);
      break;
    case 'stop':
      shouldStop = true;
      break;
    case 'ask':
      void reply(command);
      break;
    case 'cancel':
      asked.get(command.id)?.abort();
      break;
  }
});
