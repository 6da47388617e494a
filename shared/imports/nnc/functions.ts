import { elementCount, type FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import { kernelLast, rowsLast } from '../caffe/weights';
import { takesActivation } from '../drafts';
import { sizeParam, unlessStandard } from '../keras/layers/kernels';
import { flagAt, messageAt, numberAt, numbersAt, wordAt, type TextMessage } from '../protoText';
import { combining, concat, merging, severalAreOne } from './merging';
import { plain, type Converter, type FunctionUse } from './use';

/** Sizes that stand in a message of their own. */
function sizesAt(param: TextMessage, field: string, standard: readonly number[]): readonly [number, number] {
  const found = numbersAt(messageAt(param, field), 'dim');
  const [height = 1, width = height] = found.length > 0 ? found : standard;
  return [height, width];
}

function channelsLast(use: FunctionUse): void {
  if (flagAt(use.param, 'channel_last', false)) use.refuse(text('Its channels come last.', '其通道在后。'));
}

/** Sizes without the batch as they lie here. */
export function shapeLast(sizes: readonly number[]): readonly (number | null)[] | null {
  const known = (size: number | undefined): number | null => (size === undefined || size < 1 ? null : size);
  const [, channels, height, width] = sizes;
  if (sizes.length === 2) return [known(channels)];
  return sizes.length === 4 ? [known(height), known(width), known(channels)] : null;
}

function biasOf(use: FunctionUse, outputs: number): { readonly bias?: FloatTensor } {
  const data = use.parameters[1]?.data;
  return data === undefined || data === null ? {} : { bias: { dtype: 'float32', shape: [outputs], data } };
}

function convolving(kind: 'conv' | 'upconv'): Converter {
  return (use) => {
    channelsLast(use);
    const { param } = use;
    const [kernel] = use.parameters;
    const [outer = 0, inner = 0, height = 1, width = 1] = kernel?.sizes ?? [];
    const groups = numberAt(param, 'group', 1);
    const isUp = kind === 'upconv';
    const filters = isUp ? inner * groups : outer;
    const shape = [outer, inner, height, width];
    const weights =
      kernel?.data == null
        ? {}
        : { kernel: kernelLast({ dtype: 'float32', shape, data: kernel.data }), ...biasOf(use, filters) };
    const padding = sizeParam(sizesAt(param, 'pad', [0, 0]), 0);
    const outputPadding = isUp ? sizeParam(sizesAt(param, 'output_padding', [0, 0]), 0) : undefined;
    const draft = use.add(
      kind,
      {
        filters,
        kernelSize: sizeParam([height, width]),
        strides: sizeParam(sizesAt(param, 'stride', [1, 1]), isUp ? 2 : 1),
        padding,
        outputPadding,
        dilationRate: sizeParam(sizesAt(param, 'dilation', [1, 1]), 1),
        groups: unlessStandard(groups, 1),
        useBias: use.parameters.length > 1 ? undefined : false,
      },
      [use.input()],
      weights,
    );
    return plain(draft);
  };
}

const depthwise: Converter = (use) => {
  const { param } = use;
  const [kernel] = use.parameters;
  const [channels = 0, height = 1, width = 1] = kernel?.sizes ?? [];
  const filters = channels * numberAt(param, 'multiplier', 1);
  const data = kernel?.data;
  const shape = [filters, 1, height, width];
  return plain(
    use.add(
      'conv',
      {
        filters,
        kernelSize: sizeParam([height, width]),
        strides: sizeParam(sizesAt(param, 'stride', [1, 1]), 1),
        padding: sizeParam(sizesAt(param, 'pad', [0, 0]), 0),
        dilationRate: sizeParam(sizesAt(param, 'dilation', [1, 1]), 1),
        groups: channels,
        useBias: use.parameters.length > 1 ? undefined : false,
      },
      [use.input()],
      data == null ? {} : { kernel: kernelLast({ dtype: 'float32', shape, data }), ...biasOf(use, filters) },
    ),
  );
};

const affine: Converter = (use) => {
  if (numberAt(use.param, 'base_axis', 1) !== 1) use.refuse(text('It begins at another axis.', '它从其他轴开始。'));
  const [x] = use.inputs;
  const [kernel] = use.parameters;
  if (x === undefined) return plain(use.input());
  const sizes = kernel?.sizes ?? [];
  const units = sizes.slice(1).length === 0 ? 0 : (sizes.at(-1) ?? 0);
  const map = x.map ?? x.draft.shape.map((size) => size ?? 0);
  const data = kernel?.data ?? null;
  if (data !== null && data.length !== elementCount(map) * units)
    use.refuse(text('Its weights are not of its sizes.', '其权值与大小不符。'));
  const weights =
    data === null
      ? {}
      : { kernel: rowsLast({ dtype: 'float32', shape: sizes, data }, units, map, true), ...biasOf(use, units) };
  const useBias = use.parameters.length > 1 ? undefined : false;
  return plain(use.add('fc', { units, useBias }, [x.draft], weights));
};

function pooling(mode: 'max' | 'avg' | 'sum'): Converter {
  return (use) => {
    channelsLast(use);
    const { param } = use;
    const size = sizesAt(param, 'kernel', []);
    const strides = sizesAt(param, 'stride', size);
    return plain(
      use.add(
        'pool',
        {
          mode: unlessStandard(mode, 'max'),
          poolSize: sizeParam(size, 2),
          strides: strides.join() === size.join() ? undefined : sizeParam(strides),
          padding: sizeParam(sizesAt(param, 'pad', [0, 0]), 0),
          rounding: flagAt(param, 'ignore_border', true) ? undefined : 'ceil',
          countIncludePad: mode === 'avg' && flagAt(param, 'including_pad', true) && hasPad(param) ? true : undefined,
        },
        [use.input()],
      ),
    );
  };
}

function hasPad(param: TextMessage): boolean {
  return sizesAt(param, 'pad', [0, 0]).some((side) => side > 0);
}

/** One function of each value: of the layer before it where its name says that it is a part of that, as Convloom writes it. */
function applying(
  name: string,
  params: (use: FunctionUse) => { readonly [name: string]: Json | undefined } = () => ({}),
): Converter {
  return (use) => {
    const [x] = use.inputs;
    if (x === undefined) return plain(use.input());
    if (use.name === `${x.draft.source}__activation` && takesActivation(x.draft) && use.isOnlyReader(0)) {
      x.draft.params = { ...x.draft.params, activation: name };
      use.say('changed', text('The layer before it applies it here.', '在这里由前一层完成。'));
      return x;
    }
    return { draft: use.add('activation', { function: name, ...params(use) }, [x.draft]), map: x.map };
  };
}

function shares(name: 'softmax' | 'logSoftmax'): Converter {
  return (use) => {
    const rank = use.sizes.length;
    const axis = numberAt(use.param, 'axis', rank - 1);
    const along = rank !== 4 ? undefined : { 2: 'height', 3: 'width' }[axis < 0 ? axis + rank : axis];
    if (along !== undefined) return applying(name, () => ({ axis: along }))(use);
    if (axis !== 1 && axis !== 1 - rank)
      use.refuse(text('It goes along another axis than the channels.', '它沿通道以外的轴进行。'));
    return applying(name)(use);
  };
}

const prelu: Converter = (use) => {
  const x = use.input();
  const data = use.parameters[0]?.data;
  const channels = x.shape.at(-1) ?? 0;
  const weights =
    data == null || data.length !== channels ? {} : { alpha: { dtype: 'float32' as const, shape: [channels], data } };
  return plain(use.add('activation', { function: 'prelu' }, [x], weights));
};

const batchNorm: Converter = (use) => {
  const { param } = use;
  const [scale, center] = [!flagAt(param, 'no_scale', false), !flagAt(param, 'no_bias', false)];
  const axes = numbersAt(param, 'axes');
  if (axes.length > 0 && axes.join() !== '1')
    use.refuse(text('It goes over other axes than the channels.', '它不是按通道归一化。'));
  const names = [...(center ? ['beta'] : []), ...(scale ? ['gamma'] : []), 'movingMean', 'movingVariance'];
  const weights = Object.fromEntries(
    names.flatMap((name, at): [string, FloatTensor][] => {
      const data = use.parameters[at]?.data;
      return data == null ? [] : [[name, { dtype: 'float32', shape: [data.length], data }]];
    }),
  );
  return plain(
    use.add(
      'batchnorm',
      {
        momentum: unlessStandard(numberAt(param, 'decay_rate', 0.9), 0.99),
        epsilon: unlessStandard(numberAt(param, 'eps', 1e-5), 1e-3),
        scale: scale ? undefined : false,
        center: center ? undefined : false,
      },
      [use.input()],
      weights,
    ),
  );
};

const dropout: Converter = (use) => {
  const [x] = use.inputs;
  if (x === undefined) return plain(use.input());
  return { draft: use.add('dropout', { rate: numberAt(use.param, 'p', 0.5) }, [x.draft]), map: x.map };
};

/** A map as a list: what reads it is told that it lies channel after channel there. A list as a map of one place. */
const reshape: Converter = (use) => {
  const [x] = use.inputs;
  const wanted = shapeLast(use.sizes);
  if (x === undefined || wanted === null)
    return use.refuse(text('It gives neither a map nor a list.', '其输出既不是特征图也不是列表。'));
  const { shape } = x.draft;
  if (wanted.length === 1 && shape.length === 1) return { draft: use.add('flatten', {}, [x.draft]), map: x.map };
  if (wanted.length === 1 && shape.length === 3) {
    const [map] = x.draft.from;
    if (map !== undefined && x.draft.kind === 'permute' && JSON.stringify(x.draft.params['order']) === '[2,3,1]') {
      // Its channels were brought to the end for that: the list lies as here.
      const draft = use.add('flatten', {}, [map]);
      if (use.isOnlyReader(0)) use.remove(x.draft, draft);
      use.say('changed', severalAreOne);
      return plain(draft);
    }
    const known = shape.map((size) => size ?? 0);
    const isPlace = shape[0] === 1 && shape[1] === 1;
    if (x.draft.kind === 'gap' && x.draft.source === `${use.name}__kept` && use.isOnlyReader(0)) {
      const { keepDims: _kept, ...params } = x.draft.params;
      const draft = use.add('gap', params, x.draft.from);
      use.remove(x.draft, draft);
      use.say('changed', severalAreOne);
      return plain(draft);
    }
    return { draft: use.add('flatten', {}, [x.draft]), map: isPlace ? null : known };
  }
  if (wanted.length === 3 && wanted[0] === 1 && wanted[1] === 1 && shape.length === 1 && x.map === null) {
    return plain(use.add('reshape', { shape: wanted }, [x.draft]));
  }
  return use.refuse(text('It gives values another order than they have here.', '它给数值的次序与这里不同。'));
};

/** Axes of a map in another order, which the file counts with the channels first. */
const transpose: Converter = (use) => {
  const axes = numbersAt(use.param, 'axes');
  if (axes.length !== 4 || axes[0] !== 0)
    use.refuse(text('It turns over something else than a map.', '它转置的不是特征图。'));
  // Where each axis of the file is here, counted from 1, and the other way round.
  const here = [0, 3, 1, 2];
  const order = [2, 3, 1].map((axis) => here[axes[axis] ?? 0] ?? 0);
  return plain(use.add('permute', { order }, [use.input()]));
};

/** Cuts along axes of the file: of height and width it is a crop, of the channels a slice. */
const slice: Converter = (use) => {
  const x = use.input();
  const [starts, steps] = [numbersAt(use.param, 'start'), numbersAt(use.param, 'step')];
  if (steps.some((step) => step !== 1)) use.refuse(text('It takes every other value.', '它隔一取一。'));
  const wanted = shapeLast(use.sizes) ?? [];
  const from = shapeLast([0, ...starts.slice(1)])?.map((start) => start ?? 0) ?? [0];
  const cuts = x.shape.map((size, axis) => ({ start: from[axis] ?? 0, length: wanted[axis] ?? 0, size: size ?? 0 }));
  const [rows, columns, channels] = cuts.length === 3 ? cuts : [undefined, undefined, cuts[0]];
  if (channels !== undefined && channels.length !== channels.size) {
    const to = channels.start + channels.length;
    return plain(
      use.add('slice', { from: unlessStandard(channels.start, 0), to: to === channels.size ? undefined : to }, [x]),
    );
  }
  const ends = [rows, columns].flatMap((cut) =>
    cut === undefined ? [] : [cut.start, cut.size - cut.start - cut.length],
  );
  const [top = 0, bottom = 0, left = 0, right = 0] = ends.map((side) => side);
  const side = (count: number): number | undefined => (count === 0 ? undefined : count);
  return plain(use.add('crop', { top: side(top), bottom: side(bottom), left: side(left), right: side(right) }, [x]));
};

const pad: Converter = (use) => {
  const widths = numbersAt(use.param, 'pad_width');
  const [top = 0, bottom = 0, left = 0, right = 0] = widths.slice(-4);
  if (widths.slice(0, -4).some((width) => width !== 0)) use.refuse(text('It pads channels.', '它填充通道。'));
  const [mode, value] = [wordAt(use.param, 'mode', 'constant'), numberAt(use.param, 'constant_value', 0)];
  const params = {
    top: unlessStandard(top, 0),
    bottom: unlessStandard(bottom, 0),
    left: unlessStandard(left, 0),
    right: unlessStandard(right, 0),
    mode: mode === 'reflect' ? 'reflect' : value === 0 ? undefined : 'constant',
    value: mode !== 'reflect' && value !== 0 ? value : undefined,
  };
  if (mode !== 'constant' && mode !== 'reflect')
    use.refuse(text(`Its mode is ${mode.slice(0, 20)}.`, `其方式为 ${mode.slice(0, 20)}。`));
  return plain(use.add('pad', params, [use.input()]));
};

const interpolate: Converter = (use) => {
  channelsLast(use);
  const { param } = use;
  const size = numbersAt(param, 'output_size');
  const mode = wordAt(param, 'mode', 'linear');
  const coordinates = flagAt(param, 'align_corners', true)
    ? 'alignCorners'
    : flagAt(param, 'half_pixel', false)
      ? undefined
      : 'asymmetric';
  const [x] = [use.input()];
  const factors = size.map((length, axis) => length / (x.shape[axis] ?? 1));
  const isWhole = coordinates !== 'alignCorners' && factors.every((factor) => Number.isInteger(factor));
  const [height = 1, width = 1] = factors;
  const scale: { readonly [name: string]: Json | undefined } = isWhole
    ? { factor: sizeParam([height, width]) }
    : { size: [...size] };
  return plain(use.add('upsample', { ...scale, mode: mode === 'nearest' ? undefined : 'bilinear', coordinates }, [x]));
};

function scalar(name: 'scale' | 'shift'): Converter {
  return (use) => {
    const [x] = use.inputs;
    if (x === undefined) return plain(use.input());
    const val = numberAt(use.param, 'val', 1);
    if (
      name === 'shift' &&
      x.draft.kind === 'scale' &&
      x.draft.source === `${use.name}__scaled` &&
      use.isOnlyReader(0)
    ) {
      const draft = use.add('scale', { ...x.draft.params, shift: val }, x.draft.from);
      use.remove(x.draft, draft);
      return { draft, map: x.map };
    }
    return { draft: use.add('scale', { [name]: val }, [x.draft]), map: x.map };
  };
}

/** One bound of a clip; Convloom's own export writes both, one behind the other. */
function bound(name: 'min' | 'max'): Converter {
  return (use) => {
    const [x] = use.inputs;
    if (x === undefined) return plain(use.input());
    const val = numberAt(use.param, 'val', 1);
    const isPart = name === 'max' && x.draft.kind === 'activation' && x.draft.source === `${use.name}__above`;
    if (!isPart || !use.isOnlyReader(0)) {
      return { draft: use.add('activation', { function: 'clip', [name]: val }, [x.draft]), map: x.map };
    }
    const draft = use.add('activation', { ...x.draft.params, max: val }, x.draft.from);
    use.remove(x.draft, draft);
    return { draft, map: x.map };
  };
}

const globalMax: Converter = (use) => {
  if (numbersAt(use.param, 'axes').join() !== '2,3')
    use.refuse(text('It goes over other axes than height and width.', '它作用于高和宽以外的轴。'));
  const keepDims = flagAt(use.param, 'keep_dims', false) ? true : undefined;
  return plain(use.add('gap', { mode: 'max', keepDims }, [use.input()]));
};

/** How each function is written here, by nnabla's name. */
export const functionTypes: { readonly [type: string]: Converter } = {
  Convolution: convolving('conv'),
  Deconvolution: convolving('upconv'),
  DepthwiseConvolution: depthwise,
  Affine: affine,
  MaxPooling: pooling('max'),
  AveragePooling: pooling('avg'),
  SumPooling: pooling('sum'),
  GlobalAveragePooling: (use) => plain(use.add('gap', { keepDims: true }, [use.input()])),
  Max: globalMax,
  ReLU: applying('relu'),
  ReLU6: applying('relu6'),
  LeakyReLU: applying('leakyRelu', ({ param }) => ({ alpha: unlessStandard(numberAt(param, 'alpha', 0.1), 0.3) })),
  PReLU: prelu,
  ELU: applying('elu', ({ param }) => ({ alpha: unlessStandard(numberAt(param, 'alpha', 1), 1) })),
  SELU: applying('selu'),
  SoftPlus: applying('softplus'),
  Sigmoid: applying('sigmoid'),
  Tanh: applying('tanh'),
  Swish: applying('swish'),
  GELU: applying('gelu'),
  Mish: applying('mish'),
  Identity: applying('linear'),
  Softmax: shares('softmax'),
  LogSoftmax: shares('logSoftmax'),
  HardTanh: applying('clip', () => ({ min: -1, max: 1 })),
  MaximumScalar: bound('min'),
  MinimumScalar: bound('max'),
  Dropout: dropout,
  BatchNormalization: batchNorm,
  Add2: combining('add'),
  AddN: merging('add'),
  Mul2: combining('multiply'),
  MulN: merging('multiply'),
  Sub2: merging('merge', { mode: 'subtract' }),
  Maximum2: merging('merge', { mode: 'maximum' }),
  Minimum2: merging('merge', { mode: 'minimum' }),
  Concatenate: concat,
  Reshape: reshape,
  Transpose: transpose,
  Slice: slice,
  Pad: pad,
  Interpolate: interpolate,
  MulScalar: scalar('scale'),
  AddScalar: scalar('shift'),
};

/** Functions that are told what to do with parameters of the file; to others these would be lost. */
export const withParameters: ReadonlySet<string> = new Set([
  'Convolution',
  'Deconvolution',
  'DepthwiseConvolution',
  'Affine',
  'PReLU',
  'BatchNormalization',
  'Add2',
  'Mul2',
]);
