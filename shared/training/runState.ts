import type { Diagnostic } from '../diagnostics/diagnostic';
import type { TrainingConfig } from '../schema/training';
import type { Reading, RunEvent, Validating } from './events';

type Started = Extract<RunEvent, { type: 'started' }>;
type Finished = Extract<RunEvent, { type: 'finished' }>;
type Epoch = Extract<RunEvent, { type: 'epoch' }>;

/** What every run that has begun knows about itself. Step values are not here: there are thousands, and they live in a buffer. */
type Underway = { readonly runId: string; readonly config: TrainingConfig };

/** What a run has said so far. */
type Progress = {
  /** Null until the trainer has loaded its data and compiled. */
  readonly started: Started | null;
  readonly epochs: readonly Epoch[];
  readonly warnings: readonly Diagnostic[];
};

/** Where a run stands. The screen is a function of this and of the metrics buffer. */
export type RunState =
  | { readonly phase: 'idle' }
  /** Asked for; the host has not answered yet. */
  | { readonly phase: 'requesting'; readonly config: TrainingConfig; readonly reading?: Reading }
  /** The trainer is loading data and compiling. */
  | ({ readonly phase: 'preparing'; readonly reading?: Reading } & Underway & Progress)
  | ({ readonly phase: 'running'; readonly started: Started; readonly validating?: Validating } & Underway & Progress)
  /** Stop was asked for; the step at hand is being finished. */
  | ({ readonly phase: 'stopping' } & Underway & Progress)
  | ({
      readonly phase: 'finished';
      readonly reason: 'completed' | 'stopped';
      readonly runDir: string;
      readonly seconds: number;
      readonly early?: Finished['early'];
    } & Underway &
      Progress)
  | ({
      readonly phase: 'failed';
      /** Null when the host refused before there was a run. */
      readonly runId: string | null;
      readonly config: TrainingConfig;
      readonly diagnostics: readonly Diagnostic[];
    } & Progress);

/** All that can happen to a run. */
export type RunAction =
  | { readonly type: 'request'; readonly config: TrainingConfig }
  | { readonly type: 'accepted'; readonly runId: string }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'stop' }
  | { readonly type: 'clear' }
  | { readonly type: 'reading'; readonly reading: Reading }
  | { readonly type: 'validating'; readonly runId: string; readonly validating: Validating }
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

const noProgress: Progress = { started: null, epochs: [], warnings: [] };

/** Where a run stands after something happened. Actions that do not fit the phase, and events of other runs, change nothing. */
export function reduceRun(state: RunState, action: RunAction): RunState {
  switch (action.type) {
    case 'request':
      return isRunActive(state) ? state : { phase: 'requesting', config: action.config };
    case 'accepted':
      if (state.phase !== 'requesting') return state;
      return { phase: 'preparing', runId: action.runId, config: state.config, ...noProgress };
    case 'refused':
      if (state.phase !== 'requesting') return state;
      return { phase: 'failed', runId: null, config: state.config, diagnostics: action.diagnostics, ...noProgress };
    case 'stop':
      return state.phase === 'running' || state.phase === 'preparing' ? { ...state, phase: 'stopping' } : state;
    case 'clear':
      return isRunActive(state) ? state : { phase: 'idle' };
    case 'reading':
      return state.phase === 'requesting' || state.phase === 'preparing'
        ? { ...state, reading: action.reading }
        : state;
    case 'validating':
      return state.phase === 'running' && state.runId === action.runId
        ? { ...state, validating: action.validating }
        : state;
    case 'event':
      return reduceEvent(state, action.runId, action.event);
  }
}

/** The state after a validation: the same one where there was none. */
function withoutValidating<S extends RunState>(state: S): S {
  if (!('validating' in state)) return state;
  const { validating: _, ...rest } = state;
  return rest as S;
}

function reduceEvent(state: RunState, runId: string, event: RunEvent): RunState {
  if (state.phase !== 'preparing' && state.phase !== 'running' && state.phase !== 'stopping') return state;
  if (state.runId !== runId) return state;
  const { config, started, epochs, warnings } = state;
  switch (event.type) {
    case 'started':
      return state.phase === 'stopping' ? { ...state, started: event } : { ...state, phase: 'running', started: event };
    case 'step':
      return withoutValidating(state);
    case 'epoch':
      return { ...withoutValidating(state), epochs: [...epochs, event] };
    case 'warning':
      return { ...state, warnings: [...warnings, event.diagnostic] };
    case 'finished': {
      const { reason, runDir, seconds, early } = event;
      const ended = { reason, runDir, seconds, ...(early === undefined ? {} : { early }) };
      return { phase: 'finished', runId, config, started, epochs, warnings, ...ended };
    }
    case 'failed':
      return { phase: 'failed', runId, config, started, epochs, warnings, diagnostics: [event.diagnostic] };
  }
}
