import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { networkName, openFile, startFromLenet } from './files';
import { openInBrowser } from './forms/browser';

/** What the host says can be held back, and delivered later. */
async function holdable(page: Page): Promise<{ hold(): void; release(): void }> {
  let held: (() => void)[] | null = null;
  await page.routeWebSocket(/\/host$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (held === null) socket.send(message);
      else held.push(() => socket.send(message));
    });
  });
  return {
    hold: () => {
      held = [];
    },
    release: () => {
      const waiting = held ?? [];
      held = null;
      for (const deliver of waiting) deliver();
    },
  };
}

test('what takes long says so and can be given up', async ({ home, page, serve }) => {
  const host = await holdable(page);
  await writeFile(
    join(home.documents, 'slow.convloom'),
    JSON.stringify({ format: 'convloom.network', version: 1, name: 'Slow', nodes: [], edges: [] }),
  );
  await openInBrowser(page, await serve(), []);
  await startFromLenet(page);
  await page.getByRole('banner').getByRole('button', { name: 'File' }).click();
  await page.getByRole('menuitem', { name: /^Open…/ }).click();
  const file = page.getByRole('dialog', { name: 'Open a network' }).getByRole('button', { name: 'slow.convloom' });
  await expect(file).toBeVisible();
  host.hold();
  await file.click();
  const waiting = page.getByRole('listitem').filter({ hasText: 'Opening slow.convloom' });
  await expect(waiting).toBeVisible();
  await waiting.getByRole('button', { name: 'Cancel' }).click();
  await expect(waiting).toHaveCount(0);

  host.release();
  // What was given up changes nothing when its answer comes after all, and the next wish is heard.
  await expect(networkName(page)).toHaveValue('LeNet');
  await openFile(page, 'slow.convloom');
  await expect(networkName(page)).toHaveValue('Slow');
});

test('data are not told what others hold while one waits for the answer', { tag: '@all' }, async ({ page, serve }) => {
  const host = await holdable(page);
  await openInBrowser(page, await serve(), []);
  await startFromLenet(page);
  await page.getByRole('tab', { name: 'Training', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'Training', exact: true });
  await expect(panel.getByText('28×28×1, 10 classes, 8,000 + 2,000 images')).toBeVisible();
  host.hold();
  await panel.getByRole('combobox', { name: 'Data', exact: true }).click();
  await page.getByRole('option', { name: /MNIST scenes/ }).click();
  await expect(panel.getByText(/\d classes, /)).toHaveCount(0);
  host.release();
  await expect(panel.getByText('64×64×1, 11 classes, 2,000 + 400 images')).toBeVisible();
});
