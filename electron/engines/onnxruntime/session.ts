import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Program, VariableSpec } from '../../../shared/ops/graph';
import { elementCount } from '../../../shared/ops/tensor';
import type { EngineSession, HostTensor, StateForm, TensorMap } from '../engine';
import type { OnnxRuntimeLibrary } from './library';
import { threadCount, webgpuProvider } from './library';
import { fromKept, intoKept } from './kept';
import { functionInput, functionOutput } from './lower';
import type { LoweredFunction } from './lower';
import { DeviceMemory, HostMemory, hostData, hostTensor } from './memory';
import type { Memory } from './memory';
import type { Provider } from './onnxGraph';
import type { Place, Storage } from './storage';
import { bufferInput, bufferOutput } from './storedVariables';

/** One ONNX Runtime session per function, all of them over the same state. */
export class OnnxRuntimeSession implements EngineSession {
  readonly #library: OnnxRuntimeLibrary;
  readonly #functions: ReadonlyMap<string, LoweredFunction>;
  readonly #specs: ReadonlyMap<string, VariableSpec>;
  readonly #storage: Storage;
  readonly #provider: Provider;
  readonly #memory: Memory;
  /** Variables that have not been written yet. */
  readonly #unset: Set<string>;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(
    library: OnnxRuntimeLibrary,
    program: Program,
    functions: ReadonlyMap<string, LoweredFunction>,
    storage: Storage,
    provider: Provider,
  ) {
    this.#library = library;
    this.#functions = functions;
    this.#specs = new Map(program.variables.map((variable) => [variable.name, variable]));
    this.#storage = storage;
    this.#provider = provider;
    this.#memory = provider === 'webgpu' ? new DeviceMemory(library, storage) : new HostMemory(library, storage);
    this.#unset = new Set(this.#specs.keys());
  }

  /** Makes ONNX Runtime accept a function now, so that what it refuses is known before a run. */
  async prepare(functionName: string): Promise<void> {
    await this.#session(functionName);
  }

  #session(functionName: string): Promise<InferenceSession> {
    const known = this.#sessions.get(functionName);
    if (known !== undefined) return known;
    const { model } = this.#function(functionName);
    const isOnDevice = this.#provider === 'webgpu';
    const created = this.#library.InferenceSession.create(model, {
      executionProviders: isOnDevice ? [webgpuProvider] : ['cpu'],
      ...(isOnDevice ? { preferredOutputLocation: this.#locations(functionName) } : {}),
      // Ours does what is worth doing. ONNX Runtime's own finds constants where a training step has none, and it pushes a transposed
      // gradient through the optimizer's arithmetic as several slow transposes: ResNet-18's step took 2.4 times as long.
      graphOptimizationLevel: 'disabled',
      executionMode: 'sequential',
      // Its plan of a step's memory is one block beside what the first step took, which stays: MobileNetV2 at 16 pictures took 3.2 GB
      // from its second step on, and takes 1.6 without.
      enableMemPattern: false,
      intraOpNumThreads: threadCount(),
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    this.#sessions.set(functionName, created);
    return created;
  }

  #function(name: string): LoweredFunction {
    const lowered = this.#functions.get(name);
    if (lowered === undefined) throw new Error(`The program has no function "${name}".`);
    return lowered;
  }

  #spec(name: string): VariableSpec {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new Error(`The program has no variable "${name}".`);
    return spec;
  }

  #place(name: string): Place {
    const place = this.#storage.places.get(name);
    if (place === undefined) throw new Error(`The program has no variable "${name}".`);
    return place;
  }

  /** On the card, state stays there; what the caller asked for comes back. */
  #locations(functionName: string): { readonly [output: string]: 'cpu' | 'gpu-buffer' } {
    const { writes, outputs } = this.#function(functionName);
    const isFloat = (buffer: string): boolean => this.#storage.buffers.get(buffer)?.dtype === 'float32';
    return Object.fromEntries([
      ...writes.map((name) => [bufferOutput(name), isFloat(name) ? 'gpu-buffer' : 'cpu'] as const),
      ...outputs.map((name) => [functionOutput(name), 'cpu'] as const),
    ]);
  }

  #requireSet(buffer: string): void {
    if (this.#unset.size === 0) return;
    const missing = this.#storage.buffers.get(buffer)?.members.find((name) => this.#unset.has(name));
    if (missing !== undefined) throw new Error(`Variable "${missing}" was not set before the first run.`);
  }

  async write(variables: TensorMap, form: StateForm = 'plain'): Promise<void> {
    for (const [name, tensor] of Object.entries(variables)) {
      const spec = this.#spec(name);
      if (tensor.dtype !== spec.dtype || tensor.shape.join() !== spec.shape.join()) {
        throw new Error(
          `Variable "${name}" is ${spec.dtype} [${spec.shape.join()}], not ${tensor.dtype} [${tensor.shape.join()}].`,
        );
      }
      const place = this.#place(name);
      await this.#memory.write(place.buffer, place.offset, intoKept(tensor, inForm(place, form)));
      this.#unset.delete(name);
    }
  }

  async read(names: readonly string[], form: StateForm = 'plain'): Promise<TensorMap> {
    const read: [string, HostTensor][] = [];
    for (const name of names) {
      const { shape } = this.#spec(name);
      const place = this.#place(name);
      this.#requireSet(place.buffer);
      const whole = await this.#memory.read(place.buffer);
      const part = whole.subarray(place.offset, place.offset + elementCount(shape));
      read.push([name, fromKept(asTensor(part, shape), inForm(place, form))]);
    }
    return Object.fromEntries(read);
  }

  async run(functionName: string, inputs: TensorMap): Promise<TensorMap> {
    const { reads, writes, outputs } = this.#function(functionName);
    const session = await this.#session(functionName);
    const feeds: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      feeds[functionInput(name)] = hostTensor(this.#library, tensor.data, tensor.shape);
    }
    for (const name of reads) {
      this.#requireSet(name);
      feeds[bufferInput(name)] = await this.#memory.current(name);
    }
    const fetches: Record<string, Tensor | null> = {};
    for (const name of outputs) fetches[functionOutput(name)] = null;
    for (const name of writes) fetches[bufferOutput(name)] = this.#memory.target(name);

    const results = await session.run(feeds, fetches);
    const result = (name: string): Tensor => {
      const tensor = results[name];
      if (tensor === undefined) throw new Error(`ONNX Runtime gave no "${name}".`);
      return tensor;
    };
    for (const name of writes) this.#memory.advance(name, result(bufferOutput(name)));
    return Object.fromEntries(
      outputs.map((name): [string, HostTensor] => {
        const tensor = result(functionOutput(name));
        return [name, asTensor(hostData(tensor), tensor.dims)];
      }),
    );
  }

  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await this.#memory.dispose();
    for (const session of sessions) await (await session).release();
  }
}

/** Scaling there and back rounds: a checkpoint has the numbers as they lie there. */
function inForm(place: Place, form: StateForm): Place {
  return form === 'kept' ? { ...place, scale: 1 } : place;
}

/** Data as the engine interface has it; it is shared, not copied. */
function asTensor(data: HostTensor['data'], shape: readonly number[]): HostTensor {
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  return { dtype: 'uint8', shape, data };
}
