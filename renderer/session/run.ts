import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { NetworkDocument } from '../../shared/schema/document';
import type { RunSummary } from '../../shared/host/api';
import type { TrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';
import type { RunAction, RunState } from '../../shared/training/runState';
import { isRunActive, reduceRun } from '../../shared/training/runState';
import { currentHost } from './host';
import type { RunMetrics } from './metrics';
import { appendMetrics, emptyMetrics } from './metrics';
import { useProject } from './project';

/** The run that the window shows: the one at work, or the last one looked at. */
export const useRun = create<RunState>(() => ({ phase: 'idle' }));

let metrics: RunMetrics = emptyMetrics();
let version = 0;
let frame: number | null = null;
const listeners = new Set<() => void>();
/** Events that came before the answer which says whose they are: the trainer can be faster than the reply. */
let early: { runId: string; event: RunEvent }[] = [];

function dispatch(action: RunAction): void {
  useRun.setState((state) => reduceRun(state, action), true);
}

/** Tells the listeners at the next frame, however many numbers came in between. */
function announceMetrics(): void {
  frame ??= requestAnimationFrame(() => {
    frame = null;
    version += 1;
    for (const listener of listeners) listener();
  });
}

function resetMetrics(): void {
  metrics = emptyMetrics();
  announceMetrics();
}

/** The buffer of the shown run. Read it when drawing; do not keep it, a new run has a new one. */
export function currentMetrics(): RunMetrics {
  return metrics;
}

/** Calls back at most once a frame when the buffer has grown. Gives back what ends the subscription. */
export function onMetrics(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Renders again when the buffer has grown, at most once a frame, and gives the buffer. */
export function useMetrics(): RunMetrics {
  useSyncExternalStore(onMetrics, () => version);
  return metrics;
}

function receive(runId: string, event: RunEvent): void {
  const state = useRun.getState();
  if (state.phase === 'requesting') {
    early.push({ runId, event });
    return;
  }
  if (!('runId' in state) || state.runId !== runId) return;
  dispatch({ type: 'event', runId, event });
  appendMetrics(metrics, event);
  announceMetrics();
}

/** Starts training the open document, or another one. Answers at once; what happens next arrives in {@link useRun}. */
export async function startRun(
  config: TrainingConfig,
  document: NetworkDocument = useProject.getState().document,
): Promise<void> {
  const host = currentHost();
  if (!host || isRunActive(useRun.getState())) return;
  early = [];
  resetMetrics();
  dispatch({ type: 'request', config });
  const answer = await host.request('run.start', { document, config });
  if (!answer.ok) {
    dispatch({ type: 'refused', diagnostics: answer.diagnostics });
    return;
  }
  dispatch({ type: 'accepted', runId: answer.value.runId });
  const waiting = early;
  early = [];
  for (const { runId, event } of waiting) receive(runId, event);
}

/** Asks the trainer to end after the step at hand and keep its weights. */
export async function stopRun(): Promise<void> {
  const state = useRun.getState();
  const host = currentHost();
  if (!host || (state.phase !== 'preparing' && state.phase !== 'running')) return;
  dispatch({ type: 'stop' });
  await host.request('run.stop', { runId: state.runId });
}

/** Forgets the shown run; its files stay. */
export function clearRun(): void {
  dispatch({ type: 'clear' });
  if (useRun.getState().phase === 'idle') resetMetrics();
}

/** Shows a run from disk, or catches up with one that is still at work (after a reload, or a lost connection). */
export async function showRun(runId: string): Promise<void> {
  const host = currentHost();
  if (!host) return;
  const answer = await host.request('run.get', { runId });
  if (!answer.ok) return;
  const { summary, events } = answer.value;
  let state: RunState = {
    phase: 'preparing',
    runId,
    config: summary.config,
    started: null,
    epochs: [],
    warnings: [],
  };
  const caughtUp = emptyMetrics();
  for (const event of events) {
    state = reduceRun(state, { type: 'event', runId, event });
    appendMetrics(caughtUp, event);
  }
  metrics = caughtUp;
  useRun.setState(endedWithoutWord(state, summary), true);
  announceMetrics();
}

/** A killed trainer says nothing at its end; the summary knows. */
function endedWithoutWord(state: RunState, summary: RunSummary): RunState {
  if (summary.state === 'running' || (state.phase !== 'preparing' && state.phase !== 'running')) return state;
  const { started, epochs, warnings } = state;
  return { phase: 'failed', runId: summary.id, config: summary.config, started, epochs, warnings, diagnostics: [] };
}

/** Listens to a host's runs, and shows the one that is at work already. Gives back what ends it. */
export function followRuns(): () => void {
  const host = currentHost();
  if (!host) return () => undefined;
  const stop = host.on('run.event', ({ runId, event }) => receive(runId, event));
  void host.request('run.list', {}).then((answer) => {
    if (!answer.ok) return;
    const atWork = answer.value.find((summary) => summary.state === 'running');
    if (atWork && !isRunActive(useRun.getState())) void showRun(atWork.id);
  });
  return stop;
}
