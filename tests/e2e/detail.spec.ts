import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { canvasOf, nodesOf, setParam, wiresOf } from './canvas';
import { openFile, writeChain } from './files';
import { countRenders, watchRenders } from './renders';

const detailOf = (page: Page) => canvasOf(page).locator('[data-detail]');

/** Zooms around the middle of the canvas until it is drawn in a detail. */
async function zoomTo(page: Page, detail: string, step: number): Promise<void> {
  const pane = await canvasOf(page).boundingBox();
  if (pane === null) throw new Error('There is no canvas.');
  await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height / 2);
  await page.keyboard.down('Control');
  for (let turn = 0; turn < 120; turn++) {
    if ((await detailOf(page).getAttribute('data-detail')) === detail) break;
    await page.mouse.wheel(0, step);
    // On a busy machine turns are heard faster than they are drawn.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  await page.keyboard.up('Control');
  await expect(detailOf(page)).toHaveAttribute('data-detail', detail);
}

test.beforeEach(({ page }) => watchRenders(page));

test(
  'far away, nodes are marks that keep their names, their selection and what is wrong with them',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    const nodes = [
      { id: 'image', kind: 'input', params: { shape: [64, 64, 3] } },
      ...Array.from({ length: 259 }, (_, n) => ({
        id: `c${n + 1}`,
        kind: 'conv',
        params: { filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' },
      })),
    ];
    await writeChain(join(home.documents, 'far.convloom'), 'Far', nodes);
    await openFile(page, 'far.convloom');
    await expect(nodesOf(page)).toHaveCount(260);
    await expect(detailOf(page)).toHaveAttribute('data-detail', 'mark');
    const [first, last] = [nodesOf(page).first(), nodesOf(page).last()];

    await test.step('a mark has no text and no ports, and every wire is still there', async () => {
      await expect(first).toHaveText('');
      await expect(first.getByRole('img')).toHaveCount(0);
      await expect(wiresOf(page)).toHaveCount(259);
      await expect(last).toHaveAccessibleName(/output 64 by 64 by 8/);
    });

    await test.step('a step of a drag renders what moved and the wires beside it, not the network', async () => {
      const box = await last.boundingBox();
      if (box === null) throw new Error('The last node is not in view.');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const steps = 12;
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 6, y + 6);
      await expect(last.locator('..').locator('.dragging')).toHaveCount(1);
      const before = await countRenders(page);
      for (let step = 1; step <= steps; step++) {
        await page.mouse.move(x + 6 + step, y + 6 + step);
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      }
      const each = ((await countRenders(page)) - before) / steps;
      await page.mouse.up();
      await page.keyboard.press('ControlOrMeta+z');
      // It moved at all, and of 260 nodes and 259 wires most were left as they were.
      expect(each).toBeGreaterThan(1);
      expect(each).toBeLessThan(nodes.length / 2);
    });

    await test.step('an edit changes the names of all marks behind it', async () => {
      await first.click();
      await expect(first).toHaveAttribute('aria-current', 'true');
      await setParam(page, 'Shape', '32, 32, 3');
      await expect(last).toHaveAccessibleName(/output 32 by 32 by 8/);
    });

    await test.step('a wire is selected by a click on its line, and let go of by one beside it', async () => {
      const ends = [await first.boundingBox(), await nodesOf(page).nth(1).boundingBox()] as const;
      if (ends[0] === null || ends[1] === null) throw new Error('The first wire is not in view.');
      const x = (ends[0].x + ends[0].width + ends[1].x) / 2;
      const y = ends[0].y + ends[0].height / 2;
      await page.mouse.click(x, y);
      await expect(canvasOf(page).locator('.react-flow__edge.selected')).toHaveCount(1);
      await page.keyboard.press('Delete');
      await expect(wiresOf(page)).toHaveCount(258);
      await expect(nodesOf(page).nth(1).locator('[data-tone]')).toHaveAttribute('data-tone', 'waiting');
      await expect(last.locator('[data-tone]')).toHaveAttribute('data-tone', 'blocked');
      await page.keyboard.press('ControlOrMeta+z');
      await expect(wiresOf(page)).toHaveCount(259);
    });

    await test.step('nearer, the marks are cards with words and ports, and the wires go where they went', async () => {
      const path = (id: string) =>
        canvasOf(page)
          .locator(`.react-flow__edge[data-id="${id}"] path, path.react-flow__edge[data-id="${id}"]`)
          .first();
      const middle = await canvasOf(page).locator('.react-flow__edge').nth(120).getAttribute('data-id');
      const far = await path(middle ?? '').getAttribute('d');
      await zoomTo(page, 'distant', -12);
      await expect(nodesOf(page).filter({ hasText: 'Conv' }).first()).toBeVisible();
      const seen = await canvasOf(page).locator('.react-flow__edges .react-flow__edge').first().getAttribute('data-id');
      expect(seen).not.toBeNull();
      const near = await path(seen ?? '').getAttribute('d');
      await zoomTo(page, 'mark', 12);
      await expect(path(seen ?? '')).toHaveAttribute('d', near ?? '');
      expect(await path(middle ?? '').getAttribute('d')).toBe(far);
    });
  },
);
