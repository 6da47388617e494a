import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Forward } from '../../electron/host/forward';
import type { Imported } from '../../electron/host/imports/readers';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileInference } from '../../shared/compile/compile';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensors, TensorMap } from '../../shared/ops/tensor';
import { interpret } from './referenceInterpreter';

/** A network by the definition of each op, so that no engine of ours is between. */
export const forwardByDefinition: Forward = (model, inputs, nodes) => {
  const inputShapes = Object.fromEntries(Object.entries(inputs).map(([id, { shape }]) => [id, shape.slice(1)]));
  const compiled = compileInference(model.document, analyzeNetwork(model.document), { nodes, inputShapes });
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ summary }) => summary.en).join('\n'));
  const wide = (tensors: TensorMap) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
    );
  const fed = Object.fromEntries(compiled.value.inputs.map(({ name, nodeId }) => [name, inputs[nodeId]!]));
  const { outputs } = interpret(compiled.value.program.functions['predict']!, wide(fed), wide(model.weights));
  const answers = Object.entries(outputs).map(
    ([id, { shape, data }]) => [id, { dtype: 'float32', shape, data: Float32Array.from(data) }] as const,
  );
  return Promise.resolve(success(Object.fromEntries(answers)));
};

type Values = { readonly shape: readonly number[]; readonly data: readonly number[] };

/** What the program that a file is of gives for fixed inputs; written down by the script that made the file. */
export type WrittenAnswers = {
  readonly inputs: { readonly [name: string]: Values };
  readonly outputs: { readonly [name: string]: Values };
};

/** The answers written beside the files of a folder, by the file's name. */
export function readAnswers(path: string): { readonly [name: string]: WrittenAnswers } {
  return JSON.parse(readFileSync(path, 'utf8')) as { readonly [name: string]: WrittenAnswers };
}

/** What was read, or a failing test with the reason. */
export function whole<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.diagnostics.map(({ summary }) => summary.en).join('\n'));
}

/**
 * Runs what was imported on the inputs of an answer and compares. Inputs and outputs are those of the network in their order. Returns the
 * largest difference as a share of the largest value.
 */
export async function differenceTo(
  { document, model }: Imported,
  { inputs, outputs }: WrittenAnswers,
): Promise<number> {
  const analysis = analyzeNetwork(document);
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const fed = document.nodes.filter(({ kind }) => kind === 'input').map(({ id }) => id);
  const read = new Set(document.edges.map(({ from }) => from));
  const ends = document.nodes.map(({ id }) => id).filter((id) => !read.has(id));
  const tensors = Object.values(inputs).map(({ shape, data }, at) => [
    fed[at] ?? '',
    { dtype: 'float32' as const, shape, data: Float32Array.from(data) },
  ]);
  const answers = whole(await forwardByDefinition(model!, Object.fromEntries(tensors) as FloatTensors, ends));
  expect(ends).toHaveLength(Object.keys(outputs).length);
  let [difference, scale] = [0, 0];
  for (const [at, expected] of Object.values(outputs).entries()) {
    const answer = answers[ends[at] ?? '']!;
    expect(answer.shape).toEqual(expected.shape);
    for (const [place, value] of expected.data.entries()) {
      difference = Math.max(difference, Math.abs(value - answer.data[place]!));
      scale = Math.max(scale, Math.abs(value));
    }
  }
  expect(scale).toBeGreaterThan(0.01);
  return difference / scale;
}
