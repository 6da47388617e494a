import { activationOf, defaultAlpha, hasAxis, type ActivationName } from '../../layers/activations';
import { text } from '../../text';
import { weightsOf, type PrintContext, type Printer } from './emit';

/** Activations that tfjs knows by name, and what it calls them. */
const named: { readonly [Name in ActivationName]?: string } = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  logSoftmax: 'log_softmax',
  gelu: 'gelu',
  swish: 'swish',
  mish: 'mish',
};

/** The `activation` of a layer with a kernel; 'linear' where layers behind it do the work. */
export function ownActivation(name: unknown): string {
  return named[activationOf(String(name))] ?? 'linear';
}

/** What {@link ownActivation} leaves to layers behind. */
export function behind(context: PrintContext, name: unknown, value: string): string {
  const activation = activationOf(String(name));
  return named[activation] === undefined ? apply(context, activation, value, 'activation') : value;
}

/** tfjs' hard sigmoid rises by 0.2, ours by 1/6: it is asked about 5/6 of the value. */
const flatter = 5 / 6;

function apply(context: PrintContext, name: ActivationName, x: string, suffix?: string): string {
  const { emit, params } = context;
  const more = suffix === undefined ? {} : { suffix };
  const word = named[name];
  switch (name) {
    case 'leakyRelu':
    case 'elu': {
      const given = suffix === undefined ? params['alpha'] : null;
      const alpha = typeof given === 'number' ? given : defaultAlpha(name);
      if (name === 'elu' && alpha !== 1) context.refuse(text('its ELU has no scale but 1.', '其 ELU 的幅度只能是 1。'));
      return emit(name === 'elu' ? 'ELU' : 'LeakyReLU', { alpha }, [x], more);
    }
    case 'clip':
      return clip(context, x);
    case 'hardsigmoid':
    case 'hardswish': {
      const scaled = emit('Rescaling', { scale: flatter, offset: 0 }, [x], { suffix: 'flatter' });
      if (name === 'hardsigmoid') return emit('Activation', { activation: 'hard_sigmoid' }, [scaled], more);
      const gate = emit('Activation', { activation: 'hard_sigmoid' }, [scaled], { suffix: 'gate' });
      return emit('Multiply', {}, [x, gate], more);
    }
    default:
      if (word === undefined) return context.refuse(text(`there is no layer for ${name}.`, `没有对应 ${name} 的层。`));
      return emit('Activation', { activation: word }, [x], more);
  }
}

/** Bounds as those of a ReLU over a moved value: it alone has an upper one. */
function clip({ params, emit }: PrintContext, x: string): string {
  const { min, max } = params;
  if (typeof min !== 'number' && typeof max !== 'number') return emit('Activation', { activation: 'linear' }, [x]);
  const isUpper = typeof min !== 'number';
  const [scale, from] = isUpper ? [-1, Number(max)] : [1, min];
  const bound = !isUpper && typeof max === 'number' ? { max_value: max - min } : {};
  if (scale === 1 && from === 0) return emit('ReLU', bound, [x]);
  const moved = emit('Rescaling', { scale, offset: -from * scale }, [x], { suffix: 'moved' });
  const cut = emit('ReLU', bound, [moved], { suffix: 'cut' });
  return emit('Rescaling', { scale, offset: from }, [cut]);
}

function isAlongSpace({ params }: PrintContext, name: ActivationName): boolean {
  return hasAxis(name) && params['axis'] !== 'channels';
}

/** tfjs goes over the last axis alone: another one changes places with it. */
function alongAxis({ params, emit }: PrintContext, name: ActivationName, x: string): string {
  const dims = params['axis'] === 'height' ? [3, 2, 1] : [1, 3, 2];
  const turned = emit('Permute', { dims }, [x], { suffix: 'turned' });
  const shares = emit('Activation', { activation: named[name] }, [turned], { suffix: 'shares' });
  return emit('Permute', { dims }, [shares]);
}

/** An activation node. */
export const printActivation: Printer = (context) => {
  const { node, params, inputs, shapes } = context;
  const [x = ''] = inputs;
  const name = activationOf(String(params['function']));
  if (name === 'linear') return context.emit('Activation', { activation: 'linear' }, [x]);
  if (isAlongSpace(context, name)) return alongAxis(context, name, x);
  if (name !== 'prelu') return apply(context, name, x);
  const isMap = shapes[0]?.length === 3;
  return context.emit(
    'PReLU',
    { shared_axes: isMap ? [1, 2] : undefined, trainable: params['trainable'] === true },
    [x],
    { weights: weightsOf(node, [['alpha', 'alpha']], (own) => (isMap ? [1, 1, ...own] : own)) },
  );
};
