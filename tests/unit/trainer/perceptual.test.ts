import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawStyle } from '../../../electron/data/stylePictures';
import { readStylePicture } from '../../../electron/trainer/lossNetwork';
import { gramOf, readComparison } from '../../../electron/trainer/perceptual';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { builtInStyles } from '../../../shared/schema/stylePictures';
import { chain } from '../../support/chain';
import { modelFolder } from '../../support/modelFolder';
import { trainedEvents } from '../../support/trainedRun';

let dir = '';
let lossNetwork = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-style-'));
  const classifier = chain([
    ['image', 'input', { shape: [28, 28, 1] }],
    ['c1', 'conv', { filters: 4, kernelSize: 5, activation: 'relu' }],
    ['p1', 'pool'],
    ['f1', 'fc', { units: 10 }],
  ]);
  lossNetwork = await modelFolder(join(dir, 'classifier'), classifier, null);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const styled = (more: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...defaultTrainingConfig,
  engine: 'onnxruntime',
  loss: 'perceptual',
  lossNetwork,
  stylePicture: 'checks',
  ...more,
});

describe('pictures in a style', () => {
  it('are learned from pictures alone: the loss falls, is told in parts, and no PSNR is', async () => {
    const network = chain([
      ['image', 'input', { shape: [28, 28, 1] }],
      ['c1', 'conv', { filters: 4, kernelSize: 5, padding: 'same', activation: 'relu' }],
      ['out', 'conv', { filters: 1, kernelSize: 3, padding: 'same', activation: 'sigmoid' }],
    ]);
    const train = { data: 'mnist-pictures', share: 0.02, epochs: 2, learningRate: 0.01, variationWeight: 0.1 };
    const { loss, lossNetwork: path, stylePicture } = styled();
    const events = await trainedEvents(
      { ...network, train: { ...train, loss, lossNetwork: path!, stylePicture: stylePicture! } },
      1,
    );
    const [first, last] = events.filter((event) => event.type === 'epoch');
    expect(last!.valLoss).toBeLessThan(first!.valLoss);
    const { content, style, variation } = last!.valLossParts!;
    expect((content! + style! + variation!) / last!.valLoss).toBeCloseTo(1, 4);
    expect(last!.valPsnr).toBeUndefined();
    expect(last!.watch!.metric).toBe('loss');
  });

  it.each([
    ['no network is named', { lossNetwork: undefined }, 'train/loss-network-missing'],
    ['a network that is not there', { lossNetwork: '/nowhere/lenet' }, 'file/not-found'],
    ['a style picture that is not there', { stylePicture: '/nowhere/sky.png' }, 'train/style-picture'],
  ])('are refused where it is %s', async (_, more, code) => {
    const { lossNetwork: path, ...config } = { ...styled(), ...more };
    const compared = await readComparison(path === undefined ? config : { ...config, lossNetwork: path }, [28, 28, 1]);
    expect(compared.ok ? [] : compared.diagnostics.map((one) => one.code)).toEqual([code]);
  });

  it('have for a style the Gram matrix of what the network gives for its picture', async () => {
    const compared = await readComparison(styled({ styleWeight: 7 }), [28, 28, 1]);
    const [{ nodeId, weight, gram }] = (compared.ok ? compared.value.perceptual!.style : []) as [
      { nodeId: string; weight: number; gram: Float32Array },
    ];
    expect([nodeId, weight, gram.length]).toEqual(['c1', 7, 16]);
    expect(Math.min(gram[0]!, gram[5]!, gram[10]!)).toBeGreaterThanOrEqual(0);
    expect([...gramOf([1, 2, 3, 0], [1, 2, 2])]).toEqual([2.5, 0.5, 0.5, 1]);
  });
});

describe('a style picture', () => {
  it.each(builtInStyles)('that is drawn has two tones, is the same each time, and fits any size: %s', async (name) => {
    const { data } = drawStyle(name, 24, 31);
    expect([...drawStyle(name, 24, 31).data]).toEqual([...data]);
    const dark = data.filter((_, at) => at % 3 === 0).filter((value) => value < 128).length / (24 * 31);
    expect(dark).toBeGreaterThan(0.2);
    expect(dark).toBeLessThan(0.8);
    const picture = await readStylePicture({ loss: 'perceptual', stylePicture: name }, [24, 31, 1]);
    expect(picture.ok && picture.value?.shape).toEqual([1, 24, 31, 1]);
  });
});
