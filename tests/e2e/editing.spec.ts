import { join } from 'node:path';
import { expect, test } from './app';
import { nodeNamed, nodesOf, setParam, totalsOf, wiresOf } from './canvas';
import { openFile, openTemplate, startFromLenet, writeChain } from './files';
import { figure, setTraining, trainButton, waitForFinish } from './training';

test('a network is built, wired and trained without a mouse', async ({ app }) => {
  const { page } = app;
  const { keyboard } = page;
  await expect(page.getByRole('button', { name: 'Start from LeNet' })).toBeEnabled();
  const insert = async (key: string): Promise<void> => {
    const before = await nodesOf(page).count();
    await keyboard.press(key);
    await expect(nodesOf(page)).toHaveCount(before + 1);
    // The keyboard goes on from the node that it has just made.
    await expect(nodesOf(page).and(page.locator('[aria-current="true"]'))).toBeFocused();
  };
  await insert('i');
  await insert('f');
  // From a node to its form and back.
  await keyboard.press('Enter');
  await expect(page.getByLabel('Units', { exact: true })).toBeFocused();
  await keyboard.type('30');
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await expect(nodeNamed(page, /^FC, 30, output 30, 23,550 parameters/)).toBeFocused();
  await insert('a');
  await insert('f');
  await expect(wiresOf(page)).toHaveCount(3);

  // A wire that is taken away and pulled again.
  await keyboard.press('ArrowLeft');
  await expect(nodeNamed(page, /^ReLU/)).toBeFocused();
  await keyboard.press('Shift+Delete');
  await expect(wiresOf(page)).toHaveCount(1);
  await expect(nodeNamed(page, /^FC, 30/)).toBeFocused();
  await keyboard.press('w');
  await expect(page.getByRole('status').filter({ hasText: /^Wire FC to FC/ })).toBeVisible();
  await keyboard.press('Enter');
  await expect(wiresOf(page)).toHaveCount(2);
  await keyboard.press('ControlOrMeta+z');
  await keyboard.press('ControlOrMeta+z');
  await expect(wiresOf(page)).toHaveCount(3);

  await setTraining(page, 'Epochs', 1);
  await trainButton(page).focus();
  await keyboard.press('Enter');
  await waitForFinish(page);
  await expect(figure(page, 'Epoch')).toHaveText('1 of 1');
});

test('forty edits are undone to nothing and done again to the same network', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  const { keyboard } = page;
  await expect(page.getByRole('button', { name: 'Start from LeNet' })).toBeEnabled();
  for (const key of ['i', ...Array.from({ length: 39 }, (_, n) => (n % 3 === 2 ? 'b' : n % 3 === 1 ? 'a' : 'c'))]) {
    await keyboard.press(key);
  }
  await expect(nodesOf(page)).toHaveCount(40);
  const totals = (await totalsOf(page).textContent()) ?? '';
  for (let step = 0; step < 40; step++) await keyboard.press('ControlOrMeta+z');
  await expect(nodesOf(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  for (let step = 0; step < 40; step++) await keyboard.press('ControlOrMeta+Shift+z');
  await expect(nodesOf(page)).toHaveCount(40);
  await expect(wiresOf(page)).toHaveCount(39);
  await expect(totalsOf(page)).toHaveText(totals);
  await expect(page.getByRole('button', { name: 'Redo' })).toBeDisabled();
});

test('a value that is typed is one step, and Escape takes it back', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await nodeNamed(page, /^Conv, 20 by/).click();
  const filters = page.getByRole('region', { name: 'Inspector' }).getByLabel('Filters', { exact: true });
  await filters.fill('');
  await filters.pressSequentially('128');
  await expect(nodeNamed(page, /^Conv, 128 by/)).toBeVisible();
  await filters.press('Escape');
  await expect(nodeNamed(page, /^Conv, 20 by/)).toBeVisible();
  await setParam(page, 'Filters', '64');
  await expect(nodeNamed(page, /^Conv, 64 by/)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(nodeNamed(page, /^Conv, 20 by/)).toBeVisible();
  await expect(totalsOf(page)).toContainText('431,080');
});

test('a broken skip of a U-Net says both sizes, is mended by one click, and the mend is one step', async ({ app }) => {
  const { page } = app;
  await openTemplate(page, 'Small U-Net');
  await nodeNamed(page, /^Input/).click();
  // 62 halves to 31, and 31 to 15: the way up comes back with 30.
  await setParam(page, 'Shape', '62, 62, 1');
  const broken = nodeNamed(page, /^Concat.*has an error/);
  await expect(broken).toContainText('31×31 ≠ 30×30');
  await page.getByRole('tab', { name: /^Problems/ }).click();
  await page.getByRole('list', { name: 'Problems of the network' }).getByRole('button').first().click();
  const card = page.getByRole('dialog', { name: 'Problem' });
  await expect(card).toContainText('31');
  await expect(card).toContainText('30');
  await card
    .getByRole('button', { name: /^Apply: / })
    .first()
    .click();
  await expect(nodeNamed(page, /has an error/)).toHaveCount(0);
  await expect(nodeNamed(page, /waits for a layer upstream/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(broken).toBeVisible();
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(nodeNamed(page, /has an error/)).toHaveCount(0);
});

test('a network of 200 layers stays usable', { tag: '@all' }, async ({ app }) => {
  const { page, home } = app;
  const nodes = [
    { id: 'image', kind: 'input', params: { shape: [64, 64, 3] } },
    ...Array.from({ length: 199 }, (_, n) => ({
      id: `c${n + 1}`,
      kind: 'conv',
      params: { filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' },
    })),
  ];
  await writeChain(join(home.documents, 'long.convloom'), 'Long', nodes);
  await openFile(page, 'long.convloom');
  // 3·3·3·8 + 8, and 198 times 3·3·8·8 + 8.
  await expect(totalsOf(page)).toContainText('115,856');
  // The command palette finds one of them, and the canvas goes there.
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill('c150');
  await page.keyboard.press('Enter');
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await expect(inspector).toContainText('c150');
  await setParam(page, 'Filters', '16');
  // c150 gains 3·3·8·8 + 8, and c151 3·3·8·8.
  await expect(totalsOf(page)).toContainText('117,016');
  const milliseconds = await page.evaluate(async () => {
    const start = performance.now();
    for (let key = 0; key < 5; key++) {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return (performance.now() - start) / 5;
  });
  // Far above what it takes alone (a few milliseconds): this machine may be busy with other things.
  expect(milliseconds).toBeLessThan(1000);
});
