import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentOf, expect, repoRoot, test } from './app';
import { canvasOf } from './canvas';
import { openFile } from './files';

const network = {
  format: 'convloom.network',
  version: 2,
  name: 'Homework',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [12, 12, 1] } },
    { id: 'c1', kind: 'conv', params: { filters: 4, kernelSize: 3, activation: 'relu' } },
    { id: 'f1', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'c1' },
    { from: 'c1', to: 'f1' },
  ],
};

test('rules made from a network are saved, follow every edit as a checklist, and come back with the network', async ({
  app,
}) => {
  const { page, home } = app;
  await writeFile(join(home.documents, 'homework.convloom'), JSON.stringify(network));
  await openFile(page, 'homework.convloom');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Make rules from this network' }).click();
  await page.getByRole('checkbox', { name: /^Number of conv/ }).check();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save rules…' }).click();
  expect((await download).suggestedFilename()).toBe('Homework.rules.json');
  const path = join(home.documents, 'rules.json');
  await (await download).saveAs(path);
  await page.getByRole('button', { name: 'Use as checklist' }).click();
  const list = page.getByRole('list', { name: 'Checklist' });
  await expect(list.getByRole('img', { name: 'Met', exact: true })).toHaveCount(5);

  await canvasOf(page).locator('.react-flow__node[data-id="c1"]').click();
  await page.keyboard.press('Delete');
  await expect(list.getByRole('img', { name: 'Not met' })).not.toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(list.getByRole('img', { name: 'Met', exact: true })).toHaveCount(5);

  const handedIn = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Hand in…' }).click();
  expect((await handedIn).suggestedFilename()).toBe('Homework.convloom');

  await page.getByRole('button', { name: 'Take the rules off' }).click();
  await expect(list).toHaveCount(0);
  await page.locator('input[type="file"][accept^=".json"]').setInputFiles({
    name: 'bad.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{ "format": "convloom.rules", "version": 1, "rules": [{ "rule": "beauty" }] }'),
  });
  await expect(page.getByRole('alert')).toContainText('rules.0.rule');
  await page.locator('input[type="file"][accept^=".json"]').setInputFiles(path);
  await expect(list.getByRole('listitem')).toHaveCount(5);
  // A page that is loaded again reads what has been written by then.
  await expect.poll(() => readFile(join(home.dataDir, 'settings.json'), 'utf8')).toMatch(/"rules:[^"]*":\s*"\{/);
  await page.reload();
  await expect(list.getByRole('listitem')).toHaveCount(5);
});

test(
  'a chapter that is assigned opens at its task, is worked through by the checklist, handed in and graded',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Make rules from this network' }).click();
    await page.getByRole('combobox', { name: 'Chapter' }).click();
    await page.getByRole('option', { name: 'From maps to scores' }).click();
    const rulesFile = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save rules…' }).click();
    expect((await rulesFile).suggestedFilename()).toBe('From maps to scores.rules.json');
    const rules = join(home.documents, 'chapter.rules.json');
    await (await rulesFile).saveAs(rules);
    await page.getByRole('button', { name: 'Back to the checklist' }).click();

    await page.locator('input[type="file"][accept^=".json"]').setInputFiles(rules);
    const course = page.getByRole('complementary', { name: 'Course' });
    await expect(course.getByText(/^From maps to scores · 1 of/)).toBeVisible();
    const list = page.getByRole('list', { name: 'Checklist' });
    const row = list.getByRole('listitem').filter({ hasText: 'Question of “From FC to GAP”' });
    await row.getByRole('button').click();
    const exhibit = page.getByRole('dialog', { name: 'From FC to GAP' });
    const answer = exhibit.getByRole('textbox', { name: 'Your answer' });
    await answer.fill('50');
    await answer.press('Enter');
    await expect(exhibit.getByRole('status').filter({ hasText: 'Not yet' })).toBeVisible();
    await answer.fill('94');
    await answer.press('Enter');
    await expect(exhibit.getByText('Right.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(row.getByRole('img', { name: 'Met', exact: true })).toBeVisible();
    await expect(row).toContainText('right: 94, at try 2');

    // The lesson opens its network in a tab of its own, and the checklist goes along.
    await course.getByRole('button', { name: 'Open the network' }).click();
    await expect(page.locator('.react-flow__node')).not.toHaveCount(0);
    await expect(row).toBeVisible();
    const handedIn = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Hand in…' }).click();
    const results = join(home.documents, 'student.results.json');
    await (await handedIn).saveAs(results);
    const command = [join(repoRoot, 'bin', 'convloom.mjs'), 'check', results, results, '--rules', rules, '--csv'];
    let table: string;
    try {
      table = execFileSync(process.execPath, command, { env: environmentOf(home), encoding: 'utf8' });
    } catch (error) {
      // Not all is met yet.
      table = (error as { readonly stdout: string }).stdout;
    }
    const [header = '', line = ''] = table.split('\n');
    expect(header).toContain('Question of “From FC to GAP”');
    expect(line).toMatch(/student\.results\.json,LeNet,[1-9]/);
  },
);
