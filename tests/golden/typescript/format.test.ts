import { join } from 'node:path';
import { format, getFileInfo } from 'prettier';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { lossWeightsName, printTypescript } from '../../../shared/exports/typescript';
import type { NetworkDocument } from '../../../shared/schema/document';
import { templates } from '../../../templates/build';
import { some } from '../../support/isWhole';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { writeProject } from '../../support/printedProject';
import { networks } from './cases';

const long = 'a_very_long_name_for_a_layer_that_does_much';

/** Names and numbers that fill lines in every way, beside the cases and the templates. */
const wide: { readonly [name: string]: NetworkDocument } = {
  'long names': wiredNetwork({
    [`${long}_0`]: ['input', { shape: [12, 12, 2] }],
    [`${long}_x0`]: ['crop', { offset: 'center' }, `${long}_0`, `${long}_0`],
    ...Object.fromEntries(
      [1, 2, 3, 4].map((at) => [
        `${at}_${long}`,
        ['conv', { filters: 3, kernelSize: [3, 5], padding: 'same', dilationRate: 2 }, `${long}_x0`] as const,
      ]),
    ),
    joined: ['concat', {}, ...[1, 2, 3, 4].map((at) => `${at}_${long}`)],
    [`another_${long}`]: ['crop', { offset: [0, 0] }, `1_${long}`, `2_${long}`],
  }),
  'large numbers': {
    ...chainNetwork([4, 4, 2], ['lrn', { radius: 1, alpha: 1e-7, beta: 0.75, bias: 2 }], ['fc', { units: 2 }]),
    train: { share: 1e-3, learningRate: 1e-7, epochs: 1_000_000, optimizer: 'momentum', momentum: 0.95 },
  },
};

const documents: readonly (readonly [string, NetworkDocument])[] = [
  ...Object.entries(networks),
  ...templates.map(({ id, document }) => [id, document] as const),
  ...Object.entries(wide),
];

/** Most files are alike in all projects: each text is laid out once. */
const checked = new Set<string>();

describe('a printed project is as Prettier lays it out', () => {
  it.each(some(documents, 45))('%s', async (_, document) => {
    const printed = printTypescript(document, analyzeNetwork(document));
    if (!printed.ok) throw new Error(printed.diagnostics.map(({ code }) => code).join());
    const options: unknown = JSON.parse(printed.value.find(({ path }) => path === '.prettierrc')!.text);
    for (const { path, text } of printed.value) {
      if (path.endsWith('ignore') || checked.has(text)) continue;
      checked.add(text);
      const formatted = await format(text, {
        ...(options as object),
        filepath: path === '.prettierrc' ? 'a.json' : path,
      });
      expect(text, path).toBe(formatted);
    }
  });

  it('leaves out what the app and training write beside it', async () => {
    const document = chainNetwork([4], ['fc', { units: 2 }]);
    const printed = printTypescript(document, analyzeNetwork(document));
    const dir = writeProject('format-ignored', printed.ok ? printed.value : []);
    const options = { ignorePath: join(dir, '.prettierignore') };
    const isIgnored = async (name: string): Promise<boolean> => (await getFileInfo(join(dir, name), options)).ignored;
    for (const name of ['weights.json', 'classes.json', 'check.json', `${lossWeightsName}.json`])
      expect(await isIgnored(name), name).toBe(true);
    expect(await isIgnored('package.json')).toBe(false);
  });
});
