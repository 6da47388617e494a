import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { nodeNamed } from './canvas';
import { openFile, openSmall } from './files';
import { trainButton, waitForFinish } from './training';

test('a trained network shows the training pictures that it finds nearest, and the data in a plane that can be walked', async ({
  app: { page, home },
}) => {
  await openSmall(page, home.documents);
  await trainButton(page).click();
  await waitForFinish(page);
  await page.getByRole('tab', { name: 'Inside', exact: true }).click();
  await nodeNamed(page, /^Input/).click();
  // A node of one map: a picture, not a line.
  const only = await page.getByRole('button', { name: 'Map 1 of 1' }).boundingBox();
  expect(only?.height).toBeGreaterThan(40);
  const modes = page.getByRole('group', { name: 'What is looked at' });
  await modes.getByRole('button', { name: 'Nearest samples' }).click();
  const nearest = page.getByRole('list', { name: 'The nearest samples of the training part' });
  await expect(nearest.getByRole('listitem')).toHaveCount(12, { timeout: 60_000 });
  await expect(page.getByText('Compared by the 256 values of c1. All 8,000 samples.')).toBeVisible();
  const names = await nearest
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => /: (\d), distance/.exec(button.ariaLabel ?? '')?.[1]));
  const [, count, name] =
    /^(\d+) of the 12 nearest are “(\d)”/.exec(await page.getByText('of the 12 nearest').innerText()) ?? [];
  expect(names.filter((one) => one === name)).toHaveLength(Number(count));

  await test.step('one of them is looked at, and is then itself no neighbour of its own', async () => {
    const first = (await nearest.getByRole('button').first().getAttribute('aria-label')) ?? '';
    await nearest.getByRole('button').first().click();
    await expect(page.getByText('A sample of the training part')).toBeVisible();
    await expect(nearest.getByRole('button').first()).not.toHaveAttribute('aria-label', first);
    await expect(nearest.getByRole('button', { name: /distance 0\.000/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Back to the validation part' }).click();
  });

  await modes.getByRole('button', { name: 'Embedding' }).click();
  const plot = page.getByRole('application', { name: '2,000 samples by the features of c1' });
  await expect(plot).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^The two directions of most variance: \d+ % of it/)).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator('[aria-haspopup]')).click();
  await page.getByRole('menuitem', { name: 'Picture (SVG)' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('PCA of c1: 256 values of 2,000 samples');
  const legend = page.getByRole('group', { name: 'What the marks mean' });
  await expect(legend.getByRole('button', { pressed: true })).toHaveCount(10);
  await legend.getByRole('button', { name: /^7/ }).click();
  await expect(legend.getByRole('button', { pressed: true })).toHaveCount(9);
  await plot.focus();
  await page.keyboard.press('ArrowRight');
  const card = page.getByRole('status').filter({ hasText: 'No.' });
  const number = /No\. (\d+)/.exec(await card.innerText())?.[1] ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'No.' })).toHaveValue(number);
});

test(
  'whatever takes a small grey picture can be asked about a drawn one',
  { tag: '@all' },
  async ({ app: { page, home } }) => {
    const denoiser = {
      ...{ format: 'convloom.network', version: 1, name: 'denoiser' },
      nodes: [
        { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
        { id: 'c1', kind: 'conv', params: { filters: 1, kernelSize: 3, padding: 'same' } },
      ],
      edges: [{ from: 'image', to: 'c1' }],
      train: { data: 'mnist-denoise' },
    };
    await writeFile(join(home.documents, 'denoiser.convloom'), JSON.stringify(denoiser));
    await openFile(page, 'denoiser.convloom');
    await page.getByRole('tab', { name: 'Inside', exact: true }).click();
    await expect(page.getByRole('img', { name: 'The picture that goes in' }).first()).toBeVisible({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Draw one' }).click();
    const board = page.getByRole('img', { name: 'Draw here' });
    await board.hover({ position: { x: 40, y: 40 } });
    await page.mouse.down();
    await board.hover({ position: { x: 60, y: 90 } });
    await page.mouse.up();
    await expect(page.getByText('Fresh weights, seed 1: not trained yet')).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Its class' })).toHaveCount(0);
  },
);
