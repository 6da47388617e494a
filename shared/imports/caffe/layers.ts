import type { FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import { takesActivation, type Draft } from '../drafts';
import { unlessStandard, sizeParam } from '../keras/layers/kernels';
import { flagAt, messageAt, messagesAt, numberAt, numbersAt, wordAt, wordsAt } from '../protoText';
import type { Converter, LayerUse } from './context';
import { convolution, deconvolution, innerProduct, paddingOf, pairAt, trainableOf } from './kernels';

const partOfLayer = text('The layer before it applies it here.', '在这里由前一层完成。');
const otherAxis = text('It works along another axis than the channels.', '它沿通道以外的轴工作。');

function plain(draft: Draft): ReturnType<Converter> {
  return [{ draft, isFlat: false }];
}

/** One function of each value: of the layer before it where nothing else reads that. */
function applied(
  use: LayerUse,
  name: string,
  params: { readonly [name: string]: Json | undefined } = {},
): ReturnType<Converter> {
  const [x] = use.inputs;
  if (x === undefined) return use.refuse(text('It reads nothing.', '它没有输入。'));
  const isPart =
    use.isOnlyReader(0) && takesActivation(x.draft) && Object.values(params).every((value) => value === undefined);
  if (isPart && name !== 'leakyRelu' && name !== 'prelu') {
    x.draft.params = { ...x.draft.params, activation: name };
    use.say('changed', partOfLayer);
    return [x];
  }
  return [{ ...x, draft: use.add('activation', { function: name, ...params }, [x.draft]) }];
}

const relu: Converter = (use) => {
  const slope = numberAt(use.param('relu'), 'negative_slope', 0);
  if (slope === 0) return applied(use, 'relu');
  return applied(use, 'leakyRelu', { alpha: slope });
};

const elu: Converter = (use) =>
  applied(use, 'elu', { alpha: unlessStandard(numberAt(use.param('elu'), 'alpha', 1), 1) });

const prelu: Converter = (use) => {
  const x = use.input();
  const channels = x.shape.at(-1) ?? 1;
  const [slopes] = use.blobs ?? [];
  const isShared = flagAt(use.param('prelu'), 'channel_shared', false) && channels > 1;
  if (isShared)
    use.say('changed', text('Its one slope is one for each channel here.', '其唯一的斜率在这里每个通道各有一个。'));
  const data =
    slopes === undefined ? null : isShared ? new Float32Array(channels).fill(slopes.data[0] ?? 0) : slopes.data;
  const alpha: FloatTensor | null = data === null ? null : { dtype: 'float32', shape: [channels], data };
  const start = numberAt(messageAt(use.param('prelu'), 'filler'), 'value', 0.25);
  const params = { function: 'prelu', alpha: unlessStandard(start, 0.25), trainable: trainableOf(use) };
  return plain(use.add('activation', params, [x], alpha === null ? {} : { alpha }));
};

const swish: Converter = (use) => {
  if (numberAt(use.param('swish'), 'beta', 1) !== 1) use.refuse(text('Its beta is not 1.', '其 beta 不为 1。'));
  return applied(use, 'swish');
};

const clip: Converter = (use) => {
  const param = use.param('clip');
  const [min, max] = [numberAt(param, 'min', 0), numberAt(param, 'max', 0)];
  return min === 0 && max === 6 ? applied(use, 'relu6') : applied(use, 'clip', { min, max });
};

const softmax: Converter = (use) => {
  const axis = numberAt(use.param('softmax'), 'axis', 1);
  const x = use.input();
  const along = x.shape.length !== 3 ? undefined : { 2: 'height', 3: 'width' }[axis < 0 ? axis + 4 : axis];
  if (along !== undefined) return applied(use, 'softmax', { axis: along });
  if (axis !== 1 && !(axis === -3 && x.shape.length === 3) && !(axis === -1 && x.shape.length === 1))
    use.refuse(otherAxis);
  return use.inputs[0]?.isFlat === true
    ? plain(use.add('activation', { function: 'softmax' }, [x]))
    : applied(use, 'softmax');
};

const dropout: Converter = (use) => {
  const rate = numberAt(use.param('dropout'), 'dropout_ratio', 0.5);
  const [x] = use.inputs;
  if (x === undefined) return use.refuse(text('It reads nothing.', '它没有输入。'));
  return [{ ...x, draft: use.add('dropout', { rate }, [x.draft]) }];
};

const pooling: Converter = (use) => {
  const param = use.param('pooling');
  const x = use.map();
  if (use.layer.tops.length > 1) use.refuse(text('It gives the places of its maxima too.', '它还输出最大值的位置。'));
  const method = wordAt(param, 'pool', 'MAX');
  const mode = { MAX: 'max', '0': 'max', AVE: 'avg', '1': 'avg' }[method];
  if (mode === undefined)
    return use.refuse(text(`Nothing here pools by ${method.slice(0, 20)}.`, `这里没有 ${method.slice(0, 20)} 池化。`));
  if (flagAt(param, 'global_pooling', false)) {
    return plain(use.add('gap', { mode: unlessStandard(mode, 'avg'), keepDims: true }, [x]));
  }
  const size = pairAt(param, 'kernel_size', 0, 'kernel');
  const strides = pairAt(param, 'stride', 1);
  const padding = paddingOf(param);
  const isFloor = ['FLOOR', '1'].includes(wordAt(param, 'round_mode', 'CEIL'));
  return plain(
    use.add(
      'pool',
      {
        mode: unlessStandard(mode, 'max'),
        poolSize: sizeParam(size, 2),
        strides: strides.join() === size.join() ? undefined : sizeParam(strides),
        padding,
        countIncludePad: mode === 'avg' && padding !== undefined ? true : undefined,
        rounding: isFloor || isExact(x, size, strides, pairAt(param, 'pad', 0)) ? undefined : 'ceil',
      },
      [x],
    ),
  );
};

/** Whether windows fit without a rest, so that it does not matter how the count is rounded. */
function isExact(
  { shape }: Draft,
  size: readonly [number, number],
  strides: readonly [number, number],
  pad: readonly [number, number],
): boolean {
  return ([0, 1] as const).every((axis) => {
    const length = shape[axis];
    return typeof length === 'number' && (length + 2 * pad[axis] - size[axis]) % strides[axis] === 0;
  });
}

const lrn: Converter = (use) => {
  const param = use.param('lrn');
  if (!['ACROSS_CHANNELS', '0'].includes(wordAt(param, 'norm_region', 'ACROSS_CHANNELS'))) {
    use.refuse(text('It goes over neighbouring places, not channels.', '它作用于相邻位置而不是通道。'));
  }
  const size = numberAt(param, 'local_size', 5);
  const alpha = Number((numberAt(param, 'alpha', 1) / size).toPrecision(12));
  use.say(
    'changed',
    text(
      `Its alpha is divided by ${size}, the channels that it goes over, as alpha is counted here.`,
      `其 alpha 已除以通道数 ${size}，以符合这里的计法。`,
    ),
  );
  return plain(
    use.add(
      'lrn',
      {
        radius: unlessStandard((size - 1) / 2, 5),
        alpha: unlessStandard(alpha, 1),
        beta: unlessStandard(numberAt(param, 'beta', 0.75), 0.5),
        bias: unlessStandard(numberAt(param, 'k', 1), 1),
      },
      [use.map()],
    ),
  );
};

const concat: Converter = (use) => {
  const param = use.param('concat');
  const axis = numberAt(param, 'axis', numberAt(param, 'concat_dim', 1));
  const from = use.inputs.map((_, place) => use.input(place));
  const rank = from[0]?.shape.length ?? 0;
  if (axis !== 1 && axis !== -rank) use.refuse(otherAxis);
  return from.length === 1 ? plain(use.input()) : plain(use.add('concat', {}, from));
};

const eltwise: Converter = (use) => {
  const param = use.param('eltwise');
  const operation = wordAt(param, 'operation', 'SUM');
  const from = use.inputs.map((_, place) => use.input(place));
  if (operation === 'PROD' || operation === '0') return plain(use.add('multiply', {}, from));
  if (operation === 'MAX' || operation === '2') return plain(use.add('merge', { mode: 'maximum' }, from));
  const factors = numbersAt(param, 'coeff');
  if (factors.length === 2 && factors[0] === 1 && factors[1] === -1) {
    return plain(use.add('merge', { mode: 'subtract' }, from));
  }
  const scaled = from.map((draft, at) => {
    const factor = factors[at] ?? 1;
    return factor === 1 ? draft : use.add('scale', { scale: factor }, [draft]);
  });
  return plain(use.add('add', {}, scaled));
};

const crop: Converter = (use) => {
  const param = use.param('crop');
  const [x, reference] = [use.map(), use.map(1)];
  const axis = numberAt(param, 'axis', 2);
  if (axis !== 2 && axis !== -2)
    use.refuse(text('It crops more or less than height and width.', '它裁剪的不是高和宽。'));
  const [top = 0, left = top] = numbersAt(param, 'offset');
  return plain(use.add('crop', { offset: sizeParam([top, left]) ?? 0 }, [x, reference]));
};

const batchNorm: Converter = (use) => {
  const param = use.param('batch_norm');
  const x = use.input();
  const channels = x.shape.at(-1) ?? 0;
  if (!flagAt(param, 'use_global_stats', true)) {
    use.say(
      'changed',
      text('It goes by its running statistics, not by those of the batch.', '它使用滑动统计量而不是批统计量。'),
    );
  }
  const [mean, variance, factor] = use.blobs ?? [];
  const by = factor?.data[0] === undefined ? 1 : factor.data[0] === 0 ? 0 : 1 / factor.data[0];
  const scaled = ({ data }: FloatTensor): FloatTensor => ({
    dtype: 'float32',
    shape: [channels],
    data: data.map((value) => value * by),
  });
  const weights =
    mean === undefined || variance === undefined ? {} : { movingMean: scaled(mean), movingVariance: scaled(variance) };
  const params = {
    scale: false,
    center: false,
    epsilon: unlessStandard(numberAt(param, 'eps', 1e-5), 1e-3),
    momentum: unlessStandard(numberAt(param, 'moving_average_fraction', 0.999), 0.99),
  };
  return plain(use.add('batchnorm', params, [x], weights));
};

/** Of each channel; behind a batch norm they are its gamma and beta. */
const scale: Converter = (use) => {
  const param = use.param('scale');
  const x = use.input();
  if (use.inputs.length > 1) {
    const other = use.input(1);
    const isList = other.shape.length === 1;
    const axis = numberAt(param, 'axis', 1);
    if (flagAt(param, 'bias_term', false) || (isList && axis !== 0)) use.refuse(otherAxis);
    return plain(use.add('multiply', {}, [x, other]));
  }
  if (numberAt(param, 'axis', 1) !== 1 || numberAt(param, 'num_axes', 1) !== 1) use.refuse(otherAxis);
  const channels = x.shape.at(-1) ?? 0;
  const hasBias = flagAt(param, 'bias_term', false);
  const isPart = x.kind === 'batchnorm' && x.params['scale'] === false && use.isOnlyReader(0);
  const names = isPart ? ['gamma', 'beta'] : ['scale', 'shift'];
  const weights = Object.fromEntries(
    (use.blobs ?? [])
      .slice(0, hasBias ? 2 : 1)
      .map(({ data }, at): [string, FloatTensor] => [names[at] ?? '', { dtype: 'float32', shape: [channels], data }]),
  );
  if (isPart) {
    const { scale: _scale, center: _center, ...params } = x.params;
    x.params = hasBias ? params : { ...params, center: false };
    x.weights = { ...x.weights, ...weights };
    use.say(
      'changed',
      text('It is the gamma and beta of the batch norm before it.', '它就是前面批归一化的 gamma 和 beta。'),
    );
    return plain(x);
  }
  const start = numberAt(messageAt(param, 'filler'), 'value', 1);
  const params = {
    learned: 'channel',
    center: hasBias ? undefined : false,
    scale: unlessStandard(start, 1),
    trainable: trainableOf(use),
  };
  return plain(use.add('scale', params, [x], weights));
};

const bias: Converter = (use) => {
  const x = use.input();
  if (use.inputs.length > 1) return plain(use.add('add', {}, [x, use.input(1)]));
  const [shift] = use.blobs ?? [];
  if (shift === undefined)
    return use.refuse(text('A bias of its own is read with its weights alone.', '单独的偏置层只有带权值时才能读取。'));
  use.say('changed', text('It is fixed here.', '在这里它是固定的。'));
  return plain(use.add('scale', { shift: [...shift.data] }, [x]));
};

const power: Converter = (use) => {
  const param = use.param('power');
  if (numberAt(param, 'power', 1) !== 1) use.refuse(text('Nothing here raises to a power.', '这里没有幂运算。'));
  const [factor, shift] = [numberAt(param, 'scale', 1), numberAt(param, 'shift', 0)];
  return plain(use.add('scale', { scale: unlessStandard(factor, 1), shift: unlessStandard(shift, 0) }, [use.input()]));
};

const slice: Converter = (use) => {
  const param = use.param('slice');
  const x = use.input();
  const axis = numberAt(param, 'axis', numberAt(param, 'slice_dim', 1));
  const name = ['channels', 'height', 'width'][axis - 1];
  if (name === undefined || (axis > 1 && x.shape.length === 1)) return use.refuse(otherAxis);
  const length =
    (axis === 1 ? x.shape.at(-1) : x.shape[axis - 2]) ?? use.refuse(text('Its size is open.', '其大小未定。'));
  const count = use.layer.tops.length;
  const points = numbersAt(param, 'slice_point');
  const cuts = points.length > 0 ? points : Array.from({ length: count - 1 }, (_, at) => ((at + 1) * length) / count);
  if (cuts.length !== count - 1) use.refuse(text('It has as many cuts as parts.', '其切点数与部分数不符。'));
  return use.layer.tops.map((_, at) => {
    const params = { axis: unlessStandard(name, 'channels'), from: unlessStandard(cuts[at - 1] ?? 0, 0), to: cuts[at] };
    return { draft: use.add('slice', params, [x]), isFlat: false };
  });
};

/** A list in the file's order is made where one is read as such; an inner product reads the map itself. */
const flatten: Converter = (use) => {
  const [x] = use.inputs;
  if (x === undefined) return use.refuse(text('It reads nothing.', '它没有输入。'));
  const [axis, end] = [numberAt(use.param('flatten'), 'axis', 1), numberAt(use.param('flatten'), 'end_axis', -1)];
  if (axis !== 1 || (end !== -1 && end !== 3)) use.refuse(text('It flattens a part of the axes.', '它只展平部分轴。'));
  if (x.draft.shape.length === 1 || x.isFlat) return [x];
  use.say(
    'changed',
    text('What reads it reads the map itself, channel after channel.', '其后的层按通道顺序直接读取特征图。'),
  );
  return [{ draft: x.draft, isFlat: true }];
};

const reshape: Converter = (use) => {
  const param = use.param('reshape');
  const dims = numbersAt(messageAt(param, 'shape'), 'dim');
  if (numberAt(param, 'axis', 0) !== 0 || numberAt(param, 'num_axes', -1) !== -1) use.refuse(otherAxis);
  if (dims.length === 2 && dims[1] === -1) return flatten(use);
  return use.refuse(text('It gives values another order than they have here.', '它给数值的次序与这里不同。'));
};

const same: Converter = (use) => {
  const [x] = use.inputs;
  if (x === undefined) return use.refuse(text('It reads nothing.', '它没有输入。'));
  return use.layer.tops.map(() => x);
};

/** How each type of layer is written here. */
export const layerTypes: { readonly [type: string]: Converter } = {
  Convolution: convolution,
  Deconvolution: deconvolution,
  InnerProduct: innerProduct,
  Pooling: pooling,
  ReLU: relu,
  ReLU6: (use) => applied(use, 'relu6'),
  PReLU: prelu,
  ELU: elu,
  Sigmoid: (use) => applied(use, 'sigmoid'),
  TanH: (use) => applied(use, 'tanh'),
  BNLL: (use) => applied(use, 'softplus'),
  Swish: swish,
  Clip: clip,
  Softmax: softmax,
  Dropout: dropout,
  LRN: lrn,
  Concat: concat,
  Eltwise: eltwise,
  Crop: crop,
  BatchNorm: batchNorm,
  Scale: scale,
  Bias: bias,
  Power: power,
  Slice: slice,
  Flatten: flatten,
  Reshape: reshape,
  Split: same,
};

/** Names of weights that several layers of the file may share. */
export function sharedNames({ message }: LayerUse['layer']): readonly string[] {
  return [...wordsAt(message, 'param'), ...messagesAt(message, 'param').flatMap((param) => wordsAt(param, 'name'))];
}
