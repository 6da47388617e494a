import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodeNamed, nodesOf, totalsOf } from './canvas';
import { startFromLenet } from './files';

const selected = (page: Page) => canvasOf(page).locator('.react-flow__node[aria-current="true"]');
const nodeOf = (page: Page, id: string) => canvasOf(page).locator(`.react-flow__node[data-id="${id}"]`);

/** Opens the palette and types into it. */
async function typeCommand(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill(typed);
}

/** Chooses a command by its name. */
async function command(page: Page, name: string): Promise<void> {
  await typeCommand(page, name);
  await page.getByRole('option', { name, exact: false }).first().click();
  // The keyboard is back on the canvas when the palette has gone.
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Undoes the last step of the network: the keyboard is on the canvas for it. */
async function undo(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Undo/ }).click();
}

test('the find bar lights, counts, steps through and selects what it finds', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await page.keyboard.press('ControlOrMeta+f');
  const bar = page.getByRole('search', { name: 'Find in the network' });
  const field = bar.getByRole('searchbox');
  await expect(field).toBeFocused();
  await field.fill('conv');
  await expect(bar.getByRole('status')).toHaveText('1 of 2');
  await expect(selected(page)).toHaveAttribute('data-id', 'c1');
  await field.press('Enter');
  await expect(bar.getByRole('status')).toHaveText('2 of 2');
  await expect(selected(page)).toHaveAttribute('data-id', 'c2');
  await field.press('Enter');
  await expect(selected(page)).toHaveAttribute('data-id', 'c1');
  await field.press('Shift+Enter');
  await expect(selected(page)).toHaveAttribute('data-id', 'c2');

  await field.fill('filters=50');
  await expect(bar.getByRole('status')).toHaveText('1 of 1');
  await field.fill('24x24');
  await expect(bar.getByRole('status')).toHaveText('1 of 2');
  await expect(selected(page)).toHaveAttribute('data-id', 'c1');
  await field.fill('nowhere');
  await expect(bar.getByRole('status')).toHaveText('No match');

  await field.fill('kernel 5');
  await field.press('Enter');
  await field.press('Escape');
  await expect(bar).toHaveCount(0);
  await expect(nodeOf(page, 'c2')).toBeFocused();
  await expect(selected(page)).toHaveAttribute('data-id', 'c2');

  await page.keyboard.press('ControlOrMeta+f');
  await field.fill('pool');
  await bar.getByRole('button', { name: 'Select all matches' }).click();
  await expect(selected(page)).toHaveCount(2);
});

test('what is selected grows along the wires and over its kind', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const count = await nodesOf(page).count();
  await nodeOf(page, 'c2').click();
  await command(page, 'Select everything upstream');
  await expect(selected(page)).toHaveCount(5);
  await page.keyboard.press('Escape');
  await nodeOf(page, 'c2').click();
  await command(page, 'Select everything downstream');
  await expect(selected(page)).toHaveCount(count - 4);
  await page.keyboard.press('Escape');
  await nodeOf(page, 'c2').click();
  await command(page, 'Select all of this kind');
  await expect(selected(page)).toHaveCount(2);

  const percent = page.getByRole('toolbar', { name: 'View' });
  await page.keyboard.press('Escape');
  await nodeOf(page, 'c2').click();
  await page.keyboard.press('2');
  await expect(percent).toContainText('100 %');
  await page.keyboard.press('ControlOrMeta+-');
  await expect(percent).not.toContainText('100 %');
  await page.keyboard.press('1');
  await expect(percent).toContainText('100 %');
  await page.keyboard.press('0');
  for (const id of ['image', 'f2']) await expect(nodeOf(page, id)).toBeInViewport({ ratio: 1 });
});

test('a layer is renamed where it stands', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await nodeOf(page, 'c1').click();
  await page.keyboard.press('F2');
  const field = page.getByRole('textbox', { name: 'Name of c1' });
  await expect(field).toBeFocused();
  await page.keyboard.type('Edges');
  await page.keyboard.press('Enter');
  await expect(nodeOf(page, 'c1')).toContainText('Edges');
  await expect(nodeOf(page, 'c1')).toBeFocused();
  await page.keyboard.press('F2');
  await page.keyboard.type('Nothing');
  await page.keyboard.press('Escape');
  await expect(nodeOf(page, 'c1')).toContainText('Edges');
  await undo(page);
  await expect(nodeOf(page, 'c1')).not.toContainText('Edges');
});

test(
  'a number is edited on the card: shapes follow, Tab goes on, Escape restores',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    await startFromLenet(page);
    const card = nodeOf(page, 'c1');
    await card.locator('em').dblclick({ position: { x: 4, y: 6 } });
    const filters = card.getByRole('textbox', { name: 'Filters' });
    await expect(filters).toBeFocused();
    await expect(filters).toHaveValue('20');
    await filters.fill('32');
    await expect(card).toContainText('24×24×32');
    await filters.press('Tab');
    const kernel = card.getByRole('textbox', { name: 'Kernel size' });
    await expect(kernel).toBeFocused();
    await kernel.fill('0');
    await expect(kernel).toHaveAttribute('aria-invalid', 'true');
    await kernel.fill('3');
    await expect(card).toContainText('26×26×32');
    await kernel.press('ArrowUp');
    await expect(card).toContainText('25×25×32');
    await kernel.press('Escape');
    await expect(card).toContainText('24×24×32');
    await expect(card).toBeFocused();
    await undo(page);
    await expect(card).toContainText('24×24×20');
  },
);

test('a number is scrubbed in the inspector as one step', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await nodeOf(page, 'c1').click();
  const box = await page.getByRole('region', { name: 'Inspector' }).getByText('Filters', { exact: true }).boundingBox();
  if (box === null) throw new Error('There is no label.');
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 25, box.y + 5, { steps: 5 });
  await page.mouse.up();
  await expect(nodeNamed(page, /^Conv, 25 by 5/)).toBeVisible();
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 25, box.y + 5, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(nodeNamed(page, /^Conv, 75 by 5/)).toBeVisible();
  await undo(page);
  await expect(nodeNamed(page, /^Conv, 25 by 5/)).toBeVisible();
  await undo(page);
  await expect(nodeNamed(page, /^Conv, 20 by 5/)).toBeVisible();
});

test('a param of many layers is changed in one step', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await nodeOf(page, 'c1').click();
  await command(page, 'Select all of this kind');
  const inspector = page.getByRole('region', { name: 'Inspector' });
  const filters = inspector.getByLabel('Filters', { exact: true });
  await expect(filters).toHaveValue('');
  await expect(filters).toHaveAttribute('placeholder', 'mixed');
  await expect(inspector.getByLabel('Kernel size', { exact: true })).toHaveValue('5 × 5');
  await filters.fill('8');
  await filters.press('Enter');
  await expect(nodeNamed(page, /^Conv, 8 by 5/)).toHaveCount(2);
  await undo(page);
  await expect(nodeNamed(page, /^Conv, 20 by 5/)).toHaveCount(1);
  await expect(nodeNamed(page, /^Conv, 50 by 5/)).toHaveCount(1);
});

test('a bypassed layer stays on the canvas and leaves the network', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const totals = (await totalsOf(page).textContent()) ?? '';
  await nodeOf(page, 'p1').click();
  await page.keyboard.press('m');
  await expect(nodeNamed(page, /^Max pool, bypassed, .*output 24 by 24 by 20/)).toBeVisible();
  await expect(nodeOf(page, 'c2')).toContainText('20×20×50');
  await expect(totalsOf(page)).not.toHaveText(totals);
  await page.keyboard.press('m');
  await expect(totalsOf(page)).toHaveText(totals);

  const input = nodesOf(page).first();
  await input.click();
  await page.keyboard.press('m');
  await expect(page.getByText(/cannot be bypassed/).first()).toBeVisible();
  await expect(totalsOf(page)).toHaveText(totals);
});

test('layers are aligned by command, and snap to others while they are dragged', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const placeOf = async (id: string) => {
    const box = await nodeOf(page, id).boundingBox();
    if (box === null) throw new Error(`${id} is not in view.`);
    return box;
  };
  const before = await placeOf('c2');
  const other = await placeOf('c1');
  // Beside the middle of the upper edge, where a wire comes in.
  await page.mouse.move(before.x + before.width / 4, before.y + 8);
  await page.mouse.down();
  // A drag begins behind the first few pixels, which the card then stays behind.
  await page.mouse.move(before.x + before.width / 4, before.y + 13);
  // Three pixels out of line with the other card.
  await page.mouse.move(before.x + before.width / 4, other.y + 16, { steps: 4 });
  await expect(canvasOf(page).locator('svg path[d^="M"][d*="H"]').first()).toBeAttached();
  await page.mouse.up();
  await expect.poll(async () => Math.round((await placeOf('c2')).y - (await placeOf('c1')).y)).toBe(0);

  await nodeOf(page, 'c1').click();
  await nodeOf(page, 'p1').click({ modifiers: ['Shift'] });
  await command(page, 'Align left edges');
  await expect.poll(async () => Math.round((await placeOf('p1')).x - (await placeOf('c1')).x)).toBe(0);
  await undo(page);
  await expect.poll(async () => Math.round((await placeOf('p1')).x - (await placeOf('c1')).x)).not.toBe(0);
});

test(
  'the palette opens templates, changes the theme, and offers what takes away last',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    await startFromLenet(page);
    await nodeOf(page, 'c1').click();
    await typeCommand(page, 'de');
    const options = page.getByRole('option');
    await expect(options.filter({ hasText: /^Delete/ }).first()).toBeVisible();
    await expect(page.locator('[cmdk-item][aria-selected="true"]')).not.toContainText('Delete');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await command(page, 'Theme: Dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await typeCommand(page, 'Template: U-Net');
    await expect(options.first()).toContainText('U-Net');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    // What is called just as typed is chosen, whatever its heading.
    const chosen = page.locator('[cmdk-item][aria-selected="true"]');
    await typeCommand(page, 'Compare');
    await expect(chosen).toHaveText(/^Compare/);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await typeCommand(page, 'Open LeNet');
    await expect(chosen).toContainText(/^Template: LeNet(?!-)/);
  },
);
