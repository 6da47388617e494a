import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { compileInference, compileTraining } from '../../../shared/compile/compile';
import type { TrainingOptions } from '../../../shared/compile/compile';
import type { TrainingTask } from '../../../shared/compile/losses';
import { checkProgram } from '../../../shared/ops/check';
import { elementCount } from '../../../shared/ops/tensor';
import { chain } from '../../support/chain';
import type { ChainRow } from '../../support/chain';

const tenClasses: TrainingTask = { kind: 'classification', classCount: 10 };
const threeClassesPerPixel: TrainingTask = { kind: 'segmentation', classCount: 3 };
const numbers: TrainingTask = { kind: 'regression', classCount: 0 };

function options(task: TrainingTask, changes: Partial<TrainingOptions> = {}): TrainingOptions {
  return { task, optimizer: 'adam', learningRate: 0.001, momentum: 0.9, loss: 'auto', seed: 1, ...changes };
}

function compile(rows: readonly ChainRow[], task: TrainingTask, changes: Partial<TrainingOptions> = {}) {
  const document = chain(rows);
  return compileTraining(document, analyzeNetwork(document), options(task, changes));
}

function compiled(rows: readonly ChainRow[], task: TrainingTask, changes: Partial<TrainingOptions> = {}) {
  const result = compile(rows, task, changes);
  if (!result.ok) throw new Error(result.diagnostics.map((diagnostic) => diagnostic.summary.en).join('\n'));
  return result.value;
}

const lenet: readonly ChainRow[] = [
  ['image', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 20, kernelSize: 5 }],
  ['a1', 'activation', { function: 'relu' }],
  ['p1', 'pool', { mode: 'max', poolSize: 2 }],
  ['c2', 'conv', { filters: 50, kernelSize: 5, activation: 'relu' }],
  ['p2', 'pool', { mode: 'max', poolSize: 2 }],
  ['f1', 'fc', { units: 500, activation: 'relu' }],
  ['f2', 'fc', { units: 10 }],
];

describe('compileTraining', () => {
  const { program, weights, slots, stepInputs, inputNode, outputNode, loss } = compiled(lenet, tenClasses);
  const { trainStep, evaluate, predict } = program.functions;

  it('names weights by node and gives them 431,080 numbers in LeNet', () => {
    expect(weights.map((weight) => weight.name)).toEqual(
      ['c1', 'c2', 'f1', 'f2'].flatMap((id) => [`${id}/kernel`, `${id}/bias`]),
    );
    const count = weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    expect(count).toBe(431_080);
    expect([inputNode, outputNode, loss]).toEqual(['image', 'f2', 'crossEntropy']);
  });

  it('feeds images, whole-number labels and the scalars of Adam to trainStep', () => {
    expect(trainStep!.inputs).toEqual([
      { name: 'x', shape: ['batch', 28, 28, 1], dtype: 'float32' },
      { name: 'y', shape: ['batch'], dtype: 'int32' },
      { name: 'learningRate', shape: [], dtype: 'float32' },
      { name: 'beta1Power', shape: [], dtype: 'float32' },
      { name: 'beta2Power', shape: [], dtype: 'float32' },
    ]);
    expect(Object.keys(trainStep!.outputs)).toEqual(['loss', 'correct']);
    expect(Object.keys(evaluate!.outputs)).toEqual(['lossSum', 'correct']);
    expect(Object.keys(predict!.outputs)).toEqual(['scores', 'output']);
    expect(stepInputs(3).beta1Power!.data[0]).toBeCloseTo(0.9 ** 3, 6);
    expect(stepInputs(3).learningRate!.data[0]).toBeCloseTo(0.001, 8);
  });

  it('keeps two slots per weight for Adam and updates every weight', () => {
    expect(slots.map((slot) => slot.name).slice(0, 2)).toEqual(['c1/kernel/m', 'c1/kernel/v']);
    expect(program.variables).toHaveLength(8 + 16);
    expect(trainStep!.updates.map((update) => [update.kind, update.variable])).toEqual(
      weights.map((weight) => ['adam', weight.name]),
    );
  });

  it('builds no gradient towards the image, and takes the slope of ReLU from its output', () => {
    const ops = trainStep!.nodes.map((node) => node.op);
    const count = (name: string) => ops.filter((op) => op === name).length;
    expect([count('conv2d'), count('conv2dFilterGrad'), count('conv2dInputGrad')]).toEqual([2, 2, 1]);
    expect([count('softmaxCrossEntropy'), count('softmaxCrossEntropyGrad'), count('softmax')]).toEqual([1, 1, 0]);
    for (const node of trainStep!.nodes)
      if (node.op === 'step') expect(trainStep!.nodes[node.inputs[0]!]!.op).toBe('relu');
  });

  it.each([
    ['activation node', [['s', 'activation', { function: 'softmax' }]]],
    ['activation of the last layer', []],
  ] satisfies [string, ChainRow[]][])('takes the values before a final softmax (%s)', (_, last) => {
    const rows =
      last.length > 0 ? lenet : [...lenet.slice(0, -1), ['f2', 'fc', { units: 10, activation: 'softmax' }] as ChainRow];
    const { functions } = compiled([...rows, ...last], tenClasses).program;
    const step = functions.trainStep!;
    const entropy = step.nodes.find((node) => node.op === 'softmaxCrossEntropy');
    expect(step.nodes[entropy!.inputs[0]!]!.op).toBe('add');
    // The probabilities are the node's own: one softmax, not one of another.
    expect(functions.predict!.outputs.scores).toBe(functions.predict!.outputs.output);
  });

  it('accepts a fully convolutional head that ends in 1x1 maps', () => {
    const rows: readonly ChainRow[] = [...lenet.slice(0, 6), ['f', 'conv', { filters: 10, kernelSize: 4 }]];
    expect(compiled(rows, tenClasses).program.functions.predict!.nodes.at(-1)!.shape).toEqual(['batch', 10]);
  });

  it('compiles per-pixel tasks with labels per pixel and counts per class', () => {
    const rows: readonly ChainRow[] = [
      ['image', 'input', { shape: [8, 8, 1] }],
      ['c1', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }],
      ['p1', 'pool'],
      ['u1', 'upconv', { filters: 3, kernelSize: 2 }],
    ];
    const { functions } = compiled(rows, threeClassesPerPixel).program;
    expect(functions.trainStep!.inputs[1]).toEqual({ name: 'y', shape: ['batch', 8, 8], dtype: 'int32' });
    expect(Object.keys(functions.evaluate!.outputs)).toEqual(['lossSum', 'correct', 'intersection', 'union']);
    expect(functions.evaluate!.nodes[functions.evaluate!.outputs.union!]!.shape).toEqual([3]);
  });

  it('compares numbers by the mean squared error, and classes with one-hot targets when asked to', () => {
    const rows: readonly ChainRow[] = [
      ['x', 'input', { shape: [4] }],
      ['f', 'fc', { units: 10, activation: 'sigmoid' }],
    ];
    const regression = compiled(rows, numbers).program.functions.trainStep!;
    expect(regression.inputs[1]).toEqual({ name: 'y', shape: ['batch', 10], dtype: 'float32' });
    expect(Object.keys(regression.outputs)).toEqual(['loss']);
    const quadratic = compiled(rows, tenClasses, { loss: 'meanSquaredError' }).program.functions.trainStep!;
    expect(quadratic.nodes.some((node) => node.op === 'oneHot')).toBe(true);
    expect(quadratic.nodes.some((node) => node.op === 'softmax' || node.op === 'softmaxCrossEntropy')).toBe(false);
  });

  it('moves batch norm statistics while training and never by a gradient', () => {
    const rows: readonly ChainRow[] = [
      ['image', 'input', { shape: [6, 6, 1] }],
      ['c', 'conv', { filters: 2, kernelSize: 3, useBias: false }],
      ['b', 'batchnorm'],
      ['f', 'fc', { units: 10 }],
    ];
    const { program: withNorm, slots: slotsOfNorm } = compiled(rows, tenClasses);
    const updated = withNorm.functions.trainStep!.updates.map((update) => [update.kind, update.variable]);
    expect(updated).toContainEqual(['assign', 'b/movingMean']);
    expect(updated).toContainEqual(['assign', 'b/movingVariance']);
    expect(updated).toContainEqual(['adam', 'b/gamma']);
    expect(slotsOfNorm.some((slot) => slot.name.startsWith('b/moving'))).toBe(false);
    expect(withNorm.functions.evaluate!.updates).toEqual([]);
  });

  it('trains the chosen one of two outputs, and only what it depends on', () => {
    const rows: readonly ChainRow[] = [
      ['image', 'input', { shape: [4, 4, 1] }],
      ['a', 'fc', { units: 10 }],
      ['b', 'fc', { units: 10 }, ['image']],
    ];
    const chosen = compiled(rows, tenClasses, { output: 'b' });
    expect(chosen.weights.map((weight) => weight.nodeId)).toEqual(['b', 'b']);
  });
});

describe('compileTraining refuses', () => {
  const head: readonly ChainRow[] = [
    ['image', 'input', { shape: [8, 8, 1] }],
    ['c', 'conv', { filters: 4, kernelSize: 3 }],
  ];
  const rows: readonly [
    string,
    readonly ChainRow[],
    TrainingTask,
    Partial<TrainingOptions>,
    string,
    string | undefined,
  ][] = [
    ['an image where a class is wanted', head, tenClasses, {}, 'train/head-is-image', 'c'],
    ['6 units for 10 classes', [...head, ['f', 'fc', { units: 6 }]], tenClasses, {}, 'train/class-count', 'f'],
    [
      '6 units for 10 classes before a softmax',
      [...head, ['f', 'fc', { units: 6 }], ['s', 'activation', { function: 'softmax' }]],
      tenClasses,
      {},
      'train/class-count',
      's',
    ],
    [
      'a vector for a per-pixel task',
      [...head, ['f', 'fc', { units: 3 }]],
      threeClassesPerPixel,
      {},
      'train/not-per-pixel',
      'f',
    ],
    [
      'an output larger than the labels',
      [...head, ['u', 'upsample', { factor: 4 }]],
      { ...threeClassesPerPixel, classCount: 4 },
      {},
      'train/output-size',
      'u',
    ],
    [
      'cross-entropy on numbers',
      [...head, ['f', 'fc', { units: 3 }]],
      numbers,
      { loss: 'crossEntropy' },
      'train/loss-needs-classes',
      undefined,
    ],
    [
      'an input without a size',
      [
        ['image', 'input', { shape: [null, null, 1] }],
        ['c', 'conv', { filters: 10, kernelSize: 3 }],
        ['g', 'gap'],
      ],
      tenClasses,
      {},
      'train/unknown-size',
      'image',
    ],
    [
      'two outputs without a choice',
      [...head, ['a', 'gap'], ['b', 'gap', {}, ['c']]],
      tenClasses,
      {},
      'train/several-outputs',
      undefined,
    ],
    ['an output that is none', [...head, ['g', 'gap']], tenClasses, { output: 'c' }, 'train/unknown-output', undefined],
    [
      'two inputs',
      [
        ...head.slice(0, 1),
        ['other', 'input', { shape: [8, 8, 1] }],
        ['sum', 'add', {}, ['image', 'other']],
        ['f', 'fc', { units: 10 }],
      ],
      tenClasses,
      {},
      'train/not-one-input',
      'f',
    ],
  ];
  it.each(rows)('%s', (_, network, task, changes, code, nodeId) => {
    const result = compile(network, task, changes);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(result.diagnostics[0]!.at.nodeId).toBe(nodeId);
  });

  it('a network with errors, by its own diagnostics', () => {
    const result = compile(
      [
        ['image', 'input', { shape: [4, 4, 1] }],
        ['c', 'conv', { filters: 4, kernelSize: 5 }],
      ],
      tenClasses,
    );
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.diagnostics.every((diagnostic) => diagnostic.severity === 'error')).toBe(true);
  });

  it.each(rows.filter(([, , , , code]) => code === 'train/head-is-image' || code === 'train/class-count'))(
    '%s, and offers fixes that make it compile',
    (_, network, task) => {
      const document = chain(network);
      const result = compile(network, task);
      if (result.ok) throw new Error('It compiles.');
      const { fixes } = result.diagnostics[0]!;
      expect(fixes.length).toBeGreaterThan(0);
      for (const fix of fixes) {
        const fixed = applyEdits(document, fix.edits);
        if (!fixed.ok) throw new Error('The fix does not apply.');
        const before = analyzeNetwork(document).totals.trainableParams;
        const analysis = analyzeNetwork(fixed.value);
        expect(compileTraining(fixed.value, analysis, options(task)).ok).toBe(true);
        if (fix.paramsDelta !== undefined) expect(analysis.totals.trainableParams - before).toBe(fix.paramsDelta);
      }
    },
  );
});

describe('compileInference', () => {
  const document = chain(lenet);

  it('gives the output by node id, and any node on request', () => {
    const result = compileInference(document, analyzeNetwork(document));
    if (!result.ok) throw new Error('It does not compile.');
    expect(result.value.outputs).toEqual(['f2']);
    expect(result.value.inputs).toEqual([{ nodeId: 'image', name: 'x', shape: [28, 28, 1] }]);
    const maps = compileInference(document, analyzeNetwork(document), { nodes: ['c1', 'p1'] });
    if (!maps.ok) throw new Error('It does not compile.');
    const predict = maps.value.program.functions.predict!;
    expect(predict.nodes[predict.outputs.p1!]!.shape).toEqual(['batch', 12, 12, 20]);
    expect(maps.value.weights.map((weight) => weight.nodeId)).toEqual(['c1', 'c1']);
  });

  it('names several inputs by their nodes', () => {
    const two = chain([
      ['left', 'input', { shape: [4] }],
      ['right', 'input', { shape: [4] }],
      ['sum', 'add', {}, ['left', 'right']],
    ]);
    const result = compileInference(two, analyzeNetwork(two));
    if (!result.ok) throw new Error('It does not compile.');
    expect(result.value.inputs.map((input) => input.name)).toEqual(['left', 'right']);
  });

  it('gives an input itself, and a node that is asked for twice once', () => {
    const result = compileInference(document, analyzeNetwork(document), { nodes: ['image', 'c1', 'c1'] });
    if (!result.ok) throw new Error('It does not compile.');
    expect(result.value.outputs).toEqual(['image', 'c1']);
    expect(result.value.program.functions.predict!.nodes[0]).toMatchObject({ op: 'input', name: 'x' });
  });

  const open = chain([
    ['image', 'input', { shape: [null, null, 3] }],
    ['c1', 'conv', { filters: 4, kernelSize: 3 }],
    ['c2', 'conv', { filters: 2, kernelSize: 1 }],
  ]);

  it('closes open sizes by what will be fed', () => {
    const result = compileInference(open, analyzeNetwork(open), {
      nodes: ['c1'],
      inputShapes: { image: [20, 30, 3] },
    });
    if (!result.ok) throw new Error('It does not compile.');
    expect(result.value.inputs).toEqual([{ nodeId: 'image', name: 'x', shape: [20, 30, 3] }]);
    const { predict } = result.value.program.functions;
    expect(predict!.nodes[predict!.outputs.c1!]!.shape).toEqual(['batch', 18, 28, 4]);
    expect(checkProgram(result.value.program)).toEqual([]);
  });

  it('takes two inputs of open sizes, each by its own', () => {
    const two = chain([
      ['left', 'input', { shape: [null, null, 1] }],
      ['cl', 'conv', { filters: 2, kernelSize: 3 }],
      ['right', 'input', { shape: [null, 8, 2] }, []],
      ['sum', 'add', {}, ['cl', 'right']],
    ]);
    const fed = { left: [10, 10, 1], right: [8, 8, 2] };
    const result = compileInference(two, analyzeNetwork(two), { inputShapes: fed });
    if (!result.ok) throw new Error('It does not compile.');
    expect(result.value.inputs.map(({ name, shape }) => [name, shape])).toEqual(Object.entries(fed));
    expect(checkProgram(result.value.program)).toEqual([]);
    const half = compileInference(two, analyzeNetwork(two), { nodes: ['cl'], inputShapes: { left: [10, 10, 1] } });
    expect(half.ok && half.value.inputs.map(({ name }) => name)).toEqual(['x']);
  });

  it('looks at nodes of a sound part of a network with errors', () => {
    const broken = chain([
      ['image', 'input', { shape: [8, 8, 1] }],
      ['c1', 'conv', { filters: 4, kernelSize: 3 }],
      ['c2', 'conv', { filters: 4, kernelSize: 99 }],
      ['c3', 'conv', { filters: 4, kernelSize: 3 }],
    ]);
    const analysis = analyzeNetwork(broken);
    expect(compileInference(broken, analysis, { nodes: ['c1'] }).ok).toBe(true);
    for (const nodes of [['c2'], ['c3'], ['c1', 'c3']]) {
      const refused = compileInference(broken, analysis, { nodes });
      expect(!refused.ok && refused.diagnostics.map(({ at }) => at.nodeId)).toEqual(['c2']);
    }
  });

  const refused: readonly (readonly [string, string, Parameters<typeof compileInference>[2]])[] = [
    ['a node that is not there', 'graph/unknown-node', { nodes: ['c9'], inputShapes: { image: [9, 9, 3] } }],
    ['a shape for a node that is no input', 'graph/unknown-node', { inputShapes: { c1: [9, 9, 3] } }],
    ['other channels than the network takes', 'run/input-size', { inputShapes: { image: [9, 9, 1] } }],
    ['a shape of another rank', 'run/input-size', { inputShapes: { image: [9, 9] } }],
    ['a size that nobody has closed', 'train/unknown-size', { nodes: ['c1'] }],
    ['a picture that is too small', 'layers/window-too-large', { inputShapes: { image: [2, 2, 3] } }],
  ];
  it.each(refused)('refuses %s with %s', (_, code, options) => {
    const result = compileInference(open, analyzeNetwork(open), options);
    expect(!result.ok && result.diagnostics[0]!.code).toContain(code);
  });
});

describe('a network with an operation that is not understood', () => {
  const rows: readonly ChainRow[] = [
    ['image', 'input', { shape: [28, 28, 1] }],
    ['c1', 'conv', { filters: 4, kernelSize: 5 }],
    ['o', 'opaque', { operation: 'Einsum', shape: [7, 7, 6], parameters: 12 }],
    ['f', 'fc', { units: 10 }],
  ];
  const document = chain(rows);
  const analysis = analyzeNetwork(document);

  it('is analysed below it by the declared shape, and counts what it brings along', () => {
    expect(analysis.ok).toBe(true);
    expect(analysis.totals.params).toBe(104 + 12 + 7 * 7 * 6 * 10 + 10);
  });

  it('cannot be trained or run through it, and can be run up to it', () => {
    const refused = [
      compileTraining(document, analysis, options(tenClasses)),
      compileInference(document, analysis, { nodes: ['f'] }),
    ];
    for (const result of refused) {
      expect(result.ok ? [] : result.diagnostics.map(({ code, at }) => [code, at.nodeId])).toEqual([
        ['train/opaque', 'o'],
      ]);
    }
    expect(compileInference(document, analysis, { nodes: ['c1'] }).ok).toBe(true);
  });
});
