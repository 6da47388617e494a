import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printTypescript, type GeneratedFile } from '../../../shared/exports/typescript';
import type { NetworkDocument } from '../../../shared/schema/document';
import { layers } from '../../../shared/layers';
import { compileInference } from '../../../shared/compile/compile';
import { elementCount } from '../../../shared/ops/tensor';
import { closedNetwork, randomValues, randomWeights } from '../../support/referenceAnswer';
import { interpret } from '../../support/referenceInterpreter';
import { loadProject, outputValues, packWeights, typeErrors, writeProject } from '../../support/printedProject';
import { networks } from './cases';
import { isWhole } from '../../support/isWhole';

const batch = 2;
const openSize = 12;

function print(document: NetworkDocument): readonly GeneratedFile[] {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(printed.diagnostics.map(({ code }) => code).join());
  return printed.value;
}

const projects = Object.entries(networks).map(([name, document]) => {
  const files = print(document);
  return { name, document, files, dir: writeProject(name, files) };
});

/** Of the networks those that use a kind or a param for the first time; `npm run projects` compiles all. */
function covering(): typeof projects {
  const seen = new Set<string>();
  return projects.filter(({ document }) => {
    const before = seen.size;
    for (const { kind, params } of document.nodes)
      for (const name of [kind, ...Object.keys(params)]) seen.add(`${kind} ${name}`);
    return seen.size > before || isWhole;
  });
}

describe('a printed TypeScript project', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('is printed for networks that use every kind', () => {
    const used = new Set(Object.values(networks).flatMap(({ nodes }) => nodes.map(({ kind }) => kind)));
    const printed = layers.filter(({ traits }) => !('isOpaque' in traits)).map(({ kind }) => kind);
    expect(printed.filter((kind) => !used.has(kind))).toEqual([]);
  });

  it('passes the compiler under its own strict tsconfig', () => {
    expect(typeErrors(covering())).toBe('');
  }, 120_000);

  it.each(projects)('$name: is the same text every time', ({ document, files }) => {
    expect(print(structuredClone(document))).toEqual(files);
  });

  it.each(projects)('$name: computes what the op graph computes, to 1e-5', async ({ document, dir }) => {
    const known = closedNetwork(document, openSize);
    const compiled = compileInference(known, analyzeNetwork(known));
    if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ code }) => code).join());
    const { program, weights, inputs, outputs } = compiled.value;
    const values = randomWeights(weights);
    const samples = inputs.map(({ name, shape }, at) => ({
      name,
      shape: [batch, ...shape],
      data: randomValues(batch * elementCount(shape), 7 + at),
    }));

    const reference = interpret(
      program.functions['predict']!,
      Object.fromEntries(samples.map(({ name, shape, data }) => [name, { shape, data: Float64Array.from(data) }])),
      Object.fromEntries(
        Object.entries(values).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
      ),
    );

    const { buildModel, setWeights } = await loadProject(dir);
    const model = buildModel();
    const { index, bytes } = packWeights(values);
    setWeights(model, index, bytes);
    const found = outputValues(model.predict(samples.map(({ shape, data }) => tf.tensor(data, shape))));

    expect(found).toHaveLength(outputs.length);
    for (const [at, id] of outputs.entries()) {
      const wanted = reference.outputs[id]!;
      expect(found[at]!.shape).toEqual(wanted.shape);
      const worst = Math.max(...wanted.data.map((value, index_) => Math.abs(value - found[at]!.data[index_]!)));
      expect(worst).toBeLessThan(1e-5);
    }
  });

  it("refuses another network's weights and a file that is cut short", async () => {
    const { dir, document } = projects.find(({ name }) => name === 'fc-on-map')!;
    const compiled = compileInference(document, analyzeNetwork(document));
    if (!compiled.ok) throw new Error('does not compile');
    const { index, bytes } = packWeights(randomWeights(compiled.value.weights));
    const { buildModel, setWeights } = await loadProject(dir);
    const model = buildModel();
    expect(() => setWeights(model, index.slice(1), bytes)).toThrow(/another network/);
    expect(() => setWeights(model, index, bytes.slice(0, -4))).toThrow(/cut short/);
    const wrong = index.map((entry) => ({ ...entry, shape: [1] }));
    expect(() => setWeights(model, wrong, bytes)).toThrow(/shape/);
  });
});
