import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { colorPng } from '../support/dataFolder';
import { expect, test } from './app';
import { startFromLenet } from './files';

test('own pictures are looked at: classes, copies, what is broken, the Input changed for them, and what augmentation makes of them', async ({
  app,
}) => {
  const { page, home } = app;
  const dir = join(home.documents, 'pets');
  for (const [label, name] of ['cat', 'dog'].entries()) {
    await mkdir(join(dir, name), { recursive: true });
    for (let index = 0; index < 6; index++) {
      const picture = colorPng(40, 30, (x, y) => [(40 * index + 3 * x) & 255, 100 + 50 * label, (5 * y * index) & 255]);
      await writeFile(join(dir, name, `${index}.png`), picture);
    }
  }
  await writeFile(join(dir, 'dog', 'notes.png'), 'words');
  await startFromLenet(page);
  await page.getByRole('tab', { name: 'Data', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'Data', exact: true });
  await panel.getByRole('combobox', { name: 'Data', exact: true }).click();
  await page.getByRole('option', { name: /A folder of images/ }).click();
  await panel.getByRole('textbox', { name: 'Folder' }).fill(dir);
  await page.keyboard.press('Enter');

  await expect(panel.getByText('1 to 12 of 12')).toBeVisible({ timeout: 60_000 });
  await panel.getByTitle(/^dog: \d/).click();
  await expect(panel.getByText('1 to 6 of 6')).toBeVisible();
  await expect(panel.getByRole('img', { name: /^dog.*, Training$/ }).first()).toBeVisible();

  await panel.getByRole('button', { name: 'Left out' }).click();
  await expect(panel.getByRole('cell', { name: join('dog', 'notes.png') })).toBeVisible();

  await panel.getByRole('button', { name: 'Change the Input to 30×40×3' }).click();
  await expect(panel.getByText('The Input takes them as they are.')).toBeVisible({ timeout: 30_000 });

  await panel.getByRole('button', { name: 'Augmentation', exact: true }).click();
  await panel.getByRole('combobox', { name: 'Augmentation', exact: true }).click();
  await page.getByRole('option', { name: 'For photos' }).click();
  await expect(panel.getByRole('img', { name: 'Augmentation 7' }).first()).toBeVisible({ timeout: 30_000 });
});
