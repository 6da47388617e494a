import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { chooseOutput } from '../../shared/compile/checks';
import { compileTraining } from '../../shared/compile/compile';
import { ignoredLabel, isLossOfValues } from '../../shared/compile/losses';
import type { NamedWeight } from '../../shared/compile/lowering';
import { pixelClasses } from '../../shared/compile/oneScore';
import { modelDamaged } from '../../shared/diagnostics/catalog/model';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { givesPicture, outputForm } from '../../shared/exports/outputs';
import type { Program } from '../../shared/ops/graph';
import type { FloatTensor } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { EngineId, TrainingConfig } from '../../shared/schema/training';
import { text } from '../../shared/text';
import { chooseEngine } from '../engines';
import type { EngineSession } from '../engines/engine';
import { folderOf, modelFiles, readModel } from '../files/models';
import type { Model } from '../files/models';
import { readRecord, runFiles } from '../files/runRecord';
import type { TrainedData } from '../files/trainedData';
import { isPerceptual } from './lossNetwork';
import { readComparison } from './perceptual';

/** A model with what it says of its training, read but not compiled. */
export type TrainedModel = {
  readonly path: string;
  readonly model: Model;
  readonly analysis: NetworkAnalysis;
  /** A run's own; for other models the document's, over the defaults. */
  readonly config: TrainingConfig;
  /** The spec of the data that it was trained on; null where that is not known. */
  readonly ownData: string | null;
};

/** A network with its weights in an engine. */
export type LoadedNetwork = { readonly engine: EngineId; readonly session: EngineSession };

/** Names the bytes of a model, so that a session of it can be kept until they change. */
export async function modelStamp(path: string): Promise<string> {
  const names = [modelFiles.network, modelFiles.weights, modelFiles.facts, runFiles.weights];
  const paths = [path, ...names.map((name) => join(folderOf(path), name))];
  const stats = await Promise.all(paths.map((one) => stat(one).catch(() => null)));
  // A folder's own time changes with every file that is written into it, the log of a run at work among them.
  return stats
    .map((file, at) => (file === null || (at === 0 && file.isDirectory()) ? '' : `${file.mtimeMs} ${file.size}`))
    .join(';');
}

/** Reads a model folder, a run's folder or a model file. */
export async function readTrained(path: string): Promise<Result<TrainedModel>> {
  const model = await readModel(path);
  if (!model.ok) return model;
  const { document } = model.value;
  const record = await readRecord(folderOf(path));
  const config = record.ok ? record.value.config : { ...defaultTrainingConfig, ...document.train };
  // A file that was never trained here may still hold settings for a training to come: they say nothing of its weights.
  const spec = model.value.facts.data === null ? null : (document.train?.data ?? null);
  const ownData = record.ok ? record.value.config.data : spec;
  return success({ path, model: model.value, analysis: analyzeNetwork(document), config, ownData });
}

/** As {@link readTrained}; the model that was read last is kept until its bytes change. */
export type TrainedReader = (path: string) => Promise<Result<TrainedModel>>;

/** See {@link TrainedReader}. */
export function createTrainedReader(): TrainedReader {
  let last: { readonly key: string; readonly read: Result<TrainedModel> } | null = null;
  return async (path) => {
    const key = JSON.stringify([path, await modelStamp(path)]);
    if (last?.key === key) return last.read;
    last = null;
    const read = await readTrained(path);
    if (read.ok) last = { key, read };
    return read;
  };
}

/**
 * What a model that was not trained here can be taken for, by the shape of its answer and what its settings say: classes without names, or
 * a picture, such as a map of one channel, which has no classes to choose from unless its loss is one of classes.
 */
export function assumedData({
  model,
  analysis,
  config,
}: Pick<TrainedModel, 'model' | 'analysis' | 'config'>): TrainedData | null {
  const [onlyOutput] = analysis.outputs;
  const [onlyInput] = analysis.inputs;
  const outputNode = config.output ?? onlyOutput ?? '';
  const output = analysis.nodes.get(outputNode)?.outputShape ?? null;
  const input = analysis.nodes.get(onlyInput ?? '')?.outputShape ?? null;
  const classCount = output?.at(-1) ?? null;
  if (output === null || input === null || classCount === null || input.includes(null)) return null;
  const isPerPixel = output.length === 3 && output.slice(0, 2).some((size) => size !== 1);
  const isOfClasses = config.loss !== 'auto' && !isLossOfValues(config.loss);
  const isOne = classCount === 1 && !isOfClasses;
  const isPicture = isPerPixel && (isOne || givesPicture(model.document, analysis, outputNode));
  const count = isPerPixel ? pixelClasses(classCount) : classCount;
  // Classes that each have a sigmoid of their own do not exclude each other.
  const mayBeMany = classCount > 1 && (config.loss === 'auto' || config.loss === 'binaryCrossEntropy');
  const isMany = mayBeMany && outputForm(model.document, analysis, outputNode) === 'chances';
  const ofWhole = isMany ? 'multi-label' : 'classification';
  return {
    task: isPicture ? 'image-to-image' : isPerPixel ? 'segmentation' : ofWhole,
    classes: isPicture ? [] : Array.from({ length: count }, (_, index) => String(index)),
    inputShape: input.map((size) => size ?? 1),
    scaling: null,
  };
}

/** Compiles functions of a program and gives them the model's weights, of which it must have all, in their shapes. */
export async function loadProgram(
  { path, model }: TrainedModel,
  program: Program,
  weights: readonly NamedWeight[],
  preference: EngineId | 'auto',
): Promise<Result<LoadedNetwork>> {
  const own: [string, FloatTensor][] = [];
  for (const { name, shape } of weights) {
    const tensor = Object.hasOwn(model.weights, name) ? model.weights[name] : undefined;
    if (tensor === undefined)
      return failure(
        modelDamaged(path, text(`${modelFiles.weights} has no ${name}.`, `${modelFiles.weights} 中没有 ${name}。`)),
      );
    if (tensor.shape.join() !== shape.join()) {
      const [here, wanted] = [tensor.shape, shape].map((sizes) => `[${sizes.join(', ')}]`);
      return failure(
        modelDamaged(
          path,
          text(
            `${modelFiles.weights} has ${name} ${here} where the network has ${wanted}.`,
            `${modelFiles.weights} 中的 ${name} 为 ${here}，而网络要求 ${wanted}。`,
          ),
        ),
      );
    }
    own.push([name, tensor]);
  }
  const choice = await chooseEngine(preference);
  if (!choice.ok) return choice;
  const session = await choice.value.engine.compile(program);
  if (!session.ok) return session;
  await session.value.write(Object.fromEntries(own));
  return success({ engine: choice.value.engine.id, session: session.value });
}

/** What is saved of averaged weights is their average, and stands in their place; outputs that learned along are not asked. */
const asSaved = { accumulate: 1, emaDecay: 0, outputWeights: '' } as const;

/** Functions of a training program, ready to run; without the others it needs neither a backward pass nor slots. */
export async function loadFunctions(
  trained: TrainedModel,
  data: Pick<TrainedData, 'task' | 'classes'>,
  wanted: readonly ('evaluate' | 'predict')[],
  preference: EngineId | 'auto',
): Promise<Result<LoadedNetwork & { readonly outputShape: readonly number[]; readonly document: NetworkDocument }>> {
  const { model, analysis, config } = trained;
  // Which masks it will be asked about is not known yet: they may have pixels of no class.
  const hasIgnored = data.task === 'segmentation' && data.classes.length <= ignoredLabel;
  const task = { kind: data.task, classCount: data.classes.length, hasIgnored };
  const output = chooseOutput(analysis, config.output);
  const answer = output.ok ? (analysis.nodes.get(output.value)?.outputShape ?? []).map((size) => size ?? 1) : [];
  // What a model answers with is the same whatever it was compared by, which may not be at hand any more.
  const compared = wanted.includes('evaluate') ? await readComparison(config, answer) : success({});
  if (!compared.ok) return compared;
  const loss = isPerceptual(config) && !wanted.includes('evaluate') ? 'auto' : config.loss;
  const compiled = compileTraining(model.document, analysis, { ...config, ...asSaved, loss, task, ...compared.value });
  if (!compiled.ok) return compiled;
  const { program, weights, outputNode } = compiled.value;
  const names = new Set(weights.map((weight) => weight.name));
  const functions = Object.fromEntries(
    Object.entries(program.functions).filter(([name]) => wanted.some((one) => one === name)),
  );
  const variables = program.variables.filter((variable) => names.has(variable.name));
  const loaded = await loadProgram(trained, { variables, functions }, weights, preference);
  if (!loaded.ok) return loaded;
  const outputShape = (analysis.nodes.get(outputNode)?.outputShape ?? []).map((size) => size ?? 1);
  return success({ ...loaded.value, outputShape, document: model.document });
}
