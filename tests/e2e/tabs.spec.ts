import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, repoRoot, test } from './app';
import type { Home } from './app';
import { canvasOf, setParam, totalsOf } from './canvas';
import {
  chooseFile,
  networkName,
  openFile,
  openTemplate,
  readNetwork,
  rename,
  renameOnDisk,
  saveAs,
  startFromLenet,
  dropFiles,
} from './files';
import { openInBrowser } from './forms/browser';

function tabsOf(page: Page): Locator {
  return page.getByRole('tablist', { name: 'Open networks' }).getByRole('tab');
}

function tabNamed(page: Page, name: string): Locator {
  return tabsOf(page).filter({ hasText: name });
}

/** The cross of a tab: for the mouse alone, since the keys have Delete. */
async function closeByMouse(page: Page, name: string): Promise<void> {
  const tab = page.locator('[role="presentation"]').filter({ hasText: name });
  await tab.locator('[data-close]').click();
}

async function draftedNames(home: Home): Promise<readonly string[]> {
  const dir = join(home.dataDir, 'drafts');
  const files = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json'));
  const drafts = await Promise.all(
    files.map(async (name) => {
      const draft: unknown = await readNetwork(join(dir, name)).catch(() => null);
      return (draft as { readonly document: { readonly name: string } } | null)?.document.name ?? '';
    }),
  );
  return drafts.sort();
}

/** LeNet with a changed name in one tab and the plain network in the other, neither saved. */
async function openTwoDirty(page: Page): Promise<void> {
  await startFromLenet(page);
  await rename(page, 'First');
  await openTemplate(page, 'DNN');
  await rename(page, 'Second');
}

test('what is opened has a tab of its own; one network alone has no strip', async ({ app }) => {
  const { page, home } = app;
  await startFromLenet(page);
  await expect(tabsOf(page)).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+s');
  await saveAs(page, 'mine');
  await expect(page.getByText('Saved mine.convloom')).toBeVisible();

  await openTemplate(page, 'DNN');
  await expect(tabsOf(page)).toHaveText(['LeNet', 'DNN']);
  await expect(tabNamed(page, 'DNN')).toHaveAttribute('aria-selected', 'true');
  // The file is open already: it comes to the front with what was done to it.
  await tabNamed(page, 'LeNet').click();
  await rename(page, 'Mine');
  await tabNamed(page, 'DNN').click();
  await openFile(page, 'mine.convloom');
  await expect(networkName(page)).toHaveValue('Mine');
  await expect(tabsOf(page)).toHaveCount(2);
  await expect(tabNamed(page, 'Mine').getByRole('img', { name: 'Not saved yet' })).toBeVisible();
  expect((await readNetwork(join(home.documents, 'mine.convloom'))).name).toBe('LeNet');

  // A new network takes no second empty tab.
  await chooseFile(page, /^New network/);
  await page.keyboard.press('Alt+n');
  await expect(tabsOf(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Start from LeNet' }).click();
  await expect(tabsOf(page)).toHaveText(['Mine', 'DNN', 'LeNet']);
});

test('a tab with unsaved work asks before it closes, and the keys go through the tabs', async ({ app }) => {
  const { page, home } = app;
  await openTwoDirty(page);
  await openTemplate(page, 'LeNet');
  await page.keyboard.press('Alt+1');
  await expect(networkName(page)).toHaveValue('First');
  await page.keyboard.press('Alt+PageUp');
  await expect(networkName(page)).toHaveValue('LeNet');
  await page.keyboard.press('Alt+PageDown');
  await expect(networkName(page)).toHaveValue('First');

  await tabNamed(page, 'First').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tabNamed(page, 'Second')).toBeFocused();
  await expect(networkName(page)).toHaveValue('Second');
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: 'Save the changes first?' });
  await expect(question).toContainText('Second has changes that are not saved.');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(tabsOf(page)).toHaveCount(3);
  await page.keyboard.press('Alt+w');
  await question.getByRole('button', { name: 'Save', exact: true }).click();
  await saveAs(page, 'second');
  await expect(tabsOf(page)).toHaveText(['First', 'LeNet']);
  expect((await readNetwork(join(home.documents, 'second.convloom'))).name).toBe('Second');

  // One without changes goes at once, by the cross or by the middle button; the last one leaves an empty canvas.
  await closeByMouse(page, 'LeNet');
  await expect(tabsOf(page)).toHaveCount(0);
  await openTemplate(page, 'LeNet');
  await tabNamed(page, 'LeNet').click({ button: 'middle' });
  await expect(tabsOf(page)).toHaveCount(0);
  await page.keyboard.press('Alt+w');
  await question.getByRole('button', { name: 'Discard them' }).click();
  await expect(page.getByText('Drag an input here or start from LeNet')).toBeVisible();
  await expect.poll(() => draftedNames(home)).toEqual([]);
});

test('tabs are put in another order by mouse and by key', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await openTwoDirty(page);
  await openTemplate(page, 'LeNet');
  await tabNamed(page, 'LeNet').dragTo(tabNamed(page, 'First'), { targetPosition: { x: 4, y: 10 } });
  await expect(tabsOf(page)).toHaveText(['LeNet', 'First', 'Second']);
  await page.keyboard.press('Alt+Shift+PageDown');
  await expect(tabsOf(page)).toHaveText(['First', 'LeNet', 'Second']);
});

test('the tabs come back when the page is loaded again: files, templates, unsaved work, the one in front', async ({
  app,
}) => {
  const { page, home } = app;
  await startFromLenet(page);
  await page.keyboard.press('ControlOrMeta+s');
  await saveAs(page, 'saved');
  await expect(page.getByText('Saved saved.convloom')).toBeVisible();
  await openTemplate(page, 'DNN');
  await openTemplate(page, 'LeNet');
  await rename(page, 'Unsaved');
  await expect.poll(() => draftedNames(home)).toEqual(['Unsaved']);
  await tabNamed(page, 'DNN').click();
  await page.reload();
  await expect(tabsOf(page)).toHaveText(['LeNet', 'DNN', 'Unsaved']);
  await expect(networkName(page)).toHaveValue('DNN');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Alt+3');
  await expect(totalsOf(page)).toContainText('431,080');
  await expect(tabNamed(page, 'Unsaved').getByRole('img', { name: 'Not saved yet' })).toBeVisible();
  // The file is still its file.
  await page.keyboard.press('Alt+1');
  await rename(page, 'Saved again');
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(async () => (await readNetwork(join(home.documents, 'saved.convloom'))).name).toBe('Saved again');
});

test(
  'two tabs with unsaved work survive the server and the page being killed',
  { tag: '@all' },
  async ({ home, page, serve }) => {
    const first = await serve();
    await openInBrowser(page, first, []);
    await openTwoDirty(page);
    await expect.poll(() => draftedNames(home)).toEqual(['First', 'Second']);
    const context = page.context();
    await first.kill();
    await page.close({ runBeforeUnload: false });

    const again = await context.newPage();
    await openInBrowser(again, await serve(), []);
    await expect(tabsOf(again)).toHaveText(['First', 'Second']);
    await expect(networkName(again)).toHaveValue('Second');
    await expect(totalsOf(again)).toContainText('23,860');
    await again.keyboard.press('Alt+1');
    await expect(totalsOf(again)).toContainText('431,080');
    await expect.poll(() => draftedNames(home)).toEqual(['First', 'Second']);
  },
);

test('two networks side by side are edited each by itself, and the panels follow the one at hand', async ({ app }) => {
  const { page } = app;
  await openTwoDirty(page);
  await page.keyboard.press('ControlOrMeta+\\');
  const first = canvasOf(page).getByRole('region', { name: 'Canvas of First' });
  const second = canvasOf(page).getByRole('region', { name: 'Canvas of Second' });
  await expect(first.locator('.react-flow__node')).toHaveCount(9);
  await expect(second.locator('.react-flow__node').first()).toBeVisible();

  await first.locator('.react-flow__node[data-id="c1"]').click();
  await expect(networkName(page)).toHaveValue('First');
  await setParam(page, 'Filters', '8');
  await expect(totalsOf(page)).not.toContainText('431,080');
  await second.locator('.react-flow__node[data-id="f1"]').click();
  await expect(networkName(page)).toHaveValue('Second');
  await expect(totalsOf(page)).toContainText('23,860');
  await setParam(page, 'Units', '15');
  await expect(totalsOf(page)).not.toContainText('23,860');
  // Each takes back its own.
  await first.locator('.react-flow__node[data-id="p1"]').click();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(totalsOf(page)).toContainText('431,080');
  await second.locator('.react-flow__node[data-id="f2"]').click();
  await expect(totalsOf(page)).not.toContainText('23,860');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(totalsOf(page)).toContainText('23,860');

  await page.reload();
  await expect(first.locator('.react-flow__node')).toHaveCount(9);
  await expect(networkName(page)).toHaveValue('Second');
  await page.keyboard.press('ControlOrMeta+\\');
  await expect(first).toHaveCount(0);
  await expect(networkName(page)).toHaveValue('Second');
});

test('dropped files open in tabs of their own, and what is no network is said', async ({ app }) => {
  const { page } = app;
  const text = await readFile(join(repoRoot, 'templates', 'lenet', 'network.json'), 'utf8');
  await dropFiles(page, [
    { name: 'one.convloom', bytes: Buffer.from(text) },
    { name: 'two.json', bytes: Buffer.from(text.replace('"LeNet"', '"Two"')) },
    { name: 'page.html', bytes: Buffer.from('<!doctype html><p>not found</p>') },
  ]);
  const refusal = page.getByRole('dialog', { name: 'This file cannot be opened' });
  await expect(refusal).toContainText('page.html cannot be imported');
  await expect(refusal).toContainText('HTML');
  await refusal.getByRole('button', { name: 'Close' }).last().click();
  await expect(tabsOf(page)).toHaveText(['LeNet', 'Two']);
  await expect(totalsOf(page)).toContainText('431,080');
});

test('the history is gone through by name, and what is saved is marked', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await page.keyboard.press('ControlOrMeta+s');
  await saveAs(page, 'steps');
  await rename(page, 'One');
  await rename(page, 'Two');
  await canvasOf(page).locator('.react-flow__node[data-id="c1"]').click();
  await page.keyboard.press('Alt+z');
  const history = page.getByRole('dialog', { name: 'History' });
  const states = history.getByRole('option');
  await expect(states).toHaveCount(3);
  await expect(states.first()).toContainText('now');
  await expect(states.last()).toContainText('saved');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(history).toHaveCount(0);
  await expect(networkName(page)).toHaveValue('LeNet');
  await expect(page.getByRole('img', { name: 'Not saved yet' })).toHaveCount(0);
  // What was taken back is still there.
  await page.getByRole('banner').getByRole('button', { name: 'History' }).click();
  await states.nth(1).click();
  await expect(networkName(page)).toHaveValue('One');
});

test(
  'changes are saved by themselves where that is wished, and never over another program’s',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    const path = join(home.documents, 'auto.convloom');
    const name = async (): Promise<string> => (await readNetwork(path)).name;
    await startFromLenet(page);
    await page.keyboard.press('ControlOrMeta+s');
    await saveAs(page, 'auto');
    await rename(page, 'Before');
    await page.getByRole('banner').getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('menuitemcheckbox', { name: /^Save by itself/ }).click();
    await expect.poll(name).toBe('Before');
    await rename(page, 'After');
    await expect.poll(name).toBe('After');
    await expect(page.getByRole('img', { name: 'Not saved yet' })).toHaveCount(0);
    await renameOnDisk(path, 'Theirs');
    await rename(page, 'Mine');
    await expect(page.getByRole('dialog', { name: 'The file was changed elsewhere' })).toBeVisible();
    expect(await name()).toBe('Theirs');
  },
);

test(
  'recent files are offered on an empty canvas, and one that is gone can be taken off',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    await startFromLenet(page);
    await page.keyboard.press('ControlOrMeta+s');
    await saveAs(page, 'gone');
    await expect(page.getByText('Saved gone.convloom')).toBeVisible();
    await rm(join(home.documents, 'gone.convloom'));
    await page.keyboard.press('Alt+w');
    const recent = page.getByRole('region', { name: 'Recent' });
    await recent.getByRole('button', { name: /^LeNet/ }).click();
    const question = page.getByRole('dialog', { name: 'gone.convloom is not there any more' });
    await question.getByRole('button', { name: 'Take it off the list' }).click();
    await expect(recent).toHaveCount(0);
  },
);

test('the fields of a tab show what its own network says, and nothing typed for another is taken for it', async ({
  app,
}) => {
  const { page, home } = app;
  const rowsOf = (name: string): string => join(home.documents, `${name}.csv`);
  for (const name of ['one', 'two']) {
    await writeFile(rowsOf(name), 'a,label\n1,x\n2,y\n');
    const nodes = [
      { id: 'row', kind: 'input', params: { shape: [1] }, label: `rows of ${name}` },
      { id: 'f', kind: 'fc', params: { units: 2 } },
    ];
    const network = { format: 'convloom.network', version: 1, name, nodes, edges: [{ from: 'row', to: 'f' }] };
    await writeFile(
      join(home.documents, `${name}.convloom`),
      JSON.stringify({ ...network, train: { data: `csv:${rowsOf(name)}` } }),
    );
    await openFile(page, `${name}.convloom`);
    await page.getByRole('tab', { name: 'Training', exact: true }).click();
    const path = page.getByRole('textbox', { name: 'Folder or file' });
    await expect(path).toHaveValue(rowsOf(name));
    await page.getByRole('group', { name: /rows of/ }).click();
    await expect(page.getByRole('textbox', { name: 'Label' })).toHaveValue(`rows of ${name}`);
  }
  await tabNamed(page, 'one').click();
  await expect(page.getByRole('textbox', { name: 'Folder or file' })).toHaveValue(rowsOf('one'));
});
