import { resolvePadding, upconvCut, windowAxes } from '../../layers/arithmetic';
import { cropStart } from '../../layers/crop';
import type { Padding, Shape, Size2 } from '../../layers/define';
import {
  field,
  numberField,
  numberLiteral,
  type Context,
  type Field,
  type Params,
  type PrintedCall,
} from '../code/calls';
import { numbersLiteral, pythonBoolean, sizeLiteral, tupleOf } from '../python/literals';
import type { PrinterTable } from '../printers';
import { printActivation, printOwnActivation } from './activations';
import { bare, conversions, feature, frozen, helper, layer, operation, positional, sizeOf } from './calls';
import { pairwise, printAdd, printMerge } from './merges';
import { printBatchNorm, printGroupNorm, printLayerNorm } from './norms';
import { printPool, printUnpool } from './pools';

/** Whether the values of a map may lie in another order than Convloom's where a node makes a list of them. */
export type FlattenOrder = 'torch' | 'convloom';

/** What a printer of PyTorch is given. */
export type TorchContext = Context & {
  /** Of a layer that takes a list that was a map: the map, where its values lie as PyTorch lays them. */
  readonly flattened: Shape | null;
  /** Of a flatten: whose order its values have. */
  readonly order: FlattenOrder;
};

export type TorchPrinter = (context: TorchContext) => readonly PrintedCall[];

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<TorchPrinter> = {
  input: () => [],
  conv: printConv,
  activation: (context) => printActivation(context),
  pool: printPool,
  fc: printFc,
  gap: ({ params }) => {
    const isMean = params['mode'] !== 'max';
    const fields = [field('dim', '(2, 3)'), field('keepdim', pythonBoolean(params['keepDims'] === true), 'False')];
    return [operation(isMean ? 'torch.mean' : 'torch.amax', fields)];
  },
  upconv: printUpconv,
  upsample: printUpsample,
  unpool: printUnpool,
  add: (context) => printAdd(context, '+'),
  multiply: (context) => printAdd(context, '*'),
  merge: printMerge,
  concat: ({ inputs }) => (inputs.length < 2 ? [] : [pairwise('torch.cat')]),
  crop: printCrop,
  pad: printPad,
  flatten: printFlatten,
  batchnorm: printBatchNorm,
  layernorm: printLayerNorm,
  groupnorm: printGroupNorm,
  scale: printScale,
  slice: printSlice,
  shuffle: printShuffle,
  reshape: ({ inputs: [shape = []], output }) => [
    bareReshape(shape, output) ?? helper('reshape', [feature('shape', shapeTuple(output), 'shape')]),
  ],
  permute: printPermute,
  lrn: printLrn,
  dropout: ({ params, inputs: [shape = []] }) => {
    const isSpatial = params['spatial'] === true && shape.length === 3;
    return [
      layer(isSpatial ? 'nn.Dropout2d' : 'nn.Dropout', [positional(field('p', numberLiteral(params['rate'])), 'rate')]),
    ];
  },
};

function shapeTuple(shape: Shape): string {
  return tupleOf(shape.map((size) => String(size ?? -1)));
}

/** A list stays a list. */
function bareReshape(from: Shape, to: Shape): PrintedCall | null {
  return from.length === 1 && to.length === 1
    ? operation('torch.flatten', [positional(field('start_dim', '1'))])
    : null;
}

function isEven(sides: readonly (readonly [number, number])[]): boolean {
  return sides.every(([before, after]) => before === after);
}

function printConv(context: TorchContext): readonly PrintedCall[] {
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
    biasField(params),
  ];
  return [
    ...before,
    withKernel(layer('nn.Conv2d', fields), context, conversions.kernel),
    ...printOwnActivation(context),
  ];
}

/** As many groups as channels are what comes in, whatever that is. */
function groupsField(params: Params, shape: Shape): Field {
  const groups = numberLiteral(params['groups']);
  const plain = { ...feature('groups', groups, 'groups'), isDefault: groups === '1' };
  return params['groups'] === shape[2] && groups !== '1' ? { ...plain, channels: { of: 0 } } : plain;
}

function biasField(params: Params): Field {
  const hasBias = params['useBias'] !== false;
  return { ...feature('bias', pythonBoolean(hasBias), 'useBias'), isDefault: hasBias };
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

function printFc(context: TorchContext): readonly PrintedCall[] {
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
    biasField(params),
  ];
  // The rows of the kernel follow the values: a map's lie channel by channel here.
  const sizes = map === null ? undefined : [...map.map((size) => size ?? 1), Number(params['units'])];
  const order = map === null ? conversions.dense : conversions.denseOfMap;
  return [...before, withKernel(layer('nn.Linear', fields), context, order, sizes), ...printOwnActivation(context)];
}

function printUpconv(context: TorchContext): readonly PrintedCall[] {
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
    biasField(params),
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

function printUpsample({ params, inputs: [shape = []], output }: TorchContext): readonly PrintedCall[] {
  const mode = String(params['mode']);
  const coordinates = String(params['coordinates']);
  const isSized = params['size'] !== null;
  const factor = params['factor'] === null ? ([2, 2] as const) : sizeOf(params['factor']);
  const isUnchanged = isSized
    ? [0, 1].every((axis) => output[axis] === shape[axis] && output[axis] !== null)
    : factor.every((times) => times === 1);
  if (isUnchanged) return [];
  const how = isSized
    ? feature('size', tupleOf(sizeOf(params['size']).map(String)), 'size')
    : feature('scale_factor', sizeLiteral(factor), 'factor');
  const native = interpolation(mode, coordinates, !isSized);
  if (native === null) {
    return [
      helper('resize', [
        how,
        { ...feature('mode', `"${mode}"`, 'mode') },
        feature('coordinates', `"${coordinates}"`, 'coordinates'),
      ]),
    ];
  }
  return [operation('F.interpolate', [how, ...native])];
}

/** PyTorch's own words for a way to resize; null where it has none. */
function interpolation(mode: string, coordinates: string, isWhole: boolean): readonly Field[] | null {
  if (mode === 'nearest') {
    if (coordinates === 'alignCorners') return null;
    const name = isWhole || coordinates === 'asymmetric' ? 'nearest' : 'nearest-exact';
    return [feature('mode', `"${name}"`, null)];
  }
  if (coordinates === 'asymmetric') return null;
  const aligned = coordinates === 'alignCorners';
  return [
    feature('mode', `"${mode}"`, 'mode'),
    { ...feature('align_corners', pythonBoolean(aligned), null), isDefault: !aligned },
  ];
}

function printCrop({ params, inputs: [shape = [], reference] }: TorchContext): readonly PrintedCall[] {
  if (reference === undefined) {
    const sides = ['left', 'right', 'top', 'bottom'].map((name) => Number(params[name] ?? 0));
    if (sides.every((side) => side === 0)) return [];
    return [
      operation('F.pad', [
        positional(feature('pad', tupleOf(sides.map((side) => numberLiteral(side === 0 ? 0 : -side))), null)),
      ]),
    ];
  }
  if (params['offset'] === 'center') return [helper('crop_like', [])];
  const offset = sizeOf(params['offset']);
  const from = ([0, 1] as const).map(
    (axis) => cropStart(shape[axis] ?? null, reference[axis] ?? null, offset, axis) ?? 0,
  );
  return [helper('crop_like', [feature('offset', tupleOf(from.map(String)), 'offset')])];
}

function printPad({ params }: TorchContext): readonly PrintedCall[] {
  const sides = ['left', 'right', 'top', 'bottom'].map((name) => Number(params[name] ?? 0));
  if (sides.every((side) => side === 0)) return [];
  const pad = positional(feature('pad', tupleOf(sides.map(String)), null));
  switch (params['mode']) {
    case 'reflect':
      return [operation('F.pad', [pad, field('mode', '"reflect"')])];
    case 'edge':
      return [operation('F.pad', [pad, field('mode', '"replicate"')])];
    case 'constant':
      return [operation('F.pad', [pad, numberField('value', params)])];
    default:
      return [operation('F.pad', [pad])];
  }
}

function printFlatten({ inputs: [shape = []], order }: TorchContext): readonly PrintedCall[] {
  if (shape.length === 1) return [];
  const isPlain = order === 'torch' || (shape[0] === 1 && shape[1] === 1) || shape[2] === 1;
  if (isPlain) return [operation('torch.flatten', [positional(field('start_dim', '1'))])];
  return [bare('flatten by rows', [], ([x = '']) => `${x}.permute(0, 2, 3, 1).flatten(1)`)];
}

function printScale({ params, weights, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
  const fields = (['scale', 'shift'] as const).map((name) => feature(name, numbersLiteral(params[name]), name));
  if (params['learned'] === false) {
    return fields.every(({ value }) => !value.startsWith('('))
      ? [bare('scale', fields, ([x = ''], value) => `${x} * ${value('scale')} + ${value('shift')}`)]
      : [helper('ScaleShift', [...fields, { ...field('learned', 'False'), param: null }], 'layer')];
  }
  const isWide = params['learned'] === 'channel';
  const count = String(shape.at(-1) ?? 1);
  const channels = isWide ? [{ ...field('channels', count), channels: { of: 0 } as const }] : [];
  return [
    {
      ...helper('ScaleShift', [...channels, ...fields], 'layer'),
      ...frozen(params),
      weights,
      places: ['scale', 'shift'].map((name) => ({ weight: name, name, order: conversions.plain })),
    },
  ];
}

function printSlice({ params, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
  const axis = params['axis'] === 'channels' ? 1 : params['axis'] === 'height' ? 2 : 3;
  const from = feature('start', numberLiteral(params['from']), 'from');
  const to = params['to'] === null ? [] : [feature('stop', numberLiteral(params['to']), 'to')];
  const before = ', :'.repeat(axis);
  const write: PrintedCall['operation'] = ([x = ''], value) => {
    const [start, stop] = [value('start') === '0' ? '' : value('start'), value('stop')];
    // As ruff has it: blanks around the colon where an end is no plain number or name.
    const isPlain = [start, stop].every((end) => /^\w*$/.test(end));
    const run = isPlain ? `${start}:${stop}` : `${start} : ${stop}`.trim();
    return `${x}[:${before.slice(0, -3)}, ${run}]`;
  };
  return shape.length === 0
    ? []
    : [bare(`slice of axis ${axis}${to.length === 0 ? ' to its end' : ''}`, [from, ...to], write)];
}

function printShuffle({ params, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
  if (params['groups'] === 1) return [];
  const groups = feature('groups', numberLiteral(params['groups']), 'groups');
  if (shape.length === 3) return [operation('F.channel_shuffle', [groups])];
  return [
    bare(
      'shuffle',
      [groups],
      ([x = ''], value) => `${x}.unflatten(1, (${value('groups')}, -1)).transpose(1, 2).flatten(1)`,
    ),
  ];
}

function printPermute({ params, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
  const order = params['order'] as readonly number[];
  if (order.every((axis, at) => axis === at + 1)) return [];
  if (shape.length === 1) return [];
  // Where PyTorch has the height, the width and the channels.
  const places = order.map((axis) => (axis === 3 ? 1 : axis + 1));
  const dims = tupleOf(['0', String(places[2]), String(places[0]), String(places[1])]);
  return [operation('torch.permute', [positional(feature('dims', dims, 'order'))])];
}

/** PyTorch divides alpha by the size of the window. */
function printLrn({ params }: TorchContext): readonly PrintedCall[] {
  const size = 2 * Number(params['radius']) + 1;
  const alpha = Number((Number(params['alpha']) * size).toPrecision(12));
  return [
    operation('F.local_response_norm', [
      feature('size', String(size), null),
      feature('alpha', numberLiteral(alpha), null),
      numberField('beta', params),
      feature('k', numberLiteral(params['bias']), 'bias'),
    ]),
  ];
}
