import { copyFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, repoRoot, test } from './app';
import { chooseFile, dropFiles, networkName } from './files';

const fixtures = join(repoRoot, 'tests', 'fixtures');

/** Reading, and running the file by its own engine for the proof, starts processes. */
const patience = { timeout: 60_000 };
test.slow();

function report(page: Page) {
  return page.getByRole('region', { name: 'Import report' });
}

function filterOf(page: Page, name: RegExp) {
  return report(page).getByRole('group', { name: 'What became of it' }).getByRole('button', { name });
}

async function drop(page: Page, paths: readonly string[]): Promise<void> {
  await dropFiles(
    page,
    await Promise.all(paths.map(async (path) => ({ name: basename(path), bytes: await readFile(path) }))),
  );
}

test('an ONNX file becomes a network with its weights, its proof and a report that leads to the nodes', async ({
  app,
}) => {
  const { page, home } = app;
  await copyFile(join(fixtures, 'onnx', 'residual.onnx'), join(home.documents, 'residual.onnx'));
  await chooseFile(page, /^Import…/);
  await page
    .getByRole('dialog', { name: 'Import a model' })
    .getByRole('button', { name: 'residual.onnx', exact: true })
    .click();
  await expect(networkName(page)).toHaveValue('residual', patience);
  await expect(report(page)).toContainText('From residual.onnx', patience);
  await expect(report(page)).toContainText('the largest difference to Convloom is');
  await expect(report(page)).toContainText('The weights are here');

  const line = report(page).getByRole('list', { name: 'Parts of the file' }).getByRole('button').last();
  const id = await line.locator('code').nth(1).innerText();
  await line.click();
  await expect(page.locator(`.react-flow__node.selected[data-id="${id}"]`)).toBeVisible();

  await filterOf(page, /^Carried over/).click();
  await expect(report(page).getByRole('img', { name: 'Left out' })).toHaveCount(0);

  // The report and the weights are there again when the page is loaded again.
  await page.reload();
  await expect(networkName(page)).toHaveValue('residual', patience);
  await page.getByRole('tab', { name: 'Import' }).click();
  await expect(report(page)).toContainText('The weights are here');
});

test('an operation that is not known is a dashed card and a line of its own', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await drop(page, [join(fixtures, 'onnx', 'unknown.onnx')]);
  await expect(report(page)).toBeVisible(patience);
  await filterOf(page, /^Not understood/).click();
  const line = report(page).getByRole('list', { name: 'Parts of the file' }).getByRole('button').first();
  const id = await line.locator('code').nth(1).innerText();
  await line.click();
  await expect(page.locator(`.react-flow__node.selected[data-id="${id}"]`)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Inspector' })).toContainText(
    'an operation that Convloom does not know',
  );
});

test(
  'a model and the file of its weights are dropped together, and what is no model says what it is',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const folder = join(fixtures, 'tfgraph');
    await drop(page, [join(folder, 'model.json'), join(folder, 'weights.bin')]);
    await expect(report(page)).toContainText('The weights are here', patience);

    await drop(page, [join(repoRoot, 'docs', 'screenshot-light.png')]);
    const failed = page.getByRole('dialog', { name: 'This file cannot be opened' });
    await expect(failed).toContainText('screenshot-light.png cannot be imported: it is a PNG picture');
    await expect(failed).not.toContainText('/');
  },
);
