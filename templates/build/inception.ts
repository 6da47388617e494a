import { text } from '../../shared/text';
import { bound, createNetwork, type BlockBuilder, type Chain, type NetworkBuilder } from './builder';
import { torchvision, type Count } from './mobile';
import type { Template } from './template';

/*
 * Networks that look at a map through several windows side by side.
 */

const szegedy = {
  title: 'Szegedy et al.: Going deeper with convolutions (2014)',
  url: 'https://arxiv.org/abs/1409.4842',
};
const train = { epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.05 } as const;

/** torchvision's momentum of 0.1 counts the new value; here it counts the old one. */
const norm = { momentum: 0.9, epsilon: 1e-3 } as const;

/** Defines `conv`: convolution, batch norm, ReLU. */
function defineConv(net: NetworkBuilder): void {
  net.define('conv', { filters: 64, kernelSize: 1, strides: 1, padding: 0 }, (block) => {
    block
      .port('in')
      .conv('conv', bound('filters'), bound('kernelSize'), {
        strides: bound('strides'),
        padding: bound('padding'),
        useBias: false,
      })
      .batchnorm('bn', norm)
      .relu('relu');
  });
}

/** Filters of an inception module: 1x1; 1x1 then 3x3; 1x1 then the second 3x3; the pool's 1x1. */
type Inception = readonly [number, number, number, number, number, number];

/** Defines `inception`: four windows side by side. */
function defineInception(net: NetworkBuilder): void {
  const widths = { one: 64, reduce3: 96, three: 128, reduce5: 16, five: 32, pool: 32 };
  net.define('inception', widths, (block) => {
    const input = block.port('in');
    const three = { kernelSize: 3, padding: 1 };
    block.concat(
      'concat',
      input.block('1x1', 'conv', { filters: bound('one') }),
      input
        .block('reduce_a', 'conv', { filters: bound('reduce3') })
        .block('3x3_a', 'conv', { filters: bound('three'), ...three }),
      input
        .block('reduce_b', 'conv', { filters: bound('reduce5') })
        .block('3x3_b', 'conv', { filters: bound('five'), ...three }),
      input
        .pool('pool', 'max', 3, { strides: 1, padding: 1, rounding: 'ceil' })
        .block('pool_1x1', 'conv', { filters: bound('pool') }),
    );
  });
}

function inception(chain: Chain, id: string, [one, reduce3, three, reduce5, five, pool]: Inception): Chain {
  return chain.block(id, 'inception', { one, reduce3, three, reduce5, five, pool });
}

/** GoogLeNet as torchvision has it. */
export function googlenet(): Template {
  const net = createNetwork('GoogLeNet');
  defineConv(net);
  defineInception(net);
  const shrink = { strides: 2, rounding: 'ceil' };
  let end = net
    .input('image', [224, 224, 3])
    .block('conv1', 'conv', { filters: 64, kernelSize: 7, strides: 2, padding: 3 })
    .pool('pool1', 'max', 3, shrink)
    .block('conv2', 'conv', { filters: 64 })
    .block('conv3', 'conv', { filters: 192, kernelSize: 3, padding: 1 })
    .pool('pool2', 'max', 3, shrink);
  end = inception(end, 'i3a', [64, 96, 128, 16, 32, 32]);
  end = inception(end, 'i3b', [128, 128, 192, 32, 96, 64]).pool('pool3', 'max', 3, shrink);
  end = inception(end, 'i4a', [192, 96, 208, 16, 48, 64]);
  end = inception(end, 'i4b', [160, 112, 224, 24, 64, 64]);
  end = inception(end, 'i4c', [128, 128, 256, 24, 64, 64]);
  end = inception(end, 'i4d', [112, 144, 288, 32, 64, 64]);
  end = inception(end, 'i4e', [256, 160, 320, 32, 128, 128]).pool('pool4', 'max', 2, { rounding: 'ceil' });
  end = inception(end, 'i5a', [256, 160, 320, 32, 128, 128]);
  inception(end, 'i5b', [384, 192, 384, 48, 128, 128]).gap('gap').dropout('drop', 0.2).fc('fc', 1000);
  return {
    id: 'googlenet',
    summary: text(
      'Nine inception modules, each four window sizes side by side, and GAP in place of wide FC layers.',
      '九个 Inception 模块，并列四种窗口，用全局池化取代宽的全连接层。',
    ),
    about: [
      'Twelve times fewer parameters than AlexNet in the paper, because the head is GAP and one FC. The pools round up: with rounding down 112 would become 55, and the later sizes would all be off.',
    ],
    document: net.finish(train),
    reference: {
      sources: [szegedy, torchvision('googlenet')],
      variant: 'torchvision: batch norm, no conv bias, 3x3 where the paper has 5x5, no auxiliary heads',
      trainableParams: 6_624_904,
      macs: 1_498_376_192,
      shapes: {
        'conv1/conv': [112, 112, 64],
        pool1: [56, 56, 64],
        'conv3/conv': [56, 56, 192],
        pool2: [28, 28, 192],
        'i3a/concat': [28, 28, 256],
        'i3b/concat': [28, 28, 480],
        pool3: [14, 14, 480],
        'i4a/concat': [14, 14, 512],
        'i4e/concat': [14, 14, 832],
        pool4: [7, 7, 832],
        'i5a/concat': [7, 7, 832],
        'i5b/concat': [7, 7, 1024],
        gap: [1024],
        fc: [1000],
      },
    },
  };
}

const flat = { kernelSize: [1, 7], padding: [0, 3] } as const;
const tall = { kernelSize: [7, 1], padding: [3, 0] } as const;
const three = { kernelSize: 3, padding: 1 } as const;
const halved = { kernelSize: 3, strides: 2 } as const;

/** The branch of every module that keeps the size: the mean of 3x3 pixels, of which those of the border count the padding. */
function pooled(input: Chain, filters: Count): Chain {
  const mean = input.pool('pool', 'avg', 3, { strides: 1, padding: 1, countIncludePad: true });
  return mean.block('pool_1x1', 'conv', { filters });
}

/** A 1x3 and a 3x1 window side by side. */
function split(block: BlockBuilder, chain: Chain, name: string): Chain {
  return block.concat(
    name,
    chain.block(`${name}_1x3`, 'conv', { filters: 384, kernelSize: [1, 3], padding: [0, 1] }),
    chain.block(`${name}_3x1`, 'conv', { filters: 384, kernelSize: [3, 1], padding: [1, 0] }),
  );
}

/** The five modules, by the letters that torchvision gives them. */
function defineModules(net: NetworkBuilder): void {
  net.define('mixedA', { pool: 32 }, (block) => {
    const input = block.port('in');
    block.concat(
      'concat',
      input.block('1x1', 'conv', { filters: 64 }),
      input.block('reduce_a', 'conv', { filters: 48 }).block('5x5', 'conv', { filters: 64, kernelSize: 5, padding: 2 }),
      input
        .block('reduce_b', 'conv', { filters: 64 })
        .block('3x3_a', 'conv', { filters: 96, ...three })
        .block('3x3_b', 'conv', { filters: 96, ...three }),
      pooled(input, bound('pool')),
    );
  });
  net.define('reductionB', {}, (block) => {
    const input = block.port('in');
    block.concat(
      'concat',
      input.block('3x3', 'conv', { filters: 384, ...halved }),
      input
        .block('reduce', 'conv', { filters: 64 })
        .block('3x3_a', 'conv', { filters: 96, ...three })
        .block('3x3_b', 'conv', { filters: 96, ...halved }),
      input.pool('pool', 'max', 3, { strides: 2 }),
    );
  });
  net.define('mixedC', { width: 128 }, (block) => {
    const input = block.port('in');
    const width = { filters: bound('width') };
    block.concat(
      'concat',
      input.block('1x1', 'conv', { filters: 192 }),
      input
        .block('reduce_a', 'conv', width)
        .block('1x7_a', 'conv', { ...width, ...flat })
        .block('7x1_a', 'conv', { filters: 192, ...tall }),
      input
        .block('reduce_b', 'conv', width)
        .block('7x1_b', 'conv', { ...width, ...tall })
        .block('1x7_b', 'conv', { ...width, ...flat })
        .block('7x1_c', 'conv', { ...width, ...tall })
        .block('1x7_c', 'conv', { filters: 192, ...flat }),
      pooled(input, 192),
    );
  });
  net.define('reductionD', {}, (block) => {
    const input = block.port('in');
    block.concat(
      'concat',
      input.block('reduce_a', 'conv', { filters: 192 }).block('3x3_a', 'conv', { filters: 320, ...halved }),
      input
        .block('reduce_b', 'conv', { filters: 192 })
        .block('1x7', 'conv', { filters: 192, ...flat })
        .block('7x1', 'conv', { filters: 192, ...tall })
        .block('3x3_b', 'conv', { filters: 192, ...halved }),
      input.pool('pool', 'max', 3, { strides: 2 }),
    );
  });
  net.define('mixedE', {}, (block) => {
    const input = block.port('in');
    const deep = input.block('reduce_b', 'conv', { filters: 448 }).block('3x3', 'conv', { filters: 384, ...three });
    block.concat(
      'concat',
      input.block('1x1', 'conv', { filters: 320 }),
      split(block, input.block('reduce_a', 'conv', { filters: 384 }), 'split_a'),
      split(block, deep, 'split_b'),
      pooled(input, 192),
    );
  });
}

/** Inception-v3 as torchvision has it. */
export function inceptionV3(): Template {
  const net = createNetwork('Inception-v3');
  defineConv(net);
  defineModules(net);
  net
    .input('image', [299, 299, 3])
    .block('conv1', 'conv', { filters: 32, ...halved })
    .block('conv2', 'conv', { filters: 32, kernelSize: 3 })
    .block('conv3', 'conv', { filters: 64, ...three })
    .pool('pool1', 'max', 3, { strides: 2 })
    .block('conv4', 'conv', { filters: 80 })
    .block('conv5', 'conv', { filters: 192, kernelSize: 3 })
    .pool('pool2', 'max', 3, { strides: 2 })
    .block('m5b', 'mixedA')
    .block('m5c', 'mixedA', { pool: 64, repeat: 2 })
    .block('m6a', 'reductionB')
    .block('m6b', 'mixedC')
    .block('m6c', 'mixedC', { width: 160, repeat: 2 })
    .block('m6e', 'mixedC', { width: 192 })
    .block('m7a', 'reductionD')
    .block('m7b', 'mixedE', { repeat: 2 })
    .gap('gap')
    .dropout('drop')
    .fc('fc', 1000);
  return {
    id: 'inception-v3',
    summary: text(
      'Large windows taken apart: 5x5 as two 3x3, and 7x7 as 1x7 followed by 7x1.',
      '把大窗口拆开：5x5 换成两个 3x3，7x7 换成先 1x7 再 7x1。',
    ),
    about: [
      'A 7x7 window over c channels has 49c² weights, a 1x7 and a 7x1 together have 14c², and they see the same. At 17x17 that buys four modules of long windows; at 8x8 the two halves stand side by side instead, because the map is small and width is wanted.',
      'Where the map shrinks, a strided convolution and a pool work beside each other and are stacked: neither is a bottleneck for the other.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        {
          title: 'Szegedy et al.: Rethinking the inception architecture for computer vision (2015)',
          url: 'https://arxiv.org/abs/1512.00567',
        },
        torchvision('inception_v3'),
      ],
      variant: 'torchvision, without the auxiliary head, which only training uses',
      trainableParams: 23_834_568,
      macs: 5_713_216_096,
      shapes: {
        'conv1/conv': [149, 149, 32],
        'conv2/conv': [147, 147, 32],
        'conv3/conv': [147, 147, 64],
        pool1: [73, 73, 64],
        'conv5/conv': [71, 71, 192],
        pool2: [35, 35, 192],
        'm5b/concat': [35, 35, 256],
        'm5c/2/concat': [35, 35, 288],
        'm6a/concat': [17, 17, 768],
        'm6e/concat': [17, 17, 768],
        'm7a/concat': [8, 8, 1280],
        'm7b/2/concat': [8, 8, 2048],
        gap: [2048],
        fc: [1000],
      },
    },
  };
}
