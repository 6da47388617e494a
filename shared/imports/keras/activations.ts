import { defaultAlpha, type ActivationName } from '../../layers/activations';
import { text } from '../../text';
import { isRecord, own, type Config } from './config';
import type { Dialect, LayerUse, Value } from './context';

/** A function of Keras as one of ours, and what else is needed to be the same. */
export type KerasActivation = {
  readonly name: ActivationName;
  readonly alpha?: number;
  /** A factor before it. */
  readonly factor?: number;
  /** Whether layers with a kernel can apply it themselves, as they have no slope to choose. */
  readonly isPlain: boolean;
};

const plain: { readonly [name: string]: ActivationName } = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  log_softmax: 'logSoftmax',
  logSoftmax: 'logSoftmax',
  gelu: 'gelu',
  swish: 'swish',
  silu: 'swish',
  hard_silu: 'hardswish',
  hard_swish: 'hardswish',
  mish: 'mish',
};

/** Keras 3 takes the slope of MobileNetV3, 1/6; before it and in TensorFlow.js it is 0.2. */
const steeper = 1.2;

/** What a name of Keras stands for, or null where there is no such function here. */
export function activationNamed(name: string, dialect: Dialect): KerasActivation | null {
  const known = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (known !== undefined) return { name: known, isPlain: true };
  if (name === 'hard_sigmoid' || name === 'hardSigmoid') {
    return dialect.generation === 3 && dialect.writer === 'keras'
      ? { name: 'hardsigmoid', isPlain: true }
      : { name: 'hardsigmoid', factor: steeper, isPlain: false };
  }
  if (name === 'leaky_relu') return { name: 'leakyRelu', alpha: 0.2, isPlain: false };
  return null;
}

/** The `activation` of a layer: a name, or an object that names one. */
export function readActivation(config: Config, dialect: Dialect, field = 'activation'): KerasActivation {
  const given = config.value(field) ?? 'linear';
  const name = nameOf(given);
  const found = name === null ? null : activationNamed(name, dialect);
  if (found === null) {
    const shown = name ?? JSON.stringify(given).slice(0, 60);
    config.refuse(text(`Its activation ${shown} is not known here.`, `这里没有激活函数 ${shown}。`));
  }
  return found;
}

function nameOf(given: unknown): string | null {
  if (typeof given === 'string') return given;
  if (!isRecord(given)) return null;
  const [config, className] = [own(given, 'config'), own(given, 'class_name')];
  if (typeof config === 'string') return config;
  // A layer in the place of a function; those with numbers of their own are for who wrote them.
  const layers: { readonly [name: string]: string } = {
    ReLU: 'relu',
    ELU: 'elu',
    Softmax: 'softmax',
    Linear: 'linear',
  };
  const hasNumbers =
    isRecord(config) &&
    ['max_value', 'negative_slope', 'threshold'].some((name) => own(config, name) != null && own(config, name) !== 0);
  if (typeof className !== 'string' || hasNumbers) return null;
  return Object.hasOwn(layers, className) ? (layers[className] ?? null) : className;
}

/** The `activation` param of a layer with a kernel; 'linear' where a node behind it does the work. */
export function ownActivation({ isPlain, name }: KerasActivation): ActivationName {
  return isPlain ? name : 'linear';
}

/** The nodes behind a layer for an activation that the layer does not apply itself. */
export function behind(use: LayerUse, value: Value, activation: KerasActivation): Value {
  return activation.isPlain ? value : addActivation(use, value, activation, 'activation');
}

/** An activation as nodes of its own. */
export function addActivation(use: LayerUse, value: Value, activation: KerasActivation, suffix?: string): Value {
  const { name, alpha, factor } = activation;
  if (name === 'linear') return value;
  const named = suffix === undefined ? {} : { suffix };
  const scaled =
    factor === undefined ? value : use.add('scale', { params: { scale: factor }, from: [value], suffix: 'factor' });
  if (factor !== undefined) {
    use.say(
      'changed',
      text(
        'The hard sigmoid of this format rises by 0.2: a factor before ours makes it the same.',
        '此格式的 hard sigmoid 斜率为 0.2：前置一个系数后与我们的相同。',
      ),
    );
  }
  const slope = alpha === defaultAlpha(name) ? undefined : alpha;
  return use.add('activation', { params: { function: name, alpha: slope }, from: [scaled], ...named });
}
