import { expect, test } from './app';
import { openSmall } from './files';
import { setTraining, trainButton, waitForFinish } from './training';

test(
  'a rate is found, a run is forecast, seeds are trained in turn, and a run starts from another',
  { tag: '@all' },
  async ({ app }) => {
    test.slow();
    const { page, home } = app;
    await openSmall(page, home.documents);
    await page.getByRole('tab', { name: 'Training', exact: true }).click();
    const before = page.getByRole('group', { name: 'Before training' });

    await before.getByRole('button', { name: 'Find a learning rate' }).click();
    const finder = page.getByRole('dialog', { name: 'Find a learning rate' });
    const take = finder.getByRole('button', { name: /^Use / });
    await expect(take).toBeVisible({ timeout: 120_000 });
    await expect(finder.getByRole('img', { name: /^Loss over the learning rate; .* is suggested$/ })).toBeVisible();
    const rate = ((await take.textContent()) ?? '').replace('Use ', '');
    await take.click();
    const settings = page.getByRole('form', { name: 'Training settings' });
    await expect(settings.getByRole('textbox', { name: 'Learning rate', exact: true })).toHaveValue(rate);

    await before.getByRole('button', { name: 'How long?' }).click();
    await expect(before.getByRole('status')).toContainText('an epoch', { timeout: 120_000 });

    await setTraining(page, 'Seeds in turn', 2);
    await trainButton(page).click();
    const past = page.getByRole('tab', { name: /^Past runs/ });
    await past.click();
    const runs = page.getByRole('list', { name: 'Past runs' }).getByRole('listitem');
    await expect(runs).toHaveCount(2, { timeout: 120_000 });
    await waitForFinish(page);
    await expect(runs.first()).toContainText(/seed 2.*2 seeds: .* ±/);
    await expect(runs.nth(1)).toContainText('seed 1');

    await setTraining(page, 'Seeds in turn', 1);
    await settings.getByRole('combobox', { name: 'Start from' }).click();
    await page
      .getByRole('option', { name: /^Small, / })
      .first()
      .click();
    await trainButton(page).click();
    const header = page.getByText(/^Started from run .*: 4 of 4 weights carried over$/);
    await expect(header).toBeVisible({ timeout: 60_000 });
    await waitForFinish(page);
    await expect(page.getByText(/^Best: epoch 1, validation accuracy/)).toBeVisible();
  },
);
