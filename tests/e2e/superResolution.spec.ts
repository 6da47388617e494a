import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { chooseFile, openFile } from './files';
import { phaseOf, trainButton } from './training';

/** Four kernels whose answers are the four pixels that each becomes: as little as enlarges a picture. */
const small = {
  format: 'convloom.network',
  version: 1,
  name: 'Twice',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [14, 14, 1] } },
    { id: 'c', kind: 'conv', params: { filters: 4, kernelSize: 3, padding: 'same' } },
    { id: 'shuffle', kind: 'depthToSpace', params: { blockSize: 2 } },
  ],
  edges: [
    { from: 'image', to: 'c' },
    { from: 'c', to: 'shuffle' },
  ],
  train: { data: 'mnist-sr', epochs: 1, batchSize: 200, learningRate: 0.01 },
};

test(
  'a network that enlarges digits is trained, scored in decibels beside the resized input, and shows what it makes of each',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    await writeFile(join(home.documents, 'twice.convloom'), JSON.stringify(small));
    await openFile(page, 'twice.convloom');
    await page.getByRole('tab', { name: 'Data', exact: true }).click();
    const pairs = page.getByRole('group', { name: 'Pictures', exact: true });
    await expect(pairs.getByRole('img', { name: /^Target of / }).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('Each becomes a picture of 28×28×1.')).toBeVisible();

    await page.getByRole('tab', { name: 'Training', exact: true }).click();
    await trainButton(page).click();
    await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished', { timeout: 90_000 });
    const progress = page.getByRole('region', { name: 'Progress' });
    await expect(progress.getByText(/^resized input 18\.31 dB$/)).toBeVisible();
    await expect(progress.getByText(/^\d\d\.\d\d dB$/)).toBeVisible();

    await page.getByRole('tab', { name: 'Results', exact: true }).click();
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    const worst = page.getByRole('region', { name: 'Worst mistakes' }).getByRole('listitem');
    const first = worst.first();
    for (const [name, side] of [
      ['Picture', 14],
      ['Target', 28],
      ['Given picture', 28],
    ] as const) {
      const picture = first.getByRole('img', { name: new RegExp(`^${name}: \\d+\\.\\d\\d dB$`) });
      await expect(picture).toBeVisible({ timeout: 60_000 });
      await expect(picture).toHaveAttribute('width', String(side));
    }
    // The worst comes first.
    const ratios = (await worst.locator('p').allTextContents()).map(parseFloat);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));

    await page.getByRole('tab', { name: 'Training', exact: true }).click();
    await page.getByRole('tab', { name: 'Try it', exact: true }).click();
    const board = page.getByRole('img', { name: 'Drawing board' });
    const box = (await board.boundingBox())!;
    await page.mouse.move(box.x + 40, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + 70, box.y + 90, { steps: 4 });
    await page.mouse.up();
    await expect(page.getByRole('img', { name: 'Made of it, 28×28' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('img', { name: 'Given, 14×14' })).toBeVisible();
  },
);

test('templates that give pictures are found among the others', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await chooseFile(page, 'Templates');
  const dialog = page.getByRole('dialog', { name: 'Templates' });
  await dialog.getByRole('button', { name: 'Image to image' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await expect(dialog.getByRole('button', { name: 'ESPCN', exact: true })).toBeVisible();
});
