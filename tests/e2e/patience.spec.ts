import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { networkName, openFile, startFromLenet } from './files';
import { openInBrowser } from './forms/browser';

test('what takes long says so and can be given up', async ({ home, page, serve }) => {
  const held: (() => void)[] = [];
  let isHolding = false;
  await page.routeWebSocket(/\/host$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (isHolding) held.push(() => socket.send(message));
      else socket.send(message);
    });
  });
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
  isHolding = true;
  await file.click();
  const waiting = page.getByRole('listitem').filter({ hasText: 'Opening slow.convloom' });
  await expect(waiting).toBeVisible();
  await waiting.getByRole('button', { name: 'Cancel' }).click();
  await expect(waiting).toHaveCount(0);

  isHolding = false;
  for (const deliver of held) deliver();
  // What was given up changes nothing when its answer comes after all, and the next wish is heard.
  await expect(networkName(page)).toHaveValue('LeNet');
  await openFile(page, 'slow.convloom');
  await expect(networkName(page)).toHaveValue('Slow');
});
