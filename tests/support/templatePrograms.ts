import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileInference, compileTraining } from '../../shared/compile/compile';
import { parseNetwork } from '../../shared/document';
import type { NetworkDocument } from '../../shared/schema/document';
import type { Program } from '../../shared/ops/graph';

const templates = new URL('../../templates/', import.meta.url);

/** Every folder in templates/ that holds a network. */
export const templateNames: readonly string[] = readdirSync(templates)
  .filter((name) => existsSync(new URL(`${name}/network.json`, templates)))
  .toSorted();

export function readTemplate(name: string): NetworkDocument {
  const parsed = parseNetwork(readFileSync(new URL(`${name}/network.json`, templates), 'utf8'));
  if (!parsed.ok) throw new Error(`The template ${name} cannot be read.`);
  return parsed.value;
}

/** The programs of a template: as it is trained by Adam for the task that its output is for, and its forward pass. */
export function templatePrograms(name: string): { readonly training: Program; readonly inference: Program } {
  const document = readTemplate(name);
  const analysis = analyzeNetwork(document);
  const shape = analysis.nodes.get(analysis.outputs[0] ?? '')?.outputShape ?? [];
  const isMap = shape.length === 3 && shape[0] !== 1;
  // A map of one channel has one value for each pixel, and no classes.
  const kind = !isMap ? 'classification' : shape[2] === 1 ? 'image-to-image' : 'segmentation';
  const training = compileTraining(document, analysis, {
    task: { kind, classCount: shape.at(-1) ?? 0 },
    optimizer: 'adam',
    learningRate: 0.001,
    momentum: 0.9,
    loss: 'auto',
    seed: 3,
  });
  const inference = compileInference(document, analysis);
  if (!training.ok || !inference.ok) throw new Error(`The template ${name} does not compile.`);
  return { training: training.value.program, inference: inference.value.program };
}
