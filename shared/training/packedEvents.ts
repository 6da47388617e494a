import type { RunEvent } from './events';

type Step = Extract<RunEvent, { type: 'step' }>;
type Other = Exclude<RunEvent, Step>;

type CountName = 'epoch' | 'step';
/** What is measured; NaN stands for null, and for what was not told. */
type MeasureName = 'loss' | 'accuracy' | 'imagesPerSecond' | 'secondsLeft' | 'learningRate' | 'memoryBytes' | 'cores';

/**
 * A run's events with the steps as columns: there are thousands of them, and columns cross a channel as bytes instead of text. Measures
 * are rounded to float32, of which engines compute in any case.
 */
export type PackedEvents = {
  /** All events but the steps, in their order. */
  readonly others: readonly Other[];
  readonly steps: { readonly [N in CountName]: Int32Array } & {
    readonly [N in MeasureName]: Float32Array;
  } & {
    /** How many of the others came before each step. */
    readonly after: Int32Array;
  };
};

/** Turns events into columns. */
export function packEvents(events: readonly RunEvent[]): PackedEvents {
  const others: Other[] = [];
  const steps: Step[] = [];
  const after: number[] = [];
  for (const event of events) {
    if (event.type === 'step') {
      steps.push(event);
      after.push(others.length);
    } else others.push(event);
  }
  const counts = (name: CountName): Int32Array => Int32Array.from(steps, (step) => step[name]);
  const measures = (name: 'loss' | 'accuracy' | 'imagesPerSecond' | 'secondsLeft' | 'learningRate'): Float32Array =>
    Float32Array.from(steps, (step) => step[name] ?? NaN);
  return {
    others,
    steps: {
      after: Int32Array.from(after),
      epoch: counts('epoch'),
      step: counts('step'),
      loss: measures('loss'),
      accuracy: measures('accuracy'),
      imagesPerSecond: measures('imagesPerSecond'),
      secondsLeft: measures('secondsLeft'),
      learningRate: measures('learningRate'),
      memoryBytes: Float32Array.from(steps, ({ usage }) => usage?.memoryBytes ?? NaN),
      cores: Float32Array.from(steps, ({ usage }) => usage?.cores ?? NaN),
    },
  };
}

/** The events that {@link packEvents} was given, in their order. */
export function unpackEvents({ others, steps }: PackedEvents): readonly RunEvent[] {
  const events: RunEvent[] = [];
  let told = 0;
  steps.step.forEach((step, index) => {
    const before = steps.after[index] ?? told;
    for (const other of others.slice(told, before)) events.push(other);
    told = before;
    const accuracy = steps.accuracy[index] ?? NaN;
    const learningRate = steps.learningRate[index] ?? NaN;
    const memoryBytes = steps.memoryBytes[index] ?? NaN;
    events.push({
      type: 'step',
      epoch: steps.epoch[index] ?? 0,
      step,
      loss: steps.loss[index] ?? NaN,
      accuracy: Number.isNaN(accuracy) ? null : accuracy,
      imagesPerSecond: steps.imagesPerSecond[index] ?? 0,
      secondsLeft: steps.secondsLeft[index] ?? 0,
      ...(Number.isNaN(learningRate) ? {} : { learningRate }),
      ...(Number.isNaN(memoryBytes) ? {} : { usage: { memoryBytes, cores: steps.cores[index] ?? 0 } }),
    });
  });
  return [...events, ...others.slice(told)];
}
