import type { Locator, Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodeNamed, nodesOf, wiresOf } from './canvas';
import { startFromLenet } from './files';

function framesOf(page: Page): Locator {
  return canvasOf(page).locator('[data-frame]');
}

/** Where something is in the window, to the pixel. */
async function placeOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${String(locator)} is not in the page.`);
  return { x: Math.round(box.x), y: Math.round(box.y) };
}

test(
  'layers get a frame with a title and a note, which moves them, is copied with them, and is taken back',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const { keyboard, mouse } = page;
    await startFromLenet(page);
    const conv = nodeNamed(page, /^Conv, 20 by/);
    const relu = nodeNamed(page, /^ReLU.*output 24 by/);
    await conv.click();
    await relu.click({ modifiers: ['Shift'] });
    await keyboard.press('ControlOrMeta+Alt+g');
    await canvasOf(page).getByRole('textbox', { name: 'Title' }).fill('First stage');
    await keyboard.press('Enter');
    const frame = canvasOf(page).getByRole('group', { name: /^Frame First stage, It holds 2 layers/ });
    await expect(frame).toBeFocused();
    await expect(frame).toHaveAttribute('aria-current', 'true');

    // The inspector tells of it; a note that is written there stands in the frame.
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByRole('textbox', { name: 'Note' }).fill('as in the paper');
    await inspector.getByRole('button', { name: 'Convolution', exact: true }).click();
    await expect(frame.getByText('as in the paper')).toBeVisible();

    // By mouse: what it holds goes along, and one undo brings all of it back.
    const before = await placeOf(conv);
    const title = frame.getByText('First stage');
    const at = await placeOf(title);
    await mouse.move(at.x + 12, at.y + 6);
    await mouse.down();
    await mouse.move(at.x + 12, at.y - 44, { steps: 5 });
    await mouse.up();
    await expect.poll(async () => before.y - (await placeOf(conv)).y).toBeGreaterThan(40);
    await expect(frame).toHaveAccessibleName(/It holds 2 layers/);
    await keyboard.press('ControlOrMeta+z');
    await expect.poll(() => placeOf(conv)).toEqual(before);

    // By keyboard as well.
    await title.click();
    await keyboard.press('Alt+Shift+ArrowDown');
    await expect.poll(async () => (await placeOf(conv)).y).toBeGreaterThan(before.y);
    await keyboard.press('ControlOrMeta+z');
    await expect.poll(() => placeOf(conv)).toEqual(before);

    await keyboard.press('ControlOrMeta+d');
    await expect(nodesOf(page)).toHaveCount(11);
    await expect(framesOf(page)).toHaveCount(2);
    // The copy is selected: its deletion leaves the layers, another one takes them along.
    await keyboard.press('Delete');
    await expect(framesOf(page)).toHaveCount(1);
    await expect(nodesOf(page)).toHaveCount(11);
    await keyboard.press('ControlOrMeta+z');
    await canvasOf(page).locator('[data-frame="frame2"]').getByText('First stage').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete the frame and what it holds' }).click();
    await expect(framesOf(page)).toHaveCount(1);
    await expect(nodesOf(page)).toHaveCount(9);

    // Tidied, the frame still holds what it held, and nothing else.
    await canvasOf(page)
      .locator('.react-flow__pane')
      .click({ position: { x: 5, y: 200 } });
    await keyboard.press('l');
    await expect(frame).toHaveAccessibleName(/^Frame First stage, It holds 2 layers/);

    // F2 renames; Escape leaves it.
    await title.click();
    await keyboard.press('F2');
    await canvasOf(page).getByRole('textbox', { name: 'Title' }).fill('Stem');
    await keyboard.press('Enter');
    await expect(canvasOf(page).getByRole('group', { name: /^Frame Stem/ })).toBeFocused();
    await keyboard.press('Escape');
    await expect(framesOf(page).first()).not.toHaveAttribute('aria-current', 'true');
  },
);

test(
  'a frame is resized by its corners, and what comes to lie in it is what it holds',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const { keyboard, mouse } = page;
    await startFromLenet(page);
    await nodeNamed(page, /^Conv, 20 by/).click();
    await keyboard.press('ControlOrMeta+Alt+g');
    await keyboard.press('Enter');
    const frame = framesOf(page).first();
    await expect(frame).toHaveAccessibleName(/It holds 1 layer\./);
    const corner = await placeOf(canvasOf(page).locator('[data-grip="se"]'));
    const beside = await nodeNamed(page, /^ReLU.*output 24 by/).boundingBox();
    if (beside === null) throw new Error('There is no ReLU.');
    await mouse.move(corner.x + 4, corner.y + 4);
    await mouse.down();
    await mouse.move(beside.x + beside.width, corner.y + 4, { steps: 5 });
    await mouse.up();
    await expect(frame).toHaveAccessibleName(/It holds 2 layers/);
    // Half-way, Escape takes it back.
    const wide = await frame.boundingBox();
    const grip = await placeOf(canvasOf(page).locator('[data-grip="e"]'));
    await mouse.move(grip.x + 4, grip.y + 20);
    await mouse.down();
    await mouse.move(grip.x + 100, grip.y + 20, { steps: 3 });
    await keyboard.press('Escape');
    await mouse.up();
    await expect.poll(async () => (await frame.boundingBox())?.width).toBe(wide?.width);
  },
);

test('a note is put where one points, and is found again', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await canvasOf(page)
    .locator('.react-flow__pane')
    .click({ button: 'right', position: { x: 600, y: 440 } });
  await page.getByRole('menuitem', { name: 'Add a note' }).click();
  await canvasOf(page).getByRole('textbox', { name: 'Note' }).fill('Ask about\nthe padding');
  await page.keyboard.press('ControlOrMeta+Enter');
  const note = canvasOf(page).getByRole('group', { name: /^Note Ask about the padding/ });
  await expect(note).toBeVisible();
  await note.getByText('Ask about').dblclick();
  await canvasOf(page).getByRole('textbox', { name: 'Note' }).fill('Done');
  await page.keyboard.press('Escape');
  await expect(canvasOf(page).getByRole('group', { name: 'Note Done' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(canvasOf(page).getByRole('group', { name: /^Note Ask about/ })).toBeVisible();
});

test(
  'a wire is led through points, which are dragged, moved by keys and taken away',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const { keyboard, mouse } = page;
    await startFromLenet(page);
    const wire = wiresOf(page)
      .filter({ has: page.locator('path') })
      .nth(1);
    const line = wire.locator('path').first();
    const straight = await line.getAttribute('d');
    const box = await wire.boundingBox();
    if (box === null) throw new Error('There is no wire.');
    await mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
    const point = canvasOf(page).getByRole('button', { name: /^Point 1 of 1 of the wire from Conv to ReLU/ });
    await expect(point).toBeVisible();
    const start = await placeOf(point);
    await mouse.move(start.x + 10, start.y + 10);
    await mouse.down();
    await mouse.move(start.x + 10, start.y + 90, { steps: 5 });
    await mouse.up();
    await expect.poll(async () => (await placeOf(point)).y - start.y).toBeGreaterThan(60);
    const bent = await line.getAttribute('d');
    expect(bent).not.toBe(straight);

    // With both its ends it moves along; one undo takes all back.
    await nodeNamed(page, /^Conv, 20 by/).click();
    await nodeNamed(page, /^ReLU.*output 24 by/).click({ modifiers: ['Shift'] });
    const led = await placeOf(point);
    await keyboard.press('Alt+Shift+ArrowDown');
    await expect.poll(async () => (await placeOf(point)).y).toBeGreaterThan(led.y);
    await keyboard.press('ControlOrMeta+z');
    await expect.poll(() => line.getAttribute('d')).toBe(bent);

    await point.focus();
    await keyboard.press('ArrowRight');
    await expect.poll(async () => (await placeOf(point)).x).toBeGreaterThan(led.x);
    await point.focus();
    await keyboard.press('Delete');
    await expect(point).toHaveCount(0);
    await expect(nodesOf(page)).toHaveCount(9);
    await expect(line).toHaveAttribute('d', straight ?? '');
    await keyboard.press('ControlOrMeta+z');
    await expect(point).toBeVisible();

    // Tidied, wires run by themselves.
    await canvasOf(page)
      .locator('.react-flow__pane')
      .click({ position: { x: 5, y: 200 } });
    await keyboard.press('l');
    await expect(point).toHaveCount(0);
  },
);
