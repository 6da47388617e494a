import { activationOf, defaultAlpha, type ActivationName } from '../../layers/activations';
import { field, numberLiteral, type Context, type Field, type PrintedCall } from '../code/calls';
import { bare, feature, layer, operation, positional } from '../python/calls';
import { conversions, frozen } from './calls';

/** How PyTorch calls each function of a value: in an expression, and as a module. */
const functions: { readonly [Name in Exclude<ActivationName, 'linear' | 'prelu'>]: readonly [string, string] } = {
  relu: ['F.relu', 'nn.ReLU'],
  leakyRelu: ['F.leaky_relu', 'nn.LeakyReLU'],
  relu6: ['F.relu6', 'nn.ReLU6'],
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

/** The fields of a function; `alpha` null for its own default. */
function fieldsOf(name: ActivationName, alpha: unknown): readonly Field[] {
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  switch (name) {
    case 'leakyRelu':
      return [feature('negative_slope', slope, 'alpha')];
    case 'elu':
      return [{ ...feature('alpha', slope, 'alpha'), isDefault: slope === '1' }];
    case 'softmax':
    case 'logSoftmax':
      return [field('dim', '1')];
    default:
      return [];
  }
}

function moduleOf(name: Exclude<ActivationName, 'prelu'>, alpha: unknown): string {
  if (name === 'linear') return 'nn.Identity()';
  const fields = fieldsOf(name, alpha).filter(({ isDefault }) => isDefault !== true);
  return `${functions[name][1]}(${fields.map((one) => `${one.name}=${one.value}`).join(', ')})`;
}

function apply(name: Exclude<ActivationName, 'prelu'>, alpha: unknown): readonly PrintedCall[] {
  return name === 'linear' ? [] : [operation(functions[name][0], fieldsOf(name, alpha), 'activated')];
}

/** A function that the block around is given: a module, which the block keeps. */
function applyGiven(name: Exclude<ActivationName, 'prelu'>, alpha: unknown, param: string): readonly PrintedCall[] {
  const fields = [feature('activation', moduleOf(name, alpha), param)];
  return [bare('activation', fields, ([x = ''], value) => `${value('activation')}(${x})`, 'activated')];
}

/** The activation that conv, fc and up-conv apply to what they give. */
export function printOwnActivation({ params, isBound }: Context): readonly PrintedCall[] {
  const name = activationOf(String(params['activation']));
  if (name === 'prelu') return [];
  return isBound('activation') ? applyGiven(name, null, 'activation') : apply(name, null);
}

/** An activation node. */
export function printActivation(context: Context): readonly PrintedCall[] {
  const { params, weights, isBound } = context;
  const name = activationOf(String(params['function']));
  const alpha = params['alpha'];
  if (name !== 'prelu') return isBound('function') ? applyGiven(name, alpha, 'function') : apply(name, alpha);
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  const fields = [
    positional({ ...field('num_parameters', numberLiteral(context.inputs[0]?.at(-1))), channels: { of: 0 } }),
    { ...feature('init', slope, 'alpha'), isDefault: slope === '0.25' },
  ];
  const places = [{ weight: 'alpha', name: 'weight', order: conversions.plain }];
  return [{ ...layer('nn.PReLU', fields), ...frozen(params), weights, places }];
}
