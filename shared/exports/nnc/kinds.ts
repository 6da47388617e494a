import { plainWindow } from '../../layers/adaptive';
import { resolvePadding, upconvCut, windowAxes } from '../../layers/arithmetic';
import { defaultAlpha, type ActivationAxis, type ActivationName } from '../../layers/activations';
import type { Padding, Shape, Size2 } from '../../layers/define';
import type { ParamsOf } from '../onnx/layer';
import type { PrintedKind } from '../printers';
import { NotSaid, sizesOf, type NncGraph, type NncLayer, type NncPrinter } from './layer';
import { each, named, shape, type Field } from './text';

function only({ inputs: [input] }: NncLayer<unknown>): NncLayer<unknown>['inputs'][number] {
  if (input === undefined) throw new NotSaid();
  return input;
}

/** Functions of nnabla by our names, with their params. */
const functions: { readonly [K in ActivationName]: readonly [type: string, param?: string] | null } = {
  linear: ['Identity'],
  relu: ['ReLU', 'relu'],
  leakyRelu: ['LeakyReLU', 'leaky_relu'],
  prelu: null,
  relu6: ['ReLU6'],
  // Two functions, one for each bound.
  clip: null,
  elu: ['ELU', 'elu'],
  selu: null,
  softplus: ['SoftPlus', 'softplus'],
  sigmoid: ['Sigmoid'],
  // nnabla's rises by 0.2, ours by a sixth.
  hardsigmoid: null,
  tanh: ['Tanh'],
  softmax: ['Softmax', 'softmax'],
  logSoftmax: ['LogSoftmax', 'log_softmax'],
  gelu: null,
  swish: ['Swish'],
  hardswish: null,
  mish: ['Mish'],
};

/** Where an axis stands behind the batch. */
const axes = { channels: 1, height: 2, width: 3 } as const;

function activated(
  graph: NncGraph,
  name: string,
  variable: string,
  output: Shape,
  activation: ActivationName,
  { alpha = null, axis = 'channels' }: { readonly alpha?: number | null; readonly axis?: ActivationAxis } = {},
): string {
  const known = functions[activation];
  if (known === null) throw new NotSaid();
  const [type, param] = known;
  const slope = alpha ?? defaultAlpha(activation);
  const fields: { readonly [param: string]: readonly Field[] } = {
    relu: [['inplace', false]],
    leaky_relu: [['alpha', slope]],
    elu: [['alpha', slope]],
    softplus: [['beta', 1]],
    softmax: [['axis', axes[axis]]],
    log_softmax: [['axis', axes[axis]]],
  };
  return graph.call(
    name,
    type,
    [variable],
    sizesOf(output),
    param === undefined ? undefined : [param, fields[param] ?? []],
  );
}

/** What stands behind a layer that applies a function itself. */
function behind(layer: NncLayer<{ readonly activation: ActivationName }>, graph: NncGraph, variable: string): string {
  const { activation } = layer.params;
  return activation === 'linear'
    ? variable
    : activated(graph, `${layer.name}__activation`, variable, layer.output, activation);
}

/** Zeros on both ends of height and width, which nnabla has alike. */
function evenPads(map: Shape, size: Size2, strides: Size2, dilation: Size2, padding: Padding): readonly number[] {
  return windowAxes(map, size, strides, dilation, padding).map((axis) => {
    const [before, after] = resolvePadding(axis) ?? [0, 1];
    if (before !== after) throw new NotSaid();
    return before;
  });
}

/** `W` and `b` of a kernel, in nnabla's order of sizes. */
function kernel(
  layer: NncLayer<{ readonly useBias: boolean }>,
  graph: NncGraph,
  sizes: readonly number[],
  outputs: number,
  fan: number,
): readonly string[] {
  const weight = graph.parameter(`${layer.owner}/W`, sizes, [
    'NormalConvolutionGlorot',
    Number(Math.sqrt(1 / fan).toPrecision(6)),
  ]);
  return layer.params.useBias ? [weight, graph.parameter(`${layer.owner}/b`, [outputs], ['Constant', 0])] : [weight];
}

function channelsOf({ shape: map }: { readonly shape: Shape }): number {
  const channels = map.at(-1);
  if (typeof channels !== 'number') throw new NotSaid();
  return channels;
}

function printConv(layer: NncLayer<ParamsOf<'conv'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const { variable, shape: map } = only(layer);
  const { filters, groups, kernelSize, strides, dilationRate, padding } = params;
  if (params.weightStandardization) throw new NotSaid();
  const inputs = channelsOf(only(layer)) / groups;
  const sizes = [filters, inputs, ...kernelSize];
  const param: readonly Field[] = [
    ['base_axis', 1],
    shape('pad', evenPads(map, kernelSize, strides, dilationRate, padding)),
    shape('stride', strides),
    shape('dilation', dilationRate),
    ['group', groups],
    ['channel_last', false],
  ];
  const fan = inputs * kernelSize[0] * kernelSize[1];
  const values = [variable, ...kernel(layer, graph, sizes, filters, fan)];
  return behind(layer, graph, graph.call(name, 'Convolution', values, sizesOf(output), ['convolution', param]));
}

function printUpconv(layer: NncLayer<ParamsOf<'upconv'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const { variable } = only(layer);
  const { filters, groups, kernelSize, strides, dilationRate, padding, outputPadding } = params;
  const axes = windowAxes(only(layer).shape, kernelSize, strides, dilationRate, padding);
  const pads = axes.map((axis) => {
    const [before, after] = upconvCut(axis, 0);
    if (before !== after) throw new NotSaid();
    return before;
  });
  const inputs = channelsOf(only(layer));
  const sizes = [inputs, filters / groups, ...kernelSize];
  const param: readonly Field[] = [
    ['base_axis', 1],
    shape('pad', pads),
    shape('stride', strides),
    shape('dilation', dilationRate),
    ['group', groups],
    ['channel_last', false],
    shape('output_padding', outputPadding),
  ];
  const fan = inputs * kernelSize[0] * kernelSize[1];
  const values = [variable, ...kernel(layer, graph, sizes, filters, fan)];
  return behind(layer, graph, graph.call(name, 'Deconvolution', values, sizesOf(output), ['deconvolution', param]));
}

function printFc(layer: NncLayer<ParamsOf<'fc'>>, graph: NncGraph): string {
  const { name, params, output, weights } = layer;
  const rows = weights[0]?.shape[0] ?? 0;
  const { variable, shape: map } = only(layer);
  const sizes = map.length === 3 ? sizesOf(map).slice(1) : [rows];
  const values = [variable, ...kernel(layer, graph, [...sizes, params.units], params.units, rows)];
  return behind(layer, graph, graph.call(name, 'Affine', values, sizesOf(output), ['affine', [['base_axis', 1]]]));
}

function printPool(layer: NncLayer<ParamsOf<'pool'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const { variable, shape: map } = only(layer);
  const { mode, padding, dilationRate, rounding, countIncludePad } = params;
  const poolSize = params.outputSize === null ? params.poolSize : plainWindow(map, params.outputSize);
  if (poolSize === null) throw new NotSaid();
  const strides = params.strides ?? poolSize;
  const known = {
    max: ['MaxPooling', 'max_pooling'],
    avg: ['AveragePooling', 'average_pooling'],
    sum: ['SumPooling', 'sum_pooling'],
    l2: null,
  }[mode];
  if (known === null || dilationRate.some((step) => step !== 1)) throw new NotSaid();
  const [type = '', param = ''] = known;
  const fields: readonly Field[] = [
    shape('kernel', poolSize),
    shape('stride', strides),
    ['ignore_border', rounding === 'floor'],
    shape('pad', evenPads(map, poolSize, strides, dilationRate, padding)),
    ['channel_last', false],
    ...(mode === 'avg' ? ([['including_pad', countIncludePad]] as const) : []),
  ];
  return graph.call(name, type, [variable], sizesOf(output), [param, fields]);
}

function printGap(layer: NncLayer<ParamsOf<'gap'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const { variable } = only(layer);
  const channels = channelsOf(only(layer));
  const inner = params.keepDims ? name : `${name}__kept`;
  const kept = [-1, channels, 1, 1];
  const pooled =
    params.mode === 'avg'
      ? graph.call(inner, 'GlobalAveragePooling', [variable], kept)
      : graph.call(inner, 'Max', [variable], kept, ['max', [...each('axes', [2, 3]), ['keep_dims', true]]]);
  return params.keepDims ? pooled : reshaped(graph, name, pooled, output);
}

/** nnabla's lists lie channel after channel; where their order counts, the channels come last before. */
function printFlatten(layer: NncLayer<unknown>, graph: NncGraph): string {
  const { variable, shape: map } = only(layer);
  const [height = 1, width = 1, channels = 1] = map;
  const isPlain = map.length !== 3 || channels === 1 || (height === 1 && width === 1);
  if (isPlain || !layer.isReadInOrder) return reshaped(graph, layer.name, variable, layer.output);
  const sizes = [-1, ...[height, width, channels].map((size) => size ?? -1)];
  const axes = each('axes', [0, 2, 3, 1]);
  const turned = graph.call(`${layer.name}__order`, 'Transpose', [variable], sizes, ['transpose', axes]);
  return reshaped(graph, layer.name, turned, layer.output);
}

function reshaped(graph: NncGraph, name: string, variable: string, output: Shape): string {
  const sizes = sizesOf(output);
  return graph.call(name, 'Reshape', [variable], sizes, ['reshape', [shape('shape', sizes), ['inplace', true]]]);
}

/** Functions of two values, one behind the other; a list meets a map as one value for each channel. */
function printPairs(layer: NncLayer<unknown>, graph: NncGraph, type: string): string {
  const param: readonly [string, readonly Field[]] | undefined = /^(Add|Mul|Sub)2$/.test(type)
    ? [type.toLowerCase(), [['inplace', false]]]
    : undefined;
  const isMap = layer.output.length === 3;
  const [first = '', ...others] = layer.inputs.map(({ variable, shape: sizes }, at) =>
    isMap && sizes.length === 1
      ? reshaped(graph, `${layer.name}__map${at}`, variable, [1, 1, sizes[0] ?? null])
      : variable,
  );
  return others.reduce((value, other, at) => {
    const name = at === others.length - 1 ? layer.name : `${layer.name}__part${at}`;
    return graph.call(name, type, [value, other], sizesOf(layer.output), param);
  }, first);
}

/** A run of each axis, as nnabla cuts: the batch is left whole. */
function printSlice(layer: NncLayer<unknown>, graph: NncGraph, starts: readonly number[]): string {
  const output = sizesOf(layer.output).slice(1);
  if (output.includes(-1)) throw new NotSaid();
  const fields = [
    ...each('start', [0, ...starts]),
    ...each('stop', [-1, ...output.map((size, axis) => size + (starts[axis] ?? 0))]),
    ...each('step', [1, ...starts.map(() => 1)]),
  ];
  return graph.call(layer.name, 'Slice', [only(layer).variable], sizesOf(layer.output), ['slice', fields]);
}

function printCrop(layer: NncLayer<ParamsOf<'crop'>>, graph: NncGraph): string {
  const { params, inputs, output } = layer;
  const lengths = [0, 1].map((axis) => [only(layer).shape[axis], output[axis]] as const);
  const starts = lengths.map(([from, to], axis) => {
    if (typeof from !== 'number' || typeof to !== 'number') throw new NotSaid();
    if (inputs.length === 1) return axis === 0 ? params.top : params.left;
    return params.offset === 'center' ? Math.floor((from - to) / 2) : (params.offset[axis] ?? 0);
  });
  return printSlice(layer, graph, [0, ...starts]);
}

function printSliceLayer(layer: NncLayer<ParamsOf<'slice'>>, graph: NncGraph): string {
  const { axis, from } = layer.params;
  const starts = ['channels', 'height', 'width'].map((name) => (name === axis ? from : 0));
  return printSlice(layer, graph, layer.output.length === 1 ? starts.slice(0, 1) : starts);
}

function printPad(layer: NncLayer<ParamsOf<'pad'>>, graph: NncGraph): string {
  const { top, bottom, left, right, mode, value } = layer.params;
  if (mode === 'edge') throw new NotSaid();
  const fields: readonly Field[] = [
    ...each('pad_width', [0, 0, top, bottom, left, right]),
    ['mode', named(mode === 'reflect' ? 'reflect' : 'constant')],
    ['constant_value', mode === 'constant' ? value : 0],
  ];
  return graph.call(layer.name, 'Pad', [only(layer).variable], sizesOf(layer.output), ['pad', fields]);
}

function printUpsample(layer: NncLayer<ParamsOf<'upsample'>>, graph: NncGraph): string {
  const { mode, coordinates } = layer.params;
  const sizes = layer.output.slice(0, 2).map((size) => size ?? -1);
  if (mode === 'bicubic' || sizes.includes(-1)) throw new NotSaid();
  const fields: readonly Field[] = [
    ...each('output_size', sizes),
    ['mode', named(mode === 'nearest' ? 'nearest' : 'linear')],
    ['align_corners', coordinates === 'alignCorners'],
    ['half_pixel', coordinates === 'halfPixel'],
    ['half_pixel_for_nn', false],
    ['channel_last', false],
  ];
  return graph.call(layer.name, 'Interpolate', [only(layer).variable], sizesOf(layer.output), ['interpolate', fields]);
}

function printBatchNorm(layer: NncLayer<ParamsOf<'batchnorm'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const channels = channelsOf(only(layer));
  const sizes = output.length === 3 ? [1, channels, 1, 1] : [1, channels];
  const parameter = (own: string, start: number): string =>
    graph.parameter(`${layer.owner}/${own}`, sizes, ['Constant', start]);
  const values = [
    only(layer).variable,
    ...(params.center ? [parameter('beta', 0)] : []),
    ...(params.scale ? [parameter('gamma', 1)] : []),
    parameter('mean', 0),
    parameter('var', 1),
  ];
  const fields: readonly Field[] = [
    ...each('axes', [1]),
    ['decay_rate', params.momentum],
    ['eps', params.epsilon],
    ['batch_stat', false],
    ['no_scale', !params.scale],
    ['no_bias', !params.center],
  ];
  return graph.call(name, 'BatchNormalization', values, sizesOf(output), ['batch_normalization', fields]);
}

function printActivation(layer: NncLayer<ParamsOf<'activation'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const { variable } = only(layer);
  if (params.function === 'clip') return printClip(layer, graph);
  if (params.function !== 'prelu') return activated(graph, name, variable, output, params.function, params);
  const slope = graph.parameter(`${layer.owner}/slope`, [channelsOf(only(layer))], ['Constant', params.alpha ?? 0.25]);
  return graph.call(name, 'PReLU', [variable, slope], sizesOf(output), ['prelu', [['base_axis', 1]]]);
}

function printClip({ name, params, inputs, output }: NncLayer<ParamsOf<'activation'>>, graph: NncGraph): string {
  const [{ variable } = { variable: '' }] = inputs;
  const { min, max } = params;
  const bound = (own: string, type: 'Maximum' | 'Minimum', from: string, val: number): string =>
    graph.call(own, `${type}Scalar`, [from], sizesOf(output), [`${type.toLowerCase()}_scalar`, [['val', val]]]);
  if (min === null && max === null) return graph.call(name, 'Identity', [variable], sizesOf(output));
  if (max === null) return bound(name, 'Maximum', variable, min ?? 0);
  const above = min === null ? variable : bound(`${name}__above`, 'Maximum', variable, min);
  return bound(name, 'Minimum', above, max);
}

function printScale(layer: NncLayer<ParamsOf<'scale'>>, graph: NncGraph): string {
  const { name, params, output } = layer;
  const { scale, shift, learned } = params;
  if (learned !== false || typeof scale !== 'number' || typeof shift !== 'number') throw new NotSaid();
  const call = (own: string, type: string, param: string, from: string, val: number): string =>
    graph.call(own, type, [from], sizesOf(output), [
      param,
      [
        ['val', val],
        ['inplace', false],
      ],
    ]);
  const { variable } = only(layer);
  if (shift === 0) return call(name, 'MulScalar', 'mul_scalar', variable, scale);
  const scaled = scale === 1 ? variable : call(`${name}__scaled`, 'MulScalar', 'mul_scalar', variable, scale);
  return call(name, 'AddScalar', 'add_scalar', scaled, shift);
}

const merges = { maximum: 'Maximum2', minimum: 'Minimum2', subtract: 'Sub2', average: null } as const;

const none = {
  print: (): never => {
    throw new NotSaid();
  },
};

/** How each kind is written; a kind without an entry does not compile. */
export const printers: { readonly [Kind in PrintedKind]: NncPrinter<ParamsOf<Kind>> } = {
  input: { print: ({ name, output }, graph) => graph.buffer(name, sizesOf(output)) },
  conv: { print: printConv },
  upconv: { print: printUpconv },
  fc: { print: printFc },
  pool: { print: printPool },
  gap: { print: printGap },
  activation: { print: printActivation },
  batchnorm: { print: printBatchNorm },
  scale: { print: printScale },
  add: { print: (layer, graph) => printPairs(layer, graph, 'Add2') },
  multiply: { print: (layer, graph) => printPairs(layer, graph, 'Mul2') },
  merge: {
    print: (layer, graph) => {
      const type = merges[layer.params.mode];
      return type === null ? none.print() : printPairs(layer, graph, type);
    },
  },
  concat: {
    print: ({ name, inputs, output }, graph) =>
      graph.call(
        name,
        'Concatenate',
        inputs.map(({ variable }) => variable),
        sizesOf(output),
        ['concatenate', [['axis', 1]]],
      ),
  },
  flatten: { print: printFlatten },
  crop: { print: printCrop },
  slice: { print: printSliceLayer },
  pad: { print: printPad },
  upsample: { print: printUpsample },
  dropout: {
    print: (layer, graph) =>
      graph.call(layer.name, 'Dropout', [only(layer).variable], sizesOf(layer.output), [
        'dropout',
        [
          ['p', layer.params.rate],
          ['seed', -1],
        ],
      ]),
  },
  reshape: none,
  permute: none,
  shuffle: none,
  unpool: none,
  depthToSpace: none,
  spaceToDepth: none,
  lrn: none,
  layernorm: none,
  rmsnorm: none,
  groupnorm: none,
  grn: none,
  attention: none,
  classToken: none,
  position: none,
};
