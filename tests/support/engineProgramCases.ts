import type { FunctionBuilder, Value } from '../../shared/ops/builder';
import { createOpBuilder } from '../../shared/ops/createOpBuilder';
import { differentiate } from '../../shared/ops/differentiate';
import type { OpFunction, Program, VariableSpec } from '../../shared/ops/graph';
import {
  addOptimizerUpdates,
  expandUpdates,
  optimizerSlots,
  optimizerStepInputs,
} from '../../shared/compile/optimizers';
import type { OptimizerConfig } from '../../shared/compile/optimizers';
import { drawTensor } from './opCases/opCase';
import type { Tensors64 } from './referenceInterpreter';
import { fromHostTensor, zeros } from './tensor64';
import type { Tensor64 } from './tensor64';

/** A program with state, the state it starts from, and the runs to make in order. */
export type EngineProgramCase = {
  readonly name: string;
  readonly program: Program;
  readonly initial: Tensors64;
  readonly runs: readonly { readonly functionName: string; readonly inputs: Tensors64 }[];
};

type Weight = { readonly name: string; readonly shape: readonly number[] };

const weightsOfNet: readonly Weight[] = [
  { name: 'c1/kernel', shape: [3, 3, 2, 4] },
  { name: 'c1/bias', shape: [4] },
  { name: 'f1/kernel', shape: [36, 5] },
  { name: 'f1/bias', shape: [5] },
];

/** A conv, ReLU, overlapping max pool and FC on 8x8x2 images, with mean softmax cross-entropy over 5 classes. */
function smallNet(ops: FunctionBuilder): { readonly loss: Value; readonly variables: readonly Value[] } {
  const x = ops.input('x', ['batch', 8, 8, 2]);
  const y = ops.input('y', ['batch'], 'int32');
  const variables = weightsOfNet.map(({ name, shape }) => ops.variable(name, shape));
  const [filter, bias, matrix, offset] = variables as [Value, Value, Value, Value];
  const plain = { strides: [1, 1], pads: [0, 1, 0, 1], dilations: [1, 1], groups: 1 } as const;
  const features = ops.unary('relu', ops.add(ops.conv2d(x, filter, plain), bias));
  const pooled = ops.maxPool(features, { size: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0] });
  const logits = ops.add(ops.matMul(ops.reshape(pooled, ['batch', 36]), matrix), offset);
  return { loss: ops.reduce('reduceMean', ops.softmaxCrossEntropy(logits, y), [0]), variables };
}

function trainStep(config: OptimizerConfig): OpFunction {
  const ops = createOpBuilder();
  const { loss, variables } = smallNet(ops);
  addOptimizerUpdates(ops, config, weightsOfNet, differentiate(ops, loss, variables));
  return ops.finish({ loss });
}

function evaluate(): OpFunction {
  const ops = createOpBuilder();
  return ops.finish({ loss: smallNet(ops).loss });
}

function floatVariables(weights: readonly Weight[]): readonly VariableSpec[] {
  return weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
}

/** Batches of changing size, as the end of an epoch brings them, and an evaluation between them. */
function trainingCase(config: OptimizerConfig, expanded: boolean): EngineProgramCase {
  const step = trainStep(config);
  const slots = optimizerSlots(config.optimizer, weightsOfNet);
  const batch = (size: number, seed: number): Tensors64 => ({
    x: drawTensor([size, 8, 8, 2], 'normal', seed),
    y: drawTensor([size], { below: 5 }, seed + 1),
  });
  const initial = [
    ...weightsOfNet.map(({ name, shape }, index): [string, Tensor64] => {
      const drawn = drawTensor(shape, 'normal', index);
      return [name, { shape, data: drawn.data.map((value) => Math.fround(value * 0.2)) }];
    }),
    ...slots.map(({ name, shape }): [string, Tensor64] => [name, zeros(shape)]),
  ];
  const trainRuns = [4, 4, 3, 1, 4, 4].map((size, index) => {
    const scalars = Object.entries(optimizerStepInputs(config, index + 1));
    const fed = scalars.map(([name, value]): [string, Tensor64] => [name, fromHostTensor(value)]);
    return { functionName: 'trainStep', inputs: { ...batch(size, 10 * index), ...Object.fromEntries(fed) } };
  });
  return {
    name: `six training steps by ${config.optimizer}${expanded ? ' in primitives' : ''}`,
    program: {
      variables: [...floatVariables(weightsOfNet), ...slots],
      functions: { trainStep: expanded ? expandUpdates(step) : step, evaluate: evaluate() },
    },
    initial: Object.fromEntries(initial),
    runs: [...trainRuns.slice(0, 3), { functionName: 'evaluate', inputs: batch(5, 77) }, ...trainRuns.slice(3)],
  };
}

/** y = x w + old mean, while the mean moves: updates come after every read. */
function movingMeanCase(): EngineProgramCase {
  const ops = createOpBuilder();
  const x = ops.input('x', ['batch', 3]);
  const w = ops.variable('w', [3]);
  const mean = ops.variable('mean', [3]);
  const y = ops.add(ops.mul(x, w), mean);
  ops.assign(mean, ops.add(ops.mul(mean, 0.9), ops.mul(ops.reduce('reduceMean', x, [0]), 0.1)));
  // Two variables that change places: each assignment reads the other as it was.
  const left = ops.variable('left', [2]);
  const right = ops.variable('right', [2]);
  ops.assign(left, right);
  ops.assign(right, left);
  const shape = [3];
  return {
    name: 'moving statistics and swapped variables',
    program: {
      variables: floatVariables([
        { name: 'w', shape },
        { name: 'mean', shape },
        { name: 'left', shape: [2] },
        { name: 'right', shape: [2] },
      ]),
      functions: { step: ops.finish({ y, mean, left }) },
    },
    initial: {
      w: drawTensor(shape, 'normal', 1),
      mean: zeros(shape),
      left: drawTensor([2], 'normal', 2),
      right: drawTensor([2], 'normal', 3),
    },
    runs: [1, 2, 3].map((size) => ({ functionName: 'step', inputs: { x: drawTensor([size, 3], 'normal', size) } })),
  };
}

/** A data set at rest as bytes; each run names the rows that it takes. */
function dataAtRestCase(): EngineProgramCase {
  const ops = createOpBuilder();
  const images = ops.variable('images', [9, 4, 4, 1], 'uint8');
  const labels = ops.variable('labels', [9], 'int32');
  const rows = ops.input('rows', ['batch'], 'int32');
  const x = ops.div(ops.cast(ops.gather(images, rows), 'float32'), 255);
  const functions = { take: ops.finish({ x, y: ops.gather(labels, rows) }) };
  return {
    name: 'rows of a data set at rest',
    program: {
      variables: [
        { name: 'images', shape: [9, 4, 4, 1], dtype: 'uint8' },
        { name: 'labels', shape: [9], dtype: 'int32' },
      ],
      functions,
    },
    initial: { images: drawTensor([9, 4, 4, 1], { below: 256 }, 1), labels: drawTensor([9], { below: 10 }, 2) },
    runs: [2, 5].map((size) => ({ functionName: 'take', inputs: { rows: drawTensor([size], { below: 9 }, size) } })),
  };
}

const optimizers: readonly OptimizerConfig[] = [
  { optimizer: 'sgd', learningRate: 0.05, momentum: 0 },
  { optimizer: 'momentum', learningRate: 0.05, momentum: 0.9 },
  { optimizer: 'adam', learningRate: 0.01, momentum: 0 },
];

/** Those that are no ops of the graph, with all that may be done to gradients. */
const assigned: readonly OptimizerConfig[] = [
  { optimizer: 'nesterov', learningRate: 0.05, momentum: 0.9, clipValue: 0.1 },
  { optimizer: 'rmsProp', learningRate: 0.005, momentum: 0, weightDecay: 0.01 },
  { optimizer: 'adagrad', learningRate: 0.02, momentum: 0, l1: 0.001 },
  { optimizer: 'adamW', learningRate: 0.01, momentum: 0, weightDecay: 0.05, clipNorm: 0.5 },
];

/** Whole programs; the first has the input `x` and the variable `w`, which the contract tests use. */
export const engineProgramCases: readonly EngineProgramCase[] = [
  movingMeanCase(),
  dataAtRestCase(),
  ...optimizers.map((config) => trainingCase(config, false)),
  ...optimizers.map((config) => trainingCase(config, true)),
  ...assigned.map((config) => trainingCase(config, false)),
];
