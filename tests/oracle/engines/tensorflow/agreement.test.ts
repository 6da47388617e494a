import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import type { Engine } from '../../../../electron/engines/engine';
import { createOnnxruntimeEngine } from '../../../../electron/engines/onnxruntime';
import { createTensorflowEngine } from '../../../../electron/engines/tensorflow';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { parseNetwork } from '../../../../shared/document/parse';
import { compileTraining } from '../../../../shared/compile/compile';
import type { TrainingProgram } from '../../../../shared/compile/compile';
import type { TrainingTask } from '../../../../shared/compile/losses';
import { expectClose, feedsFor, variablesFor, withSession } from '../../../support/describeEngine';
import { drawTensor } from '../../../support/opCases/opCase';
import type { Tensors64 } from '../../../support/referenceInterpreter';
import { fromHostTensor } from '../../../support/tensor64';
import { describeTensorflow } from '../../../support/tensorflow';
import { withoutNorms } from '../../../support/withoutNorms';
import { compileCase, initialVariables, stepFeeds, trainingCases } from '../../../support/trainingCases';
import { isWhole } from '../../../support/isWhole';

const steps = 20;

type Trained = { readonly outputs: readonly Tensors64[]; readonly variables: Tensors64 };

/** Trains from seed 5 and gives every step's outputs and the variables at the end. */
function train(engine: Engine, compiled: TrainingProgram, feeds: (step: number) => Tensors64): Promise<Trained> {
  const { program } = compiled;
  const { trainStep } = program.functions;
  return withSession(engine, program, async (session) => {
    await session.write(variablesFor(program, initialVariables(compiled, 5)));
    const outputs: Tensors64[] = [];
    for (let step = 1; step <= steps; step++) {
      const values = await session.run('trainStep', feedsFor(trainStep!, feeds(step)));
      outputs.push(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromHostTensor(value)])));
    }
    const read = await session.read(program.variables.map(({ name }) => name));
    const variables = Object.entries(read).map(([name, value]) => [name, fromHostTensor(value)] as const);
    return { outputs, variables: Object.fromEntries(variables) };
  });
}

/**
 * Expects equal losses, and equal weights unless `lossesOnly`: Adam divides a gradient by its own size, so where that is all
 * rounding error, weights of no effect wander apart by a part of the learning rate a step (tfjs does so too), and of thousands of pixels a few change class.
 */
async function expectAgreement(
  compiled: TrainingProgram,
  feeds: (step: number) => Tensors64,
  { lossesOnly = false } = {},
): Promise<void> {
  const ours = await train(createTensorflowEngine(), compiled, feeds);
  const theirs = await train(createOnnxruntimeEngine(), compiled, feeds);
  ours.outputs.forEach((outputs, step) => {
    for (const [name, value] of Object.entries(outputs)) {
      if (name === 'loss' || !lossesOnly) expectClose(value, theirs.outputs[step]![name]!);
    }
  });
  if (lossesOnly) return;
  for (const [name, value] of Object.entries(ours.variables)) expectClose(value, theirs.variables[name]!);
}

function compileTemplate(id: string, task: TrainingTask, optimizer: 'sgd' | 'adam'): TrainingProgram {
  const path = join(import.meta.dirname, '..', '..', '..', '..', 'templates', id, 'network.json');
  const document = parseNetwork(readFileSync(path, 'utf8'));
  if (!document.ok) throw new Error(`${path} does not parse.`);
  const network = withoutNorms(document.value);
  const compiled = compileTraining(network, analyzeNetwork(network), {
    task,
    optimizer,
    // At larger steps the small U-Net's loss still leaps about, and rounding errors leap with it.
    learningRate: optimizer === 'sgd' ? 0.01 : 0.001,
    momentum: 0.9,
    loss: 'auto',
    seed: 1,
  });
  if (!compiled.ok) throw new Error(`${path} does not compile.`);
  return compiled.value;
}

/** Random images and labels, two of each, and the step's scalars. */
function templateFeeds(compiled: TrainingProgram, task: TrainingTask): (step: number) => Tensors64 {
  const { inputs } = compiled.program.functions.trainStep!;
  const shapeOf = (name: string) =>
    inputs.find((input) => input.name === name)!.shape.map((size) => (size === 'batch' ? 2 : size));
  return (step) => ({
    x: drawTensor(shapeOf('x'), 'normal', step),
    y: drawTensor(shapeOf('y'), { below: task.classCount }, 1000 + step),
    ...Object.fromEntries(
      Object.entries({ ...compiled.stepInputs(step), ...compiled.randomInputs(step, 2) }).map(
        ([name, value]) => [name, fromHostTensor(value)] as const,
      ),
    ),
  });
}

const templates = [
  ['lenet', { kind: 'classification', classCount: 10 }],
  ['dnn', { kind: 'classification', classCount: 10 }],
  ['lenet-gap', { kind: 'classification', classCount: 10 }],
  ['fcn-small', { kind: 'segmentation', classCount: 11 }],
  ['unet-small', { kind: 'segmentation', classCount: 11 }],
] as const satisfies readonly (readonly [string, TrainingTask])[];
const trained = isWhole ? templates : templates.slice(0, 1);

/** One peer is enough: that the other engines agree with each other is tested beside. */
describeTensorflow('TensorFlow trains as ONNX Runtime does, 20 steps from one seed', () => {
  it.each(trainingCases.map((trainingCase) => [trainingCase.name, trainingCase] as const))(
    '%s',
    async (_name, trainingCase) => {
      const compiled = compileCase(trainingCase);
      await expectAgreement(compiled, (step) => stepFeeds(trainingCase, compiled, step));
    },
  );

  it.each(trained)('the template %s by SGD', async (id, task) => {
    const compiled = compileTemplate(id, task, 'sgd');
    await expectAgreement(compiled, templateFeeds(compiled, task));
  });

  it.each(trained)('the template %s by Adam', async (id, task) => {
    const compiled = compileTemplate(id, task, 'adam');
    await expectAgreement(compiled, templateFeeds(compiled, task), { lossesOnly: true });
  });
});
