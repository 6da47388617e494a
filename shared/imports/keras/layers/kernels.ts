import type { Shape } from '../../../layers/define';
import type { FloatTensor } from '../../../ops/tensor';
import type { Json } from '../../../schema/document';
import { formatShape, text } from '../../../text';
import { withShape } from '../../arranged';
import { behind, ownActivation, readActivation } from '../activations';
import type { Config } from '../config';
import { isRecord, own } from '../config';
import type { Converter, LayerUse, Value } from '../context';
import { mapInput } from './maps';

/** The same values under another shape. */
const bias = 'bias';

/** Keras' initializers that there are here; its standard one is left to the app, which chooses by what follows. */
const initializers: { readonly [name: string]: string } = {
  HeNormal: 'heNormal',
  HeUniform: 'heUniform',
  GlorotNormal: 'glorotNormal',
  LecunNormal: 'lecunNormal',
  LecunUniform: 'lecunUniform',
  LeCunNormal: 'lecunNormal',
  LeCunUniform: 'lecunUniform',
  Zeros: 'zeros',
};

/** What layers with a kernel have alike, as the params of ours. */
function kernelParams(
  use: LayerUse,
  initializer = 'kernel_initializer',
): { readonly [name: string]: Json | undefined } {
  const { config } = use;
  const given = config.value(initializer);
  const className = isRecord(given) ? own(given, 'class_name') : undefined;
  const known =
    typeof className === 'string' && Object.hasOwn(initializers, className) ? initializers[className] : undefined;
  return {
    useBias: config.flag('use_bias', true) ? undefined : false,
    activation: unlessStandard(ownActivation(readActivation(config, use.dialect)), 'linear'),
    initializer: known,
    trainable: config.flag('trainable', true) ? undefined : false,
  };
}

export function unlessStandard<T extends Json>(value: T, standard: Json): T | undefined {
  return value === standard ? undefined : value;
}

/** A size as a document writes it; left out where it is the standard. */
export function sizeParam([height, width]: readonly [number, number], standard?: number): Json | undefined {
  if (height === width) return height === standard ? undefined : height;
  return [height, width];
}

/** The window of a layer, as params. */
function windowParams(config: Config): { readonly [name: string]: Json | undefined } {
  const padding = config.word('padding', 'valid');
  if (padding !== 'valid' && padding !== 'same') {
    config.refuse(
      text(`Its padding ${padding.slice(0, 40)} is not known here.`, `这里没有填充方式 ${padding.slice(0, 40)}。`),
    );
  }
  return {
    kernelSize: sizeParam(config.pair('kernel_size')),
    strides: sizeParam(config.pair('strides', 1), 1),
    padding: unlessStandard(padding, 'valid'),
    dilationRate: sizeParam(config.pair('dilation_rate', 1), 1),
  };
}

function wanted(use: LayerUse, kernel: string | readonly string[]): readonly (string | readonly string[])[] {
  return use.config.flag('use_bias', true) ? [kernel, bias] : [kernel];
}

/** Kernel and bias by our names; the kernel brought to `shape`, which has as many values. */
function kernelAndBias(
  tensors: readonly FloatTensor[] | null,
  shape?: (kernel: readonly number[]) => readonly number[],
): { readonly [name: string]: FloatTensor } | null {
  if (tensors === null) return null;
  const [kernel, added] = tensors;
  if (kernel === undefined) return null;
  const brought = shape === undefined ? kernel : withShape(kernel, shape(kernel.shape));
  return added === undefined ? { kernel: brought } : { kernel: brought, bias: added };
}

export const conv2d: Converter = (use) => {
  const { config } = use;
  const x = mapInput(use);
  const activation = readActivation(config, use.dialect);
  const value = use.add('conv', {
    params: {
      filters: config.count('filters'),
      ...windowParams(config),
      groups: unlessStandard(config.count('groups', 1), 1),
      ...kernelParams(use),
    },
    from: [x],
    weights: kernelAndBias(use.weights(wanted(use, 'kernel'))),
  });
  return behind(use, value, activation);
};

/** The channels of a map, which a depthwise layer must know. */
export function channelsOf(use: LayerUse, { shape }: Value): number {
  const channels = shape.at(-1);
  if (typeof channels !== 'number') {
    use.config.refuse(text('The number of channels that it reads is not known.', '其输入通道数未知。'));
  }
  return channels;
}

/** `[h, w, in, multiplier]` as the grouped kernel `[h, w, 1, in · multiplier]`: the values stand in the same order. */
function grouped([height = 1, width = 1, channels = 1, multiplier = 1]: readonly number[]): readonly number[] {
  return [height, width, 1, channels * multiplier];
}

export const depthwiseConv2d: Converter = (use) => {
  const { config } = use;
  const x = mapInput(use);
  const channels = channelsOf(use, x);
  if (config.has('groups')) {
    use.say(
      'changed',
      text('Its groups say nothing that the layer does not, and are left out.', '其 groups 不含额外信息，已略去。'),
    );
  }
  const value = use.add('conv', {
    params: {
      filters: channels * config.count('depth_multiplier', 1),
      ...windowParams(config),
      groups: channels,
      ...kernelParams(use, 'depthwise_initializer'),
    },
    from: [x],
    weights: kernelAndBias(use.weights(wanted(use, ['depthwise_kernel', 'kernel'])), grouped),
  });
  return behind(use, value, readActivation(config, use.dialect));
};

export const separableConv2d: Converter = (use) => {
  const { config } = use;
  const x = mapInput(use);
  const channels = channelsOf(use, x);
  const multiplier = config.count('depth_multiplier', 1);
  const names = ['depthwise_kernel', 'pointwise_kernel'];
  const tensors = use.weights(config.flag('use_bias', true) ? [...names, bias] : names);
  const trainable = config.flag('trainable', true) ? undefined : false;
  const depthwise = use.add('conv', {
    params: { filters: channels * multiplier, ...windowParams(config), groups: channels, useBias: false, trainable },
    from: [x],
    weights: kernelAndBias(tensors?.slice(0, 1) ?? null, grouped),
    suffix: 'depthwise',
  });
  use.say(
    'changed',
    text(
      'One layer there is two here: a depthwise convolution and a 1×1 one.',
      '原来的一层在这里是两层：逐通道卷积与 1×1 卷积。',
    ),
  );
  const value = use.add('conv', {
    params: { filters: config.count('filters'), kernelSize: 1, ...kernelParams(use, 'pointwise_initializer') },
    from: [depthwise],
    weights: kernelAndBias(tensors?.slice(1) ?? null),
  });
  return behind(use, value, readActivation(config, use.dialect));
};

export const conv2dTranspose: Converter = (use) => {
  const { config } = use;
  const x = mapInput(use);
  const activation = readActivation(config, use.dialect);
  const { strides: _strides, padding: _padding, ...window } = windowParams(config);
  const value = use.add('upconv', {
    params: {
      filters: config.count('filters'),
      ...window,
      strides: sizeParam(config.pair('strides', 1), 2),
      ...upconvPadding(use),
      ...kernelParams(use),
    },
    from: [x],
    weights: kernelAndBias(use.weights(wanted(use, 'kernel'))),
  });
  return behind(use, value, activation);
};

/**
 * Keras gives x·s + max(k − s, 0) without padding, and x·s with 'same'. Where its output padding is given, the result is that of its
 * formula, and what the full map has over it is cut as TensorFlow does: the odd row at the end.
 */
function upconvPadding({ config }: LayerUse): { readonly padding?: Json; readonly outputPadding?: Json } {
  const isSame = config.word('padding', 'valid') === 'same';
  const strides = config.pair('strides', 1);
  const dilation = config.pair('dilation_rate', 1);
  const spans = config.pair('kernel_size').map((size, axis) => (size - 1) * (dilation[axis] ?? 1) + 1);
  const [rows = 1, columns = 1] = spans;
  if (!config.has('output_padding')) {
    if (isSame) return { padding: 'same' };
    const missing = [Math.max(strides[0] - rows, 0), Math.max(strides[1] - columns, 0)] as const;
    const outputPadding = sizeParam(missing, 0);
    return outputPadding === undefined ? {} : { outputPadding };
  }
  const given = config.pair('output_padding', 0, 0);
  const cuts = [rows, columns].map((span, axis) => (isSame ? 2 * Math.floor(span / 2) : 0) - (given[axis] ?? 0));
  const sides = cuts.flatMap((cut) => [Math.floor(Math.max(cut, 0) / 2), Math.ceil(Math.max(cut, 0) / 2)]);
  const more = [Math.max(-(cuts[0] ?? 0), 0), Math.max(-(cuts[1] ?? 0), 0)] as const;
  const outputPadding = sizeParam(more, 0);
  return {
    ...(sides.every((side) => side === 0) ? {} : { padding: sides }),
    ...(outputPadding === undefined ? {} : { outputPadding }),
  };
}

export const dense: Converter = (use) => {
  const { config } = use;
  const x = use.input();
  const units = config.count('units');
  const activation = readActivation(config, use.dialect);
  const tensors = use.weights(wanted(use, 'kernel'));
  if (x.shape.length === 1) {
    const value = use.add('fc', {
      params: { units, ...kernelParams(use) },
      from: [x],
      weights: kernelAndBias(tensors),
    });
    return behind(use, value, activation);
  }
  use.say(
    'changed',
    text(
      `On a map of ${shown(x.shape)} it mixes the channels of each position: a 1×1 convolution.`,
      `作用在 ${shown(x.shape)} 的特征图上时，它混合每个位置的通道：即 1×1 卷积。`,
    ),
  );
  const value = use.add('conv', {
    params: { filters: units, kernelSize: 1, ...kernelParams(use) },
    from: [x],
    weights: kernelAndBias(tensors, ([from = 1, to = 1]) => [1, 1, from, to]),
  });
  return behind(use, value, activation);
};

function shown(shape: Shape): string {
  return formatShape(shape);
}
