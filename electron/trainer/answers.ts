import { checkTraining } from '../../shared/compile/trainingChecks';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { hostFailed } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../shared/text';
import { openData } from '../data/open';
import { engines } from '../engines';
import { verifyWebgpu } from '../engines/onnxruntime/verification';
import { baselineScores, evaluateSamples } from './evaluate';
import { createPredictor } from './predict';
import { batchForm } from './prepare';
import type { Evaluation, QuestionName, TrainerQuestions } from './protocol';
import { loadTrained } from './trained';

type Answers = {
  readonly [N in QuestionName]: (question: TrainerQuestions[N][0]) => Promise<Result<TrainerQuestions[N][1]>>;
};

async function evaluate({ dir, data, engine }: TrainerQuestions['evaluate'][0]): Promise<Result<Evaluation>> {
  const loaded = await loadTrained(dir, ['evaluate'], engine);
  if (!loaded.ok) return loaded;
  const { record, document, session, outputShape } = loaded.value;
  const spec = data ?? record.config.data;
  const opened = await openData(spec, { wanted: { shape: record.data.inputShape }, infoOnly: false });
  if (!opened.ok) return opened;
  const dataset = opened.value;
  const findings = checkTraining(document, analyzeNetwork(document), dataset.info, record.config.output);
  if (findings.some(({ severity }) => severity === 'error')) return failure(...findings);
  const form = batchForm(dataset, outputShape);
  const scores = await evaluateSamples(session, dataset.validation, form, record.config.batchSize, () => false);
  await session.dispose();
  const baseline = baselineScores(dataset.train, dataset.validation, form, dataset.info.classes.length);
  return success({
    data: spec,
    engine: loaded.value.engine,
    count: dataset.validation.count,
    loss: scores?.loss ?? 0,
    accuracy: scores?.accuracy ?? null,
    meanIou: scores?.meanIou ?? null,
    baseline,
  });
}

/** What an answering trainer knows; each answer is a `Result`, whatever happens. */
export function createAnswers(): (name: QuestionName, question: unknown) => Promise<Result<unknown>> {
  const predictor = createPredictor();
  const answers: Answers = {
    engine: async ({ engine }) => {
      const found = engines.find(({ id }) => id === engine);
      if (found !== undefined) return success(await found.probe());
      return success({
        available: false,
        why: text('This build does not contain it.', '此版本不包含它。'),
        mend: null,
      });
    },
    webgpu: async () => success(await verifyWebgpu()),
    data: async ({ spec }) => {
      const opened = await openData(spec, { wanted: null, infoOnly: true });
      return opened.ok ? success(opened.value.info) : opened;
    },
    predict: (question) => predictor.predict(question),
    evaluate,
  };
  return async (name, question) => {
    try {
      // The asker is the app itself and of the same build: the name decides the question's type.
      const answer = answers[name] as (question: unknown) => Promise<Result<unknown>>;
      return await answer(question);
    } catch (error) {
      return failure(hostFailed(name, errorText(error)));
    }
  };
}
