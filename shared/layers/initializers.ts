import { text, type Text } from '../text';

/** How a kernel's weights may start, in the order of menus; 'auto' leaves it to what follows the kernel. */
export const initializerNames = [
  'auto',
  'heNormal',
  'heUniform',
  'glorotNormal',
  'glorotUniform',
  'lecunNormal',
  'lecunUniform',
  'zeros',
] as const;

/** A value of the `initializer` param. */
export type InitializerName = (typeof initializerNames)[number];

/** The initializers that scale with a kernel's fans. */
export type ScaledInitializerName = Exclude<InitializerName, 'auto' | 'zeros'>;

/** How each is written where people read it. */
export const initializerLabels: { readonly [K in InitializerName]: Text } = {
  auto: text('Automatic', '自动'),
  heNormal: text('He, normal', 'He 正态'),
  heUniform: text('He, uniform', 'He 均匀'),
  glorotNormal: text('Glorot, normal', 'Glorot 正态'),
  glorotUniform: text('Glorot, uniform', 'Glorot 均匀'),
  lecunNormal: text('LeCun, normal', 'LeCun 正态'),
  lecunUniform: text('LeCun, uniform', 'LeCun 均匀'),
  zeros: text('Zeros', '全零'),
};

/** Connections per neuron. */
export type Fans = { readonly fanIn: number; readonly fanOut: number };

/** The law that weights are drawn by: evenly up to a limit, or normally, cut off at two deviations (`deviation` before the cut). */
export type Law =
  | { readonly distribution: 'uniform'; readonly limit: number }
  | { readonly distribution: 'truncatedNormal'; readonly deviation: number };

/** Standard deviation of a standard normal distribution cut off at two deviations. */
export const truncatedDeviation = 0.8796256610342398;

/**
 * The law of an initializer, as Keras defines it. The variance is 2 / fanIn for He (arXiv 1502.01852, equation 10), 2 / (fanIn + fanOut)
 * for Glorot (Glorot and Bengio, 2010, equation 16) and 1 / fanIn for LeCun; uniform up to the root of three times that. Fans 25 and 500
 * give heUniform a limit of sqrt(6 / 25) = 0.49.
 */
export function lawOf(name: ScaledInitializerName, { fanIn, fanOut }: Fans): Law {
  const variance = name.startsWith('he') ? 2 / fanIn : name.startsWith('glorot') ? 2 / (fanIn + fanOut) : 1 / fanIn;
  return name.endsWith('Uniform')
    ? { distribution: 'uniform', limit: Math.sqrt(3 * variance) }
    : { distribution: 'truncatedNormal', deviation: Math.sqrt(variance) / truncatedDeviation };
}
