import { cropStart } from '../../layers/crop';
import { field, numberField, numberLiteral, type Context, type PrintedCall } from '../code/calls';
import { bare, feature, onSwitch, operation, positional, sizeOf } from '../python/calls';
import { numbersLiteral, sizeLiteral, tupleOf } from '../python/literals';
import { channelsIn, frozen, held, helper, pairsLiteral } from './calls';
import { flat } from './kernels';

export function printUpsample({ params, inputs: [shape = []], output }: Context): readonly PrintedCall[] {
  const coordinates = String(params['coordinates']);
  const isSized = params['size'] !== null;
  const factor = params['factor'] === null ? ([2, 2] as const) : sizeOf(params['factor']);
  const isUnchanged = isSized
    ? [0, 1].every((axis) => output[axis] === shape[axis] && output[axis] !== null)
    : factor.every((times) => times === 1);
  if (isUnchanged) return [];
  if (!isSized && params['mode'] === 'nearest' && coordinates !== 'alignCorners') {
    return [helper('repeat', [positional(feature('factor', sizeLiteral(factor), 'factor'))])];
  }
  const how = isSized
    ? feature('size', tupleOf(sizeOf(params['size']).map(String)), 'size')
    : feature('factor', sizeLiteral(factor), 'factor');
  return [
    helper('resize', [
      how,
      feature('mode', `"${String(params['mode'])}"`, 'mode'),
      feature('coordinates', `"${coordinates}"`, 'coordinates'),
    ]),
  ];
}

function sidesOf(params: Context['params']): readonly [number, number, number, number] {
  const [top = 0, bottom = 0, left = 0, right = 0] = ['top', 'bottom', 'left', 'right'].map((name) =>
    Number(params[name] ?? 0),
  );
  return [top, bottom, left, right];
}

/** What is left of an axis without so many values at its ends, as Python slices. */
function kept(before: number, after: number): string {
  return `${before === 0 ? '' : before}:${after === 0 ? '' : -after}`;
}

export function printCrop({ params, inputs: [shape = [], reference] }: Context): readonly PrintedCall[] {
  if (reference === undefined) {
    const [top, bottom, left, right] = sidesOf(params);
    if ([top, bottom, left, right].every((side) => side === 0)) return [];
    const columns = left === 0 && right === 0 ? '' : `, ${kept(left, right)}`;
    const cut = `[:, ${kept(top, bottom)}${columns}]`;
    return [bare('crop', [{ ...field('cut', cut), isFixed: true }], ([x = '']) => `${x}${cut}`)];
  }
  if (params['offset'] === 'center') return [helper('crop_like', [])];
  const offset = sizeOf(params['offset']);
  const from = ([0, 1] as const).map(
    (axis) => cropStart(shape[axis] ?? null, reference[axis] ?? null, offset, axis) ?? 0,
  );
  return [helper('crop_like', [feature('offset', tupleOf(from.map(String)), 'offset')])];
}

export function printPad({ params }: Context): readonly PrintedCall[] {
  const [top, bottom, left, right] = sidesOf(params);
  if ([top, bottom, left, right].every((side) => side === 0)) return [];
  const around = pairsLiteral([
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const pad = positional(feature('pad_width', around, null));
  switch (params['mode']) {
    case 'reflect':
      return [operation('jnp.pad', [pad, field('mode', '"reflect"')])];
    case 'edge':
      return [operation('jnp.pad', [pad, field('mode', '"edge"')])];
    case 'constant':
      return [operation('jnp.pad', [pad, feature('constant_values', numberLiteral(params['value']), 'value')])];
    default:
      return [operation('jnp.pad', [pad])];
  }
}

export function printFlatten({ inputs: [shape = []] }: Context): readonly PrintedCall[] {
  return shape.length === 1 ? [] : [flat()];
}

/** A list stays a list. */
export function printReshape({ inputs: [shape = []], output }: Context): readonly PrintedCall[] {
  if (output.length === 1) return shape.length === 1 ? [] : [flat()];
  if (output.includes(null)) return [helper('reshape', [feature('shape', shapeTuple(output), 'shape')])];
  return [operation('jnp.reshape', [positional(feature('shape', shapeTuple([-1, ...output]), null))])];
}

function shapeTuple(shape: readonly (number | null)[]): string {
  return tupleOf(shape.map((size) => String(size ?? -1)));
}

export function printScale({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = (['scale', 'shift'] as const).map((name) => feature(name, numbersLiteral(params[name]), name));
  if (params['learned'] === false) {
    return fields.every(({ value }) => !value.startsWith('('))
      ? [bare('scale', fields, ([x = ''], value) => `${x} * ${value('scale')} + ${value('shift')}`)]
      : [helper('scale_shift', fields)];
  }
  const channels = params['learned'] === 'channel' ? [channelsIn('channels', shape.at(-1))] : [];
  return [
    {
      ...helper('ScaleShift', [...channels, ...fields, onSwitch('center', params, 'center')], 'layer'),
      ...frozen(params),
      ...held(weights),
    },
  ];
}

export function printSlice({ params }: Context): readonly PrintedCall[] {
  const before = params['axis'] === 'channels' ? '..., ' : params['axis'] === 'height' ? ':, ' : ':, :, ';
  const from = feature('start', numberLiteral(params['from']), 'from');
  const to = params['to'] === null ? [] : [feature('stop', numberLiteral(params['to']), 'to')];
  const write: PrintedCall['operation'] = ([x = ''], value) => {
    const [start, stop] = [value('start') === '0' ? '' : value('start'), value('stop')];
    // As ruff has it: blanks around the colon where an end is no plain number or name.
    const isPlain = [start, stop].every((end) => /^\w*$/.test(end));
    const run = isPlain ? `${start}:${stop}` : `${start} : ${stop}`.trim();
    return `${x}[${before}${run}]`;
  };
  return [bare(`slice ${before}${to.length === 0 ? ' to its end' : ''}`, [from, ...to], write)];
}

export function printShuffle({ params }: Context): readonly PrintedCall[] {
  return params['groups'] === 1 ? [] : [helper('shuffle', [numberField('groups', params)])];
}

export function printPermute({ params, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const order = params['order'] as readonly number[];
  if (shape.length === 1 || order.every((axis, at) => axis === at + 1)) return [];
  return [operation('jnp.transpose', [positional(feature('axes', tupleOf(['0', ...order.map(String)]), 'order'))])];
}

export function printLrn({ params }: Context): readonly PrintedCall[] {
  return [
    helper(
      'local_response_norm',
      ['radius', 'alpha', 'beta', 'bias'].map((name) => numberField(name, params)),
    ),
  ];
}
