import { describe, expect, it } from 'vitest';
import { runDiverged, runKilled } from '../../../shared/diagnostics/catalog/run';
import { parseEvent } from '../../../shared/training/eventSchema';
import type { RunEvent } from '../../../shared/training/events';
import { defaultTrainingConfig } from '../../../shared/schema/training';

const events: readonly RunEvent[] = [
  {
    type: 'started',
    runId: 'a',
    engine: 'tfjs',
    device: 'CPU',
    epochs: 2,
    stepsPerEpoch: 3,
    trainCount: 4,
    validationCount: 1,
    baseline: { accuracy: 0.5, meanIou: null },
    resumed: { epoch: 1, step: 2 },
  },
  { type: 'step', epoch: 1, step: 1, loss: 1, accuracy: null, imagesPerSecond: 2, secondsLeft: 3 },
  {
    type: 'epoch',
    epoch: 1,
    loss: 1,
    valLoss: 2,
    accuracy: null,
    valAccuracy: 0.5,
    valMeanIou: null,
    seconds: 1,
    usage: { memoryBytes: 5e8, cores: 1.75 },
  },
  { type: 'warning', diagnostic: runDiverged(defaultTrainingConfig, 3, 2, 1) },
  { type: 'finished', runDir: '/a', seconds: 1, reason: 'stopped' },
  { type: 'failed', diagnostic: runKilled('It is gone.') },
];
const failed = (diagnostic: unknown) => JSON.stringify({ type: 'failed', diagnostic });

describe('a line of a log', () => {
  it.each(events)('is the event that was written: $type', (event) => {
    expect(parseEvent(JSON.stringify(event))).toEqual(event);
  });

  it.each([
    '',
    'null',
    '5',
    '[]',
    '{"type":"ste',
    '{"type":"other"}',
    '{"type":"__proto__"}',
    '{"type":["step"]}',
    ...events.map(({ type }) => JSON.stringify({ type })),
    '{"type":"finished","runDir":"/a","seconds":1,"reason":{"a":1}}',
    JSON.stringify({ ...events[1], loss: 'x' }),
    failed({ ...runKilled(''), summary: 'gone' }),
    failed({ ...runKilled(''), fixes: [{ title: { en: 'a', zh: 'b' }, edits: [{ type: 'removeNodes' }] }] }),
    failed({ ...runKilled(''), fixes: [{ title: { en: 'a', zh: 'b' }, edits: [{ type: 'toString' }] }] }),
  ])('is none: %s', (line) => {
    expect(parseEvent(line)).toBeNull();
  });
});
