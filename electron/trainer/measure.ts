import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { compileTraining } from '../../shared/compile/compile';
import type { TrainingOptions } from '../../shared/compile/compile';
import { pixelClasses } from '../../shared/compile/oneScore';
import { closeInputs } from '../../shared/compile/openSizes';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { StepMeasure } from '../../shared/host/api';
import { createRandom } from '../../shared/ops/random';
import { elementCount } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { readingOf } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { openData } from '../data/open';
import { chooseEngine } from '../engines';
import type { HostTensor } from '../engines/engine';
import { settlePrecision } from '../engines/precision';
import { settleRecompute } from '../engines/recompute';
import { writeInitialState } from './prepare';

/** Timing ends when this long has been timed, or this many steps. */
const enoughMs = 1500;
const mostSteps = 20;

/** What is timed, and as what. */
export type MeasureQuestion = { readonly document: NetworkDocument; readonly config: TrainingConfig };

/** The network with the sizes that it leaves open taken from the data. */
export async function closed({ document, config }: MeasureQuestion) {
  const analysis = analyzeNetwork(document);
  const isOpen = analysis.inputs.some((id) => analysis.nodes.get(id)?.outputShape?.includes(null) === true);
  if (!isOpen) return success({ document, analysis });
  const data = await openData(config.data, { wanted: null, infoOnly: true, reading: readingOf(config) });
  return data.ok ? success(closeInputs(document, analysis, data.value.info.inputShape)) : data;
}

/** As what a network is timed: what its answer looks like decides, as no data are at hand. */
export function optionsOf(analysis: NetworkAnalysis, config: TrainingConfig): TrainingOptions {
  const answer = analysis.nodes.get(config.output ?? analysis.outputs[0] ?? '')?.outputShape ?? [];
  const kind = answer.length === 3 ? 'segmentation' : 'classification';
  const channels = Math.max(answer.at(-1) ?? 1, 1);
  const classCount = kind === 'segmentation' ? pixelClasses(channels) : channels;
  const plain = { ...config, accumulate: 1, emaDecay: 0, mixup: 0, cutmix: 0 };
  return { ...plain, loss: 'auto', task: { kind, classCount, hasIgnored: false } };
}

/**
 * Times training steps as the trainer runs them, on random pictures and labels: the first is left out, as it also warms up, and the
 * median of the others counts. How long a step takes hangs on sizes and not on what is in them.
 */
export async function measureStep(question: MeasureQuestion, signal: AbortSignal): Promise<Result<StepMeasure>> {
  const { config } = question;
  const network = await closed(question);
  if (!network.ok) return network;
  const { document, analysis } = network.value;
  const options = optionsOf(analysis, config);
  const { classCount } = options.task;
  const choice = await chooseEngine(config.engine);
  if (!choice.ok) return choice;
  const settled = await settlePrecision(choice.value, config.precision);
  if (!settled.ok) return settled;
  const compiled = compileTraining(document, analysis, options, settled.value.precision);
  if (!compiled.ok) return compiled;
  const program = { ...compiled.value, program: settleRecompute(choice.value, compiled.value.program, config).program };
  const { trainStep } = program.program.functions;
  if (trainStep === undefined) throw new Error('The program has no training step.');
  const { engine, status } = choice.value;
  const session = await engine.compile({ ...program.program, functions: { trainStep } });
  if (!session.ok) return session;
  try {
    await writeInitialState(session.value, program, config.seed);
    const { batchSize } = config;
    const batch = randomBatch(trainStep.inputs, batchSize, classCount);
    const times: number[] = [];
    for (let step = 1; ; step++) {
      if (signal.aborted) return failure(requestCancelled('run.measure'));
      const feeds = { ...batch, ...program.stepInputs(step), ...program.randomInputs(step, batchSize) };
      const start = performance.now();
      await session.value.run('trainStep', feeds);
      const ms = performance.now() - start;
      if (step > 1) times.push(ms);
      const timed = times.reduce((sum, time) => sum + time, 0);
      if (times.length >= mostSteps || (times.length > 0 && timed >= enoughMs)) break;
    }
    times.sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    return success({
      engine: engine.id,
      device: status.device,
      batchSize,
      secondsPerStep: median / 1000,
      steps: times.length,
    });
  } finally {
    await session.value.dispose();
  }
}

type InputSpec = { readonly name: string; readonly shape: readonly (number | 'batch')[] };

/** Pictures of values from 0 to 1, and a label for each answer. */
function randomBatch(
  inputs: readonly InputSpec[],
  batchSize: number,
  classCount: number,
): { readonly x: HostTensor; readonly y: HostTensor } {
  const random = createRandom(1);
  const shapeOf = (name: string): readonly number[] =>
    (inputs.find((input) => input.name === name)?.shape ?? []).map((size) => (size === 'batch' ? batchSize : size));
  const [xShape, yShape] = [shapeOf('x'), shapeOf('y')];
  const pixels = Float32Array.from({ length: elementCount(xShape) }, () => random.uniform());
  const labels = Int32Array.from({ length: elementCount(yShape) }, () => Math.floor(random.uniform() * classCount));
  return {
    x: { dtype: 'float32', shape: xShape, data: pixels },
    y: { dtype: 'int32', shape: yShape, data: labels },
  };
}
