import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Samples } from '../../../electron/data/dataset';
import { createTfjsEngine } from '../../../electron/engines/tfjs';
import { batchForm, writeInitialState } from '../../../electron/trainer/prepare';
import { createRunLog } from '../../../electron/trainer/runLog';
import { trainRun } from '../../../electron/trainer/train';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import { createRandom } from '../../../shared/ops/random';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { text } from '../../../shared/text';
import type { LayerLook, RunEvent } from '../../../shared/training/events';
import { chain, type ChainRow } from '../../support/chain';

const engine = createTfjsEngine();

type Task = 'classification' | 'multi-label' | 'segmentation' | 'regression';
type Labels = (place: number, random: () => number) => number | readonly number[];

const side = 6;

/** Pictures with one bright row: `place` says which. The label is made of the place alone. */
function pictures(count: number, seed: number, labelOf: Labels, placeOf = (index: number) => index % 3): Samples {
  const random = createRandom(seed);
  const inputs = new Uint8Array(count * side * side);
  const targets: number[] = [];
  for (let index = 0; index < count; index++) {
    const place = placeOf(index);
    for (let at = 0; at < side * side; at++) {
      const isBright = Math.floor(at / side) === 2 * place;
      inputs[index * side * side + at] = Math.floor((isBright ? 170 : 0) + 80 * random.uniform());
    }
    targets.push(...[labelOf(place, () => random.uniform())].flat());
  }
  return { count, inputs, targets: Float32Array.from(targets) };
}

const byPlace: Labels = (place) => place;
/** The top row is two classes, the middle row one, and the bottom row none. */
const byPlaces: Labels = (place) => [Number(place < 1), Number(place < 2), 0];
/** Each class is there in a third of the pictures or two, so that the loss of a guess is about ln 2. */
const byHalves: Labels = (place) => [Number(place < 1), Number(place < 2), Number(place === 1)];

type Fault = {
  readonly rows?: readonly ChainRow[];
  readonly config?: Partial<TrainingConfig>;
  readonly task?: Task;
  readonly train?: Samples;
  readonly validation?: Samples;
};

const image: ChainRow = ['image', 'input', { shape: [side, side, 1] }];
const plain: readonly ChainRow[] = [
  ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
  ['f', 'fc', { units: 3 }],
];

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-idle-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** Trains the network for an epoch, and gives what the run warns of. */
async function warningsOf(fault: Fault): Promise<readonly Diagnostic[]> {
  return (await eventsOf(fault)).flatMap((event) =>
    event.type === 'warning' || event.type === 'failed' ? [event.diagnostic] : [],
  );
}

/** Trains the network for an epoch, and gives all that the run says. */
async function eventsOf({
  rows = plain,
  config: given = {},
  task = 'classification',
  ...data
}: Fault): Promise<readonly RunEvent[]> {
  const { train = pictures(240, 1, byPlace), validation = pictures(90, 2, byPlace) } = data;
  const document = chain([image, ...rows]);
  const analysis = analyzeNetwork(document);
  const config = { ...defaultTrainingConfig, epochs: 1, batchSize: 12, learningRate: 0.01, ...given };
  const classes = task === 'regression' ? [] : ['top', 'middle', 'bottom'];
  const compiled = compileTraining(document, analysis, { ...config, task: { kind: task, classCount: classes.length } });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  await engine.probe();
  const session = await engine.compile(compiled.value.program);
  if (!session.ok) throw new Error(session.diagnostics[0]!.summary.en);
  await writeInitialState(session.value, compiled.value, config.seed);
  const targetShape = {
    classification: [],
    'multi-label': [3],
    segmentation: [side, side],
    regression: [1],
  }[task];
  const counts = { trainCount: train.count, validationCount: validation.count };
  const info = { spec: 'x', task, inputShape: [side, side, 1], classes, ...counts, split: text('', ''), warnings: [] };
  const dataset = { info, targetShape, train, validation, scaling: null };
  const events: RunEvent[] = [];
  let nowMs = 0;
  const clock = () => (nowMs += 1000);
  const log = createRunLog(dir, (event) => void events.push(event), clock);
  await trainRun(
    {
      document,
      dataset,
      form: batchForm(dataset, analysis.nodes.get(compiled.value.outputNode)!.outputShape!),
      program: compiled.value,
      resting: {},
      choice: { engine, status: { available: true, device: 'CPU', versions: {} }, skipped: [] },
      comparison: {},
      precision: 'float32',
      session: session.value,
      fingerprint: { ...counts, inputShape: info.inputShape, targetShape, classes, digest: '' },
      from: null,
      start: null,
      warnings: [],
    },
    { runId: 'run', dir, config, log, shouldStop: () => false, clock, checkpointIntervalMs: 1e9 },
  );
  await session.value.dispose();
  return events;
}

const deep = (activation: string, depth: number, extra = {}): readonly ChainRow[] => [
  ...Array.from({ length: depth }, (_, at): ChainRow => [`f${at}`, 'fc', { units: 12, activation, ...extra }]),
  ['f', 'fc', { units: 3 }],
];

const faults: readonly (readonly [string, string, Fault])[] = [
  ['run/rate-too-small', 'a learning rate of 1e-8', { config: { learningRate: 1e-8 } }],
  ['run/rate-too-small', 'a learning rate of 1e-6 by SGD', { config: { learningRate: 1e-6, optimizer: 'sgd' } }],
  ['run/dead-units', 'steps that kill every unit', { config: { learningRate: 30, optimizer: 'sgd' } }],
  [
    'run/rate-too-large',
    'steps that overshoot where units cannot die',
    {
      rows: [
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'tanh' }],
        ['f', 'fc', { units: 3 }],
      ],
      config: { learningRate: 50, optimizer: 'sgd' },
    },
  ],
  [
    'run/rate-too-large',
    'steps so long that the weights are anywhere, at the loss of a guess',
    {
      rows: [
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'tanh' }],
        ['f', 'fc', { units: 3, activation: 'tanh' }],
      ],
      config: { learningRate: 5 },
    },
  ],
  [
    'run/signal-lost',
    'kernels that begin at zero',
    {
      rows: [
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu', initializer: 'zeros' }],
        ['d', 'conv', { filters: 6, kernelSize: 3, activation: 'relu', initializer: 'zeros' }],
        ['f', 'fc', { units: 3 }],
      ],
    },
  ],
  [
    'run/signal-lost',
    'LeCun weights before twenty ReLUs',
    { rows: deep('relu', 20, { initializer: 'lecunUniform' }), config: { optimizer: 'sgd' } },
  ],
  [
    'run/input-unscaled',
    'pixels of 0 to 255',
    {
      rows: [
        ['big', 'scale', { scale: 255 }],
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
        ['f', 'fc', { units: 3 }],
      ],
      config: { learningRate: 3, optimizer: 'sgd' },
    },
  ],
  ['run/gradient-vanishes', 'ten sigmoids in a row', { rows: deep('sigmoid', 10) }],
  [
    'run/batch-norm-of-one',
    'batch norm of single values',
    {
      rows: [
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
        ['f0', 'fc', { units: 8 }],
        ['n', 'batchnorm'],
        ['f', 'fc', { units: 3 }],
      ],
      config: { batchSize: 1, seed: 3 },
      train: pictures(60, 1, byPlace),
    },
  ],
  [
    'run/class-not-trained',
    'a class that training lacks',
    { train: pictures(240, 1, byPlace, (index) => index % 2), validation: pictures(90, 2, byPlace, () => 2) },
  ],
  [
    'run/labels-disagree',
    'labels that validation counts from one',
    { validation: pictures(90, 2, (place) => (place + 1) % 3) },
  ],
  [
    'run/labels-unrelated',
    'random labels',
    {
      config: { batchSize: 2 },
      train: pictures(240, 1, (_, random) => Math.floor(3 * random())),
      validation: pictures(90, 2, (_, random) => Math.floor(3 * random())),
    },
  ],
  [
    'run/rate-too-small',
    'a learning rate of 1e-8 for any number of classes',
    {
      task: 'multi-label',
      config: { learningRate: 1e-8 },
      train: pictures(240, 1, byPlaces),
      validation: pictures(90, 2, byPlaces),
    },
  ],
  [
    'run/one-class-answered',
    'masks that are background almost everywhere',
    {
      task: 'segmentation',
      rows: [['c', 'conv', { filters: 3, kernelSize: 1 }]],
      config: { learningRate: 0.1 },
      ...masks(),
    },
  ],
  [
    'run/rate-too-small',
    'a learning rate of 1e-8, per pixel',
    {
      task: 'segmentation',
      rows: [['c', 'conv', { filters: 3, kernelSize: 3, padding: 'same' }]],
      config: { learningRate: 1e-8 },
      ...masks(),
    },
  ],
  [
    'run/rate-too-small',
    'a learning rate of 1e-8, for numbers',
    {
      task: 'regression',
      rows: [
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
        ['f', 'fc', { units: 1 }],
      ],
      config: { learningRate: 1e-8 },
    },
  ],
  [
    'run/labels-unrelated',
    'numbers that have nothing to do with the pictures',
    {
      task: 'regression',
      rows: [
        ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
        ['f', 'fc', { units: 1 }],
      ],
      config: { batchSize: 4 },
      train: pictures(1200, 1, (_, random) => random()),
      validation: pictures(90, 2, (_, random) => random()),
    },
  ],
  [
    'run/too-few-steps',
    'a single step, whatever the labels',
    {
      train: pictures(12, 1, (_, random) => Math.floor(3 * random())),
      validation: pictures(90, 2, (_, random) => Math.floor(3 * random())),
    },
  ],
  [
    'run/too-few-steps',
    'any number of classes, each of about half the pictures, near the loss of a guess from the start',
    {
      task: 'multi-label',
      config: { learningRate: 0.001, batchSize: 8 },
      train: pictures(240, 1, byHalves),
      validation: pictures(90, 2, byHalves),
    },
  ],
  [
    'run/too-few-steps',
    'a start that is far off',
    {
      task: 'regression',
      rows: [['f', 'fc', { units: 1 }]],
      train: pictures(240, 1, (place) => place + 20),
      validation: pictures(90, 2, (place) => place + 20),
      config: { learningRate: 0.02 },
    },
  ],
];

/** A single pixel of class 1, anywhere. */
function masks(): { readonly train: Samples; readonly validation: Samples } {
  const mask: Labels = (_, random) => {
    const found = Math.floor(side * side * random());
    return Array.from({ length: side * side }, (__, at) => (at === found ? 1 : 0));
  };
  return { train: pictures(120, 1, mask), validation: pictures(30, 2, mask) };
}

describe('an epoch that taught nothing', () => {
  it.each(faults)('%s: %s', async (code, _, fault) => {
    expect((await warningsOf(fault)).map((warning) => warning.code)).toEqual([code]);
  });

  it('is not found where something was learned', async () => {
    expect(await warningsOf({})).toEqual([]);
    const numbers = { task: 'regression', rows: [...plain.slice(0, 1), ['f', 'fc', { units: 1 }]] } as const;
    expect(await warningsOf({ ...numbers })).toEqual([]);
  });

  it('is not found where any number of classes was learned, of which one is never there', async () => {
    const data = { train: pictures(240, 1, byPlaces), validation: pictures(90, 2, byPlaces) };
    const events = await eventsOf({ task: 'multi-label', config: { learningRate: 0.02, epochs: 3 }, ...data });
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
    const { labels } = events.flatMap((event) => (event.type === 'started' ? [event.baseline] : []))[0]!;
    // A third of the pictures have the first class, two thirds the second: 2 x share / (1 + share).
    expect(labels!.macroF1).toBeCloseTo((0.5 + 0.8) / 2, 12);
    const epoch = events.findLast((event) => event.type === 'epoch');
    expect(epoch).toMatchObject({ accuracy: null, valAccuracy: null, watch: { metric: 'macroF1' } });
    expect(epoch?.type === 'epoch' && epoch.valLabels!.macroF1!).toBeGreaterThan(0.9);
  });

  it('is answered with a larger rate, never a smaller one, where the steps are too small', async () => {
    const [warning] = await warningsOf({ config: { learningRate: 1e-8 } });
    const [edit] = warning!.fixes[0]!.edits;
    expect(edit).toMatchObject({ type: 'setTraining' });
    expect(edit!.type === 'setTraining' ? edit.train.learningRate : 0).toBeGreaterThan(1e-6);
  });

  it('says that a loss of ln 3 is that of equal answers', async () => {
    const [, , zeros] = faults.find(([, title]) => title === 'kernels that begin at zero')!;
    const [warning] = await warningsOf(zeros);
    expect(warning!.why!.en).toContain('ln 3 = 1.098612');
    expect(warning!.summary.en).toContain('let no signal through');
  });

  it('names how far the labels are apart', async () => {
    const [warning] = await warningsOf({ validation: pictures(90, 2, (place) => (place + 1) % 3) });
    expect(warning!.why!.en).toContain('moved by 1');
  });
});

describe('a run that goes wrong', () => {
  it('names the first node that gave no numbers, and tries a third of the rate', async () => {
    const rows: readonly ChainRow[] = [
      ['c', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
      ['d', 'conv', { filters: 6, kernelSize: 3, activation: 'relu' }],
      ['f', 'fc', { units: 1 }],
    ];
    const targets = { train: pictures(240, 1, (place) => place), validation: pictures(90, 2, (place) => place) };
    const config = { learningRate: 1e12, optimizer: 'sgd' } as const;
    const found = (await warningsOf({ task: 'regression', rows, config, ...targets })).at(-1)!;
    expect(found).toMatchObject({ code: 'run/diverged' });
    expect(found.fixes[0]!.edits).toMatchObject([{ train: { learningRate: 3.3e11 } }]);
  });

  it('names the layer of a network whose values overflow', async () => {
    const scales = [1, 2, 3, 4, 5].map((at): ChainRow => [`s${at}`, 'scale', { scale: 1e9 }]);
    const found = (await warningsOf({ rows: [...scales, ['f', 'fc', { units: 3 }]] })).at(-1)!;
    expect(found).toMatchObject({ code: 'run/diverged', at: { nodeId: 's5' } });
    expect(found.why!.en).toContain('s5');
  });

  it('over-fits from an epoch on, and says so once', async () => {
    const random: Labels = (_, next) => Math.floor(3 * next());
    const rows: readonly ChainRow[] = [
      ['f0', 'fc', { units: 64, activation: 'relu' }],
      ['f', 'fc', { units: 3 }],
    ];
    const config = { epochs: 20, learningRate: 0.01 };
    const data = { train: pictures(36, 1, random), validation: pictures(60, 2, random) };
    const found = (await warningsOf({ rows, config, ...data })).filter(({ code }) => code === 'run/over-fitting');
    expect(found).toHaveLength(1);
    expect(found[0]!.fixes[0]!.edits).toMatchObject([{ train: { keep: 'best' } }]);
  });
});

describe('the layers at the end of an epoch', () => {
  const layersOf = async (fault: Fault): Promise<readonly LayerLook[]> =>
    (await eventsOf(fault)).flatMap((event) => (event.type === 'epoch' ? (event.layers ?? []) : []));

  it('have a gradient, and units that live while the network learns', async () => {
    const [conv, fc] = await layersOf({});
    expect(conv).toMatchObject({ nodeId: 'c' });
    expect(conv!.gradient).toBeGreaterThan(0);
    expect(conv!.dead).toBeLessThan(1);
    expect(fc).toMatchObject({ nodeId: 'f', dead: null });
    expect(fc!.gradient).toBeGreaterThan(0);
  });

  it('are dead, without a gradient, after steps that kill every unit', async () => {
    const [conv] = await layersOf({ config: { learningRate: 30, optimizer: 'sgd' } });
    expect(conv).toEqual({ nodeId: 'c', gradient: 0, dead: 1 });
  });
});
