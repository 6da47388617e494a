import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodeNamed, nodesOf } from './canvas';
import { startFromLenet } from './files';
import { openInBrowser } from './forms/browser';

const tabs = { en: ['Problems', 'Training', 'Code', 'Compare'], zh: ['问题', '训练', '代码', '比较'] } as const;

async function choose(page: Page, settings: string, choice: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: settings, exact: true }).click();
  await page.getByRole('menuitemcheckbox', { name: choice, exact: true }).click();
}

/** Parts of the window that reach out of it, or whose content is cut off sideways. */
async function findOverflow(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { innerWidth, innerHeight } = window;
    const describe = (element: Element): string =>
      `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)}`;
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the page scrolls');
    // A project's files are a column that scrolls by itself.
    const across = '[role="tablist"]:not([aria-orientation="vertical"]) [role="tab"]';
    for (const element of document.querySelectorAll(`header button, header input, ${across}, [role="toolbar"] *`)) {
      const { right, bottom, left, top, width } = element.getBoundingClientRect();
      if (width > 0 && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)) {
        found.push(`outside the window: ${describe(element)}`);
      }
    }
    for (const panel of document.querySelectorAll('[data-panel-name], [data-panel-name] [role="tabpanel"]')) {
      if (panel.scrollWidth > panel.clientWidth + 1) found.push(`scrolls sideways: ${describe(panel)}`);
    }
    return found;
  });
}

test('language and theme are chosen once and kept, also over a restart', async ({ page, serve }) => {
  const faults: string[] = [];
  const first = await serve();
  await openInBrowser(page, first, faults);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await choose(page, 'Settings', '中文');
  await expect(page.getByRole('button', { name: '训练', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await choose(page, '设置', '深色');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('button', { name: '训练', exact: true })).toBeVisible();
  expect(faults).toEqual([]);
  await first.close();

  await openInBrowser(page, await serve(), []);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('button', { name: '从 LeNet 开始' })).toBeVisible();
});

test('everything fits a window of 1280x720, in both languages', async ({ app }) => {
  const { page } = app;
  await page.setViewportSize({ width: 1280, height: 720 });
  await startFromLenet(page);
  await nodeNamed(page, /^Conv, 20 by/).click();
  for (const language of ['en', 'zh'] as const) {
    if (language === 'zh') await choose(page, 'Settings', '中文');
    for (const tab of tabs[language]) {
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
      await expect(page.getByRole('tab', { name: new RegExp(`^${tab}`) })).toHaveAttribute('aria-selected', 'true');
      expect(await findOverflow(page), `${language}, ${tab}`).toEqual([]);
    }
  }
});

test('everything that can be pressed or filled in has a name', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await nodeNamed(page, /^Conv, 20 by/).click();
  const roles =
    'button|tab|textbox|searchbox|combobox|checkbox|switch|radio|menuitem|link|slider|spinbutton|figure|dialog';
  const nameless = new RegExp(`^\\s*- (${roles})\\b(?! ")( \\[.*)?:?.*$`, 'm');
  for (const tab of tabs.en) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
    await expect(page.getByRole('tabpanel').first()).toBeVisible();
    expect((await page.locator('body').ariaSnapshot()).split('\n').filter((line) => nameless.test(line))).toEqual([]);
  }
  await page.getByRole('banner').getByRole('button', { name: 'File' }).click();
  expect(nameless.test(await page.getByRole('menu').ariaSnapshot())).toBe(false);
});

test('a network that is seen whole is so in a smaller window too', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const countOutside = async (): Promise<number> => {
    const room = await canvasOf(page).boundingBox();
    const boxes = await Promise.all((await nodesOf(page).all()).map((node) => node.boundingBox()));
    return boxes.filter(
      (box) => !box || !room || box.x + box.width > room.x + room.width || box.y + box.height > room.y + room.height,
    ).length;
  };
  await expect.poll(countOutside).toBe(0);
  await page.setViewportSize({ width: 1024, height: 560 });
  await expect.poll(async () => (await canvasOf(page).boundingBox())?.width).toBeLessThan(560);
  await expect.poll(countOutside).toBe(0);
});

test('the focus can be seen wherever the Tab key takes it', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await page.getByRole('banner').getByRole('button', { name: 'File' }).focus();
  const stops = 60;
  const seen = new Set<string>();
  const unseen: string[] = [];
  // How the last place looked with the focus is compared with how it looks without.
  const last = await page.evaluateHandle(() => ({ element: null as Element | null, look: '' }));
  for (let stop = 0; stop < stops; stop++) {
    await page.keyboard.press('Tab');
    const left = await last.evaluate(async (before) => {
      // A colour that is only on its way would be taken for no change.
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      const lookOf = (element: Element): string =>
        // A ring may be drawn by the field's own frame around it, or by what is drawn after it.
        [element, element.parentElement, element.parentElement?.parentElement]
          .flatMap((frame) => (frame ? [getComputedStyle(frame), getComputedStyle(frame, '::after')] : []))
          .map((style) => [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join())
          .join(';');
      const { element, look } = before;
      const answer = element && {
        name: `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)}`,
        isMarked: lookOf(element) !== look,
      };
      const here = document.activeElement === document.body ? null : document.activeElement;
      before.element = here;
      before.look = here === null ? '' : lookOf(here);
      return answer;
    });
    if (left === null) continue;
    seen.add(left.name);
    if (!left.isMarked) unseen.push(left.name);
  }
  expect(unseen).toEqual([]);
  // It got around: the bar, the palette, the canvas and the dock.
  expect(seen.size).toBeGreaterThan(35);
});
