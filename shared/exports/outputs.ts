import { flatNetwork } from '../document/expand';
import { functionParam, isInput } from '../layers/traits';
import type { NetworkAnalysis } from '../analysis/types';
import { isLossOfValues } from '../compile/losses';
import { parseDataSpec, pictureChannels } from '../schema/data';
import type { NetworkDocument } from '../schema/document';
import { defaultTrainingConfig } from '../schema/training';
import { sourcesByPort } from './code/scopes';

/** Whether an output gives probabilities, by the softmax that ends it, or scores. */
export function outputMeaning(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  output: string,
): 'probabilities' | 'scores' {
  return outputEnding(document, analysis, output) === 'softmax' ? 'probabilities' : 'scores';
}

/** The function that makes probabilities of what an output gives, where the network itself ends in one. */
export function outputEnding(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  output: string,
): 'softmax' | 'sigmoid' | null {
  return (['softmax', 'sigmoid'] as const).find((name) => endsIn(document, analysis, output, name)) ?? null;
}

/** Whether a function is the last that is done to the values of an output, but for changes of its shape. */
function endsIn(
  document: NetworkDocument,
  { nodes }: NetworkAnalysis,
  output: string,
  name: 'softmax' | 'sigmoid',
): boolean {
  const sources = sourcesByPort(flatNetwork(document));
  const ends = (id: string): boolean => {
    const node = nodes.get(id);
    const [source = ''] = sources.get(id) ?? [];
    if (node === undefined || isInput(node.definition)) return false;
    const param = functionParam(node.definition);
    if (param !== null && node.params?.[param] === name) return true;
    const keepsClasses =
      node.definition?.traits.role === 'flattening' &&
      node.outputShape?.at(-1) === nodes.get(source)?.outputShape?.at(-1);
    return (keepsClasses || (param === 'function' && node.params?.[param] === 'linear')) && ends(source);
  };
  return ends(output);
}

/** What an output gives, as a script that asks the model is to take it; `chances`: of each class by itself, by a sigmoid. */
export type OutputForm = 'probabilities' | 'scores' | 'chances' | 'values' | 'picture';

/** Data whose answers are pictures. */
const pictureSources: readonly string[] = ['mnist-sr', 'mnist-denoise', 'mnist-pictures', 'pairs', 'pictures'];

/** Whether the settings of a document make an output a picture: its data have such answers, and it has the channels of one. */
export function givesPicture({ train }: NetworkDocument, { nodes }: NetworkAnalysis, output: string): boolean {
  const shape = nodes.get(output)?.outputShape ?? [];
  const { data, loss } = { ...defaultTrainingConfig, ...train };
  const kind = parseDataSpec(data)?.source.kind ?? '';
  const isOfValues = loss !== 'auto' && isLossOfValues(loss);
  // Arrays hold the one or the other, and the loss tells which.
  const isLearned = pictureSources.includes(kind) || (kind === 'npz' && isOfValues);
  return isLearned && shape.length === 3 && pictureChannels.includes(shape[2] ?? 0);
}

/** The form of an output, as far as the document tells. */
export function outputForm(document: NetworkDocument, analysis: NetworkAnalysis, output: string): OutputForm {
  if (givesPicture(document, analysis, output)) return 'picture';
  const meaning = outputMeaning(document, analysis, output);
  const { loss = 'auto' } = document.train ?? {};
  if (loss === 'auto' || !isLossOfValues(loss)) {
    if (endsIn(document, analysis, output, 'sigmoid')) return 'chances';
  }
  return meaning === 'scores' && loss !== 'auto' && isLossOfValues(loss) ? 'values' : meaning;
}
