import { engineUnavailable } from '../../../../shared/diagnostics/catalog/engine';
import { failure } from '../../../../shared/diagnostics/diagnostic';
import type { Engine, EngineStatus } from '../engine';
import { compileProgram } from './compile';
import { chooseDevice } from './device';
import type { Device } from './device';
import { engineName, probeLibrary } from './library';
import type { Provider } from './onnxGraph';

type OnnxruntimeEngineOptions = {
  /** Runs on this and asks nobody whether it should. For tests; absent, {@link chooseDevice} decides. */
  readonly provider?: Provider;
};

/**
 * The engine that needs npm alone: each function of a program is one ONNX graph, run by onnxruntime-node on the CPU, or on a
 * graphics card through WebGPU where that has been seen to train correctly and faster.
 */
export function createOnnxruntimeEngine({ provider }: OnnxruntimeEngineOptions = {}): Engine {
  const device = async (): Promise<Device> =>
    provider === undefined ? await chooseDevice() : { provider, name: provider, passedOver: null };
  return {
    id: 'onnxruntime',
    async probe(): Promise<EngineStatus> {
      const library = await probeLibrary(process.platform, process.arch);
      if (!library.available) return library;
      const { name, passedOver } = await device();
      return { ...library, device: name, ...(passedOver === null ? {} : { passedOver }) };
    },
    async compile(program) {
      const library = await probeLibrary(process.platform, process.arch);
      if (!library.available) return failure(engineUnavailable(engineName, library.why, library.mend));
      return await compileProgram(program, (await device()).provider);
    },
  };
}
