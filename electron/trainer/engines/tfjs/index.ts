import { engineUnavailable } from '../../../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../../../shared/diagnostics/diagnostic';
import { errorText } from '../../../../shared/text';
import type { Engine, EngineStatus } from '../engine';
import type { TfjsBackend } from './backend';

export type TfjsEngineOptions = {
  /** Backends to try, best first. */
  readonly backends?: readonly TfjsBackend[];
};

const reinstall = 'Install the dependencies again (npm ci).';

/**
 * The reference engine: op graphs interpreted op by op with TensorFlow.js, in WebAssembly or else in plain JavaScript. It runs wherever
 * Node does and is the last resort of the ladder. tfjs is loaded when it is first needed, not when this file is.
 */
export function createTfjsEngine({ backends = ['wasm', 'cpu'] }: TfjsEngineOptions = {}): Engine {
  return {
    id: 'tfjs',
    async probe(): Promise<EngineStatus> {
      try {
        const { backendDevices, chooseBackend, tfjsVersion } = await import('./backend');
        const backend = await chooseBackend(backends);
        return { available: true, device: backendDevices[backend], versions: { tfjs: tfjsVersion() } };
      } catch (error) {
        return { available: false, why: `TensorFlow.js does not start: ${errorText(error)}`, mend: reinstall };
      }
    },
    async compile(program) {
      try {
        const { chooseBackend } = await import('./backend');
        const { createTfjsSession } = await import('./session');
        return success(await createTfjsSession(program, await chooseBackend(backends)));
      } catch (error) {
        return failure(engineUnavailable('tfjs', errorText(error), reinstall));
      }
    },
  };
}
