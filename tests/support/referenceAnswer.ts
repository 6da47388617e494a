import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileInference } from '../../shared/compile/compile';
import { networkWeights } from '../../shared/compile/networkWeights';
import { createRandom } from '../../shared/ops/random';
import type { FloatTensor, FloatTensors } from '../../shared/ops/tensor';
import { elementCount } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { interpret } from './referenceInterpreter';

/** The document with every open size set, as the op graph needs it. */
export function closedNetwork(document: NetworkDocument, size: number): NetworkDocument {
  const close = (shape: unknown): number[] => (shape as (number | null)[]).map((one) => one ?? size);
  return {
    ...document,
    nodes: document.nodes.map((node) =>
      node.kind === 'input' ? { ...node, params: { shape: close(node.params['shape']) } } : node,
    ),
  };
}

/** Values that are the same for the same seed. */
export function randomValues(count: number, seed: number, from = -1, to = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => from + (to - from) * random.uniform());
}

/** Random everywhere, biases and moving statistics too: a swapped pair must show. */
export function randomWeights(
  weights: readonly { readonly name: string; readonly shape: readonly number[] }[],
): FloatTensors {
  return Object.fromEntries(
    weights.map(({ name, shape }, at) => {
      const isVariance = name.endsWith('/movingVariance');
      const data = randomValues(elementCount(shape), 100 + at, isVariance ? 0.5 : -0.5, isVariance ? 2 : 0.5);
      return [name, { dtype: 'float32', shape, data }];
    }),
  );
}

/** {@link randomWeights} of a network. */
export function randomWeightsOf(document: NetworkDocument): FloatTensors {
  return randomWeights(networkWeights(document, analyzeNetwork(document)));
}

export type ReferenceAnswer = { readonly inputs: FloatTensors; readonly outputs: FloatTensors };

/** What a network without open sizes gives for random input, in double precision; both by node id, as batches. */
export function referenceAnswer(document: NetworkDocument, weights: FloatTensors, batch = 2): ReferenceAnswer {
  const compiled = compileInference(document, analyzeNetwork(document));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ code }) => code).join());
  const { program, inputs, outputs } = compiled.value;
  const samples = inputs.map(({ name, nodeId, shape }, at) => {
    const full = [batch, ...shape];
    return { name, nodeId, tensor: floatTensor(full, randomValues(elementCount(full), 7 + at)) };
  });
  const wide = ({ shape, data }: FloatTensor) => ({ shape, data: Float64Array.from(data) });
  const reference = interpret(
    program.functions['predict']!,
    Object.fromEntries(samples.map(({ name, tensor }) => [name, wide(tensor)])),
    Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, wide(tensor)])),
  );
  return {
    inputs: Object.fromEntries(samples.map(({ nodeId, tensor }) => [nodeId, tensor])),
    outputs: Object.fromEntries(
      outputs.map((id) => {
        const { shape, data } = reference.outputs[id]!;
        return [id, floatTensor(shape, Float32Array.from(data))];
      }),
    ),
  };
}

function floatTensor(shape: readonly number[], data: Float32Array): FloatTensor {
  return { dtype: 'float32', shape, data };
}
