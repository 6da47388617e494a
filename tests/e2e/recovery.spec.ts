import { readFile, readdir } from 'node:fs/promises';
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

async function isRestored(page: Page, name: string): Promise<void> {
  await expect(networkName(page)).toHaveValue(name);
  await expect(nodesOf(page)).toHaveCount(9);
  await expect(totalsOf(page)).toContainText('431,080');
}

test('unsaved work is there again when the page has been closed', { tag: '@all' }, async ({ home, page, serve }) => {
  const server = await serve();
  await openInBrowser(page, server, []);
  await startFromLenet(page);
  await rename(page, 'Precious');
  await expect.poll(() => draftCount(home)).toBe(1);
  const context = page.context();
  await page.close();

  const again = await context.newPage();
  await openInBrowser(again, server, []);
  await isRestored(again, 'Precious');
  // It is still not on disk as a file, and says so; discarding it is the user's own choice.
  await expect(again.getByRole('img', { name: 'Not saved yet' })).toBeVisible();
  await again.reload();
  await isRestored(again, 'Precious');
  await again.keyboard.press('Alt+w');
  await again.getByRole('button', { name: 'Discard them' }).click();
  await expect.poll(() => draftCount(home)).toBe(0);
  await again.reload();
  await expect(again.getByText('Drag an input here or start from LeNet')).toBeVisible();
});

test('a page that crashed is reported when its tab is loaded again', { tag: '@all' }, async ({ home, page, serve }) => {
  const server = await serve();
  const reports = async (): Promise<readonly string[]> =>
    (await readdir(join(home.dataDir, 'logs'))).filter((name) => /^crash-.*-page/.test(name));
  await openInBrowser(page, server, []);
  await page.reload();
  await expect(page.getByText('Drag an input here or start from LeNet')).toBeVisible();
  const browser = await page.context().newCDPSession(page);
  const gone = page.waitForEvent('crash');
  // Nobody is left to answer.
  void browser.send('Page.crash').catch(() => undefined);
  await gone;
  expect(await reports()).toEqual([]);
  await browser.send('Page.reload');
  await expect.poll(reports).toHaveLength(1);
});

test(
  'unsaved work survives a killed server, and the page says that it waits',
  { tag: '@all' },
  async ({ home, page, serve }) => {
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
    await isRestored(page, 'Precious');
  },
);

test('work in one window is offered to no other while it is open, and offered back when it was killed', async ({
  home,
  page,
  serve,
}) => {
  const server = await serve();
  const unsaved = (of: Page) => of.getByRole('dialog', { name: 'There is unsaved work' });
  await openInBrowser(page, server, []);
  await startFromLenet(page);
  await rename(page, 'Precious');
  await expect.poll(() => draftCount(home)).toBe(1);

  const other = await page.context().newPage();
  await openInBrowser(other, server, []);
  await startFromLenet(other);
  await expect(unsaved(other)).toHaveCount(0);
  await rename(other, 'Another');
  await expect.poll(() => draftCount(home)).toBe(2);
  // Without a word to the page, as a crash would.
  await page.close({ runBeforeUnload: false });
  await other.reload();
  // Its own work is there again; what the killed window left is offered.
  await expect(unsaved(other)).toContainText('Precious');
  await expect(unsaved(other)).not.toContainText('Another');
  await unsaved(other)
    .getByRole('listitem')
    .filter({ hasText: 'Precious' })
    .getByRole('button', { name: 'Restore' })
    .click();
  await expect(networkName(other)).toHaveValue('Precious');
  await expect(totalsOf(other)).toContainText('431,080');
});

test('steady edits are on disk within a second, wherever the app is killed', async ({ home, page, serve }) => {
  const server = await serve();
  await openInBrowser(page, server, []);
  await startFromLenet(page);
  const drafted = async (): Promise<string> => {
    const dir = join(home.dataDir, 'drafts');
    const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(() => '')));
    return texts.join('');
  };
  // Longer than any pause: each edit comes before the last one could settle.
  const name = networkName(page);
  for (let edit = 1; edit <= 12; edit++) {
    await name.fill(`Edit ${edit}`);
    await name.press('Enter');
  }
  await expect.poll(drafted, { timeout: 1500 }).toContain('Edit 12');
  await server.kill();
  await openInBrowser(page, await serve(), []);
  await isRestored(page, 'Edit 12');
});
