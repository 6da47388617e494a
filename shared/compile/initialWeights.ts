import type { Initializer } from '../layers/define';
import { createRandom, seedFor } from '../ops/random';
import type { Random } from '../ops/random';
import type { FloatTensor, FloatTensors } from '../ops/tensor';
import { elementCount } from '../ops/tensor';

/** What has to be known of a weight to start it. */
export type InitializedWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
};

/** Standard deviation of a standard normal distribution cut off at two deviations. */
const truncatedDeviation = 0.8796256610342398;

function truncatedNormal(random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) < 2) return value;
  }
}

/** Draws one value after another, as Keras's initializers define them. */
function sampler(initializer: Initializer, random: Random): () => number {
  switch (initializer.type) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => initializer.value;
    case 'values': {
      const values = initializer.values.values();
      return () => values.next().value ?? 0;
    }
    case 'glorotUniform': {
      // Uniform in +-sqrt(6 / (fanIn + fanOut)). Glorot and Bengio, 2010, equation 16.
      const limit = Math.sqrt(6 / (initializer.fanIn + initializer.fanOut));
      return () => (2 * random.uniform() - 1) * limit;
    }
    case 'heNormal': {
      // Normal of variance 2 / fanIn, cut off at two deviations. He et al., arXiv 1502.01852, equation 10.
      const deviation = Math.sqrt(2 / initializer.fanIn) / truncatedDeviation;
      return () => truncatedNormal(random) * deviation;
    }
  }
}

function initialWeight(weight: InitializedWeight, seed: number): FloatTensor {
  const sample = sampler(weight.initializer, createRandom(seedFor(seed, weight.name)));
  const count = elementCount(weight.shape);
  return { dtype: 'float32', shape: weight.shape, data: Float32Array.from({ length: count }, sample) };
}

/**
 * The weights that a run starts from, by name. Each weight has its own stream, made from `seed` and its name, so the same network
 * and seed start equally on every engine and machine, and adding a layer does not change the others.
 */
export function initialWeights(weights: readonly InitializedWeight[], seed: number): FloatTensors {
  return Object.fromEntries(weights.map((weight) => [weight.name, initialWeight(weight, seed)]));
}
