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
  await panel.getByLabel('Mixup', { exact: true }).fill('1');
  await page.keyboard.press('Enter');
  const mixed = panel.getByRole('img', { name: /^Augmentation \d: (cat|dog) \d+ % \+ (cat|dog) \d+ %$/ });
  await expect(mixed.first()).toBeVisible({ timeout: 30_000 });
});

test(
  'annotations of COCO are looked at as masks, and learned as classes where the network answers so',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    const dir = join(home.documents, 'things');
    await mkdir(dir, { recursive: true });
    const ids = [1, 2, 3, 4, 5, 6];
    for (const id of ids) {
      await writeFile(
        join(dir, `${id}.png`),
        colorPng(28, 28, (x, y) => [40 * id, 9 * x, 9 * y]),
      );
    }
    const ring = [4, 4, 20, 4, 20, 20, 4, 20];
    const annotations = ids.map((id) => ({ image_id: id, category_id: 1 + (id % 2), segmentation: [ring] }));
    const categories = [
      { id: 1, name: 'cup' },
      { id: 2, name: 'table' },
    ];
    const images = ids.map((id) => ({ id, file_name: `${id}.png` }));
    await writeFile(join(dir, 'annotations.json'), JSON.stringify({ images, categories, annotations }));
    await startFromLenet(page);
    await page.getByRole('tab', { name: 'Data', exact: true }).click();
    const panel = page.getByRole('tabpanel', { name: 'Data', exact: true });
    await panel.getByRole('combobox', { name: 'Data', exact: true }).click();
    await page.getByRole('option', { name: /COCO annotations/ }).click();
    await panel.getByRole('textbox', { name: 'Folder' }).fill(dir);
    await page.keyboard.press('Enter');
    await expect(panel.getByText('1 to 6 of 6')).toBeVisible({ timeout: 60_000 });
    await expect(panel.getByTitle(/^background: /)).toBeVisible();

    await page.getByRole('tab', { name: /^Problems/ }).click();
    await page.getByText('The labels are per pixel').click();
    await page.getByRole('button', { name: 'Learn the classes of the pictures' }).first().click();
    await expect(page.getByText('The labels are per pixel')).toHaveCount(0);
    await page.getByRole('tab', { name: 'Data', exact: true }).click();
    await expect(panel.getByRole('combobox', { name: 'Annotations as' })).toHaveText('Classes');
    await expect(panel.getByTitle(/^cup: 3/)).toBeVisible({ timeout: 60_000 });
  },
);
