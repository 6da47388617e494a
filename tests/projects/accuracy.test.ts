import { describe, expect, it } from 'vitest';
import { accuracyRecipes } from '../../electron/bench/recipes';
import { readTemplate } from '../support/templatePrograms';
import { describeTensorflow } from '../support/tensorflow';
import { trainedEvents } from '../support/trainedRun';

/** What templates come to by their own settings, from their own seed: fractions that are less than was measured. */
const promises = [
  { template: 'lenet', epochs: 5, score: 'valAccuracy', least: 0.985 },
  { template: 'lenet-gap', epochs: 5, score: 'valAccuracy', least: 0.96 },
  { template: 'unet-small', epochs: 5, score: 'valMeanIou', least: 0.8 },
] as const;

function holdPromises(engine: 'onnxruntime' | 'tensorflow'): void {
  it.each(promises)(
    '$template: $score of $least within $epochs epochs',
    async ({ template, epochs, score, least }) => {
      const events = await trainedEvents(readTemplate(template), 1, engine);
      const told = events.filter((event) => event.type === 'epoch');
      expect(told.length).toBeLessThanOrEqual(epochs);
      expect(told.at(-1)![score]).toBeGreaterThanOrEqual(least);
    },
    1_200_000,
  );
}

describe('templates learn as much on ONNX Runtime as they promise', () => holdPromises('onnxruntime'));
describeTensorflow('templates learn as much on TensorFlow as they promise', () => holdPromises('tensorflow'));

describeTensorflow('the recipe of `convloom bench --accuracy`', () => {
  const recipe = accuracyRecipes(readTemplate('lenet')).find(({ id }) => id === 'six-convs')!;

  it.each([1, 2, 3, 4, 5])(
    'comes to 99 % from seed %i',
    async (seed) => {
      const events = await trainedEvents(recipe.document, seed, 'tensorflow');
      const scores = events.flatMap((event) => (event.type === 'epoch' ? (event.valAccuracy ?? 0) : []));
      expect(Math.max(...scores)).toBeGreaterThanOrEqual(0.99);
    },
    1_200_000,
  );
});
