import { describe, expect, it } from 'vitest';
import { createHangWatch } from '../../../electron/host/imports/hangWatch';

/** What a watch says when it is asked at each of these times of the processor, with what was earned by then, in milliseconds. */
function answers(asked: readonly (readonly [usedMs: number, earnedMs: number])[]): readonly boolean[] {
  let now: readonly [number, number] = [500, 0];
  const isHung = createHangWatch(
    () => now[0],
    () => now[1],
  );
  return asked.map(([usedMs, earnedMs]) => {
    now = [500 + usedMs, earnedMs];
    return isHung();
  });
}

describe('the watch over a thread', () => {
  it.each([
    ['that waits for the processor finds no hang, however long', [[0, 0] as const, [10, 0] as const, [10, 0] as const]],
    ['that gets on finds none', [[1500, 1000] as const, [5000, 4500] as const, [9000, 8500] as const]],
    [
      'whose answer comes at the last moment finds none',
      [[900, 0] as const, [4000, 0] as const, [4100, 5000] as const],
    ],
  ])('%s', (_what, asked) => {
    expect(answers(asked)).toEqual(asked.map(() => false));
  });

  it('that works on without getting on finds a hang at the second look', () => {
    expect(
      answers([
        [900, 0],
        [1100, 0],
        [1200, 0],
      ]),
    ).toEqual([false, false, true]);
  });
});
