import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runModelFolder } from '../../../electron/engines/tensorflow/modelFolder';
import { inputTensor, outputTensor } from '../../../electron/engines/tensorflow/servingModel';
import { measureProof } from '../../../electron/host/proof';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { signatureNames } from '../../../shared/exports/savedmodel/names';
import { closedNetwork, randomWeightsOf, referenceAnswer } from '../../support/referenceAnswer';
import { randomNetwork } from '../../support/randomNetworks';
import { savedModel } from '../../support/savedModelExport';
import { describeTensorflow } from '../../support/tensorflow';
import { networks } from '../typescript/cases';

const some = Array.from({ length: 20 }, (_, seed) => [`random ${seed}`, randomNetwork(seed + 1000, 8)] as const);
const cases = [...Object.entries(networks), ...some].map(([name, document]) => ({
  name,
  document: closedNetwork(document, 12),
}));

describeTensorflow('a SavedModel', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'convloom-test-'));
  });
  afterAll(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it.each(cases)('$name: gives in TensorFlow what the op graph gives, to 1e-4 of the scale', async ({ document }) => {
    const bytes = savedModel(document);
    expect(Buffer.compare(bytes, savedModel(structuredClone(document)))).toBe(0);
    await writeFile(join(dir, 'saved_model.pb'), bytes);
    const right = referenceAnswer(document, randomWeightsOf(document));
    const names = signatureNames(analyzeNetwork(document));
    const fed = Object.entries(right.inputs).map(
      ([id, tensor]) => [inputTensor(names.inputs.get(id)!), tensor] as const,
    );
    const wanted = [...names.outputs.values()].map(outputTensor);
    const { outputs, runtime } = runModelFolder(dir, Object.fromEntries(fed), wanted);
    const theirs = [...names.outputs].map(([id, name]) => [id, outputs[outputTensor(name)]!] as const);
    const proof = measureProof(right.outputs, Object.fromEntries(theirs), runtime);
    expect(proof.maxDifference).toBeLessThan(1e-4 * Math.max(proof.scale, 1e-3));
  });
});
