import type { OpBuilder, Value } from '../ops/builder';
import { erf } from '../ops/erf';
import { text, type Text } from '../text';

/** What an activation may be, in the order of menus. */
export const activationNames = [
  'linear',
  'relu',
  'leakyRelu',
  'elu',
  'sigmoid',
  'tanh',
  'softmax',
  'gelu',
  'swish',
] as const;

/** A function of the activation layer, and of the `activation` param of others. */
export type ActivationName = (typeof activationNames)[number];

/** How each is written where people read it. */
export const activationLabels: { readonly [K in ActivationName]: Text } = {
  linear: text('Linear', '线性'),
  relu: text('ReLU', 'ReLU'),
  leakyRelu: text('Leaky ReLU', 'Leaky ReLU'),
  elu: text('ELU', 'ELU'),
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
};

/**
 * What rectifies: it passes about half of what comes, so that a kernel before it must start larger (He et al., arXiv 1502.01852).
 * 'hard': below zero it gives nothing, not even a gradient, so that a unit can die.
 */
export const rectifiers: { readonly [K in ActivationName]: 'hard' | 'soft' | null } = {
  linear: null,
  relu: 'hard',
  leakyRelu: 'soft',
  elu: 'soft',
  sigmoid: null,
  tanh: null,
  softmax: null,
  gelu: 'soft',
  swish: 'soft',
};

/** The formula of each, language-free. */
export const activationFormulas: { readonly [K in ActivationName]: string } = {
  linear: 'y = x',
  relu: 'y = max(0, x)',
  leakyRelu: 'y = x if x > 0, else α·x',
  elu: 'y = x if x > 0, else α·(eˣ − 1)',
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
  elu: 'M3 19.5c4.5 0 6.5-1.5 8.5-4l9-10',
  sigmoid: 'M3 19c7.5 0 8-14 18-14',
  tanh: 'M3 19.5c8.5 0 8-15 18-15',
  softmax: 'M5 20v-4M9.7 20v-8M14.4 20V4.5M19 20v-6',
  gelu: 'M3 16.5c3 0 4 2 6.5 2s4-4 11-12.5',
  swish: 'M3 16.5c3 0 4.5 2.5 7 2.5s4-4.5 10.5-13',
};

/** Slope or scale below zero where none is given: Keras' 0.3 for leaky ReLU, and 1 for ELU. */
export function defaultAlpha(name: ActivationName): number {
  return name === 'leakyRelu' ? 0.3 : 1;
}

/** An activation as primitive ops; softmax is over the last axis. GELU is the exact form with erf (Hendrycks and Gimpel, arXiv 1606.08415). */
export function lowerActivation(name: ActivationName, ops: OpBuilder, x: Value, alpha: number | null = null): Value {
  const slope = alpha ?? defaultAlpha(name);
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
    case 'sigmoid':
    case 'tanh':
      return ops.unary(name, x);
    case 'leakyRelu':
      return ops.select(ops.unary('step', x), x, ops.mul(x, slope));
    case 'elu': {
      // The branch that is not taken must not overflow either: its gradient is multiplied by zero, and 0 · ∞ is NaN.
      const below = ops.unary('exp', ops.binary('minimum', x, 0));
      return ops.select(ops.unary('step', x), x, ops.mul(ops.sub(below, 1), slope));
    }
    case 'softmax':
      return ops.softmax(x);
    case 'gelu': {
      const cumulative = ops.add(ops.unary('erf', ops.mul(x, Math.SQRT1_2)), 1);
      return ops.mul(ops.mul(x, 0.5), cumulative);
    }
    case 'swish':
      return ops.mul(x, ops.unary('sigmoid', x));
  }
}

/** The activation of a name that a params schema has already checked. */
export function activationOf(name: string): ActivationName {
  return activationNames.find((known) => known === name) ?? 'linear';
}

/** An activation of plain numbers; softmax is over all of them. For examples and tests, not for tensors. */
export function activate(name: ActivationName, values: readonly number[], alpha: number | null = null): number[] {
  const slope = alpha ?? defaultAlpha(name);
  if (name === 'softmax') {
    const largest = Math.max(...values);
    const powers = values.map((x) => Math.exp(x - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }
  return values.map((x) => {
    switch (name) {
      case 'linear':
        return x;
      case 'relu':
        return Math.max(0, x);
      case 'leakyRelu':
        return x > 0 ? x : slope * x;
      case 'elu':
        return x > 0 ? x : slope * (Math.exp(x) - 1);
      case 'sigmoid':
        return 1 / (1 + Math.exp(-x));
      case 'tanh':
        return Math.tanh(x);
      case 'gelu':
        return (x / 2) * (1 + erf(x * Math.SQRT1_2));
      case 'swish':
        return x / (1 + Math.exp(-x));
    }
  });
}
