import { describe, expect, it } from 'vitest';
import { alignBranches } from '../../../shared/analysis/alignment';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { readInDialect, type Dialect } from '../../../shared/analysis/dialects';
import { estimateTrainingMemory, largestBatchSize } from '../../../shared/analysis/memory';
import { solveOutputPadding } from '../../../shared/analysis/outputPadding';
import { checkTraining, taskOf, type TrainingData } from '../../../shared/compile/trainingChecks';
import { applyFix } from '../../../shared/analysis/fixes';
import { chain, type ChainRow } from '../../support/chain';

const x = (...shape: (number | null)[]): ChainRow => ['x', 'input', { shape }];
const conv = (id: string, params: ChainRow[2] = {}, from?: readonly string[]): ChainRow => {
  const all = { filters: 4, kernelSize: 3, activation: 'relu', ...params };
  return from === undefined ? [id, 'conv', all] : [id, 'conv', all, from];
};

describe('dialects', () => {
  const theirs = (rows: readonly ChainRow[], dialect: Dialect): Record<string, number | null | undefined> =>
    Object.fromEntries(
      readInDialect(chain(rows), dialect).map((difference) => [difference.nodeId, difference.theirs?.[0]]),
    );

  it.each<readonly [string, readonly ChainRow[], Dialect, Record<string, number | null>]>([
    [
      'pool 112, k 3, s 2 is 56 in Caffe',
      [x(112, 112, 3), ['p', 'pool', { poolSize: 3, strides: 2 }]],
      'caffe',
      { p: 56 },
    ],
    ['and 55 in PyTorch, as here', [x(112, 112, 3), ['p', 'pool', { poolSize: 3, strides: 2 }]], 'pytorch', {}],
    [
      'rounding up is 55 in TensorFlow',
      [x(112, 112, 3), ['p', 'pool', { poolSize: 3, strides: 2, rounding: 'ceil' }]],
      'tensorflow',
      { p: 55 },
    ],
    [
      'up-conv 4, k 2, s 3 is 12 in TensorFlow',
      [x(4, 4, 1), ['u', 'upconv', { filters: 1, kernelSize: 2, strides: 3 }]],
      'tensorflow',
      { u: 12 },
    ],
    [
      'and 11 in PyTorch and Caffe',
      [x(4, 4, 1), ['u', 'upconv', { filters: 1, kernelSize: 2, strides: 3 }]],
      'caffe',
      {},
    ],
    [
      "'same' 224, k 7, s 2 pads 3+3 in PyTorch",
      [x(224, 224, 3), conv('c', { kernelSize: 7, strides: 2, padding: 'same' })],
      'pytorch',
      { c: 112 },
    ],
    ["'same' with stride 1 is the same everywhere", [x(224, 224, 3), conv('c', { padding: 'same' })], 'pytorch', {}],
    [
      'outputPadding is a Crop in Caffe',
      [x(12, 12, 1), ['u', 'upconv', { filters: 1, kernelSize: 3, padding: 1, outputPadding: 1 }]],
      'caffe',
      { u: 23 },
    ],
  ])('%s', (_, rows, dialect, expected) => {
    expect(theirs(rows, dialect)).toEqual(expected);
  });

  it('marks nodes that only get another size from above', () => {
    const rows = [x(112, 112, 3), ['p', 'pool', { poolSize: 3, strides: 2 }], conv('c')] as const;
    expect(readInDialect(chain(rows), 'caffe').map(({ nodeId, inherited }) => [nodeId, inherited])).toEqual([
      ['p', false],
      ['c', true],
    ]);
  });
});

describe('memory', () => {
  const lenet = analyzeNetwork(chain([x(8, 8, 1), conv('c'), ['f', 'fc', { units: 10 }]]));
  const weights = 40 + (144 + 1) * 10;

  it('adds weights, gradients, slots and the batch', () => {
    const memory = estimateTrainingMemory(lenet, 32, 'adam')!;
    expect(memory).toMatchObject({ weightBytes: weights * 4, gradientBytes: weights * 4, optimizerBytes: weights * 8 });
    expect(memory.activationBytes).toBe((64 + 144 + 10) * 4 * 32);
    expect(memory.flowBytes).toBe((64 + 144) * 4 * 32);
    expect(estimateTrainingMemory(lenet, 1, 'sgd')!.optimizerBytes).toBe(0);
  });

  it('finds the largest batch that fits, and 0 where none does', () => {
    const bytes = estimateTrainingMemory(lenet, 77, 'adam')!.totalBytes;
    expect(largestBatchSize(lenet, 'adam', bytes)).toBe(77);
    expect(largestBatchSize(lenet, 'adam', bytes - 1)).toBe(76);
    expect(largestBatchSize(lenet, 'adam', 100)).toBe(0);
  });

  it('says nothing of a network with open sizes', () => {
    const open = analyzeNetwork(chain([x(null, null, 1), conv('c')]));
    expect(estimateTrainingMemory(open, 1, 'sgd')).toBeNull();
  });
});

describe('outputPadding', () => {
  const upconv = (params: ChainRow[2]) =>
    analyzeNetwork(
      chain([x(12, 12, 1), ['u', 'upconv', { filters: 1, kernelSize: 3, padding: 1, ...params }]]),
    ).nodes.get('u')!;
  it.each([
    [{}, [23, 23], [0, 0]],
    [{}, [24, 23], [1, 0]],
    [{}, [25, 25], null],
    [{}, [22, 22], null],
    [{ strides: 1, dilationRate: 3 }, [18, 17], [2, 1]],
    [{ padding: 'same' }, [24, 24], null],
  ] as const)('with %o, %o comes from %o', (params, wanted, expected) => {
    expect(solveOutputPadding(upconv(params), wanted)).toEqual(expected);
  });
});

describe('alignment', () => {
  it('lays the centre crop of a valid U-Net exactly over the way up', () => {
    const document = chain([
      x(44, 44, 1),
      conv('d'),
      ['p', 'pool'],
      conv('m'),
      ['u', 'upconv', { filters: 4, kernelSize: 2 }],
      ['k', 'crop', {}, ['d', 'u']],
      ['y', 'concat', {}, ['k', 'u']],
    ]);
    const [rows] = alignBranches(analyzeNetwork(document), 'k')!;
    expect(rows!.cropStart).toBe(2);
    expect(rows!.branches.map(({ trail }) => trail.map(({ length }) => length))).toEqual([
      [44, 42],
      [44, 42, 21, 19, 38],
    ]);
    expect(rows!.offsets).toEqual([0, 0]);
    expect(alignBranches(analyzeNetwork(document), 'y')![1]!.offsets).toEqual([0, 0]);
    expect(alignBranches(analyzeNetwork(document), 'p')).toBeNull();
  });

  it('shows nothing where one branch is stretched over the other', () => {
    const document = chain([
      x(44, 44, 4),
      conv('c', { padding: 'same' }),
      ['g', 'gap', { keepDims: true }],
      ['w', 'multiply', {}, ['c', 'g']],
      ['s', 'add', {}, ['w', 'x']],
    ]);
    const analysis = analyzeNetwork(document);
    expect(analysis.ok).toBe(true);
    expect(alignBranches(analysis, 'w')).toBeNull();
    expect(alignBranches(analysis, 's')).not.toBeNull();
  });

  it('shows a crop from the corner as shifted', () => {
    const document = chain([x(44, 44, 1), conv('c', { kernelSize: 5 }), ['k', 'crop', { offset: 0 }, ['x', 'c']]]);
    expect(alignBranches(analyzeNetwork(document), 'k')![0]!.offsets).toEqual([0, 2]);
  });
});

describe('checkTraining', () => {
  const digits: TrainingData = {
    task: 'classification',
    inputShape: [28, 28, 1],
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
  const pixels: TrainingData = { task: 'segmentation', inputShape: [92, 92, 1], classes: ['ground', 'digit'] };
  const prices: TrainingData = { task: 'regression', inputShape: [4], classes: [] };
  const stars: TrainingData = {
    task: 'classification',
    inputShape: [4],
    classes: ['1', '2', '3', '4', '5'],
    hasNumberClasses: true,
  };
  const cases: readonly (readonly [string, readonly ChainRow[], TrainingData, string, string | undefined])[] = [
    [
      'three values where there is one to learn',
      [
        ['x', 'input', { shape: [4] }],
        ['f', 'fc', { units: 3 }],
      ],
      prices,
      'train/value-count',
      'f',
    ],
    ['an image where there is one value to learn', [x(8, 8, 1), conv('c')], prices, 'train/value-count', 'c'],
    [
      'classes that are not the units of the head',
      [x(28, 28, 1), ['f', 'fc', { units: 6 }]],
      digits,
      'train/class-count',
      'f',
    ],
    ['no FC or GAP before the loss', [x(28, 28, 1), conv('c')], digits, 'train/head-is-image', 'c'],
    ['channels first', [x(1, 28, 28), ['f', 'fc', { units: 10 }]], digits, 'train/channels-first', 'x'],
    [
      'softmax before cross-entropy',
      [x(28, 28, 1), ['f', 'fc', { units: 10 }], ['s', 'activation', { function: 'softmax' }]],
      digits,
      'train/softmax-twice',
      's',
    ],
    [
      'softmax inside the head',
      [x(28, 28, 1), ['f', 'fc', { units: 10, activation: 'softmax' }]],
      digits,
      'train/softmax-twice',
      'f',
    ],
    [
      'an answer for the middle of the picture only',
      [x(92, 92, 1), conv('a'), ['p', 'pool'], conv('b'), ['u', 'upconv', { filters: 2, kernelSize: 2 }]],
      pixels,
      'train/labels-larger',
      'u',
    ],
  ];
  it.each(cases)('warns of %s', (_, rows, data, code, nodeId) => {
    const document = chain(rows);
    const findings = checkTraining(document, analyzeNetwork(document), data);
    expect(findings.map((finding) => [finding.code, finding.at.nodeId])).toEqual([[code, nodeId]]);
  });

  it.each(cases)('mends %s with every fix that it offers', (_, rows, data, code) => {
    const document = chain(rows);
    const [finding] = checkTraining(document, analyzeNetwork(document), data);
    expect(finding!.fixes.length).toBeGreaterThanOrEqual(1);
    for (const fix of finding!.fixes) {
      const fixed = applyFix(document, fix);
      if (!fixed.ok) throw new Error(fix.title.en);
      const analysis = analyzeNetwork(fixed.value);
      expect(analysis.ok).toBe(true);
      expect(checkTraining(fixed.value, analysis, data).map((left) => left.code)).not.toContain(code);
    }
  });

  it('takes open sizes at those of the data, and is silent about what fits', () => {
    const document = chain([x(null, null, 1), conv('c'), ['g', 'gap'], ['f', 'fc', { units: 10 }]]);
    expect(checkTraining(document, analyzeNetwork(document), digits)).toEqual([]);
  });

  it.each([
    [1, 'meanSquaredError', []],
    [5, 'meanSquaredError', []],
    [5, 'auto', []],
    [1, 'auto', ['train/class-count']],
    [3, 'meanSquaredError', ['train/class-count']],
  ] as const)('takes one to five stars with %i units and the loss %s as they can be learned', (units, loss, codes) => {
    const document = chain([
      ['x', 'input', { shape: [4] }],
      ['f', 'fc', { units }],
    ]);
    const analysis = analyzeNetwork(document);
    expect(checkTraining(document, analysis, stars, { loss }).map(({ code }) => code)).toEqual(codes);
    expect(taskOf(analysis, stars, { loss })).toBe(units === 1 && loss !== 'auto' ? 'regression' : 'classification');
  });

  it.each([
    ['segmentation', 'classification', 'classes', [x(28, 28, 1), ['f', 'fc', { units: 2 }]]],
    ['classification', 'segmentation', 'masks', [x(28, 28, 1), conv('c')]],
  ] as const)(
    'offers to learn annotations of %s as %s where the network answers so',
    (task, otherTask, annotations, rows) => {
      const document = chain(rows);
      const data = { task, otherTask, inputShape: [28, 28, 1], classes: ['ground', 'digit'] };
      const [finding] = checkTraining(document, analyzeNetwork(document), data);
      expect(finding?.fixes[0]?.edits).toEqual([{ type: 'setTraining', train: { annotations } }]);
    },
  );

  it('leaves a broken network to its own findings', () => {
    const document = chain([x(28, 28, 1), conv('c', { kernelSize: 99 })]);
    expect(checkTraining(document, analyzeNetwork(document), digits)).toEqual([]);
  });
});
