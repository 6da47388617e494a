import {
  field,
  numberField,
  numberLiteral,
  type Context,
  type Field,
  type Params,
  type PrintedCall,
} from '../code/calls';
import { pythonBoolean, tupleOf } from '../python/literals';
import { feature, layer, positional } from '../python/calls';
import { conversions, frozen, helper } from './calls';

function epsilon(params: Params, name = 'eps', common = '1e-05'): Field {
  const value = numberLiteral(params['epsilon']);
  return { ...feature(name, value, 'epsilon'), isDefault: Number(value) === Number(common) };
}

/** PyTorch has both learned numbers or none; the one that is not wanted is taken out behind. */
function affine(params: Params, name: string): { readonly field: Field; readonly setup: readonly string[] } {
  const [scale, center] = [params['scale'] !== false, params['center'] !== false];
  const isAny = scale || center;
  const { setup = [] } = frozen(params);
  return {
    field: { ...field(name, pythonBoolean(isAny)), isDefault: isAny, isFixed: true },
    setup: [
      ...(isAny && !scale ? ['register_parameter("weight", None)'] : []),
      ...(isAny && !center ? ['register_parameter("bias", None)'] : []),
      ...(isAny ? setup : []),
    ],
  };
}

function places(weights: readonly string[], order: readonly number[]): Pick<PrintedCall, 'weights' | 'places'> {
  const names: Readonly<Record<string, string>> = {
    gamma: 'weight',
    beta: 'bias',
    movingMean: 'running_mean',
    movingVariance: 'running_var',
  };
  return { weights, places: weights.map((weight) => ({ weight, name: names[weight] ?? weight, order })) };
}

/** PyTorch's momentum is the share of the new. */
export function printBatchNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const { field: learned, setup } = affine(params, 'affine');
  const momentum = Number((1 - Number(params['momentum'])).toPrecision(12));
  const fields = [
    positional({ ...field('num_features', numberLiteral(shape.at(-1))), channels: { of: 0 } }),
    epsilon(params),
    { ...feature('momentum', numberLiteral(momentum), null), isDefault: momentum === 0.1 },
    learned,
  ];
  const own =
    params['trainable'] === false
      ? helper('FrozenBatchNorm', fields, 'layer')
      : layer(shape.length === 3 ? 'nn.BatchNorm2d' : 'nn.BatchNorm1d', fields);
  return [{ ...own, setup, ...places(weights, conversions.plain) }];
}

export function printLayerNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const isAll = params['axis'] === 'all' && shape.length === 3;
  const { field: learned, setup } = affine(params, 'elementwise_affine');
  const [height, width, channels] = shape;
  const size: Field = isAll
    ? positional(feature('normalized_shape', tupleOf([channels, height, width].map((one) => String(one ?? 1))), null))
    : positional({ ...field('normalized_shape', numberLiteral(shape.at(-1))), channels: { of: 0 } });
  const fields = [size, epsilon(params), learned];
  const own = isAll || shape.length === 1 ? layer('nn.LayerNorm', fields) : helper('LayerNorm2d', fields, 'layer');
  return [{ ...own, setup, ...places(weights, isAll ? conversions.map : conversions.plain) }];
}

/** PyTorch's own epsilon is the least step of the number type, so it is always said. */
export function printRmsNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const scale = params['scale'] !== false;
  const fields = [
    positional({ ...field('normalized_shape', numberLiteral(shape.at(-1))), channels: { of: 0 } }),
    { ...epsilon(params), isDefault: false },
    { ...field('elementwise_affine', pythonBoolean(scale)), isDefault: scale, isFixed: true },
  ];
  const own = shape.length === 1 ? layer('nn.RMSNorm', fields) : helper('RMSNorm2d', fields, 'layer');
  return [{ ...own, ...(scale ? frozen(params) : {}), ...places(weights, conversions.plain) }];
}

export function printResponseNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const fields = [
    positional({ ...field('channels', numberLiteral(shape.at(-1))), channels: { of: 0 } }),
    epsilon(params, 'eps', '1e-06'),
  ];
  return [{ ...helper('ResponseNorm2d', fields, 'layer'), ...frozen(params), ...places(weights, conversions.plain) }];
}

export function printGroupNorm({ params, weights, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const { field: learned, setup } = affine(params, 'affine');
  const fields = [
    positional(numberField('groups', params)),
    positional({ ...field('num_channels', numberLiteral(shape.at(-1))), channels: { of: 0 } }),
    epsilon(params),
    learned,
  ];
  return [{ ...layer('nn.GroupNorm', fields), setup, ...places(weights, conversions.plain) }];
}
