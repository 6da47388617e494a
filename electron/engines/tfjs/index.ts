import { engineLacks, engineUnavailable } from '../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../../shared/text';
import type { Text } from '../../../shared/text';
import { reducedProduct } from '../../../shared/ops/precision';
import type { Engine, EngineStatus } from '../engine';
import type { TfjsBackend } from './backend';

export type TfjsEngineOptions = {
  /** Backends to try, best first. */
  readonly backends?: readonly TfjsBackend[];
};

const reinstall = text('Install the dependencies again (npm ci).', '重新安装依赖（npm ci）。');

function cannotStart(error: unknown): Text {
  const reason = errorText(error);
  return text(`TensorFlow.js does not start: ${reason}`, `TensorFlow.js 无法启动：${reason}`);
}

/**
 * The reference engine: op graphs interpreted op by op with TensorFlow.js, in WebAssembly or else in plain JavaScript. It runs wherever
 * Node does and is the last resort of the ladder. tfjs is loaded when it is first needed, not when this file is.
 */
export function createTfjsEngine({ backends = ['wasm', 'cpu'] }: TfjsEngineOptions = {}): Engine {
  return {
    id: 'tfjs',
    reducedTypes: [],
    async probe(): Promise<EngineStatus> {
      try {
        const { backendDevices, chooseBackend, tfjsVersion } = await import('./backend');
        const backend = await chooseBackend(backends);
        return { available: true, device: backendDevices[backend], versions: { tfjs: tfjsVersion() } };
      } catch (error) {
        return { available: false, why: cannotStart(error), mend: reinstall };
      }
    },
    async compile(program) {
      const reduced = reducedProduct(program);
      if (reduced !== null) return failure(engineLacks('tfjs', reduced));
      try {
        const { chooseBackend } = await import('./backend');
        const { createTfjsSession } = await import('./session');
        return success(await createTfjsSession(program, await chooseBackend(backends)));
      } catch (error) {
        return failure(engineUnavailable('tfjs', cannotStart(error), reinstall));
      }
    },
  };
}
