import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import type { Home } from './app';
import { openFile } from './files';

/** A network that separates 60 rows by their first number, in batches of 8. */
async function writeRows({ documents }: Home): Promise<void> {
  const rows = Array.from(
    { length: 60 },
    (_, at) => `${(at % 10) / 10},${(at % 7) / 7},${at % 10 < 5 ? 'low' : 'high'}`,
  );
  const table = join(documents, 'rows.csv');
  await writeFile(table, `a,b,label\n${rows.join('\n')}\n`);
  const network = {
    format: 'convloom.network',
    version: 1,
    name: 'Rows',
    nodes: [
      { id: 'row', kind: 'input', params: { shape: [2] } },
      { id: 'f1', kind: 'fc', params: { units: 2 } },
    ],
    edges: [{ from: 'row', to: 'f1' }],
    train: { data: `csv:${table}`, batchSize: 8, optimizer: 'sgd', learningRate: 0.2, epochs: 2 },
  };
  await writeFile(join(documents, 'rows.convloom'), JSON.stringify(network));
}

test(
  'a race of descents starts from the palette, ends in curves, a table and what happened, and its runs bear its tag',
  { tag: '@all' },
  async ({ app }) => {
    test.slow();
    const { page, home } = app;
    await writeRows(home);
    await openFile(page, 'rows.convloom');
    // A tab of the dock has the focus back when the palette closes, and yet another one is open then.
    await page.getByRole('tab', { name: 'Training', exact: true }).click();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('MBGD');
    await page.getByRole('option', { name: 'Race batch, mini-batch and stochastic descent' }).click();
    const runs = page.getByRole('region', { name: 'Runs', exact: true });
    const form = runs.getByRole('form', { name: 'New race' });
    await expect(form).toContainText('mini-batch (8)');
    await expect(form.getByRole('textbox', { name: 'Learning rate' })).toHaveValue('0.2');
    await form.getByRole('button', { name: 'Start the race' }).click();
    await expect(runs.getByText('3 trials are done')).toBeVisible({ timeout: 120_000 });
    const table = runs.getByRole('table', { name: 'Race of descents' });
    const row = (name: string) => table.getByRole('row', { name: new RegExp(`^${name} `) });
    // 48 rows are trained on, twice.
    await expect(row('Batch')).toContainText(/Batch482/);
    await expect(row('Mini-batch')).toContainText(/Mini-batch812/);
    await expect(row('Stochastic')).toContainText(/Stochastic196/);
    await expect(
      runs.getByText(/^After the same 96 samples .* descent (is ahead|are level): best validation accuracy/),
    ).toBeVisible();
    const loss = runs.getByRole('figure', { name: 'Loss', exact: true });
    await loss.getByRole('button', { name: /samples/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'seconds' }).click();
    await expect(loss.getByRole('button', { name: /seconds/ })).toBeVisible();
    const kept = runs.getByRole('table', { name: 'Runs', exact: true });
    for (const name of ['Batch', 'Mini-batch', 'Stochastic']) {
      await expect(kept.getByRole('row', { name: `Rows · ${name}` })).toContainText(/race-/);
    }
  },
);

test('the race is found by the Training tab, the lesson and the exhibit of descent, and says how long it takes @all', async ({
  app,
}) => {
  const { page, home } = app;
  await writeRows(home);
  await openFile(page, 'rows.convloom');
  const form = page.getByRole('form', { name: 'New race' });
  const away = () => page.getByRole('tab', { name: 'Training', exact: true }).click();
  await away();
  await page.getByRole('button', { name: 'Race…' }).click();
  await expect(form).toBeVisible();
  await form.getByRole('button', { name: 'How long?' }).click();
  await expect(form.getByRole('status')).toContainText(/^About .* By \d+ steps\.$/);
  await away();
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Batch, stochastic, mini-batch' }).click();
  await page.getByRole('button', { name: 'Race batch, mini-batch and stochastic descent' }).click();
  await expect(form).toBeVisible();
  await away();
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Descent, and how far to step' }).click();
  await page.getByRole('button', { name: 'Open: Down the loss surface' }).click();
  // The rule leaves open what the question asks.
  await expect(page.getByText(/^θ₀: .* = −0\.\d+$/)).toBeVisible();
  await expect(page.getByText(/^θ₁: .* = \?$/)).toBeVisible();
  await page.getByRole('button', { name: 'Race them on your network' }).click();
  await expect(form).toBeVisible();
});
