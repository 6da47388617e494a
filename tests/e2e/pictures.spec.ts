import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { expect, test } from './app';
import { startFromLenet } from './files';
import { phaseOf, setTraining, trainButton } from './training';

let dir = '';
test.beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-pictures-'));
  const picture = PNG.sync.write(new PNG({ width: 32, height: 40 }));
  // As many classes as LeNet tells apart.
  const classes = Array.from({ length: 10 }, (_, index) => `kind${index}`);
  for (const name of [...classes.flatMap((one) => [`train/${one}`, `val/${one}`]), 'val/bird']) {
    await mkdir(join(dir, name), { recursive: true });
    for (let index = 0; index < 2; index++) await writeFile(join(dir, name, `${index}.png`), picture);
  }
  await writeFile(join(dir, 'train/kind0/broken.png'), 'not a picture');
});
test.afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('faults of a folder are told before the run and beside it', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await page.getByRole('tab', { name: 'Training', exact: true }).click();
  const settings = page.getByRole('form', { name: 'Training settings' });
  await settings.getByRole('combobox', { name: 'Data', exact: true }).click();
  await page.getByRole('option', { name: 'A folder of images' }).click();
  const folder = settings.getByRole('textbox', { name: 'Folder or file', exact: true });
  await folder.fill(dir);
  await folder.press('Enter');
  await expect(settings.getByRole('note').filter({ hasText: 'broken.png' })).toBeVisible();
  await expect(settings.getByRole('note').filter({ hasText: 'Only the validation folder has: bird' })).toBeVisible();

  await setTraining(page, 'Epochs', 1);
  await trainButton(page).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished', { timeout: 60_000 });
  const progress = page.getByRole('region', { name: 'Progress' });
  await expect(progress.getByRole('note').filter({ hasText: 'broken.png' })).toBeVisible();
  await expect(progress.getByRole('note').filter({ hasText: 'squeezed to other proportions' })).toBeVisible();
});
