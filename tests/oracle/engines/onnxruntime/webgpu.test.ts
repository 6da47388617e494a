import { expect, it } from 'vitest';
import { createOnnxruntimeEngine } from '../../../../electron/engines/onnxruntime';
import {
  describeContract,
  expectCase,
  expectTraining,
  feedsFor,
  variablesFor,
  withSession,
} from '../../../support/describeEngine';
import { engineProgramCases } from '../../../support/engineProgramCases';
import { opCases } from '../../../support/opCases';
import type { OpCase } from '../../../support/opCases/opCase';
import { describeUnless } from '../../../support/skip';
import { trainingCases } from '../../../support/trainingCases';
import { openWebgpuAdapter } from '../../../support/webgpuAdapter';

const { reason } = await openWebgpuAdapter();
const engine = createOnnxruntimeEngine({ provider: 'webgpu' });

/** Shaders take a software adapter a tenth of a second each: one case per op here, all of them with `describeEngine`. */
const firstOfEachOp = opCases.filter(
  (opCase, index) => opCases.findIndex((other) => opOf(other) === opOf(opCase)) === index,
);

/** What WebGPU once got wrong, or lacks an op for. */
const hardCases = [
  'conv2d 7x7x2 kernel 3x2x4 strides 1,2 pads 0,0,0,0 dilations 2,1 groups 2',
  'maxPoolGrad of equal values 7x7 window 3x3 strides 2,2 pads 0,0,0,0',
  'maxPoolGrad of equal values 5x5 window 2x2 strides 2,2 pads 0,1,0,1',
].map((wanted) => opCases.find(({ name }) => name === wanted)!);

/** A case's name begins with its op. */
function opOf({ name }: OpCase): string {
  return name.split(' ')[0] ?? '';
}

describeUnless(reason, 'the onnxruntime engine on WebGPU', () => {
  it.each([...firstOfEachOp, ...hardCases].map((opCase) => [opCase.name, opCase] as const))('%s', (_, opCase) =>
    expectCase(engine, opCase, 3),
  );

  it('trains a network of every kind as the reference does', async () => {
    const everyKind = trainingCases.find(({ name }) => name === 'a network of every kind');
    await expectTraining(engine, everyKind!, { steps: 5 });
  });

  it('keeps what is on the card when a part of it is written or read between runs', async () => {
    const { program, initial, runs } = engineProgramCases[0]!;
    const { functionName, inputs } = runs[0]!;
    const variables = variablesFor(program, initial);
    const names = Object.keys(variables);
    const [name = ''] = names;
    await withSession(engine, program, async (session) => {
      await session.write(variables);
      await session.run(functionName, feedsFor(program.functions[functionName]!, inputs));
      const after = await session.read(names);
      expect(after).not.toEqual(variables);
      await session.write({ [name]: variables[name]! });
      expect(await session.read(names)).toEqual({ ...after, [name]: variables[name]! });
    });
  });

  describeContract(() => engine);
});
