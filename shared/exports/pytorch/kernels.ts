import { resolvePadding, upconvCut, windowAxes } from '../../layers/arithmetic';
import type { Padding, Shape, Size2 } from '../../layers/define';
import { field, numberLiteral, type Context, type Field, type Params, type PrintedCall } from '../code/calls';
import { sizeLiteral, tupleOf } from '../python/literals';
import { printOwnActivation } from './activations';
import { feature, layer, onSwitch, operation, positional, sizeOf } from '../python/calls';
import { conversions, frozen, helper, type TorchContext } from './calls';

function isEven(sides: readonly (readonly [number, number])[]): boolean {
  return sides.every(([before, after]) => before === after);
}

export function printConv(context: TorchContext): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
  } = context;
  const kernelSize = sizeOf(params['kernelSize']);
  const strides = sizeOf(params['strides']);
  const dilation = sizeOf(params['dilationRate']);
  const padding = params['padding'] as Padding;
  const axes = windowAxes(shape, kernelSize, strides, dilation, padding);
  const isStrided = strides.some((step) => step > 1);
  const dynamic = padding === 'same' && isStrided;
  const sides = dynamic
    ? [[0, 0] as const, [0, 0] as const]
    : axes.map((axis) => resolvePadding(axis) ?? ([0, 0] as const));
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = sides;
  const isSame = padding === 'same' && !dynamic && !isEven(sides);
  const before = dynamic
    ? [
        helper('pad_same', [
          positional(feature('kernel_size', sizeLiteral(kernelSize), 'kernelSize')),
          feature('stride', sizeLiteral(strides), 'strides'),
          {
            ...feature('dilation', sizeLiteral(dilation), 'dilationRate'),
            isDefault: dilation.every((step) => step === 1),
          },
        ]),
      ]
    : isSame || isEven(sides)
      ? []
      : [operation('F.pad', [positional(feature('pad', tupleOf([left, right, top, bottom].map(String)), 'padding'))])];
  const own = isSame ? '"same"' : before.length > 0 ? '0' : sizeLiteral([top, left]);
  const fields = [
    positional({ ...field('in_channels', String(shape[2] ?? 0)), channels: { of: 0 } }),
    positional({ ...feature('out_channels', numberLiteral(params['filters']), 'filters'), channels: 'out' }),
    feature('kernel_size', sizeLiteral(kernelSize), 'kernelSize'),
    { ...feature('stride', sizeLiteral(strides), 'strides'), isDefault: !isStrided },
    { ...feature('padding', own, before.length > 0 || own === '"same"' ? null : 'padding'), isDefault: own === '0' },
    { ...feature('dilation', sizeLiteral(dilation), 'dilationRate'), isDefault: dilation.every((step) => step === 1) },
    groupsField(params, shape),
    onSwitch('bias', params, 'useBias'),
  ];
  return [
    ...before,
    withKernel(
      params['weightStandardization'] === true
        ? helper('StandardizedConv2d', fields, 'layer')
        : layer('nn.Conv2d', fields),
      context,
      conversions.kernel,
    ),
    ...printOwnActivation(context),
  ];
}

/** As many groups as channels are what comes in, whatever that is. */
function groupsField(params: Params, shape: Shape): Field {
  const groups = numberLiteral(params['groups']);
  const plain = { ...feature('groups', groups, 'groups'), isDefault: groups === '1' };
  return params['groups'] === shape[2] && groups !== '1' ? { ...plain, channels: { of: 0 } } : plain;
}

function withKernel(
  call: PrintedCall,
  { params, weights }: Context,
  kernel: readonly number[],
  sizes?: readonly number[],
): PrintedCall {
  const places = [
    { weight: 'kernel', name: 'weight', order: kernel, ...(sizes !== undefined && { sizes }) },
    { weight: 'bias', name: 'bias', order: conversions.plain },
  ];
  return { ...call, ...frozen(params), weights, places: places.filter(({ weight }) => weights.includes(weight)) };
}

export function printFc(context: TorchContext): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
    flattened,
  } = context;
  const map = shape.length === 3 ? shape : flattened;
  const before = shape.length === 3 ? [operation('torch.flatten', [positional(field('start_dim', '1'))])] : [];
  const count = shape.reduce<number>((product, size) => product * (size ?? 1), 1);
  const taken = positional(field('in_features', String(count)));
  const fields = [
    shape.length === 1 ? { ...taken, channels: { of: 0 } } : taken,
    positional({ ...feature('out_features', numberLiteral(params['units']), 'units'), channels: 'out' }),
    onSwitch('bias', params, 'useBias'),
  ];
  // The rows of the kernel follow the values: a map's lie channel by channel here.
  const sizes = map === null ? undefined : [...map.map((size) => size ?? 1), Number(params['units'])];
  const order = map === null ? conversions.dense : conversions.denseOfMap;
  return [...before, withKernel(layer('nn.Linear', fields), context, order, sizes), ...printOwnActivation(context)];
}

export function printUpconv(context: TorchContext): readonly PrintedCall[] {
  const {
    params,
    inputs: [shape = []],
  } = context;
  const [kernelSize, strides, dilation, extra] = ['kernelSize', 'strides', 'dilationRate', 'outputPadding'].map(
    (name) => sizeOf(params[name]),
  );
  if (kernelSize === undefined || strides === undefined || dilation === undefined || extra === undefined) return [];
  const axes = windowAxes(shape, kernelSize, strides, dilation, params['padding'] as Padding);
  const ends = axes.map((axis, index) =>
    upconvEnds(upconvCut(axis, extra[index === 0 ? 0 : 1]), axis.stride, axis.dilation),
  );
  const pick = (key: 'padding' | 'added'): Size2 => [ends[0]?.[key] ?? 0, ends[1]?.[key] ?? 0];
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = ends.map(({ cut }) => cut);
  const isSized = (value: Size2): boolean => value.some((size) => size !== 0);
  const fields = [
    positional({ ...field('in_channels', String(shape[2] ?? 0)), channels: { of: 0 } }),
    positional({ ...feature('out_channels', numberLiteral(params['filters']), 'filters'), channels: 'out' }),
    feature('kernel_size', sizeLiteral(kernelSize), 'kernelSize'),
    { ...feature('stride', sizeLiteral(strides), 'strides'), isDefault: strides.every((step) => step === 1) },
    { ...feature('padding', sizeLiteral(pick('padding')), null), isDefault: !isSized(pick('padding')) },
    { ...feature('output_padding', sizeLiteral(pick('added')), null), isDefault: !isSized(pick('added')) },
    groupsField(params, shape),
    onSwitch('bias', params, 'useBias'),
    { ...feature('dilation', sizeLiteral(dilation), 'dilationRate'), isDefault: dilation.every((step) => step === 1) },
  ];
  const cuts = [left, right, top, bottom];
  const cut = cuts.every((side) => side === 0)
    ? []
    : [
        operation(
          'F.pad',
          [positional(feature('pad', tupleOf(cuts.map((side) => numberLiteral(-side))), null))],
          'cut',
        ),
      ];
  return [
    withKernel(layer('nn.ConvTranspose2d', fields), context, conversions.kernel),
    ...cut,
    ...printOwnActivation(context),
  ];
}

type Ends = { readonly padding: number; readonly added: number; readonly cut: readonly [number, number] };

/** What of an axis's cut PyTorch does itself: it adds at the far end fewer values than its stride or its dilation. */
function upconvEnds([before, after]: readonly [number, number], stride: number, dilation: number): Ends {
  const added = before - after;
  if (added >= 0 && added < Math.max(stride, dilation)) return { padding: before, added, cut: [0, 0] };
  if (added < 0) return { padding: before, added: 0, cut: [0, -added] };
  return { padding: 0, added: Math.max(-after, 0), cut: [before, Math.max(after, 0)] };
}
