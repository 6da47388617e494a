import { readFile } from 'node:fs/promises';
import { expect, test } from './app';
import { startFromLenet } from './files';
import { setTraining, trainButton, waitForFinish } from './training';

test('a trained network is scored; a cell of its matrix opens the pictures, one of them is looked into, and all is saved as a page', async ({
  app,
}) => {
  const { page } = app;
  await startFromLenet(page);
  await setTraining(page, 'Epochs', 1);
  await trainButton(page).click();
  await waitForFinish(page);
  await page.getByRole('tab', { name: 'Results', exact: true }).click();
  await page.getByRole('button', { name: 'Score', exact: true }).click();
  const matrix = page.getByRole('table', { name: /^Confusion matrix/ });
  await expect(matrix).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('2,000 samples, Validation part')).toBeVisible();
  // Its diagonal is what was recognised: as much as the accuracy says.
  const hits = await matrix.locator('[data-hit]').allTextContents();
  const right = hits.reduce((sum, count) => sum + Number(count), 0);
  await expect(page.getByText(`${(right / 20).toFixed(2)} %`).first()).toBeVisible();

  const mistake = matrix.locator('button:not([data-hit]):not(:empty)').first();
  const [, truth, given, count] =
    /^(\d), taken for (\d): (\d+)$/.exec((await mistake.getAttribute('aria-label')) ?? '') ?? [];
  await mistake.click();
  const pictures = page.getByRole('region', { name: new RegExp(`^${truth} → ${given}`) }).getByRole('listitem');
  await expect(pictures).toHaveCount(Number(count));
  const canvas = pictures.first().getByRole('img');
  await expect(canvas).toHaveAttribute('aria-label', new RegExp(`^Picture: ${truth} → ${given}, `));
  // A digit, not a black square.
  const brightest = await canvas.evaluate((element: HTMLCanvasElement) =>
    Math.max(
      ...(element
        .getContext('2d')
        ?.getImageData(0, 0, element.width, element.height)
        .data.filter((_, at) => at % 4 === 0) ?? []),
    ),
  );
  expect(brightest).toBeGreaterThan(128);

  await page.keyboard.press('ArrowRight');
  await expect(matrix.locator('button:focus')).toHaveCount(1);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a page' }).click();
  const html = await readFile(await (await download).path(), 'utf8');
  expect(html).toContain('Confusion matrix');
  expect(html).toContain('data:image/png;base64,');

  await pictures.first().hover();
  await pictures
    .first()
    .getByRole('button', { name: /^Look inside/ })
    .click();
  await expect(page.getByText(`It is: ${truth}`)).toBeVisible({ timeout: 60_000 });
});
