import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import * as app from '../../renderer/i18n/app';
import * as blocks from '../../renderer/i18n/blocks';
import * as canvas from '../../renderer/i18n/canvas';
import * as code from '../../renderer/i18n/code';
import * as compare from '../../renderer/i18n/compare';
import * as data from '../../renderer/i18n/data';
import * as dialogs from '../../renderer/i18n/dialogs';
import * as exports from '../../renderer/i18n/exports';
import * as grading from '../../renderer/i18n/grading';
import * as inspector from '../../renderer/i18n/inspector';
import { fill } from '../../renderer/i18n/language';
import * as learn from '../../renderer/i18n/learn';
import * as maps from '../../renderer/i18n/maps';
import * as moving from '../../renderer/i18n/moving';
import * as problems from '../../renderer/i18n/problems';
import * as runsTable from '../../renderer/i18n/runs';
import * as results from '../../renderer/i18n/results';
import * as seeing from '../../renderer/i18n/seeing';
import * as settings from '../../renderer/i18n/settings';
import * as training from '../../renderer/i18n/training';
import * as volumes from '../../renderer/i18n/volumes';
import type { Language } from '../../shared/text';
import type { Home } from './app';

/** The words of the window, by which the screens are found in either language. */
export function wordsOf(language: Language) {
  return {
    app: app[language],
    blocks: blocks[language],
    canvas: canvas[language],
    code: code[language],
    compare: compare[language],
    data: data[language],
    dialogs: dialogs[language],
    exports: exports[language],
    grading: grading[language],
    inspector: inspector[language],
    learn: learn[language],
    maps: maps[language],
    moving: moving[language],
    problems: problems[language],
    runs: runsTable[language],
    results: results[language],
    seeing: seeing[language],
    settings: settings[language],
    training: training[language],
    volumes: volumes[language],
  };
}

type Words = ReturnType<typeof wordsOf>;

/** Called on every screen, with what it is called. */
export type Visit = (screen: string) => Promise<void>;

export type Walk = { readonly page: Page; readonly t: Words; readonly visit: Visit };

/** Leaves unsaved work of an app that ended, so that the next one offers it. */
export async function leaveDraft(home: Home): Promise<void> {
  const dir = join(home.dataDir, 'drafts');
  await mkdir(dir, { recursive: true });
  const nodes = [{ id: 'image', kind: 'input', params: { shape: [28, 28, 1] } }];
  const document = { format: 'convloom.network', version: 1, name: 'Left behind', nodes, edges: [] };
  const key = 'left-behind';
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const draft = { key, path: null, savedAt: '2026-01-01T00:00:00.000Z', document };
  await writeFile(join(dir, `${name}.json`), JSON.stringify(draft));
}

/** Whole words at the start of a name: what stands behind them (a count, a sentence more) may change. */
export function beginsWith(words: string): RegExp {
  return new RegExp(`^${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

async function chooseTab(page: Page, name: string): Promise<void> {
  const tab = page.getByRole('tab', { name: beginsWith(name) });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-selected', 'true');
}

async function chooseFile({ page, t }: Walk, command: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: t.dialogs.file, exact: true }).click();
  await page.getByRole('menuitem', { name: beginsWith(command) }).click();
}

export async function dismiss(page: Page, role: 'dialog' | 'menu' | 'listbox' = 'dialog'): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole(role)).toHaveCount(0);
}

/** The node of an id, whatever it is called in the language of the page. */
export function node(page: Page, id: string) {
  return page.locator(`.react-flow__node[data-id="${id}"]`);
}

async function atTheStart({ page, t, visit }: Walk): Promise<void> {
  const drafts = page.getByRole('dialog', { name: t.app.draftTitle });
  await expect(drafts).toBeVisible();
  await visit('drafts');
  await drafts.getByRole('button', { name: t.app.draftDiscard }).click();
  await expect(drafts).toHaveCount(0);
  await visit('empty canvas');
  for (const tab of ['problems', 'code', 'compare', 'training'] as const) {
    await chooseTab(page, t.app[tab]);
    await visit(`empty canvas, ${tab}`);
  }
  await page.getByRole('button', { name: t.canvas.browseTemplates }).click();
  await expect(page.locator('[role="dialog"] svg').last()).toBeVisible();
  await visit('templates');
  await page.getByRole('dialog').getByRole('button', { name: 'LeNet', exact: true }).click();
  await expect(node(page, 'c1')).toBeVisible();
}

async function aroundTheCanvas({ page, t, visit }: Walk): Promise<void> {
  await visit('network, nothing selected');
  await node(page, 'c1').click();
  await visit('node selected');
  // A frame around it with its form, and a wire that is led through a point; then all is as before.
  await page.keyboard.press('ControlOrMeta+Alt+g');
  await visit('title of a frame');
  await page.keyboard.press('Enter');
  await visit('frame selected');
  await page.keyboard.press('ControlOrMeta+z');
  await node(page, 'c1').click();
  await page.getByRole('banner').getByRole('button', { name: t.dialogs.file, exact: true }).click();
  await visit('file menu');
  await dismiss(page, 'menu');
  await page.getByRole('banner').getByRole('button', { name: t.settings.settings, exact: true }).click();
  await visit('settings');
  await page.getByRole('menuitem', { name: t.settings.allSettings }).click();
  await expect(page.getByRole('dialog').getByText('Convloom 0.1')).toBeVisible();
  await visit('all settings');
  await dismiss(page);
  await page
    .getByRole('banner')
    .getByRole('button', { name: beginsWith(t.training.engine) })
    .click();
  await visit('engines');
  await dismiss(page);
  await node(page, 'c1').click({ button: 'right' });
  await visit('menu of a node');
  await dismiss(page, 'menu');
  await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 20, y: 20 } });
  await visit('menu of the canvas');
  await dismiss(page, 'menu');
  await node(page, 'f1').click();
  await page.keyboard.press('Tab');
  await visit('search on the canvas');
  await page.keyboard.type('conv 5, comv');
  await visit('search with a mistake');
  await dismiss(page);
}

async function dialogsOfTheWindow(walk: Walk): Promise<void> {
  const { page, t, visit } = walk;
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await visit('command palette');
  await dismiss(page);
  await node(page, 'c1').click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: t.app.shortcuts })).toBeVisible();
  await visit('help sheet');
  await dismiss(page);
  await chooseFile(walk, t.dialogs.open);
  await expect(page.getByRole('dialog', { name: t.dialogs.openTitle })).toBeVisible();
  await visit('file browser');
  await dismiss(page);
  await chooseFile(walk, t.dialogs.followFar);
  await expect(page.getByRole('dialog', { name: t.dialogs.farTitle })).toBeVisible();
  await visit('follow a run over ssh');
  await dismiss(page);
  await chooseFile(walk, t.exports.exportAs);
  await expect(page.getByRole('dialog', { name: t.exports.title })).toBeVisible();
  await visit('export');
  await dismiss(page);
  await visitLesson(walk);
}

/** A lesson, as the inspector of a layer opens it. */
async function visitLesson({ page, t, visit }: Walk): Promise<void> {
  await node(page, 'c1').click();
  const about = page
    .getByRole('region', { name: t.app.inspectorPanel })
    .getByRole('region', { name: t.inspector.about });
  await about.getByRole('button').last().click();
  const course = page.getByRole('region', { name: t.app.coursePanel, exact: true });
  await expect(course).toBeVisible();
  await visit('lesson');
  await course.getByRole('button', { name: t.app.close, exact: true }).click();
  await expect(course).toHaveCount(0);
}

async function codeAndComparison({ page, t, visit }: Walk): Promise<void> {
  await node(page, 'c1').click();
  await chooseTab(page, t.app.inside);
  await expect(page.getByRole('button', { name: fill(t.maps.valuesOf, { index: 20, count: 20 }) })).toBeVisible();
  await visit('inside of a node');
  await chooseTab(page, t.app.data);
  await expect(page.getByRole('group', { name: t.data.pictures, exact: true })).toBeVisible();
  await visit('data');
  await chooseTab(page, t.app.code);
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
  await visit('code');
  await chooseTab(page, t.app.compare);
  await visit('heads');
  await page.getByRole('button', { name: t.compare.exportHeads }).click();
  await expect(page.getByRole('img', { name: t.volumes.preview })).toBeVisible();
  await visit('export of heads');
  await dismiss(page);
  await chooseTab(page, t.compare.networks);
  await expect(page.getByRole('table')).toBeVisible();
  await visit('network diff');
  const networks = page.getByRole('region', { name: t.compare.networks, exact: true });
  await networks.getByRole('group', { name: t.compare.shownAs }).getByRole('button').last().click();
  await expect(networks.getByRole('listbox').last()).toBeVisible();
  await visit('network diff, drawn');
  await networks.getByRole('group', { name: t.compare.shownAs }).getByRole('button').first().click();
  await chooseTab(page, t.app.rules);
  await page.getByRole('button', { name: t.grading.make }).click();
  await visit('rules from a network');
  await page.getByRole('button', { name: t.grading.use }).click();
  await expect(page.getByRole('list', { name: t.grading.checklist })).toBeVisible();
  await visit('checklist');
}

async function runs({ page, t, visit }: Walk): Promise<void> {
  await chooseTab(page, t.app.training);
  await visit('before training');
  const form = page.getByRole('form', { name: t.training.settings });
  await form.getByRole('combobox').first().click();
  await visit('list of a setting');
  await dismiss(page, 'listbox');
  await page.getByRole('banner').getByRole('button', { name: t.training.train, exact: true }).click();
  const phase = page.locator('[data-phase]');
  await expect(phase).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await expect(page.locator('figure canvas').first()).toBeVisible();
  await visit('during training');
  await page.getByRole('banner').getByRole('button', { name: t.training.stop, exact: true }).click();
  await expect(phase).toHaveAttribute('data-phase', 'finished', { timeout: 60_000 });
  await visit('after training');
  await chooseTab(page, t.training.tryIt);
  await expect(page.getByRole('img', { name: t.training.drawHere })).toBeVisible();
  await visit('try it');
  await chooseTab(page, t.training.layers);
  await visit('layers');
  await chooseTab(page, t.app.runs);
  await page.getByRole('checkbox', { name: t.runs.chooseAll }).check();
  await expect(page.locator('figure canvas').first()).toBeVisible();
  await visit('runs');
  for (const view of [1, 2, 3, 4]) {
    await page.getByRole('group', { name: t.runs.view }).getByRole('button').nth(view).click();
    await visit(`runs, view ${view + 1}`);
  }
  await chooseTab(page, t.app.training);
  await chooseTab(page, t.training.pastRuns);
  await visit('past runs');
  await page
    .getByRole('button', { name: beginsWith(t.training.deleteRun.split('{')[0] ?? '') })
    .first()
    .click();
  await visit('delete a run?');
  await dismiss(page);
  await chooseTab(page, t.app.results);
  await page.getByRole('button', { name: t.results.score, exact: true }).click();
  await expect(page.getByRole('table', { name: t.results.matrixLabel })).toBeVisible({ timeout: 60_000 });
  await visit('results');
}

async function problemsOfTheNetwork({ page, t, visit }: Walk): Promise<void> {
  await node(page, 'c1').click();
  const field = page.getByRole('region', { name: t.app.inspectorPanel }).getByRole('form').getByRole('textbox').nth(1);
  await field.fill('99');
  await field.press('Enter');
  await chooseTab(page, t.app.problems);
  const list = page.getByRole('list', { name: t.problems.list });
  await expect(list).toBeVisible();
  await visit('problems');
  await list.getByRole('button').first().click();
  await expect(page.getByRole('dialog', { name: t.problems.card })).toBeVisible();
  await visit('problem card');
  await page.keyboard.press('Escape');
  await chooseTab(page, t.app.code);
  await visit('code with errors');
}

async function panelsAway({ page, t, visit }: Walk): Promise<void> {
  await page.getByRole('button', { name: t.app.hideDock }).click();
  await visit('without the dock');
  await page.getByRole('button', { name: t.app.showDock }).click();
  await page.getByRole('button', { name: t.canvas.maximise }).click();
  await visit('canvas alone');
  await page.getByRole('button', { name: t.canvas.restore }).click();
  await page.getByRole('button', { name: t.canvas.minimap }).click();
  await visit('overview');
}

/** The first of all screens: unsaved work, an empty canvas with each tab, the templates. Ends with LeNet open. */
export async function walkStart(page: Page, language: Language, visit: Visit): Promise<void> {
  await atTheStart({ page, t: wordsOf(language), visit });
}

/** Goes through everything that the window can show, in one visit to a page with {@link leaveDraft}. */
export async function walkScreens(page: Page, language: Language, visit: Visit): Promise<void> {
  const walk: Walk = { page, t: wordsOf(language), visit };
  await walkStart(page, language, visit);
  await aroundTheCanvas(walk);
  await dialogsOfTheWindow(walk);
  await codeAndComparison(walk);
  await runs(walk);
  await problemsOfTheNetwork(walk);
  await panelsAway(walk);
}
