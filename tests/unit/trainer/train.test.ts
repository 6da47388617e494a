import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBatch } from '../../../electron/trainer/batches';
import type { BatchForm } from '../../../electron/trainer/batches';
import type { Samples } from '../../../electron/data/dataset';
import type { EngineSession, TensorMap } from '../../../electron/engines/engine';
import { baselineScores, evaluateSamples, meanIou } from '../../../electron/trainer/evaluate';
import { createKeeper } from '../../../electron/trainer/keeper';
import type { PreparedRun } from '../../../electron/trainer/prepare';
import { standingOf, startProgress } from '../../../electron/trainer/progress';
import { readEvents } from '../../../electron/files/metricsLog';
import { createRunLog } from '../../../electron/trainer/runLog';
import { installFaultyDisk } from '../../support/faults/disk';
import { trainRun } from '../../../electron/trainer/train';
import { readModel } from '../../../electron/files/models';
import { loadWeights, saveWeightPair, saveWeights } from '../../../electron/files/weights';
import { emptyDocument } from '../../../shared/schema/document';
import { text } from '../../../shared/text';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { RunEvent, Validating } from '../../../shared/training/events';
import { stepEvent } from '../../support/stepEvent';

const form: BatchForm = { task: 'classification', inputShape: [1], targetShape: [], outputShape: [2] };

/** Sample i has the pixel i and the class i % 2. */
function numbered(count: number): Samples {
  return {
    count,
    inputs: Uint8Array.from({ length: count }, (_, index) => index),
    targets: Uint8Array.from({ length: count }, (_, index) => index % 2),
  };
}

const scalar = (value: number) => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) }) as const;

/** A session whose losses the test gives; it notes the pixels of every training batch. */
function scripted(lossAt: (step: number) => number) {
  const batches: number[][] = [];
  const session: EngineSession = {
    write: () => Promise.resolve(),
    read: (names) => Promise.resolve(Object.fromEntries(names.map((name) => [name, scalar(batches.length)]))),
    run: (name, inputs): Promise<TensorMap> => {
      const pixels = Array.from(inputs['x']!.data, (value) => Math.round(value * 255));
      if (name === 'evaluate')
        return Promise.resolve({ lossSum: scalar(2 * pixels.length), correct: scalar(pixels.length / 2) });
      batches.push(pixels);
      return Promise.resolve({ loss: scalar(lossAt(batches.length)), correct: scalar(1) });
    },
    dispose: () => Promise.resolve(),
  };
  return { session, batches };
}

function preparedRun(session: EngineSession): PreparedRun {
  const train = numbered(10);
  const validation = numbered(5);
  return {
    document: emptyDocument('Net'),
    dataset: {
      info: {
        spec: 'x',
        task: 'classification',
        inputShape: [1],
        classes: ['a', 'b'],
        trainCount: 10,
        validationCount: 5,
        split: text('', ''),
        warnings: [],
      },
      targetShape: [],
      train,
      validation,
      scaling: null,
    },
    form,
    program: {
      program: { variables: [], functions: {} },
      weights: [{ name: 'f/kernel', nodeId: 'f', shape: [], initializer: { type: 'zeros' }, trainable: true }],
      slots: [],
      sums: [],
      averages: new Map(),
      stepInputs: () => ({}),
      gatherInputs: () => ({}),
      randomInputs: () => ({}),
      inputNode: 'in',
      outputNode: 'f',
      loss: 'crossEntropy',
    },
    resting: {},
    choice: {
      engine: {
        id: 'tfjs',
        reducedTypes: [],
        probe: () => Promise.reject(new Error()),
        compile: () => Promise.reject(new Error()),
      },
      status: { available: true, device: 'CPU', versions: {} },
      skipped: [],
    },
    comparison: {},
    precision: 'float32',
    session,
    fingerprint: {
      trainCount: 10,
      validationCount: 5,
      inputShape: [1],
      targetShape: [],
      classes: ['a', 'b'],
      digest: '',
    },
    from: null,
    start: null,
    warnings: [],
  };
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-train-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
  await rm(join(tmpdir(), 'convloom-run-elsewhere'), { recursive: true, force: true });
});

type Setup = {
  readonly lossAt?: (step: number) => number;
  readonly seed?: number;
  readonly stopAt?: number;
  readonly runDir?: string;
};

async function train({ lossAt = () => 1, seed = 1, stopAt = Infinity, runDir = dir }: Setup = {}) {
  const { session, batches } = scripted(lossAt);
  const events: RunEvent[] = [];
  let nowMs = 0;
  // A second a step, so that nothing is held back.
  const clock = () => (nowMs += 1000);
  const log = createRunLog(runDir, (event) => events.push(event), clock);
  await trainRun(preparedRun(session), {
    runId: 'run-elsewhere',
    dir: runDir,
    config: { ...defaultTrainingConfig, epochs: 2, batchSize: 4, seed },
    log,
    shouldStop: () => batches.length >= stopAt,
    clock,
    checkpointIntervalMs: 30_000,
  });
  return { events, batches, types: events.map(({ type }) => type) };
}

describe('training', () => {
  it('sees every sample once an epoch, the last batch as short as it is, in an order that the seed decides', async () => {
    const { batches } = await train();
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 2, 4, 4, 2]);
    const epochs = [batches.slice(0, 3).flat(), batches.slice(3).flat()];
    for (const seen of epochs) expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect((await train()).batches).toEqual(batches);
    expect((await train({ seed: 2 })).batches).not.toEqual(batches);
  });

  it('says what it does in order, and keeps every event on disk', async () => {
    const { events, types } = await train();
    const steps = ['step', 'step', 'step'];
    // The scripted accuracy of 0.5 is below the baseline of 0.6, hence the warnings.
    expect(types).toEqual(['started', ...steps, 'epoch', 'warning', ...steps, 'epoch', 'warning', 'finished']);
    expect(events[5]).toMatchObject({ diagnostic: { code: 'run/not-learning' } });
    const written = (await readFile(join(dir, 'metrics.jsonl'), 'utf8')).trim().split('\n');
    expect(written.map((line) => JSON.parse(line) as RunEvent)).toEqual(events);
    expect(events[0]).toMatchObject({
      stepsPerEpoch: 3,
      trainCount: 10,
      validationCount: 5,
      baseline: { accuracy: 0.6 },
    });
    expect(events[4]).toMatchObject({ epoch: 1, loss: 1, accuracy: 0.3, valLoss: 2, valAccuracy: 0.5 });
  });

  it('weighs the epoch’s loss by the size of its batches', async () => {
    const { events } = await train({ lossAt: (step) => (step % 3 === 0 ? 5 : 0) });
    expect(events.find(({ type }) => type === 'epoch')).toMatchObject({ loss: 1 });
  });

  it.each([
    { what: 'NaN', loss: NaN },
    { what: 'infinity', loss: Infinity },
    { what: 'a millionfold loss', loss: 3e6 },
  ])('ends with advice when the loss becomes $what', async ({ loss }) => {
    const { events, batches } = await train({ lossAt: (step) => (step === 5 ? loss : 1) });
    expect(batches).toHaveLength(5);
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      diagnostic: { code: 'run/diverged', fixes: [{ edits: [{ train: { learningRate: 0.00067 } }] }] },
    });
    expect(JSON.stringify(events)).not.toContain('null,"acc');
    expect(await readdir(dir)).toContain('weights.safetensors');
  });

  it('stops after the step at hand and keeps the weights of that step', async () => {
    const { events, batches } = await train({ stopAt: 2 });
    expect(batches).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: 'finished', reason: 'stopped' });
    const weights = await loadWeights(dir, 'x');
    expect(weights.ok && [...weights.value['f/kernel']!.data]).toEqual([2]);
  });

  it('goes on when its folder cannot be written, says so, and keeps the result elsewhere', async () => {
    await writeFile(join(dir, 'file'), '');
    const { events, types } = await train({ runDir: join(dir, 'file', 'run') });
    const codes = events.flatMap((event) => (event.type === 'warning' ? [event.diagnostic.code] : []));
    expect(codes).toContain('run/metrics-not-saved');
    expect(codes).toContain('run/weights-not-saved');
    expect(types.at(-1)).toBe('finished');
    // An error, for the exit code, though the run itself has come to its end.
    expect(events.at(-2)).toMatchObject({ type: 'warning', diagnostic: { severity: 'error' } });
    const kept = await readModel(join(tmpdir(), 'convloom-run-elsewhere'));
    expect(kept.ok && [...kept.value.weights['f/kernel']!.data]).toEqual([6]);
    expect(kept.ok && kept.value.facts.source).toBe('run run-elsewhere');
  });
});

describe('a checkpoint that is due', () => {
  it('is on disk after the next step, also where steps are long and leave the process no time between them', async () => {
    const { session } = scripted(() => 1);
    let nowMs = 0;
    const clock = () => nowMs;
    const log = createRunLog(dir, () => undefined, clock);
    const options = { runId: 'r', dir, config: defaultTrainingConfig, log, clock, checkpointIntervalMs: 30_000 };
    const keeper = createKeeper(preparedRun(session), options);
    const progress = startProgress(null, 0);
    for (progress.step = 1; progress.step <= 4; progress.step++) {
      nowMs += 10_000;
      await keeper.afterStep(standingOf(progress, nowMs));
    }
    expect(await readdir(dir)).toContain('checkpoint.safetensors');
    await log.flush();
  });
});

describe('the log of a run', () => {
  it('has an epoch, and the end, before the app is told of them', async () => {
    const { session } = scripted(() => 1);
    const told: [string, boolean][] = [];
    const clock = (): number => 0;
    const send = (event: RunEvent): void => {
      if (event.type !== 'epoch' && event.type !== 'finished') return;
      const written = existsSync(join(dir, 'metrics.jsonl')) ? readFileSync(join(dir, 'metrics.jsonl'), 'utf8') : '';
      told.push([event.type, written.includes(JSON.stringify(event))]);
    };
    await trainRun(preparedRun(session), {
      runId: 'r',
      dir,
      config: { ...defaultTrainingConfig, epochs: 1, batchSize: 4 },
      log: createRunLog(dir, send, clock),
      shouldStop: () => false,
      clock,
      checkpointIntervalMs: 30_000,
    });
    expect(told).toEqual([
      ['epoch', true],
      ['finished', true],
    ]);
  });

  it.each([
    [0, 1],
    [1, 1],
    [0, 3],
    [1, 3],
  ])(
    'has each event once, and whole, after the disk was full in the midst of write %i of %i events',
    async (at, of) => {
      const disk = installFaultyDisk(dir, { kind: 'full', at, changes: 1, part: 0.7 });
      try {
        const log = createRunLog(
          dir,
          () => undefined,
          () => 0,
        );
        for (let number = 1; number <= 6; number++) {
          log.add(stepEvent(number));
          if (number % of === 0) await log.flush();
        }
        expect(await log.settle()).toBeNull();
      } finally {
        await disk.restore();
      }
      const events = await readEvents(dir, 100);
      expect(events.map((event) => event.type === 'step' && event.step)).toEqual([1, 2, 3, 4, 5, 6]);
    },
  );

  it('sends at most 20 steps a second and writes all of them', async () => {
    const sent: RunEvent[] = [];
    let nowMs = 0;
    const log = createRunLog(
      dir,
      (event) => sent.push(event),
      () => nowMs,
    );
    for (let number = 1; number <= 1000; number++) {
      nowMs = number;
      log.add(stepEvent(number));
    }
    log.add({
      type: 'epoch',
      epoch: 1,
      loss: 1,
      valLoss: 1,
      accuracy: null,
      valAccuracy: null,
      valMeanIou: null,
      seconds: 1,
    });
    await log.flush();
    const steps = sent.filter((event) => event.type === 'step');
    expect(steps.length).toBeLessThanOrEqual(21);
    expect(steps.length).toBeGreaterThan(15);
    expect(sent.slice(-2)).toMatchObject([{ step: 1000 }, { type: 'epoch' }]);
    expect((await readFile(join(dir, 'metrics.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1001);
  });
});

describe('weights', () => {
  it('come back as they were saved', async () => {
    const weights = {
      'a/kernel': { dtype: 'float32', shape: [2, 3], data: Float32Array.from([1, -2, 3.5, 0, 1e-30, 7]) },
      'a/bias': { dtype: 'float32', shape: [1], data: Float32Array.of(9) },
    } as const;
    await saveWeights(dir, ['a/kernel', 'a/bias'], weights);
    expect(await readdir(dir)).toEqual(['weights.safetensors']);
    expect(await loadWeights(dir, 'x')).toEqual({ ok: true, value: weights });
    await rm(join(dir, 'weights.safetensors'));
    // As runs of earlier versions have them, and exported projects.
    await saveWeightPair(dir, weights);
    const loaded = await loadWeights(dir, 'x');
    expect(loaded).toEqual({ ok: true, value: weights });
    expect(JSON.parse(await readFile(join(dir, 'weights.json'), 'utf8'))).toEqual([
      { name: 'a/kernel', shape: [2, 3], dtype: 'float32', offset: 0 },
      { name: 'a/bias', shape: [1], dtype: 'float32', offset: 24 },
    ]);
    await writeFile(join(dir, 'weights.bin'), Buffer.alloc(5));
    const cut = await loadWeights(dir, 'x');
    expect(cut.ok ? null : cut.diagnostics[0]!.code).toBe('run/damaged');
    const none = await loadWeights(join(dir, 'none'), 'x');
    expect(none.ok ? null : none.diagnostics[0]!.code).toBe('run/no-weights');
  });
});

describe('scores', () => {
  it('mean IoU leaves out classes that nobody names', () => {
    expect(meanIou([90, 5, 0], [100, 20, 0])).toBeCloseTo(0.575, 10);
    expect(meanIou([0], [0])).toBe(0);
  });

  it('the baseline of per-pixel labels is the commonest class everywhere', () => {
    const pixels: BatchForm = {
      task: 'segmentation',
      inputShape: [2, 2, 1],
      targetShape: [2, 2],
      outputShape: [2, 2, 2],
    };
    const samples: Samples = { count: 1, inputs: new Uint8Array(4), targets: Uint8Array.of(0, 0, 0, 1) };
    expect(baselineScores(samples, samples, pixels, 2)).toEqual({ accuracy: 0.75, meanIou: 0.375 });
  });

  it('a batch divides pixels by 255, and cuts labels from the middle', () => {
    const samples: Samples = {
      count: 2,
      inputs: Uint8Array.of(0, 255, 51, 102),
      targets: Uint8Array.from({ length: 32 }, (_, at) => at),
    };
    const cropped: BatchForm = {
      task: 'segmentation',
      inputShape: [1, 2, 1],
      targetShape: [4, 4],
      outputShape: [2, 2, 3],
    };
    const { x, y } = makeBatch(samples, [1], cropped);
    expect(Array.from(x.data, (value) => Math.round(value * 100) / 100)).toEqual([0.2, 0.4]);
    expect(y).toMatchObject({ dtype: 'int32', shape: [1, 2, 2] });
    expect([...y.data]).toEqual([21, 22, 25, 26]);
  });

  it('evaluation adds up over batches of any size, and gives up when told to', async () => {
    const { session } = scripted(() => 1);
    for (const batchSize of [1, 2, 3, 5, 100]) {
      const scores = await evaluateSamples(session, numbered(5), form, batchSize, () => false);
      expect(scores).toEqual({ loss: 2, accuracy: 0.5, meanIou: null });
    }
    expect(await evaluateSamples(session, numbered(5), form, 2, () => true)).toBeNull();
  });

  it('a long validation tells how far it is and what the machine does, before the epoch is told', async () => {
    const { session } = scripted(() => 1);
    const told: (Validating | string)[] = [];
    let nowMs = 0;
    const clock = () => (nowMs += 600);
    await trainRun(preparedRun(session), {
      runId: 'r',
      dir,
      config: { ...defaultTrainingConfig, epochs: 1, batchSize: 1 },
      log: createRunLog(dir, ({ type }) => void told.push(...(type === 'epoch' ? [type] : [])), clock),
      shouldStop: () => false,
      tellValidating: (validating) => told.push(validating),
      clock,
      checkpointIntervalMs: 1e9,
    });
    expect(told[0]).toMatchObject({ total: 5 });
    expect(told[0]).toHaveProperty('usage.cores');
    expect(told.at(-1)).toBe('epoch');
  });
});
