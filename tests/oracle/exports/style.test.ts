import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../electron/host/exports/python';
import { printJax } from '../../../shared/exports/jax';
import { printKeras } from '../../../shared/exports/keras';
import { printPytorch } from '../../../shared/exports/pytorch';
import { templates } from '../../../templates/build';
import { networks } from '../../golden/typescript/cases';
import { printed } from '../../support/pythonProject';
import { wiredNetwork } from '../../support/networks';

const python = await findPython(['ruff']);
const why = python.path === null ? ` (skipped: ${python.why.en})` : '';
const folder = mkdtempSync(join(tmpdir(), 'convloom-style-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const long = 'a_very_long_name_for_a_layer_that_does_much';

/** Names that fill lines in every way, beside the cases and the templates. */
const wide = wiredNetwork({
  [`${long}_0`]: ['input', { shape: [12, 12, 2] }],
  ...Object.fromEntries(
    [1, 2, 3, 4].map((at) => [
      `${at}_${long}`,
      ['conv', { filters: 3, kernelSize: [3, 5], padding: 'same', dilationRate: 2 }, `${long}_0`] as const,
    ]),
  ),
  joined: ['concat', {}, ...[1, 2, 3, 4].map((at) => `${at}_${long}`)],
  summed: ['add', {}, ...[1, 2, 3, 4].map((at) => `${at}_${long}`)],
  [`another_${long}`]: ['crop', { offset: [0, 0] }, `1_${long}`, `2_${long}`],
});

const documents = [
  ...Object.entries(networks),
  ...templates.map(({ id, document }) => [id, document] as const),
  ['long names', wide] as const,
];

describe.skipIf(python.path === null)(`printed Python${why}`, () => {
  it.each([
    ['pytorch', printPytorch],
    ['keras', printKeras],
    ['jax', printJax],
  ] as const)('%s: is as ruff lays it out, and ruff finds nothing in it', (target, print) => {
    for (const [name, document] of documents) {
      const dir = join(folder, target, name);
      mkdirSync(dir, { recursive: true });
      for (const { path, text } of printed(print, document).files) writeFileSync(join(dir, path), text);
    }
    const ruff = (...args: string[]): string =>
      spawnSync(python.path ?? '', ['-m', 'ruff', ...args, '--no-cache', '.'], {
        cwd: join(folder, target),
        encoding: 'utf8',
      }).stdout;
    expect(ruff('check')).toBe('All checks passed!\n');
    expect(ruff('format', '--diff')).toBe('');
  });
});
