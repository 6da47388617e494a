import type { Padding } from '../../layers/define';
import type { FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import { turnedTensor, valueCount, withShape } from '../arranged';
import { sizeParam, unlessStandard } from '../keras/layers/kernels';
import { flagOf, floatOf, numberOf, numbersOf, wordOf, wordsOf } from './attributes';
import type { Draft, Given, Operation, OperationUse } from './graphModel';

/*
 * TensorFlow's operations as layers. Maps have their channels last; the batch is the first axis of every tensor.
 */

function isLast(use: OperationUse): void {
  const format = wordOf(use.node, 'data_format');
  if (format !== '' && format !== 'NHWC') use.refuse(text('Its channels come first.', '其通道在前。'));
}

/** Height and width of a list for all four axes. */
function pair(use: OperationUse, name: string): readonly [number, number] {
  const [, height = 1, width = 1] = numbersOf(use.node, name);
  return [height, width];
}

function paddingOf(use: OperationUse): Padding | undefined {
  const word = wordOf(use.node, 'padding');
  if (word === 'SAME') return 'same';
  if (word !== 'EXPLICIT') return undefined;
  const [, , top = 0, bottom = 0, left = 0, right = 0] = numbersOf(use.node, 'explicit_paddings');
  return [top, bottom, left, right];
}

/** Functions of one value, by TensorFlow's names. */
const functions: { readonly [op: string]: string } = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Selu: 'selu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softmax: 'softmax',
  LogSoftmax: 'logSoftmax',
};

/** What is fused into a layer: its bias, and a function behind it. */
function fused(use: OperationUse, layer: Draft): Given {
  let draft = layer;
  let place = 2;
  for (const word of wordsOf(use.node, 'fused_ops')) {
    if (word === 'BiasAdd') {
      setBias(draft, use.constant(place));
      place += 1;
    } else if (Object.hasOwn(functions, word)) {
      draft.params = { ...draft.params, activation: functions[word] ?? 'linear' };
    } else if (word === 'LeakyRelu') {
      draft = leaky(use, draft);
    } else if (word === 'Prelu') {
      draft = prelu(use, draft, use.constant(place));
      place += 1;
    } else use.refuse(text(`It is fused with ${word.slice(0, 40)}.`, `它与 ${word.slice(0, 40)} 融合。`));
  }
  return { draft };
}

function setBias(draft: Draft, bias: FloatTensor): void {
  const { useBias: _none, ...params } = draft.params;
  draft.params = params;
  draft.weights = { ...draft.weights, bias: { ...bias, shape: [bias.data.length] } };
}

function leaky(use: OperationUse, x: Draft): Draft {
  const alpha = floatOf(use.node, use.node.op === 'LeakyRelu' ? 'alpha' : 'leakyrelu_alpha', 0.2);
  // Single precision of the file's number, as it is meant.
  return use.add('activation', { function: 'leakyRelu', alpha: Number(alpha.toPrecision(7)) }, [x]);
}

function prelu(use: OperationUse, x: Draft, alpha: FloatTensor): Draft {
  const channels = x.shape.at(-1) ?? 0;
  if (alpha.data.length !== channels) use.refuse(text('It has a slope for each position.', '它每个位置各有一个斜率。'));
  return use.add('activation', { function: 'prelu' }, [x], { alpha: { ...alpha, shape: [channels] } });
}

const convolution: Operation = (use) => {
  isLast(use);
  const [x, kernel] = [use.draft(0), use.constant(1)];
  const [height = 1, width = 1, inputs = 1, outputs = 1] = kernel.shape;
  const isDepthwise = /Depthwise/.test(use.node.op);
  const channels = x.shape[2] ?? inputs;
  const filters = isDepthwise ? inputs * outputs : outputs;
  const groups = isDepthwise ? inputs : channels / inputs;
  const draft = use.add(
    'conv',
    {
      filters,
      kernelSize: sizeParam([height, width]),
      strides: sizeParam(pair(use, 'strides'), 1),
      padding: paddingOf(use),
      dilationRate: sizeParam(pair(use, 'dilations'), 1),
      groups: unlessStandard(groups, 1),
      useBias: false,
    },
    [x],
    { kernel: isDepthwise ? withShape(kernel, [height, width, 1, filters]) : kernel },
  );
  return fused(use, draft);
};

const matMul: Operation = (use) => {
  const x = use.draft(0);
  if (x.shape.length !== 1 || flagOf(use.node, 'transpose_a'))
    use.refuse(text('It multiplies more than a list of values.', '它相乘的不只是一列数值。'));
  const kernel = flagOf(use.node, 'transpose_b') ? turnedTensor(use.constant(1), [1, 0]) : use.constant(1);
  return fused(use, use.add('fc', { units: kernel.shape[1] ?? 1, useBias: false }, [x], { kernel }));
};

const batchNorm: Operation = (use) => {
  isLast(use);
  if (flagOf(use.node, 'is_training'))
    use.refuse(text('It goes by the statistics of its batch.', '它使用批的统计量。'));
  const [gamma, beta, movingMean, movingVariance] = [1, 2, 3, 4].map((place) => use.constant(place));
  const epsilon = Number(floatOf(use.node, 'epsilon', 1e-4).toPrecision(7));
  const weights = { gamma, beta, movingMean, movingVariance } as { readonly [name: string]: FloatTensor };
  return { draft: use.add('batchnorm', { epsilon: unlessStandard(epsilon, 1e-3) }, [use.draft(0)], weights) };
};

function pooling(mode: 'max' | 'avg'): Operation {
  return (use) => {
    isLast(use);
    const [size, strides] = [pair(use, 'ksize'), pair(use, 'strides')];
    const params = {
      mode: unlessStandard(mode, 'max'),
      poolSize: sizeParam(size, 2),
      strides: strides.join() === size.join() ? undefined : sizeParam(strides),
      padding: paddingOf(use),
    };
    return { draft: use.add('pool', params, [use.draft(0)]) };
  };
}

function reducing(mode: 'max' | 'avg'): Operation {
  return (use) => {
    const x = use.draft(0);
    const axes = [...use.constant(1).data].map((axis) => (axis < 0 ? axis + 4 : axis)).toSorted();
    if (x.shape.length !== 3 || axes.join() !== '1,2')
      use.refuse(text('It goes over other axes than height and width.', '它作用于高和宽以外的轴。'));
    const keeps = flagOf(use.node, 'keep_dims') || flagOf(use.node, 'keepdims');
    return { draft: use.add('gap', { mode: unlessStandard(mode, 'avg'), keepDims: keeps ? true : undefined }, [x]) };
  };
}

/** A number, or one for each channel; what is shaped otherwise has no place. */
function perChannel(use: OperationUse, tensor: FloatTensor, x: Draft): number | readonly number[] {
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

function binary(kind: string | null, params: { readonly [name: string]: Json }, affine: Affine): Operation {
  return (use) => {
    const [a, b] = use.given;
    if (a === undefined || b === undefined) return use.refuse(text('It has no two sides.', '它没有两侧。'));
    if ('draft' in a && 'draft' in b) {
      return kind === null
        ? use.refuse(text('It divides one tensor by another.', '它用一个张量除以另一个张量。'))
        : { draft: use.add(kind, params, [a.draft, b.draft]) };
    }
    const place = 'draft' in a ? 0 : 1;
    const [x, tensor] = [use.draft(place), use.constant(1 - place)];
    if (kind === 'add' && isBiasOf(x, tensor) && use.isOnlyReader(place)) {
      setBias(x, tensor);
      return { draft: x };
    }
    const found = affine(perChannel(use, tensor, x), place === 1);
    return found === null
      ? use.refuse(text('Nothing here computes that.', '这里无法计算它。'))
      : { draft: use.add('scale', found, [x]) };
  };
}

/** Whether a sum is the bias of the layer before it. */
function isBiasOf({ params, weights, shape }: Draft, bias: FloatTensor): boolean {
  const isOpen = weights['kernel'] !== undefined && weights['bias'] === undefined && params['activation'] === undefined;
  const count = valueCount(bias);
  return isOpen && count === shape.at(-1) && bias.shape.at(-1) === count;
}

const add = binary('add', {}, (shift) => ({ shift: each(shift, (value) => value) }));

/** Single precision of the file's number, as it is meant. */
function single(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(7));
}

/** The larger or the smaller of two values, or of a value and a number. */
function bounding(mode: 'maximum' | 'minimum'): Operation {
  const merge = binary('merge', { mode }, () => null);
  return (use) => {
    const place = use.given.findIndex((one) => 'draft' in one);
    const other = use.given[1 - place];
    if (place < 0 || other === undefined || 'draft' in other) return merge(use);
    const numbers = perChannel(use, use.constant(1 - place), use.draft(place));
    if (typeof numbers !== 'number')
      return use.refuse(text('It has a bound for each channel.', '它每个通道各有一个界限。'));
    const bound = { [mode === 'maximum' ? 'min' : 'max']: single(numbers) };
    return { draft: use.add('activation', { function: 'clip', ...bound }, [use.draft(place)]) };
  };
}

/** One function of each value: of the layer before it where nothing else reads that. */
function applying(name: string): Operation {
  return (use) => {
    const x = use.draft(0);
    return { draft: use.add('activation', { function: name }, [x]) };
  };
}

const concat: Operation = (use) => {
  const last = use.given.length - 1;
  const from = Array.from({ length: last }, (_, place) => use.draft(place));
  const axis = use.constant(last).data[0] ?? -1;
  const rank = from[0]?.shape.length ?? 0;
  if (axis !== -1 && axis !== rank)
    use.refuse(text('It goes along another axis than the channels.', '它沿通道以外的轴进行。'));
  return { draft: from.length === 1 ? use.draft(0) : use.add('concat', {}, from) };
};

const pad: Operation = (use) => {
  const [, , top = 0, bottom = 0, left = 0, right = 0, ...channels] = [...use.constant(1).data];
  if (channels.some((side) => side > 0) || use.draft(0).shape.length !== 3)
    use.refuse(text('It pads channels.', '它填充通道。'));
  const value = use.node.op === 'PadV2' ? (use.constant(2).data[0] ?? 0) : 0;
  const mode = use.node.op === 'MirrorPad' ? 'reflect' : value === 0 ? undefined : 'constant';
  if (mode === 'reflect' && wordOf(use.node, 'mode') !== 'REFLECT')
    use.refuse(text('It repeats the edge.', '它重复边缘。'));
  return {
    draft: use.add('pad', { top, bottom, left, right, mode, value: mode === 'constant' ? value : undefined }, [
      use.draft(0),
    ]),
  };
};

/** Positions for channels, or back. */
function trading(kind: string): Operation {
  return (use) => {
    isLast(use);
    return { draft: use.add(kind, { blockSize: numberOf(use.node, 'block_size') }, [use.draft(0)]) };
  };
}

function resizing(mode: 'nearest' | 'bilinear'): Operation {
  return (use) => {
    const [height = 1, width = 1] = use.constant(1).data;
    const coordinates = flagOf(use.node, 'align_corners')
      ? 'alignCorners'
      : flagOf(use.node, 'half_pixel_centers')
        ? undefined
        : 'asymmetric';
    return {
      draft: use.add('upsample', { size: [height, width], mode: unlessStandard(mode, 'nearest'), coordinates }, [
        use.draft(0),
      ]),
    };
  };
}

const reshape: Operation = (use) => {
  const x = use.draft(0);
  const sizes = [...use.constant(1).data].slice(1);
  if (sizes.length !== 1 && sizes.length !== 3)
    use.refuse(text('It gives neither a map nor a list.', '其输出既不是特征图也不是列表。'));
  const isFlat = sizes.length === 1 && x.shape.length === 3;
  const shape = sizes.map((size) => (size === -1 ? null : size));
  return { draft: isFlat ? use.add('flatten', {}, [x]) : use.add('reshape', { shape }, [x]) };
};

const squeeze: Operation = (use) => {
  const x = use.draft(0);
  const axes = numbersOf(use.node, 'squeeze_dims')
    .map((axis) => (axis < 0 ? axis + 4 : axis))
    .toSorted();
  const isOne = x.shape.length === 3 && x.shape[0] === 1 && x.shape[1] === 1 && axes.join() === '1,2';
  return {
    draft: isOne
      ? use.add('flatten', {}, [x])
      : use.refuse(text('It gives neither a map nor a list.', '其输出既不是特征图也不是列表。')),
  };
};

const transpose: Operation = (use) => {
  const [batch, ...order] = use.constant(1).data;
  if (batch !== 0) use.refuse(text('It moves the batch.', '它移动了批轴。'));
  return { draft: use.add('permute', { order }, [use.draft(0)]) };
};

const identity: Operation = (use) => use.given[0] ?? use.refuse(text('It reads nothing.', '它没有输入。'));

/** How each operation is written here, by TensorFlow's name. */
export const operations: { readonly [op: string]: Operation } = {
  Identity: identity,
  StopGradient: identity,
  Cast: identity,
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: convolution,
  FusedDepthwiseConv2dNative: convolution,
  MatMul: matMul,
  _FusedMatMul: matMul,
  BiasAdd: add,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  MaxPool: pooling('max'),
  AvgPool: pooling('avg'),
  Mean: reducing('avg'),
  Max: reducing('max'),
  Add: add,
  AddV2: add,
  Sub: binary('merge', { mode: 'subtract' }, (numbers, isLeft) =>
    isLeft ? { scale: -1, shift: each(numbers, (value) => value) } : { shift: each(numbers, (value) => -value) },
  ),
  Mul: binary('multiply', {}, (numbers) => ({ scale: each(numbers, (value) => value) })),
  RealDiv: binary(null, {}, (numbers, isLeft) => (isLeft ? null : { scale: each(numbers, (value) => 1 / value) })),
  Maximum: bounding('maximum'),
  Minimum: bounding('minimum'),
  ClipByValue: (use) => {
    const [min, max] = [1, 2].map((place) => single(use.constant(place).data[0]));
    return { draft: use.add('activation', { function: 'clip', min, max }, [use.draft(0)]) };
  },
  AddN: (use) => ({
    draft: use.add(
      'add',
      {},
      use.given.map((_, place) => use.draft(place)),
    ),
  }),
  LeakyRelu: (use) => ({ draft: leaky(use, use.draft(0)) }),
  Prelu: (use) => ({ draft: prelu(use, use.draft(0), use.constant(1)) }),
  DepthToSpace: trading('depthToSpace'),
  SpaceToDepth: trading('spaceToDepth'),
  ConcatV2: concat,
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  ResizeBilinear: resizing('bilinear'),
  ResizeNearestNeighbor: resizing('nearest'),
  Reshape: reshape,
  Squeeze: squeeze,
  Transpose: transpose,
  ...Object.fromEntries(Object.entries(functions).map(([op, name]) => [op, applying(name)])),
};
