import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { Json, NetworkDocument } from '../../shared/schema/document';
import { warmUp, warmUpInput } from '../../shared/ops/warmUp';
import { createOpBuilder } from '../../shared/ops/createOpBuilder';
import { lowerNetwork } from '../../shared/compile/lowering';
import { randomInputs } from '../../shared/compile/randomInputs';
import { drawTensor } from './opCases/opCase';
import { interpret } from './referenceInterpreter';
import type { Tensors64 } from './referenceInterpreter';
import { fromHostTensor } from './tensor64';
import type { Tensor64 } from './tensor64';

export type LayerRun = {
  readonly output: Tensor64;
  /** By name within the layer: `kernel`, `bias`, `gamma`. */
  readonly weights: Tensors64;
  readonly inputs: readonly Tensor64[];
  /** Weights after the run, where training moved them. */
  readonly after: Tensors64;
};

/** Lowers one layer on random inputs and weights and computes it by the reference interpreter. */
export function runLayer(
  kind: string,
  params: { readonly [name: string]: Json },
  shapes: readonly (readonly number[])[],
  mode: 'train' | 'infer' = 'infer',
): LayerRun {
  const document: NetworkDocument = {
    format: 'convloom.network',
    version: 1,
    name: kind,
    nodes: [
      ...shapes.map((shape, port) => ({ id: `x${port}`, kind: 'input', params: { shape } })),
      { id: 'layer', kind, params },
    ],
    edges: shapes.map((_, port) => ({ from: `x${port}`, to: 'layer', ...(port === 0 ? {} : { toPort: port }) })),
  };
  const analysis = analyzeNetwork(document);
  const errors = analysis.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((diagnostic) => diagnostic.summary.en).join('\n'));
  const ops = createOpBuilder();
  const fed = new Map(shapes.map((shape, port) => [`x${port}`, ops.input(`x${port}`, ['batch', ...shape])]));
  const lowered = lowerNetwork(document, analysis, ops, mode, { order: analysis.order, inputs: fed });
  const program = ops.finish({ output: lowered.values.get('layer')! });
  const inputs = shapes.map((shape, port) => drawTensor([3, ...shape], 'normal', 10 + port));
  const variables: Tensors64 = Object.fromEntries(
    lowered.weights.map(({ name, shape }, index) => [
      name,
      drawTensor(shape, name.endsWith('Variance') ? 'positive' : 'normal', 20 + index),
    ]),
  );
  const random = Object.entries(randomInputs(program, 1, 1, 3));
  const feeds = Object.fromEntries([
    ...inputs.map((input, port) => [`x${port}`, input] as const),
    ...random.map(([name, value]) => [name, fromHostTensor(value)] as const),
    // As late as that, statistics follow at their layer's own momentum.
    [warmUpInput, { shape: [], data: Float64Array.of(warmUp(1e6)) }] as const,
  ]);
  const run = interpret(program, feeds, variables);
  const named = (all: Tensors64): Tensors64 =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name.slice('layer/'.length), value]));
  return { output: run.outputs.output!, weights: named(variables), inputs, after: named(run.variables) };
}
