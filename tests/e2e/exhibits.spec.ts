import { expect, test } from './app';

test('an exhibit of a lesson is handled by keyboard, and its question ticks it off', async ({ app }) => {
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
});
