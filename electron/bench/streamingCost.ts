import type { HostApi, HostEvents } from '../../shared/host/api';
import { createMemoryChannel } from '../../shared/host/memory';
import { connectHost, serveHost } from '../../shared/host/rpc';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';
import { reduceRun } from '../../shared/training/runState';
import type { RunState } from '../../shared/training/runState';
import { ask } from './process';
import type { BenchProcess } from './process';

const stepCount = 2000;

/**
 * What telling the metrics costs, in milliseconds per step of `stepMs`: in the trainer (the event is made, logged, and posted at the
 * trainer's pace) and in the app (what was posted is forwarded, written as JSON, read, checked, and taken into the run's state). Null
 * when the process does not answer.
 */
export async function streamingCost(process: BenchProcess, stepMs: number, timeoutMs: number): Promise<number | null> {
  const events: RunEvent[] = [];
  const unsubscribe = process.onReply((reply) => {
    if (reply.type === 'report' && reply.report.type === 'event') events.push(reply.report.event);
  });
  const reply = await ask(process, { type: 'stream', count: stepCount, stepMs }, timeoutMs);
  unsubscribe();
  if (reply.type !== 'streamed') return null;
  const forwarded = await forwardingMs(events, timeoutMs);
  return forwarded === null ? null : reply.stepCostMs + forwarded / stepCount;
}

/**
 * Milliseconds for events to get from the app's side of the trainer into a window's run state; null when one of them does not arrive
 * within `timeoutMs`.
 */
export async function forwardingMs(events: readonly RunEvent[], timeoutMs = 60_000): Promise<number | null> {
  const runId = 'bench';
  let emit: (payload: HostEvents['run.event']) => void = () => undefined;
  const api: HostApi = {
    request: () => Promise.reject(new Error('The benchmark asks nothing.')),
    on: (name, listener) => {
      if (name === 'run.event') emit = listener as typeof emit;
      return () => undefined;
    },
    onLost: () => () => undefined,
  };
  const { client, host } = createMemoryChannel((message) => JSON.parse(JSON.stringify(message)) as unknown);
  const connection = serveHost(api, host);
  let state: RunState = {
    phase: 'preparing',
    runId,
    config: defaultTrainingConfig,
    started: null,
    epochs: [],
    warnings: [],
  };
  let arrived: () => void = () => undefined;
  connectHost(client).on('run.event', ({ runId: of, event }) => {
    state = reduceRun(state, { type: 'event', runId: of, event });
    arrived();
  });
  let giveUp: () => void = () => undefined;
  const late = new Promise<'late'>((resolve) => {
    giveUp = () => resolve('late');
  });
  const timer = setTimeout(giveUp, timeoutMs);
  try {
    const begin = performance.now();
    for (const event of events) {
      // One after another, as a trainer tells them: of steps that come faster than they are heard only the newest is sent.
      const heard = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      emit({ runId, event });
      if ((await Promise.race([heard, late])) === 'late') return null;
    }
    return performance.now() - begin;
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}
