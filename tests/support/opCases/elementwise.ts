import type { BinaryOp, UnaryOp } from '../../../shared/ops/graph';
import { fed, held, opCase } from './opCase';
import type { CaseArgument, Draw, OpCase } from './opCase';

const unaryRows: readonly [UnaryOp, Draw][] = [
  ['neg', 'normal'],
  ['exp', 'normal'],
  ['log', 'positive'],
  ['sqrt', 'positive'],
  ['square', 'normal'],
  ['abs', 'awayFromZero'],
  ['sign', 'awayFromZero'],
  ['step', 'awayFromZero'],
  ['relu', 'awayFromZero'],
  ['sigmoid', 'normal'],
  ['sigmoid', 'large'],
  ['tanh', 'normal'],
  ['tanh', 'large'],
  ['erf', 'normal'],
];

const unaryCases = unaryRows.map(([op, draw]) =>
  opCase(`${op} (${typeof draw === 'string' ? draw : ''})`, [fed([3, 4], draw)], (ops, x) => ops.unary(op, x)),
);

/** Shapes that meet in a binary op. */
const pairs = (draw: Draw): readonly (readonly [string, CaseArgument, CaseArgument])[] => [
  ['equal shapes', fed([3, 4], draw), fed([3, 4], draw)],
  ['a bias', fed([2, 3, 4], draw), held([4], draw)],
  ['a bias first', held([4], draw), fed([2, 3, 4], draw)],
  ['a row', fed([3, 4], draw), held([1, 4], draw)],
  ['a scalar', fed([3], draw), held([], draw)],
  ['both stretch', fed([1, 4], draw), fed([3, 1], draw)],
  ['no batch', held([5, 1], draw), held([1, 4], draw)],
  ['a batch from one', held([1, 3], draw), fed([3], draw)],
];

const binaryRows: readonly [BinaryOp, Draw, boolean][] = [
  ['add', 'normal', true],
  ['sub', 'normal', true],
  ['mul', 'normal', true],
  ['div', 'awayFromZero', true],
  ['maximum', 'normal', true],
  ['minimum', 'normal', true],
  ['maximum', 'ties', false],
  ['greaterEqual', 'ties', false],
  ['equal', 'ties', false],
];

const binaryCases = binaryRows.flatMap(([op, draw, differentiable]) =>
  pairs(draw).map(([title, a, b]) =>
    opCase(
      `${op} of ${title}${draw === 'ties' ? ', some equal' : ''}`,
      [a, b],
      (ops, x, y) => ops.binary(op, x, y),
      differentiable,
    ),
  ),
);

const otherCases: readonly OpCase[] = [
  opCase('select of equal shapes', [fed([3, 4]), fed([3, 4]), fed([3, 4])], (ops, condition, a, b) =>
    ops.select(ops.unary('step', condition), a, b),
  ),
  opCase('select with stretched branches', [fed([3, 4]), held([4]), held([])], (ops, condition, a, b) =>
    ops.select(ops.unary('step', condition), a, b),
  ),
  opCase('select with a stretched condition', [held([4]), fed([3, 4]), fed([3, 1])], (ops, condition, a, b) =>
    ops.select(ops.unary('step', condition), a, b),
  ),
  opCase(
    'select where the condition is any number',
    [fed([3, 4], 'ties'), fed([3, 4])],
    (ops, condition, a) => ops.select(condition, a, -1),
    false,
  ),
  opCase('cast float to int drops the fraction', [fed([6], 'large')], (ops, x) => ops.cast(x, 'int32'), false),
  opCase('cast int to float', [fed([6], { below: 100 }, 'int32')], (ops, x) => ops.cast(x, 'float32'), false),
  opCase('cast bytes to float', [held([6], { below: 256 }, 'uint8')], (ops, x) => ops.cast(x, 'float32'), false),
  opCase('cast fed bytes to float', [fed([6], { below: 256 }, 'uint8')], (ops, x) => ops.cast(x, 'float32'), false),
  opCase(
    'sqrt of zero has the slope 0',
    [fed([4], 'ties')],
    (ops, x) => ops.unary('sqrt', ops.unary('square', ops.mul(x, ops.unary('step', x)))),
    false,
  ),
  opCase('a value used three times', [fed([3])], (ops, x) => ops.mul(ops.add(x, x), ops.unary('exp', x))),
];

export const elementwiseCases: readonly OpCase[] = [...unaryCases, ...binaryCases, ...otherCases];
