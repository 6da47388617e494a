import type { Page } from '@playwright/test';
import { z } from 'zod';
import { patienceMs } from './chromium';

/** What has to be in the page: so many elements (1 unless said) that match the selector and hold the text. */
export type Condition = { readonly selector: string; readonly text?: string; readonly count?: number };

/** The driver's end of renderer/bench/probe.ts: every number that comes through it was taken by the page's own clock. */
export type Probe = {
  /** Milliseconds from navigation until the frame that shows `condition` had been painted. */
  shownAt(condition: Condition): Promise<number>;
  /** Milliseconds from the next event of `eventType`, which `act` causes, until each condition had been painted. */
  time(eventType: string, conditions: readonly Condition[], act: () => Promise<void>): Promise<readonly number[]>;
  /** Milliseconds between the frames while `act` goes on. */
  frames(act: () => Promise<void>): Promise<readonly number[]>;
  /** Milliseconds from navigation to the first paint of any content. */
  firstPaint(): Promise<number>;
};

const times = z.array(z.number());

/** Talks to the probe that the page was opened with. */
export function probeOf(page: Page): Probe {
  const call = (name: string, ...args: readonly unknown[]): Promise<unknown> =>
    page.evaluate(`window.convloomProbe.${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`);
  const patiently = async (work: Promise<unknown>, what: string): Promise<unknown> => {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${what} was not shown within ${patienceMs / 1000} s.`));
      }, patienceMs);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    shownAt: async (condition) => z.number().parse(await patiently(call('shownAt', condition), describe(condition))),
    time: async (eventType, conditions, act) => {
      await call('time', eventType, conditions);
      await act();
      return times.parse(await patiently(call('taken'), conditions.map(describe).join(', ')));
    },
    frames: async (act) => {
      await call('startFrames');
      await act();
      return times.parse(await call('stopFrames'));
    },
    firstPaint: async () => z.number().parse(await call('firstPaint')),
  };
}

function describe({ selector, text, count = 1 }: Condition): string {
  const what = text === undefined ? selector : `"${text}" in ${selector}`;
  return count === 1 ? what : `${count} of ${what}`;
}
