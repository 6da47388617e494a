import { expect, it } from 'vitest';
import { tellEvents } from '../../../electron/cli/followRun';
import type { Terminal } from '../../../electron/cli/terminal';
import type { Host } from '../../../electron/host';
import { weightsNotSaved } from '../../../shared/diagnostics/catalog/run';
import type { RunEvent } from '../../../shared/training/events';

/** What is said of a run with these events, and its exit code. */
async function told(...events: readonly RunEvent[]) {
  const words: string[] = [];
  const passing: string[] = [];
  const terminal: Terminal = {
    out: (line) => void words.push(line),
    err: (line) => void words.push(line),
    progress: (line) => void passing.push(line),
    interactive: false,
    onInterrupt: () => () => undefined,
  };
  const on: Host['on'] = (name, hear) => {
    if (name === 'run.validating') {
      (hear as (told: object) => void)({ runId: 'r', done: 1500, total: 4000, usage: { memoryBytes: 1, cores: 1.94 } });
    }
    if (name !== 'run.event') return () => undefined;
    // After it is known who listens.
    queueMicrotask(() => events.forEach((event) => (hear as (told: object) => void)({ runId: 'r', event })));
    return () => undefined;
  };
  const code = await tellEvents({ on } as Host, false, terminal);
  return { code, words: words.join('\n'), passing };
}

const finished = {
  type: 'finished',
  runDir: 'runs/r',
  seconds: 2,
  reason: 'completed',
  best: { epoch: 1, metric: 'accuracy', score: 0.7 },
} as const;

it('says where the weights of the best epoch are, and not where they could not be kept', async () => {
  const kept = await told(finished);
  expect(kept.code).toBe(0);
  expect(kept.words).toContain('in best.safetensors');
  const full = weightsNotSaved('runs/r', 'ENOSPC: no space left on device', { at: null });
  const { code, words } = await told({ type: 'warning', diagnostic: full }, finished);
  expect(code).toBe(1);
  expect(words).toContain('The best epoch is 1, with val accuracy 70.00 %.');
  expect(words).not.toContain('best.safetensors');
});

it('says how far a validation is, and how many cores are busy with it', async () => {
  expect((await told(finished)).passing).toEqual(['validating  1,500 of 4,000  1.9 cores busy']);
});
