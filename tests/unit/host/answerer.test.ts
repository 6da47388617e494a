import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAnswerer } from '../../../electron/host/answerer';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { success } from '../../../shared/diagnostics/diagnostic';
import { createScriptedTrainer } from '../../support/scriptedTrainer';
import type { ScriptedTrainer } from '../../support/scriptedTrainer';

afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const trainers: ScriptedTrainer[] = [];
  const answerer = createAnswerer(() => {
    const trainer = createScriptedTrainer(null);
    trainers.push(trainer);
    return trainer.process;
  });
  const ask = (spec: string, signal?: AbortSignal) => answerer.ask('data', { spec }, signal);
  return { trainers, ask, answerer };
}

const codeOf = (result: Result<unknown>) => (result.ok ? null : result.diagnostics[0]!.code);

describe('a question whose asker has gone', () => {
  it('is answered as cancelled at once, the trainer is told, and its late answer is nobody’s', async () => {
    const { trainers, ask } = setUp();
    const controller = new AbortController();
    const [first, second] = [ask('1', controller.signal), ask('2')];
    controller.abort();
    expect(codeOf(await first)).toBe('host/cancelled');
    const [trainer] = trainers;
    expect(trainer!.commands.map(({ type }) => type)).toEqual(['ask', 'ask', 'cancel']);
    expect(trainer!.commands[2]).toMatchObject({ id: 1 });
    trainer!.report({ type: 'answer', id: 1, result: success('late') });
    trainer!.report({ type: 'answer', id: 2, result: success('right') });
    expect(await second).toEqual(success('right'));
  });

  it('is not even asked when its signal came before it', async () => {
    const { trainers, ask } = setUp();
    expect(codeOf(await ask('1', AbortSignal.abort()))).toBe('host/cancelled');
    expect(trainers).toEqual([]);
  });

  it('ends a process that does not notice, unless somebody else waits for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { trainers, ask } = setUp();
    const controller = new AbortController();
    const cancelled = ask('1', controller.signal);
    const waiting = ask('2');
    controller.abort();
    await cancelled;
    vi.advanceTimersByTime(10_000);
    expect(trainers[0]!.isKilled).toBe(false);
    trainers[0]!.report({ type: 'answer', id: 2, result: success('2') });
    await waiting;

    const again = new AbortController();
    const alone = ask('3', again.signal);
    again.abort();
    expect(codeOf(await alone)).toBe('host/cancelled');
    vi.advanceTimersByTime(10_000);
    expect(trainers[0]!.isKilled).toBe(true);
    void ask('4');
    expect(trainers).toHaveLength(2);
  });
});

describe('a process whose data have changed', () => {
  it('answers what it was asked, ends then, and the next question has a new one', async () => {
    const { trainers, ask, answerer } = setUp();
    const open = ask('1');
    answerer.renew();
    const next = ask('2');
    expect(trainers.map(({ isKilled }) => isKilled)).toEqual([false, false]);
    trainers[0]!.report({ type: 'answer', id: 1, result: success('1') });
    expect(await open).toEqual(success('1'));
    expect(trainers.map(({ isKilled }) => isKilled)).toEqual([true, false]);
    trainers[1]!.report({ type: 'answer', id: 2, result: success('2') });
    expect(await next).toEqual(success('2'));
    answerer.renew();
    expect(trainers[1]!.isKilled).toBe(true);
  });
});
