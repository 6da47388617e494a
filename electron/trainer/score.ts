import { checkTraining } from '../../shared/compile/trainingChecks';
import { evaluationNeedsData, noTestPart } from '../../shared/diagnostics/catalog/evaluation';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Evaluation } from '../../shared/host/api';
import type { EvaluatedPart } from '../../shared/schema/data';
import { readingOf } from '../../shared/schema/training';
import type { Dataset, Samples } from '../data/dataset';
import { isSameData, openData } from '../data/open';
import { baselineOver, evaluateSets } from './evaluate';
import { alignToModel } from './modelData';
import { batchForm, wantedInput } from './prepare';
import type { TrainerQuestions } from './protocol';
import { loadFunction, readTrained } from './trained';
import type { TrainedModel } from './trained';

type Prepared = { readonly dataset: Dataset; readonly warnings: readonly Diagnostic[] };

/** Opens data as the model's own were: its scaling, its classes, its input. A model that knows none takes them as they are. */
async function openFor({ model, analysis, config }: TrainedModel, spec: string): Promise<Result<Prepared>> {
  const { data } = model.facts;
  const wanted = data === null ? wantedInput(analysis) : { shape: data.inputShape };
  const opened = await openData(spec, {
    wanted,
    infoOnly: false,
    reading: { ...readingOf(config), fit: data?.fit ?? config.fit },
    ...(data === null ? {} : { readAs: data }),
  });
  if (!opened.ok) return opened;
  return data === null ? success({ dataset: opened.value, warnings: [] }) : alignToModel(opened.value, data);
}

/** The samples that a score is over: of a model's own data those that it was not trained on, of others all. */
function scoredPart(
  { train, validation, test }: Dataset,
  isOwn: boolean,
  wanted: EvaluatedPart | null,
): Result<{ readonly part: Evaluation['part']; readonly scored: readonly Samples[] }> {
  const part = wanted ?? (isOwn ? (test === undefined ? 'validation' : 'test') : 'all');
  if (part === 'test') return test === undefined ? failure(noTestPart()) : success({ part, scored: [test] });
  if (part === 'validation') return success({ part, scored: [validation] });
  return success({ part, scored: [train, validation, ...(test === undefined ? [] : [test])] });
}

/** Scores a model: on the test part of its own data, or its validation part where it has none; on the whole of any other. */
export async function scoreModel(
  { path, data: named, engine, part: wanted = null }: TrainerQuestions['evaluate'][0],
  signal: AbortSignal,
): Promise<Result<Evaluation>> {
  const trained = await readTrained(path);
  if (!trained.ok) return trained;
  const { model, analysis, config, ownData } = trained.value;
  const spec = named ?? ownData;
  if (spec === null) return failure(evaluationNeedsData(path));
  const opened = await openFor(trained.value, spec);
  if (!opened.ok) return opened;
  const { dataset, warnings } = opened.value;
  const { info, train } = dataset;
  const findings = checkTraining(model.document, analysis, info, config);
  if (findings.some(({ severity }) => severity === 'error')) return failure(...findings);
  if (signal.aborted) return failure(requestCancelled('evaluate'));
  const isOwn = ownData !== null && isSameData(spec, ownData);
  const chosen = scoredPart(dataset, isOwn, wanted);
  if (!chosen.ok) return chosen;
  const { part, scored } = chosen.value;
  const loaded = await loadFunction(trained.value, info, 'evaluate', engine);
  if (!loaded.ok) return loaded;
  const { session, outputShape } = loaded.value;
  const form = batchForm(dataset, outputShape);
  const scores = await evaluateSets(session, scored, form, config.batchSize, () => signal.aborted);
  await session.dispose();
  if (scores === null) return failure(requestCancelled('evaluate'));
  return success({
    data: spec,
    engine: loaded.value.engine,
    count: scored.reduce((sum, { count }) => sum + count, 0),
    part,
    loss: scores.loss,
    accuracy: scores.accuracy,
    meanIou: scores.meanIou,
    baseline: baselineOver(part === 'all' ? scored : [train], scored, form, info.classes.length),
    warnings: [...info.warnings, ...warnings],
  });
}
