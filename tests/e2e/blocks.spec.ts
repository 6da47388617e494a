import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodeNamed, nodesOf, setParam, totalsOf } from './canvas';
import { openTemplate, startFromLenet } from './files';

/** Selects nodes by clicking them, the others with Shift. */
async function select(page: Page, ...names: readonly RegExp[]): Promise<void> {
  for (const [at, name] of names.entries()) {
    await nodeNamed(page, name).click(at === 0 ? {} : { modifiers: ['Shift'] });
  }
}

function way(page: Page) {
  return canvasOf(page).getByRole('navigation', { name: 'Where the canvas is' });
}

test('layers become a block, which is edited inside, repeated, taken apart, and all of it undone', async ({ app }) => {
  const { page } = app;
  const { keyboard } = page;
  await startFromLenet(page);
  await expect(nodesOf(page)).toHaveCount(9);
  await expect(totalsOf(page)).toContainText('431,080');

  // Two outputs: why not, by name.
  await select(page, /^Conv, 20 by/, /^Conv, 50 by/);
  await keyboard.press('ControlOrMeta+g');
  await expect(page.getByText(/A path leaves the selection and comes back/)).toBeVisible();
  await expect(nodesOf(page)).toHaveCount(9);

  await keyboard.press('Escape');
  await select(page, /^Conv, 20 by/, /^ReLU.*output 24 by/, /^Max pool.*output 12 by/);
  await keyboard.press('ControlOrMeta+g');
  await expect(nodesOf(page)).toHaveCount(7);
  await expect(totalsOf(page)).toContainText('431,080');
  const block = nodeNamed(page, /^block, 28 by 28 by 1 in, .* MACs, output 12 by 12 by 20, 520 parameters/);
  await expect(block).toBeFocused();

  // Inside: its own shapes, and a change of it is a change of the network.
  await keyboard.press('Enter');
  await expect(way(page)).toContainText('LeNet');
  await expect(way(page)).toContainText('The only copy.');
  await expect(nodesOf(page)).toHaveCount(4);
  await expect(nodeNamed(page, /^Port in, output 28 by 28 by 1/)).toBeVisible();
  // The dots of the ground are a pattern that is found: what is filled with nothing would be black.
  const ground = await canvasOf(page)
    .locator('[data-ground] rect')
    .evaluate((rect) => document.getElementById(/#([^"')]+)/.exec(getComputedStyle(rect).fill)?.[1] ?? '')?.tagName);
  expect(ground).toBe('pattern');
  await nodeNamed(page, /^Conv, 20 by/).click();
  await setParam(page, 'Filters', '24');
  await expect(nodeNamed(page, /^Max pool.*output 12 by 12 by 24/)).toBeVisible();
  // 4 more filters of 5·5 + 1 here, and 50·5·5·4 weights behind.
  await expect(totalsOf(page)).toContainText('436,184');

  // The number becomes a param, with the number as its default.
  await page.getByRole('button', { name: 'Make it a param of the block: Filters' }).click();
  await page
    .getByRole('textbox', { name: 'Name of the param' })
    .or(page.getByRole('combobox', { name: 'Name of the param' }))
    .fill('width');
  await page.getByRole('button', { name: 'Bind', exact: true }).click();
  await expect(page.getByText('Filters follows width')).toBeVisible();

  // Once lets go of the layer, once more of the block.
  await nodeNamed(page, /^ReLU/).click();
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await expect(way(page)).toHaveCount(0);
  await expect(nodesOf(page)).toHaveCount(7);
  await nodeNamed(page, /^block/).click();
  await setParam(page, 'width', '20');
  await expect(totalsOf(page)).toContainText('431,080');
  await setParam(page, 'Repeat', '2');
  await expect(nodeNamed(page, /^block × 2/)).toBeVisible();

  await nodeNamed(page, /^block × 2/).click();
  await keyboard.press('ControlOrMeta+Shift+g');
  await expect(nodesOf(page)).toHaveCount(12);
  await expect(nodeNamed(page, /^block/)).toHaveCount(0);

  const undo = page.getByRole('button', { name: 'Undo' });
  for (let step = 0; step < 12 && (await undo.isEnabled()); step++) await keyboard.press('ControlOrMeta+z');
  await expect(undo).toBeDisabled();
  await expect(nodesOf(page)).toHaveCount(9);
  await expect(totalsOf(page)).toContainText('431,080');
});

test(
  'frames make room with a block that is open in its place, whose form stands once',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const { keyboard } = page;
    await startFromLenet(page);
    const frame = async (title: string): Promise<void> => {
      await keyboard.press('ControlOrMeta+Alt+g');
      await canvasOf(page).getByRole('textbox', { name: 'Title' }).fill(title);
      await keyboard.press('Enter');
    };
    const boxOf = async (name: RegExp) => (await nodeNamed(page, name).boundingBox())!;
    await select(page, /^Conv, 20 by/, /^ReLU.*output 24 by/, /^Max pool.*output 12 by/);
    await keyboard.press('ControlOrMeta+g');
    await expect(nodesOf(page)).toHaveCount(7);
    await frame('First stage');
    await nodeNamed(page, /^Conv, 50 by/).click();
    await frame('Second stage');
    const held = await boxOf(/^Conv, 50 by/);
    const second = await boxOf(/^Frame Second stage/);
    await nodeNamed(page, /^block/).click();
    await expect(page.getByRole('region', { name: 'Inspector' }).getByRole('button', { name: 'Ungroup' })).toHaveCount(
      1,
    );
    await keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill('Open the block in its place');
    await keyboard.press('Enter');
    await expect(nodeNamed(page, /^Port in/)).toBeVisible();
    const moved = (await boxOf(/^Conv, 50 by/)).x - held.x;
    expect(moved).toBeGreaterThan(100);
    expect((await boxOf(/^Frame Second stage/)).x - second.x).toBeCloseTo(moved, 0);
    const [first, block] = [await boxOf(/^Frame First stage/), await boxOf(/^block/)];
    expect(first.x + first.width).toBeGreaterThan(block.x + block.width);
    expect(first.y + first.height).toBeGreaterThan(block.y + block.height);
  },
);

test('undo leaves a block that is gone, and a problem inside of one leads there', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await openTemplate(page, 'ResNet-50');
  await nodeNamed(page, /^stage, 56 by 56 by 256 in/).dblclick();
  await nodeNamed(page, /^bottleneck × 3/).dblclick();
  await expect(way(page).getByRole('button')).toHaveText(['ResNet-50', 'stage', 'bottleneck']);
  // Twelve of them, in four stages.
  await expect(way(page)).toContainText('12 copies');
  await nodeNamed(page, /^Conv.*3 by 3/).click();
  await setParam(page, 'Kernel size', '99');
  await way(page).getByRole('button', { name: 'ResNet-50' }).click();
  await expect(way(page)).toHaveCount(0);
  await page.getByRole('tab', { name: /^Problems/ }).click();
  await page.getByRole('list', { name: 'Problems of the network' }).getByRole('button').first().click();
  await expect(way(page)).toContainText('bottleneck');
  await expect(page.getByRole('dialog', { name: 'Problem' })).toContainText('99');
  await expect(nodeNamed(page, /^Conv, .*99 by 99.*has an error/)).toBeVisible();
  // What a fix comes to is told of the network, whose parameters count, and not of the block alone.
  const [fix] = await page
    .getByRole('dialog', { name: 'Problem' })
    .getByRole('button', { name: /^Apply: / })
    .allInnerTexts();
  expect(Number(/(\d[\d,]{6,})/.exec(fix ?? '')?.[1]?.replaceAll(',', '') ?? 0)).toBeGreaterThan(23_000_000);
});

test(
  'a copied block brings its definition to another network; what nothing uses is removed; a port is added inside',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const { keyboard } = page;
    await startFromLenet(page);
    await select(page, /^Conv, 20 by/, /^ReLU.*output 24 by/, /^Max pool.*output 12 by/);
    await keyboard.press('ControlOrMeta+g');
    await expect(nodesOf(page)).toHaveCount(7);
    await keyboard.press('ControlOrMeta+c');

    // Into another network, where no block is of that name; once more, and it is the same block.
    await openTemplate(page, 'LeNet with GAP');
    const before = await nodesOf(page).count();
    await keyboard.press('ControlOrMeta+v');
    await expect(nodesOf(page)).toHaveCount(before + 1);
    await keyboard.press('ControlOrMeta+v');
    await expect(nodesOf(page)).toHaveCount(before + 2);
    const blocks = canvasOf(page).getByRole('group', { name: /^block/ });
    await expect(blocks).toHaveCount(2);
    await expect(page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: /^block/ })).toHaveCount(1);

    // Inside: a further input, which every node of the block gets.
    await blocks.first().focus();
    await keyboard.press('Enter');
    await expect(way(page)).toBeVisible();
    await keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill('Add an input to the block');
    await keyboard.press('Enter');
    await expect(nodeNamed(page, /^Port in2/)).toBeFocused();
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await expect(way(page)).toHaveCount(0);
    await expect(blocks.first().getByRole('img', { name: /^Input / })).toHaveCount(2);
    await expect(blocks.last().getByRole('img', { name: /^Input / })).toHaveCount(2);

    // The uses are gone, the definition stays until it is cleared away.
    await blocks.first().click();
    // It lies half under the first.
    await blocks.last().click({ modifiers: ['Shift'], position: { x: 140, y: 78 } });
    await keyboard.press('Delete');
    await expect(nodesOf(page)).toHaveCount(before);
    await keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').fill('Remove unused blocks');
    await keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: /^block/ })).toHaveCount(0);
    // What is typed while the palette closes is the palette's.
    await expect(page.locator('[cmdk-root]')).toHaveCount(0);
    await canvasOf(page).locator('.react-flow').focus();
    await keyboard.press('ControlOrMeta+z');
    await expect(page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: /^block/ })).toHaveCount(1);
  },
);
