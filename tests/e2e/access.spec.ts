import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { openInBrowser } from './forms/browser';
import type { Server } from './forms/server';
import { leaveDraft, walkScreens, walkStart } from './screens';
import type { Visit } from './screens';
import { walkViews } from './views';

// The walks are the longest tests there are, and know nothing of each other.
test.describe.configure({ mode: 'parallel' });

/** All that axe knows of levels A and AA and of good practice, with the rules that are on trial: one says whether names begin as seen. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'experimental'];

const rules = {
  // It knows neither edges that can be moved (widgets since ARIA 1.2) nor groups that are walked through, as the canvas is.
  'focus-order-semantics': { enabled: false },
};

/** Stops of the Tab key beside what is open, which hand the focus on at once: nobody stands on one. */
const focusGuards = '[data-base-ui-focus-guard]';

/** What axe finds on the page as it stands, one line for each element. */
async function findBarriers(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .exclude(focusGuards)
    .options({ resultTypes: ['violations'], runOnly: { type: 'tag', values: tags }, rules })
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, any, all, none }) => {
      const reasons = [...any, ...all, ...none].map(({ message }) => message);
      return `${id}: ${target.join(' ')} ${html.slice(0, 200)}: ${reasons.join(' ')}`;
    }),
  );
}

test('the first stop of the Tab key leads past the tools to the canvas', async ({ app }) => {
  const { page } = app;
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the canvas' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.react-flow')).toBeFocused();
});

/** Lets axe look at every screen that `walk` shows; gives each barrier with the first screen that has it. */
async function barriersOf(
  page: Page,
  server: Server,
  walk: (visit: Visit) => Promise<void>,
): Promise<readonly (readonly [string, string])[]> {
  const faults: string[] = [];
  await openInBrowser(page, server, faults);
  const barriers = new Map<string, string>();
  await walk(async (screen) => {
    for (const barrier of await findBarriers(page)) if (!barriers.has(barrier)) barriers.set(barrier, screen);
  });
  expect(faults).toEqual([]);
  return [...barriers];
}

test.describe('zh, dark', () => {
  // The pair that one sees least while working.
  test.use({ locale: 'zh-CN', colorScheme: 'dark', contextOptions: { reducedMotion: 'reduce' } });

  test('the first screens shut nobody out', async ({ home, page, serve }) => {
    await leaveDraft(home);
    expect(await barriersOf(page, await serve(), (visit) => walkStart(page, 'zh', visit))).toEqual([]);
  });
});

// A walk takes minutes: `npm run screens`.
const walks = [
  { language: 'en', theme: 'light' },
  { language: 'zh', theme: 'dark' },
  { language: 'en', theme: 'dark' },
  { language: 'zh', theme: 'light' },
] as const;

for (const { language, theme } of walks) {
  test.describe(`${language}, ${theme}`, { tag: '@all' }, () => {
    test.use({
      locale: language === 'zh' ? 'zh-CN' : 'en-US',
      colorScheme: theme,
      contextOptions: { reducedMotion: 'reduce' },
    });

    test('no screen shuts anybody out', async ({ home, page, serve }) => {
      test.slow();
      await leaveDraft(home);
      expect(await barriersOf(page, await serve(), (visit) => walkScreens(page, language, visit))).toEqual([]);
    });

    test('no way to see a network shuts anybody out', async ({ page, serve }) => {
      test.slow();
      expect(await barriersOf(page, await serve(), (visit) => walkViews(page, language, visit))).toEqual([]);
    });
  });
}
