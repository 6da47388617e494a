import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { canvasOf } from './canvas';
import { openFile } from './files';

const network = {
  format: 'convloom.network',
  version: 2,
  name: 'Homework',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [12, 12, 1] } },
    { id: 'c1', kind: 'conv', params: { filters: 4, kernelSize: 3, activation: 'relu' } },
    { id: 'f1', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'c1' },
    { from: 'c1', to: 'f1' },
  ],
};

test('rules made from a network are saved, follow every edit as a checklist, and come back with the network', async ({
  app,
}) => {
  const { page, home } = app;
  await writeFile(join(home.documents, 'homework.convloom'), JSON.stringify(network));
  await openFile(page, 'homework.convloom');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Make rules from this network' }).click();
  await page.getByRole('checkbox', { name: /^Number of conv/ }).check();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save rules…' }).click();
  expect((await download).suggestedFilename()).toBe('Homework.rules.json');
  const path = join(home.documents, 'rules.json');
  await (await download).saveAs(path);
  await page.getByRole('button', { name: 'Use as checklist' }).click();
  const list = page.getByRole('list', { name: 'Checklist' });
  await expect(list.getByRole('img', { name: 'Met', exact: true })).toHaveCount(5);

  await canvasOf(page).locator('.react-flow__node[data-id="c1"]').click();
  await page.keyboard.press('Delete');
  await expect(list.getByRole('img', { name: 'Not met' })).not.toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(list.getByRole('img', { name: 'Met', exact: true })).toHaveCount(5);

  await page.getByRole('button', { name: 'Take the rules off' }).click();
  await expect(list).toHaveCount(0);
  await page.locator('input[type="file"][accept^=".json"]').setInputFiles({
    name: 'bad.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{ "format": "convloom.rules", "version": 1, "rules": [{ "rule": "beauty" }] }'),
  });
  await expect(page.getByRole('alert')).toContainText('rules.0.rule');
  await page.locator('input[type="file"][accept^=".json"]').setInputFiles(path);
  await expect(list.getByRole('listitem')).toHaveCount(5);
  await page.reload();
  await expect(list.getByRole('listitem')).toHaveCount(5);
});
