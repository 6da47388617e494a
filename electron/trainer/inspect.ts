import { chooseOutput } from '../../shared/compile/checks';
import { classInput, compileInspection, nudgedInput, targetOutput } from '../../shared/compile/inspection';
import type { InspectedTarget, InspectionOptions, InspectionProgram } from '../../shared/compile/inspection';
import { initialWeights } from '../../shared/compile/initialWeights';
import { ignoredLabel } from '../../shared/compile/losses';
import type { TrainingTask } from '../../shared/compile/losses';
import { isOneScore } from '../../shared/compile/oneScore';
import {
  inspectionNeedsLabels,
  inspectionTooLarge,
  noSuchClass,
  noSuchValue,
  weightsOfAnother,
} from '../../shared/diagnostics/catalog/inspection';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { Inspection, Slope, SlopeAt } from '../../shared/host/api';
import type { FloatTensor, FloatTensors, HostTensor, TensorMap } from '../../shared/ops/tensor';
import { elementCount } from '../../shared/ops/tensor';
import { limits } from '../../shared/schema/limits';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { setsOf } from '../data/labels';
import { chooseEngine } from '../engines';
import type { EngineChoice } from '../engines';
import type { EngineSession } from '../engines/engine';
import { createSampleReader, inspectedNetwork } from './inspectedSamples';
import type { InspectedNetwork, ReadSamples, SampleReader } from './inspectedSamples';
import { readComparison } from './perceptual';
import type { TrainerQuestions } from './protocol';
import { createTrainedReader, modelStamp } from './trained';
import type { TrainedReader } from './trained';
import { scalarOf } from './evaluate';

type Question = TrainerQuestions['inspect'][0];

/** A program in an engine, with the weights that it computes with. */
type Loaded = {
  readonly program: InspectionProgram;
  readonly weights: FloatTensors;
  readonly choice: EngineChoice;
  readonly session: EngineSession;
};

/** The tab that looks inside and an exhibit over it ask by turns, each with and without a backward pass. */
const mostKept = 4;

/** What keeps the model and the data that were read last, for all who look into a network. */
export type Readers = { readonly models: TrainedReader; readonly samples: SampleReader };

export function createReaders(): Readers {
  return { models: createTrainedReader(), samples: createSampleReader() };
}

/** Looks into networks; what was compiled last stays in its engine, so that the next sample costs a pass alone. */
export type Inspector = (question: Question) => Promise<Result<Inspection>>;

/** See {@link Inspector}. One question at a time: a session takes one caller. */
export function createInspector({ models, samples }: Readers = createReaders()): Inspector {
  const kept = new Map<string, Loaded>();
  /** Keeps what was compiled, and lets go of what was not asked for longest. */
  const keep = async (key: string, loaded: Loaded): Promise<void> => {
    kept.delete(key);
    kept.set(key, loaded);
    const [oldest] = kept;
    if (kept.size <= mostKept || oldest === undefined) return;
    kept.delete(oldest[0]);
    await oldest[1].session.dispose();
  };
  return async (question) => {
    const network = await networkOf(question, models);
    if (!network.ok) return network;
    const read = await samples.read(network.value, question.samples);
    if (!read.ok) return read;
    const target = targetOf(question, network.value, read.value);
    if (!target.ok) return target;
    const nodes = question.nodes === 'all' ? read.value.analysis.order : question.nodes;
    const place = question.slope === undefined ? {} : { place: { of: question.slope.of, name: question.slope.name } };
    const options: InspectionOptions = {
      mode: question.mode,
      seed: question.seed,
      nodes,
      target: target.value,
      ...place,
    };
    const stamp = question.path === null ? null : await modelStamp(question.path);
    const key = JSON.stringify([question.path, stamp, read.value.document, options]);
    const loaded = kept.get(key) ?? (await compileAndLoad(question, read.value, options, models));
    if ('ok' in loaded) return loaded;
    // Samples of a known program may be more than before.
    const large = checkSize(loaded.program, question, read.value);
    if (large !== null) return failure(large);
    await keep(key, loaded);
    return await lookWith(loaded, question, read.value);
  };
}

type Failed = Extract<Result<never>, { readonly ok: false }>;

/** A program in the engine, or why there is none. */
async function compileAndLoad(
  question: Question,
  read: ReadSamples,
  options: InspectionOptions,
  models: Readers['models'],
): Promise<Loaded | Failed> {
  const target = await withComparison(options.target, read);
  if (!target.ok) return target;
  const compiled = compileInspection(read.document, read.analysis, { ...options, target: target.value });
  if (!compiled.ok) return compiled;
  const large = checkSize(compiled.value, question, read);
  if (large !== null) return { ok: false, diagnostics: [large] };
  const loaded = await load(question, compiled.value, models);
  return loaded.ok ? loaded.value : loaded;
}

/** A loss with what it compares pictures by. That has weights, so it is none of what a program is known by. */
async function withComparison(
  target: InspectedTarget | null,
  { analysis }: ReadSamples,
): Promise<Result<InspectedTarget | null>> {
  if (target?.of !== 'loss') return success(target);
  const config = { ...defaultTrainingConfig, ...target.training };
  const output = chooseOutput(analysis, config.output);
  if (!output.ok) return output;
  const answer = (analysis.nodes.get(output.value)?.outputShape ?? []).map((size) => size ?? 1);
  const compared = await readComparison(config, answer);
  return compared.ok ? success({ of: 'loss', training: { ...target.training, ...compared.value } }) : compared;
}

/** The network that a question is about, with what its weights say of their data. */
export async function networkOf(
  { path, document }: Pick<Question, 'path' | 'document'>,
  models: Readers['models'],
): Promise<Result<InspectedNetwork>> {
  const config = { ...defaultTrainingConfig, ...document.train };
  if (path === null) return success(inspectedNetwork(document, config, null));
  const trained = await models(path);
  if (!trained.ok) return trained;
  return success(inspectedNetwork(document, config, trained.value.model.facts.data));
}

function learnedTask({ task, classes, hasIgnored }: ReadSamples['task']): TrainingTask {
  return { kind: task, classCount: classes.length, hasIgnored };
}

function targetOf(
  { backward, seed }: Question,
  { config }: InspectedNetwork,
  { analysis, y, task }: ReadSamples,
): Result<InspectedTarget | null> {
  if (backward === null) return success(null);
  const { output } = config;
  if (backward.of === 'score') {
    const answer = analysis.nodes.get(output ?? analysis.outputs[0] ?? '')?.outputShape ?? [];
    const hasOneScore = isOneScore(learnedTask(task), answer);
    return success({
      of: 'score',
      ...(output === undefined ? {} : { output }),
      ...(hasOneScore ? { hasOneScore } : {}),
    });
  }
  if (y === null) return failure(inspectionNeedsLabels());
  const training = {
    ...config,
    seed,
    task: learnedTask(task),
  };
  return success({ of: 'loss', training });
}

/** Whether what is asked for can be given at once. */
function checkSize({ outputs, weights }: InspectionProgram, question: Question, { analysis, x }: ReadSamples) {
  const [batch = 1] = x.shape;
  const ofNodes = [...outputs.values.keys(), ...outputs.gradients.keys()].reduce((sum, id) => {
    const shape = analysis.nodes.get(id)?.outputShape ?? [];
    return sum + batch * elementCount(shape.map((size) => size ?? 1));
  }, 0);
  const asked = wantedWeights(question, weights).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const bytes = 4 * (ofNodes + asked * (question.backward === null ? 1 : 2));
  return bytes > limits.inspectedBytes ? inspectionTooLarge(bytes, limits.inspectedBytes) : null;
}

function wantedWeights<T extends { readonly name: string }>(question: Question, weights: readonly T[]): readonly T[] {
  return question.weights === 'all' ? weights : weights.filter(({ name }) => question.weights.includes(name));
}

async function load(
  { path, seed }: Question,
  program: InspectionProgram,
  models: Readers['models'],
): Promise<Result<Loaded>> {
  let weights: FloatTensors;
  if (path === null) weights = initialWeights(program.weights, seed);
  else {
    const trained = await models(path);
    if (!trained.ok) return trained;
    const own = trained.value.model.weights;
    // As a transform carries them: an FC that has become a conv has the same numbers in the same order.
    const misfit = program.weights.find(({ name, shape }) => own[name]?.data.length !== elementCount(shape));
    if (misfit !== undefined) return failure(weightsOfAnother(misfit.name));
    weights = Object.fromEntries(
      program.weights.flatMap(({ name, shape }) => {
        const tensor = own[name];
        return tensor === undefined ? [] : [[name, { ...tensor, shape }]];
      }),
    );
  }
  const choice = await chooseEngine('auto');
  if (!choice.ok) return choice;
  const session = await choice.value.engine.compile(program.program);
  if (!session.ok) return session;
  await session.value.write(weights);
  return success({ program, weights, choice: choice.value, session: session.value });
}

/** A tensor in memory of its own: an engine may write over what it has given. */
function own<T extends HostTensor>(tensor: T): T {
  return { ...tensor, data: tensor.data.slice() };
}

/** A look with the weights that the question puts; afterwards the engine has the model's again. */
async function lookWith(loaded: Loaded, question: Question, read: ReadSamples): Promise<Result<Inspection>> {
  const { put } = question;
  if (put === undefined) return await look(loaded, question, read);
  const names = Object.keys(put);
  const misfit = names.find((name) => loaded.weights[name]?.data.length !== put[name]?.length);
  if (misfit !== undefined) return failure(weightsOfAnother(misfit));
  const changed: Record<string, FloatTensor> = {};
  const before: Record<string, FloatTensor> = {};
  for (const name of names) {
    const [tensor, data] = [loaded.weights[name], put[name]];
    if (tensor === undefined || data === undefined) continue;
    before[name] = tensor;
    changed[name] = { ...tensor, data };
  }
  await loaded.session.write(changed);
  try {
    return await look({ ...loaded, weights: { ...loaded.weights, ...changed } }, question, read);
  } finally {
    await loaded.session.write(before);
  }
}

async function look(loaded: Loaded, question: Question, read: ReadSamples): Promise<Result<Inspection>> {
  const { program, weights, session, choice } = loaded;
  const { backward, slope } = question;
  const feeds = feedsFor(loaded, question, read);
  if (!feeds.ok) return feeds;
  const outputs = await session.run('inspect', feeds.value);
  const named = (names: ReadonlyMap<string, string>): TensorMap =>
    Object.fromEntries(
      [...names].flatMap(([id, name]): [string, HostTensor][] => {
        const tensor = outputs[name];
        return tensor === undefined ? [] : [[id, own(tensor)]];
      }),
    );
  const wanted = new Set(wantedWeights(question, program.weights).map(({ name }) => name));
  const ofWeights = new Map([...program.outputs.weightGradients].filter(([name]) => wanted.has(name)));
  const nodes = named(program.outputs.values);
  const gradients = named(program.outputs.gradients);
  const every = { nodes, gradients, weightGradients: named(program.outputs.weightGradients) };
  const tried = slope === undefined || backward === null ? null : await trySlope(loaded, feeds.value, slope, every);
  if (tried?.ok === false) return tried;
  return success({
    engine: choice.engine.id,
    inputNode: program.inputNode,
    outputNode: program.outputNode,
    task: read.task.task,
    classes: read.task.classes,
    // Samples with any number of classes have no single one to be told by.
    labels:
      read.y === null || read.task.task === 'multi-label'
        ? null
        : Array.from(read.y.data, (label) => (label === ignoredLabel ? -1 : label)),
    ...(read.y === null || read.task.task !== 'multi-label'
      ? {}
      : { labelSets: setsOf(read.y.data, read.task.classes.length) }),
    nodes,
    weights: Object.fromEntries(Object.entries(weights).filter(([name]) => wanted.has(name))),
    target: backward === null ? null : scalarOf(outputs, targetOutput),
    gradients,
    weightGradients: named(ofWeights),
    slope: tried?.value ?? null,
  });
}

function feedsFor({ program }: Loaded, { backward }: Question, { x, y, task }: ReadSamples): Result<TensorMap> {
  const given = { x, ...program.inputs(x.shape[0] ?? 1) };
  if (backward === null) return success(given);
  if (backward.of === 'loss') return success(y === null ? given : { ...given, y });
  const isOne = isOneScore(learnedTask(task), program.outputShape);
  const count = isOne ? task.classes.length : (program.outputShape.at(-1) ?? 1);
  if (backward.class >= count) return failure(noSuchClass(backward.class, count));
  const data = Float32Array.from({ length: count }, (_, index) => (index === backward.class ? 1 : 0));
  return success({ ...given, [classInput]: { dtype: 'float32', shape: [count], data } });
}

/**
 * How far a number is moved to try its slope: so far that the target changes by some thousandths, which float32 tells from its noise, and
 * not so far that it bends.
 */
function stepFor(gradient: number): number {
  const wanted = 0.002 / Math.max(Math.abs(gradient), 1e-9);
  return Math.min(0.05, Math.max(0.001, wanted));
}

/** What float32 leaves open of a target: some units in the last place of it, or of the scores that it is a difference of. */
function roundingOf(target: number): number {
  return 4 * 2 ** -23 * Math.max(1, Math.abs(target));
}

async function trySlope(
  { session, weights }: Loaded,
  feeds: TensorMap,
  { of, name, at }: SlopeAt,
  every: Pick<Inspection, 'nodes' | 'gradients' | 'weightGradients'>,
): Promise<Result<Slope>> {
  const tensor = of === 'weight' ? weights[name] : every.nodes[name];
  if (tensor?.dtype !== 'float32' || at >= tensor.data.length) return failure(noSuchValue(name, at));
  const gradient = (of === 'weight' ? every.weightGradients : every.gradients)[name]?.data[at] ?? 0;
  const step = stepFor(gradient);
  const moved = (by: number): HostTensor => {
    const data = tensor.data.slice();
    data[at] = (data[at] ?? 0) + by;
    return { ...tensor, data };
  };
  const targetAt = async (by: number): Promise<number> => {
    if (of === 'weight') await session.write({ [name]: moved(by) });
    const outputs = await session.run('check', of === 'weight' ? feeds : { ...feeds, [nudgedInput]: moved(by) });
    return scalarOf(outputs, targetOutput);
  };
  try {
    const [below, above] = [await targetAt(-step), await targetAt(step)];
    const noise = (roundingOf(above) + roundingOf(below)) / (2 * step);
    return success({ step, below, above, slope: (above - below) / (2 * step), gradient, noise });
  } finally {
    if (of === 'weight') await session.write({ [name]: tensor });
  }
}
