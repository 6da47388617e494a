import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

/** How tfjs computes: WebAssembly, or plain JavaScript where that cannot start. */
export type TfjsBackend = 'wasm' | 'cpu';

export const backendDevices: { readonly [Backend in TfjsBackend]: string } = {
  wasm: 'CPU, WebAssembly',
  cpu: 'CPU, plain JavaScript',
};

let isConfigured = false;

/** tfjs finds its wasm files beside the package's entry, wherever npm put it, never on a CDN; and does not advertise tfjs-node. */
function configure(): void {
  if (isConfigured) return;
  tf.enableProdMode();
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(entry), '/'));
  isConfigured = true;
}

/** Makes `backend` the one that computes. tfjs has one for the whole process, so every run says which it wants. */
export async function activateBackend(backend: TfjsBackend): Promise<void> {
  configure();
  while (tf.getBackend() !== backend) {
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs could not start its ${backend} backend.`);
  }
}

/** The first backend of the ladder that starts. */
export async function chooseBackend(ladder: readonly TfjsBackend[]): Promise<TfjsBackend> {
  let reason: unknown = new Error('tfjs has no backend to start.');
  for (const backend of ladder) {
    try {
      await activateBackend(backend);
      return backend;
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

export function tfjsVersion(): string {
  return tf.version_core;
}
