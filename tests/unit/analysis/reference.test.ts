import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { explainNode } from '../../../shared/analysis/explainNode';
import { isValidInputSize, nearestInputSizes, solveInputSizes } from '../../../shared/analysis/inputSizes';
import type { NetworkDocument } from '../../../shared/document';
import { chain, type ChainRow } from '../../support/chain';

const x = (...shape: number[]): ChainRow => ['x', 'input', { shape }];
const relu: ChainRow[2] = { activation: 'relu' };

/** U-Net as published (Ronneberger et al.): valid convs, centre crops by reference, 2×2 up-convs. */
function unet(size: number): NetworkDocument {
  const rows: ChainRow[] = [x(size, size, 1)];
  const conv = (id: string, filters: number, from?: string): void => {
    const params = { filters, kernelSize: 3, ...relu };
    rows.push(from === undefined ? [id, 'conv', params] : [id, 'conv', params, [from]]);
  };
  const widths = [64, 128, 256, 512];
  for (const [level, filters] of widths.entries()) {
    conv(`d${level}a`, filters);
    conv(`d${level}b`, filters);
    rows.push([`p${level}`, 'pool', { mode: 'max' }]);
  }
  conv('ma', 1024);
  conv('mb', 1024);
  for (const [level, filters] of [...widths.entries()].reverse()) {
    rows.push([`u${level}`, 'upconv', { filters, kernelSize: 2 }]);
    rows.push([`k${level}`, 'crop', {}, [`d${level}b`, `u${level}`]]);
    rows.push([`m${level}`, 'concat', {}, [`k${level}`, `u${level}`]]);
    conv(`e${level}a`, filters);
    conv(`e${level}b`, filters);
  }
  rows.push(['y', 'conv', { filters: 2, kernelSize: 1 }]);
  return chain(rows);
}

function shapesOf(document: NetworkDocument, ids: readonly string[]): (number | null)[] {
  const { nodes } = analyzeNetwork(document);
  return ids.map((id) => nodes.get(id)!.outputShape![0] ?? null);
}

describe("the lecture's own numbers", () => {
  it.each([
    [
      '28×28 under a 5×5 window is 24×24',
      [x(28, 28, 1), ['n', 'conv', { filters: 1, kernelSize: 5 }]],
      [24, 24, 1],
      26,
    ],
    [
      '20 such windows are 520 params',
      [x(28, 28, 1), ['n', 'conv', { filters: 20, kernelSize: 5 }]],
      [24, 24, 20],
      520,
    ],
    ['2×2 pooling turns 24×24 into 12×12', [x(24, 24, 20), ['n', 'pool', { poolSize: 2 }]], [12, 12, 20], 0],
    ['one neuron on 28×28 is 785 params', [x(28, 28, 1), ['n', 'fc', { units: 1 }]], [1], 785],
    ['20 neurons on 28×28 are 15,700', [x(28, 28, 1), ['n', 'fc', { units: 20 }]], [20], 15_700],
    ['GAP has no params', [x(7, 7, 512), ['n', 'gap']], [512], 0],
    ['batch norm has 2 learned and 2 tracked per channel', [x(7, 7, 64), ['n', 'batchnorm']], [7, 7, 64], 256],
  ] as const)('%s', (_, rows, shape, params) => {
    const node = analyzeNetwork(chain(rows as readonly ChainRow[])).nodes.get('n')!;
    expect(node.outputShape).toEqual(shape);
    expect(node.paramCount).toBe(params);
  });

  it('writes the plain case as b = x − a + 1 = 28 − 5 + 1 = 24 and (5·5·1 + 1)·20 = 520', () => {
    const node = analyzeNetwork(chain([x(28, 28, 1), ['n', 'conv', { filters: 20, kernelSize: 5 }]])).nodes.get('n')!;
    const lines = explainNode(node).map(({ formula, numbers, result }) => `${formula} = ${numbers} = ${result}`);
    expect(lines).toContain('b = x − a + 1 = 28 − 5 + 1 = 24');
    expect(lines).toContain('(a·a·cᵢ + 1)·cₒ = (5·5·1 + 1)·20 = 520');
    expect(lines).toContain('a·a·cᵢ·cₒ·b·b = 5·5·1·20·24·24 = 288,000');
  });

  it('an FC on h×w×c and a conv with an h×w kernel have the same params and MACs', () => {
    const fc = analyzeNetwork(chain([x(7, 7, 512), ['n', 'fc', { units: 4096 }]])).totals;
    const conv = analyzeNetwork(chain([x(7, 7, 512), ['n', 'conv', { filters: 4096, kernelSize: 7 }]])).totals;
    expect([fc.params, fc.macs]).toEqual([conv.params, conv.macs]);
    expect(fc.params).toBe(102_764_544);
  });
});

describe('published totals', () => {
  it('LeNet 20-50-500-10 has 431,080 params and 2,293,000 MACs', () => {
    const { totals, nodes } = analyzeNetwork(
      chain([
        x(28, 28, 1),
        ['c1', 'conv', { filters: 20, kernelSize: 5, ...relu }],
        ['p1', 'pool'],
        ['c2', 'conv', { filters: 50, kernelSize: 5, ...relu }],
        ['p2', 'pool'],
        ['f1', 'fc', { units: 500, ...relu }],
        ['f2', 'fc', { units: 10 }],
      ]),
    );
    expect(totals).toMatchObject({ params: 431_080, trainableParams: 431_080, nonTrainableParams: 0, macs: 2_293_000 });
    expect(['c1', 'c2', 'f1', 'f2'].map((id) => nodes.get(id)!.macs)).toEqual([288_000, 1_600_000, 400_000, 5_000]);
  });

  it.each([
    ['32×32', x(32, 32, 1), {}],
    ['28×28 with padding 2', x(28, 28, 1), { padding: 2 }],
  ] as const)(
    'LeNet-5 on %s has 61,706 params, 416,520 MACs and a C5 that sees 32 with jump 4',
    (_, input, padding) => {
      const { totals, nodes } = analyzeNetwork(
        chain([
          input,
          ['c1', 'conv', { filters: 6, kernelSize: 5, ...relu, ...padding }],
          ['s2', 'pool', { mode: 'avg' }],
          ['c3', 'conv', { filters: 16, kernelSize: 5, ...relu }],
          ['s4', 'pool', { mode: 'avg' }],
          ['c5', 'fc', { units: 120, ...relu }],
          ['f6', 'fc', { units: 84, ...relu }],
          ['y', 'fc', { units: 10 }],
        ]),
      );
      expect(totals).toMatchObject({ params: 61_706, macs: 416_520 });
      expect([...nodes.values()].map((node) => node.paramCount)).toEqual([0, 156, 0, 2_416, 0, 48_120, 10_164, 850]);
      expect(nodes.get('c5')!.receptiveField).toMatchObject({ size: [32, 32], jump: [4, 4], global: true });
    },
  );

  it('U-Net has 31,030,658 params and 150,428,424,448 MACs at 572, and gives 388', () => {
    const document = unet(572);
    const { ok, totals, nodes, diagnostics } = analyzeNetwork(document);
    expect([ok, diagnostics]).toEqual([true, []]);
    expect(totals).toMatchObject({ params: 31_030_658, macs: 150_428_424_448 });
    expect(nodes.get('y')!.outputShape).toEqual([388, 388, 2]);
    expect(nodes.get('mb')!.receptiveField).toMatchObject({ size: [140, 140], jump: [16, 16] });
  });

  it('U-Net runs 572-570-568, 284-282-280, ..., 392-390-388', () => {
    const down = [0, 1, 2, 3].flatMap((level) => [`d${level}a`, `d${level}b`, `p${level}`]);
    const up = [3, 2, 1, 0].flatMap((level) => [`u${level}`, `e${level}a`, `e${level}b`]);
    expect(shapesOf(unet(572), ['x', ...down, 'ma', 'mb', ...up])).toEqual([
      ...[572, 570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28],
      ...[56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388],
    ]);
  });
});

describe('where frameworks disagree', () => {
  it.each([
    ['conv 224, k 7, s 2, 3+3', 224, 'conv', { filters: 1, kernelSize: 7, strides: 2, padding: 3 }, 112],
    ['conv 224, k 7, s 2, same', 224, 'conv', { filters: 1, kernelSize: 7, strides: 2, padding: 'same' }, 112],
    ['conv 55, k 3, d 2, valid', 55, 'conv', { filters: 1, kernelSize: 3, dilationRate: 2 }, 51],
    ['pool 112, k 3, s 2, floor', 112, 'pool', { poolSize: 3, strides: 2 }, 55],
    ['pool 112, k 3, s 2, ceil', 112, 'pool', { poolSize: 3, strides: 2, rounding: 'ceil' }, 56],
    ['pool 112, k 3, s 2, same', 112, 'pool', { poolSize: 3, strides: 2, padding: 'same' }, 56],
    [
      'pool 4, k 2, s 3, ceil: a last window outside does not count',
      4,
      'pool',
      { poolSize: 2, strides: 3, rounding: 'ceil' },
      2,
    ],
    ['pool 3, k 1, s 3, ceil', 3, 'pool', { poolSize: 1, strides: 3, rounding: 'ceil' }, 1],
    ['up-conv 4, k 2, s 3', 4, 'upconv', { filters: 1, kernelSize: 2, strides: 3 }, 11],
    ['up-conv 4, k 2, s 3, same', 4, 'upconv', { filters: 1, kernelSize: 2, strides: 3, padding: 'same' }, 12],
    ['up-conv 12, k 3, s 2, p 1', 12, 'upconv', { filters: 1, kernelSize: 3, padding: 1 }, 23],
    ['up-conv 12, k 3, s 2, p 1, op 1', 12, 'upconv', { filters: 1, kernelSize: 3, padding: 1, outputPadding: 1 }, 24],
    ['up-conv 16, k 64, s 32 (FCN-32s)', 16, 'upconv', { filters: 1, kernelSize: 64, strides: 32 }, 544],
    ['up-conv 34, k 32, s 16 (FCN-16s)', 34, 'upconv', { filters: 1, kernelSize: 32, strides: 16 }, 560],
    ['up-conv 70, k 16, s 8 (FCN-8s)', 70, 'upconv', { filters: 1, kernelSize: 16, strides: 8 }, 568],
  ] as const)('%s', (_, length, kind, params, result) => {
    const { nodes } = analyzeNetwork(chain([x(length, length, 3), ['n', kind, params]]));
    expect(nodes.get('n')!.outputShape!.slice(0, 2)).toEqual([result, result]);
  });

  it("puts the odd pixel of 'same' on the right and bottom: 224, k 7, s 2 pads 2 and 3", () => {
    const params = { filters: 1, kernelSize: 7, strides: 2, padding: 'same' };
    const { nodes } = analyzeNetwork(chain([x(224, 224, 3), ['n', 'conv', params]]));
    expect(explainNode(nodes.get('n')!).map(({ result }) => result)).toContain('2, 3, 2, 3');
  });

  it('FCN pools 500 with padding 100 to 698, 349, 175, 88, 44, 22 and fc6 to 16', () => {
    const rows: ChainRow[] = [x(500, 500, 3), ['c', 'conv', { filters: 4, kernelSize: 3, padding: 100, ...relu }]];
    for (let level = 1; level <= 5; level++) rows.push([`p${level}`, 'pool', { rounding: 'ceil' }]);
    rows.push(['fc6', 'conv', { filters: 8, kernelSize: 7, ...relu }]);
    expect(shapesOf(chain(rows), ['c', 'p1', 'p2', 'p3', 'p4', 'p5', 'fc6'])).toEqual([698, 349, 175, 88, 44, 22, 16]);
  });
});

describe('which input sizes a network takes', () => {
  it('U-Net loses nothing for N = 12 mod 16 from 188 on, and works from 188 on', () => {
    const lossless = solveInputSizes(unet(572), 'x', 0, 'lossless');
    expect(lossless).toMatchObject({ classes: [{ min: 188, period: 16 }], proven: true });
    expect(188 % 16).toBe(12);
    expect(nearestInputSizes(lossless, 570)).toEqual({ below: 556, above: 572 });
    expect(isValidInputSize(lossless, 572)).toBe(true);
    expect(solveInputSizes(unet(572), 'x', 0)).toMatchObject({ classes: [{ min: 188, period: 1 }], proven: true });
  });

  it('agrees with analysing every size of U-Net up to 260 itself', () => {
    const lossless = solveInputSizes(unet(572), 'x', 1, 'lossless');
    const works = solveInputSizes(unet(572), 'x', 1);
    for (let size = 1; size <= 260; size++) {
      const { ok, diagnostics } = analyzeNetwork(unet(size));
      expect([size, isValidInputSize(works, size)]).toEqual([size, ok]);
      expect([size, isValidInputSize(lossless, size)]).toEqual([size, diagnostics.length === 0]);
    }
  });

  it.each([1, 2, 3, 4])('same padding and %i pools take multiples of 2^L', (pools) => {
    const rows: ChainRow[] = [x(64, 64, 1)];
    for (let level = 0; level < pools; level++) {
      rows.push([`c${level}`, 'conv', { filters: 4, kernelSize: 3, padding: 'same', ...relu }], [`p${level}`, 'pool']);
    }
    for (let level = pools - 1; level >= 0; level--) {
      rows.push(
        [`u${level}`, 'upconv', { filters: 4, kernelSize: 2 }],
        [`m${level}`, 'concat', {}, [`c${level}`, `u${level}`]],
      );
    }
    const sizes = solveInputSizes(chain(rows), 'x', 0);
    expect(sizes).toMatchObject({ classes: [{ min: 2 ** pools, period: 2 ** pools }], proven: true });
  });

  it('a map that is cut into blocks takes multiples of them', () => {
    const sizes = solveInputSizes(chain([x(8, 8, 3), ['d', 'spaceToDepth', { blockSize: 4 }]]), 'x', 0);
    expect(sizes).toMatchObject({ classes: [{ min: 4, period: 4 }], proven: true });
  });

  it('an output size brings any picture to the same FC', () => {
    const network = (side: number): NetworkDocument =>
      chain([
        x(side, side, 3),
        ['c', 'conv', { filters: 8, kernelSize: 3 }],
        ['p', 'pool', { mode: 'avg', outputSize: 6 }],
        ['f', 'fc', { units: 10 }],
      ]);
    expect(solveInputSizes(network(32), 'x', 0)).toMatchObject({ classes: [{ min: 3, period: 1 }], proven: true });
    for (const side of [4, 20, 63]) expect(analyzeNetwork(network(side)).totals.params).toBe(28 * 8 + 289 * 10);
  });

  it('finds the few sizes at which branches of unequal rates meet', () => {
    const document = chain([
      x(8, 8, 1),
      ['p', 'pool'],
      ['k', 'crop', { top: 4, left: 4 }, ['x']],
      ['s', 'add', {}, ['p', 'k']],
    ]);
    const sizes = solveInputSizes(document, 'x', 0);
    expect(sizes.proven).toBe(false);
    // At 5 the crop leaves one position, which is stretched over the two of the pool.
    expect(sizes.classes.map(({ min }) => min)).toEqual([5, 7, 8]);
  });

  it('takes any size for a map that a whole channel of it weighs', () => {
    const document = chain([
      x(8, 8, 4),
      ['c', 'conv', { filters: 4, kernelSize: 3 }],
      ['g', 'gap'],
      ['w', 'multiply', {}, ['g', 'c']],
    ]);
    expect(solveInputSizes(document, 'x', 0)).toMatchObject({ classes: [{ min: 3, period: 1 }], proven: true });
  });

  it('tells a single size at which a branch of one position is stretched from those that go on', () => {
    const document = chain([
      x(8, 8, 4),
      ['c', 'conv', { filters: 4, kernelSize: 3 }],
      ['k', 'crop', { top: 1, bottom: 2, left: 1, right: 2 }, ['x']],
      ['s', 'add', {}, ['c', 'k']],
    ]);
    const sizes = solveInputSizes(document, 'x', 0);
    expect(sizes).toMatchObject({ classes: [{ min: 4, period: 0 }], proven: true });
  });
});
