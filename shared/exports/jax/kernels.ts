import type { SettledInitializer } from '../../compile/startingLaw';
import { resolvePadding, upconvCut, windowAxes, windowSpan } from '../../layers/arithmetic';
import type { Padding, Shape } from '../../layers/define';
import { field, numberLiteral, type Context, type Field, type Params, type PrintedCall } from '../code/calls';
import { feature, layer, onSwitch, operation, optional, positional, sizeOf } from '../python/calls';
import { sizeLiteral, tupleOf } from '../python/literals';
import { snakeCase } from '../python/names';
import { printOwnActivation } from './activations';
import { channelsIn, frozen, held, helper, pairsLiteral, sidesLiteral, type Sides } from './calls';

const valid = '"VALID"';
/** Also what Flax takes where nothing is said. */
const same = '"SAME"';

function filtersField(params: Params, param: string): Field {
  return positional({ ...feature('out_features', numberLiteral(params[param]), param), channels: 'out' });
}

/** How a kernel starts: by a law, or from one number. `standard` is what the module does where nothing is said. */
function startField(start: SettledInitializer | null, standard = 'initializers.lecun_normal()'): readonly Field[] {
  if (start === null) return [];
  const law = 'fanIn' in start ? `initializers.${snakeCase(start.type)}()` : `initializers.${start.type}`;
  return [{ ...field('kernel_init', law, standard), isFixed: true }];
}

function withKernel(call: PrintedCall, { params, weights }: Context): PrintedCall {
  return { ...call, ...frozen(params), ...held(weights) };
}

/** As many groups as channels are what comes in, whatever that is. */
function groupsField(params: Params, shape: Shape): Field {
  const plain = optional('feature_group_count', numberLiteral(params['groups']), 'groups', '1');
  return params['groups'] === shape[2] && params['groups'] !== 1 ? { ...plain, channels: { of: 0 } } : plain;
}

function windowFields({ params, inputs: [shape = []] }: Context): readonly Field[] {
  return [
    positional(channelsIn('in_features', shape[2])),
    filtersField(params, 'filters'),
    positional(feature('kernel_size', tupleOf(sizeOf(params['kernelSize']).map(String)), 'kernelSize')),
    optional('strides', sizeLiteral(sizeOf(params['strides'])), 'strides', '1'),
  ];
}

function axesOf({ params, inputs: [shape = []] }: Context) {
  return windowAxes(
    shape,
    sizeOf(params['kernelSize']),
    sizeOf(params['strides']),
    sizeOf(params['dilationRate']),
    params['padding'] as Padding,
  );
}

export function printConv(context: Context): readonly PrintedCall[] {
  const { params, start } = context;
  const isSame = params['padding'] === 'same';
  const sides = isSame ? [] : axesOf(context).map((axis): Sides => resolvePadding(axis) ?? [0, 0]);
  const around = sidesLiteral(sides);
  const padding = isSame ? same : around === '0' ? valid : around;
  const fields = [
    ...windowFields(context),
    optional('padding', padding, 'padding', same),
    optional('kernel_dilation', sizeLiteral(sizeOf(params['dilationRate'])), 'dilationRate', '1'),
    groupsField(params, context.inputs[0] ?? []),
    onSwitch('use_bias', params, 'useBias'),
    ...startField(start),
  ];
  if (params['weightStandardization'] === true) {
    const own = optional('padding', isSame ? same : pairsLiteral(sides), 'padding', same);
    const all = [...fields.map((one) => (one.name === 'padding' ? own : one)), ...startField(start, '')];
    const unique = all.filter(({ name }, at) => all.findLastIndex((one) => one.name === name) === at);
    return [withKernel(helper('StandardizedConv', unique, 'layer'), context), ...printOwnActivation(context)];
  }
  return [withKernel(layer('nnx.Conv', fields), context), ...printOwnActivation(context)];
}

export function printFc(context: Context): readonly PrintedCall[] {
  const { params, start } = context;
  const [shape = []] = context.inputs;
  const count = shape.reduce<number>((product, size) => product * (size ?? 1), 1);
  const taken = positional(field('in_features', String(count)));
  const fields = [
    shape.length === 1 ? { ...taken, channels: { of: 0 } } : taken,
    filtersField(params, 'units'),
    onSwitch('use_bias', params, 'useBias'),
    ...startField(start),
  ];
  const before = shape.length === 3 ? [flat()] : [];
  return [...before, withKernel(layer('nnx.Linear', fields), context), ...printOwnActivation(context)];
}

/** All axes but that of the batch as one. */
export function flat(): PrintedCall {
  return operation('lax.collapse', [positional(field('start_dimension', '1'))]);
}

/** The padding of an up-conv is that of the convolution which it is, over values set apart by the strides. */
export function printUpconv(context: Context): readonly PrintedCall[] {
  const { params, start } = context;
  const extra = sizeOf(params['outputPadding']);
  const groups = Number(params['groups']);
  const axes = axesOf(context);
  const sides = axes.map((axis, at): Sides => {
    const [before, after] = upconvCut(axis, extra[at === 0 ? 0 : 1]);
    const rest = windowSpan(axis.size, axis.dilation) - 1;
    return [rest - before, rest - after];
  });
  const dilation = optional('kernel_dilation', sizeLiteral(sizeOf(params['dilationRate'])), 'dilationRate', '1');
  const bias = onSwitch('use_bias', params, 'useBias');
  if (groups > 1) {
    const fields = [
      ...windowFields(context),
      feature('padding', pairsLiteral(sides), null),
      dilation,
      groupsField(params, context.inputs[0] ?? []),
      bias,
      ...startField(start, ''),
    ];
    return [withKernel(helper('GroupedConvTranspose', fields, 'layer'), context), ...printOwnActivation(context)];
  }
  const isWhole = axes.every(({ size, stride, dilation: gap }, at) => {
    const span = windowSpan(size, gap);
    return span >= stride && sides[at]?.every((side) => side === span - 1) === true;
  });
  const padding = params['padding'] === 'same' ? same : isWhole ? valid : sidesLiteral(sides);
  const fields = [
    ...windowFields(context),
    optional('padding', padding, null, same),
    dilation,
    // The kernel lies as that of the convolution which this goes back through.
    { ...field('transpose_kernel', 'True'), isFixed: true },
    bias,
    ...startField(start),
  ];
  return [withKernel(layer('nnx.ConvTranspose', fields), context), ...printOwnActivation(context)];
}
