import { hostFailed, requestCancelled } from '../../shared/diagnostics/catalog/host';
import { importNotRun } from '../../shared/diagnostics/catalog/importedLayers';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { ImportProblem } from '../../shared/imports/problem';
import { errorText, text } from '../../shared/text';
import { openData } from '../data/open';
import { firstPicture } from '../data/sample';
import { engines } from '../engines';
import { runModelFile } from '../engines/onnxruntime/modelFile';
import { verifyWebgpu } from '../engines/onnxruntime/verification';
import { runModelFolder } from '../engines/tensorflow/modelFolder';
import { runTfjsModel } from '../engines/tfjs/modelFile';
import { runPrintedProject } from '../engines/tfjs/printedProject';
import { createDataViewer } from './dataViewer';
import { createEmbedder } from './embed';
import { findRate } from './findRate';
import { forecastRun } from './forecast';
import { forward } from './forward';
import { measureStep } from './measure';
import { measureLayers } from './measureLayers';
import { createInspector, createReaders } from './inspect';
import { createModels } from './models';
import type { QuestionName, TrainerQuestions } from './protocol';
import { createScorer } from './score';

/** Hears how many parts of how many an answer has. */
export type OnProgress = (done: number, total: number) => void;

type Answer<N extends QuestionName> = (
  question: TrainerQuestions[N][0],
  signal: AbortSignal,
  onProgress: OnProgress,
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

/** What a foreign runtime gives; what it says where it cannot is told, as it is no failure of this app. */
async function foreign<T>(path: string, run: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await run());
  } catch (error) {
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    const why = errorText(error).slice(0, 300);
    return failure(importNotRun(text(`its own engine does not run it: ${why}`, `其自身的引擎无法运行它：${why}`)));
  }
}

/** What an answering trainer knows; each answer is a `Result`, whatever happens. */
export function createAnswers(): (
  name: QuestionName,
  question: unknown,
  signal: AbortSignal,
  onProgress?: OnProgress,
) => Promise<Result<unknown>> {
  const models = createModels();
  const readers = createReaders();
  const inspect = createInspector(readers);
  const embedder = createEmbedder();
  const scorer = createScorer();
  const viewer = createDataViewer();
  const inTurnOf =
    (turns: ReturnType<typeof createQueue>) =>
    <N extends QuestionName>(name: N, answer: Answer<N>): Answer<N> =>
    (question, signal, onProgress) =>
      // One that was cancelled while others were at work costs nothing when its turn comes.
      turns(async () =>
        signal.aborted ? failure(requestCancelled(name)) : await answer(question, signal, onProgress),
      );
  const modelTurns = createQueue();
  const ofModel = inTurnOf(modelTurns);
  // A look at a large set takes its time, and predictions do not wait for it.
  const ofData = inTurnOf(createQueue());
  // Nor does a look wait for the features of a whole set: these are read batch by batch, each in its turn.
  const ofFeatures = inTurnOf(createQueue());
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
    data: async ({ spec, ...asked }) => {
      const opened = await openData(spec, { wanted: null, infoOnly: true, ...asked });
      return opened.ok ? success(opened.value.info) : opened;
    },
    look: ofData('look', viewer.look),
    gallery: ofData('gallery', viewer.gallery),
    preview: ofData('preview', viewer.preview),
    sample: async ({ spec }) => await firstPicture(spec),
    predict: ofModel('predict', (question) => models.predict(question)),
    predictTable: ofModel('predictTable', (question, signal) => models.predictTable(question, signal)),
    activations: ofModel('activations', (question) => models.activations(question)),
    inspect: ofModel('inspect', inspect),
    nearest: ofFeatures('nearest', (question, signal, onProgress) =>
      embedder.nearest(question, { readers, inspect, inTurn: modelTurns, signal, onProgress }),
    ),
    embed: ofFeatures('embed', (question, signal, onProgress) =>
      embedder.embed(question, { readers, inspect, inTurn: modelTurns, signal, onProgress }),
    ),
    forward: ofModel('forward', forward),
    onnxFile: ofModel('onnxFile', async ({ path, inputs }) => success(await runModelFile(path, inputs))),
    modelFolder: ofModel('modelFolder', ({ path, inputs, outputs }) =>
      Promise.resolve(success(runModelFolder(path, inputs, outputs))),
    ),
    tfjsModel: ofModel('tfjsModel', ({ path, inputs, outputs }) =>
      foreign(path, () => runTfjsModel(path, inputs, outputs)),
    ),
    printedProject: ofModel('printedProject', ({ path, inputs, outputs }) =>
      foreign(path, () => runPrintedProject(path, inputs, outputs)),
    ),
    measure: ofModel('measure', measureStep),
    measureLayers: ofModel('measureLayers', measureLayers),
    findRate: ofModel('findRate', findRate),
    forecast: ofModel('forecast', forecastRun),
    evaluate: ofModel('evaluate', (question, signal) => scorer.evaluate(question, signal)),
    samples: ofModel('samples', (question, signal) => scorer.samples(question, signal)),
  };
  return async (name, question, signal, onProgress = () => undefined) => {
    try {
      // The asker is the app itself and of the same build: the name decides the question's type.
      const answer = answers[name] as (
        question: unknown,
        signal: AbortSignal,
        onProgress: OnProgress,
      ) => Promise<Result<unknown>>;
      return await answer(question, signal, onProgress);
    } catch (error) {
      return failure(hostFailed(name, errorText(error)));
    }
  };
}
