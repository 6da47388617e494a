import { describe, expect, it } from 'vitest';
import { buildProgramGraph } from '../../../electron/engines/tensorflow/programGraph';
import { paddingAttributes } from '../../../electron/engines/tensorflow/convolution';
import type { KernelDevice } from '../../../electron/engines/tensorflow/lowering';
import { restoreRemovedUtil } from '../../../electron/engines/tensorflow/tfjsNode';
import type { FunctionBuilder, Value } from '../../../shared/ops/builder';
import { channelStatistics } from '../../../shared/ops/channelStatistics';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../shared/ops/differentiate';
import type { ConvAttributes, Program } from '../../../shared/ops/graph';

const plain: ConvAttributes = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 };

/** The TensorFlow ops in the graph of a function that trains `weights` on the mean of what `make` gives. */
function opsOf(
  make: (ops: FunctionBuilder) => { readonly y: Value; readonly weights: readonly Value[] },
  device: KernelDevice = 'cpu',
): ReadonlySet<string> {
  const ops = createOpBuilder();
  const { y, weights } = make(ops);
  const loss = ops.reduce(
    'reduceMean',
    y,
    y.shape.map((_, axis) => axis),
  );
  const learningRate = ops.input('learningRate', []);
  const variableNames = weights
    .map((weight) => ops.nodeOf(weight))
    .map((node) => (node.op === 'variable' ? node.name : ''));
  differentiate(ops, loss, weights).forEach((gradient, index) => {
    ops.update({ kind: 'sgd', variable: variableNames[index]!, gradient: gradient!.id, learningRate: learningRate.id });
  });
  const variables = weights.map((weight, index) => ({
    name: variableNames[index]!,
    shape: weight.shape as readonly number[],
    dtype: weight.dtype,
  }));
  return graphOps({ variables, functions: { step: ops.finish({ loss }) } }, device);
}

/** The TensorFlow ops in a program's graph. */
function graphOps(program: Program, device: KernelDevice): ReadonlySet<string> {
  const { savedModel } = buildProgramGraph(program, device);
  // A node's op is field 2 of its message: the byte 0x12, the length, the name.
  const names = Array.from(savedModel, (byte, place) =>
    byte === 0x12
      ? Buffer.from(savedModel.subarray(place + 2, place + 2 + savedModel[place + 1]!)).toString('latin1')
      : '',
  );
  return new Set(names.filter((name) => /^[A-Z]\w+$/.test(name)));
}

function convNet(attributes: ConvAttributes, channels = 4) {
  return (ops: FunctionBuilder) => {
    const filter = ops.variable('filter', [3, 3, channels / attributes.groups, 4]);
    const bias = ops.variable('bias', [4]);
    const x = ops.unary('relu', ops.input('x', ['batch', 9, 9, channels]));
    const y = ops.unary('relu', ops.add(ops.conv2d(x, filter, attributes), bias));
    return { y: ops.unary('square', y), weights: [filter, bias] };
  };
}

describe('the TensorFlow graph', () => {
  it('uses the fused kernels of bias and relu, forward and backward', () => {
    const ops = opsOf(convNet(plain));
    expect([...ops]).toEqual(
      expect.arrayContaining(['Conv2D', 'BiasAdd', 'Relu', 'ReluGrad', 'BiasAddGrad', 'Conv2DBackpropFilter']),
    );
  });

  it('uses one kernel for the cross-entropy and its gradient', () => {
    const ops = opsOf((builder) => {
      const weights = builder.variable('weights', [6, 5]);
      const logits = builder.matMul(builder.input('x', ['batch', 6]), weights);
      return { y: builder.softmaxCrossEntropy(logits, builder.input('y', ['batch'], 'int32')), weights: [weights] };
    });
    expect([...ops]).toContain('SparseSoftmaxCrossEntropyWithLogits');
    expect([...ops]).not.toContain('Softmax');
    expect([...ops]).not.toContain('LogSoftmax');
  });

  it('takes the gradients of a dilated convolution phase by phase on the CPU only', () => {
    const dilated = convNet({ ...plain, dilations: [2, 2] });
    expect([...opsOf(dilated, 'cpu')]).toContain('SpaceToBatchND');
    expect([...opsOf(dilated, 'gpu')]).not.toContain('SpaceToBatchND');
    expect([...opsOf(convNet(plain), 'cpu')]).not.toContain('SpaceToBatchND');
  });

  it('writes the pads of a gradient out where they have no name, on the CPU only', () => {
    const both: ConvAttributes = { ...plain, strides: [2, 2], pads: [1, 1, 1, 1] };
    const strided = (builder: FunctionBuilder) => {
      const filters = ['first', 'second'].map((name) => builder.variable(name, [3, 3, 4, 4]));
      const x = builder.input('x', ['batch', 10, 10, 4]);
      return { y: filters.reduce((value, filter) => builder.conv2d(value, filter, both), x), weights: filters };
    };
    expect([...opsOf(strided, 'cpu')]).toEqual(expect.arrayContaining(['Pad', 'Slice', 'Conv2DBackpropInput']));
    expect([...opsOf(strided, 'gpu')]).not.toContain('Pad');
    expect([...opsOf(convNet({ ...plain, pads: [1, 1, 1, 1] }), 'cpu')]).not.toContain('Pad');
  });

  it.each([
    ['a large image', [32, 32, 16], 'cpu', true],
    ['a small image on the CPU', [4, 4, 64], 'cpu', false],
    ['a small image on a GPU', [4, 4, 64], 'gpu', true],
    ['long vectors', [16384], 'gpu', false],
    ['a sequence', [512, 32], 'gpu', false],
  ] as const)('normalises %s %j on the %s by the fused kernels: %j', (_, shape, device, isFused) => {
    const names = opsOf((builder) => {
      const weights = ['gamma', 'beta'].map((name) => builder.variable(name, shape.slice(-1)));
      const x = builder.unary('relu', builder.input('x', ['batch', ...shape]));
      return { y: builder.unary('square', builder.batchNorm(x, weights[0]!, weights[1]!, 1e-3)), weights };
    }, device);
    expect(names.has('FusedBatchNormV3')).toBe(isFused);
    expect(names.has('FusedBatchNormGradV3')).toBe(isFused);
    expect(names.has('Sqrt')).toBe(!isFused);
    // The gradient of beta comes from the kernel too; of a sequence it is a plain sum.
    expect(names.has('BiasAddGrad')).toBe(!isFused && shape.length !== 2);
  });

  it('takes running statistics from the kernel that normalises', () => {
    const shape = [32, 32, 16];
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', ...shape]);
    const vector = (name: string): Value => ops.variable(name, [16]);
    const y = ops.batchNorm(x, vector('gamma'), vector('beta'), 1e-3);
    const { mean, variance } = channelStatistics(ops, x);
    ops.assign(vector('mean'), mean);
    ops.assign(vector('variance'), variance);
    const names = ['gamma', 'beta', 'mean', 'variance'];
    const variables = names.map((name) => ({ name, shape: [16], dtype: 'float32' as const }));
    const graph = graphOps({ variables, functions: { step: ops.finish({ y }) } }, 'cpu');
    expect([...graph]).toContain('FusedBatchNormV3');
    expect([...graph]).not.toContain('Mean');
  });

  it('takes groups apart on the CPU only, and has kernels for one channel a group', () => {
    expect([...opsOf(convNet({ ...plain, groups: 2 }), 'cpu')]).toContain('Split');
    expect([...opsOf(convNet({ ...plain, groups: 2 }), 'gpu')]).not.toContain('Split');
    expect([...opsOf(convNet({ ...plain, groups: 4 }))]).toContain('DepthwiseConv2dNativeBackpropFilter');
  });
});

describe('paddings', () => {
  it.each([
    [[0, 0, 0, 0], [1, 1], 'VALID'],
    [[1, 1, 1, 1], [1, 1], 'SAME'],
    // 8 / 2 = 4 windows of 3 cover 9: the odd pixel goes below and to the right.
    [[0, 1, 0, 1], [2, 2], 'SAME'],
    [[1, 0, 1, 0], [2, 2], 'EXPLICIT'],
    [[2, 2, 2, 2], [1, 1], 'EXPLICIT'],
  ] as const)('%j of a 3x3 window with strides %j on 8x8 is %s', (pads, strides, name) => {
    const { padding } = paddingAttributes(pads, [8, 8], [3, 3], strides);
    expect(padding).toEqual({ kind: 'string', value: name });
  });
});

describe('what newer Nodes took out of util', () => {
  it('is put back where it is missing, and left alone where it is not', () => {
    const removed: Record<string, (value: unknown) => boolean> = {};
    restoreRemovedUtil(removed);
    expect([null, undefined, 0].map((value) => removed['isNullOrUndefined']!(value))).toEqual([true, true, false]);
    expect([[], {}].map((value) => removed['isArray']!(value))).toEqual([true, false]);
    const own = (): boolean => true;
    const present = { isArray: own };
    restoreRemovedUtil(present);
    expect(present.isArray).toBe(own);
  });
});
