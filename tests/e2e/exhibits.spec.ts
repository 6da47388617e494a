import { expect, test } from './app';
import { node } from './screens';

test('an exhibit runs on the engine, checks its answer, and stays ticked; the tab shows every node inside', async ({
  app,
}) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  await page.getByRole('menuitem', { name: 'GAP instead of FC', exact: true }).click();
  const course = page.getByRole('complementary', { name: 'Course' });
  await course.getByRole('button', { name: 'Open the network' }).click();
  await expect(page.locator('.react-flow__node')).toHaveCount(9);
  const entry = course.getByRole('button', { name: 'Open: From FC to GAP' });
  await entry.click();
  const exhibit = page.getByRole('dialog', { name: 'From FC to GAP' });
  await expect(exhibit.getByText('26,080 parameters, 510 in the head').first()).toBeVisible();
  await expect(exhibit.getByText('Yours: LeNet')).toBeVisible();
  // The map comes from the engine, on this very network with fresh weights.
  await expect(exhibit.getByRole('img', { name: /^Class map of/ })).toBeVisible({ timeout: 60_000 });
  const answer = exhibit.getByRole('textbox', { name: 'Your answer' });
  await answer.fill('50');
  await answer.press('Enter');
  await expect(exhibit.getByRole('status').filter({ hasText: 'Not yet' })).toBeVisible();
  await answer.fill('94');
  await exhibit.getByRole('button', { name: 'Check' }).click();
  await expect(exhibit.getByText('Right. 431,080 become 26,080: 94 % less.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(entry.getByRole('img', { name: 'Done', exact: true })).toBeVisible();

  await node(page, 'p1').click();
  await page.getByRole('tab', { name: 'Inside', exact: true }).click();
  const inside = page.getByRole('tabpanel', { name: 'Inside', exact: true });
  await expect(inside.getByRole('button', { name: 'Map 20 of 20' })).toBeVisible({ timeout: 60_000 });
  await expect(inside.getByText('Fresh weights, seed 1: not trained yet')).toBeVisible();
  await inside.getByRole('button', { name: 'Kept', exact: true }).click();
  await expect(inside.getByText('the values that this max pool keeps, 144 of 576')).toBeVisible();
  await node(page, 'c1').click();
  await inside.getByRole('button', { name: 'Filters', exact: true }).click();
  await inside.getByRole('button', { name: 'Filter 7 of 20' }).click();
  await expect(inside.getByRole('complementary', { name: 'Filter 7 of 20' })).toBeVisible();
  await inside.getByRole('button', { name: 'Occlusion', exact: true }).click();
  const occluded = inside.getByRole('img', { name: 'Occlusion' });
  // Over the picture, and large beside it under the same name.
  await expect(occluded).toHaveCount(2, { timeout: 60_000 });
  await expect(occluded.first()).toBeVisible();
  await expect(inside.getByRole('complementary', { name: 'Occlusion' })).toBeVisible();
  await expect(inside.getByText(/the score of “\d” falls/)).toBeVisible();
});

test(
  'an exhibit of a lesson is handled by keyboard, and its question ticks it off',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    await page.getByRole('button', { name: 'Learn', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Up-conv', exact: true }).click();
    const course = page.getByRole('complementary', { name: 'Course' });
    const entry = course.getByRole('button', { name: 'Open: Stamps and a checkerboard' });
    await expect(entry.getByRole('img', { name: 'Not done yet' })).toBeVisible();
    await entry.press('Enter');

    const exhibit = page.getByRole('dialog', { name: 'Stamps and a checkerboard' });
    // What the engine has counted, of the sizes that it begins with.
    await expect(exhibit.getByText('In the middle, with all stamps: 1 to 4 on a place')).toBeVisible();
    await exhibit.getByRole('slider', { name: 'Stamps' }).press('End');
    await expect(exhibit.getByText('Small map: 36 of 36 values are 1')).toBeVisible();
    await exhibit.getByRole('textbox', { name: 'Kernel' }).press('ArrowUp');
    await expect(exhibit.getByText('4 to 4 on a place')).toBeVisible();
    await expect(exhibit.getByRole('region', { name: 'Question' })).toContainText(
      'Right. Kernel 4 is a multiple of stride 2',
    );
    await page.keyboard.press('Escape');
    await expect(entry.getByRole('img', { name: 'Done', exact: true })).toBeVisible();
  },
);
