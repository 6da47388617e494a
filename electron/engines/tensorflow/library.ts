import { availableParallelism } from 'node:os';
import { errorText, text } from '../../../shared/text';
import type { Text } from '../../../shared/text';
import { findInstalled, isInstalled } from './installed';
import { readGpuName } from './cuda';
import type { EngineStatus } from '../engine';
import { loadBinding } from './binding';
import type { TensorflowBinding } from './binding';
import { explainCpu, readCudaFacts } from './device';

export const engineName = 'TensorFlow';
const setupCommand = 'convloom setup tensorflow';

/** TensorFlow in this process, or why it is not. */
export type Loaded =
  | { readonly status: Extract<EngineStatus, { available: true }>; readonly binding: TensorflowBinding }
  | { readonly status: Extract<EngineStatus, { available: false }> };

/** One process loads TensorFlow once; the answer of a failed try is not kept, since a set-up may follow. */
let loaded: Loaded | undefined;

function unavailable(why: Text, mend: Text): Loaded {
  return { status: { available: false, why, mend } };
}

/** Loads TensorFlow into this process, or says why it cannot be. */
export function loadTensorflow(): Loaded {
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
