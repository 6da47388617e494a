import type { FloatTensors, TensorMap } from '../../../shared/ops/tensor';
import { engineName, loadLibrary, packageVersion } from './library';
import { hostData, hostTensor } from './memory';

/** What an ONNX file gives, in the order of its graph. */
export type ModelFileAnswer = { readonly outputs: TensorMap; readonly runtime: string };

/**
 * Runs an ONNX file that may come from anywhere, by ONNX Runtime as it is: on the CPU with its own optimizations. Inputs by the file's
 * own names. Throws ONNX Runtime's error.
 */
export async function runModelFile(path: string, inputs: FloatTensors): Promise<ModelFileAnswer> {
  const library = await loadLibrary();
  const session = await library.InferenceSession.create(path, { executionProviders: ['cpu'], logSeverityLevel: 3 });
  try {
    const feeds = Object.entries(inputs).map(
      ([name, { data, shape }]) => [name, hostTensor(library, data, shape)] as const,
    );
    const results = await session.run(Object.fromEntries(feeds));
    const outputs = Object.entries(results).flatMap(([name, tensor]): [string, TensorMap[string]][] => {
      // Answers in other types (lists of labels, say) are no values to compare.
      if (tensor.type !== 'float32') return [];
      return [[name, { dtype: 'float32', shape: tensor.dims, data: Float32Array.from(hostData(tensor)) }]];
    });
    return { outputs: Object.fromEntries(outputs), runtime: `${engineName} ${packageVersion()}` };
  } finally {
    await session.release();
  }
}
