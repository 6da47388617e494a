import { activationOf, defaultAlpha, type ActivationName } from '../../layers/activations';
import { field, numberLiteral, type Context, type Field, type Params, type PrintedCall } from '../code/calls';
import { bare, feature, layer, operation, positional } from '../python/calls';
import { conversions, frozen } from './calls';

/** How PyTorch calls each function of a value: in an expression, and as a module. */
const functions: { readonly [Name in Exclude<ActivationName, 'linear' | 'prelu'>]: readonly [string, string] } = {
  relu: ['F.relu', 'nn.ReLU'],
  leakyRelu: ['F.leaky_relu', 'nn.LeakyReLU'],
  relu6: ['F.relu6', 'nn.ReLU6'],
  clip: ['torch.clamp', 'nn.Hardtanh'],
  elu: ['F.elu', 'nn.ELU'],
  selu: ['F.selu', 'nn.SELU'],
  softplus: ['F.softplus', 'nn.Softplus'],
  sigmoid: ['torch.sigmoid', 'nn.Sigmoid'],
  hardsigmoid: ['F.hardsigmoid', 'nn.Hardsigmoid'],
  tanh: ['torch.tanh', 'nn.Tanh'],
  softmax: ['F.softmax', 'nn.Softmax'],
  logSoftmax: ['F.log_softmax', 'nn.LogSoftmax'],
  gelu: ['F.gelu', 'nn.GELU'],
  swish: ['F.silu', 'nn.SiLU'],
  hardswish: ['F.hardswish', 'nn.Hardswish'],
  mish: ['F.mish', 'nn.Mish'],
};

/** Where an axis of a map stands, and the channels of a list. */
const dims: { readonly [axis: string]: string } = { channels: '1', height: '2', width: '3' };

/** The fields of a function with the params of an activation node; none for a layer's own function. */
function fieldsOf(name: ActivationName, params: Params): readonly Field[] {
  const alpha = params['alpha'];
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  switch (name) {
    case 'leakyRelu':
      return [feature('negative_slope', slope, 'alpha')];
    case 'elu':
      return [{ ...feature('alpha', slope, 'alpha'), isDefault: slope === '1' }];
    case 'softmax':
    case 'logSoftmax':
      return [feature('dim', dims[String(params['axis'])] ?? '1', 'axis')];
    case 'clip':
      return ['min', 'max'].flatMap((bound) =>
        params[bound] === null ? [] : [feature(bound, numberLiteral(params[bound]), bound)],
      );
    default:
      return [];
  }
}

/** nn.Hardtanh has both bounds, under other names. */
function boundsOf(params: Params): readonly Field[] {
  return [
    field('min_val', params['min'] === null ? 'float("-inf")' : numberLiteral(params['min'])),
    field('max_val', params['max'] === null ? 'float("inf")' : numberLiteral(params['max'])),
  ];
}

function moduleOf(name: Exclude<ActivationName, 'prelu'>, params: Params): string {
  if (name === 'linear') return 'nn.Identity()';
  const fields = (name === 'clip' ? boundsOf(params) : fieldsOf(name, params)).filter(
    ({ isDefault }) => isDefault !== true,
  );
  return `${functions[name][1]}(${fields.map((one) => `${one.name}=${one.value}`).join(', ')})`;
}

function apply(name: Exclude<ActivationName, 'prelu'>, params: Params): readonly PrintedCall[] {
  const isUnbounded = name === 'clip' && params['min'] === null && params['max'] === null;
  if (name === 'linear' || isUnbounded) return [];
  return [operation(functions[name][0], fieldsOf(name, params), 'activated')];
}

/** A function that the block around is given: a module, which the block keeps. */
function applyGiven(name: Exclude<ActivationName, 'prelu'>, params: Params, param: string): readonly PrintedCall[] {
  const fields = [feature('activation', moduleOf(name, params), param)];
  return [bare('activation', fields, ([x = ''], value) => `${value('activation')}(${x})`, 'activated')];
}

/** The activation that conv, fc and up-conv apply to what they give. */
export function printOwnActivation({ params, isBound }: Context): readonly PrintedCall[] {
  const name = activationOf(String(params['activation']));
  if (name === 'prelu') return [];
  return isBound('activation') ? applyGiven(name, {}, 'activation') : apply(name, {});
}

/** An activation node. */
export function printActivation(context: Context): readonly PrintedCall[] {
  const { params, weights, isBound } = context;
  const name = activationOf(String(params['function']));
  const alpha = params['alpha'];
  if (name !== 'prelu') return isBound('function') ? applyGiven(name, params, 'function') : apply(name, params);
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  const fields = [
    positional({ ...field('num_parameters', numberLiteral(context.inputs[0]?.at(-1))), channels: { of: 0 } }),
    { ...feature('init', slope, 'alpha'), isDefault: slope === '0.25' },
  ];
  const places = [{ weight: 'alpha', name: 'weight', order: conversions.plain }];
  return [{ ...layer('nn.PReLU', fields), ...frozen(params), weights, places }];
}
