import { expect, test } from './app';
import { canvasOf, nodesOf } from './canvas';
import { openTemplate } from './files';

test.use({ viewport: { width: 1024, height: 700 } });

test('a network too large to be read whole opens at its input, with an overview', async ({ app: { page } }) => {
  const detail = canvasOf(page).locator('[data-detail]');
  const overview = canvasOf(page).getByRole('img', { name: 'Overview' });
  const input = nodesOf(page).filter({ hasText: 'Input' });
  await openTemplate(page, 'U-Net');
  await expect(input).toBeInViewport({ ratio: 1 });
  await expect(overview).toBeVisible();
  await expect(detail).toHaveAttribute('data-detail', 'distant');

  await test.step('all of it is a key away', async () => {
    await page.keyboard.press('0');
    await expect(detail).toHaveAttribute('data-detail', 'mark');
    await expect(overview).toBeVisible();
  });

  await test.step('tidying does not make marks of it', async () => {
    await page.keyboard.press('Shift+L');
    await expect(detail).toHaveAttribute('data-detail', 'distant');
    await expect(input).toBeInViewport({ ratio: 1 });
  });

  await test.step('what can be read whole has no overview', async () => {
    await openTemplate(page, 'LeNet');
    await expect(nodesOf(page)).toHaveCount(9);
    await expect(overview).toBeHidden();
  });

  await test.step('an overview that was put away stays away', async () => {
    await openTemplate(page, 'Attention U-Net');
    await expect(overview).toBeVisible();
    await page.getByRole('button', { name: 'Overview' }).click();
    await expect(overview).toBeHidden();
    await openTemplate(page, 'U-Net, same padding');
    await expect(input).toBeInViewport({ ratio: 1 });
    await expect(overview).toBeHidden();
  });
});
