import { engineRefused, engineUnavailable } from '../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { Program } from '../../../shared/ops/graph';
import { errorText } from '../../../shared/text';
import type { Engine, EngineSession } from '../engine';
import { engineName, loadTensorflow } from './library';
import { buildProgramGraph } from './programGraph';
import { createSession } from './session';

async function compileProgram(program: Program): Promise<Result<EngineSession>> {
  const engine = loadTensorflow();
  if (!('binding' in engine)) return failure(engineUnavailable(engineName, engine.status.why, engine.status.mend));
  const { binding } = engine;
  try {
    const graph = buildProgramGraph(program, binding.isUsingGpuDevice() ? 'gpu' : 'cpu');
    return success(await createSession(binding, graph));
  } catch (error) {
    const reason = errorText(error);
    return failure(engineRefused(engineName, Object.keys(program.functions).join(', '), reason));
  }
}

/**
 * The fastest engine: a whole program is one TensorFlow graph, run by tfjs-node's addon on the CPU or, with the CUDA build, on the
 * GPU. It is there once `convloom setup tensorflow` has been run. Probing loads TensorFlow (0.4 s, 200 MB), so ask in a child process.
 */
export function createTensorflowEngine(): Engine {
  return {
    id: 'tensorflow',
    reducedTypes: ['bfloat16'],
    probe: () => Promise.resolve(loadTensorflow().status),
    compile: compileProgram,
  };
}
