import { join } from 'node:path';
import { expect, test } from './app';
import { canvasOf, chooseParam, totalsOf } from './canvas';
import { openFile, writeChain } from './files';

test(
  'a layer is given the weights of another: counted once, marked on both cards, shown by a line, and undone',
  { tag: '@all' },
  async ({ app }) => {
    const { page, home } = app;
    const conv = { filters: 4, kernelSize: 3, padding: 'same' };
    await writeChain(join(home.documents, 'twins.convloom'), 'Twins', [
      { id: 'x', kind: 'input', params: { shape: [8, 8, 4] } },
      { id: 'a', kind: 'conv', params: conv },
      { id: 'r', kind: 'activation', params: { function: 'relu' } },
      { id: 'b', kind: 'conv', params: conv },
    ]);
    await openFile(page, 'twins.convloom');
    const card = (id: string) => canvasOf(page).locator(`.react-flow__node[data-id="${id}"]`);
    await expect(totalsOf(page)).toContainText('296');

    await card('b').click();
    await chooseParam(page, 'Weights', 'a · Conv');
    await expect(totalsOf(page)).toContainText('148');
    await expect(card('b').getByTitle('uses the weights of a')).toBeVisible();
    await expect(card('a').getByTitle('its weights are used by b')).toBeVisible();
    await expect(card('b')).toHaveAccessibleName(/uses the weights of a/);
    await expect(page.getByRole('img', { name: 'Weights in common' })).toBeAttached();

    await chooseParam(page, 'Weights', 'Its own');
    await expect(totalsOf(page)).toContainText('296');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect(totalsOf(page)).toContainText('148');
  },
);
