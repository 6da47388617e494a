import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { setParam } from './canvas';
import { startFromLenet } from './files';

const figure = (page: Page) => page.getByRole('listbox', { name: 'Network as volumes' });

async function showVolumes(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Ways to see the network' }).getByRole('button', { name: 'Volumes' }).click();
  await expect(figure(page)).toBeVisible();
}

test('a click on a volume chooses its node, and an edit in the inspector changes the volume', async ({
  app: { page },
}) => {
  await startFromLenet(page);
  await showVolumes(page);
  await expect(figure(page).getByRole('option')).toHaveCount(7);
  const conv = figure(page).getByRole('option', { name: /24×24×20/ });
  await conv.click();
  await expect(conv).toHaveAttribute('aria-selected', 'true');
  await setParam(page, 'Filters', '32');
  await expect(figure(page).getByRole('option', { name: /24×24×32/ })).toHaveAttribute('aria-selected', 'true');
});

test(
  'arrow keys walk the volumes, and the canvas has the same selection',
  { tag: '@all' },
  async ({ app: { page } }) => {
    await startFromLenet(page);
    await showVolumes(page);
    await figure(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(figure(page).getByRole('option', { name: /12×12×20/ })).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('v');
    await expect(page.locator('.react-flow__node[data-id="p1"]')).toHaveClass(/selected/);
  },
);

test('pointing at a volume tells its shape by its formula', { tag: '@all' }, async ({ app: { page } }) => {
  await startFromLenet(page);
  await showVolumes(page);
  await figure(page)
    .getByRole('option', { name: /24×24×20/ })
    .hover();
  await expect(page.getByText('28 − 5 + 1', { exact: false })).toBeVisible();
});

test('a figure is exported as it is previewed', async ({ app: { page, home } }) => {
  await startFromLenet(page);
  await showVolumes(page);
  await page.getByRole('button', { name: 'Export figure' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export a figure or a table' });
  await expect(dialog.getByRole('img', { name: 'Preview' })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(home.documents);
  await dialog.getByRole('textbox', { name: 'File name' }).fill('lenet');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const pdf = await readFile(join(home.documents, 'lenet.pdf'), 'latin1');
  expect(pdf.slice(0, 5)).toBe('%PDF-');
  // 180 mm in points.
  expect(pdf).toMatch(/\/MediaBox \[0 0 510\.2/);
});
