import { lawOf } from '../layers/initializers';
import { createRandom, seedFor } from '../ops/random';
import type { Random } from '../ops/random';
import type { FloatTensor, FloatTensors } from '../ops/tensor';
import { elementCount } from '../ops/tensor';
import type { SettledInitializer } from './startingLaw';

/** What has to be known of a weight to start it. */
export type InitializedWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: SettledInitializer;
};

function truncatedNormal(random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) < 2) return value;
  }
}

/** Draws one value after another, as Keras's initializers define them. */
function sampler(initializer: SettledInitializer, random: Random): () => number {
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
    default: {
      const law = lawOf(initializer.type, initializer);
      return law.distribution === 'uniform'
        ? () => (2 * random.uniform() - 1) * law.limit
        : () => truncatedNormal(random) * law.deviation;
    }
  }
}

function initialWeight(weight: InitializedWeight, seed: number): FloatTensor {
  const sample = sampler(weight.initializer, createRandom(seedFor(seed, weight.name)));
  const data = new Float32Array(elementCount(weight.shape));
  // Half the time of Float32Array.from, and a large network draws some hundred million numbers.
  for (let place = 0; place < data.length; place++) data[place] = sample();
  return { dtype: 'float32', shape: weight.shape, data };
}

/**
 * The weights that a run starts from, by name. Each weight has its own stream, made from `seed` and its name, so the same network
 * and seed start equally on every engine and machine, and adding a layer does not change the others.
 */
export function initialWeights(weights: readonly InitializedWeight[], seed: number): FloatTensors {
  return Object.fromEntries(weights.map((weight) => [weight.name, initialWeight(weight, seed)]));
}
