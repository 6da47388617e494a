import { cropStart } from '../../layers/crop';
import { field, numberField, numberLiteral, type Field, type PrintedCall } from '../code/calls';
import { numbersLiteral, pythonBoolean, sizeLiteral, tupleOf } from '../python/literals';
import { bare, feature, operation, positional, sizeOf } from '../python/calls';
import { conversions, frozen, helper, type TorchContext } from './calls';

export function printUpsample({ params, inputs: [shape = []], output }: TorchContext): readonly PrintedCall[] {
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

export function printCrop({ params, inputs: [shape = [], reference] }: TorchContext): readonly PrintedCall[] {
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

export function printPad({ params }: TorchContext): readonly PrintedCall[] {
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

export function printFlatten({ inputs: [shape = []], order }: TorchContext): readonly PrintedCall[] {
  if (shape.length === 1) return [];
  const isPlain = order === 'torch' || (shape[0] === 1 && shape[1] === 1) || shape[2] === 1;
  if (isPlain) return [operation('torch.flatten', [positional(field('start_dim', '1'))])];
  return [bare('flatten by rows', [], ([x = '']) => `${x}.permute(0, 2, 3, 1).flatten(1)`)];
}

export function printScale({ params, weights, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
  const fields = (['scale', 'shift'] as const).map((name) => feature(name, numbersLiteral(params[name]), name));
  if (params['learned'] === false) {
    return fields.every(({ value }) => !value.startsWith('('))
      ? [bare('scale', fields, ([x = ''], value) => `${x} * ${value('scale')} + ${value('shift')}`)]
      : [helper('ScaleShift', [...fields, { ...field('learned', 'False'), param: null }], 'layer')];
  }
  const isWide = params['learned'] === 'channel';
  const count = String(shape.at(-1) ?? 1);
  const channels = isWide ? [{ ...field('channels', count), channels: { of: 0 } as const }] : [];
  const center = { ...field('center', pythonBoolean(params['center'] !== false), 'True') };
  return [
    {
      ...helper('ScaleShift', [...channels, ...fields, center], 'layer'),
      ...frozen(params),
      weights,
      places: weights.map((name) => ({ weight: name, name, order: conversions.plain })),
    },
  ];
}

export function printSlice({ params, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
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

export function printShuffle({ params, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
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

/** PyTorch's own pixel shuffle keeps the places of a channel together. */
export function printDepthToSpace({ params }: TorchContext): readonly PrintedCall[] {
  const block = numberLiteral(params['blockSize']);
  if (params['order'] === 'CRD') return [operation('F.pixel_shuffle', [feature('upscale_factor', block, 'blockSize')])];
  return [helper('depth_to_space', [feature('block_size', block, 'blockSize')])];
}

export function printSpaceToDepth({ params }: TorchContext): readonly PrintedCall[] {
  const block = numberLiteral(params['blockSize']);
  if (params['order'] === 'CRD')
    return [operation('F.pixel_unshuffle', [feature('downscale_factor', block, 'blockSize')])];
  return [helper('space_to_depth', [feature('block_size', block, 'blockSize')])];
}

export function printPermute({ params, inputs: [shape = []] }: TorchContext): readonly PrintedCall[] {
  const order = params['order'] as readonly number[];
  if (order.every((axis, at) => axis === at + 1)) return [];
  if (shape.length === 1) return [];
  // Where PyTorch has the height, the width and the channels.
  const places = order.map((axis) => (axis === 3 ? 1 : axis + 1));
  const dims = tupleOf(['0', String(places[2]), String(places[0]), String(places[1])]);
  return [operation('torch.permute', [positional(feature('dims', dims, 'order'))])];
}

/** PyTorch divides alpha by the size of the window. */
export function printLrn({ params }: TorchContext): readonly PrintedCall[] {
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
