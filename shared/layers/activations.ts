import type { OpBuilder, Operand, Value } from '../ops/builder';
import { erf } from '../ops/erf';
import { text, type Text } from '../text';

/** What an activation may be, in the order of menus. */
export const activationNames = [
  'linear',
  'relu',
  'leakyRelu',
  'prelu',
  'relu6',
  'clip',
  'elu',
  'selu',
  'softplus',
  'sigmoid',
  'hardsigmoid',
  'tanh',
  'softmax',
  'logSoftmax',
  'gelu',
  'swish',
  'hardswish',
  'mish',
] as const;

/** A function of the activation layer. */
export type ActivationName = (typeof activationNames)[number];

/** Those with nothing to learn and nothing to choose, which other layers may apply to what they give: their `activation`. */
export const plainActivationNames = activationNames.filter((name) => name !== 'prelu' && name !== 'clip');

/** The axes that a softmax may go over. */
export const activationAxes = ['channels', 'height', 'width'] as const;

/** An axis of a map; of a list there are the channels alone. */
export type ActivationAxis = (typeof activationAxes)[number];

/** Whether the function goes over an axis, rather than over each value by itself. */
export function hasAxis(name: string): boolean {
  return name === 'softmax' || name === 'logSoftmax';
}

/** What a function may be given: its slope, the axis that it goes over, the bounds of what it gives; null for no bound. */
export type ActivationOptions = {
  readonly alpha?: Operand | null;
  readonly axis?: ActivationAxis;
  readonly min?: number | null;
  readonly max?: number | null;
};

/** Whether the function has a slope or a scale of its own below zero. */
export function hasAlpha(name: string): boolean {
  return name === 'leakyRelu' || name === 'prelu' || name === 'elu';
}

/** How each is written where people read it. */
export const activationLabels: { readonly [K in ActivationName]: Text } = {
  linear: text('Linear', '线性'),
  relu: text('ReLU', 'ReLU'),
  leakyRelu: text('Leaky ReLU', 'Leaky ReLU'),
  prelu: text('PReLU', 'PReLU'),
  relu6: text('ReLU6', 'ReLU6'),
  clip: text('Clip', '截断'),
  elu: text('ELU', 'ELU'),
  selu: text('SELU', 'SELU'),
  softplus: text('Softplus', 'Softplus'),
  hardsigmoid: text('Hard sigmoid', 'Hard sigmoid'),
  hardswish: text('Hard swish', 'Hard swish'),
  logSoftmax: text('Log softmax', 'Log softmax'),
  mish: text('Mish', 'Mish'),
  sigmoid: text('Sigmoid', 'Sigmoid'),
  tanh: text('Tanh', 'Tanh'),
  softmax: text('Softmax', 'Softmax'),
  gelu: text('GELU', 'GELU'),
  swish: text('Swish', 'Swish'),
};

/** What else each is called, its name first. */
export const activationSynonyms: { readonly [K in ActivationName]: readonly string[] } = {
  linear: ['identity', '恒等', '线性激活'],
  relu: ['relu', 'rectified linear', '修正线性'],
  leakyRelu: ['leakyrelu', 'lrelu', '带泄漏修正线性'],
  elu: ['elu', 'exponential linear', '指数线性'],
  sigmoid: ['sigmoid', 'logistic', 'S型函数'],
  tanh: ['tanh', 'hyperbolic tangent', '双曲正切'],
  softmax: ['softmax', '归一化指数'],
  gelu: ['gelu', 'gaussian error linear', '高斯误差线性'],
  swish: ['swish', 'silu'],
  prelu: ['prelu', 'parametric relu', '参数化修正线性'],
  relu6: ['relu6'],
  clip: ['clip', 'clamp', 'hardtanh', '限幅'],
  selu: ['selu', 'scaled exponential linear'],
  softplus: ['softplus'],
  hardsigmoid: ['hardsigmoid', 'hard sigmoid'],
  hardswish: ['hardswish', 'hard swish'],
  mish: ['mish'],
  logSoftmax: ['logsoftmax', 'log softmax'],
};

/**
 * What rectifies: it passes about half of what comes, so that a kernel before it must start larger (He et al., arXiv 1502.01852).
 * 'hard': below zero it gives nothing, not even a gradient, so that a unit can die.
 */
export const rectifiers: { readonly [K in ActivationName]: 'hard' | 'soft' | null } = {
  linear: null,
  relu: 'hard',
  leakyRelu: 'soft',
  prelu: 'soft',
  relu6: 'hard',
  // Bounds may lie anywhere: what passes is not known.
  clip: null,
  elu: 'soft',
  // Keeps mean and spread by itself, from kernels that start as for linear ones.
  selu: null,
  softplus: 'soft',
  sigmoid: null,
  hardsigmoid: null,
  tanh: null,
  softmax: null,
  logSoftmax: null,
  gelu: 'soft',
  swish: 'soft',
  hardswish: 'soft',
  mish: 'soft',
};

/** The formula of each, language-free. */
export const activationFormulas: { readonly [K in ActivationName]: string } = {
  linear: 'y = x',
  relu: 'y = max(0, x)',
  leakyRelu: 'y = x if x > 0, else α·x',
  prelu: 'y = x if x > 0, else α·x',
  relu6: 'y = min(max(0, x), 6)',
  clip: 'y = min(max(min, x), max)',
  elu: 'y = x if x > 0, else α·(eˣ − 1)',
  selu: 'y = λ·x if x > 0, else λα·(eˣ − 1), λ 1.0507, α 1.6733',
  softplus: 'y = ln(1 + eˣ)',
  hardsigmoid: 'y = min(max(0, x + 3), 6) / 6',
  hardswish: 'y = x · min(max(0, x + 3), 6) / 6',
  logSoftmax: 'yᵢ = xᵢ − ln Σⱼ e^xⱼ',
  mish: 'y = x · tanh(ln(1 + eˣ))',
  sigmoid: 'y = 1 / (1 + e⁻ˣ)',
  tanh: 'y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)',
  softmax: 'yᵢ = e^xᵢ / Σⱼ e^xⱼ',
  gelu: 'y = x/2 · (1 + erf(x / √2))',
  swish: 'y = x / (1 + e⁻ˣ)',
};

/** The curve of each as an SVG path on a glyph's board of 24 × 24. */
export const activationCurves: { readonly [K in ActivationName]: string } = {
  linear: 'M4 19.5L20.5 5',
  relu: 'M3 17.5h8l9.5-11.5',
  leakyRelu: 'M3 19.5l8.5-3.5 9-10.5',
  prelu: 'M3 21l8.5-5 9-10.5',
  relu6: 'M3 18.5h6l7-11.5h5',
  clip: 'M3 18.5h5L16 5.5h5',
  selu: 'M3 20c5 0 6.5-2 8-5l8-11.5',
  softplus: 'M3 17.5c6 0 8-2 17.5-12',
  hardsigmoid: 'M3 18.5h4l10-13h4',
  hardswish: 'M3 16.5h3c3 0 4 1.8 6 1.8s4-3.8 8.5-12.3',
  logSoftmax: 'M5 5v4M9.7 5v8M14.4 5v3M19 5v14.5',
  mish: 'M3 16c3.5 0 5 2.2 7.5 2.2s4-3.7 10-12.7',
  elu: 'M3 19.5c4.5 0 6.5-1.5 8.5-4l9-10',
  sigmoid: 'M3 19c7.5 0 8-14 18-14',
  tanh: 'M3 19.5c8.5 0 8-15 18-15',
  softmax: 'M5 20v-4M9.7 20v-8M14.4 20V4.5M19 20v-6',
  gelu: 'M3 16.5c3 0 4 2 6.5 2s4-4 11-12.5',
  swish: 'M3 16.5c3 0 4.5 2.5 7 2.5s4-4.5 10.5-13',
};

/** Slope or scale below zero where none is given: Keras' 0.3 for leaky ReLU, PyTorch's first 0.25 for PReLU, and 1 for ELU. */
export function defaultAlpha(name: ActivationName): number {
  return name === 'leakyRelu' ? 0.3 : name === 'prelu' ? 0.25 : 1;
}

/** The fixed point of Klambauer et al., Self-normalizing neural networks, arXiv 1706.02515. */
const selu = { scale: 1.0507009873554805, alpha: 1.6732632423543772 } as const;

/**
 * An activation as primitive ops; the softmaxes are over the channels unless told otherwise. GELU is the exact form with erf (Hendrycks and Gimpel, arXiv
 * 1606.08415), the hard ones are those of MobileNetV3 (Howard et al., arXiv 1905.02244).
 */
export function lowerActivation(
  name: ActivationName,
  ops: OpBuilder,
  x: Value,
  options: ActivationOptions = {},
): Value {
  const slope = options.alpha ?? defaultAlpha(name);
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
    case 'sigmoid':
    case 'tanh':
      return ops.unary(name, x);
    case 'leakyRelu':
    case 'prelu':
      return ops.select(ops.unary('step', x), x, ops.mul(x, slope));
    case 'relu6':
      return ops.binary('minimum', ops.unary('relu', x), 6);
    case 'clip':
      return lowerClip(ops, x, options);
    case 'elu':
      return lowerElu(ops, x, slope);
    case 'selu':
      return ops.mul(lowerElu(ops, x, selu.alpha), selu.scale);
    case 'softplus':
      return lowerSoftplus(ops, x);
    case 'softmax':
    case 'logSoftmax':
      return alongAxis(ops, x, options.axis ?? 'channels', (scores) => ops[name](scores));
    case 'gelu': {
      const cumulative = ops.add(ops.unary('erf', ops.mul(x, Math.SQRT1_2)), 1);
      return ops.mul(ops.mul(x, 0.5), cumulative);
    }
    case 'swish':
      return ops.mul(x, ops.unary('sigmoid', x));
    case 'hardsigmoid':
      return lowerHardSigmoid(ops, x);
    case 'hardswish':
      return ops.mul(x, lowerHardSigmoid(ops, x));
    case 'mish':
      return ops.mul(x, ops.unary('tanh', lowerSoftplus(ops, x)));
  }
}

function lowerClip(ops: OpBuilder, x: Value, { min = null, max = null }: ActivationOptions): Value {
  const above = min === null ? x : ops.binary('maximum', x, min);
  return max === null ? above : ops.binary('minimum', above, max);
}

/** What works on the last axis, on another one: it changes places with the channels, and back. */
function alongAxis(ops: OpBuilder, x: Value, axis: ActivationAxis, work: (x: Value) => Value): Value {
  if (axis === 'channels') return work(x);
  const turn = axis === 'height' ? [0, 3, 2, 1] : [0, 1, 3, 2];
  return ops.transpose(work(ops.transpose(x, turn)), turn);
}

function lowerElu(ops: OpBuilder, x: Value, scale: Operand): Value {
  // The branch that is not taken must not overflow either: its gradient is multiplied by zero, and 0 · ∞ is NaN.
  const below = ops.unary('exp', ops.binary('minimum', x, 0));
  return ops.select(ops.unary('step', x), x, ops.mul(ops.sub(below, 1), scale));
}

/** max(0, x) + ln(1 + e^−|x|), which overflows nowhere. The absolute value is chosen so that the slopes at 0 add up to a half. */
function lowerSoftplus(ops: OpBuilder, x: Value): Value {
  const negative = ops.select(ops.unary('step', x), ops.unary('neg', x), x);
  return ops.add(ops.unary('relu', x), ops.unary('log', ops.add(ops.unary('exp', negative), 1)));
}

function lowerHardSigmoid(ops: OpBuilder, x: Value): Value {
  return ops.mul(ops.binary('minimum', ops.unary('relu', ops.add(x, 3)), 6), 1 / 6);
}

/** The activation of a name that a params schema has already checked; linear where there is none. */
export function activationOf(name: unknown): ActivationName {
  return activationNames.find((known) => known === name) ?? 'linear';
}

/** An activation of plain numbers; the softmaxes are over all of them. For examples and tests, not for tensors. */
export function activate(
  name: ActivationName,
  values: readonly number[],
  { alpha = null, min = null, max = null }: PlainOptions = {},
): number[] {
  const slope = alpha ?? defaultAlpha(name);
  if (name === 'softmax' || name === 'logSoftmax') {
    const largest = Math.max(...values);
    const powers = values.map((x) => Math.exp(x - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return name === 'softmax' ? powers.map((power) => power / sum) : values.map((x) => x - largest - Math.log(sum));
  }
  if (name === 'clip') return values.map((x) => Math.min(Math.max(x, min ?? -Infinity), max ?? Infinity));
  return values.map((x) => activateOne(name, x, slope));
}

type PlainOptions = Pick<ActivationOptions, 'min' | 'max'> & { readonly alpha?: number | null };

function activateOne(
  name: Exclude<ActivationName, 'softmax' | 'logSoftmax' | 'clip'>,
  x: number,
  slope: number,
): number {
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return Math.max(0, x);
    case 'leakyRelu':
    case 'prelu':
      return x > 0 ? x : slope * x;
    case 'relu6':
      return Math.min(Math.max(0, x), 6);
    case 'elu':
      return x > 0 ? x : slope * Math.expm1(x);
    case 'selu':
      return selu.scale * (x > 0 ? x : selu.alpha * Math.expm1(x));
    case 'softplus':
      return softplus(x);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x));
    case 'hardsigmoid':
      return Math.min(Math.max(0, x + 3), 6) / 6;
    case 'tanh':
      return Math.tanh(x);
    case 'gelu':
      return (x / 2) * (1 + erf(x * Math.SQRT1_2));
    case 'swish':
      return x / (1 + Math.exp(-x));
    case 'hardswish':
      return (x * Math.min(Math.max(0, x + 3), 6)) / 6;
    case 'mish':
      return x * Math.tanh(softplus(x));
  }
}

function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}
