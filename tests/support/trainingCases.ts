import { analyzeNetwork } from '../../shared/analysis/analyze';
import { initialWeights } from '../../shared/compile/initialWeights';
import { ignoredLabel } from '../../shared/compile/losses';
import { compileTraining } from '../../shared/compile/compile';
import type { TrainingOptions, TrainingProgram } from '../../shared/compile/compile';
import { planPerceptual } from '../../shared/compile/lossNetwork';
import type { PerceptualLoss } from '../../shared/compile/perceptual';
import { isOfClasses } from '../../shared/schema/data';
import { chain } from './chain';
import type { ChainRow } from './chain';
import { seededWeights } from './modelFolder';
import { drawTensor } from './opCases/opCase';
import type { Tensors64 } from './referenceInterpreter';
import { fromHostTensor, zeros } from './tensor64';
import type { Tensor64 } from './tensor64';

/** A network to train for some steps, small enough for the reference interpreter. */
export type TrainingCase = {
  readonly name: string;
  readonly rows: readonly ChainRow[];
  readonly options: TrainingOptions;
};

const base = { learningRate: 0.002, momentum: 0.9, loss: 'auto', seed: 3 } as const;
const adam = { ...base, optimizer: 'adam' } as const;
const fourClasses = { kind: 'classification', classCount: 4 } as const;

const lenetLike: readonly ChainRow[] = [
  ['image', 'input', { shape: [12, 12, 1] }],
  ['c1', 'conv', { filters: 4, kernelSize: 3, activation: 'relu' }],
  ['p1', 'pool'],
  ['c2', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
  ['p2', 'pool', { poolSize: 2, strides: 1 }],
  ['f1', 'fc', { units: 8, activation: 'tanh' }],
  ['f2', 'fc', { units: 4 }],
];

const unetLike: readonly ChainRow[] = [
  ['image', 'input', { shape: [8, 8, 1] }],
  ['down1', 'conv', { filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['pool1', 'pool'],
  ['down2', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['pool2', 'pool'],
  ['bottom', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['up2', 'upconv', { filters: 4, kernelSize: 2 }],
  ['skip2', 'concat', {}, ['down2', 'up2']],
  ['conv2', 'conv', { filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['up1', 'upconv', { filters: 3, kernelSize: 3, padding: 'same' }],
  ['skip1', 'concat', {}, ['down1', 'up1']],
  ['scores', 'conv', { filters: 3, kernelSize: 1 }],
];

/** A network that goes back through its pools, the last one first. */
const segnetLike: readonly ChainRow[] = [
  ['image', 'input', { shape: [9, 8, 1] }],
  ['down1', 'conv', { filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['pool1', 'pool', { padding: 'same' }],
  ['down2', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['pool2', 'pool'],
  ['back2', 'unpool', {}, ['pool2', 'pool2']],
  ['up2', 'conv', { filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['back1', 'unpool', {}, ['up2', 'pool1']],
  ['scores', 'conv', { filters: 3, kernelSize: 3, padding: 'same' }],
];

/** Every kind of layer; every activation and kind of pool. */
const everyKind: readonly ChainRow[] = [
  ['image', 'input', { shape: [11, 10, 2] }],
  ['border', 'pad', { top: 1, bottom: 0, left: 0, right: 2, mode: 'reflect' }],
  [
    'c1',
    'conv',
    { filters: 4, kernelSize: [3, 2], strides: 2, padding: [1, 0, 2, 1], groups: 2, activation: 'leakyRelu' },
  ],
  ['lrn1', 'lrn', { radius: 1 }],
  ['depthwise', 'conv', { filters: 4, kernelSize: 3, padding: 'same', groups: 4, useBias: false }],
  ['norm', 'batchnorm'],
  ['swish', 'activation', { function: 'swish' }],
  ['dilated', 'conv', { filters: 4, kernelSize: 3, padding: 'same', dilationRate: 2, activation: 'gelu' }],
  ['sum', 'add', {}, ['swish', 'dilated']],
  ['dropped', 'dropout', { rate: 0.25 }],
  ['maps', 'dropout', { rate: 0.25, spatial: true }],
  ['whole', 'dropout', { rate: 0.25, paths: true }],
  ['max', 'pool', { mode: 'max', poolSize: 3, strides: 2, padding: 1 }],
  ['mean', 'pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 'same' }, ['sum']],
  ['norm2', 'pool', { mode: 'l2', poolSize: 2, strides: 2, rounding: 'ceil' }, ['sum']],
  ['total', 'pool', { mode: 'sum', poolSize: 2, strides: 2, rounding: 'ceil' }, ['sum']],
  ['joined', 'concat', {}, ['max', 'mean', 'norm2', 'total']],
  ['up', 'upconv', { filters: 3, kernelSize: 3, padding: 'same', outputPadding: 0, activation: 'elu' }],
  ['larger', 'upsample', { factor: 2, mode: 'bilinear' }],
  ['twice', 'upsample', { factor: 2, mode: 'nearest' }, ['up']],
  ['both', 'concat', {}, ['larger', 'twice']],
  ['inner', 'crop', { top: 1, bottom: 2, left: 0, right: 1 }],
  ['sigmoid', 'activation', { function: 'sigmoid' }],
  ['global', 'gap', { mode: 'max' }],
  ['average', 'gap', {}, ['sigmoid']],
  ['flat', 'flatten', {}, ['inner']],
  ['small', 'fc', { units: 3, activation: 'tanh' }],
  ['features', 'concat', {}, ['global', 'average', 'small']],
  ['fewer', 'dropout'],
  ['scores', 'fc', { units: 4, activation: 'softmax' }],
];

/** Layers that mix, weigh, move and normalise, and every function that the network above does not have. */
const everyMix: readonly ChainRow[] = [
  ['image', 'input', { shape: [10, 9, 2] }],
  ['centred', 'scale', { scale: [0.5, 2], shift: -0.25 }],
  ['c1', 'conv', { filters: 6, kernelSize: 3, padding: 'same', activation: 'hardswish' }],
  ['layer', 'layernorm'],
  ['mixed', 'shuffle', { groups: 3 }],
  ['half', 'slice', { from: 1, to: 5 }],
  ['border', 'pad', { top: 1, left: 2, mode: 'edge' }],
  ['frame', 'pad', { bottom: 1, right: 1, mode: 'constant', value: 0.5 }],
  ['spaced', 'pool', { mode: 'max', poolSize: 2, strides: 1, dilationRate: 2, padding: 1 }],
  ['mean', 'pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 1, countIncludePad: true }],
  ['apart', 'pool', { mode: 'avg', poolSize: [2, 1], strides: [2, 1], dilationRate: [3, 1], padding: [2, 0] }],
  ['group', 'groupnorm', { groups: 2 }],
  ['root', 'rmsnorm'],
  ['response', 'grn'],
  ['learned', 'activation', { function: 'prelu' }],
  ['squeeze', 'gap', { keepDims: true }],
  ['excite', 'conv', { filters: 4, kernelSize: 1, activation: 'hardsigmoid' }],
  ['weighed', 'multiply', {}, ['learned', 'excite']],
  ['place', 'conv', { filters: 1, kernelSize: 1, activation: 'softplus' }],
  ['placed', 'multiply', {}, ['place', 'weighed']],
  ['lists', 'gap', {}, ['placed']],
  ['shifted', 'add', {}, ['placed', 'lists']],
  ['gain', 'scale', { scale: 0.5, learned: 'channel' }],
  ['once', 'scale', { learned: 'scalar' }],
  ['up', 'upconv', { filters: 4, kernelSize: 3, strides: 2, groups: 2, activation: 'relu6' }],
  ['cubic', 'upsample', { size: [6, 7], mode: 'bicubic' }],
  ['aligned', 'upsample', { size: [6, 7], mode: 'bilinear', coordinates: 'alignCorners' }, ['up']],
  ['most', 'merge', { mode: 'maximum' }, ['cubic', 'aligned']],
  ['least', 'merge', { mode: 'minimum' }, ['cubic', 'aligned']],
  ['range', 'merge', { mode: 'subtract' }, ['most', 'least']],
  ['middle', 'merge', {}, ['range', 'cubic']],
  ['turned', 'permute', { order: [2, 1, 3] }],
  ['laid', 'reshape', { shape: [14, 3, null] }],
  ['whole', 'layernorm', { axis: 'all' }],
  ['c2', 'conv', { filters: 3, kernelSize: 3, activation: 'mish' }],
  ['f1', 'fc', { units: 6, activation: 'selu' }],
  ['scores', 'fc', { units: 4, activation: 'logSoftmax' }],
];

/** Layers that cut maps up, lay them out, and keep them within bounds. */
const everyCut: readonly ChainRow[] = [
  ['image', 'input', { shape: [8, 10, 2] }],
  ['c1', 'conv', { filters: 4, kernelSize: 3, padding: 'same', weightStandardization: true, activation: 'tanh' }],
  ['deep', 'spaceToDepth', { blockSize: 2, order: 'CRD' }],
  ['c2', 'conv', { filters: 12, kernelSize: 1, weightStandardization: true, useBias: false }],
  ['bounded', 'activation', { function: 'clip', min: -1.5, max: 2 }],
  ['laid', 'depthToSpace', { blockSize: 2 }],
  ['rows', 'activation', { function: 'softmax', axis: 'height' }],
  ['columns', 'activation', { function: 'logSoftmax', axis: 'width' }],
  ['again', 'spaceToDepth', { blockSize: 2 }],
  ['wide', 'depthToSpace', { blockSize: 2, order: 'CRD' }],
  ['mean', 'pool', { mode: 'avg', outputSize: [5, 4] }],
  ['most', 'pool', { mode: 'max', outputSize: [2, 3] }],
  ['even', 'pool', { mode: 'avg', outputSize: [1, 3] }],
  ['scores', 'fc', { units: 4 }],
];

/** A transformer of two rounds, with a token that gathers the answer. */
const vision: readonly ChainRow[] = [
  ['image', 'input', { shape: [8, 6, 2] }],
  ['patches', 'conv', { filters: 6, kernelSize: 2, strides: 2 }],
  ['token', 'classToken'],
  ['where', 'position'],
  ['norm1', 'layernorm'],
  ['mix1', 'attention', { heads: 2 }],
  ['sum1', 'add', {}, ['where', 'mix1']],
  ['mix2', 'attention', { heads: 1, headSize: 4, useBias: false, outputBias: false }],
  ['sum2', 'add', {}, ['sum1', 'mix2']],
  ['answer', 'slice', { axis: 'height', to: 1 }],
  ['scores', 'fc', { units: 4 }],
];

const tower = { filters: 4, kernelSize: 3, padding: 'same' } as const;

/** Two towers with one set of weights; a chain of owners, and layers that use one set behind each other. */
export const siamese: readonly ChainRow[] = [
  ['image', 'input', { shape: [5, 6, 2] }],
  ['left', 'slice', { to: 1 }],
  ['right', 'slice', { from: 1 }, ['image']],
  ['c1', 'conv', { ...tower, useBias: false }, ['left']],
  ['n1', 'batchnorm', { momentum: 0.8 }],
  ['a1', 'activation', { function: 'prelu' }],
  ['c2', 'conv', { ...tower, useBias: false }, ['right'], 'c1'],
  ['n2', 'batchnorm', { momentum: 0.8 }, ['c2'], 'n1'],
  ['a2', 'activation', { function: 'prelu' }, ['n2'], 'a1'],
  ['both', 'merge', { mode: 'average' }, ['a1', 'a2']],
  ['r3', 'conv', { ...tower, activation: 'tanh' }, ['both'], 'r1'],
  ['r1', 'conv', { ...tower, activation: 'tanh' }],
  ['r2', 'conv', { ...tower, activation: 'sigmoid' }, ['r1'], 'r3'],
  ['group', 'groupnorm', { groups: 2 }],
  ['again', 'groupnorm', { groups: 4 }, ['group'], 'group'],
  ['f1', 'fc', { units: 6, activation: 'tanh' }],
  ['f2', 'fc', { units: 6, activation: 'tanh' }],
  ['f3', 'fc', { units: 6 }, ['f2'], 'f2'],
  ['scores', 'fc', { units: 4 }],
];

/** Colours of colours, in the least network that mixes neighbours. */
const restorer: readonly ChainRow[] = [
  ['image', 'input', { shape: [8, 6, 3] }],
  ['c1', 'conv', { filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' }],
  ['out', 'conv', { filters: 3, kernelSize: 3, padding: 'same', activation: 'sigmoid' }],
];

/** A classifier of grey pictures of another size, with layers that behave otherwise in training. */
export const lossNetwork = chain([
  ['grey', 'input', { shape: [12, 12, 1] }],
  ['m1', 'conv', { filters: 4, kernelSize: 3, padding: 'same' }],
  ['n1', 'batchnorm'],
  ['a1', 'activation', { function: 'tanh' }],
  ['p1', 'pool'],
  ['d1', 'dropout'],
  ['m2', 'conv', { filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' }],
  ['f1', 'fc', { units: 4 }],
]);

/** What is compared by it where nobody says otherwise, with Gram matrices that nothing has. */
const planned = planPerceptual(
  { path: 'loss', document: lossNetwork, weights: seededWeights(lossNetwork) },
  [8, 6, 3],
  { contentWeight: 1, stylePicture: 'stripes', styleWeight: 50, variationWeight: 0.5 },
);
if (!planned.ok) throw new Error(planned.diagnostics[0]!.summary.en);
const style = [...planned.value.style].map(([nodeId, weight], at) => {
  const channels = nodeId === 'a1' ? 4 : 5;
  const { data } = drawTensor([channels, channels], 'normal', 40 + at);
  return { nodeId, weight, gram: Float32Array.from(data, (value) => 0.1 * value) };
});
const perceptual: PerceptualLoss = { ...planned.value, style };

export const trainingCases: readonly TrainingCase[] = [
  { name: 'a small LeNet by Adam', rows: lenetLike, options: { ...adam, task: fourClasses } },
  {
    name: 'a small LeNet by SGD',
    rows: lenetLike,
    options: { ...base, learningRate: 0.05, optimizer: 'sgd', task: fourClasses },
  },
  {
    name: 'a small LeNet by momentum',
    rows: lenetLike,
    options: { ...base, learningRate: 0.02, optimizer: 'momentum', task: fourClasses },
  },
  {
    name: 'a small LeNet by the quadratic loss',
    rows: lenetLike,
    options: { ...adam, loss: 'meanSquaredError', task: fourClasses },
  },
  {
    name: 'a small LeNet of mixed pictures',
    rows: lenetLike,
    options: { ...adam, mixup: 1, labelSmoothing: 0.1, weightsOfClasses: [1, 2, 0.5, 1], task: fourClasses },
  },
  {
    name: 'a small U-Net, per pixel',
    rows: unetLike,
    options: { ...adam, task: { kind: 'segmentation', classCount: 3 } },
  },
  {
    name: 'a small U-Net, per pixel, with pixels of no class',
    rows: unetLike,
    options: { ...adam, task: { kind: 'segmentation', classCount: 3, hasIgnored: true } },
  },
  {
    name: 'a small SegNet, per pixel',
    rows: segnetLike,
    options: { ...adam, task: { kind: 'segmentation', classCount: 3 } },
  },
  { name: 'a network of every kind', rows: everyKind, options: { ...adam, task: fourClasses } },
  { name: 'a network of layers that mix and normalise', rows: everyMix, options: { ...adam, task: fourClasses } },
  { name: 'a vision transformer', rows: vision, options: { ...adam, task: fourClasses } },
  { name: 'a network of layers that cut and bound', rows: everyCut, options: { ...adam, task: fourClasses } },
  // By smaller steps: batch norm behind shared kernels, and many layers in a row, carry rounding errors far.
  { name: 'a siamese network', rows: siamese, options: { ...adam, learningRate: 0.0005, task: fourClasses } },
  {
    name: 'a small LeNet of any number of classes',
    rows: lenetLike,
    options: {
      ...adam,
      labelSmoothing: 0.1,
      weightsOfClasses: [0.5, 1, 2, 3],
      task: { kind: 'multi-label', classCount: 4 },
    },
  },
  // By smaller steps: its outputs start as large as He's law makes them, and Adam carries rounding errors on by the learning rate.
  {
    name: 'a regression',
    rows: lenetLike,
    options: { ...adam, learningRate: 0.001, task: { kind: 'regression', classCount: 0 } },
  },
  {
    name: 'pictures in a style',
    rows: restorer,
    options: { ...adam, loss: 'perceptual', perceptual, task: { kind: 'image-to-image', classCount: 0 } },
  },
];

/** Compiles a case, or says why its network is wrong. */
export function compileCase({ rows, options }: TrainingCase): TrainingProgram {
  const document = chain(rows);
  const result = compileTraining(document, analyzeNetwork(document), options);
  if (!result.ok) throw new Error(result.diagnostics.map((diagnostic) => diagnostic.summary.en).join('\n'));
  return result.value;
}

/** The variables that training starts from: weights by seed, slots at zero. */
export function initialVariables({ weights, slots }: TrainingProgram, seed: number): Tensors64 {
  const started = Object.entries(initialWeights(weights, seed));
  return Object.fromEntries([
    ...started.map(([name, value]): [string, Tensor64] => [name, fromHostTensor(value)]),
    ...slots.map(({ name, shape }): [string, Tensor64] => [name, zeros(shape)]),
  ]);
}

/** What step `step` (from 1) of a case is fed: a batch of its own and the optimizer's scalars. */
export function stepFeeds({ options }: TrainingCase, compiled: TrainingProgram, step: number, batch = 3): Tensors64 {
  const { inputs } = compiled.program.functions.trainStep!;
  const shapeOf = (name: string) => {
    const { shape } = inputs.find((input) => input.name === name)!;
    return shape.map((size) => (size === 'batch' ? batch : size));
  };
  const { kind, classCount, hasIgnored } = options.task;
  const isYesOrNo = kind === 'multi-label';
  const labels = (below: number) =>
    drawTensor(shapeOf('y'), isOfClasses(kind) ? { below } : isYesOrNo ? { below: 2 } : 'normal', 200 + step);
  const scalars = Object.entries({ ...compiled.stepInputs(step), ...compiled.randomInputs(step, batch) });
  return {
    x: drawTensor(shapeOf('x'), 'normal', 100 + step),
    y: hasIgnored === true ? withIgnored(labels(classCount + 1), classCount) : labels(classCount),
    // Of mixed pictures alone.
    other: drawTensor(shapeOf('y'), { below: Math.max(1, classCount) }, 300 + step),
    share: { shape: [], data: Float64Array.of(0.3) },
    ...Object.fromEntries(scalars.map(([name, value]): [string, Tensor64] => [name, fromHostTensor(value)])),
  };
}

/** The labels with the class `classCount`, which is one too many, as the label of no class. */
function withIgnored(labels: Tensor64, classCount: number): Tensor64 {
  return { ...labels, data: labels.data.map((label) => (label === classCount ? ignoredLabel : label)) };
}
