import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeSafetensors } from '../../electron/files/safetensors';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileInference } from '../../shared/compile/compile';
import { checkFile, weightsFile } from '../../shared/exports/python/files';
import { convertWeights } from '../../shared/exports/python/weightTable';
import type { printPytorch } from '../../shared/exports/pytorch';
import { createRandom } from '../../shared/ops/random';
import { elementCount, type FloatTensors, type TensorMap } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { interpret } from './referenceInterpreter';

const scratch = join(import.meta.dirname, '../../.cache/python');
const openSize = 12;

/** What prints a project in Python. */
export type PythonPrinter = typeof printPytorch;

/** Prints a project; its network must be one that can be printed. */
export function printed(print: PythonPrinter, document: NetworkDocument) {
  const project = print(document, analyzeNetwork(document));
  if (!project.ok) throw new Error(project.diagnostics.map(({ code, at }) => `${code} ${at.nodeId ?? ''}`).join());
  return project.value;
}

/** The document with every open size set, as the op graph needs it. */
function closed(document: NetworkDocument): NetworkDocument {
  const close = (shape: unknown): number[] => (shape as (number | null)[]).map((size) => size ?? openSize);
  return {
    ...document,
    nodes: document.nodes.map((node) =>
      node.kind === 'input' ? { ...node, params: { shape: close(node.params['shape']) } } : node,
    ),
  };
}

function randomValues(count: number, seed: number, from = -1, to = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => from + (to - from) * random.uniform());
}

/** Random everywhere, biases and moving statistics too: a swapped pair must show. */
function randomWeights(weights: readonly { readonly name: string; readonly shape: readonly number[] }[]): FloatTensors {
  return Object.fromEntries(
    weights.map(({ name, shape }, at) => {
      const isVariance = name.endsWith('/movingVariance');
      const data = randomValues(elementCount(shape), 100 + at, isVariance ? 0.5 : -0.5, isVariance ? 2 : 0.5);
      return [name, { dtype: 'float32', shape, data }];
    }),
  );
}

/** Random weights and inputs for a network, and what its op graph computes of them in float64. */
function reference(document: NetworkDocument): { weights: FloatTensors; inputs: FloatTensors[]; outputs: TensorMap[] } {
  const known = closed(document);
  const compiled = compileInference(known, analyzeNetwork(known));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ code }) => code).join());
  const { program, weights: specs, inputs: places, outputs } = compiled.value;
  const weights = randomWeights(specs);
  const wide = (tensors: FloatTensors) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
    );
  const inputs: FloatTensors = Object.fromEntries(
    places.map(({ name, shape }, at) => [
      name,
      { dtype: 'float32', shape: [2, ...shape], data: randomValues(2 * elementCount(shape), 7 + at) },
    ]),
  );
  const answer = interpret(program.functions['predict']!, wide(inputs), wide(weights));
  return {
    weights,
    inputs: places.map(({ name }) => ({ [name]: inputs[name]! })),
    outputs: outputs.map((id) => ({
      [id]: { dtype: 'float32', shape: answer.outputs[id]!.shape, data: Float32Array.from(answer.outputs[id]!.data) },
    })),
  };
}

/** Writes a printed project to disk, with random weights and the answer that it is to give. Gives its folder. */
export function writePythonProject(
  target: string,
  name: string,
  document: NetworkDocument,
  print: PythonPrinter,
): string {
  const dir = join(scratch, target, name);
  rmSync(dir, { recursive: true, force: true });
  const { files, weights: table } = printed(print, document);
  const { weights, inputs, outputs } = reference(document);
  const numbered = (word: string, tensors: readonly TensorMap[]) =>
    tensors.flatMap((tensor, at) => Object.values(tensor).map((value) => [`${word}${at}`, value] as const));
  const numbers = Object.fromEntries([...numbered('input', inputs), ...numbered('output', outputs)]);
  for (const [path, content] of [
    ...files.map(({ path, text }) => [path, text] as const),
    [weightsFile, encodeSafetensors(convertWeights(table, weights))] as const,
    [checkFile, encodeSafetensors(numbers)] as const,
  ]) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

/** What a project's own check says: how far its values are from the wanted ones. */
export type CheckAnswer = { readonly difference: number; readonly scale: number; readonly error: string | null };

/** Runs the checks of projects, all in one interpreter: a framework is slow to load. */
export function runChecks(python: string, dirs: readonly string[]): readonly CheckAnswer[] {
  const out = execFileSync(python, [join(import.meta.dirname, 'runChecks.py'), ...dirs], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      TF_CPP_MIN_LOG_LEVEL: '3',
      // Every network is run once: nothing is gained by compiling it well.
      XLA_FLAGS: '--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true',
      KERAS_BACKEND: process.env['KERAS_BACKEND'] ?? 'tensorflow',
    },
  });
  return out
    .trim()
    .split('\n')
    .map((line) => {
      const answer = JSON.parse(line) as { difference: string; scale: number; error: string | null };
      return { ...answer, difference: answer.difference === 'inf' ? Infinity : Number(answer.difference) };
    });
}
