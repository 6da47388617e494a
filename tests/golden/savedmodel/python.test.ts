import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findPython } from '../../../electron/host/exports/python';
import { proveInPython } from '../../../electron/host/exports/savedmodelPython';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { signatureNames } from '../../../shared/exports/savedmodel/names';
import { randomWeightsOf, referenceAnswer } from '../../support/referenceAnswer';
import { savedModel } from '../../support/savedModelExport';
import { itUnless } from '../../support/skip';
import { wiredNetwork } from '../../support/networks';

const python = await findPython(['tensorflow', 'numpy']);

/** Two inputs and two outputs, one of them called as no identifier is. */
const document = wiredNetwork({
  'left eye': ['input', { shape: [6, 6, 2] }],
  numbers: ['input', { shape: [3] }],
  c: ['conv', { filters: 3, kernelSize: 3, groups: 1, padding: 'same', activation: 'gelu' }, 'left eye'],
  sum: ['add', {}, 'c', 'numbers'],
  class: ['gap', {}, 'sum'],
  map: ['upsample', {}, 'sum'],
});

itUnless(
  python.path === null ? python.why.en : null,
  'a SavedModel is loaded by TensorFlow in Python, called by its signature, and gives what the op graph gives',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'convloom-test-'));
    try {
      await writeFile(join(dir, 'saved_model.pb'), savedModel(document));
      const right = referenceAnswer(document, randomWeightsOf(document));
      const { proof } = await proveInPython(dir, right, signatureNames(analyzeNetwork(document)), undefined);
      expect(proof!.runtime).toMatch(/^TensorFlow .*, Python /);
      expect(proof!.maxDifference).toBeLessThan(1e-5 * proof!.scale);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
