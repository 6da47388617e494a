import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainerQuestions } from '../../../electron/trainer/protocol';
import { openData } from '../../../electron/data/open';
import { makeBatch } from '../../../electron/trainer/batches';
import { batchForm } from '../../../electron/trainer/prepare';
import { chooseEngine } from '../../../electron/engines';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { zeroTensor } from '../../../shared/ops/tensor';
import { limits } from '../../../shared/schema/limits';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chain } from '../../support/chain';
import { askHere } from '../../support/forward';
import { modelFolder, seededWeights } from '../../support/modelFolder';

const network = chain([
  ['x', 'input', { shape: [28, 28, 1] }],
  ['c', 'conv', { filters: 4, kernelSize: 5, activation: 'relu' }],
  ['p', 'pool', { mode: 'max', poolSize: 2, strides: 2 }],
  ['n', 'batchnorm'],
  ['d', 'dropout', { rate: 0.25 }],
  ['f', 'fc', { units: 10 }],
]);
const nodes = network.nodes.map(({ id }) => id);
const digits = {
  task: 'classification',
  classes: '0,1,2,3,4,5,6,7,8,9'.split(','),
  inputShape: [28, 28, 1],
  scaling: null,
} as const;
const values = Float32Array.from({ length: 2 * 784 }, (_, at) => Math.abs(Math.sin(3 * at)));

const ask = askHere();
type Question = TrainerQuestions['inspect'][0];
const plain: Question = {
  document: network,
  path: null,
  seed: 5,
  mode: 'infer',
  samples: { from: 'values', values, labels: [3, 7] },
  nodes: 'all',
  weights: 'all',
  backward: { of: 'loss' },
};

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ code, summary }) => `${code} ${summary.en}`).join());
  return result.value;
}

async function look(question: Partial<Question> = {}) {
  return valueOf(await ask('inspect', { ...plain, ...question }));
}

async function refusal(question: Partial<Question>): Promise<string | null> {
  const answer = await ask('inspect', { ...plain, ...question });
  return answer.ok ? null : answer.diagnostics[0]!.code;
}

let dir: string;
let model: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-inspect-'));
  model = await modelFolder(join(dir, 'model'), network, digits, seededWeights(network, 11));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe('a look into a network', () => {
  it('gives at every node what the forward pass of the model gives', async () => {
    const seen = await look({ path: model });
    const inputs = { x: { dtype: 'float32', shape: [2, 28, 28, 1], data: values } } as const;
    const { tensors } = valueOf(await ask('forward', { path: model, nodes, inputs }));
    expect(Object.keys(seen.nodes)).toEqual(nodes);
    for (const id of nodes) {
      expect(seen.nodes[id]!.shape).toEqual(tensors[id]!.shape);
      const data = tensors[id]!.data;
      const worst = Math.max(...seen.nodes[id]!.data.map((value, at) => Math.abs(value - data[at]!)));
      expect(worst).toBeLessThan(1e-5);
    }
    expect(seen.weights['c/kernel']!.data).toEqual(seededWeights(network, 11)['c/kernel']!.data);
  });

  it('gives the gradients that a training step goes by', async () => {
    const seen = await look({ mode: 'train', path: model });
    const rate = 1;
    const options = { ...defaultTrainingConfig, optimizer: 'sgd', learningRate: rate, seed: plain.seed } as const;
    const task = { kind: 'classification', classCount: 10 } as const;
    const step = valueOf(compileTraining(network, analyzeNetwork(network), { ...options, task }));
    const session = valueOf(await valueOf(await chooseEngine('auto')).engine.compile(step.program));
    const slots = Object.fromEntries(step.slots.map(({ name, shape }) => [name, zeroTensor(shape)]));
    const before = seededWeights(network, 11);
    await session.write({ ...before, ...slots });
    const batch = {
      x: { dtype: 'float32', shape: [2, 28, 28, 1], data: values },
      y: { dtype: 'int32', shape: [2], data: Int32Array.of(3, 7) },
    } as const;
    const { loss } = await session.run('trainStep', { ...batch, ...step.stepInputs(1), ...step.randomInputs(1, 2) });
    expect(seen.target).toBeCloseTo(loss!.data[0]!, 5);
    const trained = step.weights.filter(({ trainable }) => trainable).map(({ name }) => name);
    const after = await session.read(trained);
    await session.dispose();
    expect(Object.keys(seen.weightGradients)).toEqual(trained);
    for (const name of trained) {
      const moved = after[name]!.data.map((value, at) => (before[name]!.data[at]! - value) / rate);
      const worst = Math.max(...seen.weightGradients[name]!.data.map((value, at) => Math.abs(value - moved[at]!)));
      expect(worst).toBeLessThan(1e-5);
    }
  });

  it('gives the slope at one value by moving it, beside the gradient', async () => {
    const { gradients } = await look();
    const sizes = Array.from(gradients['c']!.data, Math.abs);
    const at = sizes.indexOf(Math.max(...sizes));
    for (const place of [
      { of: 'node', name: 'c', at },
      { of: 'weight', name: 'f/kernel', at: 11 },
    ] as const) {
      const { slope } = await look({ slope: place });
      expect(slope!.gradient).not.toBe(0);
      expect(slope!.slope / slope!.gradient).toBeCloseTo(1, 1);
    }
  });

  it('begins at the score of a class, and changes nothing by looking', async () => {
    const [first, again] = [await look({ mode: 'train' }), await look({ mode: 'train' })];
    expect(again).toEqual(first);
    const scored = await look({ backward: { of: 'score', class: 4 } });
    const scores = scored.nodes['f']!.data;
    expect(scored.target).toBeCloseTo(scores[4]! + scores[14]!, 5);
    expect(Array.from(scored.gradients['f']!.data.subarray(0, 10))).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });

  it('computes with weights that are put for it alone', async () => {
    const before = await look({ path: model });
    const other = seededWeights(network, 12);
    const put = Object.fromEntries(Object.entries(other).map(([name, { data }]) => [name, data]));
    const seen = await look({ path: model, put });
    const fresh = await modelFolder(join(dir, 'other'), network, digits, other);
    expect(seen.nodes).toEqual((await look({ path: fresh })).nodes);
    expect(seen.weights['c/kernel']!.data).toEqual(other['c/kernel']!.data);
    expect(seen.nodes['f']!.data).not.toEqual(before.nodes['f']!.data);
    expect(await look({ path: model })).toEqual(before);
    expect(await refusal({ put: { 'c/kernel': new Float32Array(3) } })).toBe('inspect/weights-do-not-fit');
    expect(await refusal({ put: { 'q/kernel': new Float32Array(3) } })).toBe('inspect/weights-do-not-fit');
  });

  it('tells every class that a sample has, where it may have any number', async () => {
    const path = join(dir, 'rows.csv');
    const rows = Array.from({ length: 10 }, (_, n) => `${n},${n * n},1,${n % 2},0`);
    await writeFile(path, `x,y,a,b,c\n${rows.join('\n')}\n`);
    const samples = { from: 'data', spec: `csv:${path}`, part: 'train', indices: [0, 1, 2, 3] } as const;
    const document = {
      ...chain([
        ['x', 'input', { shape: [2] }],
        ['f', 'fc', { units: 3 }],
      ]),
      train: { targets: 'a, b, c' },
    };
    const found = await look({ document, samples, backward: null });
    expect(found).toMatchObject({ labels: null, classes: ['a', 'b', 'c'] });
    expect(new Set(found.labelSets!.map((set) => set.join()))).toEqual(new Set(['0', '0,1']));
  });

  it('shows samples of a data set by their places, with their labels', async () => {
    const data = { from: 'data', spec: 'mnist', part: 'validation', indices: [4, 0] } as const;
    const seen = await look({ samples: data, path: model });
    const [one] = [await look({ samples: { ...data, indices: [0] }, path: model })];
    expect(seen.labels).toHaveLength(2);
    expect(seen.labels![1]).toBe(one.labels![0]);
    expect(seen.nodes['x']!.data.slice(784)).toEqual(one.nodes['x']!.data);
  });

  it('brings the samples to the input of the network as training does', async () => {
    const wider = chain([
      ['x', 'input', { shape: [20, 24, 3] }],
      ['g', 'gap'],
      ['f', 'fc', { units: 10 }],
    ]);
    const samples = { from: 'data', spec: 'mnist', part: 'train', indices: [7, 3] } as const;
    const seen = await look({ document: wider, samples, backward: null });
    const dataset = valueOf(await openData('mnist', { wanted: { shape: [20, 24, 3] }, infoOnly: false }));
    const { x, y } = makeBatch(dataset.train, [7, 3], batchForm(dataset, [10]));
    expect(seen.nodes['x']!.data).toEqual(x.data);
    expect(seen.labels).toEqual([...y.data]);
  });

  it('takes a drawn picture of 0 to 255, and gives fresh weights where there is no model', async () => {
    const pixels = Uint8Array.from({ length: 784 }, (_, at) => at % 256);
    const seen = await look({ samples: { from: 'picture', input: { pixels }, label: 2 }, seed: 8 });
    expect(seen.nodes['x']!.data[255]).toBe(1);
    expect(seen.weights['f/kernel']!.data).toEqual(seededWeights(network, 8)['f/kernel']!.data);
    expect(seen.target).toBeGreaterThan(0);
  });

  it.each([
    ['a loss without labels', { samples: { from: 'values', values } }, 'inspect/needs-labels'],
    ['a class that is not there', { backward: { of: 'score', class: 10 } }, 'inspect/no-such-class'],
    ['a label that is no class', { samples: { from: 'values', values, labels: [3, 10] } }, 'inspect/no-such-class'],
    [
      'a number of values that is no sample',
      { samples: { from: 'values', values: values.slice(1) } },
      'run/input-size',
    ],
    [
      'a sample that the data do not have',
      { samples: { from: 'data', spec: 'mnist', part: 'validation', indices: [2000] } },
      'inspect/no-such-sample',
    ],
    ['a value that is not there', { slope: { of: 'weight', name: 'c/kernel', at: 100 } }, 'inspect/no-such-value'],
    ['a node that is not there', { nodes: ['nowhere'] }, 'graph/unknown-node'],
  ] as const)('refuses %s', async (_, question, code) => {
    expect(await refusal(question)).toBe(code);
  });

  it('refuses weights of another network, and more than is given at once', async () => {
    const wider = chain([
      ['x', 'input', { shape: [28, 28, 1] }],
      ['c', 'conv', { filters: 6, kernelSize: 5 }],
      ['f', 'fc', { units: 10 }],
    ]);
    expect(await refusal({ document: wider, path: model })).toBe('inspect/weights-do-not-fit');
    const large = chain([
      ['x', 'input', { shape: [28, 28, 1] }],
      ['c', 'conv', { filters: 4096, kernelSize: 5 }],
      ['g', 'gap'],
      ['f', 'fc', { units: 10 }],
    ]);
    const samples = { from: 'values', values: new Float32Array(16 * 784) } as const;
    expect(16 * 24 * 24 * 4096 * 4).toBeLessThan(limits.inspectedBytes);
    expect(await refusal({ document: large, samples, backward: { of: 'score', class: 1 } })).toBe('inspect/too-large');
  });

  it('gives the score of either class where one channel tells both apart', async () => {
    const document = {
      ...chain([
        ['x', 'input', { shape: [4, 4, 1] }],
        ['c', 'conv', { filters: 1, kernelSize: 1, activation: 'sigmoid' }],
      ]),
      train: { loss: 'dice' },
    } as const;
    const samples = { from: 'values', values: values.slice(0, 16) } as const;
    const score = async (chosen: number) =>
      await look({ document, samples, backward: { of: 'score', class: chosen }, weights: [] });
    const [ground, thing] = [await score(0), await score(1)];
    expect(thing.classes).toHaveLength(2);
    expect(thing.target).not.toBe(0);
    expect(ground.target).toBeCloseTo(-thing.target!, 5);
    expect(await refusal({ document, samples, backward: { of: 'score', class: 2 } })).toBe('inspect/no-such-class');
  });
});
