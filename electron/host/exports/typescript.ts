import { success } from '../../../shared/diagnostics/diagnostic';
import { printCheck, printLearned, printTypescript } from '../../../shared/exports/typescript';
import type { ReferenceAnswer } from '../../../shared/exports/typescript';
import { encodeWeightPair } from '../../files/weights';
import type { Sample } from '../proof';
import type { Order, Target } from './targets';

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
    const printed = printTypescript(document, analysis);
    if (!printed.ok) return printed;
    const sources = printed.value.map(({ path, text }): [string, string] => [path, text]);
    const files = new Map<string, Uint8Array | string>(sources);
    if (model === null) return success(files);
    for (const [name, bytes] of encodeWeightPair(model.weights)) files.set(name, bytes);
    if (model.facts.data !== null) files.set('classes.json', printLearned(model.facts.data));
    const sample = await order.sample();
    const answer = sample === null ? null : asPixels(sample, order);
    if (answer !== null) files.set('check.json', printCheck(answer));
    return success(files);
  },
};
