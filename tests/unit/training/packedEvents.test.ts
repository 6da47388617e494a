import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientFrameLimits, decodeFrame, encodeFrame } from '../../../shared/host/frames';
import type { RunEvent } from '../../../shared/training/events';
import { packEvents, unpackEvents } from '../../../shared/training/packedEvents';

const number = fc.float({ noNaN: true, noDefaultInfinity: true });
const step = fc.record(
  {
    type: fc.constant('step' as const),
    epoch: fc.nat(),
    step: fc.nat(2 ** 31 - 1),
    loss: number,
    accuracy: fc.option(number),
    imagesPerSecond: number,
    learningRate: number,
    secondsLeft: number,
    usage: fc.record({ memoryBytes: number, cores: number }),
  },
  { requiredKeys: ['type', 'epoch', 'step', 'loss', 'accuracy', 'imagesPerSecond', 'secondsLeft'] },
);
const end = fc.record({
  type: fc.constant('finished' as const),
  runDir: fc.string(),
  // What stays JSON has no −0.
  seconds: number.map((value) => value + 0),
  reason: fc.constantFrom('completed' as const, 'stopped' as const),
});
const events: fc.Arbitrary<RunEvent[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: end }),
);

describe('packed events', () => {
  it('are the events again when they are unpacked, through a frame as well', () => {
    fc.assert(
      fc.property(events, (given) => {
        const packed = packEvents(given);
        expect(unpackEvents(packed)).toEqual(given);
        const frame = encodeFrame(packed);
        // The series are bytes of the frame and no text of its head, however many steps there are.
        expect(frame).toBeInstanceOf(Uint8Array);
        const arrived = decodeFrame(frame, clientFrameLimits);
        if (!arrived.ok) throw new Error('not a frame');
        expect(unpackEvents(arrived.value as typeof packed)).toEqual(given);
      }),
    );
  });

  it('keep their order among the others', () => {
    const one = (number: number): RunEvent => ({
      type: 'step',
      epoch: 1,
      step: number,
      loss: 0.5,
      accuracy: null,
      imagesPerSecond: 1,
      secondsLeft: 1,
    });
    const stop: RunEvent = { type: 'finished', runDir: '/r', seconds: 1, reason: 'stopped' };
    const given = [stop, one(1), one(2), stop, stop, one(3), stop];
    expect(packEvents(given).steps.after).toEqual(Int32Array.of(1, 1, 3));
    expect(unpackEvents(packEvents(given))).toEqual(given);
  });
});
