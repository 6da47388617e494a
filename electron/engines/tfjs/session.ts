import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { DType, OpFunction, Program } from '../../../shared/ops/graph';
import type { EngineSession, HostTensor, TensorMap } from '../engine';
import { activateBackend } from './backend';
import type { TfjsBackend } from './backend';
import { rewriteForTfjs } from '../rewrites';
import { checkFeeds, checkVariable, functionOf, variableOf } from './feeds';
import { prepareFunction, runFunction, tensorType } from './interpreter';
import type { PreparedFunction } from './interpreter';

/** Puts a program's constants on the backend and gives a session that interprets its functions. */
export async function createTfjsSession(program: Program, backend: TfjsBackend): Promise<EngineSession> {
  await activateBackend(backend);
  const functions = Object.entries(program.functions).map(([name, source]): [string, PreparedFunction] => [
    name,
    prepareFunction(rewriteForTfjs(source).definition),
  ]);
  return new TfjsSession(program, new Map(functions), backend);
}

class TfjsSession implements EngineSession {
  readonly #program: Program;
  readonly #functions: ReadonlyMap<string, PreparedFunction>;
  readonly #backend: TfjsBackend;
  readonly #variables = new Map<string, Tensor>();
  #disposed = false;

  constructor(program: Program, functions: ReadonlyMap<string, PreparedFunction>, backend: TfjsBackend) {
    this.#program = program;
    this.#functions = functions;
    this.#backend = backend;
  }

  async write(variables: TensorMap): Promise<void> {
    await this.#activate();
    const entries = Object.entries(variables);
    for (const [name, tensor] of entries) checkVariable(variableOf(this.#program, name), tensor);
    for (const [name, tensor] of entries) this.#setVariable(name, toTensor(tensor));
  }

  async read(names: readonly string[]): Promise<TensorMap> {
    await this.#activate();
    const read = names.map(async (name): Promise<[string, HostTensor]> => {
      const { dtype } = variableOf(this.#program, name);
      return [name, await toHostTensor(this.#variable(name), dtype)];
    });
    return Object.fromEntries(await Promise.all(read));
  }

  async run(functionName: string, inputs: TensorMap): Promise<TensorMap> {
    await this.#activate();
    const prepared = functionOf(this.#functions, functionName);
    const batch = checkFeeds(functionName, prepared.source, inputs);
    for (const { name } of this.#program.variables) this.#variable(name);
    const fed = new Map(Object.entries(inputs).map(([name, tensor]) => [name, toTensor(tensor)]));
    try {
      const { outputs, assigned } = runFunction(prepared, { batch, inputs: fed, variables: this.#variables });
      for (const [name, value] of Object.entries(assigned)) this.#setVariable(name, value);
      return await readOutputs(prepared.source, outputs);
    } finally {
      tf.dispose([...fed.values()]);
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    await this.#activate();
    this.#disposed = true;
    tf.dispose([...this.#variables.values()]);
    for (const { constants } of this.#functions.values()) tf.dispose([...constants.values()]);
    this.#variables.clear();
  }

  async #activate(): Promise<void> {
    if (this.#disposed) throw new Error('tfjs engine: the session is closed.');
    await activateBackend(this.#backend);
  }

  #variable(name: string): Tensor {
    const value = this.#variables.get(name);
    if (value === undefined) throw new Error(`tfjs engine: variable "${name}" was never written.`);
    return value;
  }

  #setVariable(name: string, value: Tensor): void {
    this.#variables.get(name)?.dispose();
    this.#variables.set(name, value);
  }
}

/** Copies: the plain JavaScript backend would otherwise compute on the caller's own array. */
function toTensor({ data, shape, dtype }: HostTensor): Tensor {
  return tf.tensor(dtype === 'uint8' ? Int32Array.from(data) : data.slice(), [...shape], tensorType(dtype));
}

async function toHostTensor(tensor: Tensor, dtype: DType): Promise<HostTensor> {
  const data = await tensor.data();
  const { shape } = tensor;
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.from(data) };
    case 'int32':
      return { dtype, shape, data: Int32Array.from(data) };
    case 'uint8':
      return { dtype, shape, data: Uint8Array.from(data) };
  }
}

async function readOutputs(source: OpFunction, outputs: { readonly [name: string]: Tensor }): Promise<TensorMap> {
  try {
    const read = Object.entries(outputs).map(async ([name, tensor]): Promise<[string, HostTensor]> => {
      const node = source.nodes[source.outputs[name] ?? -1];
      return [name, await toHostTensor(tensor, node?.dtype ?? 'float32')];
    });
    return Object.fromEntries(await Promise.all(read));
  } finally {
    tf.dispose(Object.values(outputs));
  }
}
