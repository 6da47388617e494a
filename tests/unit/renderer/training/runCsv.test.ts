import { describe, expect, it } from 'vitest';
import { appendMetrics, emptyMetrics } from '../../../../renderer/session/metrics';
import { runCsv } from '../../../../renderer/training/runCsv';

describe('the numbers of a run as a table', () => {
  it('have the validation of an epoch in the row of its last step, and nothing where there is no number', () => {
    const metrics = emptyMetrics();
    const step = (epoch: number, at: number, loss: number) =>
      appendMetrics(metrics, {
        type: 'step',
        epoch,
        step: at,
        loss,
        accuracy: null,
        imagesPerSecond: 1,
        secondsLeft: 0,
        learningRate: Math.fround(0.1),
        ...(at === 2 ? { usage: { memoryBytes: 1000, cores: 1.5 } } : {}),
      });
    step(1, 1, 2.5);
    step(1, 2, 2);
    const scores = { loss: 2.25, valLoss: 1.75, accuracy: null, valAccuracy: 0.5, valMeanIou: null, seconds: 1 };
    appendMetrics(metrics, { type: 'epoch', epoch: 1, ...scores });
    step(2, 3, 1.5);
    expect(runCsv(metrics)).toBe(
      [
        'step,epoch,loss,accuracy,valLoss,valAccuracy,valMeanIou,valPsnr,valMacroF1,learningRate,samplesPerSecond,memoryBytes,cores',
        '1,1,2.5,,,,,,,0.1,1,,',
        '2,1,2,,1.75,0.5,,,,0.1,1,1000,1.5',
        '3,2,1.5,,,,,,,0.1,1,,',
        '',
      ].join('\n'),
    );
  });
});
