import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { chooseFile, startFromLenet } from './files';

/** Writing runs what was written, in processes that have to start first. */
const patience = { timeout: 60_000 };
test.slow();

test('a format is found by its name, shown, written and proved', async ({ app }) => {
  const { page, home } = app;
  await startFromLenet(page);
  await chooseFile(page, /^Export…/);
  const dialog = page.getByRole('dialog', { name: 'Export the network' });
  await dialog.getByRole('radio', { name: 'PyTorch project' }).click();
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('import torch');

  await dialog.getByRole('textbox', { name: 'Search formats' }).fill('onnx');
  await expect(dialog.getByRole('radio')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('MB', patience);
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const result = dialog.getByRole('status').filter({ hasText: 'Written' });
  await expect(result).toContainText('Run by ONNX Runtime', patience);
  expect((await readFile(join(home.documents, 'LeNet.onnx'))).length).toBeGreaterThan(1_000_000);

  // The same name again is refused, and says so.
  await result.getByRole('button', { name: 'Export another' }).click();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('LeNet.onnx', patience);
});

test('the code is shown in several languages; a line leads to its node and a node to its lines', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await page.getByRole('tab', { name: 'Code' }).click();
  const code = page.getByRole('region', { name: 'Code of the network' });
  await code.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'PyTorch project' }).click();
  const lineOf = (id: string) => code.locator('.view-line').filter({ hasText: `self.${id} =` });
  await page.locator('.react-flow__node[data-id="c2"]').click();
  await expect(lineOf('c2')).toBeVisible(patience);
  await lineOf('f1').click();
  await expect(page.locator('.react-flow__node.selected[data-id="f1"]')).toBeVisible();
  await code.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the network' });
  await expect(dialog.getByRole('radio', { name: 'PyTorch project' })).toBeChecked();
});
