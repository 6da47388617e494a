import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import type { Home } from './app';
import { totalsOf } from './canvas';
import {
  chooseFile,
  networkName,
  openFile,
  readNetwork,
  rename,
  renameOnDisk,
  saveAs,
  startFromLenet,
  writeChain,
} from './files';
import { trainButton } from './training';

/** LeNet in `mine.convloom`, renamed here to "Mine" and by another program to "Theirs" since. */
async function makeConflict(page: Page, home: Home): Promise<string> {
  const path = join(home.documents, 'mine.convloom');
  await startFromLenet(page);
  await chooseFile(page, /^Save as…/);
  await saveAs(page, 'mine');
  await expect(page.getByText('Saved mine.convloom')).toBeVisible();
  expect((await readNetwork(path)).name).toBe('LeNet');
  await rename(page, 'Mine');
  await renameOnDisk(path, 'Theirs');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByRole('dialog', { name: 'The file was changed elsewhere' })).toBeVisible();
  // Asking has changed nothing.
  expect((await readNetwork(path)).name).toBe('Theirs');
  return path;
}

test('saves a new file, opens it again, and lists it under recent', async ({ app }) => {
  const { page, home } = app;
  await startFromLenet(page);
  await rename(page, 'My LeNet');
  await page.keyboard.press('ControlOrMeta+s');
  await saveAs(page, 'first');
  // Behind the open dialog no mark can be found either.
  await expect(page.getByText('Saved first.convloom')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Not saved yet' })).toHaveCount(0);
  const saved = await readNetwork(join(home.documents, 'first.convloom'));
  expect(saved).toMatchObject({ format: 'convloom.network', version: 1, name: 'My LeNet' });
  expect(saved.nodes).toHaveLength(9);

  await chooseFile(page, /^New network/);
  await expect(page.getByText('Drag an input here or start from LeNet')).toBeVisible();
  await openFile(page, 'first.convloom');
  await expect(networkName(page)).toHaveValue('My LeNet');
  await expect(totalsOf(page)).toContainText('431,080');

  await chooseFile(page, /^New network/);
  await chooseFile(page, /My LeNet.*first\.convloom/);
  await expect(networkName(page)).toHaveValue('My LeNet');
});

test('asks before it replaces a file of that name', { tag: '@all' }, async ({ app }) => {
  const { page, home } = app;
  await writeFile(join(home.documents, 'taken.convloom'), 'somebody’s notes');
  await startFromLenet(page);
  await chooseFile(page, /^Save as…/);
  await saveAs(page, 'taken');
  const question = page.getByRole('dialog', { name: 'Replace taken.convloom?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toHaveCount(0);
  await expect(readNetwork(join(home.documents, 'taken.convloom'))).rejects.toThrow();
  await chooseFile(page, /^Save as…/);
  await saveAs(page, 'taken');
  await question.getByRole('button', { name: 'Replace' }).click();
  await expect(page.getByText('Saved taken.convloom')).toBeVisible();
  expect((await readNetwork(join(home.documents, 'taken.convloom'))).name).toBe('LeNet');
});

test('a file that another program changed is not overwritten: a copy keeps both', async ({ app }) => {
  const { page, home } = app;
  const path = await makeConflict(page, home);
  await page.getByRole('button', { name: 'Save a copy…' }).click();
  await page
    .getByRole('dialog', { name: 'Save the network' })
    .getByRole('button', { name: 'Save', exact: true })
    .click();
  await expect(page.getByText('Saved Mine copy.convloom')).toBeVisible();
  expect((await readNetwork(path)).name).toBe('Theirs');
  expect((await readNetwork(join(home.documents, 'Mine copy.convloom'))).name).toBe('Mine');
  expect(await readdir(home.documents)).toHaveLength(2);
});

test(
  'a file that another program changed can be taken over, or overwritten by choice',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    const path = await makeConflict(page, home);
    // Leaving the question loses nothing on either side.
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(networkName(page)).toHaveValue('Mine');
    await page.keyboard.press('ControlOrMeta+s');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await expect(page.getByText('Saved mine.convloom').last()).toBeVisible();
    await expect.poll(async () => (await readNetwork(path)).name).toBe('Mine');

    await rename(page, 'Mine again');
    await renameOnDisk(path, 'Theirs again');
    await page.keyboard.press('ControlOrMeta+s');
    await page.getByRole('button', { name: 'Reload theirs' }).click();
    await expect(networkName(page)).toHaveValue('Theirs again');
    expect((await readNetwork(path)).name).toBe('Theirs again');
  },
);

test('files that are no network are refused with the reason, and the open network stays', async ({ app }) => {
  const { page, home } = app;
  const at = (name: string): string => join(home.documents, name);
  await writeFile(at('notes.json'), '{ "format": "convloom.network", ');
  await writeFile(at('other.json'), '{ "hello": 1 }');
  await writeFile(
    at('newer.convloom'),
    '{ "format": "convloom.network", "version": 99, "name": "Tomorrow", "nodes": [], "edges": [] }',
  );
  await startFromLenet(page);
  for (const [name, reason] of [
    ['notes.json', /JSON/],
    ['other.json', /format/],
    ['newer.convloom', /99/],
  ] as const) {
    await openFile(page, name);
    const refusal = page.getByRole('dialog', { name: 'This file cannot be opened' });
    await expect(refusal).toContainText(reason);
    await refusal.getByRole('button', { name: 'Close' }).last().click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(networkName(page)).toHaveValue('LeNet');
    await expect(totalsOf(page)).toContainText('431,080');
  }
});

test(
  'a network with a kind that is not known opens, says where, and leads to the problem instead of training',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    await writeChain(join(home.documents, 'odd.convloom'), 'Odd', [
      { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
      { id: 'c1', kind: 'convolution', params: { filters: 20, kernelSize: 5, activation: 'relu' } },
      { id: 'f1', kind: 'fc', params: { units: 10 } },
    ]);
    await openFile(page, 'odd.convloom');
    await expect(networkName(page)).toHaveValue('Odd');
    await trainButton(page).click();
    const problems = page.getByRole('list', { name: 'Problems of the network' });
    await expect(problems).toContainText('“convolution”');
    await problems.getByRole('button', { name: /convolution/ }).click();
    const card = page.getByRole('dialog', { name: 'Problem' });
    await card
      .getByRole('button', { name: /^Apply: / })
      .first()
      .click();
    await expect(page.getByText('No problems. Every shape fits.')).toBeVisible();
    await expect(totalsOf(page)).toContainText('115,730');
  },
);
