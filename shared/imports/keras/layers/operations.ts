import { text } from '../../../text';
import { activationNamed, addActivation, type KerasActivation } from '../activations';
import { isList, own } from '../config';
import type { Converter, LayerUse, Value } from '../context';
import type { Argument } from '../graph';
import { clipped, overChannels, sameLayout } from './values';
import { reshapeTo } from './shapes';

/*
 * Operations between layers, as Python's `x + 3.0` and `keras.ops` leave them in a model: of a class of its own in Keras 3, inside
 * `TFOpLambda` in Keras 2.
 */

/** A plain number, alone or in lists of one. */
function numberOf(argument: Argument | undefined): number | null {
  if (argument?.type === 'list') return argument.items.length === 1 ? numberOf(argument.items[0]) : null;
  return argument?.type === 'value' && typeof argument.value === 'number' ? argument.value : null;
}

/** One number, or one for each channel in as many lists as the tensor has axes. */
function numbersOf(argument: Argument | undefined, channels: number | null): number | readonly number[] | null {
  const one = numberOf(argument);
  if (one !== null || argument?.type !== 'list') return one;
  if (argument.items.length === 1) return numbersOf(argument.items[0], channels);
  const numbers = argument.items.map(numberOf).filter((value) => value !== null);
  return numbers.length === argument.items.length && numbers.length === channels ? numbers : null;
}

type Side = { readonly value: Value } | { readonly numbers: number | readonly number[] };

function mapNumbers(
  numbers: number | readonly number[],
  change: (value: number) => number,
): number | readonly number[] {
  return typeof numbers === 'number' ? change(numbers) : numbers.map(change);
}

/** The two sides of an operation, whatever their arguments are called. */
function sidesOf(use: LayerUse): readonly [Side, Side] {
  const { positional, named } = use;
  const first = positional.flatMap((argument) => (argument.type === 'list' ? argument.items : [argument]));
  const given = [
    first[0] ?? named.get('x1') ?? named.get('x'),
    first[1] ?? named.get('x2') ?? named.get('y') ?? (first.length === 0 ? undefined : named.get('x')),
  ];
  const values = given.map((argument) => use.valueOf(argument));
  const channels = values.find((value) => value !== null)?.shape.at(-1) ?? null;
  const [a, b] = given.map((argument, at): Side => {
    const value = values[at];
    if (value != null) return { value };
    const numbers = numbersOf(argument, channels);
    return numbers === null
      ? use.config.refuse(text('One side of it is neither a tensor nor a number.', '其一侧既不是张量也不是数。'))
      : { numbers };
  });
  if (a === undefined || b === undefined) return use.config.refuse(text('It has no two sides.', '它没有两侧。'));
  return [a, b];
}

type Affine = { readonly scale?: number | readonly number[]; readonly shift?: number | readonly number[] };

/** An operation of two tensors as `kind`, or of a tensor and numbers as a Scale. */
function binary(
  merge: { readonly kind: string; readonly params?: { readonly [name: string]: string } } | null,
  withNumbers: (numbers: number | readonly number[], isLeft: boolean) => Affine | null,
): Converter {
  return (use) => {
    const [a, b] = sidesOf(use);
    if ('value' in a && 'value' in b) {
      return merge === null
        ? use.config.refuse(text('It divides one tensor by another.', '它用一个张量除以另一个张量。'))
        : use.add(merge.kind, {
            ...(merge.params === undefined ? {} : { params: merge.params }),
            from: sameLayout(use),
          });
    }
    const [x, numbers] = 'value' in a ? [a.value, b] : 'value' in b ? [b.value, a] : [null, a];
    const affine = x === null || !('numbers' in numbers) ? null : withNumbers(numbers.numbers, numbers === a);
    if (x === null || affine === null)
      return use.config.refuse(text('Nothing here computes that.', '这里无法计算它。'));
    return use.add('scale', { params: { ...affine }, from: [x] });
  };
}

const add = binary({ kind: 'add' }, (shift) => ({ shift }));
const subtract = binary({ kind: 'merge', params: { mode: 'subtract' } }, (numbers, isLeft) =>
  isLeft ? { scale: -1, shift: numbers } : { shift: mapNumbers(numbers, (value) => -value) },
);
const multiply = binary({ kind: 'multiply' }, (scale) => ({ scale }));
const divide = binary(null, (numbers, isLeft) =>
  isLeft ? null : { scale: mapNumbers(numbers, (value) => 1 / value) },
);

function activating(activation: KerasActivation): Converter {
  return (use) => addActivation(use, use.input(), activation);
}

/** `relu`, whose TensorFlow form may carry a bound and a slope. */
const relu: Converter = (use) => {
  const most = numberOf(use.named.get('max_value'));
  const slope = numberOf(use.named.get('negative_slope')) ?? numberOf(use.named.get('alpha')) ?? 0;
  if (most === null && slope === 0) return addActivation(use, use.input(), { name: 'relu', isPlain: true });
  if (most === 6 && slope === 0) return addActivation(use, use.input(), { name: 'relu6', isPlain: true });
  if (most === null) return addActivation(use, use.input(), { name: 'leakyRelu', alpha: slope, isPlain: false });
  if (slope === 0) return clipped(use, use.input(), 0, most);
  return use.config.refuse(text('It has a bound and a slope.', '它既有上界又有斜率。'));
};

/** Bounds by the names of keras.ops, of TensorFlow, or by their place. */
const clip: Converter = (use) => {
  const [min, max] = [
    ['x_min', 'clip_value_min'],
    ['x_max', 'clip_value_max'],
  ].map((names, at) => {
    const given = names.map((name) => use.config.value(name)).find((value) => typeof value === 'number');
    const argument = names.map((name) => use.named.get(name)).find((one) => one !== undefined);
    return typeof given === 'number' ? given : numberOf(argument ?? use.positional[at + 1]);
  });
  if (min == null || max == null) return use.config.refuse(text('Its bounds are no numbers.', '其上下界不是数。'));
  return clipped(use, use.input(), min, max);
};

/** Positions for channels, or back, as TensorFlow counts them. */
function trading(kind: string): Converter {
  return (use) => {
    const blockSize = numberOf(use.named.get('block_size') ?? use.positional[1]);
    const x = use.input();
    if (blockSize === null || x.isFirst || x.shape.length !== 3)
      return use.config.refuse(text('Its blocks are not known.', '其块大小未知。'));
    return use.add(kind, { params: { blockSize }, from: [x] });
  };
}

function concatenated(use: LayerUse): Value {
  const axis = use.config.value('axis') ?? numberOf(use.named.get('axis')) ?? numberOf(use.positional[1]) ?? -1;
  return overChannels(use, axis, () => use.add('concat', { from: sameLayout(use) }));
}

/** Means over height and width, kept or not. */
const mean: Converter = (use) => {
  const x = use.input();
  const argument = use.named.get('axis') ?? use.positional[1];
  const axes = use.config.value('axis') ?? (argument?.type === 'list' ? argument.items.map(numberOf) : null);
  const keeps =
    use.config.value('keepdims') ??
    (use.named.get('keepdims')?.type === 'value' ? valueIn(use.named.get('keepdims')) : false);
  const wanted = x.isFirst ? '2,3' : '1,2';
  if (x.shape.length !== 3 || !isList(axes) || axes.join(',') !== wanted) {
    return use.config.refuse(
      text('It averages over other axes than height and width.', '它在高和宽以外的轴上求平均。'),
    );
  }
  return use.add('gap', { params: { keepDims: keeps === true ? true : undefined }, from: [x] });
};

function valueIn(argument: Argument | undefined): unknown {
  return argument?.type === 'value' ? argument.value : undefined;
}

const reshape: Converter = (use) => {
  const argument = use.named.get('shape') ?? use.named.get('newshape') ?? use.positional[1];
  const given =
    use.config.value('newshape') ??
    use.config.value('shape') ??
    (argument?.type === 'list' ? argument.items.map(numberOf) : null);
  return reshapeTo(use, use.input(), isList(given) ? given.slice(1) : null);
};

/** By the class of an operation of Keras 3, and by the last word of a function of TensorFlow. */
const operations: { readonly [name: string]: Converter } = {
  add,
  subtract,
  sub: subtract,
  multiply,
  mul: multiply,
  true_divide: divide,
  truediv: divide,
  divide,
  relu,
  clip,
  clip_by_value: clip,
  concatenate: concatenated,
  concat: concatenated,
  mean,
  reduce_mean: mean,
  reshape,
  depth_to_space: trading('depthToSpace'),
  space_to_depth: trading('spaceToDepth'),
  identity: (use) => use.input(),
};

/** The names under which operations stand in models. */
const byClass: { readonly [className: string]: string } = {
  Add: 'add',
  Subtract: 'subtract',
  Multiply: 'multiply',
  TrueDivide: 'true_divide',
  Divide: 'divide',
  Relu: 'relu',
  Clip: 'clip',
  Concatenate: 'concatenate',
  Mean: 'mean',
  Reshape: 'reshape',
  Identity: 'identity',
};

function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase();
}

/** The operation of a class, a module or a function; null where there is none of that name here. */
export function findOperation(name: string, use: Pick<LayerUse, 'dialect'>): Converter | null {
  const plain = own(byClass, name) ?? name;
  if (typeof plain !== 'string') return null;
  const last = plain.split('.').at(-1) ?? plain;
  if (Object.hasOwn(operations, last)) return operations[last] ?? null;
  const activation = activationNamed(snake(last), use.dialect);
  return activation === null ? null : activating(activation);
}
