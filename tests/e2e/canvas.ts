import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export type Point = { readonly x: number; readonly y: number };

export function canvasOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Canvas', exact: true });
}

/** Every node is a group that says what it is: "Conv, 20 by 5 by 5, output 24 by 24 by 20, 520 parameters, all trainable". */
export function nodesOf(page: Page): Locator {
  return canvasOf(page).locator('.react-flow__node');
}

export function wiresOf(page: Page): Locator {
  return canvasOf(page).locator('.react-flow__edge');
}

export function nodeNamed(page: Page, name: string | RegExp): Locator {
  return canvasOf(page).getByRole('group', { name });
}

async function centreOf(locator: Locator): Promise<Point> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${String(locator)} is not in the page.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags a layer from the palette to a point of the canvas, by mouse. Gives the node that it became. */
export async function dragLayer(page: Page, label: string, at: Point): Promise<Locator> {
  const nodes = nodesOf(page);
  const before = await nodes.count();
  const pane = await canvasOf(page).boundingBox();
  if (pane === null) throw new Error('There is no canvas.');
  await page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: label, exact: true }).hover();
  await page.mouse.down();
  await page.mouse.move(pane.x + at.x, pane.y + at.y, { steps: 6 });
  await page.mouse.up();
  await expect(nodes).toHaveCount(before + 1);
  const id = await canvasOf(page).locator('.react-flow__node[aria-current="true"]').getAttribute('data-id');
  return canvasOf(page).locator(`.react-flow__node[data-id="${id ?? ''}"]`);
}

export function outputOf(node: Locator): Locator {
  return node.getByRole('img', { name: /^Output of / });
}

/** An input port; 1 is the first. */
export function inputOf(node: Locator, port = 1): Locator {
  return node.getByRole('img', { name: /^Input / }).nth(port - 1);
}

/** Pulls a wire from one port to another by mouse, and holds it there: `mouse.up()` lets it go. */
export async function pullWire(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await centreOf(from);
  const end = await centreOf(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 6 });
}

/** Wires one node's output to another's input by mouse. */
export async function wire(page: Page, from: Locator, to: Locator, port = 1): Promise<void> {
  const wires = wiresOf(page);
  const before = await wires.count();
  await pullWire(page, outputOf(from), inputOf(to, port));
  await page.mouse.up();
  await expect(wires).toHaveCount(before + 1);
}

/** Sets a number or a size of the selected node in the inspector. */
export async function setParam(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByRole('region', { name: 'Inspector' }).getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** Chooses one of a list in the inspector. */
export async function chooseParam(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('region', { name: 'Inspector' }).getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** What the top bar says of the whole network. */
export function totalsOf(page: Page): Locator {
  return page.getByRole('button', { name: /^Totals of the network/ });
}
