import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodesOf, setParam } from './canvas';
import { openTemplate, startFromLenet } from './files';
import { figure, setTraining, trainButton } from './training';

const node = (page: Page, id: string) => canvasOf(page).locator(`.react-flow__node[data-id="${id}"]`);
const shown = (page: Page) => page.getByRole('dialog', { name: 'What is shown' });
const fieldCard = (page: Page) => page.getByRole('region', { name: 'Receptive field' });

test('heat tells each layer its number and its share, follows edits, and is remembered', async ({
  app: { page, home },
}) => {
  await startFromLenet(page);
  await expect(node(page, 'f1')).not.toContainText('%');
  await page.getByRole('button', { name: 'What is shown' }).click();
  await shown(page).getByRole('group', { name: 'Heat' }).getByRole('button', { name: 'Parameters' }).click();
  await expect(node(page, 'f1')).toContainText('401 k · 93 %');
  await expect(node(page, 'f1')).toHaveAccessibleName(/401 k, 93 % of all parameters/);
  const scale = page.getByRole('group', { name: 'Scale of the heat' });
  await expect(scale).toContainText('431,080 in all');
  await expect(page.getByText('The most is in FC: 401 k, 93 %.', { exact: false })).toBeAttached();
  await page.keyboard.press('Escape');

  await test.step('an edit changes the shares', async () => {
    await node(page, 'f1').click();
    await setParam(page, 'Units', '50');
    await expect(node(page, 'f1')).toContainText('40.0 k · 61 %');
  });

  await test.step('the palette changes what is measured, and a reload keeps it', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill('Heat: MACs');
    await page.keyboard.press('Enter');
    await expect(scale).toContainText('MACs');
    // A page that is loaded again reads what has been written by then.
    await expect.poll(() => readFile(join(home.dataDir, 'settings.json'), 'utf8')).toContain('"canvas.heat": "macs"');
    await page.reload();
    await expect(node(page, 'c2')).toContainText('1.60 M · 83 %');
  });

  await scale.getByRole('button', { name: 'Heat: off' }).click();
  await expect(scale).toHaveCount(0);
  await expect(node(page, 'c2')).not.toContainText('%');
});

test(
  'the time of each layer is measured when heat asks for it, and an edit leaves it behind',
  { tag: '@all' },
  async ({ app: { page } }) => {
    await startFromLenet(page);
    await page.getByRole('button', { name: 'What is shown' }).click();
    await shown(page).getByRole('group', { name: 'Heat' }).getByRole('button', { name: 'Time' }).click();
    await page.keyboard.press('Escape');
    const scale = page.getByRole('group', { name: 'Scale of the heat' });
    await expect(scale).toContainText(/Layers alone [\d.]+ m?s, the step [\d.]+ m?s/, { timeout: 90_000 });
    await expect(node(page, 'c2')).toContainText(/[\d.]+ m?s · \d+ %/);
    await node(page, 'c2').click();
    await expect(page.getByText('Time in a training step')).toBeVisible();
    await setParam(page, 'Filters', '20');
    await expect(scale).toContainText('have changed since');
    await expect(node(page, 'c2')).not.toContainText('%');
    await node(page, 'c2').focus();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(node(page, 'c2')).toContainText(/[\d.]+ m?s · \d+ %/);
  },
);

test(
  'a block is as hot as its contents, and so are the volumes and the exported figure',
  { tag: '@all' },
  async ({ app: { page, home } }) => {
    await openTemplate(page, 'ResNet-18');
    await page.getByRole('button', { name: 'What is shown' }).click();
    await shown(page).getByRole('button', { name: 'Parameters' }).click();
    await page.keyboard.press('Escape');
    await expect(nodesOf(page).filter({ hasText: '8.40 M · 72 %' })).toHaveCount(1);
    await page.keyboard.press('v');
    const figure = page.getByRole('listbox', { name: 'Network as volumes' });
    await expect(figure.getByText('Parameters 11.7 M')).toBeVisible();
    await page.getByRole('button', { name: 'Export figure' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export a figure or a table' });
    await expect(
      dialog.getByRole('group', { name: 'Heat' }).getByRole('button', { name: 'Parameters' }),
    ).toHaveAttribute('aria-pressed', 'true');
    await dialog.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: 'SVG' }).click();
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(home.documents);
    await dialog.getByRole('textbox', { name: 'File name' }).fill('hot');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(dialog).toHaveCount(0);
    expect(await readFile(join(home.documents, 'hot.svg'), 'utf8')).toContain('>Parameters 11.7 M<');
  },
);

test('the receptive field of a layer is shown on the input by pointer, by key and by tap', async ({
  app: { page },
}) => {
  await startFromLenet(page);
  await test.step('the pointer rests on a layer', async () => {
    await node(page, 'c2').hover();
    await expect(fieldCard(page)).toContainText('sees 14 × 14 of 28 × 28 pixels');
    await expect(fieldCard(page)).toContainText('looks 2 further on');
    await page.mouse.move(2, 2);
    await expect(fieldCard(page)).toHaveCount(0);
  });

  await test.step('a layer that comes back under a resting pointer was not asked about', async () => {
    await node(page, 'c2').click();
    await page.keyboard.press('Delete');
    await expect(node(page, 'c2')).toHaveCount(0);
    await page.keyboard.press('ControlOrMeta+z');
    await expect(node(page, 'c2')).toBeVisible();
    await page.waitForTimeout(1_000);
    await expect(fieldCard(page)).toHaveCount(0);
  });

  await test.step('R holds it for whatever is selected; what is padding is said', async () => {
    await node(page, 'c2').click();
    await setParam(page, 'Kernel size', '9');
    await node(page, 'c2').focus();
    await page.keyboard.press('r');
    await expect(fieldCard(page)).toContainText('sees 22 × 22');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(fieldCard(page)).toContainText('whole image, 28 × 28');
    await page.mouse.move(2, 2);
    await page.keyboard.press('Escape');
    await expect(fieldCard(page)).toHaveCount(0);
  });

  await test.step('with the wish withdrawn, resting shows nothing', async () => {
    await page.getByRole('button', { name: 'What is shown' }).click();
    await shown(page).getByRole('checkbox', { name: 'When the pointer rests on a layer' }).uncheck();
    await page.keyboard.press('Escape');
    await node(page, 'c1').hover();
    await node(page, 'c1').click();
    await page.keyboard.press('r');
    await expect(fieldCard(page)).toContainText('sees 5 × 5');
    await fieldCard(page).getByRole('button', { name: 'Receptive fields' }).click();
    await expect(page.getByRole('heading', { name: 'Receptive field' })).toBeVisible();
  });
});

test(
  'a number on a card is scrubbed by dragging, as one step, and Escape restores it',
  { tag: '@all' },
  async ({ app: { page } }) => {
    await startFromLenet(page);
    const card = node(page, 'c1');
    const number = card.locator('[data-param="filters"]');
    const drag = async (by: number): Promise<void> => {
      const box = await number.boundingBox();
      if (box === null) throw new Error('There is no number on the card.');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + by / 2, y);
      await page.mouse.move(x + by, y);
    };
    const before = await card.boundingBox();
    await drag(60);
    await expect(card).toContainText('24×24×30');
    await page.mouse.up();
    await expect(card).toContainText('24×24×30');
    expect(await card.boundingBox()).toEqual(before);
    await page.keyboard.press('ControlOrMeta+z');
    await expect(card).toContainText('24×24×20');
    await drag(-30);
    await expect(card).toContainText('24×24×15');
    await page.keyboard.press('Escape');
    await expect(card).toContainText('24×24×20');
    await page.mouse.up();
    await expect(card).toContainText('24×24×20');
  },
);

test('a block is opened in its place: it is live, edited there, and closes again', async ({ app: { page } }) => {
  await openTemplate(page, 'ResNet-18');
  const framed = canvasOf(page).locator('[data-framed-id]');
  const block = node(page, 's1');
  const [closed, behind] = [await block.boundingBox(), await node(page, 's2').boundingBox()];
  await block.click();
  await page.keyboard.press('Alt+Enter');
  await expect(framed).toHaveCount(8);
  await expect(page.getByText('basic × 2 is open in its place.')).toBeAttached();
  await expect
    .poll(async () => ((await node(page, 's2').boundingBox())?.x ?? 0) - (behind?.x ?? 0))
    .toBeGreaterThan(closed?.width ?? Infinity);

  await test.step('what is chosen inside is what the inspector and the keys are about', async () => {
    const conv = framed.filter({ hasText: 'Conv' }).first();
    await conv.click();
    await expect(conv).toHaveAttribute('aria-current', 'true');
    await setParam(page, 'Kernel size', '5');
    await expect(conv).toContainText('54×54×64');
    await conv.focus();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(conv).toContainText('56×56×64');
    await page.keyboard.press('ArrowRight');
    await expect(framed.filter({ hasText: 'BatchNorm' }).first()).toBeFocused();
    // The pointer has rested on what is edited: nothing of the block has come to lie over it.
    await conv.hover();
    await page.waitForTimeout(700);
    await expect(canvasOf(page).getByRole('region', { name: 'Receptive field' })).toHaveCount(0);
  });

  await test.step('a wire is pulled from node to node there, and a double click stays', async () => {
    const inspector = page.getByRole('region', { name: 'Inspector' });
    const norm = framed.filter({ hasText: 'BatchNorm' }).first();
    await framed
      .filter({ hasText: 'Conv' })
      .first()
      .dblclick({ position: { x: 20, y: 8 } });
    await expect(framed).toHaveCount(8);
    await norm.click();
    await expect(inspector).toContainText('after Conv');
    const port = framed.filter({ hasText: 'Port in' }).locator('[data-framed-port="output"]');
    const [from, to] = [await port.boundingBox(), await norm.boundingBox()];
    if (from === null || to === null) throw new Error('There is nothing to be wired.');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 4 });
    await page.mouse.up();
    await norm.click();
    await expect(inspector).toContainText('after Port in');
    await expect(framed).toHaveCount(8);
    await page.keyboard.press('ControlOrMeta+z');
    await expect(inspector).toContainText('after Conv');

    // The end of a wire is pulled off its port and let go over the ground: it goes, and nothing new begins.
    const taken = await norm.locator('[data-framed-port="0"]').boundingBox();
    if (taken === null) throw new Error('There is no wire to be moved.');
    await page.mouse.move(taken.x + taken.width / 2, taken.y + taken.height / 2);
    await page.mouse.down();
    await page.mouse.move(taken.x - 20, to.y + to.height + 12, { steps: 4 });
    await page.mouse.up();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await norm.click();
    await expect(inspector).not.toContainText('after Conv');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(inspector).toContainText('after Conv');
  });

  await test.step('the button beside its name closes it', async () => {
    await block.getByRole('button', { name: 'Close the block' }).click();
    await expect(framed).toHaveCount(0);
    const apart = (behind?.x ?? 0) - (closed?.x ?? 0);
    const x = async (id: string): Promise<number> => (await node(page, id).boundingBox())?.x ?? 0;
    await expect.poll(async () => (await x('s2')) - (await x('s1'))).toBeCloseTo(apart, 0);
  });
});

test(
  'gradients and dead units of a run colour its layers, as the last epoch has them',
  { tag: '@all' },
  async ({ app: { page } }) => {
    await startFromLenet(page);
    await page.getByRole('button', { name: 'What is shown' }).click();
    await shown(page).getByRole('group', { name: 'Heat' }).getByRole('button', { name: 'Gradient' }).click();
    await page.keyboard.press('Escape');
    const scale = page.getByRole('group', { name: 'Scale of the heat' });
    await expect(scale).toContainText('Train, or show a past run.');
    await setTraining(page, 'Epochs', 1);
    await setTraining(page, 'Batch size', 256);
    await trainButton(page).click();
    await expect(scale).toContainText('At the end of epoch 1 of the shown run.', { timeout: 90_000 });
    await expect(figure(page, 'Memory')).toHaveText(/^[\d.]+ [MG]B$/);
    await expect(node(page, 'c1')).toContainText(/\de−\d/);
    await expect(node(page, 'c1')).toHaveAccessibleName(/Gradient \d\.\de−\d/);

    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill('Heat: dead units');
    await page.keyboard.press('Enter');
    await expect(node(page, 'a1')).toContainText(/\d %/);
  },
);
