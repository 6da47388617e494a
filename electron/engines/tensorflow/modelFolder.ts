import type { FloatTensors, TensorMap } from '../../../shared/ops/tensor';
import { servingTag } from './graphDef';
import { engineName, loadTensorflow } from './library';
import { runGraph } from './session';

/** What a SavedModel gives, by the tensors' own names in its graph (`node:0`). */
export type ModelFolderAnswer = { readonly outputs: TensorMap; readonly runtime: string };

/** Runs a SavedModel by TensorFlow as it is. Throws TensorFlow's error, or why there is no TensorFlow here. */
export function runModelFolder(path: string, inputs: FloatTensors, outputs: readonly string[]): ModelFolderAnswer {
  const loaded = loadTensorflow();
  if (!('binding' in loaded)) throw new Error(loaded.status.why.en);
  const { binding } = loaded;
  const model = binding.loadSavedModel(path, servingTag);
  try {
    const wanted = outputs.map((port) => ({ port, dtype: 'float32' as const }));
    const results = runGraph(binding, model, Object.entries(inputs), wanted);
    const named = outputs.flatMap((port, at) => {
      const tensor = results[at];
      return tensor === undefined ? [] : [[port, tensor] as const];
    });
    return { outputs: Object.fromEntries(named), runtime: `${engineName} ${binding.TF_Version}` };
  } finally {
    binding.deleteSavedModel(model);
  }
}
