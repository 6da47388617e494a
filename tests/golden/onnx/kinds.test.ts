import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../electron/engines/onnxruntime/proto';
import { compareOnnx, onnxModel } from '../../support/onnxExport';
import { closedNetwork, randomWeightsOf, referenceAnswer } from '../../support/referenceAnswer';
import { onnxNetworks } from './cases';
import { networks } from '../typescript/cases';

const openSize = 12;
const cases = Object.entries({ ...networks, ...onnxNetworks }).map(([name, document]) => ({ name, document }));

describe('an ONNX model', () => {
  it.each(cases)('$name: gives in ONNX Runtime what the op graph gives, to 1e-5', async ({ document }) => {
    const known = closedNetwork(document, openSize);
    const weights = randomWeightsOf(known);
    // Open sizes stay open in the file.
    const model = onnxModel(document, weights);
    const { maxDifference, scale } = await compareOnnx(document, model, referenceAnswer(known, weights));
    expect(maxDifference).toBeLessThan(1e-5 * Math.max(1, scale));
  });

  it.each(cases)('$name: is the same bytes every time', ({ document }) => {
    const weights = randomWeightsOf(closedNetwork(document, openSize));
    const [first, second] = [0, 1].map(() => encodeModel(onnxModel(structuredClone(document), weights)));
    expect(Buffer.compare(first!, second!)).toBe(0);
  });
});
