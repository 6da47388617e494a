import type { ReduceOp } from '../../../shared/ops/graph';
import { fed, held, opCase } from './opCase';
import type { OpCase } from './opCase';

const batchNormCases: readonly OpCase[] = (
  [
    ['', [4, 5, 3], 1e-3],
    [' of vectors', [6], 1e-3],
    [' of one pixel', [1, 1, 4], 1e-5],
    [' of one channel', [3, 3, 1], 1e-3],
    [' of a sequence', [7, 3], 0.1],
  ] as const
).map(([what, shape, epsilon]) =>
  opCase(`batchNorm${what}`, [fed(shape), held(shape.slice(-1), 'positive'), held(shape.slice(-1))], (ops, ...values) =>
    ops.batchNorm(values[0]!, values[1]!, values[2]!, epsilon),
  ),
);

const matMulCases: readonly OpCase[] = [
  opCase('matMul [b, 5] [5, 4]', [fed([5]), held([5, 4])], (ops, a, b) => ops.matMul(a, b)),
  opCase('matMul with b transposed', [fed([5]), held([4, 5])], (ops, a, b) => ops.matMul(a, b, { transposeB: true })),
  opCase('matMul with one leading axis', [fed([3, 5]), held([5, 4])], (ops, a, b) => ops.matMul(a, b)),
  opCase('matMul with leading axes, b transposed', [fed([2, 3, 5]), held([4, 5])], (ops, a, b) =>
    ops.matMul(a, b, { transposeB: true }),
  ),
  opCase('matMul with leading axes, a transposed', [fed([2, 5, 3]), held([5, 4])], (ops, a, b) =>
    ops.matMul(a, b, { transposeA: true }),
  ),
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) =>
      opCase(
        `matMul of stacks${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
        [fed([2, ...(transposeA ? [5, 3] : [3, 5])]), fed([2, ...(transposeB ? [4, 5] : [5, 4])])],
        (ops, a, b) => ops.matMul(a, b, { transposeA, transposeB }),
      ),
    ),
  ),
  opCase('matMul of stacks by themselves', [fed([3, 4])], (ops, x) => ops.matMul(x, x, { transposeB: true })),
  opCase('matMul summing over the batch', [fed([5]), fed([4])], (ops, a, b) => ops.matMul(a, b, { transposeA: true })),
  opCase('matMul of variables, a transposed', [held([5, 3]), held([5, 4])], (ops, a, b) =>
    ops.matMul(a, b, { transposeA: true }),
  ),
  opCase('matMul of variables, both transposed', [held([5, 3]), held([4, 5])], (ops, a, b) =>
    ops.matMul(a, b, { transposeA: true, transposeB: true }),
  ),
];

const reductions: readonly (readonly [readonly number[], readonly number[], boolean])[] = [
  [[3, 4, 2], [1, 2], false],
  [[3, 4, 2], [1, 2], true],
  [[3, 4, 2], [3], true],
  [[3, 4], [0], false],
  [[3, 4], [0, 1, 2], false],
  [[3, 4, 2], [0, 2], true],
  [[5], [-1], false],
];

const reduceCases = (['reduceSum', 'reduceMean', 'reduceMax'] satisfies ReduceOp[]).flatMap((op) =>
  reductions.map(([shape, axes, keepDims]) =>
    opCase(
      `${op} of [b, ${shape.join()}] over ${axes.join()}${keepDims ? ', kept' : ''}`,
      [fed(shape, 'distinct')],
      (ops, x) => ops.reduce(op, x, axes, keepDims),
    ),
  ),
);

const indexCases: readonly OpCase[] = [
  opCase(
    'reduceMax of equal values shares its gradient',
    [fed([3, 4], 'ties')],
    (ops, x) => ops.reduce('reduceMax', x, [1, 2]),
    false,
  ),
  opCase('argMax takes the first of equals', [fed([3, 6], 'ties')], (ops, x) => ops.argMax(x), false),
  opCase('argMax per sample', [fed([7])], (ops, x) => ops.argMax(x), false),
  opCase('oneHot per sample', [fed([], { below: 5 }, 'int32')], (ops, x) => ops.oneHot(x, 5), false),
  opCase('oneHot per pixel', [fed([3, 4], { below: 3 }, 'int32')], (ops, x) => ops.oneHot(x, 3), false),
  opCase(
    'gather rows of floats',
    [held([6, 2, 3]), fed([], { below: 6 }, 'int32')],
    (ops, table, rows) => ops.gather(table, rows),
    false,
  ),
  opCase(
    'gather rows of bytes',
    [held([6, 4], { below: 256 }, 'uint8'), fed([], { below: 6 }, 'int32')],
    (ops, table, rows) => ops.cast(ops.gather(table, rows), 'float32'),
    false,
  ),
  opCase(
    'gather whole numbers',
    [held([6], { below: 100 }, 'int32'), fed([], { below: 6 }, 'int32')],
    (ops, table, rows) => ops.gather(table, rows),
    false,
  ),
];

const rearrangementCases: readonly OpCase[] = [
  opCase('reshape', [fed([3, 4])], (ops, x) => ops.reshape(x, ['batch', 2, 6])),
  opCase('reshape of labels', [fed([4], { below: 9 }, 'int32')], (ops, x) => ops.reshape(x, ['batch', 2, 2]), false),
  opCase('broadcastTo inside', [fed([1, 4])], (ops, x) => ops.broadcastTo(x, ['batch', 3, 4])),
  opCase('broadcastTo the batch', [held([3, 1]), fed([3, 4])], (ops, w, x) =>
    ops.reduce('reduceSum', ops.unary('exp', ops.concat([ops.broadcastTo(w, ['batch', 3, 4]), x], 1)), [1]),
  ),
  opCase('broadcastTo from a scalar, then a mean over the batch', [fed([3]), held([])], (ops, x, w) =>
    ops.reduce('reduceMean', ops.concat([x, ops.broadcastTo(w, ['batch', 2])], 1), [0, 1]),
  ),
  opCase('transpose of height and width', [fed([3, 4, 2])], (ops, x) => ops.transpose(x, [0, 2, 1, 3])),
  opCase('transpose to channels first', [fed([3, 4, 2])], (ops, x) => ops.transpose(x, [0, 3, 1, 2])),
  opCase('transpose of a variable', [held([2, 3, 4])], (ops, x) => ops.transpose(x, [2, 0, 1])),
  opCase('concat of channels', [fed([2, 3, 1]), fed([2, 3, 4]), fed([2, 3, 2])], (ops, x, y, z) =>
    ops.concat([x, y, z], 3),
  ),
  opCase('concat of rows, one of them twice', [fed([2, 3]), fed([1, 3])], (ops, x, y) => ops.concat([x, y, x], 1)),
  opCase('slice', [fed([5, 6, 3])], (ops, x) => ops.slice(x, [0, 1, 2, 0], [-1, 3, -1, 2])),
  opCase('slice of a variable', [held([5, 6])], (ops, x) => ops.slice(x, [2, 0], [2, 3])),
  opCase('pad', [fed([3, 2, 2])], (ops, x) =>
    ops.pad(x, [
      [0, 0],
      [1, 2],
      [0, 3],
      [0, 0],
    ]),
  ),
  opCase('pad of channels', [fed([3, 2])], (ops, x) =>
    ops.pad(x, [
      [0, 0],
      [0, 0],
      [2, 1],
    ]),
  ),
  opCase('reverse of height and width', [fed([3, 4, 2])], (ops, x) => ops.reverse(x, [1, 2])),
  opCase('reverse of a variable', [held([4, 3])], (ops, x) => ops.reverse(x, [0])),
];

const softmaxCases: readonly OpCase[] = [
  opCase('softmax', [fed([5])], (ops, x) => ops.softmax(x)),
  opCase('softmax per pixel', [fed([2, 3, 4])], (ops, x) => ops.softmax(x)),
  opCase('softmax of large values', [fed([5], 'large')], (ops, x) => ops.softmax(x)),
  opCase('logSoftmax', [fed([5])], (ops, x) => ops.logSoftmax(x)),
  opCase('logSoftmax per pixel, large values', [fed([2, 3, 4], 'large')], (ops, x) => ops.logSoftmax(x)),
  opCase('softmaxCrossEntropy', [fed([5]), fed([], { below: 5 }, 'int32')], (ops, x, y) =>
    ops.softmaxCrossEntropy(x, y),
  ),
  opCase('softmaxCrossEntropy per pixel', [fed([2, 3, 4]), fed([2, 3], { below: 4 }, 'int32')], (ops, x, y) =>
    ops.softmaxCrossEntropy(x, y),
  ),
  opCase('softmaxCrossEntropy of large values', [fed([5], 'large'), fed([], { below: 5 }, 'int32')], (ops, x, y) =>
    ops.softmaxCrossEntropy(x, y),
  ),
];

/** Matrix products, reductions, indices, rearrangements and the softmax family. */
export const otherCases: readonly OpCase[] = [
  ...matMulCases,
  ...batchNormCases,
  ...reduceCases,
  ...indexCases,
  ...rearrangementCases,
  ...softmaxCases,
];
