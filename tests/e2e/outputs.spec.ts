import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { openFile } from './files';
import { trainButton, waitForFinish } from './training';

const two = {
  format: 'convloom.network',
  version: 1,
  name: 'Two',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'c1', kind: 'conv', params: { filters: 4, kernelSize: 5, strides: 3, activation: 'relu' } },
    { id: 'main', kind: 'fc', params: { units: 10 } },
    { id: 'g1', kind: 'gap', params: {} },
    { id: 'side', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'c1' },
    { from: 'c1', to: 'main' },
    { from: 'c1', to: 'g1' },
    { from: 'g1', to: 'side' },
  ],
  train: { epochs: 1, batchSize: 200, output: 'main', outputWeights: 'side=0.3' },
};

test('each output of a network is scored, and either of them can be looked into', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await writeFile(join(app.home.documents, 'two.convloom'), JSON.stringify(two));
  await openFile(page, 'two.convloom');
  await trainButton(page).click();
  await waitForFinish(page);
  await page.getByRole('tab', { name: 'Results', exact: true }).click();
  const output = page.getByRole('combobox', { name: 'Output' });
  await expect(output).toHaveText('Output main');
  await page.getByRole('button', { name: 'Score', exact: true }).click();
  const scores = page.getByRole('region', { name: 'Each output' });
  await expect(scores).toContainText(/main[\d.]+ %side[\d.]+ %/, { timeout: 60_000 });

  await page.getByRole('tab', { name: 'Inside', exact: true }).click();
  await output.click();
  await page.getByRole('option', { name: 'Output side' }).click();
  await expect(page.getByText(/^Answer: /)).toBeVisible({ timeout: 60_000 });
});
