import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { canvasOf } from './canvas';
import { openFile } from './files';

/** The second layer of a block's copies has no room for its kernel. */
const tooSmall = {
  format: 'convloom.network',
  version: 2,
  name: 'Too small inside',
  blocks: {
    pair: {
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'first', kind: 'conv', params: { filters: 4, kernelSize: 3, padding: 'same' } },
        { id: 'second', kind: 'conv', params: { filters: 4, kernelSize: 9 } },
      ],
      edges: [
        { from: 'in', to: 'first' },
        { from: 'first', to: 'second' },
      ],
    },
  },
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [12, 12, 1] } },
    { id: 'pairs', kind: 'block', params: { block: 'pair', repeat: 2 } },
  ],
  edges: [{ from: 'image', to: 'pairs' }],
};

test(
  'a problem inside a block leads into the copy that it is in, and the block says where inside',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    await writeFile(join(home.documents, 'inside.convloom'), JSON.stringify(tooSmall));
    await openFile(page, 'inside.convloom');
    await page.getByRole('tab', { name: /^Problems/ }).click();
    const row = page.getByRole('list', { name: 'Problems of the network' }).getByRole('button').first();
    await expect(row).toContainText('pairs/2/second');
    await row.click();

    await expect(canvasOf(page).locator('.react-flow__node[data-id="second"]')).toHaveAttribute('aria-current', 'true');
    await expect(page.getByRole('dialog', { name: 'Problem' })).toBeInViewport({ ratio: 0.9 });
    // The inspector of the block's node says the same.
    const way = page.getByRole('navigation', { name: 'Where the canvas is' });
    await way.getByRole('button', { name: 'Too small inside' }).click();
    await canvasOf(page).locator('.react-flow__node[data-id="pairs"]').click();
    await expect(page.getByRole('region', { name: 'Inspector' })).toContainText('Inside the block, at 2/second');
  },
);
