import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readers, type Imported } from '../../../electron/host/imports/readers';
import { measureProof } from '../../../electron/host/proof';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { weightDifferences } from '../../../shared/compile/networkWeights';
import type { FloatTensor, FloatTensors, HostTensor } from '../../../shared/ops/tensor';
import { forwardHere } from '../../support/forward';

const folder = fileURLToPath(new URL('../../fixtures/keras/', import.meta.url));
const at = (name: string): string => `${folder}${name}`;

type Listed = { readonly shape: readonly number[]; readonly values: readonly number[] };
type Answers = {
  readonly [model: string]: {
    readonly params: number;
    readonly trainable: number;
    readonly inputs: readonly Listed[];
    readonly outputs: readonly Listed[];
  };
};
const answers = JSON.parse(readFileSync(at('answers.json'), 'utf8')) as Answers;

async function open(name: string): Promise<Imported> {
  const format = name.endsWith('.keras') ? 'keras' : name.endsWith('.h5') ? 'kerasHdf5' : 'kerasJson';
  const read = await readers[format]({ path: at(name), onto: undefined, signal: undefined });
  if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
  return read.value;
}

const tensor = ({ shape, values }: Listed): FloatTensor => ({
  dtype: 'float32',
  shape: [1, ...shape],
  data: Float32Array.from(values),
});

/** `[c, h, w]` as `[h, w, c]`. */
function turned({ shape, values }: Listed): Listed {
  const [channels = 1, height = 1, width = 1] = shape;
  const places = height * width;
  const moved = values.map((_, to) => values[(to % channels) * places + Math.floor(to / channels)]!);
  return { shape: [height, width, channels], values: moved };
}

const forward = forwardHere();

describe('a model that Keras wrote', () => {
  it.each([
    'plain.keras',
    'plain.h5',
    'branches.keras',
    'branches.h5',
    'norms.keras',
    'operations.keras',
    'nested.keras',
    'nested.h5',
    'sequential.keras',
    'sequential.h5',
    'attention.keras',
    'attention.h5',
    'channels_first.h5',
  ])('%s gives what Keras gives, from as many weights', async (name) => {
    const { document, model } = await open(name);
    const expected = answers[name.replace(/\.\w+$/, '')]!;
    const analysis = analyzeNetwork(document);
    expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(analysis.totals.params).toBe(expected.params);
    expect(weightDifferences(analysis, model!.weights)).toEqual([]);
    const given = name.startsWith('channels_first') ? expected.inputs.map(turned) : expected.inputs;
    const feeds = Object.fromEntries(analysis.inputs.map((id, place) => [id, tensor(given[place]!)]));
    const ours = await forward(model!, feeds, analysis.outputs);
    if (!ours.ok) throw new Error(ours.diagnostics[0]!.summary.en);
    const [found, wanted] = [Object.values(ours.value), expected.outputs.map(tensor)];
    // Outputs that are the same to the last size are told apart by their values.
    const bySize = wanted.map(({ shape }) => found.find((one) => one.shape.join() === shape.join())!);
    const numbered = (tensors: readonly HostTensor[]) =>
      Object.fromEntries(tensors.map((one, place) => [`${place}`, one]));
    const proof = measureProof(numbered(wanted), numbered(bySize), 'Keras');
    expect(proof.maxDifference).toBeLessThan(1e-4 * proof.scale);
  });

  it('as JSON alone is a network without weights', async () => {
    const { document, model } = await open('plain.json');
    expect(model).toBeNull();
    expect(analyzeNetwork(document).totals.params).toBe(answers['plain']!.params);
  });

  it('keeps its names, and says what has no place here', async () => {
    const { document, report } = await open('sequential.keras');
    expect(document.nodes.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'picture input',
      'conv conv',
      'up upconv',
      'drop dropout',
      'mean pool',
      'flat flatten',
      'answer fc',
    ]);
    const said = (source: string) => report.filter((line) => line.source === source).map(({ status }) => status);
    expect([said('noise'), said('conv'), said('up')]).toEqual([['left'], ['changed'], ['same']]);
  });

  it('with a layer that is used twice has its weights once', async () => {
    const { document, report } = await open('nested.keras');
    const lines = report.filter(({ source }) => source === 'shared');
    expect(lines.map(({ status }) => status)).toEqual(['same', 'same']);
    const [owner, other] = lines.map(({ nodeId }) => document.nodes.find(({ id }) => id === nodeId));
    expect([owner?.weightsOf, other?.weightsOf]).toEqual([undefined, owner?.id]);
  });

  it('reads a hard swish that is written in operations as one', async () => {
    const { document } = await open('operations.keras');
    expect(document.nodes.filter(({ params }) => params['function'] === 'hardswish')).toHaveLength(1);
  });
});

describe('weights of Keras alone', () => {
  it('are put on a network by name', async () => {
    const { document, model } = await open('plain.keras');
    const read = await readers.kerasHdf5({ path: at('plain.weights-only.h5'), onto: document, signal: undefined });
    const numbers = (weights: FloatTensors) =>
      Object.entries(weights).map(([name, { shape, data }]) => [name, shape, [...data]]);
    expect(read.ok && numbers(read.value.model!.weights)).toEqual(numbers(model!.weights));
  });

  it('are refused without a network', async () => {
    const read = await readers.kerasHdf5({ path: at('plain.weights-only.h5'), onto: undefined, signal: undefined });
    expect(read.ok ? null : read.diagnostics[0]!.code).toBe('import/needs-network');
  });
});
