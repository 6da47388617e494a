import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { nodesOf } from './canvas';

test('opens the file whose path is typed as the address, and lists a folder', async ({ app }) => {
  const { page, home } = app;
  const path = join(home.documents, 'typed.json');
  const nodes = [{ id: 'x', kind: 'input', params: { shape: [8, 8, 1] } }];
  await writeFile(path, JSON.stringify({ format: 'convloom.network', version: 1, name: 'Typed', nodes, edges: [] }));

  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Open a network' });
  const address = dialog.getByRole('textbox', { name: 'Folder' });
  await address.fill(home.documents);
  await address.press('Enter');
  await expect(dialog.getByRole('button', { name: 'typed.json' })).toBeVisible();

  await address.fill(path);
  await address.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(nodesOf(page)).toHaveCount(1);
});
