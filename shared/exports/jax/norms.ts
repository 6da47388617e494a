import { field, numberLiteral, type Context, type Field, type Params, type PrintedCall } from '../code/calls';
import { layer, onSwitch, optional, positional } from '../python/calls';
import { channelsIn, frozen, held, helper } from './calls';

const names = { gamma: 'scale', beta: 'bias', movingMean: 'mean', movingVariance: 'var' } as const;

/** What all norms are told, and `common`, the epsilon that they take else. */
function learned(params: Params, common: number): readonly Field[] {
  const value = numberLiteral(params['epsilon']);
  return [
    optional('epsilon', value, 'epsilon', Number(value) === common ? value : ''),
    onSwitch('use_scale', params, 'scale'),
    onSwitch('use_bias', params, 'center'),
  ];
}

export function printBatchNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = [
    positional(channelsIn('num_features', shape.at(-1))),
    optional('momentum', numberLiteral(params['momentum']), 'momentum', '0.99'),
    ...learned(params, 1e-5),
  ];
  const own =
    params['trainable'] === false ? helper('FrozenBatchNorm', fields, 'layer') : layer('nnx.BatchNorm', fields);
  return [{ ...own, ...frozen(params), ...held(weights, names) }];
}

export function printLayerNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const isAll = params['axis'] === 'all' && shape.length === 3;
  const count = shape.reduce<number>((product, size) => product * (size ?? 1), 1);
  const fields = [
    positional(isAll ? field('num_features', String(count)) : channelsIn('num_features', shape.at(-1))),
    ...learned(params, 1e-6),
    ...(isAll
      ? ['reduction_axes', 'feature_axes'].map((name) => ({ ...field(name, '(1, 2, 3)'), isFixed: true }))
      : []),
  ];
  return [{ ...layer('nnx.LayerNorm', fields), ...frozen(params), ...held(weights, names) }];
}

export function printRmsNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const value = numberLiteral(params['epsilon']);
  const fields = [
    positional(channelsIn('num_features', shape.at(-1))),
    optional('epsilon', value, 'epsilon', Number(value) === 1e-6 ? value : ''),
    onSwitch('use_scale', params, 'scale'),
  ];
  return [{ ...layer('nnx.RMSNorm', fields), ...frozen(params), ...held(weights, names) }];
}

export function printResponseNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const value = numberLiteral(params['epsilon']);
  const fields = [
    positional(channelsIn('channels', shape.at(-1))),
    optional('epsilon', value, 'epsilon', Number(value) === 1e-6 ? value : ''),
  ];
  return [{ ...helper('ResponseNorm', fields, 'layer'), ...frozen(params), ...held(weights) }];
}

export function printGroupNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = [
    positional(channelsIn('num_features', shape.at(-1))),
    optional('num_groups', numberLiteral(params['groups']), 'groups', '32'),
    ...learned(params, 1e-6),
  ];
  return [{ ...layer('nnx.GroupNorm', fields), ...frozen(params), ...held(weights, names) }];
}
