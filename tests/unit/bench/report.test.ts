import { describe, expect, it } from 'vitest';
import { benchMarkdown, percentText } from '../../../electron/bench/markdown';
import { benchReportSchema } from '../../../electron/bench/report';
import type { BenchReport } from '../../../electron/bench/report';
import { roofOf, summarizeRoof } from '../../../electron/bench/roof';
import { Samples } from '../../../electron/bench/ui/measures';
import { uiMarkdown } from '../../../electron/bench/ui/markdown';
import type { UiReport } from '../../../electron/bench/ui/runUiBench';

const machine = { cpu: 'Test CPU', threads: 2, memoryBytes: 8 * 2 ** 30, node: 'v20.0.0' };

describe('a share', () => {
  it.each([
    [0.000034, '0.0034 %'],
    [0.0056, '0.56 %'],
    [0.0123, '1.2 %'],
    [0.12, '12 %'],
    [0, '0 %'],
    [1e-12, '0.000000 %'],
  ])('of %d is said as %s', (share, expected) => {
    expect(percentText(share)).toBe(expected);
  });
});

describe('the report of the engines', () => {
  const report: BenchReport = {
    machine,
    threads: 2,
    baseline: 'onnxruntime',
    interrupted: false,
    roof: summarizeRoof([
      {
        by: 'ONNX Runtime',
        products: [
          { precision: 'float32', size: 2048, gflops: { median: 200, low: 190, high: 204, most: 210, samples: 9 } },
        ],
        copy: { bytes: 2 ** 28, gigabytesPerSecond: { median: 12, low: 11, high: 13, most: 14, samples: 3 } },
      },
      {
        by: 'TensorFlow',
        products: [
          { precision: 'float32', size: 1024, gflops: { median: 150, low: 140, high: 160, most: 165, samples: 9 } },
          { precision: 'bfloat16', size: 1024, gflops: { median: 400, low: 390, high: 410, most: 420, samples: 9 } },
        ],
        copy: null,
      },
    ]),
    cases: [
      {
        id: 'lenet',
        label: 'LeNet',
        batchSize: 128,
        flops: 1e9,
        results: [
          {
            candidate: 'onnxruntime',
            label: 'ONNX Runtime',
            available: true,
            device: 'CPU, 2 threads',
            version: '1.30.0',
            medianMs: 20,
            minMs: 18,
            quartilesMs: [19, 22.5],
            steps: 40,
            ratio: 1,
            ratioQuartiles: [1, 1],
            gflops: 50,
            roofShare: 0.25,
            peakBytes: 0,
            firstStepMs: 400,
            firstStepQuartilesMs: [390, 420],
            streamingShare: 0.0005,
            streamingQuartiles: [0.0004, 0.0006],
          },
          { candidate: 'keras', label: 'Keras', available: false, why: 'no a|b\nsecond line' },
        ],
      },
    ],
    analysis: [
      { id: 'unet', nodeCount: 29, coldMs: 2, coldQuartilesMs: [1.9, 2.5], editMs: 1, editQuartilesMs: [0.9, 1.1] },
    ],
  };

  it('has a row for who took part, with its device, and the reason of who did not', () => {
    const lines = benchMarkdown(report).split('\n');
    expect(lines).toContain(
      '| ONNX Runtime | 20.0 (19.0 to 22.5) | 18.0 | 1.00 (1.00 to 1.00) | 50.0 (44.4 to 52.6) | 25 % (22 % to 26 %) | - | 400 (390 to 420) | 0.050 % (0.040 % to 0.060 %) |',
    );
    expect(lines).toContain('| ONNX Runtime | CPU, 2 threads | 1.30.0 |');
    expect(lines).toContain('| Keras | cannot: no a/b | | | | | | | |');
  });

  it('has the roof, and the spread of every analysis', () => {
    const lines = benchMarkdown(report).split('\n');
    expect(lines).toContain('| ONNX Runtime | 200.0 (190.0 to 204.0), size 2048 | - | 12.0 (11.0 to 13.0) |');
    expect(lines).toContain(
      '| TensorFlow | 150.0 (140.0 to 160.0), size 1024 | 400.0 (390.0 to 410.0), size 1024 | - |',
    );
    expect(lines).toContain('| unet | 29 | 2.00 (1.90 to 2.50) | 1.00 (0.90 to 1.10) |');
  });

  it('holds a candidate against the best of all libraries in its own precision', () => {
    expect(roofOf(report.roof, 'onnxruntime')).toBe(210);
    expect(roofOf(report.roof, 'pytorch-bfloat16')).toBe(420);
    expect(roofOf({ ...report.roof, bfloat16Gflops: 40 }, 'pytorch-bfloat16')).toBe(210);
    expect(roofOf(summarizeRoof([]), 'onnxruntime')).toBeNull();
  });

  it('is what its schema says', () => {
    expect(benchReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('says when it was interrupted', () => {
    expect(benchMarkdown(report)).not.toContain('Interrupted');
    expect(benchMarkdown({ ...report, interrupted: true })).toContain('Interrupted');
  });
});

describe('the report of the app', () => {
  it('keeps every round of a latency and takes the frames of all rounds together', () => {
    const samples = new Samples();
    samples.add('edit', 30);
    samples.add('pan', 16.7, 16.7, 16.7);
    samples.add('edit', 50);
    samples.add('edit', 10);
    samples.add('pan', 33.3);
    samples.add('heap', 100, 300);
    expect(samples.measures()).toMatchObject([
      { id: 'edit', kind: 'latency', medianMs: 30, bestMs: 10, worstMs: 50, roundsMs: [30, 50, 10] },
      { id: 'pan', kind: 'frames', frames: 4, longestMs: 33.3, lateShare: 0.25 },
      { id: 'heap', kind: 'memory', medianBytes: 200, leastBytes: 100, worstBytes: 300 },
    ]);
  });

  it('has a column per network for what is waited for, a row per movement, and names what failed', () => {
    const [first, second] = [new Samples(), new Samples()];
    first.add('edit', 30, 52);
    first.add('pan', 16.7, 16.7, 16.7, 50);
    second.add('edit', 4.24);
    second.add('heap', 2 ** 21);
    const report: UiReport = {
      machine,
      browser: { path: '/usr/bin/chromium', version: '1.2' },
      viewport: { width: 1440, height: 900 },
      rounds: 2,
      stepCount: 10,
      interrupted: false,
      subjects: [
        { id: 'unet', label: 'U-Net', nodeCount: 38, measures: first.measures(), failures: [] },
        { id: 'chain-1000', label: 'Chain', nodeCount: 1000, measures: second.measures(), failures: ['no node'] },
      ],
    };
    const lines = uiMarkdown(report).split('\n');
    expect(lines).toContain('| | U-Net, 38 nodes | Chain, 1,000 nodes |');
    expect(lines).toContain(
      '| Type a size to the last shape it changes, at reading size | 41 (30 to 52) | 4.2 (4.2 to 4.2) |',
    );
    expect(lines).toContain('| JS heap afterwards, MiB |  | 2.0 (2.0 to 2.0) |');
    expect(lines).toContain('| U-Net, 38 nodes | Pan, all in view | 4 | 16.7 | 50.0 | 50.0 | 25 % |');
    expect(lines).toContain('- Chain: no node');
  });
});
