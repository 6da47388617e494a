import { describe, expect, it } from 'vitest';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { RunEvent } from '../../../shared/training/events';
import type { RunAction, RunState } from '../../../shared/training/runState';
import { isRunActive, reduceRun } from '../../../shared/training/runState';

const config = defaultTrainingConfig;
const started = {
  type: 'started',
  runId: 'r1',
  engine: 'onnxruntime',
  device: 'CPU, 2 threads',
  epochs: 3,
  stepsPerEpoch: 125,
  trainCount: 8000,
  validationCount: 2000,
  baseline: { accuracy: 0.11, meanIou: null },
} as const satisfies RunEvent;
const epoch: RunEvent = {
  type: 'epoch',
  epoch: 1,
  loss: 0.4,
  valLoss: 0.2,
  accuracy: 0.9,
  valAccuracy: 0.95,
  valMeanIou: null,
  seconds: 4,
};
const finished: RunEvent = { type: 'finished', runDir: '/runs/r1', seconds: 12, reason: 'completed' };
const event = (value: RunEvent, runId = 'r1'): RunAction => ({ type: 'event', runId, event: value });

const play = (...actions: readonly RunAction[]): RunState => actions.reduce<RunState>(reduceRun, { phase: 'idle' });
const running = [{ type: 'request', config }, { type: 'accepted', runId: 'r1' }, event(started)] as const;

describe('a run', () => {
  it('goes from idle over requesting, preparing and running to finished', () => {
    const phases: string[] = [];
    let state: RunState = { phase: 'idle' };
    for (const action of [...running, event(epoch), event(finished)]) {
      state = reduceRun(state, action);
      phases.push(state.phase);
    }
    expect(phases).toEqual(['requesting', 'preparing', 'running', 'running', 'finished']);
    expect(state).toMatchObject({ reason: 'completed', runDir: '/runs/r1', epochs: [epoch], started });
  });

  it('validates until the next step or the epoch is told, and hears nothing of it from another run', () => {
    const validating = { done: 3, total: 9, usage: { memoryBytes: 1, cores: 2 } };
    const told: RunAction = { type: 'validating', runId: 'r1', validating };
    expect(play(...running, told)).toMatchObject({ phase: 'running', validating });
    const step = { epoch: 1, step: 1, loss: 1, accuracy: null, imagesPerSecond: 1, secondsLeft: 1 };
    expect(play(...running, told, event({ type: 'step', ...step }))).not.toHaveProperty('validating');
    expect(play(...running, told, event(epoch))).not.toHaveProperty('validating');
    expect(play(...running, { ...told, runId: 'r2' })).not.toHaveProperty('validating');
  });

  it('ignores events of another run', () => {
    const state = play(...running);
    expect(reduceRun(state, event(finished, 'r2'))).toBe(state);
  });

  it('is not started twice', () => {
    const state = play(...running);
    expect(reduceRun(state, { type: 'request', config })).toBe(state);
  });

  it('is still stopping when it starts after stop was asked for', () => {
    const state = play(
      { type: 'request', config },
      { type: 'accepted', runId: 'r1' },
      { type: 'stop' },
      event(started),
    );
    expect(state.phase).toBe('stopping');
    expect(isRunActive(state)).toBe(true);
    expect(reduceRun(state, event({ ...finished, reason: 'stopped' }))).toMatchObject({
      phase: 'finished',
      reason: 'stopped',
    });
  });

  it('that is refused has failed with the reasons and without an id', () => {
    expect(play({ type: 'request', config }, { type: 'refused', diagnostics: [] })).toMatchObject({
      phase: 'failed',
      runId: null,
    });
  });

  it('keeps its steps out of the state', () => {
    const state = play(...running);
    const step: RunEvent = {
      type: 'step',
      epoch: 1,
      step: 1,
      loss: 2.3,
      accuracy: 0.1,
      imagesPerSecond: 6000,
      secondsLeft: 3,
    };
    expect(reduceRun(state, event(step))).toBe(state);
  });

  it('is cleared only when nothing works', () => {
    const state = play(...running);
    expect(reduceRun(state, { type: 'clear' })).toBe(state);
    expect(reduceRun(play(...running, event(finished)), { type: 'clear' })).toEqual({ phase: 'idle' });
  });
});
