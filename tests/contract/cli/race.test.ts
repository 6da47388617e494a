import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { convloom } from '../../support/commandLine';

const folder = mkdtempSync(join(tmpdir(), 'convloom-race-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = Array.from({ length: 60 }, (_, at) => `${(at % 10) / 10},${at % 10 < 5 ? 'low' : 'high'}`);
const table = join(folder, 'rows.csv');
writeFileSync(table, `a,label\n${rows.join('\n')}\n`);
const network = join(folder, 'net.json');
writeFileSync(
  network,
  JSON.stringify({
    format: 'convloom.network',
    version: 1,
    name: 'Rows',
    nodes: [
      { id: 'row', kind: 'input', params: { shape: [1] } },
      { id: 'f1', kind: 'fc', params: { units: 2 } },
    ],
    edges: [{ from: 'row', to: 'f1' }],
    train: { data: `csv:${table}`, batchSize: 8 },
  }),
);

describe('convloom sweep --race', () => {
  it('trains by the three descents with the same samples and settings, and says what happened', async () => {
    const dir = join(folder, 'race');
    const words = ['sweep', network, '--race', '--epochs', '2', '--engine', 'tfjs', '-o', dir, '--json'];
    const { code, out } = await convloom(...words);
    expect(code).toBe(0);
    const last = JSON.parse(out.split('\n').at(-1) ?? '') as {
      readonly race: { readonly rows: object[]; readonly words: string };
    };
    const { rows: raced, words: said } = last.race;
    expect(raced).toMatchObject([
      { descent: 'batch', state: 'completed', samplesPerStep: 48, steps: 2, epochs: 2, samples: 96 },
      { descent: 'miniBatch', state: 'completed', samplesPerStep: 8, steps: 12, epochs: 2, samples: 96 },
      { descent: 'stochastic', state: 'completed', samplesPerStep: 1, steps: 96, epochs: 2, samples: 96 },
    ]);
    expect(said).toMatch(/^After the same 96 samples /);
  }, 120_000);

  it.each([
    ['--vary', 'f1.units=2,3'],
    ['--trials', '2'],
    ['--early-stop', 'median'],
  ])('is not given together with %s', async (...more) => {
    const { code, json } = await convloom('sweep', network, '--race', ...more, '--json');
    expect(code).not.toBe(0);
    expect(JSON.stringify(json())).toContain('command-line/conflict');
  });
});
