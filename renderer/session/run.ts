import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { HostApi, HostRequests, ModelRef, RunSummary, RunVariant } from '../../shared/host/api';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Reading, RunEvent } from '../../shared/training/events';
import { packEvents, unpackEvents } from '../../shared/training/packedEvents';
import type { RunAction, RunState } from '../../shared/training/runState';
import { isRunActive, reduceRun } from '../../shared/training/runState';
import type { HostLink } from './hostLink';
import type { RunMetrics } from './metrics';
import { appendMetrics, emptyMetrics } from './metrics';

type Started = Extract<RunEvent, { type: 'started' }>;

/** What a run has said so far, as the host gives it. */
export type RunRecord = HostRequests['run.get'][1];

/** What a run is told besides its settings: what it is to be set beside, and the weights that it starts from. */
export type RunExtras = { readonly variant?: RunVariant; readonly from?: ModelRef };

/** The run that one session shows: the one at work on its network, or the last one looked at. */
export type RunView = {
  readonly store: Omit<StoreApi<RunState>, 'setState'>;
  readonly getState: () => RunState;
  /** Starts training a document. Answers at once; what happens next arrives in the store. */
  readonly start: (config: TrainingConfig, document: NetworkDocument, extras?: RunExtras) => Promise<void>;
  /** Goes on with a run that ended early, from its checkpoint, and shows it. Answers at once, as {@link RunView.start}. */
  readonly resume: (runId: string) => Promise<void>;
  /** Asks the trainer to end after the step at hand and keep its weights. */
  readonly stop: () => Promise<void>;
  /** Forgets the shown run; its files stay. */
  readonly clear: () => void;
  /** Shows a run from disk, or catches up with one that is still at work (after a reload, or a lost connection). */
  readonly show: (runId: string) => Promise<void>;
  /** As {@link RunView.show}, with what the host has already given. */
  readonly adopt: (record: RunRecord) => void;
  /** The buffer of the shown run. Read it when drawing; do not keep it, a new run has a new one. */
  readonly metrics: () => RunMetrics;
  /** Changes with the buffer, at most once a frame. */
  readonly metricsVersion: () => number;
  /** Calls back at most once a frame when the buffer has grown. Gives back what ends the subscription. */
  readonly onMetrics: (listener: () => void) => () => void;
  /** Stops listening; the run itself goes on. */
  readonly dispose: () => void;
};

export type RunOptions = {
  readonly host: HostLink;
  /** Calls back at the next frame of the screen. */
  readonly nextFrame: (callback: () => void) => void;
};

/** A killed trainer says nothing at its end; the summary knows. */
function endedWithoutWord(state: RunState, summary: RunSummary): RunState {
  if (summary.state === 'running' || (state.phase !== 'preparing' && state.phase !== 'running')) return state;
  const { started, epochs, warnings } = state;
  return { phase: 'failed', runId: summary.id, config: summary.config, started, epochs, warnings, diagnostics: [] };
}

/** The state and the numbers that a run's events lead to. */
function replay({ summary, events }: RunRecord): { readonly state: RunState; readonly metrics: RunMetrics } {
  const { id: runId, config } = summary;
  let state: RunState = { phase: 'preparing', runId, config, started: null, epochs: [], warnings: [] };
  const metrics = emptyMetrics();
  for (const event of unpackEvents(events)) {
    state = reduceRun(state, { type: 'event', runId, event });
    appendMetrics(metrics, event);
  }
  return { state: endedWithoutWord(state, summary), metrics };
}

/** What of a run still holds when it goes on from its checkpoint: what came after that is done again. */
function keptEvents(
  events: readonly RunEvent[],
  { epoch, step }: NonNullable<Started['resumed']>,
): readonly RunEvent[] {
  return events.filter((event) => {
    if (event.type === 'step') return event.step <= step;
    return event.type === 'epoch' ? event.epoch < epoch : event.type === 'warning';
  });
}

/** The metrics of one run view, and who is told of them. */
function createMetricsBuffer(nextFrame: RunOptions['nextFrame']) {
  let metrics = emptyMetrics();
  let version = 0;
  let isAnnounced = false;
  const listeners = new Set<() => void>();
  /** Tells the listeners at the next frame, however many numbers came in between. */
  const announce = (): void => {
    if (isAnnounced) return;
    isAnnounced = true;
    nextFrame(() => {
      isAnnounced = false;
      version += 1;
      for (const listener of [...listeners]) listener();
    });
  };
  return {
    current: () => metrics,
    version: () => version,
    replace: (next: RunMetrics): void => {
      metrics = next;
      announce();
    },
    append: (event: RunEvent): void => {
      appendMetrics(metrics, event);
      announce();
    },
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}

/** A view of runs that hears only of its own: events of every other run pass it by. */
export function createRunView({ host, nextFrame }: RunOptions): RunView {
  const store = createStore<RunState>(() => ({ phase: 'idle' }));
  const buffer = createMetricsBuffer(nextFrame);
  /** Events that came before the answer which says whose they are: the trainer can be faster than the reply. */
  let early: { readonly runId: string; readonly event: RunEvent }[] = [];
  let listened: { readonly host: HostApi; readonly stop: () => void } | null = null;
  /** What a run that goes on had said before. */
  let before: RunRecord | null = null;
  /** The newest wish to show something wins, whichever answer comes first. */
  let wish = 0;

  const dispatch = (action: RunAction): void => store.setState((state) => reduceRun(state, action), true);
  const receive = (runId: string, event: RunEvent): void => {
    const state = store.getState();
    if (state.phase === 'requesting') {
      early.push({ runId, event });
      return;
    }
    if (!('runId' in state) || state.runId !== runId) return;
    if (event.type === 'started' && event.resumed !== undefined && before?.summary.id === runId) {
      const { summary, events, ...rest } = before;
      before = null;
      adopt({
        ...rest,
        summary: { ...summary, state: 'running' },
        events: packEvents([...keptEvents(unpackEvents(events), event.resumed), event]),
      });
      return;
    }
    dispatch({ type: 'event', runId, event });
    buffer.append(event);
    if (isRunActive(state) && !isRunActive(store.getState())) void complete(runId);
  };
  /**
   * Not every step of a run at work is sent, and an average over those that came is only near that over all. Once it has ended its log has
   * them all, and the curves are what they are whenever the run is opened again.
   */
  const complete = async (runId: string): Promise<void> => {
    const own = wish;
    const answer = await host.current()?.request('run.get', { runId });
    if (answer?.ok !== true || own !== wish) return;
    const { metrics } = replay(answer.value);
    if (metrics.steps.length > buffer.current().steps.length) buffer.replace(metrics);
  };
  /** While a run is asked for it has no id that this view could know; it is the one that the host reads for. */
  const hearReading = (runId: string, reading: Reading): void => {
    const state = store.getState();
    if (state.phase === 'requesting' || (state.phase === 'preparing' && state.runId === runId)) {
      dispatch({ type: 'reading', reading });
    }
  };
  const adopt = (record: RunRecord): void => {
    wish += 1;
    const { state, metrics } = replay(record);
    buffer.replace(metrics);
    store.setState(state, true);
  };
  const show = async (runId: string): Promise<void> => {
    const own = ++wish;
    const answer = await host.current()?.request('run.get', { runId });
    if (answer?.ok === true && own === wish) adopt(answer.value);
  };
  const begin = async (
    config: TrainingConfig,
    ask: (ready: HostApi) => Promise<Result<HostRequests['run.start'][1]>>,
  ): Promise<void> => {
    const ready = host.current();
    if (!ready || isRunActive(store.getState())) return;
    wish += 1;
    early = [];
    buffer.replace(emptyMetrics());
    dispatch({ type: 'request', config });
    const answer = await ask(ready);
    if (!answer.ok) {
      dispatch({ type: 'refused', diagnostics: answer.diagnostics });
      return;
    }
    dispatch({ type: 'accepted', runId: answer.value.runId });
    const waiting = early;
    early = [];
    for (const { runId, event } of waiting) receive(runId, event);
  };
  const leave = host.onReady((ready) => {
    if (listened?.host !== ready) {
      listened?.stop();
      const leaveEvents = ready.on('run.event', ({ runId, event }) => receive(runId, event));
      const leaveReading = ready.on('run.reading', ({ runId, done, total }) => hearReading(runId, { done, total }));
      const leaveValidating = ready.on('run.validating', ({ runId, ...validating }) => {
        dispatch({ type: 'validating', runId, validating });
      });
      listened = {
        host: ready,
        stop: () => {
          leaveEvents();
          leaveReading();
          leaveValidating();
        },
      };
    }
    // What was said while the host was away was said to nobody.
    const state = store.getState();
    if (isRunActive(state) && 'runId' in state && state.runId !== null) void show(state.runId);
  });
  return {
    store,
    getState: store.getState,
    start: (config, document, extras = {}) =>
      begin(config, (ready) => ready.request('run.start', { document, config, ...extras })),
    resume: async (runId) => {
      const ready = host.current();
      if (!ready || isRunActive(store.getState())) return;
      const own = ++wish;
      const found = await ready.request('run.get', { runId });
      if (!found.ok || own !== wish) return;
      before = found.value;
      await begin(before.summary.config, () => ready.request('run.resume', { runId }));
    },
    stop: async () => {
      const state = store.getState();
      const ready = host.current();
      if (!ready || (state.phase !== 'preparing' && state.phase !== 'running')) return;
      dispatch({ type: 'stop' });
      await ready.request('run.stop', { runId: state.runId });
    },
    clear: () => {
      wish += 1;
      dispatch({ type: 'clear' });
      if (store.getState().phase === 'idle') buffer.replace(emptyMetrics());
    },
    show,
    adopt,
    metrics: buffer.current,
    metricsVersion: buffer.version,
    onMetrics: buffer.subscribe,
    dispose: () => {
      leave();
      listened?.stop();
      buffer.clear();
    },
  };
}

/** Resolves when the run that is now at work has ended. */
export function runEnded({ store }: RunView): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = store.subscribe((run) => {
      if (isRunActive(run)) return;
      unsubscribe();
      resolve();
    });
  });
}
