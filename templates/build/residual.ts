import { text } from '../../shared/text';
import { bound, createNetwork, type BlockBuilder, type Chain, type NetworkBuilder } from './builder';
import { torchNorm, torchvision, type Count } from './mobile';
import type { Template } from './template';

const he = {
  title: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015)',
  url: 'https://arxiv.org/abs/1512.03385',
};
const train = { epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.05 } as const;

export type ConvOptions = { readonly strides?: Count; readonly padding?: Count; readonly dilationRate?: Count };

/** A convolution without bias, and its batch norm. */
export function convNorm(
  chain: Chain,
  name: string,
  filters: Count,
  kernelSize: number,
  options: ConvOptions = {},
): Chain {
  return chain.conv(name, filters, kernelSize, { ...options, useBias: false }).batchnorm(`${name}_bn`, torchNorm);
}

/** What stands before the first stage: 7x7 with stride 2, then a pool with stride 2. */
export function defineStem(net: NetworkBuilder): void {
  net.define('stem', {}, (block) => {
    convNorm(block.port('in'), 'conv1', 64, 7, { strides: 2, padding: 3 })
      .relu('relu')
      .pool('pool1', 'max', 3, { strides: 2, padding: 1 });
  });
}

/** The way round a residual block: the input itself, or a strided 1x1 that brings it to `filters` channels. */
export type Skip = (input: Chain) => Chain;

export const identity: Skip = (input) => input;
export const projected =
  (times: number): Skip =>
  (input) =>
    convNorm(input, 'skip', bound('width', times), 1, { strides: bound('strides') });

/** Two 3x3 convolutions. */
function basicBlock(block: BlockBuilder, skip: Skip, strides: ConvOptions): void {
  const input = block.port('in');
  const first = convNorm(input, 'conv1', bound('width'), 3, { ...strides, padding: 1 }).relu('relu1');
  const branch = convNorm(first, 'conv2', bound('width'), 3, { padding: 1 });
  block.add('add', branch, skip(input)).relu('relu');
}

/** 1x1 down to `width`, 3x3, 1x1 up to four times `width`; torchvision has the stride, and a dilation, in the 3x3. */
export function bottleneckBlock(block: BlockBuilder, skip: Skip, window: ConvOptions): void {
  const input = block.port('in');
  const first = convNorm(input, 'conv1', bound('width'), 1).relu('relu1');
  const second = convNorm(first, 'conv2', bound('width'), 3, { ...window, padding: window.padding ?? 1 }).relu('relu2');
  const branch = convNorm(second, 'conv3', bound('width', 4), 1);
  block.add('add', branch, skip(input)).relu('relu');
}

/** Defines a residual block, its form that changes the size, and a stage: one of that form, then `more` of the plain one. */
function defineStage(net: NetworkBuilder, name: string, build: typeof basicBlock, widening: number): void {
  net.define(name, { width: 64 }, (block) => build(block, identity, {}));
  net.define(`${name}Down`, { width: 64, strides: 2 }, (block) =>
    build(block, projected(widening), { strides: bound('strides') }),
  );
  net.define('stage', { width: 64, strides: 2, more: 1 }, (block) => {
    block
      .port('in')
      .block('first', `${name}Down`, { width: bound('width'), strides: bound('strides') })
      .block('rest', name, { repeat: bound('more'), width: bound('width') });
  });
}

/** ResNet-18. */
export function resnet18(): Template {
  const net = createNetwork('ResNet-18');
  defineStem(net);
  defineStage(net, 'basic', basicBlock, 1);
  net
    .input('image', [224, 224, 3])
    .block('stem', 'stem')
    .block('s1', 'basic', { repeat: 2 })
    .block('s2', 'stage', { width: 128 })
    .block('s3', 'stage', { width: 256 })
    .block('s4', 'stage', { width: 512 })
    .gap('gap')
    .fc('fc', 1000);
  return {
    id: 'resnet-18',
    summary: text(
      'Eight residual blocks of two 3x3 convolutions: each learns a correction to its own input.',
      '八个残差块，每块两个 3x3 卷积：学习的是对自身输入的修正。',
    ),
    about: [
      'Every `add` joins a branch with its own input, so a block can begin as "change nothing" and the gradient has a way past it. Where the map halves, a strided 1x1 convolution brings the skip to the same shape.',
    ],
    document: net.finish(train),
    reference: {
      sources: [he, torchvision('resnet18')],
      variant: 'torchvision',
      trainableParams: 11_689_512,
      macs: 1_814_073_344,
      shapes: {
        'stem/conv1': [112, 112, 64],
        'stem/pool1': [56, 56, 64],
        's1/2/relu': [56, 56, 64],
        's2/rest/relu': [28, 28, 128],
        's3/rest/relu': [14, 14, 256],
        's4/rest/relu': [7, 7, 512],
        gap: [512],
        fc: [1000],
      },
    },
  };
}

/** ResNet-50. */
export function resnet50(): Template {
  const net = createNetwork('ResNet-50');
  defineStem(net);
  defineStage(net, 'bottleneck', bottleneckBlock, 4);
  net
    .input('image', [224, 224, 3])
    .block('stem', 'stem')
    .block('s1', 'stage', { width: 64, strides: 1, more: 2 })
    .block('s2', 'stage', { width: 128, more: 3 })
    .block('s3', 'stage', { width: 256, more: 5 })
    .block('s4', 'stage', { width: 512, more: 2 })
    .gap('gap')
    .fc('fc', 1000);
  return {
    id: 'resnet-50',
    summary: text(
      'Sixteen bottleneck blocks of 1x1, 3x3, 1x1: fifty layers for little more arithmetic than thirty-four.',
      '十六个瓶颈残差块（1x1、3x3、1x1）：五十层，计算量与三十四层相近。',
    ),
    about: [
      'The 1x1 convolutions are FC layers applied at every position: the first reduces the channels so that the 3x3 is cheap, the last restores them.',
    ],
    document: net.finish(train),
    reference: {
      sources: [he, torchvision('resnet50')],
      variant: 'torchvision, with the stride in the 3x3 (often called v1.5)',
      trainableParams: 25_557_032,
      macs: 4_089_184_256,
      shapes: {
        'stem/conv1': [112, 112, 64],
        'stem/pool1': [56, 56, 64],
        's1/rest/2/relu': [56, 56, 256],
        's2/rest/3/relu': [28, 28, 512],
        's3/rest/5/relu': [14, 14, 1024],
        's4/rest/2/relu': [7, 7, 2048],
        gap: [2048],
        fc: [1000],
      },
    },
  };
}
