import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { createRandom } from '../../shared/ops/random';
import { expect, test } from './app';
import { chooseFile, openSmall, writeChain, openFile } from './files';
import { phaseOf, setTraining, stopButton, trainButton, waitForFinish } from './training';

const side = 16;

/** Two classes of noise, one in three of which has a bright bar as the other class has: some are taken for the other. */
async function writeOwnPictures(dir: string): Promise<void> {
  const random = createRandom(1);
  for (const [label, name] of ['lying', 'standing'].entries()) {
    await mkdir(join(dir, name), { recursive: true });
    for (let index = 0; index < 120; index++) {
      const isLying = index % 3 === 0 ? label === 1 : label === 0;
      const image = new PNG({ width: side, height: side });
      const at = 3 + (index % 10);
      for (let place = 0; place < side * side; place++) {
        const isBar = (isLying ? Math.floor(place / side) : place % side) === at;
        const value = Math.floor((isBar ? 160 : 0) + 90 * random.uniform());
        image.data.set([value, value, value, 255], 4 * place);
      }
      await writeFile(join(dir, name, `${index}.png`), PNG.sync.write(image));
    }
  }
}

test(
  'own pictures go the whole way: gallery, augmentation, training that is stopped and goes on, matrix, a cell, feature maps, export',
  {
    tag: '@all',
  },
  async ({ app: { page, home } }) => {
    test.slow();
    const dir = join(home.documents, 'bars');
    await writeOwnPictures(dir);
    await writeChain(join(home.documents, 'bars.convloom'), 'Bars', [
      { id: 'image', kind: 'input', params: { shape: [side, side, 1] } },
      { id: 'c1', kind: 'conv', params: { filters: 4, kernelSize: 3, activation: 'relu' } },
      { id: 'f1', kind: 'fc', params: { units: 2 } },
    ]);
    await openFile(page, 'bars.convloom');

    await test.step('gallery and augmentation', async () => {
      await page.getByRole('tab', { name: 'Data', exact: true }).click();
      const panel = page.getByRole('tabpanel', { name: 'Data', exact: true });
      await panel.getByRole('combobox', { name: 'Data', exact: true }).click();
      await page.getByRole('option', { name: /A folder of images/ }).click();
      await panel.getByRole('textbox', { name: 'Folder' }).fill(dir);
      await page.keyboard.press('Enter');
      await expect(panel.getByText(/^1 to \d+ of 240$/)).toBeVisible({ timeout: 60_000 });
      await panel.getByRole('button', { name: 'Augmentation', exact: true }).click();
      await panel.getByRole('combobox', { name: 'Augmentation', exact: true }).click();
      await page.getByRole('option', { name: 'For digits' }).click();
      await expect(panel.getByRole('img', { name: 'Augmentation 7' }).first()).toBeVisible({ timeout: 30_000 });
    });

    await test.step('training is stopped, and goes on', async () => {
      await setTraining(page, 'Epochs', 3000);
      await trainButton(page).click();
      await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
      await expect(page.getByRole('region', { name: 'Progress' })).toContainText(/Best: epoch \d/, { timeout: 60_000 });
      await stopButton(page).click();
      await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished');
      await page.getByRole('tab', { name: /^Past runs/ }).click();
      const past = page.getByRole('list', { name: 'Past runs' });
      await past.getByRole('button', { name: 'Go on training Bars' }).click();
      await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
      await stopButton(page).click();
      await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished');
    });

    await test.step('the matrix, a cell of it, and what the network makes of one of its pictures', async () => {
      await page.getByRole('tab', { name: 'Results', exact: true }).click();
      await page.getByRole('button', { name: 'Score', exact: true }).click();
      const matrix = page.getByRole('table', { name: /^Confusion matrix/ });
      await expect(matrix).toBeVisible({ timeout: 60_000 });
      const cell = matrix.locator('button:not(:empty)').first();
      const count = Number(/: (\d+)$/.exec((await cell.getAttribute('aria-label')) ?? '')?.[1]);
      await cell.click();
      const pictures = page.getByRole('region', { name: / → / }).getByRole('listitem');
      await expect(pictures).toHaveCount(Math.min(count, await pictures.count()));
      await pictures.first().hover();
      await pictures
        .first()
        .getByRole('button', { name: /^Look inside/ })
        .click();
      await expect(page.getByText(/^It is: (lying|standing)$/)).toBeVisible({ timeout: 60_000 });
      await page.locator('.react-flow__node[data-id="c1"]').click();
      await expect(page.getByRole('img', { name: 'Map 1 of 4' }).first()).toBeVisible({ timeout: 60_000 });
    });

    await test.step('export with the trained weights', async () => {
      await chooseFile(page, /^Export…/);
      const dialog = page.getByRole('dialog', { name: 'Export the network' });
      await dialog.getByRole('textbox', { name: 'Search formats' }).fill('onnx');
      await page.keyboard.press('Enter');
      await expect(dialog.getByRole('combobox', { name: 'Weights' })).toHaveText('Of the run that is shown');
      await dialog.getByRole('button', { name: 'Export', exact: true }).click();
      const result = dialog.getByRole('status').filter({ hasText: 'Written' });
      await expect(result).toContainText('Run by ONNX Runtime', { timeout: 60_000 });
      expect((await readFile(join(home.documents, 'Bars.onnx'))).length).toBeGreaterThan(1000);
    });
  },
);

test(
  'a drawn digit is answered, and the maps say by which of its strokes',
  { tag: '@all' },
  async ({ app: { page, home } }) => {
    await openSmall(page, home.documents);
    await trainButton(page).click();
    await waitForFinish(page);
    await page.getByRole('tab', { name: 'Inside', exact: true }).click();
    await page.getByRole('button', { name: 'Draw one', exact: true }).click();
    const board = page.getByRole('img', { name: 'Draw here' });
    const box = await board.boundingBox();
    if (box === null) throw new Error('The board is not in sight.');
    // A one.
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.2 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.48 * box.width, box.y + 0.8 * box.height, { steps: 8 });
    await page.mouse.up();
    await expect(page.getByText(/^Answer: \d$/)).toBeVisible({ timeout: 60_000 });

    await page.locator('.react-flow__node[data-id="c1"]').click();
    const views = page.getByRole('group', { name: 'What is shown' });
    await views.getByRole('button', { name: 'Class map', exact: true }).click();
    await expect(page.getByText(/^Grad-CAM: where the maps of this node speak for “\d”/)).toBeVisible();
    await views.getByRole('button', { name: 'Occlusion', exact: true }).click();
    await expect(page.getByText(/^A patch of the picture’s mean is slid over it\./)).toBeVisible({ timeout: 60_000 });
    // The map is of the drawing: it has values there, and none where nothing was drawn.
    await page
      .getByRole('group', { name: 'Where the picture comes from' })
      .getByRole('button', { name: 'From the data' })
      .click();
    await expect(page.getByText(/^It is: \d$/)).toBeVisible({ timeout: 60_000 });
  },
);
