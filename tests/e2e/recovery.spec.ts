import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import type { Home } from './app';
import { nodesOf, totalsOf } from './canvas';
import { networkName, rename, startFromLenet } from './files';
import { openInBrowser } from './forms/browser';

async function draftCount(home: Home): Promise<number> {
  const names = await readdir(join(home.dataDir, 'drafts')).catch(() => []);
  // While a draft is written it has a temporary name, which a killed server leaves behind unfinished.
  return names.filter((name) => name.endsWith('.json')).length;
}

async function restoreDraft(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'There is unsaved work' });
  await expect(dialog).toContainText(name);
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(networkName(page)).toHaveValue(name);
  await expect(nodesOf(page)).toHaveCount(9);
  await expect(totalsOf(page)).toContainText('431,080');
}

test('unsaved work is offered again when the page has been closed', async ({ home, page, serve }) => {
  const server = await serve();
  await openInBrowser(page, server, []);
  await startFromLenet(page);
  await rename(page, 'Precious');
  await expect.poll(() => draftCount(home)).toBe(1);
  const context = page.context();
  await page.close();

  const again = await context.newPage();
  await openInBrowser(again, server, []);
  await restoreDraft(again, 'Precious');
  // It is still not on disk as a file, and says so; discarding it is the user's own choice.
  await expect(again.getByRole('img', { name: 'Not saved yet' })).toBeVisible();
  await again.reload();
  const dialog = again.getByRole('dialog', { name: 'There is unsaved work' });
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => draftCount(home)).toBe(0);
});

test('unsaved work survives a killed server, and the page says that it waits', async ({ home, page, serve }) => {
  const first = await serve();
  await openInBrowser(page, first, []);
  await startFromLenet(page);
  await rename(page, 'Precious');
  await expect.poll(() => draftCount(home)).toBe(1);
  await first.kill();
  await expect(page.getByText('The connection to Convloom is gone.')).toBeVisible();
  // Nothing in the window is lost by it: the network is there and can be edited.
  await rename(page, 'Precious still');
  await expect(totalsOf(page)).toContainText('431,080');

  await openInBrowser(page, await serve(), []);
  await restoreDraft(page, 'Precious');
});
