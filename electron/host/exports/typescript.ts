import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { success } from '../../../shared/diagnostics/diagnostic';
import { digitsFile } from '../../../shared/exports/python/training/settings';
import { bringsDigits, printCheck, printLearned, printTypescript } from '../../../shared/exports/typescript';
import type { ReferenceAnswer } from '../../../shared/exports/typescript';
import { text } from '../../../shared/text';
import { findBuilt } from '../../files/built';
import { encodeWeightPair } from '../../files/weights';
import { measureProof, skipped, type ProofOutcome, type Sample } from '../proof';
import { readCompared } from './lossNetwork';
import type { Order, Printed, Target } from './targets';

/** `check.json` speaks of pixels, and of networks with one input. */
function asPixels({ inputs, outputs }: Sample, { analysis }: Order): ReferenceAnswer | null {
  const [input, ...others] = Object.values(inputs);
  if (input === undefined || others.length > 0) return null;
  const values = analysis.outputs.flatMap((id) => outputs[id]?.data ?? []);
  if (values.length < analysis.outputs.length) return null;
  return {
    input: { shape: input.shape.slice(1), pixels: Array.from(input.data, (value) => Math.round(255 * value)) },
    outputs: values,
  };
}

/** A project for `@tensorflow/tfjs`. */
export const typescript: Target = {
  print: async (order) => {
    const { document, analysis, model } = order;
    const compared = await readCompared(document, analysis);
    const printed = printTypescript(document, analysis, compared?.comparison);
    if (!printed.ok) return printed;
    const sources = printed.value.map(({ path, text }): [string, string] => [path, text]);
    const files = new Map<string, Uint8Array | string>(sources);
    // As they lie beside the trainer: what becomes of each follows from its place.
    if (bringsDigits(document, analysis))
      files.set(digitsFile, await readFile(findBuilt(import.meta.dirname, digitsFile)));
    for (const [name, content] of compared?.files ?? []) files.set(name, content);
    if (model === null) return success(files);
    for (const [name, bytes] of encodeWeightPair(model.weights)) files.set(name, bytes);
    if (model.facts.data !== null) files.set('classes.json', printLearned(model.facts.data));
    const sample = await order.sample();
    const answer = sample === null ? null : asPixels(sample, order);
    if (answer !== null) files.set('check.json', printCheck(answer));
    return success(files);
  },
  prove,
};

/** The modules that make the model, without the scripts around it. */
const modules = ['model.ts', 'layers.ts', 'weights.ts'];

/** Builds the model by the printed code itself, in TensorFlow.js. */
async function prove(printed: Printed, { inputs, outputs }: Sample, order: Order): Promise<ProofOutcome> {
  if (typeof printed === 'string' || printed instanceof Uint8Array)
    return skipped(text('nothing was printed', '没有输出'));
  const { analysis, ask, signal, weights } = order;
  const scratch = await mkdtemp(join(tmpdir(), 'convloom-typescript-'));
  try {
    for (const [name, bytes] of encodeWeightPair(weights())) await writeFile(join(scratch, name), bytes);
    for (const name of modules) {
      const source = printed.get(`src/${name}`);
      if (source !== undefined) await writeFile(join(scratch, name), source);
    }
    const feeds = analysis.inputs.flatMap((id) => inputs[id] ?? []);
    const answer = await ask('printedProject', { path: scratch, inputs: feeds, outputs: analysis.outputs }, signal);
    if (!answer.ok) return skipped(answer.diagnostics[0]?.summary ?? text('it could not be run', '无法运行'));
    const { outputs: theirs, runtime } = answer.value;
    const ours = Object.fromEntries(
      analysis.outputs.flatMap((id) => (outputs[id] === undefined ? [] : [[id, outputs[id]]])),
    );
    return { proof: measureProof(ours, theirs, runtime), skipped: null };
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}
