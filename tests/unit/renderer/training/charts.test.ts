import { describe, expect, it } from 'vitest';
import { movedStretch } from '../../../../renderer/training/chartPan';
import { appendMetrics, emptyMetrics, type RunMetrics } from '../../../../renderer/session/metrics';
import { formatTick } from '../../../../renderer/training/chartNumbers';
import { chartSvg, roundTicks } from '../../../../renderer/training/chartSvg';
import { layerHistory } from '../../../../renderer/training/layerHistory';
import { lossColumns, usualTop } from '../../../../renderer/training/runSeries';
import { placesOn, type XAxis } from '../../../../renderer/training/xAxis';

/** Two epochs of two steps and 20 samples, of 4 and 6 seconds, and a step of the third. */
function runOf(): RunMetrics {
  const metrics = emptyMetrics();
  appendMetrics(metrics, {
    type: 'started',
    runId: 'r',
    engine: 'e',
    device: 'd',
    epochs: 3,
    stepsPerEpoch: 2,
    trainCount: 20,
    validationCount: 5,
    baseline: { accuracy: 0.1, meanIou: null },
  });
  for (let step = 1; step <= 5; step += 1) {
    const epoch = Math.ceil(step / 2);
    appendMetrics(metrics, {
      type: 'step',
      epoch,
      step,
      loss: 1 / step,
      accuracy: null,
      imagesPerSecond: 5,
      secondsLeft: 1,
    });
    if (step % 2 !== 0) continue;
    const scores = {
      loss: 1,
      valLoss: 1,
      accuracy: null,
      valAccuracy: null,
      valMeanIou: null,
      seconds: epoch === 1 ? 4 : 6,
    };
    appendMetrics(metrics, { type: 'epoch', epoch, ...scores });
  }
  return metrics;
}

describe('the place of a step', () => {
  it.each([
    ['steps', [1, 2, 3, 4, 5]],
    ['epochs', [0.5, 1, 1.5, 2, 2.5]],
    ['samples', [10, 20, 30, 40, 50]],
    // Ten samples a step at five a second, after the epochs that were timed.
    ['seconds', [2, 4, 7, 10, 12]],
  ] as const)('over %s is %j', (axis: XAxis, places) => {
    const metrics = runOf();
    expect(metrics.steps.map(placesOn(axis, metrics))).toEqual(places);
    expect(lossColumns(metrics, { axis, smoothing: 'usual' })[0]).toEqual(places);
  });

  it('is the step itself where a run has not said how long its epochs are', () => {
    expect([1, 7].map(placesOn('seconds', emptyMetrics()))).toEqual([1, 7]);
  });
});

describe('the height of an axis', () => {
  const falling = Array.from({ length: 40 }, (_, at) => 2.3 * 0.9 ** at);
  it('has the first values of a curve that falls, and one wild value does not count', () => {
    expect(usualTop(falling)).toBe(2.3);
    expect(usualTop(falling.with(20, 1000))).toBe(2.3);
    expect(usualTop([null, 5, undefined, 4])).toBe(5);
    expect(usualTop([])).toBeNull();
  });

  it('counts what stays high', () => {
    expect(usualTop([...falling, 90, 95, 99, 98, 97, 96, 95])).toBe(99);
  });
});

describe('a picture of curves', () => {
  it('has round ticks, the names of its lines, and no word that is code', () => {
    expect(roundTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(3, 3)).toEqual([3]);
    const line = { label: 'A & <b>', color: '#123456', width: 2, alpha: 1, dash: false, isNamed: true };
    const svg = chartSvg({
      title: 'Loss',
      xLabel: 'steps',
      lines: [line, { ...line, label: 'hidden', isNamed: false }],
      data: [
        [0, 5, 10],
        [1, null, 0.5],
        [1, 1, 1],
      ],
      x: [0, 10],
      y: [0, 1],
      isLog: false,
      formatTick: String,
      colors: { ground: '#fff', ink: '#000', mute: '#888', line: '#ccc' },
    });
    expect(svg).toContain('A &amp; &lt;b&gt;');
    expect(svg).not.toContain('hidden');
    expect(svg.match(/<polyline points="([^"]*)"/)?.[1]?.split(' ')).toHaveLength(2);
  });
});

describe('the layers of a run', () => {
  it('have what was measured of them, epoch by epoch, and gradients by powers of ten', () => {
    const epoch = {
      type: 'epoch',
      epoch: 1,
      loss: 1,
      valLoss: 1,
      accuracy: null,
      valAccuracy: null,
      valMeanIou: null,
      seconds: 1,
    } as const;
    const look = (gradient: number) => [{ nodeId: 'c1', gradient, dead: null }];
    expect(layerHistory([{ ...epoch, layers: look(0.1) }, epoch, { ...epoch, layers: look(0.01) }])).toEqual([
      { nodeId: 'c1', gradients: [0.1, 0.01], dead: [null, null] },
    ]);
    expect(layerHistory([epoch])).toEqual([]);
  });
});

describe('the ticks of an axis', () => {
  it('are each written with their own digits, and without the noise of sums', () => {
    const step = 0.05;
    expect([0, 1, 2, 3, 4].map((at) => formatTick(at * step))).toEqual(['0', '0.05', '0.1', '0.15', '0.2']);
    expect([0.0005, 1.5, 22, 12_500].map(formatTick)).toEqual(['0.0005', '1.5', '22', '12500']);
  });
});

describe('a chart that is looked at in part', () => {
  it('is moved as far as there are numbers', () => {
    const whole = { first: 1, last: 100 };
    expect(movedStretch({ min: 20, max: 40 }, 15, whole)).toEqual({ min: 35, max: 55 });
    expect(movedStretch({ min: 20, max: 40 }, -50, whole)).toEqual({ min: 1, max: 21 });
    expect(movedStretch({ min: 20, max: 40 }, 500, whole)).toEqual({ min: 80, max: 100 });
  });
});
