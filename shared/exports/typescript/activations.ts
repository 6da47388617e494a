import { defaultAlpha, hasAxis, type ActivationName } from '../../layers/activations';
import { field, numberField, numberLiteral, type Context, type Field, type PrintedCall } from '../code/calls';
import { custom, native, switchField } from './calls';

/** Activations that tfjs knows by name, as conv, fc and up-conv take them. A softmax stays a layer: training takes its input. */
const namedActivations: ReadonlySet<ActivationName> = new Set([
  'relu',
  'relu6',
  'elu',
  'selu',
  'softplus',
  'sigmoid',
  'tanh',
  'gelu',
  'swish',
  'mish',
]);

/** The activation of a layer with a kernel, by its name; 'linear' where a layer behind it does the work. */
export function activationField(activation: ActivationName): Field {
  if (namedActivations.has(activation) || activation === 'linear') {
    return field('activation', `'${activation}'`, `'linear'`);
  }
  return { name: 'activation', value: `'linear'`, isDefault: true, param: null };
}

/** A layer behind conv, fc or up-conv for an activation that has no name; a softmax too. */
export function activationCall(activation: ActivationName): readonly PrintedCall[] {
  return namedActivations.has(activation) ? [] : printActivation(activation);
}

/** `context` is that of an activation node; another layer's own activation has no slope to choose and learns nothing. */
export function printActivation(
  name: ActivationName,
  { params, inputs: [shape = []], weights }: Pick<Context, 'params' | 'inputs' | 'weights'> = noContext,
): readonly PrintedCall[] {
  const alpha = params['alpha'];
  const slope = typeof alpha === 'number' ? alpha : defaultAlpha(name);
  if (hasAxis(name) && (params['axis'] === 'height' || params['axis'] === 'width')) {
    const log = name === 'logSoftmax' ? [field('log', 'true')] : [];
    return [custom('AxisSoftmax', [field('axis', params['axis'] === 'height' ? '1' : '2'), ...log])];
  }
  switch (name) {
    case 'linear':
      return [];
    case 'leakyRelu':
      return [native('leakyReLU', [field('alpha', numberLiteral(slope))])];
    case 'prelu': {
      const start = `tf.initializers.constant({ value: ${numberLiteral(slope)} })`;
      // One slope for each channel, whatever the position.
      const shared = shape.length === 3 ? [field('sharedAxes', '[1, 2]')] : [];
      return [
        {
          ...native('prelu', [
            { ...field('alphaInitializer', start), isFixed: true },
            ...shared,
            switchField('trainable', params),
          ]),
          weights,
        },
      ];
    }
    case 'hardsigmoid':
    case 'hardswish':
      return [custom('HardActivation', [{ ...field('activation', `'${name}'`), param: 'function' }])];
    case 'logSoftmax':
      return [custom('LogSoftmax', [])];
    case 'clip': {
      const bounds = ['min', 'max'].filter((bound) => typeof params[bound] === 'number');
      return bounds.length === 0
        ? []
        : [
            custom(
              'Clip',
              bounds.map((bound) => numberField(bound, params)),
            ),
          ];
    }
    case 'elu':
      if (slope !== 1) return [custom('ScaledElu', [field('alpha', numberLiteral(slope))])];
      return [namedActivation(name)];
    default:
      return [namedActivation(name)];
  }
}

const noContext = { params: {}, inputs: [], weights: [] } as const;

function namedActivation(name: ActivationName): PrintedCall {
  return native('activation', [{ ...field('activation', `'${name}'`), param: 'function' }]);
}
