import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineSession, HostTensor, TensorMap } from '../engine';
import type { TensorflowBinding } from './binding';
import { dataTypes, servingTag } from './graphDef';
import type { ProgramGraph } from './programGraph';

function toHost(binding: TensorflowBinding, id: number, shape: readonly number[]): HostTensor {
  const data = binding.tensorDataSync(id);
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  return { dtype: 'uint8', shape, data };
}

/** Runs the graph once. Every tensor that it makes on the way is given back, also when the run fails. */
function runGraph(
  binding: TensorflowBinding,
  modelId: number,
  feeds: readonly (readonly [port: string, tensor: HostTensor])[],
  fetches: readonly string[],
): readonly HostTensor[] {
  const live: number[] = [];
  try {
    for (const [, { shape, dtype, data }] of feeds) {
      live.push(binding.createTensor([...shape], dataTypes[dtype], data));
    }
    const inputIds = [...live];
    const inputNames = feeds.map(([port]) => port).join();
    const results = binding.runSavedModel(modelId, inputIds, inputNames, fetches.join());
    live.push(...results.map((result) => result.id));
    return results.map((result) => toHost(binding, result.id, result.shape));
  } finally {
    for (const id of live) binding.deleteTensor(id);
  }
}

/** Loads a graph into a session of its own. Throws what TensorFlow says if it does not take the graph. */
export async function createSession(binding: TensorflowBinding, graph: ProgramGraph): Promise<EngineSession> {
  const dir = await mkdtemp(join(tmpdir(), 'convloom-graph-'));
  let modelId: number;
  try {
    await writeFile(join(dir, 'saved_model.pb'), graph.savedModel);
    modelId = binding.loadSavedModel(dir, servingTag);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  const ports = (variable: string) => lookUp(graph.variables, variable, 'variable');
  // The binding works synchronously; async functions turn what it throws into rejections, as the contract has it.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    async write(variables) {
      const entries = Object.entries(variables).map(([name, tensor]) => ({ tensor, ...ports(name) }));
      if (entries.length === 0) return;
      const feeds = entries.map(({ feed, tensor }) => [feed, tensor] as const);
      runGraph(
        binding,
        modelId,
        feeds,
        entries.map(({ assign }) => assign),
      );
    },
    async read(names) {
      if (names.length === 0) return {};
      const values = runGraph(
        binding,
        modelId,
        [],
        names.map((name) => ports(name).read),
      );
      return byName(names, values);
    },
    async run(functionName, inputs) {
      const fn = lookUp(graph.functions, functionName, 'function');
      const feeds = Object.entries(inputs).map(
        ([name, tensor]) => [lookUp(fn.inputs, name, `input of ${functionName}`), tensor] as const,
      );
      const fetches = [...fn.outputs.values()];
      const driver = fn.driver === undefined ? [] : [fn.driver];
      return byName([...fn.outputs.keys()], runGraph(binding, modelId, feeds, [...fetches, ...driver]));
    },
    async dispose() {
      binding.deleteSavedModel(modelId);
    },
  };
  /* eslint-enable @typescript-eslint/require-await */
}

function byName(names: readonly string[], values: readonly HostTensor[]): TensorMap {
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const value = values[index];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function lookUp<T>(map: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`The program has no ${what} called ${name}.`);
  return found;
}
