import { expect, test } from './app';
import type { Point } from './canvas';
import { canvasOf, inputOf, nodeNamed, nodesOf, outputOf, pullWire, setParam, wiresOf } from './canvas';
import { startFromLenet } from './files';
import { trainButton } from './training';

const problems = (page: Parameters<typeof nodesOf>[0]) => page.getByRole('list', { name: 'Problems of the network' });

test('Train says what is in its way and leads there, with the finding on the node too', async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole('button', { name: 'Start from LeNet' })).toBeEnabled();
  // An Input alone has nothing to learn with.
  await page.keyboard.press('i');
  await expect(nodesOf(page)).toHaveCount(1);
  await trainButton(page).click();
  await expect(problems(page).getByRole('button')).toHaveCount(1);
  await expect(problems(page)).toContainText('Training');
  await expect(page.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();

  await startFromLenet(page);
  await page.getByRole('tab', { name: /^Problems/ }).click();
  await expect(page.getByText('No problems. Every shape fits.')).toBeVisible();
  await nodeNamed(page, /^FC, 10/).click();
  await setParam(page, 'Units', '7');
  const head = nodeNamed(page, /^FC, 7/);
  await expect(head.getByRole('button', { name: /^Show the problem: Training: / })).toBeVisible();
  await expect(problems(page)).toContainText('10');
  await page.getByRole('tab', { name: 'Code' }).click();
  await trainButton(page).click();
  const card = page.getByRole('dialog', { name: 'Problem' });
  await card
    .getByRole('button', { name: /^Apply: / })
    .first()
    .click();
  await expect(nodeNamed(page, /^FC, 10/)).toBeVisible();
  await expect(page.getByText('No problems. Every shape fits.')).toBeVisible();
});

test('a wire is let go, put elsewhere, and has a menu of its own; Delete pressed on takes one layer', async ({
  app,
}) => {
  const { page } = app;
  const { mouse } = page;
  await startFromLenet(page);
  await expect(nodeNamed(page, /^FC, 10/)).toBeVisible();
  const nodes = await nodesOf(page).count();
  const wires = await wiresOf(page).count();
  const c1 = nodeNamed(page, /^Conv, 20/);
  const c2 = nodeNamed(page, /^Conv, 50/);
  const beside = async (port: ReturnType<typeof inputOf>): Promise<Point> => {
    const box = await port.boundingBox();
    if (box === null) throw new Error('The port is not in view.');
    return { x: box.x - 6, y: box.y + box.height / 2 };
  };

  await test.step('its end is taken hold of beside the port and let go over nothing', async () => {
    const end = await beside(inputOf(c1));
    await mouse.move(end.x, end.y);
    await mouse.down();
    await mouse.move(end.x - 10, end.y - 110, { steps: 6 });
    await mouse.up();
    await expect(wiresOf(page)).toHaveCount(wires - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(wiresOf(page)).toHaveCount(wires);
  });

  await test.step('a hand that trembles on it keeps it', async () => {
    const end = await beside(inputOf(c1));
    await mouse.move(end.x, end.y);
    await mouse.down();
    await mouse.move(end.x - 4, end.y - 6, { steps: 3 });
    await mouse.up();
    await expect(wiresOf(page)).toHaveCount(wires);
  });

  await test.step('taken hold of at the port itself, it moves to another port, or is let go', async () => {
    const [from, to] = [await inputOf(c1).boundingBox(), await inputOf(c2).boundingBox()];
    if (from === null || to === null) throw new Error('The ports are not in view.');
    const middle = ({ x, y, width, height }: typeof from): Point => ({ x: x + width / 2, y: y + height / 2 });
    const [start, end] = [middle(from), middle(to)];
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(start.x + 5, start.y + 4);
    await mouse.move(end.x, end.y, { steps: 6 });
    await mouse.up();
    // It has left its own port, and the one that was in the other.
    await expect(wiresOf(page)).toHaveCount(wires - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(wiresOf(page)).toHaveCount(wires);
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(start.x - 10, start.y - 110, { steps: 6 });
    await mouse.up();
    await expect(wiresOf(page)).toHaveCount(wires - 1);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).click();
  });

  await test.step('a new one takes the place of the one in the port', async () => {
    await pullWire(page, outputOf(nodeNamed(page, /^Input/)), inputOf(c2));
    await expect(canvasOf(page).getByRole('status').filter({ hasText: 'Replaces the wire from' })).toBeVisible();
    await mouse.up();
    await expect(wiresOf(page)).toHaveCount(wires);
    await page.getByRole('button', { name: 'Undo' }).click();
  });

  await test.step('its menu inserts a layer there', async () => {
    const end = await beside(inputOf(c1));
    await mouse.click(end.x - 8, end.y, { button: 'right' });
    await expect(page.getByRole('menuitem', { name: /^Delete/ })).toHaveCount(1);
    await page.getByRole('menuitem', { name: 'Conv', exact: true }).click();
    await expect(nodesOf(page)).toHaveCount(nodes + 1);
    await expect(wiresOf(page)).toHaveCount(wires + 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(nodesOf(page)).toHaveCount(nodes);
  });

  await test.step('Delete three times takes one layer', async () => {
    await c2.click();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Delete');
    await expect(nodesOf(page)).toHaveCount(nodes - 1);
  });
});

test('the keyboard reaches the canvas by one link, and the palette is one stop', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await expect(page.getByRole('heading', { level: 1, name: /LeNet/ })).toHaveCount(1);
  for (const name of ['Layers', 'Canvas', 'Inspector']) {
    await expect(page.getByRole('region', { name, exact: true }).getByRole('heading').first()).toHaveCount(1);
  }
  const stops = page.getByRole('region', { name: 'Layers' }).locator('[data-layer]:not([tabindex="-1"])');
  await expect(stops).toHaveCount(1);
  await page.getByRole('link', { name: 'Skip to the canvas' }).focus();
  await page.keyboard.press('Enter');
  await expect(nodeNamed(page, /^Input/)).toBeFocused();
  // What is seen on a control is part of what it is called; a list is called by its label, and what is seen in it is its value.
  const mismatched = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button[aria-label]:not([role="combobox"]), a[aria-label]')]
      .filter((element) => {
        const clone = element.cloneNode(true) as HTMLElement;
        for (const hidden of clone.querySelectorAll('[aria-hidden="true"], svg')) hidden.remove();
        const plain = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
        return !plain(element.getAttribute('aria-label') ?? '').includes(plain(clone.textContent));
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(mismatched).toEqual([]);
});

test('a narrow window keeps the totals clear of the tools', async ({ app }) => {
  const { page } = app;
  await page.setViewportSize({ width: 1024, height: 700 });
  await startFromLenet(page);
  const [totals, chip] = await Promise.all([
    page.getByRole('button', { name: /^Totals of the network/ }).boundingBox(),
    page
      .getByRole('banner')
      .getByRole('button', { name: /^Engine: / })
      .boundingBox(),
  ]);
  expect((totals?.x ?? 0) + (totals?.width ?? 0)).toBeLessThanOrEqual(chip?.x ?? 0);
});
