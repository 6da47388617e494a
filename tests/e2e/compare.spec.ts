import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { startFromLenet } from './files';

test('heads are written as a table, and two networks are compared on linked canvases', async ({ app }) => {
  const { page, home } = app;
  await startFromLenet(page);
  await page.getByRole('tab', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('row', { name: '4×4 conv', exact: true })).toContainText('405,510');

  await page.getByRole('button', { name: 'Export the comparison of heads' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Format' }).click();
  await page.getByRole('option', { name: 'Markdown table' }).click();
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('26,080');
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(home.documents);
  await dialog.getByRole('textbox', { name: 'File name' }).fill('heads');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  expect(await readFile(join(home.documents, 'heads.md'), 'utf8')).toContain('| 26,080 | 510 |');

  await page.getByRole('tab', { name: 'Networks', exact: true }).click();
  const networks = page.getByRole('region', { name: 'Networks', exact: true });
  await networks.getByRole('combobox', { name: 'The other network' }).click();
  await page.getByRole('option', { name: /^LeNet with GAP/ }).click();
  await expect(networks).toContainText('1 FC gone; 1 GAP new');
  await networks.getByRole('button', { name: 'Canvases' }).click();
  const [here, there] = [networks.getByRole('listbox').first(), networks.getByRole('listbox').last()];
  await here.getByRole('option', { name: /^FC.* 10\b.*changed/ }).click();
  await expect(there.getByRole('option', { selected: true })).toHaveAttribute('data-node', 'f1');
  await expect(networks.getByRole('status').last()).toContainText('5,010 → 510');
});
