import { analyzeNetwork } from '../../shared/analysis/analyze';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { compileTraining } from '../../shared/compile/compile';
import { initialWeights } from '../../shared/compile/initialWeights';
import { createRandom } from '../../shared/ops/random';
import { elementCount } from '../../shared/ops/tensor';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { EngineId, SettledPrecision } from '../../shared/schema/training';
import { chooseEngine } from '../engines';
import type { HostTensor } from '../engines/engine';
import type { BenchCase } from './network';
import type { Stepper } from './protocol';

/** Pixels in [0, 1) and labels, the same in every process. */
export function randomBatch(pixelCount: number, labelCount: number, classCount: number) {
  const random = createRandom(1);
  return {
    pixels: Float32Array.from({ length: pixelCount }, () => random.uniform()),
    labels: Int32Array.from({ length: labelCount }, () => Math.floor(random.uniform() * classCount)),
  };
}

/** The value of a result; its diagnostics are thrown, for the process to answer with. */
function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
}

/** A case compiled for one of our engines, with Adam as the trainer runs it. */
export async function createEngineStepper(
  id: EngineId,
  precision: SettledPrecision,
  benchCase: BenchCase,
): Promise<Stepper> {
  const { document, batchSize, task } = benchCase;
  const config = { ...defaultTrainingConfig, optimizer: 'adam', task } as const;
  const training = valueOf(compileTraining(document, analyzeNetwork(document), config, precision));
  const { engine, status } = valueOf(await chooseEngine(id));
  const { trainStep } = training.program.functions;
  if (trainStep === undefined) throw new Error('The program has no training step.');
  const session = valueOf(await engine.compile({ ...training.program, functions: { trainStep } }));
  await session.write(initialWeights(training.weights, 1));
  const zeros = training.slots.map(({ name, shape }): [string, HostTensor] => [
    name,
    { dtype: 'float32', shape, data: new Float32Array(elementCount(shape)) },
  ]);
  await session.write(Object.fromEntries(zeros));
  const shapes = new Map(
    trainStep.inputs.map(({ name, shape }) => [name, shape.map((size) => (size === 'batch' ? batchSize : size))]),
  );
  const [xShape, yShape] = [shapes.get('x') ?? [], shapes.get('y') ?? []];
  const { pixels, labels } = randomBatch(elementCount(xShape), elementCount(yShape), task.classCount);
  const x: HostTensor = { dtype: 'float32', shape: xShape, data: pixels };
  const y: HostTensor = { dtype: 'int32', shape: yShape, data: labels };
  let count = 0;
  return {
    device: status.device,
    version: Object.entries(status.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    step: async () => {
      count += 1;
      const scalars = training.stepInputs(count);
      const random = training.randomInputs(count, batchSize);
      const { loss } = await session.run('trainStep', { x, y, ...scalars, ...random });
      return loss?.data[0] ?? NaN;
    },
  };
}
