import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { printChartPage } from '../../../electron/bench/page';
import { printReportPage } from '../../../electron/bench/readReport';
import { summarizeRoof } from '../../../electron/bench/roof';
import type { BenchReport } from '../../../electron/bench/report';
import { Samples } from '../../../electron/bench/ui/measures';
import { convloom } from '../../support/commandLine';

const scratch = mkdtempSync(join(tmpdir(), 'convloom-bench-page-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const hostile = `"><script>alert('x')</script>`;
const report: BenchReport = {
  machine: { cpu: hostile, threads: 2, memoryBytes: 2 ** 33, node: hostile },
  threads: 2,
  baseline: 'onnxruntime',
  interrupted: false,
  roof: summarizeRoof([
    {
      by: hostile,
      products: [{ precision: 'float32', size: 512, gflops: { median: 80, low: 70, high: 90, most: 95, samples: 3 } }],
      copy: null,
    },
  ]),
  cases: [
    {
      id: 'lenet',
      label: hostile,
      batchSize: 128,
      flops: 1e9,
      results: [
        {
          candidate: 'onnxruntime',
          label: hostile,
          available: true,
          device: hostile,
          version: hostile,
          medianMs: 20,
          minMs: 18,
          quartilesMs: [19, 22],
          steps: 4,
          ratio: 1,
          ratioQuartiles: [1, 1],
          gflops: 50,
          roofShare: 0.625,
          peakBytes: 2 ** 27,
          firstStepMs: 400,
          firstStepQuartilesMs: [390, 420],
          streamingShare: null,
          streamingQuartiles: null,
        },
        { candidate: 'keras', label: hostile, available: false, why: hostile },
      ],
    },
  ],
  analysis: [],
};

describe('the page of a report', () => {
  const page = printReportPage(JSON.stringify(report), 'report.json');
  const html = page.ok ? page.value : '';

  it('has every figure as text, its bar with its spread, and the roof as a line', () => {
    expect(html).toContain('20.0 (19.0 to 22.0) ms, × 1.00 (1.00 to 1.00)');
    expect(html).toContain('50.0 (45.5 to 52.6), 63 % of the roof');
    expect(html).toContain('roof: 95.0 in float32');
    expect(html.match(/class="spread"/g)?.length).toBeGreaterThanOrEqual(3);
    expect(html).toMatch(/class="line line0"/);
  });

  it('needs nothing else, and takes no text for a tag', () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|https?:|<link|@import|url\(/);
    expect(html).toContain('&lt;script&gt;');
    expect(html.match(/<svg /g)?.length).toBe(html.match(/<\/svg>/g)?.length);
  });

  it('has the same tags whatever its texts are', () => {
    const plain = printReportPage(JSON.stringify(report).replaceAll(JSON.stringify(hostile), '"plain"'), 'report.json');
    const tags = (text: string): readonly string[] => text.match(/<[!/\w][^\s>]*/g) ?? [];
    expect(tags(html)).toEqual(tags(plain.ok ? plain.value : ''));
  });

  it('breaks a bar that would leave nothing of the others', () => {
    const bar = { label: 'a', low: null, high: null, figure: '' };
    const chart = { title: 'ms', lines: [], bars: [1, 2, 3, 200].map((value) => ({ ...bar, value })) };
    const section = { title: '', note: '', charts: [chart], absent: [] };
    const drawn = printChartPage({ title: '', facts: [], notes: [], sections: [section] });
    expect(drawn.match(/class="gap"/g)).toHaveLength(1);
    const widths = [...drawn.matchAll(/class="bar" y="5" width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths[2]! / widths[0]!).toBeCloseTo(3, 1);
    expect(widths[3]).toBeLessThanOrEqual(1000);
  });
});

describe('the page of the app', () => {
  it('has a chart for each measure, with the best and the worst round', () => {
    const samples = new Samples();
    samples.add('edit', 30, 52);
    samples.add('pan', 16.7, 16.7, 50);
    samples.add('heap', 2 ** 20, 2 ** 21);
    const subject = { id: 'unet', label: 'U-Net', nodeCount: 38, measures: samples.measures(), failures: ['no node'] };
    const page = printReportPage(
      JSON.stringify({
        machine: report.machine,
        browser: { path: '/usr/bin/chromium', version: '1.2' },
        viewport: { width: 1440, height: 900 },
        rounds: 2,
        stepCount: 10,
        interrupted: false,
        subjects: [subject],
      }),
      'ui.json',
    );
    const html = page.ok ? page.value : '';
    for (const words of ['41.0 (30.0 to 52.0)', '16.7, 95 % within 50.0, 33 % late', '1.5 (1.0 to 2.0)', 'no node'])
      expect(html).toContain(words);
  });
});

describe('convloom bench --from', () => {
  const reportPath = join(scratch, 'report.json');
  const pagePath = join(scratch, 'page.html');
  writeFileSync(reportPath, JSON.stringify(report));

  it('draws what was printed before, and overwrites nothing unasked', async () => {
    const drawn = await convloom('bench', '--from', reportPath, '--html', pagePath);
    expect(drawn).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(pagePath, 'utf8')).toContain('<!doctype html>');
    const again = await convloom('bench', '--from', reportPath, '--html', pagePath);
    expect(again).toMatchObject({ code: 2 });
    expect(again.err).toContain('file/exists');
    expect((await convloom('bench', '--from', reportPath, '--html', pagePath, '--force')).code).toBe(0);
  });

  it.each([
    ['no JSON', 'command-line/bad-results', /JSON/],
    ['{"subjects":1}', 'command-line/bad-results', /machine/],
    ['{}', 'command-line/bad-results', /machine/],
  ] as const)('says what is wrong with %s', async (content, code, expected) => {
    const path = join(scratch, 'bad.json');
    writeFileSync(path, content);
    const { code: exit, json } = await convloom(
      'bench',
      '--from',
      path,
      '--html',
      join(scratch, 'none.html'),
      '--json',
    );
    const { diagnostics } = json() as { diagnostics: { code: string; message: string }[] };
    expect(exit).toBe(2);
    expect(diagnostics.map((one) => one.code)).toEqual([code]);
    expect(diagnostics[0]?.message).toMatch(expected);
  });

  it.each([
    [['--from', reportPath], 'command-line/missing-argument'],
    [['--from', reportPath, '--html', 'x', '--ops'], 'command-line/conflict'],
    [['--from', join(scratch, 'nothing'), '--html', join(scratch, 'x')], 'file/not-found'],
    [['--html', scratch], 'file/is-folder'],
    [['--html', pagePath], 'file/exists'],
    [['--accuracy', '--ui'], 'command-line/conflict'],
    [['--accuracy', '--rounds', '2'], 'command-line/conflict'],
    [['--seeds', '2'], 'command-line/conflict'],
    [['--ui', '--python', 'x'], 'command-line/conflict'],
    [['--accuracy', '--case', 'unet-small'], 'command-line/bad-value'],
    [['--only', 'nobody'], 'command-line/bad-value'],
  ] as const)('%j is told before anything is measured', async (words, code) => {
    const { code: exit, err } = await convloom('bench', ...words);
    expect(exit).toBe(2);
    expect(err).toContain(`[${code}]`);
  });
});
