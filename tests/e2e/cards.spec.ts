import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, repoRoot, test } from './app';
import * as dialogs from '../../renderer/i18n/dialogs';
import { openInBrowser } from './forms/browser';

/** Names of the templates. */
const templates = readdirSync(join(repoRoot, 'templates'), { withFileTypes: true })
  .map((entry) => join(repoRoot, 'templates', entry.name, 'network.json'))
  .filter((path) => existsSync(path))
  .map((path) => (JSON.parse(readFileSync(path, 'utf8')) as { readonly name: string }).name);

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

    test('the card of a node has room for all that it says, in every template', async ({ page, serve }) => {
      await openInBrowser(page, await serve(), []);
      const t = dialogs[language];
      const clipped: Record<string, readonly string[]> = {};
      for (const name of templates) {
        await page.getByRole('banner').getByRole('button', { name: t.file, exact: true }).click();
        await page.getByRole('menuitem', { name: t.templates, exact: true }).click();
        const gallery = page.getByRole('dialog', { name: t.templates });
        await gallery.getByRole('button', { name, exact: true }).click();
        await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
        await expect(page.locator('.react-flow__node').first()).toBeVisible();
        const percent = page.getByRole('toolbar').getByText(/^\d+ %$/);
        // Seen from far, a card says less.
        while (Number.parseInt(await percent.innerText()) < 100) await page.keyboard.press('Control+=');
        const found = await findClipped(page);
        if (found.length > 0) clipped[name] = found;
      }
      expect(clipped).toEqual({});
    });
  });
}
