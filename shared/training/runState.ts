import type { Diagnostic } from '../diagnostics/diagnostic';
import type { TrainingConfig } from './config';
import type { RunEvent } from './events';

type Started = Extract<RunEvent, { type: 'started' }>;
type Epoch = Extract<RunEvent, { type: 'epoch' }>;

/** What every run that has begun knows about itself. Step values are not here: there are thousands, and they live in a buffer. */
type Underway = { readonly runId: string; readonly config: TrainingConfig };

/** Where a run stands. The screen is a function of this and of the metrics buffer. */
export type RunState =
  | { readonly phase: 'idle' }
  /** Asked for; the host has not answered yet. */
  | { readonly phase: 'requesting'; readonly config: TrainingConfig }
  /** The trainer is loading data and compiling. */
  | ({ readonly phase: 'preparing' } & Underway)
  | ({ readonly phase: 'running'; readonly started: Started; readonly epochs: readonly Epoch[] } & Underway)
  /** Stop was asked for; the step at hand is being finished. */
  | ({
      readonly phase: 'stopping';
      readonly started: Started | null;
      readonly epochs: readonly Epoch[];
    } & Underway)
  | ({
      readonly phase: 'finished';
      readonly started: Started | null;
      readonly epochs: readonly Epoch[];
      readonly reason: 'completed' | 'stopped';
      readonly runDir: string;
      readonly seconds: number;
    } & Underway)
  | {
      readonly phase: 'failed';
      /** Absent when the host refused before there was a run. */
      readonly runId: string | null;
      readonly config: TrainingConfig;
      readonly started: Started | null;
      readonly epochs: readonly Epoch[];
      readonly diagnostics: readonly Diagnostic[];
    };

/** All that can happen to a run. */
export type RunAction =
  | { readonly type: 'request'; readonly config: TrainingConfig }
  | { readonly type: 'accepted'; readonly runId: string }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'stop' }
  | { readonly type: 'clear' }
  | { readonly type: 'event'; readonly runId: string; readonly event: RunEvent };

/** True while a trainer works, so that a second run is not started. */
export function isRunActive(state: RunState): boolean {
  return (
    state.phase === 'requesting' ||
    state.phase === 'preparing' ||
    state.phase === 'running' ||
    state.phase === 'stopping'
  );
}

/** Where a run stands after something happened. Actions that do not fit the phase, and events of other runs, change nothing. */
export function reduceRun(state: RunState, action: RunAction): RunState {
  switch (action.type) {
    case 'request':
      return isRunActive(state) ? state : { phase: 'requesting', config: action.config };
    case 'accepted':
      return state.phase === 'requesting' ? { phase: 'preparing', runId: action.runId, config: state.config } : state;
    case 'refused':
      return state.phase === 'requesting'
        ? {
            phase: 'failed',
            runId: null,
            config: state.config,
            started: null,
            epochs: [],
            diagnostics: action.diagnostics,
          }
        : state;
    case 'stop':
      return reduceStop(state);
    case 'clear':
      return isRunActive(state) ? state : { phase: 'idle' };
    case 'event':
      return reduceEvent(state, action.runId, action.event);
  }
}

function reduceStop(state: RunState): RunState {
  if (state.phase === 'running') return { ...state, phase: 'stopping' };
  if (state.phase !== 'preparing') return state;
  return { phase: 'stopping', runId: state.runId, config: state.config, started: null, epochs: [] };
}

function reduceEvent(state: RunState, runId: string, event: RunEvent): RunState {
  if (state.phase !== 'preparing' && state.phase !== 'running' && state.phase !== 'stopping') return state;
  if (state.runId !== runId) return state;
  const { config } = state;
  const started = state.phase === 'preparing' ? null : state.started;
  const epochs = state.phase === 'preparing' ? [] : state.epochs;
  switch (event.type) {
    case 'started':
      return state.phase === 'stopping'
        ? { ...state, started: event }
        : { phase: 'running', runId, config, started: event, epochs };
    case 'step':
      return state;
    case 'epoch':
      return state.phase === 'preparing' ? state : { ...state, epochs: [...epochs, event] };
    case 'finished':
      return {
        phase: 'finished',
        runId,
        config,
        started,
        epochs,
        reason: event.reason,
        runDir: event.runDir,
        seconds: event.seconds,
      };
    case 'failed':
      return { phase: 'failed', runId, config, started, epochs, diagnostics: [event.diagnostic] };
  }
}
