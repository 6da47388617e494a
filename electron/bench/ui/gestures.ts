import type { CDPSession, Page } from '@playwright/test';

type Point = { readonly x: number; readonly y: number };

/** How long a movement is watched. */
export const gestureMs = 1200;

/**
 * Repeats a small movement for {@link gestureMs}. The next is sent when the page has taken the last: a page that is slow is not
 * buried in events, as a real mouse does not bury it either (browsers merge moves into one per frame).
 */
async function keepOn(move: (turn: number) => Promise<void>): Promise<number> {
  const begin = performance.now();
  let turn = 0;
  for (; performance.now() - begin < gestureMs; turn++) await move(turn);
  return turn;
}

/** There and back on a circle, `turn` by `turn`. */
function circle(turn: number, radius: number): Point {
  const angle = (turn / 40) * 2 * Math.PI;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** Pans as two fingers on a touchpad do. */
export async function pan(page: Page, at: Point): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await keepOn(async (turn) => {
    const { x, y } = circle(turn, 24);
    await page.mouse.wheel(Math.round(x), Math.round(y));
  });
}

/** Zooms in for half of the time and out again for the other half, around a point. */
export async function zoom(page: Page, at: Point): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down('Control');
  try {
    const begin = performance.now();
    await keepOn(async () => {
      await page.mouse.wheel(0, performance.now() - begin < gestureMs / 2 ? -zoomStep : zoomStep);
    });
  } finally {
    await page.keyboard.up('Control');
  }
}

/** A turn of the wheel, in pixels. */
export const zoomStep = 10;

/** Zooms in around a point by so many turns of the wheel. */
export async function zoomIn(page: Page, at: Point, turns: number): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down('Control');
  try {
    for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, -zoomStep);
  } finally {
    await page.keyboard.up('Control');
  }
}

/** Drags what lies at a point around and puts it down near where it was. */
export async function drag(page: Page, from: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  try {
    await keepOn(async (turn) => {
      const { x, y } = circle(turn, 60);
      await page.mouse.move(from.x + x, from.y + y);
    });
  } finally {
    await page.mouse.up();
  }
}

/** Bytes of JavaScript objects that are still in use once the garbage is out. */
export async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
}
