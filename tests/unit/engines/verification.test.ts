import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../electron/engines/engine';
import { createOnnxruntimeEngine } from '../../../electron/engines/onnxruntime';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import {
  largestDifference,
  onlyTraining,
  smallestProgram,
  startTraining,
  trainedNumbers,
  verificationTraining,
} from '../../../electron/engines/verification';
import { checkProgram } from '../../../shared/ops/check';

async function numbersOn(engine: Engine): Promise<readonly number[]> {
  const training = verificationTraining('small');
  const session = await engine.compile(onlyTraining(training));
  if (!session.ok) throw new Error(`${engine.id} refuses the network.`);
  await startTraining(session.value, training);
  const numbers = await trainedNumbers(session.value, training);
  await session.value.dispose();
  return numbers;
}

describe('what devices are verified with', () => {
  it('trains to the same numbers on two engines that share no code', async () => {
    const [onnxruntime, tfjs] = [
      await numbersOn(createOnnxruntimeEngine({ provider: 'cpu' })),
      await numbersOn(createTfjsEngine()),
    ];
    expect(tfjs).toHaveLength(onnxruntime.length);
    expect(largestDifference(onnxruntime, tfjs)).toBeLessThan(1e-4);
  });

  it('is made of sound graphs', () => {
    for (const name of ['small', 'middle'] as const) {
      expect(checkProgram(verificationTraining(name).program)).toEqual([]);
    }
    expect(checkProgram(smallestProgram())).toEqual([]);
  });

  it.each([
    ['equal lists', [1, -2], [1, -2], 0],
    ['small numbers, whose difference counts as it is', [0.5], [0.25], 0.25],
    ['large numbers, relative to their size', [200], [100], 0.5],
    ['a number that is none', [1, 2], [1, Number.NaN], Infinity],
    ['a list that is too short', [1, 2], [1], Infinity],
  ])('finds the largest difference of %s', (_, expected, actual, difference) => {
    expect(largestDifference(expected, actual)).toBe(difference);
  });
});
