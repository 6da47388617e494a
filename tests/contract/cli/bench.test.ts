import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAccuracy } from '../../../electron/bench';
import { accuracyReportSchema, benchReportSchema, candidates } from '../../../electron/bench/report';
import type { BenchReport } from '../../../electron/bench/report';
import { roofOf } from '../../../electron/bench/roof';
import { bench } from '../../../electron/cli/commands/bench';
import type { NetworkDocument } from '../../../shared/schema/document';
import { isWhole } from '../../support/isWhole';

const root = join(import.meta.dirname, '../../..');

/** Runs the built command as a person does. One that never ends is killed, and fails. */
async function runBench(...words: string[]): Promise<BenchReport> {
  const args = [join(root, 'bin', 'convloom.mjs'), 'bench', ...words, '--rounds', '1', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 240_000 });
  // The data stream holds the report alone.
  return benchReportSchema.parse(JSON.parse(stdout));
}

type Timed = Extract<BenchReport['cases'][number]['results'][number], { available: true }>;

function timedOf({ cases }: BenchReport): readonly Timed[] {
  return cases.flatMap(({ results }) => results.flatMap((result) => (result.available ? [result] : [])));
}

function expectSense(report: BenchReport): void {
  const { roof, cases } = report;
  expect(report.interrupted).toBe(false);
  expect(roof.float32Gflops).toBeGreaterThan(0);
  expect(roof.copyGigabytesPerSecond).toBeGreaterThan(0);
  const timed = timedOf(report);
  expect(timed.map(({ candidate }) => candidate)).toContain('onnxruntime');
  for (const { medianMs, minMs, quartilesMs, gflops, roofShare, ...one } of timed) {
    const [low, high] = quartilesMs;
    expect(minMs).toBeLessThanOrEqual(low);
    expect(low).toBeLessThanOrEqual(medianMs);
    expect(medianMs).toBeLessThanOrEqual(high);
    expect(gflops).toBeCloseTo((cases[0]?.flops ?? NaN) / medianMs / 1e6);
    expect(roofShare, one.label).toBeCloseTo(gflops / (roofOf(roof, one.candidate) ?? NaN));
    if (one.candidate === 'onnxruntime') expect(one.ratio).toBe(1);
  }
}

describe('convloom bench', () => {
  let networks: BenchReport;
  beforeAll(async () => {
    networks = await runBench('--case', 'lenet', ...(isWhole ? [] : ['--only', 'onnxruntime']));
  }, 300_000);

  it('times a network and the analysis to the end, and names who takes part', () => {
    expectSense(networks);
    expect(networks.cases.map(({ id }) => id)).toEqual(['lenet']);
    expect(networks.cases[0]?.results.map(({ candidate }) => candidate)).toEqual(
      isWhole ? candidates : ['onnxruntime'],
    );
    expect(networks.analysis.map(({ id }) => id)).toEqual(['chain-1000', 'resnet-50', 'unet']);
    const ours = timedOf(networks).find(({ candidate }) => candidate === 'onnxruntime');
    expect(ours?.streamingShare).toBeGreaterThan(0);
    expect(ours?.streamingShare).toBeLessThan(1);
  });

  it('has no field that its help does not tell, and none that its help tells is missing', () => {
    const fields = new Set<string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(visit);
      else if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) {
          fields.add(name);
          visit(inner);
        }
      }
    };
    visit({ ...networks, machine: null });
    const told = bench.details?.split('Without --ui and --accuracy:')[1]?.split('With --')[0] ?? '';
    const words = new Set(told.match(/[a-zA-Z\d]+/g));
    expect([...fields].filter((name) => !words.has(name))).toEqual([]);
  });

  it.runIf(isWhole)(
    'times one op by one engine',
    async () => {
      const report = await runBench('--ops', '--case', 'batch-norm', '--only', 'onnxruntime');
      expectSense(report);
      expect(report.cases[0]?.results).toHaveLength(1);
      expect(report.analysis).toEqual([]);
    },
    300_000,
  );
});

describe('convloom bench --accuracy', () => {
  const runsDir = mkdtempSync(join(tmpdir(), 'convloom-bench-accuracy-'));
  afterAll(() => rmSync(runsDir, { recursive: true, force: true }));

  it.runIf(isWhole)(
    "has the numbers of the run's own log, and counts a seed that does not get there",
    async () => {
      const lenet = JSON.parse(readFileSync(join(root, 'templates/lenet/network.json'), 'utf8')) as NetworkDocument;
      const result = await runAccuracy({
        command: join(root, 'bin', 'convloom.mjs'),
        lenet: { ...lenet, train: { ...lenet.train, batchSize: 256 } },
        python: null,
        recipe: 'lenet',
        only: 'onnxruntime',
        seeds: 1,
        epochs: 1,
        runsDir,
      });
      if (!result.ok) throw new Error('The benchmark failed.');
      const report = accuracyReportSchema.parse(JSON.parse(JSON.stringify(result.value)));
      const [recipe] = report.recipes;
      expect(recipe).toMatchObject({ id: 'lenet', epochs: 1 });
      const [raced] = recipe?.results ?? [];
      if (raced?.available !== true) throw new Error(raced?.why);
      const log = readFileSync(join(runsDir, 'lenet', 'onnxruntime-1', 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n');
      const events = log.map((line) => JSON.parse(line) as { type: string; valAccuracy: number; seconds: number });
      const logged = events.filter(({ type }) => type === 'epoch');
      expect(logged).toHaveLength(1);
      const [run] = raced.runs;
      expect(run).toMatchObject({ seed: 1, fault: null });
      expect(run?.epochs.map(({ valAccuracy }) => valAccuracy)).toEqual(logged.map(({ valAccuracy }) => valAccuracy));
      // What the log counts from the first step on, and the start before it.
      expect(run?.epochs[0]?.seconds).toBeGreaterThan(logged[0]!.seconds);
      expect(raced.levels).toEqual([{ level: 0.98, reached: 0, seeds: 1, seconds: null }]);
    },
    300_000,
  );
});
