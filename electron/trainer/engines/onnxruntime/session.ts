import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Program, VariableSpec } from '../../../../shared/ops/graph';
import type { EngineSession, HostTensor, TensorMap } from '../engine';
import type { Layout } from './layout';
import type { OnnxRuntimeLibrary } from './library';
import { threadCount } from './library';
import { functionInput, functionOutput, variableInput, variableOutput } from './lower';
import type { LoweredFunction } from './lower';
import { fromKept, intoKept, keptShape } from './variables';

/** Tensors of a variable: what it is now, and the buffer into which the next run writes what it becomes. */
type Slot = { current: Tensor; spare: Tensor | null };

/**
 * State lives in plain memory that ONNX Runtime reads and writes directly: a run is fed the current buffers and told to write into
 * the spare ones, then they change places. Nothing is copied, and a failed run changes nothing.
 */
export class OnnxRuntimeSession implements EngineSession {
  readonly #library: OnnxRuntimeLibrary;
  readonly #functions: ReadonlyMap<string, LoweredFunction>;
  readonly #specs: ReadonlyMap<string, VariableSpec>;
  readonly #layouts: ReadonlyMap<string, Layout>;
  readonly #slots = new Map<string, Slot>();
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(
    library: OnnxRuntimeLibrary,
    program: Program,
    functions: ReadonlyMap<string, LoweredFunction>,
    layouts: ReadonlyMap<string, Layout>,
  ) {
    this.#library = library;
    this.#functions = functions;
    this.#specs = new Map(program.variables.map((variable) => [variable.name, variable]));
    this.#layouts = layouts;
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
      graphOptimizationLevel: 'all',
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

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`Variable "${name}" was not set before the first run.`);
    return slot;
  }

  #layout(name: string): Layout {
    return this.#layouts.get(name) ?? 'last';
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
      const layout = this.#layout(name);
      this.#slots.set(name, { current: this.#tensor(intoKept(tensor, layout), keptShape(spec, layout)), spare: null });
    }
    return Promise.resolve();
  }

  read(names: readonly string[]): Promise<TensorMap> {
    const read = names.map((name): [string, HostTensor] => {
      const { shape } = this.#spec(name);
      const tensor = hostTensor(this.#slot(name).current);
      if (tensor.dtype !== 'float32') return [name, { ...tensor, data: tensor.data.slice() } as HostTensor];
      return [name, { dtype: 'float32', shape, data: fromKept(tensor.data, shape, this.#layout(name)) }];
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
    for (const name of reads) feeds[variableInput(name)] = this.#slot(name).current;
    const fetches: Record<string, Tensor | null> = {};
    for (const name of outputs) fetches[functionOutput(name)] = null;
    for (const name of writes) fetches[variableOutput(name)] = this.#spare(name);

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

  #spare(name: string): Tensor {
    const slot = this.#slot(name);
    slot.spare ??= this.#tensor(emptyLike(hostTensor(slot.current).data), slot.current.dims);
    return slot.spare;
  }

  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    this.#slots.clear();
    for (const session of sessions) await (await session).release();
  }
}

function emptyLike(data: HostTensor['data']): HostTensor['data'] {
  if (data instanceof Float32Array) return new Float32Array(data.length);
  return data instanceof Int32Array ? new Int32Array(data.length) : new Uint8Array(data.length);
}

/** A tensor of ONNX Runtime as the engine interface has it; the data is shared, not copied. */
function hostTensor({ data, dims }: Tensor): HostTensor {
  if (data instanceof Float32Array) return { dtype: 'float32', shape: dims, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape: dims, data };
  if (data instanceof Uint8Array) return { dtype: 'uint8', shape: dims, data };
  throw new Error('ONNX Runtime gave a tensor of a type that op graphs do not have.');
}
