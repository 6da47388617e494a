import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { trainButton, waitForFinish } from './training';

const course = (page: Page) => page.getByRole('complementary', { name: 'Course' });
const experiment = (page: Page) => course(page).getByRole('region', { name: 'See for yourself' });
const trial = (page: Page, label: string) => experiment(page).getByRole('listitem').filter({ hasText: label });
const nodes = (page: Page) => page.locator('.react-flow__node');

async function openFromMenu(page: Page, lesson: string): Promise<void> {
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  await page.getByRole('menuitem', { name: lesson, exact: true }).click();
  await expect(course(page).getByRole('heading', { name: lesson })).toBeFocused();
}

test('a lesson stays beside the network that it opens, and ticks off what is done there', async ({ app }) => {
  const { page, home } = app;
  await openFromMenu(page, 'GAP instead of FC');
  await course(page).getByRole('button', { name: 'Open the network' }).click();
  await expect(nodes(page)).toHaveCount(9);
  await expect(course(page).getByRole('heading', { name: 'GAP instead of FC' })).toBeVisible();
  await expect(trial(page, 'FC head').getByRole('img', { name: 'Done', exact: true })).toBeVisible();
  await expect(trial(page, 'GAP and one FC').getByRole('img', { name: 'Not done yet' })).toBeVisible();

  // As the task says it: the head lab's own button, which names the new node as it likes.
  await page.getByRole('tab', { name: 'Compare', exact: true }).click();
  await page.getByRole('button', { name: 'Switch to GAP' }).click();
  await expect(trial(page, 'GAP and one FC').getByRole('img', { name: 'Done', exact: true })).toBeVisible();
  await expect(trial(page, 'GAP and one FC')).toHaveAttribute('aria-current', 'true');

  // What was done is kept over a reload, and the lesson is where it was. Without a draft the page would ask before it goes.
  const drafts = () => readdir(join(home.dataDir, 'drafts')).catch(() => []);
  await expect.poll(async () => (await drafts()).filter((name) => name.endsWith('.json')).length).toBe(1);
  await page.reload();
  await expect(course(page).getByRole('heading', { name: 'GAP instead of FC' })).toBeVisible();
  await course(page).getByRole('button', { name: 'All lessons' }).click();
  await expect(course(page).getByText('1 of 20 done')).toBeVisible();
  const entry = course(page).getByRole('button', { name: /GAP instead of FC/ });
  await expect(entry.getByRole('img', { name: 'Done', exact: true })).toBeVisible();
});

test(
  'a network that a lesson trains gives its own figure beside the expected one',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    await openFromMenu(page, 'Batch, stochastic, mini-batch');
    await course(page).getByRole('button', { name: 'Open the network' }).click();
    await expect(nodes(page)).toHaveCount(3);
    const batch = trial(page, '8,000 images a step');
    await batch.getByRole('button', { name: /^Show/ }).click();
    await expect(batch).toHaveAttribute('aria-current', 'true');
    await expect(batch.getByRole('img', { name: 'Not done yet' })).toBeVisible();
    await trainButton(page).click();
    await waitForFinish(page);
    await expect(batch.getByRole('img', { name: 'Done', exact: true })).toBeVisible();
    await expect(batch).toContainText(/\d+\.\d %\s*yours/);
    // Showing a trial is an edit like any other.
    await page.keyboard.press('ControlOrMeta+Z');
    await expect(trial(page, '32 images a step')).toHaveAttribute('aria-current', 'true');
  },
);

test('the course is gone through by keyboard', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  // The settings are here, so that they undo nothing of what follows.
  await expect(page.getByRole('banner').getByText(/CPU/)).toBeVisible();
  await page.keyboard.press('F1');
  await expect(course(page).getByRole('heading', { name: 'Course', exact: true })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+K');
  await page.keyboard.type('Receptive field');
  await page
    .getByRole('option', { name: /Receptive field/ })
    .first()
    .click();
  await expect(course(page).getByRole('heading', { name: 'Receptive field' })).toBeFocused();
  await page.keyboard.press(']');
  await expect(course(page).getByRole('heading', { name: 'Weight sharing' })).toBeFocused();
  await page.keyboard.press('[');
  await expect(course(page).getByRole('heading', { name: 'Receptive field' })).toBeFocused();
  await page.keyboard.press('F1');
  await expect(course(page)).toBeHidden();
});

test('a Chinese lesson calls the tabs what they are called', { tag: '@all' }, async ({ app }) => {
  const { page } = app;
  await openFromMenu(page, 'GAP instead of FC');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitemcheckbox', { name: '中文', exact: true }).click();
  const task = await page
    .getByRole('region', { name: '亲手验证' })
    .getByText(/^打开“/)
    .innerText();
  const [, tab = ''] = /打开“([^”]+)”/.exec(task) ?? [];
  await page.getByRole('tab', { name: tab, exact: true }).click();
  await expect(page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute('aria-selected', 'true');
});
