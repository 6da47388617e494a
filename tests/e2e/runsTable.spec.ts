import { expect, test } from './app';
import { nodeNamed, totalsOf } from './canvas';
import { networkName, openSmall } from './files';
import { readCurve, setTraining, trainButton, waitForFinish } from './training';

test('two runs are overlaid and compared; a sweep from the canvas ends in its Pareto front, whose points open their networks', async ({
  app,
}) => {
  test.slow();
  const { page, home } = app;
  await openSmall(page, home.documents);
  await setTraining(page, 'Learning rate', 0.01);
  await trainButton(page).click();
  await waitForFinish(page);
  await setTraining(page, 'Learning rate', 0.001);
  await trainButton(page).click();
  await waitForFinish(page);

  await page.getByRole('tab', { name: 'Runs', exact: true }).click();
  const runs = page.getByRole('region', { name: 'Runs', exact: true });
  const table = runs.getByRole('table', { name: 'Runs' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row').nth(1)).toContainText(/Small.*accuracy.*mnist.*completed.*2,674/);
  await table.getByRole('button', { name: 'Rename Small' }).first().click();
  await table.getByRole('textbox', { name: 'Name of Small' }).fill('Slow');
  await table.getByRole('textbox', { name: 'Name of Small' }).press('Enter');
  await expect(table.getByRole('row', { name: 'Slow' })).toBeVisible();
  const slow = table.getByRole('row', { name: 'Slow' });
  const tags = await slow.getByRole('button', { name: /^Change the tags of Slow/ }).boundingBox();
  const actions = await slow.getByRole('cell').last().boundingBox();
  expect((tags?.x ?? Infinity) + (tags?.width ?? 0), 'the tags are not behind the actions').toBeLessThan(
    actions?.x ?? 0,
  );
  await page.setViewportSize({ width: 1024, height: 700 });
  const score = await slow.getByRole('cell', { name: /%$/ }).boundingBox();
  const fixed = await slow.getByRole('cell').last().boundingBox();
  expect((score?.x ?? Infinity) + (score?.width ?? 0), 'nor is the score in a small window').toBeLessThan(
    fixed?.x ?? 0,
  );
  await page.setViewportSize({ width: 1440, height: 900 });
  await table.getByRole('checkbox', { name: 'Compare Slow' }).check();
  await table.getByRole('checkbox', { name: 'Compare Small' }).check();
  const loss = runs.getByRole('figure', { name: 'Loss', exact: true });
  for (const color of ['--family-fc', '--family-gap']) {
    await expect.poll(async () => (await readCurve(loss, color)).width).toBeGreaterThan(0.2);
  }
  await runs.getByRole('button', { name: 'Settings' }).click();
  const facts = runs.getByRole('table', { name: 'Settings of the chosen runs' });
  await expect(facts.getByRole('row').nth(1)).toContainText('Learning ratediffers');

  // The param that is chosen on the canvas is what the sweep varies.
  await nodeNamed(page, /Conv/).click();
  await page.getByRole('button', { name: 'Vary in a sweep…' }).click();
  await page.getByRole('menuitem', { name: /Filters/ }).click();
  const form = runs.getByRole('form', { name: 'New sweep' });
  await form.getByRole('textbox', { name: /^Values of .*Filters/ }).fill('1, 8, 9999999');
  await expect(form.getByRole('status')).toHaveText('3 trials, 1 of them do not fit and are left out');
  await form.getByRole('button', { name: 'Start 2 trials' }).click();
  await expect(runs.getByText('3 trials are done')).toBeVisible({ timeout: 120_000 });
  const points = runs.getByRole('button', { name: /c1\.filters \d+: error .* %/ });
  await expect(points).toHaveCount(2);
  await points.and(page.getByRole('button', { name: /c1\.filters 1:.*on the Pareto front/ })).press('Enter');
  await runs.getByRole('button', { name: 'Open network' }).click();
  await expect(networkName(page)).toHaveValue('Small');
  await expect(totalsOf(page)).not.toContainText('2,674');
});
