import { field, numberField, numberLiteral, type Context, type Field, type PrintedCall } from '../code/calls';
import { feature, onSwitch, positional } from '../python/calls';
import { conversions, frozen, helper } from './calls';

function channels({ inputs: [shape = []] }: Context): Field {
  return positional({ ...field('channels', numberLiteral(shape.at(-1))), channels: { of: 0 } });
}

const placesOfAttention = {
  kernel: { name: 'qkv.weight', order: conversions.dense },
  bias: { name: 'qkv.bias', order: conversions.plain },
  outputKernel: { name: 'proj.weight', order: conversions.dense },
  outputBias: { name: 'proj.bias', order: conversions.plain },
} as const;

export function printAttention(context: Context): readonly PrintedCall[] {
  const { params, weights } = context;
  const fields = [
    channels(context),
    positional(numberField('heads', params)),
    ...(params['headSize'] === null ? [] : [feature('head_size', numberLiteral(params['headSize']), 'headSize')]),
    onSwitch('bias', params, 'useBias'),
    onSwitch('output_bias', params, 'outputBias'),
  ];
  return [
    {
      ...helper('SelfAttention', fields, 'layer'),
      ...frozen(params),
      weights,
      places: Object.entries(placesOfAttention).flatMap(([weight, place]) =>
        weights.includes(weight) ? [{ weight, ...place }] : [],
      ),
    },
  ];
}

export function printClassToken(context: Context): readonly PrintedCall[] {
  const { params, weights } = context;
  const places = [{ weight: 'token', name: 'token', order: conversions.plain }];
  return [{ ...helper('ClassToken', [channels(context)], 'layer'), ...frozen(params), weights, places }];
}

export function printPosition(context: Context): readonly PrintedCall[] {
  const {
    params,
    weights,
    inputs: [shape = []],
  } = context;
  const fields = [
    channels(context),
    ...['height', 'width'].map((name, axis) => positional(feature(name, numberLiteral(shape[axis]), null))),
  ];
  const places = [{ weight: 'position', name: 'position', order: conversions.map }];
  return [{ ...helper('Position', fields, 'layer'), ...frozen(params), weights, places }];
}
