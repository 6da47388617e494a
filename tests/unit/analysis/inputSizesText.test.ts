import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { explainNode } from '../../../shared/analysis/explainNode';
import { explainLargestBatch, explainMemory, explainTotals } from '../../../shared/analysis/explainTotals';
import { solveInputSizes, type InputSizes } from '../../../shared/analysis/inputSizes';
import { describeInputSizes } from '../../../shared/analysis/inputSizesText';
import { estimateTrainingMemory } from '../../../shared/analysis/memory';
import { chain, type ChainRow } from '../../support/chain';

describe('describeInputSizes', () => {
  const sizes = (classes: InputSizes['classes'], proven = true): InputSizes => ({ classes, proven, searched: 4096 });
  it.each<readonly [InputSizes, string, string]>([
    [sizes([]), 'no size fits', '没有合适的大小'],
    [sizes([{ min: 1, period: 1 }]), 'any size', '任意大小'],
    [sizes([{ min: 188, period: 1 }]), 'any size from 188', '188 起的任意大小'],
    [sizes([{ min: 188, period: 16 }]), '12 mod 16, from 188', '模 16 余 12，从 188 起'],
    [sizes([{ min: 32, period: 32 }]), 'multiples of 32', '32 的倍数'],
    [sizes([{ min: 64, period: 32 }]), 'multiples of 32, from 64', '32 的倍数，从 64 起'],
    [
      sizes([63, 64, 65].map((min) => ({ min, period: 32 }))),
      '0, 1 or 31 mod 32, from 63',
      '模 32 余 0、1、31，从 63 起',
    ],
    [
      sizes(Array.from({ length: 8 }, (_, index) => ({ min: 20 + index, period: 16 }))),
      '8 of 16 remainders mod 16, from 20',
      '模 16 的 8 种余数，从 20 起',
    ],
    [
      sizes([
        { min: 3, period: 4 },
        { min: 9, period: 4 },
      ]),
      '3 mod 4 from 3; 1 mod 4 from 9',
      '从 3 起模 4 余 3；从 9 起模 4 余 1',
    ],
    [sizes([{ min: 5, period: 0 }], false), 'only 5 (tried up to 4,096)', '只有 5（试到 4,096 为止）'],
  ])('says %j as "%s"', (found, en, zh) => {
    expect(describeInputSizes(found)).toEqual({ en, zh });
  });
});

describe('solveInputSizes', () => {
  it('proves a large smallest size without trying all below', () => {
    const rows: ChainRow[] = [['x', 'input', { shape: [null, null, 1] }]];
    for (let index = 0; index < 900; index++) rows.push([`c${index}`, 'conv', { filters: 1, kernelSize: 21 }]);
    const sizes = solveInputSizes(chain(rows), 'x', 0);
    expect(sizes).toEqual({ classes: [{ min: 18_001, period: 1 }], proven: true, searched: 65_536 });
  });

  it('solves one of several inputs with the others as they are', () => {
    const document = chain([
      ['a', 'input', { shape: [28, 28, 1] }],
      ['b', 'input', { shape: [28, 28, 1] }],
      ['y', 'concat', {}, ['a', 'b']],
      ['c', 'conv', { filters: 2, kernelSize: 3 }],
    ]);
    expect(analyzeNetwork(document).ok).toBe(true);
    for (const id of ['a', 'b']) expect(solveInputSizes(document, id, 0).classes).toEqual([{ min: 28, period: 0 }]);
  });

  it('lets inputs that meet as lists only be of any size', () => {
    const document = chain([
      ['a', 'input', { shape: [28, 28, 1] }],
      ['b', 'input', { shape: [20, 20, 3] }],
      ['g', 'gap', {}, ['a']],
      ['h', 'gap', {}, ['b']],
      ['y', 'concat', {}, ['g', 'h']],
    ]);
    expect(solveInputSizes(document, 'a', 0)).toMatchObject({ classes: [{ min: 1, period: 1 }], proven: true });
  });

  it('finds none where the smallest would be beyond the format', () => {
    const rows: ChainRow[] = [['x', 'input', { shape: [null, null, 1] }]];
    for (let index = 0; index < 17; index++) rows.push([`c${index}`, 'conv', { filters: 1, kernelSize: 4096 }]);
    expect(solveInputSizes(chain(rows), 'x', 0)).toMatchObject({ classes: [], proven: true });
  });
});

describe('totals that open into their formula', () => {
  const lenet = analyzeNetwork(
    chain([
      ['x', 'input', { shape: [28, 28, 1] }],
      ['c1', 'conv', { filters: 20, kernelSize: 5, activation: 'relu' }],
      ['p1', 'pool', { poolSize: 2 }],
      ['c2', 'conv', { filters: 50, kernelSize: 5, activation: 'relu' }],
      ['p2', 'pool', { poolSize: 2 }],
      ['f1', 'fc', { units: 500, activation: 'relu' }],
      ['f2', 'fc', { units: 10 }],
    ]),
  );

  it("adds LeNet's parameters up", () => {
    const { params, weightBytes } = explainTotals(lenet);
    expect(params).toMatchObject({ numbers: '520 + 25,050 + 400,500 + 5,010', result: '431,080' });
    expect(weightBytes).toMatchObject({ numbers: '4·431,080', result: '1,724,320' });
  });

  it('adds long sums up by kind, the largest first', () => {
    const rows: ChainRow[] = [['x', 'input', { shape: [28, 28, 1] }]];
    for (let index = 0; index < 8; index++) {
      rows.push([`c${index}`, 'conv', { filters: 1, kernelSize: 3, activation: 'relu' }]);
    }
    const { params } = explainTotals(analyzeNetwork(chain([...rows, ['f', 'fc', { units: 10 }]])));
    expect(params).toMatchObject({ numbers: 'FC 1,450 + Conv 80', result: '1,530' });
  });

  it('has lines that add up to the training memory', () => {
    const memory = estimateTrainingMemory(lenet, 20, 'adam')!;
    const lines = explainMemory(lenet, memory, 20, 'adam');
    const sum = lines.reduce((total, { result }) => total + Number(result.replaceAll(',', '')), 0);
    expect(sum).toBe(memory.totalBytes);
    for (const { numbers, result } of lines) {
      const product = numbers.split('·').reduce((total, factor) => total * Number(factor.replaceAll(',', '')), 1);
      expect(product).toBe(Number(result.replaceAll(',', '')));
    }
  });

  it('derives the largest batch from what is left', () => {
    const largest = explainLargestBatch(lenet, 'sgd', 10_000_000)!;
    const [available = 0, fixed = 0, each = 1] = largest.explanation.numbers
      .match(/[\d,]+/g)!
      .map((part) => Number(part.replaceAll(',', '')));
    expect(largest.batchSize).toBe(Math.floor((available - fixed) / each));
    expect(available).toBe(10_000_000);
  });
});

describe('the union of branches', () => {
  it('opens into first and last pixels', () => {
    const document = chain([
      ['x', 'input', { shape: [9, 9, 1] }],
      ['a', 'conv', { filters: 2, kernelSize: 3, padding: 'same' }],
      ['b', 'conv', { filters: 2, kernelSize: 5, padding: 'same' }, ['x']],
      ['y', 'concat', {}, ['a', 'b']],
    ]);
    const node = analyzeNetwork(document).nodes.get('y')!;
    expect(node.receptiveField).toMatchObject({ size: [5, 5], union: true });
    expect(explainNode(node).filter(({ about }) => about === 'receptiveField')).toMatchObject([
      { numbers: 'max(1, 2) − min(−1, −2) + 1', result: '5' },
    ]);
  });
});
