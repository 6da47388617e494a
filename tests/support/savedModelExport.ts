import { constantNames, encodeServingModel } from '../../electron/engines/tensorflow/servingModel';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileInference } from '../../shared/compile/compile';
import { signatureNames } from '../../shared/exports/savedmodel/names';
import type { NetworkDocument } from '../../shared/schema/document';
import { randomWeightsOf } from './referenceAnswer';

/** The `saved_model.pb` of a network of known sizes with random weights. */
export function savedModel(document: NetworkDocument): Uint8Array {
  const compiled = compileInference(document, analyzeNetwork(document));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ code }) => code).join());
  const { program, inputs } = compiled.value;
  const names = signatureNames(analyzeNetwork(document));
  const fed = new Map(inputs.map(({ name, nodeId }) => [name, names.inputs.get(nodeId)!]));
  return encodeServingModel(
    program.functions['predict']!,
    randomWeightsOf(document),
    { inputs: fed, outputs: names.outputs },
    constantNames(program),
  );
}
