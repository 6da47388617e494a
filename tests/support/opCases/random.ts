import type { ConvAttributes, PoolAttributes, ReduceOp } from '../../../shared/ops/graph';
import { convOutputSize, poolOutputSize } from '../../../shared/ops/inference';
import { createRandom } from '../../../shared/ops/random';
import { fed, held, opCase } from './opCase';
import type { OpCase } from './opCase';

type Draw = (from: number, to: number) => number;

function pairOf(draw: Draw, from: number, to: number): readonly [number, number] {
  return [draw(from, to), draw(from, to)];
}

function randomConv(draw: Draw, index: number): OpCase {
  const groups = draw(1, 3);
  const kernel = pairOf(draw, 1, 3);
  const size = pairOf(draw, 5, 7);
  const attributes: ConvAttributes = {
    strides: pairOf(draw, 1, 3),
    pads: [draw(0, 2), draw(0, 2), draw(0, 2), draw(0, 2)],
    dilations: pairOf(draw, 1, 2),
    groups,
  };
  const channels = groups * draw(1, 2);
  const filters = groups * draw(1, 2);
  const filter = held([...kernel, channels / groups, filters]);
  const title = JSON.stringify({ size, channels, kernel, filters, ...attributes });
  if (index % 2 === 0) {
    return opCase(`conv2d ${title}`, [fed([...size, channels]), filter], (ops, x, w) => ops.conv2d(x, w, attributes));
  }
  const small = fed([...convOutputSize(size, kernel, attributes), filters]);
  return opCase(`conv2dInputGrad ${title}`, [small, filter], (ops, dy, w) =>
    ops.conv2dInputGrad(dy, w, size, attributes),
  );
}

function randomPool(draw: Draw, index: number): OpCase {
  const window = pairOf(draw, 1, 4);
  const pad = (along: number) => draw(0, along - 1);
  const attributes: PoolAttributes = {
    size: window,
    strides: pairOf(draw, 1, 3),
    pads: [pad(window[0]), pad(window[0]), pad(window[1]), pad(window[1])],
  };
  const input = pairOf(draw, 4, 8);
  const op = index % 2 === 0 ? 'maxPool' : 'avgPool';
  const title = `${op} ${JSON.stringify({ input, ...attributes })} to ${poolOutputSize(input, attributes).join('x')}`;
  return opCase(title, [fed([...input, 2], 'distinct')], (ops, x) => ops[op](x, attributes));
}

function randomBroadcast(draw: Draw, index: number): OpCase {
  const shape = Array.from({ length: draw(1, 3) }, () => draw(1, 4));
  const other = shape.slice(draw(0, shape.length - 1)).map((size) => (draw(0, 1) === 0 ? 1 : size));
  const op = (['add', 'sub', 'mul', 'div'] as const)[index % 4]!;
  return opCase(
    `${op} of [b, ${shape.join()}] and [${other.join()}]`,
    [fed(shape, 'awayFromZero'), held(other, 'awayFromZero')],
    (ops, a, b) => ops.binary(op, a, b),
  );
}

function randomReduction(draw: Draw, index: number): OpCase {
  const shape = Array.from({ length: draw(1, 3) }, () => draw(1, 4));
  const axes = [...shape.keys(), shape.length].filter(() => draw(0, 1) === 1);
  const op = (['reduceSum', 'reduceMean', 'reduceMax'] satisfies ReduceOp[])[index % 3]!;
  return opCase(`${op} of [b, ${shape.join()}] over [${axes.join()}]`, [fed(shape, 'distinct')], (ops, x) =>
    ops.reduce(op, x, axes, index % 2 === 0),
  );
}

/** `count` cases of random shapes and attributes; the same seed gives the same ones. */
export function randomCases(count: number, seed: number): readonly OpCase[] {
  const random = createRandom(seed);
  const draw: Draw = (from, to) => from + Math.floor(random.uniform() * (to - from + 1));
  const makers = [randomConv, randomPool, randomBroadcast, randomReduction];
  return Array.from({ length: count }, (_, index) =>
    makers[index % makers.length]!(draw, Math.floor(index / makers.length)),
  );
}
