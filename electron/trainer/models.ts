import { checkNoErrors } from '../../shared/compile/checks';
import { compileInference } from '../../shared/compile/compile';
import { closeInputs } from '../../shared/compile/openSizes';
import { nodeNotInModel } from '../../shared/diagnostics/catalog/evaluation';
import { inputSizeMismatch } from '../../shared/diagnostics/catalog/run';
import { notOneInput } from '../../shared/diagnostics/catalog/training';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { HostTensor } from '../../shared/ops/tensor';
import { formatShape } from '../../shared/text';
import type { EngineSession, TensorMap } from '../engines/engine';
import { readStylePicture } from './lossNetwork';
import { predict, readSample } from './predict';
import { predictTable } from './predictTable';
import type { GivenSample, Predictor } from './predict';
import { wantedInput } from './prepare';
import type { TrainerQuestions } from './protocol';
import { assumedData, loadFunctions, loadProgram, modelStamp, readTrained } from './trained';
import type { TrainedModel } from './trained';

type Watcher = {
  readonly session: EngineSession;
  readonly inputName: string;
  readonly inputShape: readonly number[];
};

/** Answers about loaded models; the last one of each kind stays in its engine until its bytes change. */
export type Models = {
  predict(question: TrainerQuestions['predict'][0]): Promise<Result<TrainerQuestions['predict'][1]>>;
  predictTable(
    question: TrainerQuestions['predictTable'][0],
    signal: AbortSignal,
  ): Promise<Result<TrainerQuestions['predictTable'][1]>>;
  activations(question: TrainerQuestions['activations'][0]): Promise<Result<TrainerQuestions['activations'][1]>>;
};

/** Keeps what was loaded last, under its key. */
type Slot<T> = {
  get(key: string): T | null;
  fill(key: string, load: () => Promise<Result<T>>): Promise<Result<T>>;
};

function createSlot<T extends { readonly session: EngineSession }>(): Slot<T> {
  let kept: { readonly key: string; readonly value: T } | null = null;
  return {
    get: (key) => (kept?.key === key ? kept.value : null),
    fill: async (key, load) => {
      const previous = kept;
      kept = null;
      await previous?.value.session.dispose();
      const loaded = await load();
      if (loaded.ok) kept = { key, value: loaded.value };
      return loaded;
    },
  };
}

/** The model with the sizes that it leaves open taken from its own data, or from what it is to look at. */
function closedFor(trained: TrainedModel, sample: GivenSample | null): TrainedModel {
  const shape = trained.model.facts.data?.inputShape ?? sample?.shape ?? null;
  if (shape === null) return trained;
  const { document, analysis } = closeInputs(trained.model.document, trained.analysis, shape);
  return { ...trained, model: { ...trained.model, document }, analysis };
}

function inputText({ analysis }: TrainedModel): string {
  const shape = wantedInput(analysis)?.shape;
  return shape === undefined ? '?' : formatShape(shape);
}

async function loadPredictor(trained: TrainedModel): Promise<Result<Predictor>> {
  const errors = checkNoErrors(trained.analysis);
  if (errors.length > 0) return failure(...errors);
  const data = trained.model.facts.data ?? assumedData(trained);
  // Without a size there is no answer whose shape could tell what it is.
  if (data === null) return failure(inputSizeMismatch(inputText(trained), '?'));
  const loaded = await loadFunctions(trained, data, ['predict'], 'auto');
  if (!loaded.ok) return loaded;
  // A picture that is not there any more is no reason to give no answer.
  const style = await readStylePicture(trained.config, loaded.value.outputShape);
  const shown = style.ok && style.value !== null ? { style: style.value } : {};
  return success({ ...loaded.value, data, ...shown });
}

async function loadWatcher(trained: TrainedModel, nodes: readonly string[]): Promise<Result<Watcher>> {
  const { model, analysis } = trained;
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
  const loaded = await loadProgram(trained, program, weights, 'auto');
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
  /** Compiles what was last read, unless it is loaded already: for the same bytes, sizes and nodes. */
  const opened = async <T extends { readonly session: EngineSession }>(
    slot: Slot<T>,
    question: { readonly path: string; readonly nodes?: readonly string[] },
    sample: GivenSample | null,
    load: (trained: TrainedModel) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const { path, nodes = [] } = question;
    const key = (shape: GivenSample['shape']): string => JSON.stringify([path, stamp, nodes, shape]);
    const stamp = await modelStamp(path);
    const known = slot.get(key(null)) ?? slot.get(key(sample?.shape ?? null));
    if (known !== null) return success(known);
    const trained = await readTrained(path);
    if (!trained.ok) return trained;
    const closed = closedFor(trained.value, sample);
    const isOwn = closed.model.document === trained.value.model.document || trained.value.model.facts.data !== null;
    return await slot.fill(key(isOwn ? null : (sample?.shape ?? null)), () => load(closed));
  };
  return {
    predict: async ({ path, input }) => {
      const sample = await readSample(input);
      if (!sample.ok) return sample;
      const loaded = await opened(predictor, { path }, sample.value, loadPredictor);
      return loaded.ok ? await predict(loaded.value, sample.value) : loaded;
    },
    predictTable: async ({ path, table }, signal) => {
      const loaded = await opened(predictor, { path }, null, loadPredictor);
      return loaded.ok ? await predictTable(loaded.value, table, signal) : loaded;
    },
    activations: async ({ path, nodes, input }) => {
      const wanted = [...new Set(nodes)];
      const sample = await readSample(input);
      if (!sample.ok) return sample;
      const loaded = await opened(watcher, { path, nodes: wanted }, sample.value, (trained) =>
        loadWatcher(trained, wanted),
      );
      if (!loaded.ok) return loaded;
      const { session, inputName, inputShape } = loaded.value;
      const x = sample.value.fit(inputShape);
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
