import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { canvasOf, nodesOf, wiresOf } from './canvas';
import { networkName, openFile } from './files';

/** Names that every object inherits, and one that sets what an object inherits from. */
const ids = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', 'prototype'];

/** A branching network without positions: each id takes the input, and one node adds them all. */
const network = {
  format: 'convloom.network',
  version: 1,
  name: 'Inherited',
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [8, 8, 1] } },
    ...ids.map((id) => ({ id, kind: 'conv', params: { filters: 2, kernelSize: 3 } })),
    { id: 'isPrototypeOf', kind: 'add', params: {} },
  ],
  edges: ids.flatMap((id, toPort) => [
    { from: 'x', to: id },
    { from: id, to: 'isPrototypeOf', toPort },
  ]),
};

test('a network whose ids are names that objects inherit opens, is laid out, and leaves the page’s objects alone', async ({
  app,
}) => {
  const { page, home } = app;
  const inherited = () =>
    page.evaluate(() =>
      [Object.prototype, Array.prototype, Function.prototype, Map.prototype].map((object) =>
        Reflect.ownKeys(object).map(String),
      ),
    );
  const before = await inherited();
  await writeFile(join(home.documents, 'inherited.convloom'), JSON.stringify(network));
  await openFile(page, 'inherited.convloom');
  await expect(networkName(page)).toHaveValue('Inherited');
  await expect(nodesOf(page)).toHaveCount(network.nodes.length);
  await expect(wiresOf(page)).toHaveCount(network.edges.length);
  for (const id of ids) await expect(canvasOf(page).locator(`.react-flow__node[data-id="${id}"]`)).toBeVisible();
  // No two nodes were laid out at one place.
  const places = await nodesOf(page).evaluateAll((nodes) =>
    nodes.map((node) => {
      const { x, y } = node.getBoundingClientRect();
      return `${x},${y}`;
    }),
  );
  expect(new Set(places).size).toBe(network.nodes.length);
  await canvasOf(page).locator('.react-flow__node[data-id="__proto__"]').click();
  await expect(page.getByRole('region', { name: 'Inspector' }).getByLabel('Filters', { exact: true })).toHaveValue('2');
  expect(await inherited()).toEqual(before);
});
