import { createRequire } from 'node:module';

/** The part of tfjs-node's native addon that the engine calls. Types are numbers of `tensorflow.DataType`. */
export type TensorflowBinding = {
  createTensor(shape: number[], dtype: number, data: Float32Array | Int32Array | Uint8Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(dir: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names are joined by commas; results come in the order of `outputNames`. */
  runSavedModel(
    id: number,
    inputIds: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly { readonly id: number; readonly shape: readonly number[]; readonly dtype: number }[];
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_Version: string;
};

/**
 * Loads the addon into this process, once: TensorFlow takes about 0.4 s and 200 MB, and a second copy in a worker thread fails.
 * Throws what the loader says, which names the missing library.
 */
export function loadBinding(addonPath: string): TensorflowBinding {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  const addon: unknown = createRequire(import.meta.url)(addonPath);
  if (!isBinding(addon)) throw new Error(`${addonPath} is not the addon of tfjs-node 4.22.`);
  return addon;
}

/** The addon's members are not enumerable, so each is asked for by name. */
function isBinding(addon: unknown): addon is TensorflowBinding {
  if (typeof addon !== 'object' || addon === null) return false;
  const type = (name: string): string => typeof Reflect.get(addon, name);
  const functions = [
    'createTensor',
    'deleteTensor',
    'tensorDataSync',
    'loadSavedModel',
    'deleteSavedModel',
    'runSavedModel',
  ];
  return functions.every((name) => type(name) === 'function') && type('TF_Version') === 'string';
}
