import type { FloatTensor } from '../../../ops/tensor';
import { text } from '../../../text';
import { isList } from '../config';
import { channelAxis, rankOf, type Converter, type LayerUse, type Value } from '../context';
import { channelsOf, unlessStandard } from './kernels';

/** The axes of a config, counted from the batch as 0, negative ones from the end. */
function axesOf(use: LayerUse, value: Value, standard: number): readonly number[] {
  const given = use.config.value('axis') ?? standard;
  const axes = isList(given) ? given : [given];
  return axes.map((axis) =>
    typeof axis === 'number' && Number.isInteger(axis)
      ? axis < 0
        ? axis + rankOf(value) + 1
        : axis
      : use.config.refuse(text('Its axis is no number.', '它的 axis 不是数。')),
  );
}

function checkChannels(use: LayerUse, x: Value): void {
  const axes = axesOf(use, x, -1);
  if (axes.length !== 1 || axes[0] !== channelAxis(x)) {
    use.config.refuse(text('It normalizes along another axis than the channels.', '它沿通道以外的轴做归一化。'));
  }
}

/** Which of gamma and beta a layer has, in Keras' order. */
function affineNames({ config }: LayerUse): readonly string[] {
  return [...(config.flag('scale', true) ? ['gamma'] : []), ...(config.flag('center', true) ? ['beta'] : [])];
}

function affineParams({ config }: LayerUse, epsilon: number) {
  return {
    epsilon: unlessStandard(config.number('epsilon', 1e-3), epsilon),
    scale: config.flag('scale', true) ? undefined : false,
    center: config.flag('center', true) ? undefined : false,
    trainable: config.flag('trainable', true) ? undefined : false,
  };
}

function byName(
  names: readonly string[],
  tensors: readonly FloatTensor[] | null,
): { readonly [name: string]: FloatTensor } | null {
  if (tensors === null) return null;
  return Object.fromEntries(names.flatMap((name, at) => (tensors[at] === undefined ? [] : [[name, tensors[at]]])));
}

const batchNormalization: Converter = (use) => {
  const { config } = use;
  const x = use.input();
  checkChannels(use, x);
  if (config.flag('renorm', false))
    config.refuse(text('It renormalizes its batches.', '它使用 batch renormalization。'));
  const affine = affineNames(use);
  const tensors = use.weights([...affine, 'moving_mean', 'moving_variance']);
  return use.add('batchnorm', {
    params: { momentum: unlessStandard(config.number('momentum', 0.99), 0.99), ...affineParams(use, 1e-3) },
    from: [x],
    weights: byName([...affine, 'movingMean', 'movingVariance'], tensors),
  });
};

const layerNormalization: Converter = (use) => {
  const { config } = use;
  const x = use.input();
  if (config.flag('rms_scaling', false))
    config.refuse(text('It scales without taking off the mean.', '它不减均值而只缩放。'));
  const axes = axesOf(use, x, -1).toSorted((a, b) => a - b);
  const isAll = axes.length === rankOf(x) && axes.every((axis, at) => axis === at + 1);
  if (!isAll && (axes.length !== 1 || axes[0] !== channelAxis(x))) {
    config.refuse(text('It normalizes over other axes than the channels or all.', '它沿通道或全部以外的轴做归一化。'));
  }
  if (isAll && x.isFirst) config.refuse(text('Its weights lie with the channels first.', '其权值按通道在前排列。'));
  const affine = affineNames(use);
  return use.add('layernorm', {
    params: { axis: isAll && x.shape.length > 1 ? 'all' : undefined, ...affineParams(use, 1e-6) },
    from: [x],
    weights: byName(affine, use.weights(affine)),
  });
};

/** Keras' own has a scale always. */
const rmsNormalization: Converter = (use) => {
  const x = use.input();
  checkChannels(use, x);
  return use.add('rmsnorm', {
    params: {
      epsilon: unlessStandard(use.config.number('epsilon', 1e-6), 1e-6),
      trainable: use.config.flag('trainable', true) ? undefined : false,
    },
    from: [x],
    weights: byName(['gamma'], use.weights(['scale'])),
  });
};

const groupNormalization: Converter = (use) => {
  const x = use.input();
  checkChannels(use, x);
  const affine = affineNames(use);
  const groups = use.config.number('groups', 32);
  return use.add('groupnorm', {
    params: { groups: groups === -1 ? channelsOf(use, x) : use.config.count('groups', 32), ...affineParams(use, 1e-3) },
    from: [x],
    weights: byName(affine, use.weights(affine)),
  });
};

/** TensorFlow Addons' group norm of as many groups as channels; others of the name do not say it, and go over other axes. */
const instanceNormalization: Converter = (use) => {
  if (use.config.value('groups') !== -1)
    use.config.refuse(text('It does not say that each channel is a group.', '它没有说明每个通道为一组。'));
  return groupNormalization(use);
};

/** Keras divides by no less. */
const leastDeviation = 1e-7;

/** Mean and variance of the data are part of the file: fixed numbers here. */
const normalization: Converter = (use) => {
  const { config } = use;
  const x = use.input();
  const given = [config.value('mean'), config.value('variance')];
  const isGiven = given.every((value) => value !== undefined);
  // What `adapt` has found lies among the weights, with a count behind; without weights there is nothing to go by.
  const stored = isGiven ? null : use.weights(['mean', 'variance', 'count']);
  if (!isGiven && stored === null) {
    use.say(
      'changed',
      text('Its mean and variance are not in the file: it changes nothing.', '文件中没有其均值和方差：它不起作用。'),
    );
    return use.add('scale', { from: [x] });
  }
  const [mean, variance] = isGiven ? given.map(numbersOf) : (stored?.map(({ data }) => [...data]) ?? []);
  if (mean == null || variance == null || mean.length !== variance.length) {
    return config.refuse(text('Its mean and variance are not in the file.', '文件中没有它的均值和方差。'));
  }
  const isOne = mean.length === 1;
  if (!isOne && mean.length !== x.shape.at(-1)) {
    config.refuse(text('It normalizes along another axis than the channels.', '它沿通道以外的轴做归一化。'));
  }
  const deviation = variance.map((value) => Math.max(Math.sqrt(value), leastDeviation));
  const isInverse = config.flag('invert', false);
  const scale = deviation.map((value) => (isInverse ? value : 1 / value));
  const shift = mean.map((value, at) => (isInverse ? value : -value / (deviation[at] ?? 1)));
  use.say(
    'changed',
    text('Its mean and variance are fixed numbers of a Scale here.', '其均值与方差在这里是缩放平移层的固定数。'),
  );
  const single = (values: readonly number[]): number | readonly number[] => (isOne ? (values[0] ?? 0) : values);
  return use.add('scale', { params: { scale: single(scale), shift: single(shift) }, from: [x] });
};

function numbersOf(value: unknown): readonly number[] | null {
  const flat = (isList(value) ? value.flat(4) : [value]) as readonly unknown[];
  const numbers = flat.filter((one): one is number => typeof one === 'number' && Number.isFinite(one));
  return numbers.length === flat.length ? numbers : null;
}

const rescaling: Converter = (use) => {
  const { config } = use;
  const side = (name: string, standard: number): number | readonly number[] => {
    const value = config.value(name) ?? standard;
    const numbers = numbersOf(value);
    if (numbers === null || numbers.length === 0) {
      return config.refuse(text(`Its ${name} is no number.`, `它的 ${name} 不是数。`));
    }
    return numbers.length === 1 ? (numbers[0] ?? standard) : numbers;
  };
  return use.add('scale', {
    params: { scale: side('scale', 1), shift: unlessStandard(side('offset', 0), 0) },
    from: [use.input()],
  });
};

/** ConvNeXt's factor for each channel: a depthwise 1×1 convolution, which has as many weights. */
const layerScale: Converter = (use) => {
  const x = use.input();
  const channels = channelsOf(use, x);
  const [gamma] = use.weights([['gamma', 'variable', 'layer_scale']]) ?? [];
  use.say(
    'changed',
    text('Its factor for each channel is a depthwise 1×1 convolution here.', '其每通道系数在这里是逐通道 1×1 卷积。'),
  );
  return use.add('conv', {
    params: { filters: channels, kernelSize: 1, groups: channels, useBias: false },
    from: [x],
    weights: gamma === undefined ? null : { kernel: { ...gamma, shape: [1, 1, 1, channels] } },
  });
};

/** Inception-ResNet's sum: the first input and the second times a number. */
const scaledSum: Converter = (use) => {
  const [x, branch] = use.inputs;
  if (x === undefined || branch === undefined || use.inputs.length > 2) {
    return use.config.refuse(text('It adds two tensors.', '它将两个张量相加。'));
  }
  use.say('changed', text('One layer there is two here: a Scale and a sum.', '原来的一层在这里是两层：缩放与求和。'));
  const scaled = use.add('scale', { params: { scale: use.config.number('scale') }, from: [branch], suffix: 'scale' });
  return use.add('add', { from: [x, scaled] });
};

/** Layers that bring values to a range. */
export const normLayers: { readonly [className: string]: Converter } = {
  BatchNormalization: batchNormalization,
  SyncBatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  Normalization: normalization,
  RMSNormalization: rmsNormalization,
  Rescaling: rescaling,
  LayerScale: layerScale,
  CustomScaleLayer: scaledSum,
};
