import { numberField, numberLiteral, type Context, type PrintedCall } from '../code/calls';
import { feature, onSwitch, positional } from '../python/calls';
import { channelsIn, frozen, held, helper } from './calls';

const placesOfAttention = {
  kernel: 'qkv.kernel',
  bias: 'qkv.bias',
  outputKernel: 'proj.kernel',
  outputBias: 'proj.bias',
} as const;

export function printAttention({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = [
    positional(channelsIn('channels', shape.at(-1))),
    positional(numberField('heads', params)),
    ...(params['headSize'] === null ? [] : [feature('head_size', numberLiteral(params['headSize']), 'headSize')]),
    onSwitch('use_bias', params, 'useBias'),
    onSwitch('output_bias', params, 'outputBias'),
  ];
  return [{ ...helper('SelfAttention', fields, 'layer'), ...frozen(params), ...held(weights, placesOfAttention) }];
}

export function printClassToken({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = [positional(channelsIn('channels', shape.at(-1)))];
  return [{ ...helper('ClassToken', fields, 'layer'), ...frozen(params), ...held(weights) }];
}

export function printPosition({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = [
    ...['height', 'width'].map((name, axis) => positional(feature(name, numberLiteral(shape[axis]), null))),
    positional(channelsIn('channels', shape.at(-1))),
  ];
  return [{ ...helper('Position', fields, 'layer'), ...frozen(params), ...held(weights) }];
}
