import type { SettledInitializer } from '../../compile/startingLaw';
import { activationOf } from '../../layers/activations';
import { resolvePadding, upconvCut, windowAxes, windowSpan } from '../../layers/arithmetic';
import type { Padding, Size2 } from '../../layers/define';
import { lawOf } from '../../layers/initializers';
import { field, numberLiteral, type Context, type Field, type PrintedCall } from '../code/calls';
import { sizeLiteral, tupleOf } from '../python/literals';
import { snakeCase } from '../python/names';
import { sizeOf } from '../python/calls';
import { feature, layer, number, onSwitch, own, positional } from './calls';
import { activationBehind, activationField, sidesLiteral } from './kinds';

/** How a kernel starts, and whether it is trained. Keras counts the fans of a depthwise kernel otherwise, so that its law is printed in numbers. */
function kernelFields({ params, start }: Context, name = 'kernel_initializer'): readonly Field[] {
  const trained = onSwitch('trainable', params);
  if (start === null) return [trained];
  const value = startText(start, name === 'kernel_initializer');
  return [{ ...field(name, value, '"glorot_uniform"'), isFixed: true }, trained];
}

function startText(start: SettledInitializer, isScaledByShape: boolean): string {
  if (!('fanIn' in start)) return `"${start.type}"`;
  if (isScaledByShape) return `"${snakeCase(start.type)}"`;
  const law = lawOf(start.type, start);
  const rounded = (value: number): string => numberLiteral(Number(value.toPrecision(6)));
  return law.distribution === 'truncatedNormal'
    ? `initializers.TruncatedNormal(stddev=${rounded(law.deviation)})`
    : `initializers.RandomUniform(minval=${rounded(-law.limit)}, maxval=${rounded(law.limit)})`;
}

type ConvPadding = { readonly before: readonly PrintedCall[]; readonly padding: Field };

const same: ConvPadding = { before: [], padding: feature('padding', '"same"', 'padding', '"valid"') };

/** 'same' and no padding are Keras' own; numbers become a layer in front, unless they are what 'same' is. */
function convPadding({ params, inputs: [shape = []], isBound }: Context): ConvPadding {
  const [kernelSize, strides, dilation] = [
    sizeOf(params['kernelSize']),
    sizeOf(params['strides']),
    sizeOf(params['dilationRate']),
  ];
  const padding = params['padding'] as Padding;
  const isBoth = strides.some((step) => step > 1) && dilation.some((step) => step > 1);
  const valid = { ...feature('padding', '"valid"', null, '"valid"') };
  if (padding === 'same') {
    if (!isBoth) return same;
    const window = [
      feature('kernel_size', tupleOf(kernelSize.map(String)), null),
      feature('strides', tupleOf(strides.map(String)), null),
      feature('dilation_rate', tupleOf(dilation.map(String)), null),
    ];
    return { before: [own('SamePadding2D', window, 'padded')], padding: valid };
  }
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = axes.map(
    (axis) => resolvePadding(axis) ?? ([0, 0] as const),
  );
  if ([top, bottom, left, right].every((side) => side === 0)) return { before: [], padding: valid };
  const isFixed = !['padding', 'kernelSize', 'strides', 'dilationRate'].some(isBound);
  const isSame = axes.every(({ size, stride, dilation: gap }, axis) => {
    const [before, after] = axis === 0 ? [top, bottom] : [left, right];
    return stride === 1 && before === after && 2 * before === windowSpan(size, gap) - 1;
  });
  if (isFixed && isSame) return same;
  const zeros = layer(
    'ZeroPadding2D',
    [positional(feature('padding', sidesLiteral([top, bottom, left, right]), 'padding'))],
    'padded',
  );
  return { before: [zeros], padding: valid };
}

function step(name: string, value: Size2, param: string): Field {
  return feature(name, sizeLiteral(value), param, '1');
}

export function printConv(context: Context): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    weights,
  } = context;
  const [kernelSize, strides, dilation] = [
    sizeOf(params['kernelSize']),
    sizeOf(params['strides']),
    sizeOf(params['dilationRate']),
  ];
  const activation = activationOf(String(params['activation']));
  const groups = Number(params['groups']);
  const filters = Number(params['filters']);
  const { before, padding } = convPadding(context);
  // Keras has no strides between the values of a window with gaps: of all places every so many are kept.
  const isBoth = strides.some((one) => one > 1) && dilation.some((one) => one > 1);
  const window = [
    positional(feature('kernel_size', sizeLiteral(kernelSize), 'kernelSize')),
    ...(isBoth ? [] : [step('strides', strides, 'strides')]),
    padding,
    step('dilation_rate', dilation, 'dilationRate'),
  ];
  const rest = [onSwitch('use_bias', params, 'useBias'), activationField(activation)];
  const isStandardized = params['weightStandardization'] === true;
  const isDepthwise = groups > 1 && groups === shape[2] && strides[0] === strides[1] && !isStandardized;
  const plain = [
    positional(number('filters', params)),
    ...window,
    number('groups', params, 'groups', '1'),
    ...rest,
    ...kernelFields(context),
  ];
  const call = isDepthwise
    ? layer(
        'DepthwiseConv2D',
        [
          ...window,
          feature('depth_multiplier', numberLiteral(filters / groups), null, '1'),
          ...rest,
          ...kernelFields(context, 'depthwise_initializer'),
        ],
        'conv',
      )
    : isStandardized
      ? own('StandardizedConv2D', plain, 'conv')
      : layer('Conv2D', plain, 'conv');
  const after = isBoth ? [own('Subsample2D', [feature('strides', tupleOf(strides.map(String)), 'strides')])] : [];
  return [...before, { ...call, weights }, ...after, ...activationBehind(activation)];
}

export function printFc(context: Context): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    weights,
  } = context;
  const activation = activationOf(String(params['activation']));
  const fields = [
    positional(number('units', params)),
    onSwitch('use_bias', params, 'useBias'),
    activationField(activation),
    ...kernelFields(context),
  ];
  return [
    ...(shape.length === 1 ? [] : [layer('Flatten', [], 'flat')]),
    { ...layer('Dense', fields, 'dense'), weights },
    ...activationBehind(activation),
  ];
}

export function printUpconv(context: Context): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    weights,
  } = context;
  const [kernelSize, strides, dilation, extra] = [
    sizeOf(params['kernelSize']),
    sizeOf(params['strides']),
    sizeOf(params['dilationRate']),
    sizeOf(params['outputPadding']),
  ];
  const padding = params['padding'] as Padding;
  const activation = activationOf(String(params['activation']));
  const common = [
    positional(number('filters', params)),
    positional(feature('kernel_size', sizeLiteral(kernelSize), 'kernelSize')),
    step('strides', strides, 'strides'),
  ];
  const rest = [onSwitch('use_bias', params, 'useBias'), activationField(activation), ...kernelFields(context)];
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const [[top, bottom], [left, right]] = [upconvCut(axes[0], extra[0]), upconvCut(axes[1], extra[1])];
  const isPlain = dilation.every((one) => one === 1) && params['groups'] === 1;
  if (padding === 'same' && isPlain) {
    return [
      { ...layer('Conv2DTranspose', [...common, feature('padding', '"same"', 'padding'), ...rest], 'upconv'), weights },
      ...activationBehind(activation),
    ];
  }
  if (!isPlain || bottom < 0 || right < 0) {
    const fields = [
      ...common,
      step('dilation_rate', dilation, 'dilationRate'),
      number('groups', params, 'groups', '1'),
      feature('cut', `((${top}, ${bottom}), (${left}, ${right}))`, null),
      ...rest,
    ];
    return [{ ...own('UpConv2D', fields, 'upconv'), weights }, ...activationBehind(activation)];
  }
  // Where a window is shorter than its stride, Keras gives x·s values, the last of them bias alone.
  const cut = [
    top,
    bottom + Math.max(strides[0] - kernelSize[0], 0),
    left,
    right + Math.max(strides[1] - kernelSize[1], 0),
  ] as const;
  const cropped = cut.every((side) => side === 0)
    ? []
    : [layer('Cropping2D', [positional(feature('cropping', sidesLiteral(cut), null))], 'cropped')];
  return [
    { ...layer('Conv2DTranspose', [...common, ...rest], 'upconv'), weights },
    ...cropped,
    ...activationBehind(activation),
  ];
}
