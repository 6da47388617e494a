import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentOf, expect, repoRoot, test } from './app';

type Measure = { readonly id: string; readonly kind: string } & Readonly<Record<string, unknown>>;
type Report = {
  readonly rounds: number;
  readonly subjects: readonly {
    readonly id: string;
    readonly nodeCount: number | null;
    readonly failures: readonly string[];
    readonly measures: readonly Measure[];
  }[];
};

test('bench --ui opens, moves and edits a network, and has a figure for each', { tag: '@all' }, async ({ home }) => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(repoRoot, 'bin', 'convloom.mjs'), 'bench', '--ui', '--case', 'unet', '--rounds', '1', '--json'],
    { cwd: repoRoot, env: environmentOf(home) },
  );
  expect(stderr).toContain('round 1 of 1: U-Net');
  // The data stream holds the report alone.
  const report = JSON.parse(stdout) as Report;
  expect(report.rounds).toBe(1);
  const [app, unet] = report.subjects;
  expect(app?.measures.map(({ id }) => id)).toEqual(['firstPaint', 'usable']);
  expect(unet).toMatchObject({ id: 'unet', nodeCount: 38, failures: [] });
  expect(unet?.measures.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
    'latency firstNodes',
    'latency allNodes',
    'latency edit',
    'latency editAll',
    'latency undo',
    'latency palette',
    'frames pan',
    'frames zoom',
    'frames drag',
    'frames panNear',
    'memory heap',
  ]);
  for (const measure of [...(app?.measures ?? []), ...(unet?.measures ?? [])]) {
    const { id, kind, label, ...figures } = measure;
    const numbers = Object.values(figures).flat();
    expect(numbers.length, `${kind} ${id}, ${String(label)}`).toBeGreaterThan(1);
    for (const value of numbers) expect(Number.isFinite(value), id).toBe(true);
  }
});
