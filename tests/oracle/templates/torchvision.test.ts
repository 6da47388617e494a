import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { findPython } from '../../../electron/host/exports/python';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { templates } from '../../../templates/build';
import { describeUnless } from '../../support/skip';

/** What torchvision calls each, where a template is its network to the last layer. */
const names = {
  alexnet: 'alexnet',
  'vgg-16': 'vgg16',
  googlenet: 'googlenet',
  'inception-v3': 'inception_v3',
  'resnet-18': 'resnet18',
  'resnet-50': 'resnet50',
  'densenet-121': 'densenet121',
  squeezenet: 'squeezenet1_1',
  'mobilenet-v2': 'mobilenet_v2',
  'mobilenet-v3-small': 'mobilenet_v3_small',
  'shufflenet-v2': 'shufflenet_v2_x1_0',
  'efficientnet-b0': 'efficientnet_b0',
  'convnext-tiny': 'convnext_tiny',
  'deeplab-v3': 'deeplabv3_resnet50',
} as const;

type Answer = {
  readonly params: number;
  readonly macs: number;
  readonly layers: readonly (readonly [kernel: readonly number[], shape: readonly number[]])[];
};

const networks = Object.entries(names).map(([id, name]) => {
  const { document } = templates.find((template) => template.id === id)!;
  const analysis = analyzeNetwork(document);
  return { id, name, analysis, size: analysis.nodes.get('image')!.outputShape![0]! };
});

/** A layer as one line: a 1×1 window is what PyTorch may write as a linear layer of every position. */
function line(kernel: readonly (number | null)[], shape: readonly (number | null)[]): string {
  const isPoint = kernel.length === 4 && kernel[0] === 1 && kernel[1] === 1;
  return `${(isPoint ? kernel.slice(2) : kernel).join('×')} gives ${shape.join('×')}`;
}

/** The first layer of a classifier counts what comes in as a list, and a convolution of one position gives one. */
function plain(shape: readonly (number | null)[]): readonly (number | null)[] {
  return shape.length === 3 && shape[0] === 1 && shape[1] === 1 ? shape.slice(2) : shape;
}

const python = await findPython(['torch', 'torchvision']);

describeUnless(python.path === null ? python.why.en : null, 'torchvision', () => {
  const script = join(import.meta.dirname, 'published.py');
  const asked = networks.map(({ name, size }) => `${name}=${size}`);
  const ask = () => execFileSync(python.path ?? '', [script, ...asked], { encoding: 'utf8', maxBuffer: 1e8 });
  let answers: Readonly<Record<string, Answer>> = {};
  beforeAll(() => {
    answers = JSON.parse(ask()) as Readonly<Record<string, Answer>>;
  }, 120_000);

  it.each(networks)('has the parameters, the multiply-adds and each layer of $id', ({ name, analysis }) => {
    const { params, macs, layers } = answers[name]!;
    const own = [...analysis.nodes.values()].flatMap(({ weights, outputShape }) => {
      const kernel = weights.find((weight) => weight.name === 'kernel')?.shape;
      return kernel === undefined ? [] : [line(kernel, plain(outputShape ?? []))];
    });
    expect({ params: analysis.totals.trainableParams, macs: analysis.totals.macs }).toEqual({ params, macs });
    expect(own.sort()).toEqual(layers.map(([kernel, shape]) => line(kernel, plain(shape))).sort());
  });
});
