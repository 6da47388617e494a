import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DType, EngineSession, HostTensor, TensorMap } from '../engine';
import type { TensorflowBinding } from './binding';
import { dataTypeNumber, servingTag } from './graphDef';
import type { InputPort, OutputPort, ProgramGraph } from './programGraph';

function toHost(binding: TensorflowBinding, id: number, shape: readonly number[], dtype: DType): HostTensor {
  const data = binding.tensorDataSync(id);
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (dtype === 'int32' && data instanceof Int32Array) return { dtype, shape, data };
  return { dtype: 'uint8', shape, data: Uint8Array.from(data) };
}

/** Throws unless a tensor fits its port. Gives the size of its batch where it has one: TensorFlow itself would find out late or never. */
function checkFeed(name: string, tensor: HostTensor | undefined, { shape, dtype }: InputPort): number | undefined {
  if (tensor === undefined) throw new Error(`${name} is missing.`);
  const fits =
    tensor.shape.length === shape.length &&
    shape.every((size, axis) => size === 'batch' || size === tensor.shape[axis]);
  if (tensor.dtype !== dtype || !fits) {
    const is = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
    throw new Error(`${name} is ${is} and should be ${dtype} [${shape.join(', ')}].`);
  }
  return shape[0] === 'batch' ? tensor.shape[0] : undefined;
}

/** Runs the graph once. Every tensor that it makes on the way is given back, also when the run fails. */
export function runGraph(
  binding: TensorflowBinding,
  modelId: number,
  feeds: readonly (readonly [port: string, tensor: HostTensor])[],
  outputs: readonly OutputPort[],
  /** Fetched for what they make happen; their values are of no interest. */
  drivers: readonly string[] = [],
): readonly HostTensor[] {
  const live: number[] = [];
  try {
    for (const [, { shape, dtype, data }] of feeds) {
      live.push(binding.createTensor([...shape], dataTypeNumber(dtype), data));
    }
    const inputIds = [...live];
    const inputNames = feeds.map(([port]) => port).join();
    const results = binding.runSavedModel(
      modelId,
      inputIds,
      inputNames,
      [...outputs.map(({ port }) => port), ...drivers].join(),
    );
    live.push(...results.map((result) => result.id));
    return outputs.flatMap(({ dtype }, index) => {
      const result = results[index];
      return result === undefined ? [] : [toHost(binding, result.id, result.shape, dtype)];
    });
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
      const entries = Object.entries(variables).map(([name, tensor]) => ({ name, tensor, ...ports(name) }));
      if (entries.length === 0) return;
      const feeds = entries.map(({ name, feed, tensor }) => {
        checkFeed(name, tensor, feed);
        return [feed.port, tensor] as const;
      });
      runGraph(
        binding,
        modelId,
        feeds,
        [],
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
      const feeds = [...fn.inputs].map(([name, input]) => ({
        input,
        batch: checkFeed(name, inputs[name], input),
        tensor: inputs[name],
      }));
      const batches = new Set(feeds.flatMap(({ batch }) => (batch === undefined ? [] : [batch])));
      if (batches.size > 1)
        throw new Error(`The inputs of ${functionName} have different batch sizes: ${[...batches].join(', ')}.`);
      const fed = feeds.flatMap(({ input, tensor }) => (tensor === undefined ? [] : [[input.port, tensor] as const]));
      const drivers = fn.driver === undefined ? [] : [fn.driver];
      return byName([...fn.outputs.keys()], runGraph(binding, modelId, fed, [...fn.outputs.values()], drivers));
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
