import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DType, Program, VariableSpec } from '../../../../shared/ops/graph';
import { elementCount } from '../../../../shared/ops/tensor';
import type { EngineSession, HostTensor, TensorMap } from '../engine';
import type { OnnxRuntimeLibrary } from './library';
import { threadCount } from './library';
import { fromKept, intoKept } from './filterOrder';
import { functionInput, functionOutput } from './lower';
import type { LoweredFunction } from './lower';
import type { Place, Storage } from './storage';
import { bufferInput, bufferOutput } from './storedVariables';

/** Tensors of a buffer: what it is now, and the memory into which the next run writes what it becomes. */
type Slot = { current: Tensor; spare: Tensor | null };

/**
 * State lives in plain memory that ONNX Runtime reads and writes directly: a run is fed the current buffers and told to write into
 * the spare ones, then they change places. Nothing is copied, and a failed run changes nothing.
 */
export class OnnxRuntimeSession implements EngineSession {
  readonly #library: OnnxRuntimeLibrary;
  readonly #functions: ReadonlyMap<string, LoweredFunction>;
  readonly #specs: ReadonlyMap<string, VariableSpec>;
  readonly #storage: Storage;
  readonly #slots = new Map<string, Slot>();
  /** Variables that have not been written yet. */
  readonly #unset: Set<string>;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(
    library: OnnxRuntimeLibrary,
    program: Program,
    functions: ReadonlyMap<string, LoweredFunction>,
    storage: Storage,
  ) {
    this.#library = library;
    this.#functions = functions;
    this.#specs = new Map(program.variables.map((variable) => [variable.name, variable]));
    this.#storage = storage;
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
    const created = this.#library.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      // Ours does what is worth doing. ONNX Runtime's own finds constants where a training step has none, and it pushes a transposed
      // gradient through the optimizer's arithmetic as several slow transposes: ResNet-18's step took 2.4 times as long.
      graphOptimizationLevel: 'disabled',
      executionMode: 'sequential',
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

  /** The slot of a buffer, made when its first member is written. */
  #slot(buffer: string): Slot {
    const known = this.#slots.get(buffer);
    if (known !== undefined) return known;
    const { dtype = 'float32', size = 0 } = this.#storage.buffers.get(buffer) ?? {};
    const slot = { current: this.#tensor(emptyData(dtype, size), [size]), spare: null };
    this.#slots.set(buffer, slot);
    return slot;
  }

  #requireSet(buffer: string): void {
    if (this.#unset.size === 0) return;
    const missing = this.#storage.buffers.get(buffer)?.members.find((name) => this.#unset.has(name));
    if (missing !== undefined) throw new Error(`Variable "${missing}" was not set before the first run.`);
  }

  #tensor(data: HostTensor['data'], shape: readonly number[]): Tensor {
    if (data instanceof Float32Array) return new this.#library.Tensor('float32', data, shape);
    if (data instanceof Int32Array) return new this.#library.Tensor('int32', data, shape);
    return new this.#library.Tensor('uint8', data, shape);
  }

  write(variables: TensorMap): Promise<void> {
    for (const [name, tensor] of Object.entries(variables)) {
      const spec = this.#spec(name);
      if (tensor.dtype !== spec.dtype || tensor.shape.join() !== spec.shape.join()) {
        throw new Error(
          `Variable "${name}" is ${spec.dtype} [${spec.shape.join()}], not ${tensor.dtype} [${tensor.shape.join()}].`,
        );
      }
      const { buffer, offset, layout } = this.#place(name);
      copyInto(hostTensor(this.#slot(buffer).current), intoKept(tensor, layout), offset);
      this.#unset.delete(name);
    }
    return Promise.resolve();
  }

  read(names: readonly string[]): Promise<TensorMap> {
    const read = names.map((name): [string, HostTensor] => {
      const { shape } = this.#spec(name);
      const { buffer, offset, layout } = this.#place(name);
      this.#requireSet(buffer);
      const whole = hostTensor(this.#slot(buffer).current);
      return [name, fromKept(part(whole, offset, shape), layout)];
    });
    return Promise.resolve(Object.fromEntries(read));
  }

  async run(functionName: string, inputs: TensorMap): Promise<TensorMap> {
    const { reads, writes, outputs } = this.#function(functionName);
    const session = await this.#session(functionName);
    const feeds: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      feeds[functionInput(name)] = this.#tensor(tensor.data, tensor.shape);
    }
    for (const name of reads) {
      this.#requireSet(name);
      feeds[bufferInput(name)] = this.#slot(name).current;
    }
    const fetches: Record<string, Tensor | null> = {};
    for (const name of outputs) fetches[functionOutput(name)] = null;
    for (const name of writes) fetches[bufferOutput(name)] = this.#spare(name);

    const results = await session.run(feeds, fetches);
    for (const name of writes) {
      const slot = this.#slot(name);
      [slot.current, slot.spare] = [this.#spare(name), slot.current];
    }
    return Object.fromEntries(
      outputs.map((name): [string, HostTensor] => {
        const result = results[functionOutput(name)];
        if (result === undefined) throw new Error(`ONNX Runtime gave no "${name}".`);
        return [name, hostTensor(result)];
      }),
    );
  }

  #spare(buffer: string): Tensor {
    const slot = this.#slot(buffer);
    slot.spare ??= this.#tensor(emptyData(hostTensor(slot.current).dtype, slot.current.size), slot.current.dims);
    return slot.spare;
  }

  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    this.#slots.clear();
    for (const session of sessions) await (await session).release();
  }
}

function emptyData(dtype: DType, length: number): HostTensor['data'] {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length);
}

function copyInto({ data }: HostTensor, source: HostTensor['data'], offset: number): void {
  data.set(source, offset);
}

/** A part of a buffer as a tensor of its own; the data is shared. */
function part(whole: HostTensor, offset: number, shape: readonly number[]): HostTensor {
  const end = offset + elementCount(shape);
  switch (whole.dtype) {
    case 'float32':
      return { dtype: 'float32', shape, data: whole.data.subarray(offset, end) };
    case 'int32':
      return { dtype: 'int32', shape, data: whole.data.subarray(offset, end) };
    case 'uint8':
      return { dtype: 'uint8', shape, data: whole.data.subarray(offset, end) };
  }
}

/** A tensor of ONNX Runtime as the engine interface has it; the data is shared, not copied. */
function hostTensor({ data, dims }: Tensor): HostTensor {
  if (data instanceof Float32Array) return { dtype: 'float32', shape: dims, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape: dims, data };
  if (data instanceof Uint8Array) return { dtype: 'uint8', shape: dims, data };
  throw new Error('ONNX Runtime gave a tensor of a type that op graphs do not have.');
}
