import { hostFailed, requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../shared/text';
import { openData } from '../data/open';
import { firstPicture } from '../data/sample';
import { engines } from '../engines';
import { verifyWebgpu } from '../engines/onnxruntime/verification';
import { createModels } from './models';
import type { QuestionName, TrainerQuestions } from './protocol';
import { scoreModel } from './score';

type Answer<N extends QuestionName> = (
  question: TrainerQuestions[N][0],
  signal: AbortSignal,
) => Promise<Result<TrainerQuestions[N][1]>>;

/** Lets one piece of work begin when the one before it has ended, however that was. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** What an answering trainer knows; each answer is a `Result`, whatever happens. */
export function createAnswers(): (
  name: QuestionName,
  question: unknown,
  signal: AbortSignal,
) => Promise<Result<unknown>> {
  const models = createModels();
  const inTurn = createQueue();
  const ofModel =
    <N extends QuestionName>(name: N, answer: Answer<N>): Answer<N> =>
    (question, signal) =>
      // One that was cancelled while others were at work costs nothing when its turn comes.
      inTurn(async () => (signal.aborted ? failure(requestCancelled(name)) : await answer(question, signal)));
  const answers: { readonly [N in QuestionName]: Answer<N> } = {
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
    sample: async ({ spec }) => await firstPicture(spec),
    predict: ofModel('predict', (question) => models.predict(question)),
    predictTable: ofModel('predictTable', (question, signal) => models.predictTable(question, signal)),
    activations: ofModel('activations', (question) => models.activations(question)),
    evaluate: ofModel('evaluate', scoreModel),
  };
  return async (name, question, signal) => {
    try {
      // The asker is the app itself and of the same build: the name decides the question's type.
      const answer = answers[name] as (question: unknown, signal: AbortSignal) => Promise<Result<unknown>>;
      return await answer(question, signal);
    } catch (error) {
      return failure(hostFailed(name, errorText(error)));
    }
  };
}
