import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeModel } from '../../electron/engines/onnxruntime/proto';
import { readers, type Imported } from '../../electron/host/imports/readers';
import { randomSampleInputs } from '../../electron/host/proof';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { ownerOf } from '../../shared/analysis/sharedWeights';
import { weightDifferences } from '../../shared/compile/networkWeights';
import { printJax } from '../../shared/exports/jax';
import { printKeras } from '../../shared/exports/keras';
import { printNnc } from '../../shared/exports/nnc';
import { printPytorch } from '../../shared/exports/pytorch';
import { printTfjs } from '../../shared/exports/tfjs';
import { printTypescript } from '../../shared/exports/typescript';
import type { FloatTensors } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { chain } from '../support/chain';
import { askHere, forwardHere } from '../support/forward';
import { seededWeights } from '../support/modelFolder';
import { onnxModel } from '../support/onnxExport';
import { sharedBlocks, sharedNetwork, sharedTowers } from '../support/sharedNetworks';

const ask = askHere();
const forward = forwardHere(ask);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-shared-test-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const conv = { filters: 4, kernelSize: 3, padding: 'same' } as const;

/** What standard layers of TensorFlow.js and functions of nnabla can say; one layer called behind and beside itself. */
const plain: NetworkDocument = chain([
  ['image', 'input', { shape: [6, 7, 4] }],
  ['late', 'conv', { ...conv, activation: 'relu' }],
  ['n1', 'batchnorm'],
  // Called a second time on what comes further down, and a third time on what is there from the start.
  ['early', 'conv', { ...conv, activation: 'relu' }, ['n1'], 'late'],
  ['side', 'conv', { ...conv, activation: 'relu' }, ['image'], 'late'],
  ['sum', 'add', {}, ['early', 'side']],
  ['n2', 'batchnorm', {}, ['sum'], 'n1'],
  ['f1', 'fc', { units: 5, activation: 'relu' }],
  ['f2', 'fc', { units: 5, activation: 'relu' }],
  ['f3', 'fc', { units: 5, activation: 'relu' }, ['f2'], 'f2'],
]);

/** How many nodes of each kind have weights, how many of them have them in common with others, and what all of them come to. */
function sharing(document: NetworkDocument) {
  const { nodes, totals } = analyzeNetwork(document);
  const sizes = new Map<string, number>();
  for (const node of nodes.values()) {
    if ((node.shared?.weights ?? node.weights).length === 0) continue;
    const owner = ownerOf(node);
    sizes.set(owner, (sizes.get(owner) ?? 0) + 1);
  }
  return { params: totals.params, macs: totals.macs, sets: [...sizes.values()].toSorted((a, b) => a - b) };
}

function livelyWeights(document: NetworkDocument): FloatTensors {
  const entries = Object.entries(seededWeights(document, 5)).map(([name, tensor]) => {
    const least = name.endsWith('Variance') ? 0.5 : -0.4;
    const data = tensor.data.map((_, at) => least + 0.8 * (((at * 7919 + name.length * 104_729) % 1000) / 1000));
    return [name, { ...tensor, data }] as const;
  });
  return Object.fromEntries(entries);
}

/** What came back computes what was sent, with weights of exactly its own. */
async function expectSame(document: NetworkDocument, weights: FloatTensors, back: Imported): Promise<void> {
  expect(sharing(back.document)).toEqual(sharing(document));
  if (back.model === null) throw new Error(`It has weights: ${JSON.stringify(back.report)}`);
  const held = back.model.weights;
  const analysis = analyzeNetwork(back.document);
  expect(weightDifferences(analysis, held)).toEqual([]);
  const before = analyzeNetwork(document);
  const inputs = randomSampleInputs(document, before)!;
  const ours = await forward({ document, weights }, inputs, before.outputs);
  const renamed = Object.fromEntries(analysis.inputs.map((id, at) => [id, inputs[before.inputs[at]!]!]));
  const theirs = await forward({ document: back.document, weights: held }, renamed, analysis.outputs);
  if (!ours.ok || !theirs.ok) throw new Error('Both can be run.');
  const [a, b] = [ours.value[before.outputs[0]!]!, theirs.value[analysis.outputs[0]!]!];
  a.data.forEach((value, at) => expect(b.data[at]).toBeCloseTo(value, 4));
}

describe('shared weights that go to a file and come back', () => {
  it.each([
    ['layers', sharedNetwork],
    ['one layer three times', plain],
    ['layers of blocks', sharedBlocks],
    ['whole blocks', sharedTowers],
  ])('of %s are one tensor in ONNX, and are shared again', async (name, document) => {
    const weights = livelyWeights(document);
    const model = onnxModel(document, weights);
    const floats = model.initializers.filter(({ type, shape }) => type === 'float32' && shape.length > 0);
    const counted = floats.reduce((sum, { data }) => sum + data.length / 4, 0);
    expect(counted).toBe(analyzeNetwork(document).totals.params);
    const path = join(dir, `${name}.onnx`);
    await writeFile(path, encodeModel(model));
    const read = await readers.onnx({ path, onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    await expectSame(document, weights, read.value);
  });

  it.each([
    ['one layer three times', plain],
    ['layers of blocks', sharedBlocks],
    ['whole blocks', sharedTowers],
  ])('of %s are one layer of TensorFlow.js, which runs it, and are shared again', async (_, document) => {
    const weights = livelyWeights(document);
    const analysis = analyzeNetwork(document);
    const printed = printTfjs(document, analysis, weights);
    if (!printed.ok) throw new Error(printed.diagnostics[0]!.summary.en);
    const folder = await mkdtemp(join(dir, 'model-'));
    for (const [name, content] of printed.value) await writeFile(join(folder, name), content);
    const path = join(folder, 'model.json');
    const inputs = randomSampleInputs(document, analysis)!;
    const feeds = Object.fromEntries(analysis.inputs.map((id, at) => [`#${at}`, inputs[id]!]));
    const ours = await forward({ document, weights }, inputs, analysis.outputs);
    const run = await ask('tfjsModel', { path, inputs: feeds, outputs: analysis.outputs });
    if (!ours.ok || !run.ok) throw new Error('Both can be run.');
    const theirs = Object.values(run.value.outputs)[0]!;
    ours.value[analysis.outputs[0]!]!.data.forEach((value, at) => expect(theirs.data[at]).toBeCloseTo(value, 4));
    const read = await readers.tfjs({ path, onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    await expectSame(document, weights, read.value);
  });

  it('are variables of one name for Neural Network Console, and are shared again', async () => {
    const printed = printNnc(plain, analyzeNetwork(plain));
    if (!printed.ok) throw new Error(printed.diagnostics[0]!.summary.en);
    expect(printed.value.match(/name: "late\/W"/g)).toHaveLength(1);
    const path = join(dir, 'shared.nntxt');
    await writeFile(path, printed.value);
    const read = await readers.nnc({ path, onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    expect(sharing(read.value.document)).toEqual(sharing(plain));
  });
});

describe('shared weights of layers that differ otherwise', () => {
  const apart = chain([
    ['image', 'input', { shape: [6, 7, 4] }],
    ['c1', 'conv', conv],
    ['c2', 'conv', { ...conv, strides: 2 }, ['c1'], 'c1'],
  ]);
  const analysis = analyzeNetwork(apart);

  it('go to ONNX', async () => {
    const weights = livelyWeights(apart);
    const path = join(dir, 'apart.onnx');
    await writeFile(path, encodeModel(onnxModel(apart, weights)));
    const read = await readers.onnx({ path, onto: undefined, signal: undefined });
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    await expectSame(apart, weights, read.value);
  });

  it.each([
    ['TypeScript', () => printTypescript(apart, analysis)],
    ['Keras', () => printKeras(apart, analysis)],
    ['PyTorch', () => printPytorch(apart, analysis)],
    ['JAX', () => printJax(apart, analysis)],
    ['TensorFlow.js', () => printTfjs(apart, analysis, livelyWeights(apart))],
  ])('are refused by name for %s', (_, print) => {
    const printed = print();
    expect(!printed.ok && printed.diagnostics).toMatchObject([
      { code: 'export/shared-not-printed', at: { nodeId: 'c2' }, related: ['c1'] },
    ]);
  });
});
