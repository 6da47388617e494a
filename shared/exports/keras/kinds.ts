import { activationOf, defaultAlpha, type ActivationName } from '../../layers/activations';
import { axisPaddings } from '../../layers/arithmetic';
import { cropStart } from '../../layers/crop';
import type { Padding } from '../../layers/define';
import { field, numberLiteral, type Context, type Field, type PrintedCall, type Printer } from '../code/calls';
import { numbersLiteral, pythonBoolean, sizeLiteral, tupleOf } from '../python/literals';
import type { PrinterTable } from '../printers';
import { sizeOf } from '../python/calls';
import { feature, layer, number, onSwitch, own, positional } from './calls';
import { printConv, printFc, printUpconv } from './kernels';

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<Printer> = {
  input: () => [],
  conv: printConv,
  activation: (context) => printActivation(activationOf(String(context.params['function'])), context),
  pool: printPool,
  fc: printFc,
  gap: ({ params }) => [
    layer(params['mode'] === 'max' ? 'GlobalMaxPooling2D' : 'GlobalAveragePooling2D', [
      feature('keepdims', pythonBoolean(params['keepDims'] === true), 'keepDims', 'False'),
    ]),
  ],
  attention: ({ params, weights }) => {
    const size = params['headSize'] === null ? [] : [number('head_size', params, 'headSize')];
    const switches = [onSwitch('use_bias', params, 'useBias'), onSwitch('output_bias', params, 'outputBias')];
    const fields = [positional(number('heads', params)), ...size, ...switches, onSwitch('trainable', params)];
    return [{ ...own('SelfAttention', fields), weights }];
  },
  upconv: printUpconv,
  upsample: printUpsample,
  unpool: printUnpool,
  depthToSpace: ({ params }) => [own('DepthToSpace', blockFields(params))],
  add: ({ inputs }) => (inputs.length < 2 ? [] : [layer('Add', [])]),
  multiply: ({ inputs }) => (inputs.length < 2 ? [] : [layer('Multiply', [])]),
  merge: ({ params, inputs }) => (inputs.length < 2 ? [] : [layer(capital(String(params['mode'])), [])]),
  concat: ({ inputs }) => (inputs.length < 2 ? [] : [layer('Concatenate', [])]),
  crop: printCrop,
  pad: printPad,
  flatten: ({ inputs: [shape = []] }) => (shape.length === 1 ? [] : [layer('Flatten', [])]),
  classToken: ({ params, weights }) => [{ ...own('ClassToken', [onSwitch('trainable', params)]), weights }],
  batchnorm: (context) => [
    norm('BatchNormalization', context, [number('momentum', context.params, 'momentum', '0.99')]),
  ],
  layernorm: (context) => {
    const isAll = context.params['axis'] === 'all' && context.inputs[0]?.length === 3;
    return [norm('LayerNormalization', context, [feature('axis', isAll ? '(1, 2, 3)' : '-1', 'axis', '-1')])];
  },
  rmsnorm: printRmsNorm,
  groupnorm: (context) => [norm('GroupNormalization', context, [positional(number('groups', context.params))])],
  grn: ({ params, weights }) => [
    {
      ...own('ResponseNormalization', [number('epsilon', params, 'epsilon', '1e-06'), onSwitch('trainable', params)]),
      weights,
    },
  ],
  scale: ({ params, weights }) => {
    const numbers = (['scale', 'shift'] as const).map((name) => feature(name, numbersLiteral(params[name]), name));
    if (params['learned'] === false) return [own('ScaleShift', numbers)];
    const learned = [
      feature('learned', `"${String(params['learned'])}"`, 'learned'),
      onSwitch('center', params),
      onSwitch('trainable', params),
    ];
    return [{ ...own('ScaleShift', [...numbers, ...learned]), weights }];
  },
  position: ({ params, weights }) => [{ ...own('Position', [onSwitch('trainable', params)]), weights }],
  slice: ({ params, inputs: [shape = []] }) => {
    const axis = params['axis'] === 'channels' ? shape.length : params['axis'] === 'height' ? 1 : 2;
    const stop = params['to'] === null ? [] : [number('stop', params, 'to')];
    return [own('Slice', [feature('axis', String(axis), 'axis'), number('start', params, 'from'), ...stop])];
  },
  shuffle: ({ params }) => (params['groups'] === 1 ? [] : [own('ChannelShuffle', [number('groups', params)])]),
  spaceToDepth: ({ params }) => [own('SpaceToDepth', blockFields(params))],
  reshape: ({ output }) => [
    layer('Reshape', [positional(feature('target_shape', tupleOf(output.map((size) => String(size ?? -1))), 'shape'))]),
  ],
  permute: ({ params }) => [layer('Permute', [positional(feature('dims', numbersLiteral(params['order']), 'order'))])],
  lrn: ({ params }) => [
    own(
      'LocalResponseNormalization',
      ['radius', 'alpha', 'beta', 'bias'].map((name) => number(name, params)),
    ),
  ],
  dropout: ({ params, inputs: [shape = []] }) => {
    if (params['paths'] === true) {
      const noise = tupleOf(['None', ...shape.map(() => '1')]);
      return [layer('Dropout', [positional(number('rate', params)), feature('noise_shape', noise, 'paths')])];
    }
    const name = params['spatial'] === true && shape.length === 3 ? 'SpatialDropout2D' : 'Dropout';
    return [layer(name, [positional(number('rate', params))])];
  },
};

function blockFields(params: Context['params']): readonly Field[] {
  return [
    number('block_size', params, 'blockSize'),
    feature('order', `"${String(params['order'])}"`, 'order', '"DCR"'),
  ];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function norm(name: string, { params, weights }: Context, fields: readonly Field[]): PrintedCall {
  const switches = ['scale', 'center', 'trainable'].map((one) => onSwitch(one, params));
  return { ...layer(name, [...fields, number('epsilon', params, 'epsilon', '0.001'), ...switches]), weights };
}

/** Keras' own always scales. */
function printRmsNorm({ params, weights }: Context): readonly PrintedCall[] {
  const fields = [number('epsilon', params, 'epsilon', '1e-06'), onSwitch('trainable', params)];
  const call = params['scale'] === false ? own('UnscaledRMSNormalization', fields) : layer('RMSNormalization', fields);
  return [{ ...call, weights }];
}

/** What Keras calls the functions that it knows by name. */
const activationNames: { readonly [Name in ActivationName]?: string } = {
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  hardsigmoid: 'hard_sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  logSoftmax: 'log_softmax',
  gelu: 'gelu',
  swish: 'silu',
  hardswish: 'hard_silu',
  mish: 'mish',
  linear: 'linear',
};

/** The activation of a layer with a kernel, by its name; what has none, or is a softmax, is a layer behind it. */
export function activationField(name: ActivationName): Field {
  const known = name === 'softmax' ? undefined : activationNames[name];
  return known === undefined
    ? { name: 'activation', value: 'None', isDefault: true, param: null }
    : feature('activation', name === 'linear' ? 'None' : `"${known}"`, 'activation', 'None');
}

export function activationBehind(name: ActivationName): readonly PrintedCall[] {
  return name === 'leakyRelu' || name === 'softmax' ? printActivation(name, null) : [];
}

function printActivation(name: ActivationName, context: Context | null): readonly PrintedCall[] {
  const alpha = context?.params['alpha'];
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  if (name === 'linear') return [];
  if (name === 'leakyRelu') return [layer('LeakyReLU', [feature('negative_slope', slope, 'alpha')])];
  if (name === 'clip') return printClip(context?.params ?? {});
  const axis = { height: '1', width: '2' }[String(context?.params['axis'])];
  if (name === 'softmax' && axis !== undefined) return [layer('Softmax', [feature('axis', axis, 'axis')])];
  if (name === 'logSoftmax' && axis !== undefined) return [own('LogSoftmax', [feature('axis', axis, 'axis')])];
  if (name === 'elu' && slope !== '1') return [layer('ELU', [feature('alpha', slope, 'alpha')])];
  if (name === 'prelu') {
    const { params = {}, inputs: [shape = []] = [], weights = [] } = context ?? {};
    const start = { ...field('alpha_initializer', `initializers.Constant(${slope})`), isFixed: true };
    // One slope for each channel, whatever the position.
    const shared = shape.length === 3 ? [{ ...field('shared_axes', '(1, 2)'), isFixed: true }] : [];
    return [{ ...layer('PReLU', [start, ...shared, onSwitch('trainable', params)]), weights }];
  }
  return [layer('Activation', [positional(feature('activation', `"${activationNames[name] ?? name}"`, 'function'))])];
}

/** Keras' own ReLU has an upper bound, and 0 as the lower one. */
function printClip(params: Context['params']): readonly PrintedCall[] {
  const { min = null, max = null } = params;
  if (min === null && max === null) return [];
  if (min === 0 && typeof max === 'number') return [layer('ReLU', [number('max_value', params, 'max')])];
  const bounds = ['min', 'max'].flatMap((bound) => (params[bound] === null ? [] : [number(bound, params)]));
  return [own('Clip', bounds)];
}

type Sides = readonly [top: number, bottom: number, left: number, right: number];

/** As Keras takes it: ((top, bottom), (left, right)), or shorter where ends are alike. */
export function sidesLiteral([top, bottom, left, right]: Sides): string {
  return top === bottom && left === right ? sizeLiteral([top, left]) : `((${top}, ${bottom}), (${left}, ${right}))`;
}

function sidesOf(params: Context['params']): Sides {
  const [top = 0, bottom = 0, left = 0, right = 0] = ['top', 'bottom', 'left', 'right'].map((name) =>
    Number(params[name] ?? 0),
  );
  return [top, bottom, left, right];
}

function printPool({ params }: Context): readonly PrintedCall[] {
  const mode = String(params['mode']);
  if (params['outputSize'] !== null) {
    const count = tupleOf(sizeOf(params['outputSize']).map(String));
    return [
      own('AdaptivePooling2D', [feature('mode', `"${mode}"`, 'mode'), feature('output_size', count, 'outputSize')]),
    ];
  }
  const poolSize = sizeOf(params['poolSize']);
  const hasStrides = params['strides'] !== null;
  const strides = hasStrides ? sizeOf(params['strides']) : poolSize;
  const dilation = sizeOf(params['dilationRate']);
  const padding = params['padding'] as Padding;
  const isSame = padding === 'same';
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = axisPaddings(padding).map((side) =>
    side === 'same' ? ([0, 0] as const) : side,
  );
  const isPlain = isSame || [top, bottom, left, right].every((side) => side === 0);
  const isCeil = params['rounding'] === 'ceil' && !isSame;
  const isDilated = dilation.some((step) => step > 1);
  const counts = mode === 'avg' && params['countIncludePad'] === true;
  const window = [
    feature('pool_size', sizeLiteral(poolSize), 'poolSize'),
    feature(
      'strides',
      sizeLiteral(strides),
      hasStrides ? 'strides' : null,
      hasStrides ? undefined : sizeLiteral(strides),
    ),
  ];
  if ((mode === 'max' || mode === 'avg') && isPlain && !isCeil && !isDilated && !(counts && isSame)) {
    const name = mode === 'max' ? 'MaxPooling2D' : 'AveragePooling2D';
    return [layer(name, [...window, feature('padding', isSame ? '"same"' : '"valid"', 'padding', '"valid"')])];
  }
  const around = isSame ? '"same"' : tupleOf([top, bottom, left, right].map(String));
  return [
    own('WindowPooling2D', [
      feature('mode', `"${mode}"`, 'mode'),
      feature('pool_size', sizeLiteral(poolSize), 'poolSize'),
      feature('strides', sizeLiteral(strides), hasStrides ? 'strides' : null),
      feature('padding', around, 'padding', '(0, 0, 0, 0)'),
      feature('dilation_rate', sizeLiteral(dilation), 'dilationRate', '1'),
      feature('ceil', pythonBoolean(isCeil), null, 'False'),
      feature('count_include_pad', pythonBoolean(counts), null, 'False'),
    ]),
  ];
}

function printUpsample({ params, inputs: [shape = []], output }: Context): readonly PrintedCall[] {
  const isSized = params['size'] !== null;
  const factor = params['factor'] === null ? ([2, 2] as const) : sizeOf(params['factor']);
  const isUnchanged = isSized
    ? [0, 1].every((axis) => output[axis] === shape[axis] && output[axis] !== null)
    : factor.every((times) => times === 1);
  if (isUnchanged) return [];
  const coordinates = String(params['coordinates']);
  if (!isSized && params['mode'] === 'nearest' && coordinates !== 'alignCorners') {
    return [layer('UpSampling2D', [positional(feature('size', sizeLiteral(factor), 'factor'))])];
  }
  const how = isSized
    ? feature('size', tupleOf(sizeOf(params['size']).map(String)), 'size')
    : feature('factor', tupleOf(factor.map(String)), 'factor');
  return [
    own('Resize2D', [
      how,
      feature('mode', `"${String(params['mode'])}"`, 'mode'),
      feature('coordinates', `"${coordinates}"`, 'coordinates'),
    ]),
  ];
}

function printUnpool({ params, maxima }: Context): readonly PrintedCall[] {
  const poolSize = sizeOf(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : sizeOf(params['strides']);
  const around = tupleOf((maxima?.windows.pads ?? [0, 0, 0, 0]).map(String));
  return [
    own('MaxUnpooling2D', [
      feature('pool_size', tupleOf(poolSize.map(String)), 'poolSize'),
      feature('strides', tupleOf(strides.map(String)), params['strides'] === null ? null : 'strides'),
      feature('padding', around, null, '(0, 0, 0, 0)'),
    ]),
  ];
}

function printCrop({ params, inputs: [shape = [], reference] }: Context): readonly PrintedCall[] {
  if (reference === undefined) {
    const sides = sidesOf(params);
    return sides.every((side) => side === 0)
      ? []
      : [layer('Cropping2D', [positional(feature('cropping', sidesLiteral(sides), null))])];
  }
  if (params['offset'] === 'center') return [own('CropLike2D', [])];
  const offset = sizeOf(params['offset']);
  const from = ([0, 1] as const).map(
    (axis) => cropStart(shape[axis] ?? null, reference[axis] ?? null, offset, axis) ?? 0,
  );
  return [own('CropLike2D', [feature('offset', tupleOf(from.map(String)), 'offset')])];
}

function printPad({ params }: Context): readonly PrintedCall[] {
  const sides = sidesOf(params);
  if (sides.every((side) => side === 0)) return [];
  const mode = String(params['mode']);
  if (mode === 'zero') return [layer('ZeroPadding2D', [positional(feature('padding', sidesLiteral(sides), null))])];
  return [
    own('Padding2D', [
      feature('padding', tupleOf(sides.map(String)), null),
      feature('mode', `"${mode}"`, 'mode'),
      ...(mode === 'constant' ? [number('value', params)] : []),
    ]),
  ];
}
