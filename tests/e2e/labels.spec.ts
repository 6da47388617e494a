import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chain } from '../support/chain';
import { colorPng } from '../support/dataFolder';
import { expect, test } from './app';
import { openFile } from './files';
import { trainButton, waitForFinish } from './training';

const network = chain([
  ['image', 'input', { shape: [12, 12, 3] }],
  ['c1', 'conv', { filters: 8, kernelSize: 3, activation: 'relu' }],
  ['g', 'gap', {}],
  ['f', 'fc', { units: 3 }],
]);

/** Thirds of a picture are bright in a colour where its class is there: none, one, or several. */
async function putPictures(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const rows = ['file,rust,moss,sky'];
  for (let index = 0; index < 80; index++) {
    const has = [index % 2, (index >> 1) % 2, index % 5 === 0 ? 1 : 0];
    const picture = colorPng(
      12,
      12,
      (x, y) => [0, 1, 2].map((at) => (has[at]! * 200 + ((x * y * index) % 50)) & 255) as never,
    );
    await writeFile(join(dir, `${index}.png`), picture);
    rows.push(`${index}.png,${has.join(',')}`);
  }
  await writeFile(join(dir, 'labels.csv'), rows.join('\n'));
}

test('pictures with several labels: each is shown with all of its own, trained on, scored class by class, and tried', async ({
  app,
}) => {
  const { page, home } = app;
  const dir = join(home.documents, 'walls');
  await putPictures(dir);
  const train = { data: `images:${dir}`, epochs: 6, batchSize: 8, learningRate: 0.02 };
  await writeFile(join(home.documents, 'walls.convloom'), JSON.stringify({ ...network, train }));
  await openFile(page, 'walls.convloom');
  await page.getByRole('tab', { name: 'Data', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'Data', exact: true });
  await expect(panel.getByText('1 to 60 of 80')).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByText('rust, moss', { exact: true }).first()).toBeVisible();
  await panel.getByTitle(/^sky: \d/).click();
  await expect(panel.getByText('1 to 16 of 16')).toBeVisible();

  await trainButton(page).click();
  await waitForFinish(page);
  await page.getByRole('tab', { name: 'Results', exact: true }).click();
  await page.getByRole('button', { name: 'Score', exact: true }).click();
  const table = page.getByRole('table', { name: 'Classes' });
  await expect(table.getByRole('row')).toHaveCount(4, { timeout: 60_000 });
  const threshold = page.getByRole('slider', { name: 'Give a class from a probability of' });
  await threshold.fill('0');
  // Every class is given then: nothing is missed.
  await expect(table.getByRole('cell', { name: '100.0 %' })).not.toHaveCount(0);
  await expect(page.getByText(/^0 %: macro F1/)).toBeVisible();

  await page.getByRole('tab', { name: 'Training', exact: true }).click();
  await page.getByRole('tab', { name: 'Try it', exact: true }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Picture', exact: true }).click();
  await (await chooser).setFiles(join(dir, '5.png'));
  await expect(page.getByText(/^From 50 % on: /)).toBeVisible({ timeout: 30_000 });
});
