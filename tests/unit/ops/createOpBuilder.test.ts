import { describe, expect, it } from 'vitest';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import type { FunctionBuilder, Value } from '../../../shared/ops/builder';
import type { OpShape } from '../../../shared/ops/graph';

const plainConv = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 } as const;

describe('createOpBuilder: shapes', () => {
  const rows: readonly [string, (ops: FunctionBuilder, x: Value) => Value, OpShape][] = [
    [
      'conv2d 5x5, 20 filters: b = x - a + 1',
      (o, x) => o.conv2d(x, o.variable('w', [5, 5, 3, 20]), plainConv),
      ['batch', 24, 24, 20],
    ],
    [
      'conv2d with strides, asymmetric pads, dilation and groups',
      (o, x) =>
        o.conv2d(x, o.variable('w', [3, 3, 1, 6]), {
          strides: [2, 3],
          pads: [1, 2, 0, 1],
          dilations: [2, 1],
          groups: 3,
        }),
      ['batch', 14, 9, 6],
    ],
    [
      'conv2dInputGrad as an up-conv 28 -> 57',
      (o, x) => o.conv2dInputGrad(x, o.variable('w', [3, 3, 8, 3]), [57, 57], { ...plainConv, strides: [2, 2] }),
      ['batch', 57, 57, 8],
    ],
    [
      'maxPool 2x2',
      (o, x) => o.maxPool(x, { size: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }),
      ['batch', 14, 14, 3],
    ],
    [
      'avgPool 3x3 overlapping',
      (o, x) => o.avgPool(x, { size: [3, 3], strides: [2, 2], pads: [0, 1, 0, 1] }),
      ['batch', 14, 14, 3],
    ],
    ['reduceMean over height and width', (o, x) => o.reduce('reduceMean', x, [1, 2]), ['batch', 3]],
    ['reduceSum over a negative axis, kept', (o, x) => o.reduce('reduceSum', x, [-1], true), ['batch', 28, 28, 1]],
    ['reduceSum over the batch', (o, x) => o.reduce('reduceSum', x, [0, 1]), [28, 3]],
    ['argMax', (o, x) => o.argMax(x), ['batch', 28, 28]],
    ['oneHot', (o, x) => o.oneHot(o.argMax(x), 7), ['batch', 28, 28, 7]],
    ['reshape', (o, x) => o.reshape(x, ['batch', 2352]), ['batch', 2352]],
    ['matMul with leading axes', (o, x) => o.matMul(x, o.variable('w', [3, 9])), ['batch', 28, 28, 9]],
    [
      'matMul summing over the batch',
      (o, x) => o.matMul(o.reshape(x, ['batch', 2352]), o.reduce('reduceMax', x, [1, 2]), { transposeA: true }),
      [2352, 3],
    ],
    ['broadcasting brings in the batch', (o, x) => o.add(o.variable('w', [28, 1]), x), ['batch', 28, 28, 3]],
    ['concat on channels', (o, x) => o.concat([x, x, x], -1), ['batch', 28, 28, 9]],
    ['slice', (o, x) => o.slice(x, [0, 2, 3, 0], [-1, 4, -1, 2]), ['batch', 4, 25, 2]],
    [
      'pad',
      (o, x) =>
        o.pad(x, [
          [0, 0],
          [1, 2],
          [3, 0],
          [0, 0],
        ]),
      ['batch', 31, 31, 3],
    ],
    [
      'gather',
      (o) => o.gather(o.variable('rows', [100, 8, 8], 'uint8'), o.input('rowNumbers', ['batch'], 'int32')),
      ['batch', 8, 8],
    ],
    ['softmaxCrossEntropy per pixel', (o, x) => o.softmaxCrossEntropy(x, o.argMax(x)), ['batch', 28, 28]],
  ];
  it.each(rows)('%s', (_, build, shape) => {
    const ops = createOpBuilder();
    expect(build(ops, ops.input('x', ['batch', 28, 28, 3])).shape).toEqual(shape);
  });

  const refused: readonly [string, (ops: FunctionBuilder, x: Value) => Value, RegExp][] = [
    [
      'a kernel larger than the image',
      (o, x) => o.conv2d(x, o.variable('w', [29, 29, 3, 1]), plainConv),
      /conv2d: .*leaves 0x0/,
    ],
    ['a filter of other channels', (o, x) => o.conv2d(x, o.variable('w', [3, 3, 4, 1]), plainConv), /conv2d/],
    ['shapes that do not broadcast', (o, x) => o.add(x, o.variable('w', [2])), /do not broadcast/],
    ['integers in arithmetic', (o, x) => o.add(o.argMax(x), 1), /int32 and must be float32/],
    ['a batch behind axis 0', (o, x) => o.transpose(x, [1, 0, 2, 3]), /batch must stay/],
    ['a slice of the batch', (o, x) => o.slice(x, [1, 0, 0, 0], [-1, -1, -1, -1]), /taken whole/],
    ['a reshape that loses values', (o, x) => o.reshape(x, ['batch', 100]), /reshape/],
    ['concat of unequal sizes', (o, x) => o.concat([x, o.slice(x, [0, 1, 0, 0], [-1, -1, -1, -1])], 3), /concat/],
    ['equal axes twice', (o, x) => o.reduce('reduceSum', x, [1, -3]), /axes/],
  ];
  it.each(refused)('refuses %s', (_, build, message) => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 28, 28, 3]);
    expect(() => build(ops, x)).toThrow(message);
  });
});

describe('createOpBuilder: simplification', () => {
  const same: readonly [string, (ops: FunctionBuilder, x: Value) => Value][] = [
    ['x + 0', (o, x) => o.add(x, 0)],
    ['0 + x', (o, x) => o.add(0, x)],
    ['x * 1', (o, x) => o.mul(x, 1)],
    ['x / 1', (o, x) => o.div(x, 1)],
    ['x - 0', (o, x) => o.sub(x, 0)],
    ['-(-x)', (o, x) => o.unary('neg', o.unary('neg', x))],
    ['a reshape and back', (o, x) => o.reshape(o.reshape(x, ['batch', 12]), ['batch', 3, 4])],
    ['two transposes that cancel', (o, x) => o.transpose(o.transpose(x, [0, 2, 1]), [0, 2, 1])],
    [
      'pad by nothing',
      (o, x) =>
        o.pad(x, [
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
    ],
    ['slice of everything', (o, x) => o.slice(x, [0, 0, 0], [-1, 3, 4])],
    ['concat of one', (o, x) => o.concat([x], 1)],
    ['cast to its own type', (o, x) => o.cast(x, 'float32')],
    ['broadcast to its own shape', (o, x) => o.broadcastTo(x, ['batch', 3, 4])],
  ];
  it.each(same)('%s is x', (_, build) => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 3, 4]);
    expect(build(ops, x)).toEqual(x);
  });

  it('keeps x + 0 where 0 stretches x', () => {
    const ops = createOpBuilder();
    const x = ops.variable('x', [1]);
    expect(ops.add(x, ops.constant([0], [1, 1])).shape).toEqual([1, 1]);
  });

  it('folds arithmetic of numbers', () => {
    const ops = createOpBuilder();
    const value = ops.unary('sqrt', ops.add(ops.mul(3, 3), 16));
    expect(ops.nodeOf(value)).toMatchObject({ op: 'constant', data: [5], shape: [] });
  });

  it('shares equal nodes', () => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 3]);
    expect(ops.unary('exp', x)).toEqual(ops.unary('exp', x));
    expect(ops.add(x, 2)).toEqual(ops.add(x, 2));
    expect(ops.constant([NaN], [])).not.toEqual(ops.constant([Infinity], []));
  });
});

describe('createOpBuilder: finish', () => {
  it('drops what no output and no update needs, and keeps declared inputs', () => {
    const ops = createOpBuilder();
    const x = ops.input('x', ['batch', 3]);
    ops.input('unused', []);
    ops.unary('exp', x);
    const y = ops.unary('relu', x);
    const w = ops.variable('w', [3]);
    ops.assign(w, ops.reduce('reduceMean', y, [0]));
    const built = ops.finish({ y });
    expect(built.nodes.map((node) => node.op)).toEqual(['input', 'input', 'relu', 'reduceMean']);
    expect(built.inputs.map((input) => input.name)).toEqual(['x', 'unused']);
    expect(built.outputs).toEqual({ y: 2 });
    expect(built.updates).toEqual([{ kind: 'assign', variable: 'w', value: 3 }]);
    expect(built.nodes[2]?.inputs).toEqual([0]);
  });

  it('builds on a finished function under the same ids', () => {
    const first = createOpBuilder();
    const built = first.finish({ y: first.unary('exp', first.input('x', ['batch', 3])) });
    const ops = createOpBuilder({ from: built });
    expect(ops.unary('exp', ops.input('x', ['batch', 3])).id).toBe(built.outputs.y);
  });

  it('refuses a second update of one variable and an assignment of another shape', () => {
    const ops = createOpBuilder();
    const w = ops.variable('w', [3]);
    expect(() => ops.assign(w, ops.constant([1], [1]))).toThrow(/assigned/);
    ops.assign(w, ops.constant([1, 2, 3], [3]));
    expect(() => ops.assign(w, ops.constant([1, 2, 3], [3]))).toThrow(/twice/);
  });
});
