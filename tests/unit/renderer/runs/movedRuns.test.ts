import { expect, it, vi } from 'vitest';
import { gatherMovedRuns } from '../../../../renderer/runs/movedRuns';
import type { HostEvents } from '../../../../shared/host/api';
import { limits } from '../../../../shared/schema/limits';

it('asks for runs that moved once each, and for more than one question may name by several', () => {
  vi.useFakeTimers();
  let tell: ((event: HostEvents['run.event']) => void) | undefined;
  const asked: (readonly string[])[] = [];
  const on = ((_: 'run.event', listener: typeof tell) => {
    tell = listener;
    return () => (tell = undefined);
  }) as Parameters<typeof gatherMovedRuns>[0]['on'];
  const leave = gatherMovedRuns({ on }, (ids) => asked.push(ids));
  const failed = { type: 'failed', diagnostic: null } as never;
  const ids = Array.from({ length: 2 * limits.listedRuns + 500 }, (_, at) => `run-${at}`);
  try {
    for (const runId of [...ids, ...ids]) tell?.({ runId, event: failed });
    tell?.({ runId: 'in a step', event: { type: 'step' } as never });
    vi.runAllTimers();
    expect(asked.map(({ length }) => length)).toEqual([limits.listedRuns, limits.listedRuns, 500]);
    expect(asked.flat()).toEqual(ids);
    tell?.({ runId: 'late', event: failed });
    leave();
    vi.runAllTimers();
    expect([asked.length, tell]).toEqual([3, undefined]);
  } finally {
    vi.useRealTimers();
  }
});
