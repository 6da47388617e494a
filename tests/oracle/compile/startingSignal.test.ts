import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileInference } from '../../../shared/compile/compile';
import { initialWeights } from '../../../shared/compile/initialWeights';
import { chain, type ChainRow } from '../../support/chain';
import { drawTensor } from '../../support/opCases/opCase';
import { interpret } from '../../support/referenceInterpreter';
import { fromHostTensor } from '../../support/tensor64';

const depth = 12;

/** How much of the mean square of the first of twelve layers is left in the last, at the start. */
function shareLeft(activation: string, initializer: string): number {
  const layers = Array.from({ length: depth }, (_, at): ChainRow => [
    `f${at}`,
    'fc',
    { units: 128, activation, initializer, useBias: false },
  ]);
  const document = chain([['x', 'input', { shape: [128] }], ...layers]);
  const nodes = ['f0', `f${depth - 1}`];
  const compiled = compileInference(document, analyzeNetwork(document), { nodes });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  const { program, weights } = compiled.value;
  const variables = Object.entries(initialWeights(weights, 1)).map(
    ([name, tensor]) => [name, fromHostTensor(tensor)] as const,
  );
  const { outputs } = interpret(
    program.functions['predict']!,
    { x: drawTensor([16, 128], 'normal', 1) },
    Object.fromEntries(variables),
  );
  const [first, last] = nodes.map((id) => outputs[id]!.data.reduce((sum, value) => sum + value * value, 0));
  return last! / first!;
}

describe('a signal through twelve layers that have just begun', () => {
  it.each(['relu', 'leakyRelu'])('neither fades nor grows by default with %s', (activation) => {
    expect(shareLeft(activation, 'auto')).toBeGreaterThan(0.3);
    expect(shareLeft(activation, 'auto')).toBeLessThan(4);
  });

  it('halves at each ReLU with Glorot, and keeps its size with He', () => {
    expect(shareLeft('relu', 'glorotUniform')).toBeLessThan(4 / 2 ** (depth - 1));
    for (const initializer of ['heNormal', 'heUniform']) expect(shareLeft('relu', initializer)).toBeGreaterThan(0.3);
  });

  it.each(['glorotNormal', 'glorotUniform', 'lecunNormal', 'lecunUniform'])(
    'keeps its size with %s where nothing bends',
    (initializer) => {
      expect(shareLeft('linear', initializer)).toBeGreaterThan(0.4);
      expect(shareLeft('linear', initializer)).toBeLessThan(2.5);
    },
  );
});
