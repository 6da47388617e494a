import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, dragLayer, nodeNamed, nodesOf, outputOf, totalsOf, wiresOf } from './canvas';
import { startFromLenet } from './files';

/** Pastes text as the browser does on its key. */
async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

const search = (page: Page) => page.getByRole('dialog').getByRole('combobox');
const offers = (page: Page) => page.getByRole('dialog').getByRole('option');
const selected = (page: Page) => canvasOf(page).locator('.react-flow__node.selected');

test('LeNet is pasted as a sketch, and a slip is told with its place', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('button', { name: 'Start from LeNet' })).toBeEnabled();
  await pasteText(page, 'input 28 28 1, conv 20 5, pool, comv 50 5, pool, fc 500, fc 10');
  await expect(page.getByText('“comv” is no layer. Did you mean conv?')).toBeVisible();
  await expect(nodesOf(page)).toHaveCount(0);
  await pasteText(page, 'input 28 28 1, conv 20 5, pool, conv 50 5, pool, fc 500');
  await expect(nodesOf(page)).toHaveCount(6);
  await expect(selected(page)).toHaveAccessibleName(/^FC, 500/);
  // The next goes on from the last.
  await pasteText(page, 'relu, fc 10');
  await expect(nodesOf(page)).toHaveCount(8);
  await expect(wiresOf(page)).toHaveCount(7);
  await expect(totalsOf(page)).toContainText('431,080');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(nodesOf(page)).toHaveCount(6);
});

test('a wire let go over nothing asks what follows, and wires it', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const wires = await wiresOf(page).count();
  const last = nodeNamed(page, /^FC, 10,/);
  const port = await outputOf(last).boundingBox();
  const pane = await canvasOf(page).boundingBox();
  if (port === null || pane === null) throw new Error('There is no port to pull from.');
  await page.mouse.move(port.x + port.width / 2, port.y + port.height / 2);
  await page.mouse.down();
  await page.mouse.move(port.x - 120, pane.y + pane.height - 160, { steps: 8 });
  await page.mouse.up();
  await expect(page.getByRole('dialog', { name: 'What follows FC' })).toBeVisible();
  await expect(search(page)).toBeFocused();
  // What fits a vector comes first; the others say why they do not.
  await expect(offers(page).first()).toHaveText('Activation');
  await expect(offers(page).filter({ hasText: /^Pool/ })).toContainText('slides over height and width');
  await page.keyboard.type('softm');
  await expect(offers(page)).toHaveCount(2);
  await expect(offers(page).first()).toContainText('Softmax');
  await page.keyboard.press('Control+Enter');
  await expect(wiresOf(page)).toHaveCount(wires);
  await page.keyboard.press('Enter');
  await expect(wiresOf(page)).toHaveCount(wires + 1);
  await expect(nodeNamed(page, /^Softmax.*output 10/)).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test(
  'the search opens by keys and by a double click, builds sketches, and Escape leaves it',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const { keyboard } = page;
    await expect(page.getByRole('button', { name: 'Start from LeNet' })).toBeEnabled();
    await canvasOf(page)
      .locator('.react-flow__pane')
      .dblclick({ position: { x: 90, y: 90 } });
    await keyboard.type('input 8 8 1');
    await keyboard.press('Enter');
    await expect(nodeNamed(page, /^Input/)).toBeFocused();
    await keyboard.press('Tab');
    await expect(search(page)).toBeFocused();
    await keyboard.press('Escape');
    await expect(nodeNamed(page, /^Input/)).toBeFocused();
    await keyboard.press('Space');
    await expect(search(page)).toBeFocused();
    await expect(search(page)).toHaveValue('');
    await keyboard.type('2x(conv 4 3 same, relu), fc 0');
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('Character 29');
    await keyboard.press('Backspace');
    await keyboard.type('3');
    await expect(offers(page)).toHaveText('Add 5 layers');
    await keyboard.press('Enter');
    await expect(nodesOf(page)).toHaveCount(6);
    await expect(wiresOf(page)).toHaveCount(5);
    await expect(nodeNamed(page, /^FC, 3.*output 3/)).toBeFocused();
  },
);

test('a layer replaces another by dropping it there or by the menu, and keeps wires and params', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const wires = await wiresOf(page).count();
  const conv = nodeNamed(page, /^Conv, 20/);
  const box = await conv.boundingBox();
  if (box === null) throw new Error('There is no conv.');
  await page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: 'Up-conv', exact: true }).hover();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 6 });
  // The browser says where a drag is once it has entered what is there.
  await page.mouse.move(box.x + box.width / 2 + 4, box.y + box.height / 2 + 4, { steps: 2 });
  await expect(page.getByText('Replace with Up-conv')).toBeVisible();
  await page.mouse.up();
  await expect(nodeNamed(page, /^Up-conv, 20 × 5×5|^Up-conv, 20 by 5/)).toBeVisible();
  await expect(wiresOf(page)).toHaveCount(wires);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(nodeNamed(page, /^Conv, 20/)).toBeVisible();

  await nodeNamed(page, /^Max pool/)
    .first()
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Replace with…' }).click();
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('平均池化');
  await page.keyboard.press('Enter');
  await expect(nodeNamed(page, /^Average pool/)).toHaveCount(1);
  await expect(wiresOf(page)).toHaveCount(wires);
});

test(
  'layers are duplicated with the wires between them, with their sources, and by dragging with Alt',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    await startFromLenet(page);
    const [nodes, wires] = [await nodesOf(page).count(), await wiresOf(page).count()];
    await nodeNamed(page, /^Conv, 50/).click();
    await nodeNamed(page, /^ReLU/)
      .last()
      .click({ modifiers: ['Shift'] });
    await page.keyboard.press('ControlOrMeta+d');
    await expect(nodesOf(page)).toHaveCount(nodes + 2);
    await expect(wiresOf(page)).toHaveCount(wires + 1);
    await page.keyboard.press('ControlOrMeta+z');
    await nodeNamed(page, /^Conv, 50/).click();
    await page.keyboard.press('ControlOrMeta+Shift+d');
    await expect(wiresOf(page)).toHaveCount(wires + 1);
    await page.keyboard.press('ControlOrMeta+z');

    const conv = nodeNamed(page, /^Conv, 50/);
    const box = await conv.boundingBox();
    if (box === null) throw new Error('There is no conv.');
    await page.keyboard.down('Alt');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2 + 150, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Alt');
    await expect(nodesOf(page)).toHaveCount(nodes + 1);
    await expect(wiresOf(page)).toHaveCount(wires);
    const [first, second] = await nodeNamed(page, /^Conv, 50/).all();
    const places = [await first?.boundingBox(), await second?.boundingBox()];
    expect(
      places.some((place) => place != null && Math.abs(place.x - box.x) < 2 && Math.abs(place.y - box.y) < 2),
    ).toBe(true);
  },
);

test('a selected chain is copied as a sketch', { tag: '@all' }, async ({ app }) => {
  const { page, readClipboard } = app;
  await startFromLenet(page);
  await canvasOf(page)
    .locator('.react-flow__pane')
    .click({ position: { x: 10, y: 10 } });
  await page.keyboard.press('ControlOrMeta+a');
  await nodeNamed(page, /^Conv, 20/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy as sketch' }).click();
  await expect(page.getByText('Copied: input 28 28 1, conv 20 5, relu, maxpool')).toBeVisible();
  await expect.poll(readClipboard).toContain('input 28 28 1, conv 20 5, relu, maxpool');
});

test('the palette finds layers by what others call them', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const layers = page.getByRole('region', { name: 'Layers' });
  await layers.getByRole('searchbox').fill('gelu');
  await expect(layers.locator('[data-layer]')).toHaveText(['GELU']);
  await layers.getByRole('searchbox').press('Enter');
  await expect(nodeNamed(page, /^GELU/)).toHaveCount(1);
  await layers.getByRole('searchbox').fill('tanh');
  await dragLayer(page, 'Tanh', { x: 60, y: 60 });
  await expect(nodeNamed(page, /^Tanh/)).toHaveCount(1);
});
