import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileInference } from '../../../shared/compile/compile';
import { checkKnownSizes, checkNoErrors } from '../../../shared/compile/checks';
import { sizeMustBeKnown } from '../../../shared/diagnostics/catalog/exports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { savedModelReadme } from '../../../shared/exports/savedmodel/readme';
import { signatureNames } from '../../../shared/exports/savedmodel/names';
import { diagnosticMessage } from '../../../shared/diagnostics/diagnostic';
import { text } from '../../../shared/text';
import { constantNames, encodeServingModel, inputTensor, outputTensor } from '../../engines/tensorflow/servingModel';
import { measureProof, skipped, type ProofOutcome, type Sample } from '../proof';
import { checkWeightsFit } from './protocolBuffer';
import { proveInPython } from './savedmodelPython';
import type { Order, Printed, Target } from './targets';

const target = 'SavedModel';
const modelFile = 'saved_model.pb';

/** A folder that TensorFlow loads and TensorFlow Serving serves. */
export const savedmodel: Target = {
  print: printSavedModel,
  prove: async (printed, sample, order) => {
    if (typeof printed === 'string' || printed instanceof Uint8Array) throw new Error('A SavedModel is a folder.');
    const bytes = printed.get(modelFile) ?? '';
    const scratch = await mkdtemp(join(tmpdir(), 'convloom-savedmodel-'));
    try {
      await writeFile(join(scratch, modelFile), bytes);
      return await proveFolder(scratch, sample, order);
    } finally {
      await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
    }
  },
};

function printSavedModel({ document, analysis, weights }: Order): Result<Printed> {
  const errors = checkNoErrors(analysis);
  if (errors.length > 0) return failure(...errors);
  const [open] = checkKnownSizes(analysis, analysis.order);
  if (open !== undefined) return failure(sizeMustBeKnown(open.at.nodeId ?? '', target));
  const tooLarge = checkWeightsFit(analysis, target);
  if (tooLarge !== null) return failure(tooLarge);
  const compiled = compileInference(document, analysis);
  if (!compiled.ok) return compiled;
  const { program, inputs } = compiled.value;
  const fn = program.functions['predict'];
  if (fn === undefined) throw new Error('An inference program predicts.');
  const names = signatureNames(analysis);
  const fed = new Map(inputs.map(({ name, nodeId }) => [name, names.inputs.get(nodeId) ?? nodeId]));
  const graph = encodeServingModel(fn, weights(), { inputs: fed, outputs: names.outputs }, constantNames(program));
  return success(
    new Map<string, Uint8Array | string>([
      ['README.md', savedModelReadme(document.name, analysis, names)],
      [modelFile, graph],
    ]),
  );
}

/** By the app's own TensorFlow where it is set up, else by a Python that has one. */
async function proveFolder(path: string, sample: Sample, { analysis, ask, signal }: Order): Promise<ProofOutcome> {
  const names = signatureNames(analysis);
  const status = await ask('engine', { engine: 'tensorflow' }, signal);
  if (!status.ok || !status.value.available) return await proveInPython(path, sample, names, signal);
  const inputs = Object.entries(sample.inputs).map(
    ([id, tensor]) => [inputTensor(names.inputs.get(id) ?? id), tensor] as const,
  );
  const outputs = [...names.outputs].map(([id, name]) => [id, outputTensor(name)] as const);
  const question = { path, inputs: Object.fromEntries(inputs), outputs: outputs.map(([, tensor]) => tensor) };
  const answer = await ask('modelFolder', question, signal);
  if (!answer.ok) {
    const [why] = answer.diagnostics;
    return skipped(why === undefined ? noReason : text(diagnosticMessage(why), diagnosticMessage(why, 'zh')));
  }
  const theirs = outputs.flatMap(([id, tensor]) => {
    const found = answer.value.outputs[tensor];
    return found === undefined ? [] : [[id, found] as const];
  });
  return { proof: measureProof(sample.outputs, Object.fromEntries(theirs), answer.value.runtime), skipped: null };
}

const noReason = text('TensorFlow did not run it', 'TensorFlow 未能运行它');
