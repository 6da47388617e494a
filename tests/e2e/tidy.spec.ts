import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodesOf } from './canvas';
import { openFile, startFromLenet } from './files';

type Places = Readonly<Record<string, string>>;

/** Where the nodes in the page are, in canvas pixels. */
function placesOf(page: Page): Promise<Places> {
  return nodesOf(page).evaluateAll((nodes) =>
    Object.fromEntries(
      nodes.map((node) => [node.getAttribute('data-id') ?? '', (node as HTMLElement).style.transform]),
    ),
  );
}

test('one key tidies: the selection, or all but what is pinned; each is one step back', async ({ app }) => {
  const { page } = app;
  await startFromLenet(page);
  const tidy = await placesOf(page);
  const c2 = canvasOf(page).locator('.react-flow__node[data-id="c2"]');
  await c2.click();
  for (let times = 0; times < 6; times++) await page.keyboard.press('Alt+Shift+ArrowDown');
  await expect.poll(() => placesOf(page)).not.toEqual(tidy);

  await test.step('a pinned layer stays, and says that it is', async () => {
    await page.keyboard.press('Shift+P');
    await expect(c2).toHaveAccessibleName(/pinned/);
    const moved = await placesOf(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await expect.poll(async () => (await placesOf(page))['c1']).not.toBe(moved['c1']);
    expect((await placesOf(page))['c2']).toBe(moved['c2']);
    await page.keyboard.press('Control+z');
    await expect.poll(() => placesOf(page)).toEqual(moved);
  });

  await test.step('unpinned, it goes back into its line', async () => {
    await c2.click();
    await page.keyboard.press('Shift+P');
    await expect(c2).not.toHaveAccessibleName(/pinned/);
    await page.keyboard.press('Shift+L');
    await expect.poll(() => placesOf(page)).toEqual(tidy);
  });
});

test('a thousand layers are laid out beside the page', { tag: '@all' }, async ({ app }) => {
  const { page, home } = app;
  const nodes = Array.from({ length: 1000 }, (_, n) => ({
    id: n === 0 ? 'image' : `c${n}`,
    kind: n === 0 ? 'input' : 'conv',
    params: n === 0 ? { shape: [64, 64, 3] } : { filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' },
    position: { x: 40 * n, y: 30 * n },
  }));
  const edges = nodes.slice(1).map(({ id }, n) => ({ from: nodes[n]?.id, to: id }));
  const file = join(home.documents, 'long.convloom');
  await writeFile(file, JSON.stringify({ format: 'convloom.network', version: 1, name: 'Long', nodes, edges }));
  await openFile(page, 'long.convloom');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Long');
  const undo = page.getByRole('button', { name: /^Undo/ });
  await expect(undo).toBeDisabled();
  const working = page.waitForEvent('worker');
  await canvasOf(page)
    .locator('.react-flow__pane')
    .click({ position: { x: 20, y: 200 } });
  await page.keyboard.press('l');
  expect((await working).url()).toMatch(/layoutWorker/);
  await expect(undo).toBeEnabled();
  await page.keyboard.press('Control+s');
  await expect
    .poll(async () => {
      const saved = JSON.parse(await readFile(file, 'utf8')) as { nodes: { position: { x: number; y: number } }[] };
      return new Set(saved.nodes.map(({ position }) => position.y)).size;
    })
    .toBeLessThan(100);
});
