import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printTypescript } from '../../../shared/exports/typescript';
import { compileInference } from '../../../shared/compile/compile';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { createRandom } from '../../../shared/ops/random';
import { elementCount } from '../../../shared/ops/tensor';
import { templates } from '../../../templates/build';
import { loadProject, outputValues, packWeights, typeErrors, writeProject } from '../../support/printedProject';

/** Small enough to be run here. The others are compiled, trained and asked by `npm run projects`. */
const runnable = ['lenet', 'lenet-gap', 'dnn', 'lenet-5', 'fcn-small', 'unet-small'];

const projects = templates
  .filter(({ id }) => runnable.includes(id))
  .map(({ id, document }) => {
    const analysis = analyzeNetwork(document);
    const printed = printTypescript(document, analysis);
    if (!printed.ok) throw new Error(`${id}: ${printed.diagnostics.map(({ code }) => code).join()}`);
    return { id, document, analysis, files: printed.value, dir: writeProject(`template-${id}`, printed.value) };
  });

describe('the TypeScript of the templates', () => {
  it('passes the compiler under its own strict tsconfig', () => {
    expect(typeErrors(projects)).toBe('');
  }, 120_000);

  it.each(projects)('$id: gives the engine’s values to 1e-5', async ({ document, analysis, dir }) => {
    const compiled = compileInference(document, analysis);
    if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ code }) => code).join());
    const { program, weights, inputs, outputs } = compiled.value;
    const [input] = inputs;
    const shape = [2, ...input!.shape];
    const random = createRandom(11);
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.uniform());
    const values = initialWeights(weights, 5);

    const session = await createTfjsEngine().compile(program);
    if (!session.ok) throw new Error(session.diagnostics.map(({ code }) => code).join());
    await session.value.write(values);
    const wanted = await session.value.run('predict', { [input!.name]: { dtype: 'float32', shape, data } });
    await session.value.dispose();

    const { buildModel, setWeights } = await loadProject(dir);
    const model = buildModel();
    const { index, bytes } = packWeights(values);
    setWeights(model, index, bytes);
    const found = outputValues(model.predict(tf.tensor(data, shape)));
    expect(found).toHaveLength(outputs.length);
    const reference = wanted[outputs[0]!]!;
    expect(found[0]!.shape).toEqual(reference.shape);
    const worst = found[0]!.data.reduce((most, value, at) => Math.max(most, Math.abs(value - reference.data[at]!)), 0);
    expect(worst).toBeLessThan(1e-5);
  });
});
