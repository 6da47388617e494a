import type { NodeAnalysis } from '../../analysis/types';
import { activationOf, defaultAlpha, type ActivationName } from '../../layers/activations';
import { axisPaddings, resolvePadding, upconvCut, windowAxes, type AxisPadding } from '../../layers/arithmetic';
import { cropStart } from '../../layers/crop';
import type { Padding, Shape, Size2 } from '../../layers/define';
import { findPrinter, type PrinterTable } from '../printers';
import { custom, native, number, type Context, type Params, type PrintedCall, type Printer } from './calls';
import { numbers, printNorm, printScale, printSlice, reshapeTo } from './valueKinds';

/** The layer calls that make up a node; none for a node that changes nothing. */
export function printNode(node: NodeAnalysis): readonly PrintedCall[] {
  const printer = findPrinter(printers, node.kind);
  if (printer === undefined) throw new Error(`No printer for ${node.kind}: its nodes were to be refused.`);
  const inputs = node.inputShapes.filter((shape): shape is Shape => shape !== null);
  const weights = node.weights.map(({ name }) => name);
  return printer({ params: node.params ?? {}, inputs, output: node.outputShape ?? [], weights });
}

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<Printer> = {
  input: () => [],
  conv: printConv,
  activation: (context) =>
    printActivation(activationOf(String(context.params['function'])), context.params['alpha'], context),
  pool: printPool,
  fc: printFc,
  gap: ({ params, output }) => [
    native(params['mode'] === 'max' ? 'globalMaxPooling2d' : 'globalAveragePooling2d', [`dataFormat: 'channelsLast'`]),
    ...(params['keepDims'] === true ? [reshapeTo(output)] : []),
  ],
  upconv: printUpconv,
  upsample: printUpsample,
  add: ({ inputs }) => (inputs.length < 2 ? [] : [native('add', [])]),
  multiply: ({ inputs }) => (inputs.length < 2 ? [] : [native('multiply', [])]),
  merge: ({ params, inputs }) =>
    inputs.length < 2
      ? []
      : [params['mode'] === 'subtract' ? custom('Subtract', []) : native(String(params['mode']), [])],
  concat: ({ inputs }) => (inputs.length < 2 ? [] : [native('concatenate', [])]),
  crop: printCrop,
  pad: printPad,
  flatten: ({ inputs: [shape = []] }) => (shape.length === 1 ? [] : [native('flatten', [])]),
  batchnorm: ({ params, weights }) => [
    {
      ...printBatchNorm(params),
      weights,
    },
  ],
  layernorm: ({ params, weights }) => [{ ...printNorm(params, [`over: '${String(params['axis'])}'`]), weights }],
  groupnorm: ({ params, weights }) => [{ ...printNorm(params, [`groups: ${number(params['groups'])}`]), weights }],
  scale: printScale,
  slice: printSlice,
  shuffle: ({ params }) =>
    params['groups'] === 1 ? [] : [custom('ChannelShuffle', [`groups: ${number(params['groups'])}`])],
  reshape: ({ output }) => [reshapeTo(output)],
  permute: ({ params }) => [native('permute', [`dims: ${numbers(params['order'])}`])],
  lrn: ({ params }) => [
    custom('LocalResponseNormalization', [
      ...['radius', 'bias', 'alpha', 'beta'].map((name) => `${name}: ${number(params[name])}`),
    ]),
  ],
  dropout: ({ params, inputs: [shape = []] }) =>
    params['spatial'] === true && shape.length === 3
      ? [custom('SpatialDropout2D', [`rate: ${number(params['rate'])}`])]
      : [native('dropout', [`rate: ${number(params['rate'])}`])],
};

function printBatchNorm(params: Params): PrintedCall {
  const off = ['scale', 'center'].filter((part) => params[part] === false);
  const fields = [`momentum: ${number(params['momentum'])}`, `epsilon: ${number(params['epsilon'])}`];
  if (off.length === 0) return native('batchNormalization', fields);
  return custom('PartialBatchNormalization', [...fields, ...off.map((part) => `${part}: false`)]);
}

function size(value: unknown): Size2 {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = pair;
  return [typeof height === 'number' ? height : 1, typeof width === 'number' ? width : 1];
}

function sizeLiteral([height, width]: Size2): string {
  return height === width ? String(height) : `[${height}, ${width}]`;
}

/** A size field, left out where it is 1 and 1 is the default of tfjs. */
function sizeField(name: string, value: Size2): readonly string[] {
  return value[0] === 1 && value[1] === 1 ? [] : [`${name}: ${sizeLiteral(value)}`];
}

type Sides = readonly [readonly [number, number], readonly [number, number]];

function sidesLiteral([height, width]: Sides): string {
  return `[[${height.join(', ')}], [${width.join(', ')}]]`;
}

function isZero([height, width]: Sides): boolean {
  return [...height, ...width].every((side) => side === 0);
}

/** As tfjs' own layers take it: a number or two where both ends of an axis are alike. */
function nativeSides(sides: Sides): string {
  const [height, width] = sides;
  return sides.every(([before, after]) => before === after) ? sizeLiteral([height[0], width[0]]) : sidesLiteral(sides);
}

function zeroPadding(sides: Sides): PrintedCall {
  return native('zeroPadding2d', [`padding: ${nativeSides(sides)}`], 'padded');
}

/** Activations that tfjs knows by name, as conv, fc and up-conv take them. A softmax stays a layer: training takes its input. */
const namedActivations: ReadonlySet<ActivationName> = new Set([
  'relu',
  'relu6',
  'elu',
  'selu',
  'softplus',
  'sigmoid',
  'tanh',
  'gelu',
  'swish',
  'mish',
]);

function activationField(activation: ActivationName): readonly string[] {
  return namedActivations.has(activation) ? [`activation: '${activation}'`] : [];
}

/** A layer behind conv, fc or up-conv for an activation that has no name; a softmax too. */
function activationCall(activation: ActivationName): readonly PrintedCall[] {
  return namedActivations.has(activation) ? [] : printActivation(activation, null);
}

function printActivation(
  name: ActivationName,
  alpha: unknown,
  { inputs: [shape = []], weights }: Pick<Context, 'inputs' | 'weights'> = { inputs: [], weights: [] },
): readonly PrintedCall[] {
  const slope = typeof alpha === 'number' ? alpha : defaultAlpha(name);
  switch (name) {
    case 'linear':
      return [];
    case 'leakyRelu':
      return [native('leakyReLU', [`alpha: ${number(slope)}`])];
    case 'prelu': {
      const start = `alphaInitializer: tf.initializers.constant({ value: ${number(slope)} })`;
      // One slope for each channel, whatever the position.
      return [{ ...native('prelu', [start, ...(shape.length === 3 ? ['sharedAxes: [1, 2]'] : [])]), weights }];
    }
    case 'hardsigmoid':
    case 'hardswish':
      return [custom('HardActivation', [`activation: '${name}'`])];
    case 'logSoftmax':
      return [custom('LogSoftmax', [])];
    case 'elu':
      if (slope !== 1) return [custom('ScaledElu', [`alpha: ${number(slope)}`])];
      return [native('activation', [`activation: '${name}'`])];
    default:
      return [native('activation', [`activation: '${name}'`])];
  }
}

function biasField(params: Params): readonly string[] {
  return params['useBias'] === false ? ['useBias: false'] : [];
}

function printConv({ params, inputs: [shape = []], weights }: Context): readonly PrintedCall[] {
  const kernelSize = size(params['kernelSize']);
  const strides = size(params['strides']);
  const dilation = size(params['dilationRate']);
  const activation = activationOf(String(params['activation']));
  const groups = Number(params['groups']);
  const { before, padding } = convPadding(params['padding'] as Padding, shape, kernelSize, strides, dilation);
  const common = [
    `kernelSize: ${sizeLiteral(kernelSize)}`,
    ...sizeField('strides', strides),
    ...padding,
    ...sizeField('dilationRate', dilation),
    ...biasField(params),
    ...activationField(activation),
  ];
  const filters = Number(params['filters']);
  const isDilated = dilation.some((step) => step > 1);
  const isDepthwise = groups > 1 && groups === shape[2] && strides[0] === strides[1];
  const call =
    isDilated || (groups > 1 && !isDepthwise)
      ? custom(
          'GeneralConv2D',
          [`filters: ${filters}`, ...(groups === 1 ? [] : [`groups: ${groups}`]), ...common],
          'conv',
        )
      : groups === 1
        ? native('conv2d', [`filters: ${filters}`, ...common], 'conv')
        : native(
            'depthwiseConv2d',
            [...(filters === groups ? [] : [`depthMultiplier: ${filters / groups}`]), ...common],
            'conv',
          );
  return [...before, { ...call, weights }, ...activationCall(activation)];
}

/** 'same' and no padding are tfjs' own; numbers become a padding layer in front. */
function convPadding(
  padding: Padding,
  shape: Shape,
  kernelSize: Size2,
  strides: Size2,
  dilation: Size2,
): { readonly before: readonly PrintedCall[]; readonly padding: readonly string[] } {
  if (padding === 'same') return { before: [], padding: [`padding: 'same'`] };
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const sides: Sides = [resolvePadding(axes[0]) ?? [0, 0], resolvePadding(axes[1]) ?? [0, 0]];
  return { before: isZero(sides) ? [] : [zeroPadding(sides)], padding: [] };
}

function printPool({ params }: Context): readonly PrintedCall[] {
  const mode = String(params['mode']);
  const poolSize = size(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : size(params['strides']);
  const padding = params['padding'] as Padding;
  const paddings = axisPaddings(padding);
  const dilation = size(params['dilationRate']);
  const isDilated = dilation.some((step) => step > 1);
  const isPlain = padding === 'same' || isZero(plainSides(paddings));
  const isFloor = params['rounding'] !== 'ceil' || padding === 'same';
  const fields = [`poolSize: ${sizeLiteral(poolSize)}`, `strides: ${sizeLiteral(strides)}`];
  // The gradient of tf.avgPool counts padding in a window's mean, which the mean itself does not.
  if ((mode === 'max' || (mode === 'avg' && padding !== 'same')) && isPlain && isFloor && !isDilated) {
    const same = padding === 'same' ? [`padding: 'same'`] : [];
    return [native(mode === 'max' ? 'maxPooling2d' : 'averagePooling2d', [...fields, ...same])];
  }
  return [
    custom('WindowPooling2D', [
      `mode: '${mode}'`,
      ...fields,
      ...(padding === 'same' ? [`padding: 'same'`] : isPlain ? [] : [`padding: ${sidesLiteral(plainSides(paddings))}`]),
      ...(isFloor ? [] : [`rounding: 'ceil'`]),
      ...sizeField('dilationRate', dilation),
      ...(mode === 'avg' && params['countIncludePad'] === true ? ['countIncludePad: true'] : []),
    ]),
  ];
}

function plainSides([height, width]: readonly [AxisPadding, AxisPadding]): Sides {
  return [height === 'same' ? [0, 0] : height, width === 'same' ? [0, 0] : width];
}

function printFc({ params, inputs: [shape = []], weights }: Context): readonly PrintedCall[] {
  const activation = activationOf(String(params['activation']));
  return [
    ...(shape.length === 1 ? [] : [native('flatten', [], 'flat')]),
    {
      ...native('dense', [`units: ${number(params['units'])}`, ...biasField(params), ...activationField(activation)]),
      weights,
    },
    ...activationCall(activation),
  ];
}

function printUpconv({ params, inputs: [shape = []], weights }: Context): readonly PrintedCall[] {
  const kernelSize = size(params['kernelSize']);
  const strides = size(params['strides']);
  const dilation = size(params['dilationRate']);
  const outputPadding = size(params['outputPadding']);
  const padding = params['padding'] as Padding;
  const activation = activationOf(String(params['activation']));
  const common = [
    `filters: ${number(params['filters'])}`,
    `kernelSize: ${sizeLiteral(kernelSize)}`,
    ...sizeField('strides', strides),
  ];
  const rest = [...biasField(params), ...activationField(activation)];
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const cuts: Sides = [upconvCut(axes[0], outputPadding[0]), upconvCut(axes[1], outputPadding[1])];
  const groups = Number(params['groups']);
  const isPlain = dilation.every((step) => step === 1) && groups === 1;
  if (padding === 'same' && isPlain) {
    return [
      { ...native('conv2dTranspose', [...common, `padding: 'same'`, ...rest], 'upconv'), weights },
      ...activationCall(activation),
    ];
  }
  if (!isPlain || cuts.some(([, after]) => after < 0)) {
    const grouped = groups === 1 ? [] : [`groups: ${groups}`];
    const fields = [
      ...common,
      ...sizeField('dilationRate', dilation),
      ...grouped,
      `cut: ${sidesLiteral(cuts)}`,
      ...rest,
    ];
    return [{ ...custom('UpConv2D', fields, 'upconv'), weights }, ...activationCall(activation)];
  }
  // A window shorter than its stride: tfjs gives x·s values, the last of them bias alone.
  const cropping = cuts.map(([before, after], axis) => {
    const [window, step] = axis === 0 ? [kernelSize[0], strides[0]] : [kernelSize[1], strides[1]];
    return [before, after + Math.max(step - window, 0)] as const;
  });
  const [height = [0, 0], width = [0, 0]] = cropping;
  const crop = isZero([height, width]) ? [] : [cropping2D([height, width])];
  return [
    { ...native('conv2dTranspose', [...common, ...rest], 'upconv'), weights },
    ...crop,
    ...activationCall(activation),
  ];
}

function cropping2D(sides: Sides): PrintedCall {
  return native('cropping2D', [`cropping: ${nativeSides(sides)}`], 'cropped');
}

function printUpsample({ params, inputs: [shape = []], output }: Context): readonly PrintedCall[] {
  // Also where tfjs has a layer of its own (`upSampling2d`): its gradient of 'nearest' is up to an eighth too small or too large.
  const coordinates = params['coordinates'] === 'halfPixel' ? [] : [`coordinates: '${String(params['coordinates'])}'`];
  const how = [`interpolation: '${String(params['mode'])}'`, ...coordinates];
  if (params['size'] !== null) {
    const isSame = output[0] === shape[0] && output[1] === shape[1] && output[0] !== null && output[1] !== null;
    return isSame ? [] : [custom('Resize2D', [`size: [${size(params['size']).join(', ')}]`, ...how])];
  }
  const factor = params['factor'] === null ? ([2, 2] as const) : size(params['factor']);
  if (factor[0] === 1 && factor[1] === 1) return [];
  return [custom('Resize2D', [`factor: [${factor.join(', ')}]`, ...how])];
}

function printCrop({ params, inputs: [shape = [], reference] }: Context): readonly PrintedCall[] {
  if (reference === undefined) {
    const side = (name: string): number => Number(params[name] ?? 0);
    const sides: Sides = [
      [side('top'), side('bottom')],
      [side('left'), side('right')],
    ];
    return isZero(sides) ? [] : [cropping2D(sides)];
  }
  const offset = params['offset'] === 'center' ? 'center' : size(params['offset']);
  const offsets = ([0, 1] as const).map((axis) =>
    cropStart(shape[axis] ?? null, reference[axis] ?? null, offset, axis),
  );
  const literal = offset === 'center' ? `'center'` : `[${offsets.map((value) => value ?? 0).join(', ')}]`;
  return [custom('CropLike2D', [`offset: ${literal}`])];
}

function printPad({ params }: Context): readonly PrintedCall[] {
  const side = (name: string): number => Number(params[name] ?? 0);
  const sides: Sides = [
    [side('top'), side('bottom')],
    [side('left'), side('right')],
  ];
  if (isZero(sides)) return [];
  const padding = `padding: ${sidesLiteral(sides)}`;
  switch (params['mode']) {
    case 'reflect':
      return [custom('ReflectionPadding2D', [padding])];
    case 'edge':
      return [custom('EdgePadding2D', [padding])];
    case 'constant':
      return [custom('ConstantPadding2D', [padding, `value: ${number(params['value'])}`])];
    default:
      return [zeroPadding(sides)];
  }
}
