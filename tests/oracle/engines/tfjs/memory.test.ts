import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createTfjsEngine } from '../../../../electron/engines/tfjs';
import { feedsFor, variablesFor, withSession } from '../../../support/describeEngine';
import { engineProgramCases } from '../../../support/engineProgramCases';
import { opCases } from '../../../support/opCases';
import { argumentName, caseProgram, caseValues } from '../../../support/opCases/opCase';

describe.each(['wasm', 'cpu'] as const)('the tfjs engine on %s keeps no tensors', (backend) => {
  const engine = createTfjsEngine({ backends: [backend] });

  it.each(engineProgramCases.map((programCase) => [programCase.name, programCase] as const))(
    'between the runs of %s',
    async (_, { program, initial, runs }) => {
      await engine.probe();
      const before = tf.memory().numTensors;
      await withSession(engine, program, async (session) => {
        await session.write(variablesFor(program, initial));
        const idle = tf.memory().numTensors;
        for (const { functionName, inputs } of runs) {
          await session.run(functionName, feedsFor(program.functions[functionName]!, inputs));
          expect(tf.memory().numTensors).toBe(idle);
        }
        await session.write(variablesFor(program, initial));
        await session.read(Object.keys(initial));
        await expect(session.run(runs[0]!.functionName, {})).rejects.toThrow();
        expect(tf.memory().numTensors).toBe(idle);
      });
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('after every op', async () => {
    await engine.probe();
    const before = tf.memory().numTensors;
    for (const opCase of opCases) {
      const program = caseProgram(opCase);
      const values = Object.fromEntries(caseValues(opCase, 2, 1).map((value, index) => [argumentName(index), value]));
      await withSession(engine, program, async (session) => {
        await session.write(variablesFor(program, values));
        await session.run('forward', feedsFor(program.functions.forward!, values));
      });
      expect([opCase.name, tf.memory().numTensors]).toEqual([opCase.name, before]);
    }
  });
});
