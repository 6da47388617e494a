import type { FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text, type Text } from '../../text';
import { turnedTensor, valueCount, withShape } from '../arranged';
import { takesActivation, type AddDraft, type Draft } from '../drafts';
import { sizeParam, unlessStandard } from '../keras/layers/kernels';
import type { Table } from './flatbuffer';

/** What a tensor is: values that are computed, numbers of the file, or sizes that are computed of other sizes and say nothing. */
export type Given = { readonly draft: Draft } | { readonly constant: FloatTensor } | { readonly isSize: true };

/** One operator, and what a converter may do about it. */
export type OperatorUse = {
  readonly op: string;
  readonly given: readonly (Given | null)[];
  /** Sizes of what it gives, batch first. */
  readonly sizes: readonly number[];
  option<T>(read: (options: Table) => T, standard: T): T;
  draft(place: number): Draft;
  constant(place: number): FloatTensor;
  isOnlyReader(place: number): boolean;
  add: AddDraft;
  say(why: Text): void;
  refuse(why: Text): never;
};

type Operator = (use: OperatorUse) => Draft;

/** Functions that stand in the options of other operators, by their number in the schema. */
const fused: readonly (string | null)[] = ['linear', 'relu', null, 'relu6', 'tanh', null];

/** RELU_N1_TO_1 */
const clippedToOne = 2;

/** Values between bounds; null for none. */
function clipped(use: OperatorUse, draft: Draft, min: number | null, max: number | null): Draft {
  return use.add('activation', { function: 'clip', min: min ?? undefined, max: max ?? undefined }, [draft]);
}

/** The function that an operator applies to what it gives. */
function applied(use: OperatorUse, draft: Draft, field: number): Draft {
  const code = use.option((options) => options.byte(field), 0);
  if (code === clippedToOne) return clipped(use, draft, -1, 1);
  const name = fused[code] ?? null;
  if (name === null) return use.refuse(text('The function in it is not known here.', '其内含的函数在这里未知。'));
  if (name === 'linear') return draft;
  if (!takesActivation(draft)) return use.add('activation', { function: name }, [draft]);
  draft.params = { ...draft.params, activation: name };
  return draft;
}

function padding(use: OperatorUse): 'same' | undefined {
  return use.option((options) => options.byte(0), 0) === 0 ? 'same' : undefined;
}

function pair(use: OperatorUse, height: number, width: number, standard: number): readonly [number, number] {
  return [
    use.option((options) => options.int(height, standard), standard),
    use.option((options) => options.int(width, standard), standard),
  ];
}

/** A bias where there is one; one of zeros is what the converter writes for none. */
function biasOf(use: OperatorUse, place: number): FloatTensor | null {
  const given = use.given[place];
  if (given === null || given === undefined) return null;
  const bias = use.constant(place);
  return bias.data.every((value) => value === 0) ? null : withShape(bias, [valueCount(bias)]);
}

/** `[out, h, w, in]` as `[h, w, in, out]`. */
function kernelLast(kernel: FloatTensor): FloatTensor {
  return turnedTensor(kernel, [1, 2, 3, 0]);
}

function convolving(isDepthwise: boolean): Operator {
  return (use) => {
    const x = use.draft(0);
    const given = use.constant(1);
    const channels = x.shape.at(-1) ?? 0;
    const [, height = 1, width = 1, last = 1] = given.shape;
    const kernel = isDepthwise ? withShape(given, [height, width, 1, last]) : kernelLast(given);
    const filters = isDepthwise ? last : (given.shape[0] ?? 1);
    const bias = biasOf(use, 2);
    const [functionField, dilationWidth] = isDepthwise ? [4, 5] : [3, 4];
    const draft = use.add(
      'conv',
      {
        filters,
        kernelSize: sizeParam([height, width]),
        strides: sizeParam(pair(use, 2, 1, 1), 1),
        padding: padding(use),
        dilationRate: sizeParam(pair(use, dilationWidth + 1, dilationWidth, 1), 1),
        groups: unlessStandard(isDepthwise ? channels : channels / last, 1),
        useBias: bias === null ? false : undefined,
      },
      [x],
      bias === null ? { kernel } : { kernel, bias },
    );
    return applied(use, draft, functionField);
  };
}

const transposeConv: Operator = (use) => {
  const x = use.draft(2);
  const given = use.constant(1);
  const [filters = 1, height = 1, width = 1] = given.shape;
  // Here as in Keras the filters stand before the channels.
  const kernel = turnedTensor(given, [1, 2, 0, 3]);
  const bias = biasOf(use, 3);
  const strides = pair(use, 2, 1, 1);
  const isSame = padding(use) === 'same';
  const missing = [Math.max(strides[0] - height, 0), Math.max(strides[1] - width, 0)] as const;
  const draft = use.add(
    'upconv',
    {
      filters,
      kernelSize: sizeParam([height, width]),
      strides: sizeParam(strides, 2),
      padding: isSame ? 'same' : undefined,
      outputPadding: isSame ? undefined : sizeParam(missing, 0),
      useBias: bias === null ? false : undefined,
    },
    [x],
    bias === null ? { kernel } : { kernel, bias },
  );
  if (draft.shape.some((size, axis) => size !== use.sizes[axis + 1]))
    use.refuse(text('Its output has another size than its formula gives.', '其输出大小与公式不符。'));
  return applied(use, draft, 3);
};

const fullyConnected: Operator = (use) => {
  const x = use.draft(0);
  const given = use.constant(1);
  const [units = 1, inputs = 1] = given.shape;
  const kernel = turnedTensor(given, [1, 0]);
  const bias = biasOf(use, 2);
  const useBias = bias === null ? false : undefined;
  const weights = (shape: readonly number[]) => ({
    kernel: withShape(kernel, shape),
    ...(bias && { bias }),
  });
  const keepsMap = x.shape.length === 3 && use.sizes.length === 4;
  const draft = keepsMap
    ? use.add('conv', { filters: units, kernelSize: 1, useBias }, [x], weights([1, 1, inputs, units]))
    : use.add('fc', { units, useBias }, [x], weights([inputs, units]));
  return applied(use, draft, 0);
};

function pooling(mode: 'max' | 'avg'): Operator {
  return (use) => {
    const [size, strides] = [pair(use, 4, 3, 1), pair(use, 2, 1, 1)];
    const draft = use.add(
      'pool',
      {
        mode: unlessStandard(mode, 'max'),
        poolSize: sizeParam(size, 2),
        strides: strides.join() === size.join() ? undefined : sizeParam(strides),
        padding: padding(use),
      },
      [use.draft(0)],
    );
    return applied(use, draft, 5);
  };
}

function reducing(mode: 'max' | 'avg'): Operator {
  return (use) => {
    const x = use.draft(0);
    const axes = [...use.constant(1).data].map((axis) => (axis < 0 ? axis + 4 : axis)).toSorted();
    if (x.shape.length !== 3 || axes.join() !== '1,2')
      use.refuse(text('It goes over other axes than height and width.', '它作用于高和宽以外的轴。'));
    const keepDims = use.option((options) => options.flag(0), false) ? true : undefined;
    return use.add('gap', { mode: unlessStandard(mode, 'avg'), keepDims }, [x]);
  };
}

function perChannel(use: OperatorUse, tensor: FloatTensor, x: Draft): number | readonly number[] {
  const count = valueCount(tensor);
  if (count === 1) return tensor.data[0] ?? 0;
  const isChannels = count === x.shape.at(-1) && tensor.shape.at(-1) === count;
  return isChannels
    ? [...tensor.data]
    : use.refuse(text('It has numbers for each position.', '它每个位置各有一个数。'));
}

function each(numbers: number | readonly number[], change: (value: number) => number): Json {
  return typeof numbers === 'number' ? change(numbers) : numbers.map(change);
}

type Affine = (numbers: number | readonly number[], isLeft: boolean) => { readonly [name: string]: Json } | null;

function binary(kind: string | null, params: { readonly [name: string]: Json }, affine: Affine): Operator {
  return (use) => {
    const [a, b] = use.given;
    if (a && b && 'draft' in a && 'draft' in b) {
      if (kind === null) return use.refuse(text('It divides one tensor by another.', '它用一个张量除以另一个张量。'));
      return applied(use, use.add(kind, params, [a.draft, b.draft]), 0);
    }
    const place = a && 'draft' in a ? 0 : 1;
    const x = use.draft(place);
    const found = affine(perChannel(use, use.constant(1 - place), x), place === 1);
    if (found === null) return use.refuse(text('Nothing here computes that.', '这里无法计算它。'));
    return applied(use, use.add('scale', found, [x]), 0);
  };
}

/** The larger or the smaller of two values, or of a value and a number. */
function bounding(mode: 'maximum' | 'minimum'): Operator {
  const merge = binary('merge', { mode }, () => null);
  return (use) => {
    const place = use.given.findIndex((one) => one !== null && 'draft' in one);
    const other = use.given[1 - place];
    if (place < 0 || other == null || !('constant' in other)) return merge(use);
    const numbers = perChannel(use, use.constant(1 - place), use.draft(place));
    if (typeof numbers !== 'number')
      return use.refuse(text('It has a bound for each channel.', '它每个通道各有一个界限。'));
    const x = use.draft(place);
    const [min, max] = mode === 'maximum' ? [numbers, null] : [null, numbers];
    const bound = mode === 'maximum' ? x.params['max'] : x.params['min'];
    const isHalf = x.params['function'] === 'clip' && Object.keys(x.params).length === 2 && typeof bound === 'number';
    if (!isHalf || !use.isOnlyReader(place) || (min ?? bound) > (max ?? bound)) return clipped(use, x, min, max);
    // The bound bound of the one before.
    x.params = { function: 'clip', min: min ?? bound, max: max ?? bound };
    return x;
  };
}

/** One function of each value: of the layer before it where nothing else reads that. */
function applying(name: string): Operator {
  return (use) => {
    const x = use.draft(0);
    if (!takesActivation(x) || !use.isOnlyReader(0)) return use.add('activation', { function: name }, [x]);
    x.params = { ...x.params, activation: name };
    use.say(text('The layer before it applies it here.', '在这里由前一层完成。'));
    return x;
  };
}

const softmax: Operator = (use) => {
  if (use.option((options) => options.float(0, 1), 1) !== 1) use.refuse(text('Its beta is not 1.', '其 beta 不为 1。'));
  return applying('softmax')(use);
};

const leakyRelu: Operator = (use) => {
  const alpha = Number(use.option((options) => options.float(0), 0).toPrecision(7));
  return use.add('activation', { function: 'leakyRelu', alpha: unlessStandard(alpha, 0.3) }, [use.draft(0)]);
};

const prelu: Operator = (use) => {
  const [x, alpha] = [use.draft(0), use.constant(1)];
  const channels = x.shape.at(-1) ?? 0;
  if (alpha.data.length !== channels) use.refuse(text('It has a slope for each position.', '它每个位置各有一个斜率。'));
  return use.add('activation', { function: 'prelu' }, [x], { alpha: { ...alpha, shape: [channels] } });
};

const concat: Operator = (use) => {
  const from = use.given.map((_, place) => use.draft(place));
  const axis = use.option((options) => options.int(0), 0);
  const rank = from[0]?.shape.length ?? 0;
  if (axis !== -1 && axis !== rank)
    use.refuse(text('It goes along another axis than the channels.', '它沿通道以外的轴进行。'));
  return applied(use, from.length === 1 ? use.draft(0) : use.add('concat', {}, from), 1);
};

const pad: Operator = (use) => {
  const x = use.draft(0);
  const [, , top = 0, bottom = 0, left = 0, right = 0, ...channels] = [...use.constant(1).data];
  if (channels.some((side) => side > 0) || x.shape.length !== 3) use.refuse(text('It pads channels.', '它填充通道。'));
  const isMirror = use.op === 'MIRROR_PAD';
  if (isMirror && use.option((options) => options.byte(0), 0) !== 0)
    use.refuse(text('It repeats the edge.', '它重复边缘。'));
  const value = use.op === 'PADV2' ? (use.constant(2).data[0] ?? 0) : 0;
  const mode = isMirror ? 'reflect' : value === 0 ? undefined : 'constant';
  const side = (count: number): Json | undefined => (count === 0 ? undefined : count);
  return use.add(
    'pad',
    {
      top: side(top),
      bottom: side(bottom),
      left: side(left),
      right: side(right),
      mode,
      value: mode === 'constant' ? value : undefined,
    },
    [x],
  );
};

/** Positions for channels, or back. */
function trading(kind: string): Operator {
  return (use) => use.add(kind, { blockSize: use.option((options) => options.int(0), 0) }, [use.draft(0)]);
}

function resizing(mode: 'nearest' | 'bilinear'): Operator {
  return (use) => {
    const [height = 1, width = 1] = use.constant(1).data;
    const field = mode === 'nearest' ? 0 : 2;
    const coordinates = use.option((options) => options.flag(field), false)
      ? 'alignCorners'
      : use.option((options) => options.flag(field + 1), false)
        ? undefined
        : 'asymmetric';
    return use.add('upsample', { size: [height, width], mode: unlessStandard(mode, 'nearest'), coordinates }, [
      use.draft(0),
    ]);
  };
}

/** By the sizes that the file declares for what comes out: those that it computes follow from them. */
const reshape: Operator = (use) => {
  const x = use.draft(0);
  const sizes = use.sizes.slice(1);
  if (sizes.join() === x.shape.join()) return x;
  if (sizes.length === 1) return use.add('flatten', {}, [x]);
  if (sizes.length !== 3) use.refuse(text('It gives neither a map nor a list.', '其输出既不是特征图也不是列表。'));
  return use.add('reshape', { shape: sizes }, [x]);
};

const transpose: Operator = (use) => {
  const [batch, ...order] = use.constant(1).data;
  if (batch !== 0) use.refuse(text('It moves the batch.', '它移动了批轴。'));
  return use.add('permute', { order }, [use.draft(0)]);
};

/** How each operator is written here, by its name in the schema. */
export const operators: { readonly [op: string]: Operator } = {
  CONV_2D: convolving(false),
  DEPTHWISE_CONV_2D: convolving(true),
  TRANSPOSE_CONV: transposeConv,
  FULLY_CONNECTED: fullyConnected,
  MAX_POOL_2D: pooling('max'),
  AVERAGE_POOL_2D: pooling('avg'),
  MEAN: reducing('avg'),
  REDUCE_MAX: reducing('max'),
  ADD: binary('add', {}, (shift) => ({ shift: each(shift, (value) => value) })),
  SUB: binary('merge', { mode: 'subtract' }, (numbers, isLeft) =>
    isLeft ? { scale: -1, shift: each(numbers, (value) => value) } : { shift: each(numbers, (value) => -value) },
  ),
  MUL: binary('multiply', {}, (scale) => ({ scale: each(scale, (value) => value) })),
  DIV: binary(null, {}, (numbers, isLeft) => (isLeft ? null : { scale: each(numbers, (value) => 1 / value) })),
  MAXIMUM: bounding('maximum'),
  MINIMUM: bounding('minimum'),
  DEPTH_TO_SPACE: trading('depthToSpace'),
  SPACE_TO_DEPTH: trading('spaceToDepth'),
  CONCATENATION: concat,
  PAD: pad,
  PADV2: pad,
  MIRROR_PAD: pad,
  RESHAPE: reshape,
  SQUEEZE: reshape,
  TRANSPOSE: transpose,
  RESIZE_BILINEAR: resizing('bilinear'),
  RESIZE_NEAREST_NEIGHBOR: resizing('nearest'),
  SOFTMAX: softmax,
  LOG_SOFTMAX: applying('logSoftmax'),
  LEAKY_RELU: leakyRelu,
  PRELU: prelu,
  RELU: applying('relu'),
  RELU6: applying('relu6'),
  RELU_N1_TO_1: (use) => clipped(use, use.draft(0), -1, 1),
  RELU_0_TO_1: (use) => clipped(use, use.draft(0), 0, 1),
  ELU: applying('elu'),
  LOGISTIC: applying('sigmoid'),
  TANH: applying('tanh'),
  HARD_SWISH: applying('hardswish'),
};
