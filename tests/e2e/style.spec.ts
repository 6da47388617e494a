import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chain } from '../support/chain';
import { modelFolder } from '../support/modelFolder';
import { expect, test } from './app';
import { openFile } from './files';
import { phaseOf, trainButton } from './training';

const classifier = chain([
  ['image', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 4, kernelSize: 5, activation: 'relu' }],
  ['f1', 'fc', { units: 10 }],
]);
const redrawer = {
  ...chain([
    ['image', 'input', { shape: [28, 28, 1] }],
    ['out', 'conv', { filters: 1, kernelSize: 3, padding: 'same', activation: 'sigmoid' }],
  ]),
  train: { data: 'mnist-pictures', share: 0.02, epochs: 1 },
};

test(
  'a loss network and a style are chosen in the form, and results show picture, answer and style',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    await mkdir(home.dataDir, { recursive: true });
    const model = await modelFolder(join(home.dir, 'classifier'), classifier, null);
    await writeFile(join(home.documents, 'redraw.convloom'), JSON.stringify(redrawer));
    await openFile(page, 'redraw.convloom');
    await page.getByRole('tab', { name: 'Training', exact: true }).click();
    const form = page.getByRole('form', { name: 'Training settings' });
    const choose = async (label: string, option: string): Promise<void> => {
      await form.getByRole('combobox', { name: label, exact: true }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    };
    await choose('Loss', 'Perceptual');
    await expect(page.getByText('The perceptual loss needs a trained network.').first()).toBeVisible();
    await choose('Loss network', 'A model file');
    const path = form.getByRole('textbox', { name: 'Path of a run or a model' });
    await path.fill(model);
    await path.press('Enter');
    await choose('Style picture', 'Dots');
    await trainButton(page).click();
    await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished', { timeout: 90_000 });
    await expect(page.getByText(/^content \d\.\d{4}, style \d+\.\d{4}$/)).toBeVisible();

    await page.getByRole('tab', { name: 'Results', exact: true }).click();
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    const first = page.getByRole('region', { name: 'Pictures in the style' }).getByRole('listitem').first();
    for (const name of ['Picture', 'Given picture', 'Style'])
      await expect(first.getByRole('img', { name: `${name}: 1`, exact: true })).toBeVisible({ timeout: 60_000 });
  },
);
