import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, repoRoot, test } from './app';
import * as dialogs from '../../renderer/i18n/dialogs';
import type { NetworkDocument } from '../../shared/schema/document';
import { openInBrowser } from './forms/browser';
import type { Server } from './forms/server';

type Template = { readonly name: string; readonly kinds: ReadonlySet<string> };

/** The templates, those with the fewest nodes first. */
const templates = readdirSync(join(repoRoot, 'templates'), { withFileTypes: true })
  .map((entry) => join(repoRoot, 'templates', entry.name, 'network.json'))
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as NetworkDocument)
  .sort((a, b) => a.nodes.length - b.nodes.length)
  .map(({ name, nodes }): Template => ({ name, kinds: new Set(nodes.map(({ kind }) => kind)) }));

/** Those that have a kind of card which none before has. */
const differing = templates.filter(({ kinds }, index) => {
  const before = templates.slice(0, index);
  return [...kinds].some((kind) => !before.some((other) => other.kinds.has(kind)));
});

/** What a card would say and has no room for. */
async function findClipped(page: Page): Promise<readonly string[]> {
  return page
    .locator('.react-flow__node')
    .locator('strong, em, code')
    .evaluateAll((elements) =>
      elements
        // A line is 13 px high; the letters of some scripts stand a pixel out of it.
        .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 4)
        .map((one) => one.textContent),
    );
}

for (const language of ['en', 'zh'] as const) {
  test.describe(language, () => {
    test.use({
      locale: language === 'zh' ? 'zh-CN' : 'en-US',
      contextOptions: { reducedMotion: 'reduce' },
    });

    const check = async (page: Page, server: Server, names: readonly string[]): Promise<void> => {
      await openInBrowser(page, server, []);
      const t = dialogs[language];
      const clipped: Record<string, readonly string[]> = {};
      for (const name of names) {
        await page.getByRole('banner').getByRole('button', { name: t.file, exact: true }).click();
        await page.getByRole('menuitem', { name: t.templates, exact: true }).click();
        const gallery = page.getByRole('dialog', { name: t.templates });
        await gallery.getByRole('button', { name, exact: true }).click();
        await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
        await expect(page.locator('.react-flow__node').first()).toBeVisible();
        // Seen from far, a card says less.
        await page.locator('.react-flow').focus();
        await page.keyboard.press('1');
        await expect(page.getByRole('toolbar').getByText('100 %', { exact: true })).toBeVisible();
        // Cards are drawn again as they come near, which a busy machine does a while later.
        let found = await findClipped(page);
        await expect(async () => {
          found = await findClipped(page);
          expect(found).toEqual([]);
        })
          .toPass({ timeout: 20_000 })
          .catch(() => undefined);
        if (found.length > 0) clipped[name] = found;
      }
      expect(clipped).toEqual({});
    };

    test(
      'the card of a node has room for all that it says, whatever its kind',
      { tag: '@all' },
      async ({ page, serve }) => {
        await check(
          page,
          await serve(),
          differing.map(({ name }) => name),
        );
      },
    );

    test(
      'the card of a node has room for all that it says, in every template',
      { tag: '@all' },
      async ({ page, serve }) => {
        test.slow();
        await check(
          page,
          await serve(),
          templates.map(({ name }) => name),
        );
      },
    );
  });
}
