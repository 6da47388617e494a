import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { serializeNetwork } from '../../../shared/document/serialize';
import { drag, heapBytes, pan, zoom, zoomIn, zoomStep } from './gestures';
import type { Samples } from './measures';
import { editOf } from './networks';
import type { UiNetwork } from './networks';
import type { Visit } from './visit';

const node = '.react-flow__node';

/** Start to paint and to a canvas that answers: the button on the empty canvas is enabled once the host is there. */
export async function measureStart({ page, probe }: Visit, samples: Samples): Promise<void> {
  const usable = await probe.shownAt({ selector: 'button:enabled', text: 'Start from LeNet' });
  samples.add('usable', usable);
  samples.add('firstPaint', await probe.firstPaint());
  await settle(page);
}

/** Opens a network, moves around in it and edits it, as a person does in the first minute. */
export async function measureNetwork(visit: Visit, network: UiNetwork, samples: Samples): Promise<void> {
  const { page, probe, projectsDir } = visit;
  await writeFile(join(projectsDir, `${network.id}.json`), serializeNetwork(network.document));
  await measureOpening(visit, network, samples);
  const centre = await centreOf(page.locator('.react-flow'));
  samples.add('pan', ...(await probe.frames(() => pan(page, centre))));
  await fit(page);
  samples.add('zoom', ...(await probe.frames(() => zoom(page, centre))));
  await fit(page);
  const middle = network.document.nodes[network.document.nodes.length >> 1]?.id ?? '';
  samples.add('drag', ...(await dragFrames(visit, middle)));
  await fit(page);
  await measureEdit(visit, network, samples);
  await measurePalette(visit, samples);
  await approach(page, middle);
  samples.add('panNear', ...(await probe.frames(() => pan(page, centre))));
  samples.add('heap', await heapBytes(await page.context().newCDPSession(page)));
}

/** The same movements in plain React Flow, as far as it has them. */
export async function measureFloor({ page, probe }: Visit, nodeCount: number, samples: Samples): Promise<void> {
  const open = page.getByRole('button', { name: 'Open' });
  await open.waitFor();
  const [first = NaN, all = NaN] = await probe.time(
    'click',
    [{ selector: node }, { selector: node, count: nodeCount }],
    () => open.click(),
  );
  samples.add('firstNodes', first);
  samples.add('allNodes', all);
  await settle(page);
  const centre = await centreOf(page.locator('.react-flow'));
  samples.add('pan', ...(await probe.frames(() => pan(page, centre))));
  samples.add('zoom', ...(await probe.frames(() => zoom(page, centre))));
  const middle = await page
    .locator(node)
    .nth(nodeCount >> 1)
    .getAttribute('data-id');
  samples.add('drag', ...(await dragFrames({ page, probe }, middle ?? '')));
  await approach(page, middle ?? '');
  samples.add('panNear', ...(await probe.frames(() => pan(page, centre))));
  samples.add('heap', await heapBytes(await page.context().newCDPSession(page)));
}

async function measureOpening({ page, probe }: Visit, network: UiNetwork, samples: Samples): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'File' }).click();
  await page.getByRole('menuitem', { name: /^Open…/ }).click();
  const file = page.getByRole('button', { name: `${network.id}.json`, exact: true });
  await file.waitFor();
  const count = network.document.nodes.length;
  const [first = NaN, all = NaN] = await probe.time('click', [{ selector: node }, { selector: node, count }], () =>
    file.click(),
  );
  samples.add('firstNodes', first);
  samples.add('allNodes', all);
  await settle(page);
}

/** A size typed into the first node until the last node that it changes shows its new shape; and taken back. */
async function measureEdit({ page, probe }: Visit, network: UiNetwork, samples: Samples): Promise<void> {
  const edit = editOf(network);
  if (edit === null) throw new Error(`Typing ${network.typed.join(', ')} does not change ${network.label}.`);
  await page.locator(nodeById(edit.inputId)).click();
  const field = page.getByRole('region', { name: 'Inspector' }).getByLabel('Shape', { exact: true });
  const last = page.locator(nodeById(edit.lastId));
  const shown = (text: string) => [{ selector: nodeById(edit.lastId), text }];
  // From far, nodes are marks without text: the new shape is then in the name that a screen reader is given.
  const named = [{ selector: `${nodeById(edit.lastId)}[aria-label*="${edit.afterSpoken}"]` }];
  const type = async (id: 'edit' | 'editAll'): Promise<void> => {
    await field.click();
    await field.selectText();
    const typed = network.typed.join(', ');
    const end = (await last.innerText()) === '' ? named : shown(edit.after);
    samples.add(id, ...(await probe.time('input', end, () => page.keyboard.insertText(typed))));
    await field.press('Enter');
    await field.blur();
    await settle(page);
  };
  await type('editAll');
  await withControl(page, () => page.keyboard.press('z'));
  await settle(page);
  await approach(page, edit.lastId);
  await type('edit');
  await withControl(page, async () => {
    samples.add('undo', ...(await probe.time('keydown', shown(edit.before), () => page.keyboard.press('z'))));
  });
  await fit(page);
}

async function measurePalette({ page, probe }: Visit, samples: Samples): Promise<void> {
  const open = { selector: '[role="dialog"] [cmdk-item]' };
  await withControl(page, async () => {
    samples.add('palette', ...(await probe.time('keydown', [open], () => page.keyboard.press('k'))));
  });
  await page.keyboard.press('Escape');
  await page.locator(open.selector).first().waitFor({ state: 'detached' });
  await settle(page);
}

async function dragFrames({ page, probe }: Pick<Visit, 'page' | 'probe'>, id: string): Promise<readonly number[]> {
  const from = await centreOf(page.locator(nodeById(id)));
  const frames = await probe.frames(() => drag(page, from));
  await settle(page);
  return frames;
}

/** Control is held before the clock starts: its own key press is not the one that asks for something. */
async function withControl(page: Page, act: () => Promise<void>): Promise<void> {
  await page.keyboard.down('Control');
  try {
    await act();
  } finally {
    await page.keyboard.up('Control');
  }
}

/** What is written on a node is read without effort. React Flow's own nodes are narrower: as wide, they would show less of the network. */
const readingZoom = 0.85;

/** Zooms in on a node to reading size; a first try may fall short, as a page that is late takes fewer turns than it was sent. */
async function approach(page: Page, id: string): Promise<void> {
  const target = page.locator(nodeById(id));
  for (let tries = 0; tries < 4; tries++) {
    const zoom = await zoomOf(page);
    if (zoom >= readingZoom) return;
    await zoomIn(page, await centreOf(target), turnsBetween(zoom, readingZoom));
    await settle(page);
  }
  throw new Error(`The canvas stays at ${await zoomOf(page)}, short of reading size.`);
}

/** React Flow doubles the view with each 500 pixels of the wheel. */
function turnsBetween(from: number, to: number): number {
  return Math.ceil((Math.log2(to / from) * 500) / zoomStep);
}

/** How large React Flow draws the network. */
async function zoomOf(page: Page): Promise<number> {
  const style = await page.locator('.react-flow__viewport').getAttribute('style');
  return Number(/scale\(([\d.]+)\)/.exec(style ?? '')?.[1]);
}

async function fit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fit the network' }).click();
  await settle(page);
}

/** What was begun before is over: motions of the view, garbage of the last measure. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(400);
}

function nodeById(id: string): string {
  return `${node}[data-id="${id}"]`;
}

async function centreOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${String(locator)} is not in the page.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
