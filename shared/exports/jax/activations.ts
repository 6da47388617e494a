import { activationOf, defaultAlpha, type ActivationName } from '../../layers/activations';
import { numberLiteral, type Context, type Field, type Params, type PrintedCall } from '../code/calls';
import { bare, feature, operation, optional } from '../python/calls';
import { channelsIn, frozen, held, helper } from './calls';

/** What JAX calls each function of a value. */
const functions: { readonly [Name in Exclude<ActivationName, 'prelu'>]: string } = {
  linear: 'jax.nn.identity',
  relu: 'nnx.relu',
  leakyRelu: 'nnx.leaky_relu',
  relu6: 'nnx.relu6',
  clip: 'jnp.clip',
  elu: 'nnx.elu',
  selu: 'nnx.selu',
  softplus: 'nnx.softplus',
  sigmoid: 'nnx.sigmoid',
  hardsigmoid: 'nnx.hard_sigmoid',
  tanh: 'nnx.tanh',
  softmax: 'nnx.softmax',
  logSoftmax: 'nnx.log_softmax',
  gelu: 'nnx.gelu',
  swish: 'nnx.silu',
  hardswish: 'nnx.hard_silu',
  mish: 'jax.nn.mish',
};

/** Where an axis stands; the channels of a list, too. */
const axes: { readonly [axis: string]: string } = { channels: '-1', height: '1', width: '2' };

/** The fields of a function with the params of an activation node; none for a layer's own function. */
function fieldsOf(name: ActivationName, params: Params): readonly Field[] {
  const alpha = params['alpha'];
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  switch (name) {
    case 'leakyRelu':
      return [optional('negative_slope', slope, 'alpha', '0.01')];
    case 'elu':
      return [optional('alpha', slope, 'alpha', '1')];
    case 'softmax':
    case 'logSoftmax':
      return [optional('axis', axes[String(params['axis'])] ?? '-1', 'axis', '-1')];
    case 'clip':
      return ['min', 'max'].flatMap((bound) =>
        params[bound] === null ? [] : [feature(bound, numberLiteral(params[bound]), bound)],
      );
    case 'gelu':
      // JAX's own default is the shape by tanh.
      return [feature('approximate', 'False', null)];
    default:
      return [];
  }
}

function apply(name: Exclude<ActivationName, 'prelu'>, params: Params): readonly PrintedCall[] {
  const isUnbounded = name === 'clip' && params['min'] === null && params['max'] === null;
  if (name === 'linear' || isUnbounded) return [];
  return [operation(functions[name], fieldsOf(name, params), 'activated')];
}

/** A function as a value, with what it is always given. */
function functionValue(name: Exclude<ActivationName, 'prelu'>, params: Params): string {
  const fields = fieldsOf(name, params).filter(({ isDefault }) => isDefault !== true);
  const given = fields.map((one) => `, ${one.name}=${one.value}`).join('');
  return given === '' ? functions[name] : `partial(${functions[name]}${given})`;
}

/** A function that the block around is given, and keeps. */
function applyGiven(name: Exclude<ActivationName, 'prelu'>, params: Params, param: string): readonly PrintedCall[] {
  const fields = [feature('activation', functionValue(name, params), param)];
  return [bare('activation', fields, ([x = ''], value) => `${value('activation')}(${x})`, 'activated')];
}

/** The activation that conv, fc and up-conv apply to what they give. */
export function printOwnActivation({ params, isBound }: Context): readonly PrintedCall[] {
  const name = activationOf(String(params['activation']));
  if (name === 'prelu') return [];
  return isBound('activation') ? applyGiven(name, {}, 'activation') : apply(name, {});
}

/** An activation node. */
export function printActivation({ params, weights, isBound, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const name = activationOf(String(params['function']));
  const alpha = params['alpha'];
  if (name !== 'prelu') return isBound('function') ? applyGiven(name, params, 'function') : apply(name, params);
  const slope = numberLiteral(typeof alpha === 'number' ? alpha : defaultAlpha(name));
  const fields = [channelsIn('channels', shape.at(-1)), feature('slope', slope, 'alpha')];
  return [{ ...helper('PReLU', fields, 'layer'), ...frozen(params), ...held(weights, { alpha: 'slope' }) }];
}
