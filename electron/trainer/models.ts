import { compileInference } from '../../shared/compile/compile';
import { nodeNotInModel } from '../../shared/diagnostics/catalog/evaluation';
import { inputSizeMismatch } from '../../shared/diagnostics/catalog/run';
import { notOneInput } from '../../shared/diagnostics/catalog/training';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { HostTensor } from '../../shared/ops/tensor';
import type { EngineSession, TensorMap } from '../engines/engine';
import { predict, readInput } from './predict';
import type { Predictor } from './predict';
import type { TrainerQuestions } from './protocol';
import { assumedData, loadFunction, loadProgram, modelStamp, readTrained } from './trained';

type Watcher = {
  readonly session: EngineSession;
  readonly inputName: string;
  readonly inputShape: readonly number[];
};

/** Answers about loaded models; the last one of each kind stays in its engine until its bytes change. */
export type Models = {
  predict(question: TrainerQuestions['predict'][0]): Promise<Result<TrainerQuestions['predict'][1]>>;
  activations(question: TrainerQuestions['activations'][0]): Promise<Result<TrainerQuestions['activations'][1]>>;
};

/** Keeps what `load` gave for the last key. */
function createSlot<T extends { readonly session: EngineSession }>() {
  let kept: { readonly key: string; readonly value: T } | null = null;
  return async (key: string, load: () => Promise<Result<T>>): Promise<Result<T>> => {
    if (kept?.key === key) return success(kept.value);
    const previous = kept;
    kept = null;
    await previous?.value.session.dispose();
    const loaded = await load();
    if (loaded.ok) kept = { key, value: loaded.value };
    return loaded;
  };
}

async function loadPredictor(path: string): Promise<Result<Predictor>> {
  const trained = await readTrained(path);
  if (!trained.ok) return trained;
  const data = trained.value.model.facts.data ?? assumedData(trained.value);
  if (data === null) return failure(inputSizeMismatch('?', '?'));
  const loaded = await loadFunction(trained.value, data, 'predict', 'auto');
  return loaded.ok ? success({ ...loaded.value, data }) : loaded;
}

async function loadWatcher(path: string, nodes: readonly string[]): Promise<Result<Watcher>> {
  const trained = await readTrained(path);
  if (!trained.ok) return trained;
  const { model, analysis } = trained.value;
  const unknown = nodes.find((id) => !analysis.nodes.has(id));
  if (unknown !== undefined) return failure(nodeNotInModel(unknown));
  const compiled = compileInference(model.document, analysis, { nodes });
  if (!compiled.ok) return compiled;
  const { program, weights, inputs } = compiled.value;
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    return failure(
      notOneInput(
        nodes.join(', '),
        inputs.map(({ nodeId }) => nodeId),
      ),
    );
  }
  const loaded = await loadProgram(trained.value, program, weights, 'auto');
  return loaded.ok ? success({ ...loaded.value, inputName: input.name, inputShape: input.shape }) : loaded;
}

/** A tensor of one sample, without the batch, in memory of its own. */
function ofOneSample(tensor: HostTensor): HostTensor {
  const shape = tensor.shape.slice(1);
  switch (tensor.dtype) {
    case 'float32':
      return { dtype: 'float32', shape, data: tensor.data.slice() };
    case 'int32':
      return { dtype: 'int32', shape, data: tensor.data.slice() };
    case 'uint8':
      return { dtype: 'uint8', shape, data: tensor.data.slice() };
  }
}

/** Loads models as they are asked for. One question at a time: a session takes one caller. */
export function createModels(): Models {
  const predictor = createSlot<Predictor>();
  const watcher = createSlot<Watcher>();
  return {
    predict: async ({ path, input }) => {
      const loaded = await predictor(`${path} ${await modelStamp(path)}`, () => loadPredictor(path));
      return loaded.ok ? await predict(loaded.value, input) : loaded;
    },
    activations: async ({ path, nodes, input }) => {
      const wanted = [...new Set(nodes)];
      const key = JSON.stringify([path, await modelStamp(path), wanted]);
      const loaded = await watcher(key, () => loadWatcher(path, wanted));
      if (!loaded.ok) return loaded;
      const { session, inputName, inputShape } = loaded.value;
      const x = await readInput(input, inputShape);
      if (!x.ok) return x;
      const outputs: TensorMap = await session.run('predict', { [inputName]: x.value });
      const tensors = wanted.flatMap((id): [string, HostTensor][] => {
        const tensor = outputs[id];
        return tensor === undefined ? [] : [[id, ofOneSample(tensor)]];
      });
      return success({ tensors: Object.fromEntries(tensors) });
    },
  };
}
