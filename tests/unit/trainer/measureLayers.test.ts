import { describe, expect, it } from 'vitest';
import { measureLayers } from '../../../electron/trainer/measureLayers';
import type { NetworkDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chainNetwork, wiredNetwork } from '../../support/networks';

const config = { ...defaultTrainingConfig, engine: 'tfjs', batchSize: 8 } as const;
const chain = chainNetwork(
  [24, 24, 1],
  ['conv', { filters: 8, kernelSize: 3, padding: 'same' }],
  ['activation', { function: 'relu' }],
  ['conv', { filters: 8, kernelSize: 3, padding: 'same' }],
  ['activation', { function: 'relu' }],
  ['conv', { filters: 8, kernelSize: 3, padding: 'same' }],
  ['dropout'],
  ['flatten'],
  ['fc', { units: 3 }],
);

async function timesOf(document: NetworkDocument, engine: 'tfjs' | 'auto' | 'onnxruntime' = 'tfjs') {
  const told: (readonly [number, number])[] = [];
  const measured = await measureLayers(
    { document, config: { ...config, engine } },
    new AbortController().signal,
    (done, total) => told.push([done, total]),
  );
  if (!measured.ok) throw new Error(measured.diagnostics.map(({ code }) => code).join());
  return { ...measured.value, told };
}

describe('the time of each layer in a training step', () => {
  it('is there for every layer, and together they take some', async () => {
    const { engine, batchSize, nodes, stepMs, layersMs } = await timesOf(chain);
    expect({ engine, batchSize }).toEqual({ engine: 'tfjs', batchSize: 8 });
    expect(Object.keys(nodes).sort()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8']);
    expect(Object.values(nodes).every(({ ms, rounds }) => ms >= 0 && rounds >= 3)).toBe(true);
    expect(Object.values(nodes).reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(layersMs, 6);
    expect(layersMs).toBeGreaterThan(0);
    expect(stepMs).toBeGreaterThan(0);
  });

  it('is measured once for layers that are equal, and anew where one gives no gradient back', async () => {
    const { nodes, told } = await timesOf(chain);
    expect(nodes['n3']).toEqual(nodes['n5']);
    expect(nodes['n2']).toEqual(nodes['n4']);
    // conv on the image, relu, conv, dropout, flatten, fc, and the whole step.
    expect(told.at(-1)).toEqual([7, 7]);
    expect(told[0]).toEqual([0, 7]);
  });

  it('is measured on ONNX Runtime too, with several inputs and with one that goes in twice', async () => {
    const twice = wiredNetwork({
      image: ['input', { shape: [12, 12, 3] }],
      c: ['conv', { filters: 4, kernelSize: 3, padding: 'same' }, 'image'],
      b: ['batchnorm', {}, 'c'],
      s: ['add', {}, 'b', 'b'],
      m: ['concat', {}, 's', 'c', 'image'],
      g: ['gap', {}, 'm'],
      f: ['fc', { units: 2 }, 'g'],
    });
    const { engine, nodes } = await timesOf(twice, 'onnxruntime');
    expect(engine).toBe('onnxruntime');
    expect(Object.keys(nodes).sort()).toEqual(['b', 'c', 'f', 'g', 'm', 's']);
  });

  it('is given up when nobody waits for it, between two layers as well', async () => {
    const controller = new AbortController();
    const given = await measureLayers({ document: chain, config }, controller.signal, (done) => {
      if (done === 2) controller.abort();
    });
    expect(given.ok ? null : given.diagnostics[0]?.code).toBe('host/cancelled');
  });

  it('is refused for a network with errors', async () => {
    const broken = chainNetwork([2, 2, 1], ['conv', { filters: 4, kernelSize: 3 }], ['gap'], ['fc', { units: 3 }]);
    const refused = await measureLayers({ document: broken, config }, new AbortController().signal, () => undefined);
    expect(refused.ok).toBe(false);
  });
});
