import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { findLesson } from '../../shared/learn/lessons';
import { figureChoices } from '../../shared/schema/figures';
import type { Language } from '../../shared/text';
import { beginsWith, dismiss, node, wordsOf } from './screens';
import type { Visit, Walk } from './screens';

type ViewWalk = Walk & { readonly language: Language };

async function openTemplate({ page, t }: Walk, name: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: t.dialogs.file, exact: true }).click();
  await page.getByRole('menuitem', { name: beginsWith(t.dialogs.templates) }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Does a command of the palette by its name. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill(name);
  await expect(page.locator('[cmdk-item][aria-selected="true"]')).toContainText(name);
  await page.keyboard.press('Enter');
  await expect(page.locator('[cmdk-root]')).toHaveCount(0);
}

/** Blocks: kept in the library, open in their place, entered; with the heat on, what is found, and what a layer sees. */
async function blocksAndHeat({ page, t, visit, language }: ViewWalk): Promise<void> {
  await node(page, 's2').click();
  await page.getByRole('region', { name: t.app.inspectorPanel }).getByRole('button', { name: t.blocks.keep }).click();
  await expect(page.getByRole('region', { name: t.blocks.mine, exact: true })).toBeVisible();
  await page.getByRole('button', { name: t.seeing.shown }).click();
  const heat = page.getByRole('dialog', { name: t.seeing.shown }).getByRole('group', { name: t.seeing.heat });
  await heat.getByRole('button', { name: figureChoices.heat.params[language], exact: true }).click();
  await expect(page.getByRole('group', { name: t.seeing.heatScale })).toBeVisible();
  await visit('library of blocks, heat, what is shown');
  await dismiss(page);
  await node(page, 's2').click();
  await page.keyboard.press('Alt+Enter');
  await page.keyboard.press('ControlOrMeta+f');
  await page.getByRole('search', { name: t.moving.find }).getByRole('searchbox').fill('s');
  await visit('a block open in its place, find bar');
  await page.keyboard.press('Escape');
  await node(page, 's2').focus();
  await page.keyboard.press('Alt+Enter');
  await page.keyboard.press('r');
  await expect(page.getByRole('region', { name: t.seeing.field, exact: true })).toBeVisible();
  await visit('receptive field');
  await page.keyboard.press('Escape');
  // By its head, which is there whether it is open or not.
  await node(page, 's2').click({ position: { x: 28, y: 14 } });
  await command(page, t.blocks.enter);
  await expect(page.getByRole('navigation', { name: t.blocks.way })).toBeVisible();
  await visit('inside of a block');
  await command(page, t.blocks.leaveBlock);
}

/** The volumes in a row, in lines and as a U, and the dialog that exports them. */
async function volumes({ page, t, visit, language }: ViewWalk): Promise<void> {
  const figure = page.getByRole('listbox', { name: t.volumes.volumes });
  await page
    .getByRole('group', { name: t.volumes.views })
    .getByRole('button', { name: t.volumes.volumesView, exact: true })
    .click();
  const shown = page.getByRole('dialog', { name: t.seeing.shown });
  const arrange = async (arrangement: keyof typeof figureChoices.arrangement): Promise<void> => {
    await page.getByRole('button', { name: t.seeing.shown }).click();
    const choices = shown.getByRole('group', { name: t.volumes.arrangement });
    await choices.getByRole('button', { name: figureChoices.arrangement[arrangement][language], exact: true }).click();
  };
  await expect(figure).toBeVisible();
  await arrange('row');
  await visit('volumes in a row, what is shown');
  await dismiss(page);
  await arrange('lines');
  await dismiss(page);
  await figure.getByRole('option').nth(1).click();
  await visit('volumes in lines, one selected');
  await arrange('u');
  await dismiss(page);
  await visit('volumes as a U');
  await page.getByRole('button', { name: t.volumes.exportFigure }).click();
  await expect(page.getByRole('dialog', { name: t.volumes.exportTitle })).toBeVisible();
  await visit('export of a figure');
  await dismiss(page);
  await page.keyboard.press('v');
  await expect(figure).toHaveCount(0);
}

/** Several networks: their tabs, two side by side, the steps of one; and the course beside them. */
async function severalNetworks(walk: ViewWalk): Promise<void> {
  const { page, t, visit } = walk;
  for (const name of ['LeNet', 'DNN', 'VGG-16']) await openTemplate(walk, name);
  await page.getByRole('tab', { name: 'DNN' }).click();
  await node(page, 'f1').click();
  await page.keyboard.press('ControlOrMeta+d');
  await page.getByRole('banner').getByRole('button', { name: t.app.groupLearn, exact: true }).click();
  await page.getByRole('menuitem', { name: t.learn.map, exact: true }).click();
  const course = page.getByRole('region', { name: t.app.coursePanel, exact: true });
  await expect(course).toBeVisible();
  await visit('many tabs, map of the course');
  const lesson = findLesson('backpropagation')?.title[walk.language] ?? '';
  await course.getByRole('button', { name: lesson }).click();
  await page.getByRole('region', { name: t.learn.exhibits, exact: true }).getByRole('button').first().click();
  const exhibit = page.getByRole('dialog');
  await exhibit.getByRole('button', { name: `${t.learn.backward}: p1`, exact: true }).click();
  await expect(exhibit.getByRole('region', { name: t.learn.question, exact: true })).toBeVisible();
  await visit('an exhibit');
  await dismiss(page);
  await page.keyboard.press('ControlOrMeta+\\');
  await expect(page.locator('.react-flow')).toHaveCount(2);
  await visit('two networks side by side');
  await page.keyboard.press('Alt+z');
  await expect(page.getByRole('dialog', { name: t.app.history })).toBeVisible();
  await visit('history');
}

/** Goes through the ways to see a network, and several of them. */
export async function walkViews(page: Page, language: Language, visit: Visit): Promise<void> {
  const walk: ViewWalk = { page, t: wordsOf(language), visit, language };
  await openTemplate(walk, 'ResNet-18');
  await blocksAndHeat(walk);
  await openTemplate(walk, 'U-Net');
  await volumes(walk);
  await severalNetworks(walk);
}
