import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { openFile } from './files';
import { phaseOf, setTraining, trainButton, waitForFinish } from './training';

/** Two heads for the ten digits on one trunk. */
const twoHeads = {
  format: 'convloom.network',
  version: 1,
  name: 'Two heads',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'p', kind: 'pool', params: { poolSize: 4 } },
    { id: 'left', kind: 'fc', params: { units: 10 } },
    { id: 'right', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'p' },
    { from: 'p', to: 'left' },
    { from: 'p', to: 'right' },
  ],
};

const settings = (page: Page) => page.getByRole('form', { name: 'Training settings' });

test('a network with two outputs trains when one is chosen', { tag: '@all' }, async ({ app }) => {
  const { page, home } = app;
  await writeFile(join(home.documents, 'two.convloom'), JSON.stringify(twoHeads));
  await openFile(page, 'two.convloom');
  await page.getByRole('tab', { name: 'Training', exact: true }).click();
  await expect(page.getByText('The network has 2 outputs (left, right)')).toBeVisible();

  await settings(page).getByRole('combobox', { name: 'Output' }).click();
  await page.getByRole('option', { name: 'right' }).click();
  await expect(page.getByText('The network has 2 outputs (left, right)')).toBeHidden();
  await setTraining(page, 'Epochs', 1);
  await trainButton(page).click();
  await waitForFinish(page);
});

test('settings that no run accepts open, start nothing, and are mended with one click', async ({ app }) => {
  const { page, home } = app;
  const { edges, nodes, ...rest } = twoHeads;
  const one = { ...rest, nodes: nodes.slice(0, 3), edges: edges.slice(0, 2), train: { epochs: 0, learningRate: 0.01 } };
  await writeFile(join(home.documents, 'odd.convloom'), JSON.stringify(one));
  await openFile(page, 'odd.convloom');
  await trainButton(page).click();
  await expect(page.getByText('Epochs takes a whole number from 1')).toBeVisible();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'idle');

  await page.getByRole('button', { name: 'Set epochs to 1' }).click();
  await expect(settings(page).getByRole('textbox', { name: 'Epochs' })).toHaveValue('1');
  // The fix of one setting leaves the others as they were.
  await expect(settings(page).getByRole('textbox', { name: 'Learning rate' })).toHaveValue('0.01');
  await trainButton(page).click();
  await waitForFinish(page);
});
