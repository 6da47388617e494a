import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import config from '../../playwright.config';
import { expect, test } from './app';
import { openFile } from './files';
import { trainButton, waitForFinish } from './training';

// A bar that is hidden for the pictures of tests is not what a user sees.
test.use({ launchOptions: { ...config.use?.launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] } });

/** Windows as they are met, and what is left of them at 150 % zoom. */
const windows = [
  { width: 1440, height: 900 },
  { width: 1280, height: 800 },
  { width: 1280, height: 720 },
  { width: 1024, height: 700 },
  { width: 960, height: 600 },
  { width: 853, height: 533 },
] as const;

/** What of the dock cannot be seen, nor come to by scrolling with a bar in sight; and labels that are cut short. */
async function findUnreachable(page: Page): Promise<readonly string[]> {
  return page.locator('[data-panel-name="dock"]').evaluate((dock) => {
    const says = (element: Element): string =>
      `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)}`;
    const isScroller = (element: Element): boolean => /auto|scroll/.test(getComputedStyle(element).overflowY);
    const clips = (element: Element): boolean => getComputedStyle(element).overflowY !== 'visible';
    const isInside = (inner: DOMRect, outer: DOMRect): boolean =>
      inner.left >= outer.left - 1 &&
      inner.right <= outer.right + 1 &&
      inner.top >= outer.top - 1 &&
      inner.bottom <= outer.bottom + 1;
    const hasBar = (element: HTMLElement): boolean => element.offsetWidth - element.clientWidth > 4;
    const page = new DOMRect(0, 0, innerWidth, innerHeight);
    /** Whether an element is seen whole, or can be scrolled into sight. */
    const isReachable = (element: Element): boolean => {
      const box = element.getBoundingClientRect();
      for (let frame = element.parentElement; frame !== null; frame = frame.parentElement) {
        if (!clips(frame) || isInside(box, frame.getBoundingClientRect())) continue;
        if (!isScroller(frame) || !hasBar(frame)) return false;
        const { left, right } = frame.getBoundingClientRect();
        // Up and down it is scrolled; to the sides it is not.
        return box.left >= left - 1 && box.right <= right + 1 && isReachable(frame);
      }
      return isInside(box, page);
    };
    const parts = 'button, input:not([hidden], [aria-hidden="true"]), label, p, dt, dd, li, [role="progressbar"]';
    const shown = [...dock.querySelectorAll<HTMLElement>(parts)].filter(
      // What is folded away has a place, and is not seen.
      (element) => element.checkVisibility() && !element.closest('.visually-hidden, [aria-hidden="true"]'),
    );
    const isCut = (element: HTMLElement): boolean =>
      getComputedStyle(element).textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth;
    const labels = [...dock.querySelectorAll<HTMLElement>('form *, header *')].filter(isCut);
    return [
      ...shown.filter((element) => !isReachable(element)).map((element) => `out of reach: ${says(element)}`),
      ...labels.map((element) => `cut short: ${says(element)}`),
    ];
  });
}

const format = { format: 'convloom.network', version: 1 };
const image = { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } };
const head = (id: string) => ({ id, kind: 'fc', params: { units: 10 } });

const small = {
  ...format,
  name: 'Small',
  nodes: [image, head('left')],
  edges: [{ from: 'image', to: 'left' }],
  train: { epochs: 1 },
};

/** The settings that come and go are all there, and one is out of range. */
const twoHeads = {
  ...format,
  name: 'Two heads',
  nodes: [image, head('left'), head('right')],
  edges: [
    { from: 'image', to: 'left' },
    { from: 'image', to: 'right' },
  ],
  train: { optimizer: 'momentum', epochs: 0 },
};

for (const [where, sizes, details] of [
  ['the smallest window', windows.slice(-1), {}],
  ['every window', windows, { tag: '@all' }],
] as const) {
  test(`all of training can be reached, in ${where}`, details, async ({ app }) => {
    test.slow();
    const { page, home } = app;
    await writeFile(join(home.documents, 'small.convloom'), JSON.stringify(small));
    await writeFile(join(home.documents, 'two.convloom'), JSON.stringify(twoHeads));
    await openFile(page, 'small.convloom');
    await trainButton(page).click();
    await waitForFinish(page);
    const lost: Record<string, readonly string[]> = {};
    const look = async (screen: string): Promise<void> => {
      const found = await findUnreachable(page);
      if (found.length > 0) lost[screen] = found;
    };
    for (const size of sizes) {
      const name = `${size.width}×${size.height}`;
      await page.setViewportSize(size);
      await page.reload();
      await openFile(page, 'small.convloom');
      await page.getByRole('tab', { name: 'Training', exact: true }).click();
      await page.getByRole('tab', { name: /^Past runs/ }).click();
      await expect(page.getByRole('list', { name: 'Past runs' }).getByRole('listitem')).toHaveCount(1);
      await look(`${name}, past runs`);
      await page.getByRole('button', { name: 'Show the curve of Small' }).click();
      await page.getByRole('tab', { name: 'Try it' }).click();
      await expect(page.getByRole('img', { name: 'Drawing board' })).toBeAttached();
      await look(`${name}, after a run`);
      const tops = await page
        .getByRole('region', { name: 'Progress' })
        .getByRole('term')
        .evaluateAll((terms) => terms.map((term) => Math.round(term.getBoundingClientRect().bottom)));
      expect(new Set(tops).size, `the figures are in one line at ${name}`).toBe(1);
      await openFile(page, 'two.convloom');
      // What is in the way, and what mends it, is in sight without scrolling.
      await expect(page.getByText('Epochs takes a whole number from 1')).toBeInViewport({ ratio: 1 });
      await expect(page.getByRole('button', { name: 'Set epochs to 1' })).toBeInViewport({ ratio: 1 });
      await expect(trainButton(page)).toBeInViewport({ ratio: 1 });
      await look(`${name}, settings in the way`);
      await page.getByText('More settings').click();
      await expect(page.getByLabel('Label smoothing')).toBeVisible();
      await look(`${name}, all settings`);
    }
    expect(lost).toEqual({});
  });
}
