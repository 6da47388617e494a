import type { CDPSession, Locator, Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, inputOf, nodesOf, outputOf, wiresOf } from './canvas';
import type { Point } from './canvas';
import { startFromLenet } from './files';

test.use({ hasTouch: true });

/** Fingers of a hand: Playwright knows one that taps, and these pinch and rest. */
async function handOn(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
    });
  return {
    down: (...points: readonly Point[]) => send('touchStart', points),
    /** Moves all fingers from one place to another, in steps as a screen tells them. */
    move: async (from: readonly Point[], to: readonly Point[]): Promise<void> => {
      for (let step = 1; step <= 5; step++) {
        const at = (a = 0, b = 0): number => a + ((b - a) * step) / 5;
        await send(
          'touchMove',
          from.map((point, index) => ({ x: at(point.x, to[index]?.x), y: at(point.y, to[index]?.y) })),
        );
      }
    },
    up: () => send('touchEnd', []),
  };
}

async function middleOf(locator: Locator): Promise<Point> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('It is not in the page.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function node(page: Page, id: string): Locator {
  return canvasOf(page).locator(`.react-flow__node[data-id="${id}"]`);
}

async function widthOf(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.width ?? 0;
}

test('two fingers zoom and pan wherever they lie, and move no node', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const hand = await handOn(page);
  const before = await widthOf(node(page, 'c1'));
  const [a, b] = [await middleOf(node(page, 'c1')), await middleOf(node(page, 'c2'))];
  // The first finger begins to drag the node on which it lies; then the second one comes.
  await hand.down(a);
  await hand.move([a], [{ x: a.x + 30, y: a.y + 20 }]);
  const first = { x: a.x + 30, y: a.y + 20 };
  await hand.down(first, b);
  const centre = { x: (first.x + b.x) / 2, y: (first.y + b.y) / 2 };
  const apart = [first, b].map(({ x, y }) => ({
    x: centre.x + (x - centre.x) * 1.5,
    y: centre.y + (y - centre.y) * 1.5,
  }));
  await hand.move([first, b], apart);
  await hand.up();
  await expect.poll(() => widthOf(node(page, 'c1'))).toBeGreaterThan(before * 1.2);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();

  const zoomed = await widthOf(node(page, 'c1'));
  const at = await middleOf(node(page, 'a1'));
  const beside = { x: at.x + 20, y: at.y + 90 };
  await hand.down(at, beside);
  await hand.move(
    [at, beside],
    [
      { x: at.x + 100, y: at.y + 50 },
      { x: beside.x + 100, y: beside.y + 50 },
    ],
  );
  await hand.up();
  await expect.poll(async () => Math.round((await middleOf(node(page, 'a1'))).x - at.x)).toBe(100);
  await expect.poll(async () => Math.round((await middleOf(node(page, 'a1'))).y - at.y)).toBe(50);
  expect(Math.abs((await widthOf(node(page, 'c1'))) - zoomed)).toBeLessThan(1);
  // One finger drags a node again, by as much as it moves, and in line with its neighbours.
  const last = await middleOf(node(page, 'a1'));
  await hand.down(last);
  await hand.move([last], [{ x: last.x + 40, y: last.y + 80 }]);
  await hand.up();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  await expect.poll(async () => Math.abs((await middleOf(node(page, 'a1'))).y - last.y - 80)).toBeLessThan(24);
});

test('a finger that rests opens the menu of the node, of the wire and of the canvas', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const hand = await handOn(page);
  const menu = page.getByRole('menu');
  const rest = async (at: Point): Promise<void> => {
    await hand.down(at);
    await expect(menu).toBeVisible();
    await hand.up();
    // Nothing that the finger does as it leaves closes it.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await expect(menu).toBeVisible();
  };
  await rest(await middleOf(node(page, 'c1')));
  await expect(node(page, 'c1')).toHaveAttribute('aria-current', 'true');
  await menu.getByRole('menuitem', { name: /^Duplicate/ }).tap();
  await expect(nodesOf(page)).toHaveCount(10);
  await page.getByRole('button', { name: 'Undo' }).tap();
  await expect(nodesOf(page)).toHaveCount(9);

  const [from, to] = [await middleOf(outputOf(node(page, 'c1'))), await middleOf(inputOf(node(page, 'a1')))];
  await rest({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  await menu
    .getByRole('menuitem', { name: /^BatchNorm|^Pool/ })
    .first()
    .tap();
  await expect(nodesOf(page)).toHaveCount(10);

  const pane = await canvasOf(page).boundingBox();
  await rest({ x: (pane?.x ?? 0) + 30, y: (pane?.y ?? 0) + 60 });
  await expect(menu.getByRole('menuitem', { name: /^Paste/ })).toBeVisible();
  await page.keyboard.press('Escape');
  // A finger that moves drags, and asks for nothing.
  const start = await middleOf(node(page, 'f1'));
  await hand.down(start);
  await hand.move([start], [{ x: start.x + 30, y: start.y + 60 }]);
  await hand.up();
  await expect(menu).toHaveCount(0);
});

test('two taps wire: an output and an input, a node’s body, or the canvas, which asks what follows', async ({
  app,
}) => {
  const { page } = app;
  await startFromLenet(page);
  await expect(wiresOf(page)).toHaveCount(8);
  await canvasOf(page).locator('.react-flow__node[data-id="a1"]').tap();
  await page.keyboard.press('Delete');
  await expect(nodesOf(page)).toHaveCount(8);
  await page.getByRole('button', { name: 'Undo' }).tap();

  // Where a wire is already, another one replaces it.
  await outputOf(node(page, 'image')).tap();
  await inputOf(node(page, 'c2')).tap();
  await expect(canvasOf(page).locator('.react-flow__edge[data-id="image→c2:0"]')).toBeAttached();
  await expect(wiresOf(page)).toHaveCount(8);
  // The same the other way round, and by a tap on the card.
  await inputOf(node(page, 'c2')).tap();
  await outputOf(node(page, 'p1')).tap();
  await expect(canvasOf(page).locator('.react-flow__edge[data-id="p1→c2:0"]')).toBeAttached();
  await outputOf(node(page, 'image')).tap();
  await node(page, 'p1').tap();
  await expect(canvasOf(page).locator('.react-flow__edge[data-id="image→p1:0"]')).toBeAttached();
  // A circle is refused with its reason, and Escape lets the wire go.
  await outputOf(node(page, 'f1')).tap();
  await inputOf(node(page, 'c2')).tap();
  await expect(page.getByText(/loop|circle|cycle/i).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await node(page, 'c2').tap();
  await expect(canvasOf(page).locator('.react-flow__edge[data-id="p1→c2:0"]')).toBeAttached();

  const pane = await canvasOf(page).boundingBox();
  await outputOf(node(page, 'f2')).tap();
  await page.touchscreen.tap((pane?.x ?? 0) + (pane?.width ?? 0) / 2, (pane?.y ?? 0) + 60);
  await expect(page.getByRole('combobox').last()).toBeFocused();
  await page.keyboard.type('softmax');
  await page.keyboard.press('Enter');
  await expect(nodesOf(page)).toHaveCount(10);
});

test('ports are as large as a finger needs, whatever the zoom', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const reach = async (): Promise<number> => {
    const centre = await middleOf(outputOf(node(page, 'c1')));
    return page.evaluate(({ x, y }) => {
      const port = document.elementFromPoint(x, y);
      const along = (step: number): number => {
        let far = 0;
        while (far < 100 && document.elementFromPoint(x + far * step, y) === port) far += 1;
        return far;
      };
      return along(1) + along(-1) - 1;
    }, centre);
  };
  const size = await page.evaluate(() => (matchMedia('(pointer: coarse)').matches ? 44 : 24));
  await expect.poll(reach).toBeGreaterThanOrEqual(size - 1);
  for (let step = 0; step < 2; step++) await page.getByRole('button', { name: 'Zoom out' }).tap();
  await expect.poll(reach).toBeGreaterThanOrEqual(size - 1);
});

test('a layer is dragged out of the palette by a finger, and a movement up or down scrolls instead', async ({
  app,
}) => {
  const { page } = app;
  await startFromLenet(page);
  const hand = await handOn(page);
  const item = page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: 'Pool', exact: true });
  const from = await middleOf(item);
  const pane = await canvasOf(page).boundingBox();
  const to = { x: (pane?.x ?? 0) + 160, y: (pane?.y ?? 0) + (pane?.height ?? 0) - 120 };
  const aside = { x: from.x + 60, y: from.y };
  await hand.down(from);
  await hand.move([from], [aside]);
  await hand.move([aside], [to]);
  await hand.up();
  await expect(nodesOf(page)).toHaveCount(10);
  // Not by a tap: a browser that is busy loses the one that follows a drag at once.
  await page.keyboard.press('ControlOrMeta+z');
  await expect(nodesOf(page)).toHaveCount(9);
  await hand.down(from);
  await hand.move([from], [{ x: from.x, y: from.y - 150 }]);
  await hand.up();
  await expect(nodesOf(page)).toHaveCount(9);
});

test('two fingers zoom the volumes', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  await page.keyboard.press('v');
  const figure = page.locator('svg[role="listbox"]');
  await expect(figure).toBeVisible();
  const box = async (): Promise<readonly number[]> =>
    ((await figure.getAttribute('viewBox')) ?? '').split(' ').map(Number);
  const before = await box();
  const hand = await handOn(page);
  const centre = await middleOf(figure);
  const at = (far: number): readonly Point[] => [
    { x: centre.x - far, y: centre.y },
    { x: centre.x + far, y: centre.y },
  ];
  await hand.down(...at(60));
  await hand.move(at(60), at(120));
  await hand.up();
  await expect.poll(async () => ((await box())[2] ?? 0) / (before[2] ?? 1)).toBeCloseTo(0.5, 1);
});

test(
  'an exhibit is handled by touch: a tap and a drag move the window, a slider follows the finger',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const hand = await handOn(page);
    const openExhibit = async (lesson: string, title: string): Promise<Locator> => {
      await page.getByRole('button', { name: 'Learn', exact: true }).tap();
      await page.getByRole('menuitem', { name: lesson, exact: true }).tap();
      const course = page.getByRole('complementary', { name: 'Course' });
      await course.getByRole('button', { name: `Open: ${title}` }).tap();
      return page.getByRole('dialog', { name: title });
    };
    const window = await openExhibit('How large the output is', 'A window over a picture');
    const picture = window.getByRole('img', { name: 'Window', exact: true });
    await picture.scrollIntoViewIfNeeded({ timeout: 60_000 });
    const box = (await picture.boundingBox())!;
    const [row, column] = ['Row', 'Column'].map((name) => window.getByRole('textbox', { name, exact: true }));
    // It begins where there is something to see.
    await expect(row!).toHaveValue('13');
    await picture.tap({ position: { x: 2, y: 2 } });
    await expect(row!).toHaveValue('1');
    await expect(column!).toHaveValue('1');
    const corner = { x: box.x + box.width - 2, y: box.y + box.height - 2 };
    await hand.down({ x: box.x + 2, y: box.y + 2 });
    await hand.move([{ x: box.x + 2, y: box.y + 2 }], [corner]);
    await hand.up();
    // The last place where a window of 5×5 stands on 28×28.
    await expect(row!).toHaveValue('24');
    await expect(column!).toHaveValue('24');
    // It was dragged, and the page was not.
    expect((await picture.boundingBox())!.y).toBe(box.y);
    // A tap right after touches that were made by hand may be lost on its way to the page.
    await expect(async () => {
      await window.getByRole('button', { name: 'Close' }).tap({ timeout: 2000 });
      await expect(window).toHaveCount(0, { timeout: 2000 });
    }).toPass();

    const stamps = await openExhibit('Up-conv', 'Stamps and a checkerboard');
    const slider = stamps.getByRole('slider', { name: 'Stamps' });
    await expect(slider).toBeEnabled({ timeout: 60_000 });
    const before = Number(await slider.inputValue());
    await slider.scrollIntoViewIfNeeded();
    const thumb = await middleOf(slider);
    await hand.down(thumb);
    await hand.move([thumb], [{ x: thumb.x + 300, y: thumb.y }]);
    await hand.up();
    await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(before);
  },
);
