import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readers, type Imported } from '../../../electron/host/imports/readers';
import { measureProof, randomSampleInputs } from '../../../electron/host/proof';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { weightDifferences } from '../../../shared/compile/networkWeights';
import { flatNetwork } from '../../../shared/document/expand';
import { parseNetwork } from '../../../shared/document/parse';
import { printTfjs } from '../../../shared/exports/tfjs';
import type { FloatTensors } from '../../../shared/ops/tensor';
import type { Json, NetworkDocument } from '../../../shared/schema/document';
import { askHere, forwardHere } from '../../support/forward';
import { seededWeights } from '../../support/modelFolder';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { randomNetwork } from '../../support/randomNetworks';

const ask = askHere();
const forward = forwardHere(ask);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-tfjs-test-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** Weights none of which is what a layer starts with, so that a lost one shows. */
function livelyWeights(document: NetworkDocument): FloatTensors {
  const entries = Object.entries(seededWeights(document, 5)).map(([name, tensor]) => {
    const least = name.endsWith('Variance') ? 0.5 : -0.4;
    const data = tensor.data.map((_, at) => least + 0.8 * (((at * 7919 + name.length * 104_729) % 1000) / 1000));
    return [name, { ...tensor, data }] as const;
  });
  return Object.fromEntries(entries);
}

async function exported(document: NetworkDocument, weights: FloatTensors): Promise<string> {
  const printed = printTfjs(document, analyzeNetwork(document), weights);
  if (!printed.ok) throw new Error(printed.diagnostics.map(({ summary }) => summary.en).join('\n'));
  const folder = await mkdtemp(join(dir, 'model-'));
  for (const [name, content] of printed.value) await writeFile(join(folder, name), content);
  return join(folder, 'model.json');
}

async function imported(path: string): Promise<Imported> {
  const read = await readers.tfjs({ path, onto: undefined, signal: undefined });
  if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
  return read.value;
}

/** Kinds, params with their defaults, and wires. Nodes are called as they were; of blocks, as a layer can be called. */
function plainForm(document: NetworkDocument) {
  const flat = flatNetwork(document);
  const { order, nodes } = analyzeNetwork(document);
  const plain = (id: string): string => id.replaceAll('/', '_');
  return Object.fromEntries(
    order.map((id) => {
      const node = nodes.get(id)!;
      const from = flat.edges
        .filter(({ to }) => to === id)
        .toSorted((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0))
        .map((edge) => plain(edge.from));
      return [plain(id), { kind: node.kind, params: node.params, from }];
    }),
  );
}

/** tfjs runs what was exported, and what comes back is run here: both give what the network gives. */
async function expectSameNumbers(document: NetworkDocument): Promise<Imported> {
  const weights = livelyWeights(document);
  const path = await exported(document, weights);
  const analysis = analyzeNetwork(document);
  const inputs = randomSampleInputs(document, analysis)!;
  const ours = await forward({ document, weights }, inputs, analysis.outputs);
  if (!ours.ok) throw new Error(ours.diagnostics[0]!.summary.en);
  const feeds = Object.fromEntries(analysis.inputs.map((id, at) => [`#${at}`, inputs[id]!]));
  const run = await ask('tfjsModel', { path, inputs: feeds, outputs: analysis.outputs });
  if (!run.ok) throw new Error(run.diagnostics[0]!.summary.en);
  const proof = measureProof(ours.value, run.value.outputs, 'tfjs');
  expect(proof.scale).toBeGreaterThan(0);
  expect(proof.maxDifference).toBeLessThanOrEqual(1e-4 * proof.scale);
  const back = await imported(path);
  expect(weightDifferences(analyzeNetwork(back.document), back.model!.weights)).toEqual([]);
  const outcome = await back.prove!(back.model!, forward, ask);
  expect(outcome.skipped).toBeNull();
  expect(outcome.proof!.maxDifference).toBeLessThanOrEqual(1e-4 * outcome.proof!.scale);
  return back;
}

/** As {@link expectSameNumbers}, and the same network comes back. */
async function expectSameNetwork(document: NetworkDocument): Promise<void> {
  const back = await expectSameNumbers(document);
  expect(plainForm(back.document)).toEqual(plainForm(document));
}

const map = [6, 7, 4] as const;
const relu = ['activation', { function: 'relu' }] as const;

describe('a network that goes to TensorFlow.js and comes back', () => {
  it.each<[string, NetworkDocument]>([
    [
      'convolutions with their own padding, strides, groups and activations',
      chainNetwork(
        map,
        ['conv', { filters: 8, kernelSize: [3, 2], padding: [1, 0, 2, 1], activation: 'hardswish' }],
        ['conv', { filters: 8, kernelSize: 3, padding: 'same', groups: 8, useBias: false, initializer: 'heNormal' }],
        ['conv', { filters: 6, kernelSize: 1, strides: 2, activation: 'leakyRelu', trainable: false }],
        ['conv', { filters: 3, kernelSize: 2, dilationRate: 2, padding: 'same', activation: 'gelu' }],
        ['fc', { units: 5, activation: 'softmax' }],
      ),
    ],
    [
      'up-convolutions',
      chainNetwork(
        [3, 4, 2],
        ['upconv', { filters: 3, kernelSize: 3, padding: 1 }],
        ['upconv', { filters: 2, kernelSize: 3, padding: 'same', activation: 'hardsigmoid' }],
        ['upconv', { filters: 2, kernelSize: 2, strides: 3 }],
        ['upconv', { filters: 2, kernelSize: 3, padding: [0, 1, 1, 0], useBias: false }],
      ),
    ],
    [
      'pools',
      chainNetwork(
        [12, 12, 3],
        relu,
        ['pool', { poolSize: 3, strides: 2, padding: 1 }],
        ['pool', { mode: 'avg', poolSize: 3, strides: 1, padding: 1, countIncludePad: true }],
        ['pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 'same' }],
        ['pool', { mode: 'sum', poolSize: 2, strides: 1, padding: 1 }],
        ['gap', { keepDims: true, mode: 'max' }],
      ),
    ],
    [
      'norms, scales and dropouts',
      chainNetwork(
        map,
        ['scale', { scale: 2, shift: -1 }],
        ['batchnorm', { momentum: 0.9, epsilon: 1e-5 }],
        ['batchnorm', { scale: false, center: false, trainable: false }],
        ['layernorm', { epsilon: 1e-5 }],
        ['layernorm', { axis: 'all', scale: false }],
        ['dropout', { rate: 0.25, spatial: true }],
        ['dropout', { rate: 0.1, paths: true }],
        ['dropout', { rate: 0.5 }],
        ['activation', { function: 'prelu' }],
        ['activation', { function: 'elu' }],
        ['activation', { function: 'leakyRelu', alpha: 0.1 }],
        ['activation', { function: 'hardswish' }],
        ['activation', { function: 'hardsigmoid' }],
        ['activation', { function: 'clip', min: 0, max: 0.5 }],
        ['activation', { function: 'logSoftmax' }],
      ),
    ],
    [
      'shapes',
      chainNetwork(
        [6, 8, 4],
        ['slice', { axis: 'channels', from: 1, to: 3 }],
        ['shuffle', { groups: 2 }],
        ['pad', { top: 1, right: 2, mode: 'constant', value: 3 }],
        ['permute', { order: [2, 1, 3] }],
        ['upsample', { factor: [2, 3] }],
        ['upsample', { factor: 2, mode: 'bilinear', coordinates: 'asymmetric' }],
        ['reshape', { shape: [12, 70, 4] }],
        ['flatten'],
        ['slice', { from: 3, to: 80 }],
      ),
    ],
    [
      'branches, gates and two inputs',
      wiredNetwork({
        a: ['input', { shape: [5, 5, 4] }],
        b: ['input', { shape: [5, 5, 4] }],
        less: ['merge', { mode: 'subtract' }, 'a', 'b'],
        most: ['merge', { mode: 'maximum' }, 'a', 'b'],
        mean: ['merge', { mode: 'average' }, 'a', 'b', 'most'],
        squeeze: ['gap', {}, 'less'],
        excite: ['fc', { units: 4, activation: 'sigmoid' }, 'squeeze'],
        gated: ['multiply', {}, 'mean', 'excite'],
        sum: ['add', {}, 'gated', 'less'],
        all: ['concat', {}, 'sum', 'most', 'a'],
        small: ['conv', { filters: 2, kernelSize: 3 }, 'all'],
        head: ['gap', { mode: 'max' }, 'most'],
      }),
    ],
  ])('is the same in kinds, params, wires and numbers: %s', async (_what, document) => {
    await expectSameNetwork(document);
  });

  it.each<[string, NetworkDocument]>([
    ['groups as convolutions side by side', chainNetwork(map, ['conv', { filters: 6, kernelSize: 3, groups: 2 }])],
    [
      'an activation behind groups',
      chainNetwork(map, ['conv', { filters: 6, kernelSize: 3, groups: 2, activation: 'leakyRelu' }]),
    ],
    [
      'bounds as those of a ReLU, and a softmax along an axis between two turns',
      chainNetwork(
        map,
        ['activation', { function: 'clip', min: -0.5, max: 0.5 }],
        ['activation', { function: 'clip', max: 0.25 }],
        ['activation', { function: 'clip', min: -0.25 }],
        ['activation', { function: 'softmax', axis: 'height' }],
        ['activation', { function: 'logSoftmax', axis: 'width' }],
      ),
    ],
    [
      'blocks of positions and channels as turns of three axes',
      chainNetwork(
        [3, 2, 12],
        ['depthToSpace', { order: 'CRD' }],
        ['spaceToDepth'],
        ['depthToSpace'],
        ['spaceToDepth', { order: 'CRD' }],
      ),
    ],
    [
      'a pool that is told its output size as one with windows',
      chainNetwork([6, 9, 2], ['pool', { mode: 'avg', outputSize: [3, 3] }], ['pool', { outputSize: 1 }]),
    ],
    ['learned scales as a depthwise convolution', chainNetwork(map, ['scale', { learned: 'channel' }])],
    ['a learned factor alone', chainNetwork(map, ['scale', { learned: 'channel', center: false }])],
    [
      'a pool that rounds up as one with padding',
      chainNetwork([8, 8, 2], relu, ['pool', { poolSize: 3, strides: 2, rounding: 'ceil' }]),
    ],
    [
      'a crop to another map as one of numbers',
      wiredNetwork({
        x: ['input', { shape: [8, 9, 2] }],
        c: ['conv', { filters: 2, kernelSize: 3 }, 'x'],
        cut: ['crop', {}, 'x', 'c'],
        sum: ['add', {}, 'cut', 'c'],
      }),
    ],
  ])('gives the same numbers with %s', async (_what, document) => {
    await expectSameNumbers(document);
  });

  const small = ['lenet-5', 'lenet-gap', 'dnn', 'fcn-small', 'unet-small'];
  const template = async (name: string): Promise<NetworkDocument> => {
    const parsed = parseNetwork(
      await readFile(new URL(`../../../templates/${name}/network.json`, import.meta.url), 'utf8'),
    );
    if (!parsed.ok) throw new Error(parsed.diagnostics[0]!.summary.en);
    return parsed.value;
  };
  it.each(small)('is the same and gives the same numbers: template %s', async (name) => {
    await expectSameNetwork(await template(name));
  });

  it.each(['mobilenet-v3-small', 'shufflenet-v2'])('is the same: template %s', async (name) => {
    const document = await template(name);
    const back = await imported(await exported(document, seededWeights(document)));
    expect(plainForm(back.document)).toEqual(plainForm(document));
  });

  const layer = fc.oneof(
    fc.record({
      kind: fc.constant('conv'),
      params: fc.record({
        filters: fc.integer({ min: 1, max: 5 }),
        kernelSize: fc.integer({ min: 1, max: 3 }),
        padding: fc.constantFrom<Json>('same', 'valid', 1),
        activation: fc.constantFrom('relu', 'hardswish', 'linear', 'tanh'),
        useBias: fc.boolean(),
      }),
    }),
    fc.record({
      kind: fc.constant('upconv'),
      params: fc.record({
        filters: fc.integer({ min: 1, max: 3 }),
        kernelSize: fc.integer({ min: 1, max: 3 }),
        strides: fc.integer({ min: 1, max: 3 }),
        padding: fc.constantFrom<Json>('same', 'valid'),
      }),
    }),
    fc.record({ kind: fc.constant('batchnorm'), params: fc.record({ scale: fc.boolean(), center: fc.boolean() }) }),
    fc.record({
      kind: fc.constant('pool'),
      params: fc.record({ mode: fc.constantFrom('max', 'avg', 'sum'), poolSize: fc.integer({ min: 1, max: 2 }) }),
    }),
    fc.record({
      kind: fc.constant('pad'),
      params: fc.record({ top: fc.integer({ min: 0, max: 2 }), left: fc.constant(1) }),
    }),
    fc.record({
      kind: fc.constant('activation'),
      params: fc.record({ function: fc.constantFrom('relu6', 'selu', 'softplus', 'mish', 'swish', 'hardsigmoid') }),
    }),
  );
  it('is the same for random chains, and gives the same numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 4 }), async (layers) => {
        const document = chainNetwork([9, 8, 2], ...layers.map(({ kind, params }) => [kind, params] as const));
        const { diagnostics } = analyzeNetwork(document);
        fc.pre(diagnostics.every(({ severity }) => severity !== 'error'));
        await expectSameNetwork(document);
      }),
      { numRuns: 8, seed: 11 },
    );
  });
});

/** Random networks whose every layer a file of a format can say; more of them by CONVLOOM_RANDOM_NETWORKS. */
const seeds = Array.from({ length: Number(process.env['CONVLOOM_RANDOM_NETWORKS'] ?? 4) }, (_, at) => at + 1);

describe('a random network that goes to TensorFlow.js and comes back', () => {
  const isSaid = (document: NetworkDocument): boolean =>
    printTfjs(document, analyzeNetwork(document), seededWeights(document)).ok;

  it.each(seeds)('seed %i: gives the same numbers there, and again here', async (seed) => {
    await expectSameNumbers(randomNetwork(seed, 7, isSaid));
  });
});

describe('a network that no standard layers compute', () => {
  it.each<[string, NetworkDocument]>([
    ['L2 pooling', chainNetwork(map, ['pool', { mode: 'l2' }])],
    ['a max pool with padding over values below zero', chainNetwork(map, ['pool', { poolSize: 3, padding: 1 }])],
    ['a mirrored border', chainNetwork(map, ['pad', { top: 1, mode: 'reflect' }])],
    [
      'aligned corners',
      chainNetwork(map, ['upsample', { size: [9, 9], mode: 'bilinear', coordinates: 'alignCorners' }]),
    ],
    ['an ELU of another scale', chainNetwork(map, ['activation', { function: 'elu', alpha: 0.5 }])],
    ['half pixels', chainNetwork(map, ['upsample', { factor: 2, mode: 'bilinear' }])],
    ['neighbouring channels', chainNetwork(map, ['lrn', { radius: 1 }])],
    ['groups of channels', chainNetwork(map, ['groupnorm', { groups: 2 }])],
    ['attention', chainNetwork(map, ['attention'])],
    ['a learned position', chainNetwork(map, ['classToken'])],
    ['learned numbers of positions', chainNetwork(map, ['position'])],
  ])('is refused with the name of the node: %s', (_what, document) => {
    const printed = printTfjs(document, analyzeNetwork(document), seededWeights(document));
    const diagnostics = printed.ok ? [] : printed.diagnostics;
    expect(diagnostics.map(({ code, at }) => [code, at.nodeId])).toEqual([['export/not-standard', 'n1']]);
  });
});
