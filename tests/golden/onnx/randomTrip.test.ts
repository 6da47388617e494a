import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeModel } from '../../../electron/engines/onnxruntime/proto';
import { readers, type Imported } from '../../../electron/host/imports/readers';
import type { FloatTensors } from '../../../shared/ops/tensor';
import type { NetworkDocument, NetworkNode } from '../../../shared/schema/document';
import { askHere, forwardHere } from '../../support/forward';
import { onnxModel } from '../../support/onnxExport';
import { layerLines } from '../../support/plainForm';
import { randomNetwork, withTransformers } from '../../support/randomNetworks';
import { randomWeightsOf } from '../../support/referenceAnswer';

const ask = askHere();
const forward = forwardHere(ask);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-random-trip-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function trip(document: NetworkDocument, weights: FloatTensors): Promise<Imported> {
  const path = join(dir, `${document.name}.onnx`);
  await writeFile(path, encodeModel(onnxModel(document, weights)));
  const read = await readers.onnx({ path, onto: undefined, signal: undefined });
  if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
  return read.value;
}

const seeds = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Kinds that are one operator with all of their params in it. */
const oneToOne: ReadonlySet<string> = new Set([
  'input',
  'conv',
  'add',
  'concat',
  'merge',
  'scale',
  'layernorm',
  'rmsnorm',
  'grn',
  'groupnorm',
  'lrn',
  'upconv',
]);

/** Whether a file tells everything of a layer: not what it starts with, nor what it does beside its operator. */
function isTold({ kind, params }: NetworkNode): boolean {
  if (!oneToOne.has(kind) || (params['activation'] ?? 'linear') !== 'linear') return false;
  if (kind === 'upconv') return params['padding'] !== 'same';
  if (kind === 'scale') {
    const isNeutral = params['scale'] === 1 && params['shift'] === 0;
    return isNeutral === (params['learned'] !== false);
  }
  return params['scale'] !== false && params['center'] !== false && params['axis'] !== 'all';
}

function isOneToOne({ nodes, edges }: NetworkDocument): boolean {
  const wires = edges.map(({ from, to }) => JSON.stringify([from, to]));
  return new Set(wires).size === wires.length && nodes.every(isTold);
}

/** What ONNX says in operators that have no layer here: each of these nodes is kept as it is. */
const notRead = /groups are no runs of channels|other groupings of axes|in no regular order/;

describe('a random network that goes to ONNX and comes back', () => {
  // 103: a gather of which the file does not say the shape.
  it.each([...seeds(24), 103])(
    'seed %i: gives in ONNX Runtime what the imported one gives, or says what is not read',
    async (seed) => {
      const document = randomNetwork(seed, 8);
      const back = await trip(document, randomWeightsOf(document));
      expect(back.report.filter(({ status, why }) => status === 'opaque' && !notRead.test(why?.en ?? ''))).toEqual([]);
      if (back.report.some(({ status }) => status === 'opaque')) return;
      const { proof, skipped } = await back.prove!(back.model!, forward, ask);
      expect(skipped).toBeNull();
      expect(proof!.maxDifference).toBeLessThanOrEqual(1e-4 * Math.max(proof!.scale, 1e-3));
    },
  );

  it.each(seeds(6))(
    'seed %i: has its attention, its learned positions and its class token again, with the same values',
    async (seed) => {
      // What gives a size alone is not needed in a file.
      const isWhole = ({ nodes }: NetworkDocument) => nodes.every(({ kind }) => kind !== 'crop');
      const document = randomNetwork(seed, 7, isWhole, withTransformers);
      const back = await trip(document, randomWeightsOf(document));
      expect(back.report.filter(({ status, why }) => status === 'opaque' && !notRead.test(why?.en ?? ''))).toEqual([]);
      if (back.report.some(({ status }) => status === 'opaque')) return;
      const { proof, skipped } = await back.prove!(back.model!, forward, ask);
      expect(skipped).toBeNull();
      expect(proof!.maxDifference).toBeLessThanOrEqual(1e-4 * Math.max(proof!.scale, 1e-3));
      const count = ({ nodes }: NetworkDocument) =>
        ['attention', 'position', 'classToken'].map((kind) => nodes.filter((node) => node.kind === kind).length);
      expect(count(back.document)).toEqual(count(document));
    },
  );

  // An input that is turned over at once, and groups of channels behind it.
  it.each([1, 44, 99])(
    'seed %i: is the same kinds of layers after a second trip, with the same values',
    async (seed) => {
      const document = randomNetwork(seed, 8);
      const back = await trip(document, randomWeightsOf(document));
      const again = await trip(back.document, back.model!.weights);
      const kinds = ({ nodes }: NetworkDocument) => nodes.map(({ kind }) => kind).sort();
      expect(kinds(again.document)).toEqual(kinds(back.document));
      const { proof } = await again.prove!(again.model!, forward, ask);
      expect(proof!.maxDifference).toBeLessThanOrEqual(1e-4 * Math.max(proof!.scale, 1e-3));
    },
  );

  it.each(seeds(12))('seed %i: is the same network where each layer is one operator', async (seed) => {
    const document = randomNetwork(seed, 7, isOneToOne);
    const back = await trip(document, randomWeightsOf(document));
    expect(layerLines(back.document)).toEqual(layerLines(document));
  });

  it.each([
    ...(['batchnorm', 'layernorm', 'groupnorm', 'instance norm'] as const).flatMap((kind) =>
      [{ scale: false }, { center: false }, { scale: false, center: false }, {}].map(
        (params) => [kind, params] as const,
      ),
    ),
    ['rmsnorm', {}] as const,
    ['rmsnorm', { scale: false }] as const,
    ['grn', {}] as const,
  ])('has a %s with %o again', async (kind, params) => {
    const groups = kind === 'groupnorm' ? { groups: 2 } : kind === 'instance norm' ? { groups: 4 } : {};
    const document: NetworkDocument = {
      format: 'convloom.network',
      version: 1,
      name: 'norm',
      nodes: [
        { id: 'x', kind: 'input', params: { shape: [3, 5, 4] } },
        { id: 'n', kind: kind === 'instance norm' ? 'groupnorm' : kind, params: { ...groups, ...params } },
      ],
      edges: [{ from: 'x', to: 'n' }],
    };
    const back = await trip(document, randomWeightsOf(document));
    expect(layerLines(back.document)).toEqual(layerLines(document));
  });
});
