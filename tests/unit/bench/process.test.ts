import { describe, expect, it } from 'vitest';
import { ask, createReplies, explainEnd } from '../../../electron/bench/process';
import type { BenchProcess } from '../../../electron/bench/process';
import { findPythonFault } from '../../../electron/bench/python';

function processOf(send: BenchProcess['send'], replies = createReplies()): BenchProcess {
  return { send, onReply: replies.on, kill: () => undefined };
}

describe('asking a candidate', () => {
  it('takes the answer and lets reports pass', async () => {
    const replies = createReplies();
    const process = processOf(() => {
      replies.tell({
        type: 'report',
        report: { type: 'event', event: { type: 'finished', runDir: '', seconds: 1, reason: 'completed' } },
      });
      replies.tell({ type: 'times', stepsMs: [1], peakBytes: 2 });
    }, replies);
    expect(await ask(process, { type: 'steps', count: 1 }, 1000)).toEqual({
      type: 'times',
      stepsMs: [1],
      peakBytes: 2,
    });
  });

  it('hears of an end that came before the question, and of the first end alone', async () => {
    const replies = createReplies();
    replies.end('it crashed (SIGSEGV)');
    replies.end('the second reason');
    const sent: unknown[] = [];
    const process = processOf((request) => void sent.push(request), replies);
    expect(await ask(process, { type: 'steps', count: 1 }, 60_000)).toEqual({
      type: 'cannot',
      why: 'it crashed (SIGSEGV)',
    });
    expect(sent).toHaveLength(1);
  });

  it('gives up on a process that hangs', async () => {
    const reply = await ask(
      processOf(() => undefined),
      { type: 'steps', count: 1 },
      5,
    );
    expect(reply.type).toBe('cannot');
  });
});

describe('the reason of an end', () => {
  it.each([
    [null, 'SIGKILL', '', /memory/],
    [null, 'SIGABRT', 'warning\nterminate called\n', /SIGABRT.*terminate called$/],
    [1, null, 'Traceback\nImportError: libc\n', /code 1: ImportError: libc$/],
  ] as const)('of code %s, signal %s and "%s" is said', (code, signal, output, expected) => {
    expect(explainEnd(code, signal, output)).toMatch(expected);
  });
});

describe('a path that is to be a Python', () => {
  it.each(['/nowhere/python', process.execPath])('%s is refused with the reason', async (path) => {
    expect(await findPythonFault(path)).toMatch(/\w/);
  });
});
