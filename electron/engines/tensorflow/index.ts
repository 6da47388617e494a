import { availableParallelism } from 'node:os';
import { engineRefused, engineUnavailable } from '../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { Program } from '../../../shared/ops/graph';
import { errorText, text } from '../../../shared/text';
import type { Text } from '../../../shared/text';
import { findInstalled, isInstalled } from './installed';
import { readGpuName } from './cuda';
import type { Engine, EngineSession, EngineStatus } from '../engine';
import { loadBinding } from './binding';
import type { TensorflowBinding } from './binding';
import { explainCpu, readCudaFacts } from './device';
import { buildProgramGraph } from './programGraph';
import { createSession } from './session';

const engineName = 'TensorFlow';
const setupCommand = 'convloom setup tensorflow';

type Loaded =
  | { readonly status: Extract<EngineStatus, { available: true }>; readonly binding: TensorflowBinding }
  | { readonly status: Extract<EngineStatus, { available: false }> };

/** One process loads TensorFlow once; the answer of a failed try is not kept, since a set-up may follow. */
let loaded: Loaded | undefined;

function unavailable(why: Text, mend: Text): Loaded {
  return { status: { available: false, why, mend } };
}

function load(): Loaded {
  if (loaded?.status.available === true) return loaded;
  const build = findInstalled();
  if (!isInstalled(build)) {
    return unavailable(
      text(`TensorFlow cannot be loaded: ${build.reason}.`, `无法加载 TensorFlow：${build.reason}。`),
      text(`Run ${setupCommand}.`, `请运行 ${setupCommand}。`),
    );
  }
  try {
    const binding = loadBinding(build.addonPath);
    const versions = { tensorflow: binding.TF_Version, '@tensorflow/tfjs-node': build.manifest.tfjsNode };
    const passedOver = binding.isUsingGpuDevice() ? undefined : explainCpu(readCudaFacts(build));
    const device = deviceOf(binding);
    const status = { available: true as const, device, versions, ...(passedOver === undefined ? {} : { passedOver }) };
    loaded = { binding, status };
    return loaded;
  } catch (error) {
    const reason = errorText(error);
    const flag = build.manifest.variant === 'gpu' ? ' --gpu' : '';
    return unavailable(
      text(`TensorFlow does not load: ${reason}.`, `TensorFlow 加载失败：${reason}。`),
      text(`Run ${setupCommand}${flag} --force to build it anew.`, `请运行 ${setupCommand}${flag} --force 重新构建。`),
    );
  }
}

function deviceOf(binding: TensorflowBinding): string {
  if (binding.isUsingGpuDevice()) return readGpuName() ?? 'NVIDIA GPU';
  return `CPU, ${availableParallelism()} threads`;
}

async function compileProgram(program: Program): Promise<Result<EngineSession>> {
  const engine = load();
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
    probe: () => Promise.resolve(load().status),
    compile: compileProgram,
  };
}
