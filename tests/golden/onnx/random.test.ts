import { describe, expect, it } from 'vitest';
import { compareOnnx, onnxModel } from '../../support/onnxExport';
import { randomNetwork } from '../../support/randomNetworks';
import { randomWeightsOf, referenceAnswer } from '../../support/referenceAnswer';

const seeds = Array.from({ length: Number(process.env['CONVLOOM_RANDOM_NETWORKS'] ?? 60) }, (_, seed) => seed + 1);

describe('random networks as ONNX models', () => {
  it.each(seeds)('seed %i: give in ONNX Runtime what the op graph gives, to 1e-4 of the scale', async (seed) => {
    const document = randomNetwork(seed, 10);
    expect(document.nodes.length).toBeGreaterThan(4);
    const weights = randomWeightsOf(document);
    const right = referenceAnswer(document, weights);
    const { maxDifference, scale } = await compareOnnx(document, onnxModel(document, weights), right);
    expect(maxDifference).toBeLessThan(1e-4 * Math.max(scale, 1e-3));
  });
});
