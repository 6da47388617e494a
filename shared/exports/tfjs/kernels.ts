import { resolvePadding, upconvCut, windowAxes } from '../../layers/arithmetic';
import type { Padding } from '../../layers/define';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import { behind, ownActivation } from './activations';
import { sizeOf, weightsOf, type PrintContext, type PrintedWeight, type Printer } from './emit';

const initializers: { readonly [name: string]: string } = {
  heNormal: 'HeNormal',
  heUniform: 'HeUniform',
  glorotNormal: 'GlorotNormal',
  glorotUniform: 'GlorotUniform',
  lecunNormal: 'LeCunNormal',
  lecunUniform: 'LeCunUniform',
  zeros: 'Zeros',
};

/** What layers with a kernel have alike. */
function kernelConfig({ params }: PrintContext, initializer = 'kernel_initializer') {
  const name = String(params['initializer']);
  const className = Object.hasOwn(initializers, name) ? (initializers[name] ?? 'GlorotUniform') : 'GlorotUniform';
  return {
    activation: ownActivation(params['activation']),
    use_bias: params['useBias'] === true,
    [initializer]: { class_name: className, config: {} },
    trainable: params['trainable'] === true,
  };
}

export type Sides = readonly [readonly [number, number], readonly [number, number]];

export function isZero(sides: Sides): boolean {
  return sides.every((axis) => axis.every((side) => side === 0));
}

export function sidesJson([height, width]: Sides): Json {
  return [[...height], [...width]];
}

/** Zeros in front of a layer that pads by numbers. */
export function padded(context: PrintContext, x: string, sides: Sides): string {
  return isZero(sides)
    ? x
    : context.emit('ZeroPadding2D', { padding: sidesJson(sides), data_format: 'channels_last' }, [x], {
        suffix: 'padded',
      });
}

const kernelAndBias = [
  ['kernel', 'kernel'],
  ['bias', 'bias'],
] as const;

export const printConv: Printer = (context) => {
  const { node, params, inputs, shapes, emit } = context;
  if (params['weightStandardization'] === true) {
    context.refuse(text('its convolutions do not standardize their weights.', '其卷积不做权值标准化。'));
  }
  const [x = '', shape = []] = [inputs[0], shapes[0]];
  const kernelSize = sizeOf(params['kernelSize']);
  const strides = sizeOf(params['strides']);
  const dilation = sizeOf(params['dilationRate']);
  const padding = params['padding'] as Padding;
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const sides: Sides = [resolvePadding(axes[0]) ?? [0, 0], resolvePadding(axes[1]) ?? [0, 0]];
  const isSame = padding === 'same';
  const isDilated = dilation.some((step) => step > 1);
  if (isDilated && strides.some((step) => step > 1)) {
    context.refuse(
      text('a convolution there has a stride or a dilation, not both.', '那里的卷积不能同时有步长和空洞率。'),
    );
  }
  const before = isSame ? x : padded(context, x, sides);
  const window = {
    kernel_size: [...kernelSize],
    strides: [...strides],
    padding: isSame ? 'same' : 'valid',
    dilation_rate: [...dilation],
    data_format: 'channels_last',
  };
  const filters = Number(params['filters']);
  const groups = Number(params['groups']);
  if (groups === 1) {
    const weights = weightsOf(node, kernelAndBias);
    return behind(
      context,
      params['activation'],
      emit('Conv2D', { filters, ...window, ...kernelConfig(context) }, [before], { weights }),
    );
  }
  const channels = shape[2] ?? 0;
  if (groups !== channels) return grouped(context, before, window);
  if (isDilated || strides[0] !== strides[1]) {
    context.refuse(
      text(
        'its depthwise convolution knows no dilation, and one stride for both axes.',
        '其逐通道卷积不支持空洞率，且两轴步长须相同。',
      ),
    );
  }
  const multiplier = filters / groups;
  const weights = weightsOf(
    node,
    [
      ['kernel', 'depthwise_kernel'],
      ['bias', 'bias'],
    ],
    (own, name) => (name === 'kernel' ? [kernelSize[0], kernelSize[1], channels, multiplier] : own),
  );
  const config = { depth_multiplier: multiplier, ...window, ...kernelConfig(context, 'depthwise_initializer') };
  return behind(context, params['activation'], emit('DepthwiseConv2D', config, [before], { weights }));
};

/** As many layers as there are groups is what stands for one; beyond this, the file would be nothing but that. */
const mostGroups = 64;

/** Groups as convolutions side by side, each of its own channels. */
function grouped(context: PrintContext, x: string, window: { readonly [name: string]: Json }): string {
  const { node, params, shapes, emit } = context;
  const [groups, filters] = [Number(params['groups']), Number(params['filters'])];
  const channels = shapes[0]?.[2] ?? 0;
  if (groups > mostGroups) {
    context.refuse(
      text(
        `its convolutions know no groups, and ${groups} side by side are too many.`,
        `其卷积不支持分组，而 ${groups} 个并列又太多。`,
      ),
    );
  }
  const [from, to] = [channels / groups, filters / groups];
  const turned = emit('Permute', { dims: [1, 3, 2] }, [x], { suffix: 'turned' });
  const parts = Array.from({ length: groups }, (_, at) => {
    const cut = channelRun(context, turned, [at * from, (at + 1) * from, channels], String(at));
    const weights = weightsOf(node, kernelAndBias).map((weight): PrintedWeight => ({
      ...weight,
      shape: weight.shape.with(-1, to),
      part: { start: at * to, of: filters },
    }));
    return emit('Conv2D', { filters: to, ...window, ...kernelConfig(context) }, [cut], {
      suffix: `group${at}`,
      weights,
    });
  });
  return behind(context, params['activation'], emit('Concatenate', { axis: -1 }, parts));
}

/** Channels `from` to `to` of a map that has them on its second axis; gives them as the last again. */
export function channelRun(
  { emit }: PrintContext,
  turned: string,
  [from, to, of]: readonly [number, number, number],
  suffix = '',
): string {
  const cropping = [
    [0, 0],
    [from, of - to],
  ];
  const cut = emit('Cropping2D', { cropping, data_format: 'channels_last' }, [turned], { suffix: `cut${suffix}` });
  return emit('Permute', { dims: [1, 3, 2] }, [cut], suffix === '' ? {} : { suffix: `back${suffix}` });
}

export const printFc: Printer = (context) => {
  const { node, params, inputs, shapes, emit } = context;
  const [x = ''] = inputs;
  const flat = shapes[0]?.length === 1 ? x : emit('Flatten', { data_format: 'channels_last' }, [x], { suffix: 'flat' });
  const weights = weightsOf(node, kernelAndBias);
  const dense = emit('Dense', { units: Number(params['units']), ...kernelConfig(context) }, [flat], { weights });
  return behind(context, params['activation'], dense);
};

export const printUpconv: Printer = (context) => {
  const { node, params, inputs, shapes, emit } = context;
  const [x = ''] = inputs;
  const kernelSize = sizeOf(params['kernelSize']);
  const strides = sizeOf(params['strides']);
  const dilation = sizeOf(params['dilationRate']);
  const outputPadding = sizeOf(params['outputPadding']);
  const padding = params['padding'] as Padding;
  if (dilation.some((step) => step > 1) || Number(params['groups']) > 1) {
    context.refuse(text('its up-convolutions know neither dilation nor groups.', '其转置卷积不支持空洞率和分组。'));
  }
  const axes = windowAxes(shapes[0] ?? [], kernelSize, strides, dilation, padding);
  const isSame = padding === 'same';
  // A window shorter than its stride: tfjs gives x·s values without padding, the last of them bias alone.
  const cuts = axes.map((axis, at) => {
    const [before, after] = upconvCut(axis, outputPadding[at === 0 ? 0 : 1]);
    return [before, after + Math.max(axis.stride - axis.size, 0)] as const;
  });
  const [rows = [0, 0], columns = [0, 0]] = isSame ? [] : cuts;
  if (rows[1] < 0 || columns[1] < 0) {
    context.refuse(text('its up-convolutions know no output padding.', '其转置卷积不支持输出填充。'));
  }
  const config = {
    filters: Number(params['filters']),
    kernel_size: [...kernelSize],
    strides: [...strides],
    padding: isSame ? 'same' : 'valid',
    data_format: 'channels_last',
    ...kernelConfig(context),
  };
  const value = emit('Conv2DTranspose', config, [x], { weights: weightsOf(node, kernelAndBias) });
  const sides: Sides = [rows, columns];
  const cropped = isZero(sides)
    ? value
    : emit('Cropping2D', { cropping: sidesJson(sides), data_format: 'channels_last' }, [value], { suffix: 'cropped' });
  return behind(context, params['activation'], cropped);
};
