import { activationOf } from '../../layers/activations';
import {
  axisPaddings,
  resolvePadding,
  upconvCut,
  windowAxes,
  windowSpan,
  type AxisPadding,
} from '../../layers/arithmetic';
import { cropStart } from '../../layers/crop';
import type { SettledInitializer } from '../../compile/startingLaw';
import type { Padding, Shape, Size2 } from '../../layers/define';
import { lawOf, truncatedDeviation, type ScaledInitializerName } from '../../layers/initializers';
import type { PrinterTable } from '../printers';
import {
  field,
  numberField,
  numberLiteral,
  type Context,
  type Field,
  type Params,
  type PrintedCall,
  type Printer,
} from '../code/calls';
import { activationCall, activationField, printActivation } from './activations';
import { choiceField, custom, native, switchField } from './calls';
import { numbersField, printNorm, printScale, printSlice, reshapeTo } from './valueKinds';

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<Printer> = {
  input: () => [],
  conv: printConv,
  activation: (context) => printActivation(activationOf(String(context.params['function'])), context),
  pool: printPool,
  fc: printFc,
  gap: ({ params, output }) => [
    native(params['mode'] === 'max' ? 'globalMaxPooling2d' : 'globalAveragePooling2d', [
      field('dataFormat', `'channelsLast'`),
    ]),
    ...(params['keepDims'] === true ? [reshapeTo(output, null)] : []),
  ],
  attention: ({ params, weights }) => {
    const size = params['headSize'] === null ? [] : [numberField('headSize', params)];
    const switches = ['useBias', 'outputBias', 'trainable'].map((name) => switchField(name, params));
    return [{ ...custom('SelfAttention', [numberField('heads', params), ...size, ...switches]), weights }];
  },
  upconv: printUpconv,
  upsample: printUpsample,
  unpool: printUnpool,
  depthToSpace: ({ params }) => [custom('DepthToSpace', blockFields(params))],
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
  classToken: ({ params, weights }) => [{ ...custom('ClassToken', [switchField('trainable', params)]), weights }],
  batchnorm: ({ params, weights }) => [
    {
      ...printBatchNorm(params),
      weights,
    },
  ],
  layernorm: (context) => printNorm(context, choiceField('axis', context.params, 'over')),
  rmsnorm: ({ params, weights }) => [
    {
      ...custom('RmsNormalization', [
        numberField('epsilon', params),
        ...['scale', 'trainable'].map((name) => switchField(name, params)),
      ]),
      weights,
    },
  ],
  groupnorm: (context) => printNorm(context, numberField('groups', context.params)),
  grn: ({ params, weights }) => [
    {
      ...custom('ResponseNormalization', [numberField('epsilon', params), switchField('trainable', params)]),
      weights,
    },
  ],
  scale: printScale,
  position: ({ params, weights }) => [{ ...custom('Position', [switchField('trainable', params)]), weights }],
  slice: printSlice,
  shuffle: ({ params }) => (params['groups'] === 1 ? [] : [custom('ChannelShuffle', [numberField('groups', params)])]),
  spaceToDepth: ({ params }) => [custom('SpaceToDepth', blockFields(params))],
  reshape: ({ output }) => [reshapeTo(output, 'shape')],
  permute: ({ params }) => [native('permute', [numbersField('order', params, 'dims')])],
  lrn: ({ params }) => [
    custom('LocalResponseNormalization', [
      ...['radius', 'bias', 'alpha', 'beta'].map((name) => numberField(name, params)),
    ]),
  ],
  dropout: ({ params, inputs: [shape = []] }) => {
    const rate = [numberField('rate', params)];
    if (params['paths'] === true) return [custom('DropPath', rate)];
    return [
      params['spatial'] === true && shape.length === 3 ? custom('SpatialDropout2D', rate) : native('dropout', rate),
    ];
  },
};

function blockFields(params: Params): readonly Field[] {
  return [numberField('blockSize', params), { ...choiceField('order', params), isDefault: params['order'] === 'DCR' }];
}

function printBatchNorm(params: Params): PrintedCall {
  const off = ['scale', 'center'].filter((part) => params[part] === false);
  const fields = [numberField('momentum', params), numberField('epsilon', params)];
  const isFrozen = params['trainable'] === false;
  if (off.length === 0 && !isFrozen) return native('batchNormalization', fields);
  // tfjs' own goes on following the batches where it is not trainable.
  return custom('PartialBatchNormalization', [
    ...fields,
    ...off.map((part) => field(part, 'false')),
    switchField('trainable', params),
  ]);
}

function size(value: unknown): Size2 {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = pair;
  return [typeof height === 'number' ? height : 1, typeof width === 'number' ? width : 1];
}

function sizeLiteral([height, width]: Size2): string {
  return height === width ? String(height) : `[${height}, ${width}]`;
}

/** A size field of which 1 is the default of tfjs. */
function stepField(name: string, value: Size2): Field {
  return field(name, sizeLiteral(value), '1');
}

type Sides = readonly [readonly [number, number], readonly [number, number]];

function sidesLiteral([height, width]: Sides): string {
  return `[[${height.join(', ')}], [${width.join(', ')}]]`;
}

const noSides: Sides = [
  [0, 0],
  [0, 0],
];

function isZero([height, width]: Sides): boolean {
  return [...height, ...width].every((side) => side === 0);
}

/** As tfjs' own layers take it: a number or two where both ends of an axis are alike. */
function nativeSides(sides: Sides): string {
  const [height, width] = sides;
  return sides.every(([before, after]) => before === after) ? sizeLiteral([height[0], width[0]]) : sidesLiteral(sides);
}

function zeroPadding(sides: Sides): PrintedCall {
  return {
    ...native('zeroPadding2d', [field('padding', nativeSides(sides))], 'padded'),
    changesNothing: isZero(sides),
  };
}

/** Constants of the printed code: what tfjs scales by the kernel's shape as Keras does, so that all copies of a layer are written alike. */
export const kernelInitializers: Readonly<Record<ScaledInitializerName, string>> = {
  heNormal: normalInitializer(2, 'fanIn'),
  heUniform: 'tf.initializers.heUniform({})',
  glorotNormal: normalInitializer(1, 'fanAvg'),
  glorotUniform: 'tf.initializers.glorotUniform({})',
  lecunNormal: normalInitializer(1, 'fanIn'),
  lecunUniform: 'tf.initializers.leCunUniform({})',
};

/** tfjs cuts its normal laws off at two deviations and does not widen them again, which leaves 77 % of the variance: it is asked for more. */
function normalInitializer(variance: number, mode: 'fanIn' | 'fanAvg'): string {
  const scale = numberLiteral(Number((variance / truncatedDeviation ** 2).toPrecision(6)));
  return `tf.initializers.varianceScaling({ scale: ${scale}, mode: '${mode}', distribution: 'normal' })`;
}

/** How a kernel starts, and whether it is trained. tfjs counts the fans of a depthwise kernel otherwise, so that its law is printed in numbers. */
function kernelFields({ params, start }: Context, name = 'kernelInitializer'): readonly Field[] {
  const trained = switchField('trainable', params);
  if (start === null) return [trained];
  return [{ ...field(name, startText(start, name === 'kernelInitializer')), isFixed: true }, trained];
}

function startText(start: SettledInitializer, isScaledByShape: boolean): string {
  if (start.type === 'constant') return `tf.initializers.constant({ value: ${numberLiteral(start.value)} })`;
  if (!('fanIn' in start)) return `tf.initializers.${start.type}()`;
  if (isScaledByShape) return start.type;
  const law = lawOf(start.type, start);
  const rounded = (value: number): string => numberLiteral(Number(value.toPrecision(6)));
  return law.distribution === 'truncatedNormal'
    ? `tf.initializers.truncatedNormal({ stddev: ${rounded(law.deviation)} })`
    : `tf.initializers.randomUniform({ minval: ${rounded(-law.limit)}, maxval: ${rounded(law.limit)} })`;
}

function printConv(context: Context): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    weights,
    isBound,
  } = context;
  const kernelSize = size(params['kernelSize']);
  const strides = size(params['strides']);
  const dilation = size(params['dilationRate']);
  const activation = activationOf(String(params['activation']));
  const groups = Number(params['groups']);
  const numbers = convPadding(params['padding'] as Padding, shape, kernelSize, strides, dilation);
  const isFixed = !['padding', 'kernelSize', 'strides', 'dilationRate'].some(isBound);
  const { before, padding } = isFixed && numbers.isSame ? samePadding : numbers;
  const common = [
    field('kernelSize', sizeLiteral(kernelSize)),
    stepField('strides', strides),
    padding,
    stepField('dilationRate', dilation),
    switchField('useBias', params),
    activationField(activation),
  ];
  const filters = Number(params['filters']);
  const isDilated = dilation.some((step) => step > 1);
  const isDepthwise = groups > 1 && groups === shape[2] && strides[0] === strides[1];
  const isStandardized = params['weightStandardization'] === true;
  const call =
    isDilated || isStandardized || (groups > 1 && !isDepthwise)
      ? custom(
          'GeneralConv2D',
          [
            field('filters', numberLiteral(filters)),
            field('groups', numberLiteral(groups), '1'),
            ...common,
            ...(isStandardized ? [field('weightStandardization', 'true')] : []),
            ...kernelFields(context),
          ],
          'conv',
        )
      : groups === 1
        ? native('conv2d', [field('filters', numberLiteral(filters)), ...common, ...kernelFields(context)], 'conv')
        : native(
            'depthwiseConv2d',
            [
              field('depthMultiplier', numberLiteral(filters / groups), '1'),
              ...common,
              ...kernelFields(context, 'depthwiseInitializer'),
            ],
            'conv',
          );
  return [...before, { ...call, weights }, ...activationCall(activation)];
}

function paddingField(value: string): Field {
  return field('padding', value, `'valid'`);
}

type ConvPadding = {
  readonly before: readonly PrintedCall[];
  readonly padding: Field;
  /** Numbers that are what 'same' is, whatever the size. */
  readonly isSame: boolean;
};

const samePadding: ConvPadding = { before: [], padding: paddingField(`'same'`), isSame: true };

/** 'same' and no padding are tfjs' own; numbers become a padding layer in front. */
function convPadding(padding: Padding, shape: Shape, kernelSize: Size2, strides: Size2, dilation: Size2): ConvPadding {
  if (padding === 'same') return samePadding;
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const sides: Sides = [resolvePadding(axes[0]) ?? [0, 0], resolvePadding(axes[1]) ?? [0, 0]];
  const isSame =
    !isZero(sides) &&
    axes.every(({ size: length, stride, dilation: gap }, axis) => {
      const [before, after] = sides[axis] ?? [0, 0];
      return stride === 1 && before === after && 2 * before === windowSpan(length, gap) - 1;
    });
  return { before: [zeroPadding(sides)], padding: { ...paddingField(`'valid'`), param: null }, isSame };
}

function printPool({ params }: Context): readonly PrintedCall[] {
  const mode = String(params['mode']);
  if (params['outputSize'] !== null) {
    const count = field('outputSize', `[${size(params['outputSize']).join(', ')}]`);
    return [custom('AdaptivePooling2D', [field('mode', `'${mode}'`), count])];
  }
  const poolSize = size(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : size(params['strides']);
  const padding = params['padding'] as Padding;
  const paddings = axisPaddings(padding);
  const dilation = size(params['dilationRate']);
  const isDilated = dilation.some((step) => step > 1);
  const isPlain = padding === 'same' || isZero(plainSides(paddings));
  const isFloor = params['rounding'] !== 'ceil' || padding === 'same';
  const fields = [field('poolSize', sizeLiteral(poolSize)), field('strides', sizeLiteral(strides))];
  // The gradient of tf.avgPool counts padding in a window's mean, which the mean itself does not.
  if ((mode === 'max' || (mode === 'avg' && padding !== 'same')) && isPlain && isFloor && !isDilated) {
    return [
      native(mode === 'max' ? 'maxPooling2d' : 'averagePooling2d', [
        ...fields,
        paddingField(padding === 'same' ? `'same'` : `'valid'`),
      ]),
    ];
  }
  return [
    custom('WindowPooling2D', [
      field('mode', `'${mode}'`),
      ...fields,
      field('padding', padding === 'same' ? `'same'` : sidesLiteral(plainSides(paddings)), sidesLiteral(noSides)),
      ...(isFloor ? [] : [field('rounding', `'ceil'`)]),
      stepField('dilationRate', dilation),
      ...(mode === 'avg' ? [field('countIncludePad', String(params['countIncludePad'] === true), 'false')] : []),
    ]),
  ];
}

function plainSides([height, width]: readonly [AxisPadding, AxisPadding]): Sides {
  return [height === 'same' ? [0, 0] : height, width === 'same' ? [0, 0] : width];
}

function printFc(context: Context): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    weights,
  } = context;
  const activation = activationOf(String(params['activation']));
  return [
    ...(shape.length === 1 ? [] : [native('flatten', [], 'flat')]),
    {
      ...native('dense', [
        numberField('units', params),
        switchField('useBias', params),
        activationField(activation),
        ...kernelFields(context),
      ]),
      weights,
    },
    ...activationCall(activation),
  ];
}

function printUpconv(context: Context): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    weights,
  } = context;
  const kernelSize = size(params['kernelSize']);
  const strides = size(params['strides']);
  const dilation = size(params['dilationRate']);
  const outputPadding = size(params['outputPadding']);
  const padding = params['padding'] as Padding;
  const activation = activationOf(String(params['activation']));
  const common = [
    numberField('filters', params),
    field('kernelSize', sizeLiteral(kernelSize)),
    stepField('strides', strides),
  ];
  const rest = [switchField('useBias', params), activationField(activation), ...kernelFields(context)];
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const cuts: Sides = [upconvCut(axes[0], outputPadding[0]), upconvCut(axes[1], outputPadding[1])];
  const groups = Number(params['groups']);
  const isPlain = dilation.every((step) => step === 1) && groups === 1;
  if (padding === 'same' && isPlain) {
    return [
      { ...native('conv2dTranspose', [...common, paddingField(`'same'`), ...rest], 'upconv'), weights },
      ...activationCall(activation),
    ];
  }
  if (!isPlain || cuts.some(([, after]) => after < 0)) {
    const fields = [
      ...common,
      stepField('dilationRate', dilation),
      field('groups', String(groups), '1'),
      field('cut', sidesLiteral(cuts)),
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
  return native('cropping2D', [field('cropping', nativeSides(sides))], 'cropped');
}

function printUpsample({ params, inputs: [shape = []], output }: Context): readonly PrintedCall[] {
  // Also where tfjs has a layer of its own (`upSampling2d`): its gradient of 'nearest' is up to an eighth too small or too large.
  const how = [
    choiceField('mode', params, 'interpolation'),
    field('coordinates', `'${String(params['coordinates'])}'`, `'halfPixel'`),
  ];
  if (params['size'] !== null) {
    const isSame = output[0] === shape[0] && output[1] === shape[1] && output[0] !== null && output[1] !== null;
    return isSame ? [] : [custom('Resize2D', [field('size', `[${size(params['size']).join(', ')}]`), ...how])];
  }
  const factor = params['factor'] === null ? ([2, 2] as const) : size(params['factor']);
  if (factor[0] === 1 && factor[1] === 1) return [];
  return [custom('Resize2D', [field('factor', `[${factor.join(', ')}]`), ...how])];
}

function printUnpool({ params, maxima }: Context): readonly PrintedCall[] {
  const poolSize = size(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : size(params['strides']);
  const [top, bottom, left, right] = maxima?.windows.pads ?? [0, 0, 0, 0];
  const sides: Sides = [
    [top, bottom],
    [left, right],
  ];
  return [
    custom('MaxUnpooling2D', [
      field('poolSize', sizeLiteral(poolSize)),
      field('strides', sizeLiteral(strides)),
      field('padding', sidesLiteral(sides), sidesLiteral(noSides)),
    ]),
  ];
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
  return [custom('CropLike2D', [field('offset', literal)])];
}

function printPad({ params }: Context): readonly PrintedCall[] {
  const side = (name: string): number => Number(params[name] ?? 0);
  const sides: Sides = [
    [side('top'), side('bottom')],
    [side('left'), side('right')],
  ];
  if (isZero(sides)) return [];
  const padding = field('padding', sidesLiteral(sides));
  switch (params['mode']) {
    case 'reflect':
      return [custom('ReflectionPadding2D', [padding])];
    case 'edge':
      return [custom('EdgePadding2D', [padding])];
    case 'constant':
      return [custom('ConstantPadding2D', [padding, numberField('value', params)])];
    default:
      return [zeroPadding(sides)];
  }
}
