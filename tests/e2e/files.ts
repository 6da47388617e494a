import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** Chooses a command of the file menu. */
export async function chooseFile(page: Page, command: string | RegExp): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'File' }).click();
  await page.getByRole('menuitem', { name: command }).click();
}

/** Opens a file of the projects folder through the app's own browser. */
export async function openFile(page: Page, name: string): Promise<void> {
  await chooseFile(page, /^Open…/);
  await page.getByRole('dialog', { name: 'Open a network' }).getByRole('button', { name, exact: true }).click();
}

const small = {
  format: 'convloom.network',
  version: 1,
  name: 'Small',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'c1', kind: 'conv', params: { filters: 4, kernelSize: 5, strides: 3, activation: 'relu' } },
    { id: 'f1', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'c1' },
    { from: 'c1', to: 'f1' },
  ],
  train: { epochs: 1, batchSize: 200 },
};

/** Opens a network that learns digits in seconds, from a folder that the app shows. */
export async function openSmall(page: Page, folder: string): Promise<void> {
  await writeFile(join(folder, 'small.convloom'), JSON.stringify(small));
  await openFile(page, 'small.convloom');
}

/** Saves to the projects folder under a new name. */
export async function saveAs(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Save the network' });
  await dialog.getByRole('textbox', { name: 'File name' }).fill(name);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
}

export function networkName(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Network name' });
}

/** Renames the open network: the smallest edit there is. */
export async function rename(page: Page, name: string): Promise<void> {
  await networkName(page).fill(name);
  await networkName(page).press('Enter');
  await expect(page.getByRole('banner').getByRole('img', { name: 'Not saved yet' })).toBeVisible();
}

/** Opens a template through the gallery. */
export async function openTemplate(page: Page, name: string): Promise<void> {
  await chooseFile(page, 'Templates');
  await page.getByRole('dialog', { name: 'Templates' }).getByRole('button', { name, exact: true }).click();
  await expect(networkName(page)).toHaveValue(name);
}

export async function startFromLenet(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start from LeNet' }).click();
  await expect(networkName(page)).toHaveValue('LeNet');
}

type SavedNetwork = { readonly name: string; readonly nodes: readonly unknown[] };

export async function readNetwork(path: string): Promise<SavedNetwork> {
  return JSON.parse(await readFile(path, 'utf8')) as SavedNetwork;
}

/** What another program would do: writes the file without asking anybody. */
export async function renameOnDisk(path: string, name: string): Promise<void> {
  await writeFile(path, JSON.stringify({ ...(await readNetwork(path)), name }));
}

type FileNode = { readonly id: string; readonly kind: string; readonly params: Readonly<Record<string, unknown>> };

/** A network file: the nodes in a line, each wired to the next. */
export async function writeChain(path: string, name: string, nodes: readonly FileNode[]): Promise<void> {
  const edges = nodes.slice(1).map((node, index) => ({ from: nodes[index]?.id, to: node.id }));
  await writeFile(path, JSON.stringify({ format: 'convloom.network', version: 1, name, nodes, edges }));
}

/** What a browser does when files are dropped on the window, once the window takes them: their bytes arrive, their paths do not. */
export async function dropFiles(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: Buffer }[],
): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
  await page.evaluate(async (files) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    // Whoever takes what is dragged over it prevents what a browser would do with it.
    const isTaken = (type: string): boolean =>
      !document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    while (!isTaken('dragover')) await new Promise(requestAnimationFrame);
    isTaken('drop');
  }, given);
}
