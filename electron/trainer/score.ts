import { checkTraining } from '../../shared/compile/trainingChecks';
import { evaluationNeedsData, noTestPart } from '../../shared/diagnostics/catalog/evaluation';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { noSuchSample } from '../../shared/diagnostics/catalog/inspection';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Evaluation, ScoredSamples } from '../../shared/host/api';
import type { EvaluatedPart } from '../../shared/schema/data';
import { elementCount, indexOfLargest } from '../../shared/ops/tensor';
import type { FloatTensor } from '../../shared/ops/tensor';
import { isStyled } from '../../shared/training/lossParts';
import { placeOf } from '../../shared/training/answers';
import type { Dataset } from '../data/dataset';
import { isSameData, openData, readingFor } from '../data/open';
import type { EngineSession } from '../engines/engine';
import { makeBatch } from './batches';
import type { BatchForm } from './batches';
import { baselineOver, evaluateSets } from './evaluate';
import { alignToModel } from './modelData';
import { batchForm, wantedOf } from './prepare';
import { readStylePicture } from './lossNetwork';
import type { TrainerQuestions } from './protocol';
import { collectAnswers } from './sampleAnswers';
import type { ScoredPart } from './sampleAnswers';
import { loadFunctions, modelStamp, readTrained } from './trained';
import type { TrainedModel } from './trained';

type Question = Pick<TrainerQuestions['evaluate'][0], 'path' | 'data' | 'part' | 'output'>;

type Prepared = { readonly dataset: Dataset; readonly warnings: readonly Diagnostic[] };

/** A model in an engine, with the data that it is scored on. */
type Scored = Prepared & {
  readonly trained: TrainedModel;
  readonly spec: string;
  readonly part: Evaluation['part'];
  readonly parts: readonly ScoredPart[];
  readonly form: BatchForm;
  readonly engine: Evaluation['engine'];
  readonly session: EngineSession;
};

/** Opens data as the model's own were: its scaling, its classes, its input. A model that knows none takes them as they are. */
async function openFor({ model, analysis, config }: TrainedModel, spec: string): Promise<Result<Prepared>> {
  const { data } = model.facts;
  const wanted = wantedOf(analysis, config, data?.inputShape);
  const opened = await openData(spec, {
    wanted,
    infoOnly: false,
    reading: { ...readingFor(config, spec), fit: data?.fit ?? config.fit },
    ...(data === null ? {} : { readAs: data }),
  });
  if (!opened.ok) return opened;
  return data === null ? success({ dataset: opened.value, warnings: [] }) : alignToModel(opened.value, data);
}

/** The samples that a score is over: of a model's own data those that it was not trained on, of others all. */
function scoredParts(
  { train, validation, test }: Dataset,
  isOwn: boolean,
  wanted: EvaluatedPart | null,
): Result<Pick<Scored, 'part' | 'parts'>> {
  const part = wanted ?? (isOwn ? (test === undefined ? 'validation' : 'test') : 'all');
  const held: readonly ScoredPart[] = [{ part: 'validation', samples: validation }];
  const apart: readonly ScoredPart[] = test === undefined ? [] : [{ part: 'test', samples: test }];
  if (part === 'test') return apart.length === 0 ? failure(noTestPart()) : success({ part, parts: apart });
  if (part === 'validation') return success({ part, parts: held });
  return success({ part, parts: [{ part: 'train', samples: train }, ...held, ...apart] });
}

/** A model of several outputs as one that was trained for another of them. */
function ofOutput(trained: TrainedModel, output: string | undefined): TrainedModel {
  return output === undefined ? trained : { ...trained, config: { ...trained.config, output } };
}

async function prepare(
  { path, data: named, part: wanted = null, output }: Question,
  engine: TrainerQuestions['evaluate'][0]['engine'],
  functions: Parameters<typeof loadFunctions>[2],
  signal: AbortSignal,
): Promise<Result<Scored>> {
  const read = await readTrained(path);
  if (!read.ok) return read;
  const trained = ofOutput(read.value, output);
  const { model, analysis, config, ownData } = trained;
  const spec = named ?? ownData;
  if (spec === null) return failure(evaluationNeedsData(path));
  const opened = await openFor(trained, spec);
  if (!opened.ok) return opened;
  const { dataset } = opened.value;
  // How samples are mixed in training is nothing to a score.
  const choices = { ...config, mixup: 0, cutmix: 0 };
  const findings = checkTraining(model.document, analysis, dataset.info, choices);
  if (findings.some(({ severity }) => severity === 'error')) return failure(...findings);
  if (signal.aborted) return failure(requestCancelled('evaluate'));
  const parts = scoredParts(dataset, ownData !== null && isSameData(spec, ownData), wanted);
  if (!parts.ok) return parts;
  const loaded = await loadFunctions(trained, dataset.info, functions, engine);
  if (!loaded.ok) return loaded;
  const form = { ...batchForm(dataset, loaded.value.outputShape), isStyled: isStyled(config) };
  const { session } = loaded.value;
  return success({
    ...opened.value,
    ...parts.value,
    trained,
    spec,
    form,
    engine: loaded.value.engine,
    session,
  });
}

async function score(scored: Scored, wantsAnswers: boolean, signal: AbortSignal): Promise<Result<Evaluation>> {
  const { dataset, trained, parts, part, form, session } = scored;
  const { info, train } = dataset;
  const { batchSize } = trained.config;
  const shouldEnd = (): boolean => signal.aborted;
  const sets = parts.map(({ samples }) => samples);
  const scores = await evaluateSets(session, sets, form, batchSize, shouldEnd);
  const answers = wantsAnswers
    ? await collectAnswers(session, { parts, form, batchSize, dataset, shouldEnd })
    : undefined;
  if (scores === null || answers === null) return failure(requestCancelled('evaluate'));
  return success({
    data: scored.spec,
    engine: scored.engine,
    count: sets.reduce((sum, { count }) => sum + count, 0),
    part,
    loss: scores.loss,
    accuracy: scores.accuracy,
    meanIou: scores.meanIou,
    ...(scores.labels === undefined ? {} : { labels: scores.labels }),
    ...(scores.psnr === undefined ? {} : { psnr: scores.psnr }),
    ...(scores.parts === undefined ? {} : { lossParts: scores.parts }),
    baseline: baselineOver(part === 'all' ? sets : [train], sets, form, info.classes.length),
    warnings: [...info.warnings, ...scored.warnings],
    ...(answers === undefined ? {} : { answers }),
  });
}

/** Some of the samples that were scored, and for masks and pictures what the model gives. */
async function show(
  { parts, form, dataset, session, trained }: Scored,
  wanted: readonly number[],
): Promise<Result<ScoredSamples>> {
  const places = parts.map(({ part, samples: { count } }) => ({ part, count }));
  const total = places.reduce((sum, { count }) => sum + count, 0);
  const beyond = wanted.find((sample) => sample >= total);
  if (beyond !== undefined) return failure(noSuchSample(beyond, total));
  const inputs = new Float32Array(wanted.length * elementCount(form.inputShape));
  const isMask = form.task === 'segmentation';
  const isPicture = form.task === 'image-to-image';
  const [height = 1, width = 1] = isMask ? form.outputShape : [];
  const pictureSize = isPicture ? elementCount(form.outputShape) : 0;
  const pictures = {
    truth: new Float32Array(wanted.length * pictureSize),
    given: new Float32Array(wanted.length * pictureSize),
  };
  const pixels = height * width;
  const truth = new Int32Array(isMask ? wanted.length * pixels : 0);
  const given = new Int32Array(truth.length);
  const classCount = dataset.info.classes.length;
  for (const [row, sample] of wanted.entries()) {
    const { part, index } = placeOf(places, sample);
    const samples = parts.find((one) => one.part === part)?.samples;
    if (samples === undefined) continue;
    const { x, y } = makeBatch(samples, [index], form);
    inputs.set(x.data, row * x.data.length);
    if (!isMask && !isPicture) continue;
    const scores = (await session.run('predict', { x }))['scores']?.data ?? [];
    if (isPicture) {
      pictures.truth.set(y.data, row * pictureSize);
      pictures.given.set(scores, row * pictureSize);
      continue;
    }
    truth.set(y.data, row * pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      given[row * pixels + pixel] = indexOfLargest(scores, pixel * classCount, classCount);
    }
  }
  const tensor: FloatTensor = { dtype: 'float32', shape: [wanted.length, ...form.inputShape], data: inputs };
  const pictureTensor = (data: Float32Array): FloatTensor => ({
    dtype: 'float32',
    shape: [wanted.length, ...form.outputShape],
    data,
  });
  // A picture that is not there any more is no reason to show nothing.
  const style = await readStylePicture(trained.config, form.outputShape);
  return success({
    inputs: tensor,
    names: wanted.map((sample) => {
      const { part, index } = placeOf(places, sample);
      return dataset.origins?.[part][index]?.name ?? '';
    }),
    ...(isMask ? { masks: { shape: [wanted.length, height, width], truth, given } } : {}),
    ...(isPicture ? { pictures: { truth: pictureTensor(pictures.truth), given: pictureTensor(pictures.given) } } : {}),
    ...(style.ok && style.value !== null ? { style: style.value } : {}),
  });
}

/** Scores models, and shows what was scored. */
export type Scorer = {
  evaluate(question: TrainerQuestions['evaluate'][0], signal: AbortSignal): Promise<Result<Evaluation>>;
  samples(question: TrainerQuestions['samples'][0], signal: AbortSignal): Promise<Result<ScoredSamples>>;
};

/**
 * See {@link Scorer}. What was scored with answers stays open, so that its samples can be looked at without reading the data again. One
 * question at a time: a session takes one caller.
 */
export function createScorer(): Scorer {
  let kept: { readonly key: string; readonly scored: Scored } | null = null;
  const keyOf = async ({ path, data, part = null, output }: Question): Promise<string> =>
    JSON.stringify([path, await modelStamp(path), data, part, output]);
  const drop = async (): Promise<void> => {
    const last = kept;
    kept = null;
    await last?.scored.session.dispose();
  };
  return {
    evaluate: async (question, signal) => {
      const wantsAnswers = question.answers === true;
      const key = await keyOf(question);
      await drop();
      const functions = wantsAnswers ? (['evaluate', 'predict'] as const) : (['evaluate'] as const);
      const prepared = await prepare(question, question.engine, functions, signal);
      if (!prepared.ok) return prepared;
      const evaluated = await score(prepared.value, wantsAnswers, signal);
      if (wantsAnswers && evaluated.ok) kept = { key, scored: prepared.value };
      else await prepared.value.session.dispose();
      return evaluated;
    },
    samples: async (question, signal) => {
      const key = await keyOf(question);
      if (kept?.key !== key) {
        await drop();
        const prepared = await prepare(question, 'auto', ['predict'], signal);
        if (!prepared.ok) return prepared;
        kept = { key, scored: prepared.value };
      }
      return await show(kept.scored, question.samples);
    },
  };
}
