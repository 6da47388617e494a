import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compileTraining } from '../../../shared/compile/compile';
import { lastMaps, planPerceptual } from '../../../shared/compile/lossNetwork';
import { checkTraining } from '../../../shared/compile/trainingChecks';
import { parseNetwork } from '../../../shared/document/parse';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { TrainingConfig } from '../../../shared/schema/training';
import { watchedMetric } from '../../../shared/training/watching';
import { chain } from '../../support/chain';
import { seededWeights } from '../../support/modelFolder';

function readTemplate(name: string) {
  const parsed = parseNetwork(
    readFileSync(new URL(`../../../templates/${name}/network.json`, import.meta.url), 'utf8'),
  );
  if (!parsed.ok) throw new Error(`The template ${name} is wrong.`);
  return parsed.value;
}

const lenet = readTemplate('lenet');
const model = { path: 'runs/lenet', document: lenet, weights: seededWeights(lenet) };
const plan = (settings: Partial<TrainingConfig>, answer: readonly number[] = [28, 28, 1], of = model) =>
  planPerceptual(of, answer, { ...defaultTrainingConfig, stylePicture: 'stripes', ...settings });

describe('a loss network', () => {
  it('compares by the last map of each size, and content by the middle one, where nobody says otherwise', () => {
    expect(lastMaps(analyzeNetwork(lenet))).toEqual(['a1', 'a2']);
    const planned = plan({ contentWeight: 2, styleWeight: 30, styleNodes: 'a1=1, a2=0.5' });
    expect(planned.ok && [...planned.value.content]).toEqual([['a2', 2]]);
    expect(planned.ok && [...planned.value.style]).toEqual([
      ['a1', 30],
      ['a2', 15],
    ]);
    const vgg = analyzeNetwork(readTemplate('vgg-16'));
    expect(lastMaps(vgg).map((id) => vgg.nodes.get(id)?.outputShape?.join())).toEqual([
      '224,224,64',
      '112,112,128',
      '56,56,256',
      '28,28,512',
      '14,14,512',
    ]);
  });

  it.each([
    ['of another size', [40, 32, 1], [40, 32, 1]],
    ['in colours', [28, 28, 3], [28, 28, 1]],
  ])('looks at answers %s', (_, answer, input) => {
    const planned = plan({}, answer);
    expect(planned.ok && planned.value.network.analysis.nodes.get('image')?.outputShape).toEqual(input);
  });

  const twoInputs = chain([
    ['a', 'input', { shape: [8, 8, 1] }],
    ['b', 'input', { shape: [8, 8, 1] }],
    ['sum', 'add', {}, ['a', 'b']],
  ]);
  const table = chain([
    ['row', 'input', { shape: [4] }],
    ['f1', 'fc', { units: 2 }],
  ]);
  const of = (document: typeof lenet) => ({ path: 'runs/other', document, weights: seededWeights(document) });
  it('offers the nodes that it would choose itself in place of one that is not there, with its weight', () => {
    const found = plan({ contentNodes: 'relu9=2, image=1' });
    expect(found.ok ? [] : found.diagnostics.flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits))).toEqual([
      { type: 'setTraining', train: { contentNodes: 'a2=2, image=1' } },
    ]);
  });

  it.each([
    [
      'a node that is not there',
      { contentNodes: 'relu9=1' },
      undefined,
      undefined,
      'train/unknown-loss-node',
      'train.contentNodes',
    ],
    ['a list that is none', { styleNodes: 'a1' }, undefined, undefined, 'train/bad-weights', 'train.styleNodes'],
    [
      'the style of a vector',
      { styleNodes: 'f1=1' },
      undefined,
      undefined,
      'train/style-needs-maps',
      'train.styleNodes',
    ],
    [
      'no part that counts',
      { contentWeight: 0, styleWeight: 0 },
      undefined,
      undefined,
      'train/nothing-compared',
      'train.contentWeight',
    ],
    [
      'answers that leave nothing of its convs',
      { contentNodes: 'a2=1' },
      [6, 6, 1],
      undefined,
      'train/loss-network-unfit',
      'runs/lenet',
    ],
    [
      'an FC behind maps of another size',
      { contentNodes: 'f1=1' },
      [32, 32, 1],
      undefined,
      'train/loss-network-unfit',
      'runs/lenet',
    ],
    ['answers of two channels', {}, [28, 28, 2], undefined, 'train/loss-network-unfit', 'runs/lenet'],
    ['two inputs', {}, [8, 8, 1], of(twoInputs), 'train/loss-network-unfit', 'runs/other'],
    ['rows of numbers', {}, [8, 8, 1], of(table), 'train/loss-network-unfit', 'runs/other'],
  ] as const)('is refused for %s', (_, settings, answer, other, code, path) => {
    const planned = plan(settings, answer, other);
    expect(planned.ok ? [] : planned.diagnostics.map((one) => [one.code, one.at.path])).toEqual([[code, path]]);
  });
});

describe('the perceptual loss', () => {
  const network = chain([
    ['image', 'input', { shape: [8, 8, 1] }],
    ['out', 'conv', { filters: 1, kernelSize: 3, padding: 'same' }],
  ]);
  const data = { inputShape: [8, 8, 1], classes: [] } as const;
  const codes = (task: 'image-to-image' | 'regression', settings: Partial<TrainingConfig>) =>
    checkTraining(network, analyzeNetwork(network), { ...data, task }, { loss: 'perceptual', ...settings })
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);

  it('is for pictures, and needs a network, before it is started and where it is compiled', () => {
    expect(codes('regression', { lossNetwork: 'runs/lenet' })).toContain('train/loss-needs-pictures');
    expect(codes('image-to-image', {})).toEqual(['train/loss-network-missing']);
    expect(codes('image-to-image', { lossNetwork: 'runs/lenet' })).toEqual([]);
    const options = {
      ...defaultTrainingConfig,
      loss: 'perceptual',
      task: { kind: 'image-to-image', classCount: 0 },
    } as const;
    const compiled = compileTraining(network, analyzeNetwork(network), options);
    expect(compiled.ok ? [] : compiled.diagnostics.map(({ code }) => code)).toEqual(['train/loss-network-missing']);
  });

  it('is watched by itself where there is a style, and by the pixels where there is none', () => {
    const settings = { ...defaultTrainingConfig, loss: 'perceptual' } as const;
    expect(watchedMetric(settings, 'image-to-image')).toBe('psnr');
    expect(watchedMetric({ ...settings, stylePicture: 'dots' }, 'image-to-image')).toBe('loss');
    expect(watchedMetric({ ...settings, stylePicture: 'dots', watch: 'psnr' }, 'image-to-image')).toBeNull();
  });
});
