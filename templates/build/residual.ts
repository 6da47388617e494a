import { text } from '../../shared/text';
import { createNetwork, type Chain, type NetworkBuilder } from './builder';
import type { Template } from './template';

const he = {
  title: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015)',
  url: 'https://arxiv.org/abs/1512.03385',
};
const szegedy = {
  title: 'Szegedy et al.: Going deeper with convolutions (2014)',
  url: 'https://arxiv.org/abs/1409.4842',
};
const torchvision = (name: string): { readonly title: string; readonly url: string } => ({
  title: `torchvision ${name}`,
  url: `https://pytorch.org/vision/stable/models/${name}.html`,
});
const train = { epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.05 } as const;

/** torchvision's momentum of 0.1 counts the new value; here it counts the old one. */
const torchNorm = { momentum: 0.9, epsilon: 1e-5 } as const;
const inceptionNorm = { momentum: 0.9, epsilon: 1e-3 } as const;

type ConvOptions = { readonly strides?: number; readonly padding?: number };

function convNorm(chain: Chain, name: string, filters: number, kernelSize: number, options: ConvOptions = {}): Chain {
  return chain.conv(name, filters, kernelSize, { ...options, useBias: false }).batchnorm(`${name}_bn`, torchNorm);
}

/** What stands before the first block: 7x7 with stride 2, then a pool with stride 2. */
function resnetStem(net: NetworkBuilder): Chain {
  return convNorm(net.input('image', [224, 224, 3]), 'conv1', 64, 7, { strides: 2, padding: 3 })
    .relu('conv1_relu')
    .pool('pool1', 'max', 3, { strides: 2, padding: 1 });
}

type Block = (
  net: NetworkBuilder,
  chain: Chain,
  name: string,
  width: number,
  strides: number,
  project: boolean,
) => Chain;

/** Two 3x3 convolutions. */
const basicBlock: Block = (net, chain, name, width, strides, project) => {
  const first = convNorm(chain, `${name}_conv1`, width, 3, strides === 1 ? { padding: 1 } : { strides, padding: 1 });
  const branch = convNorm(first.relu(`${name}_relu1`), `${name}_conv2`, width, 3, { padding: 1 });
  const skip = project ? convNorm(chain, `${name}_skip`, width, 1, strides === 1 ? {} : { strides }) : chain;
  return net.add(`${name}_add`, branch, skip).relu(`${name}_relu`);
};

/** 1x1 down to `width`, 3x3, 1x1 up to four times `width`; torchvision has the stride in the 3x3. */
const bottleneckBlock: Block = (net, chain, name, width, strides, project) => {
  const first = convNorm(chain, `${name}_conv1`, width, 1).relu(`${name}_relu1`);
  const second = convNorm(first, `${name}_conv2`, width, 3, strides === 1 ? { padding: 1 } : { strides, padding: 1 });
  const branch = convNorm(second.relu(`${name}_relu2`), `${name}_conv3`, 4 * width, 1);
  const skip = project ? convNorm(chain, `${name}_skip`, 4 * width, 1, strides === 1 ? {} : { strides }) : chain;
  return net.add(`${name}_add`, branch, skip).relu(`${name}_relu`);
};

function resnetBody(net: NetworkBuilder, block: Block, counts: readonly number[], widens: boolean): Chain {
  let end = resnetStem(net);
  for (const [stage, count] of counts.entries()) {
    for (let at = 1; at <= count; at += 1) {
      const strides = stage > 0 && at === 1 ? 2 : 1;
      const project = at === 1 && (stage > 0 || widens);
      end = block(net, end, `s${stage + 1}b${at}`, 64 * 2 ** stage, strides, project);
    }
  }
  return end.gap('gap').fc('fc', 1000);
}

/** ResNet-18. */
export function resnet18(): Template {
  const net = createNetwork('ResNet-18');
  resnetBody(net, basicBlock, [2, 2, 2, 2], false);
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
        conv1: [112, 112, 64],
        pool1: [56, 56, 64],
        s1b2_relu: [56, 56, 64],
        s2b2_relu: [28, 28, 128],
        s3b2_relu: [14, 14, 256],
        s4b2_relu: [7, 7, 512],
        gap: [512],
        fc: [1000],
      },
    },
  };
}

/** ResNet-50. */
export function resnet50(): Template {
  const net = createNetwork('ResNet-50');
  resnetBody(net, bottleneckBlock, [3, 4, 6, 3], true);
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
        conv1: [112, 112, 64],
        pool1: [56, 56, 64],
        s1b3_relu: [56, 56, 256],
        s2b4_relu: [28, 28, 512],
        s3b6_relu: [14, 14, 1024],
        s4b3_relu: [7, 7, 2048],
        gap: [2048],
        fc: [1000],
      },
    },
  };
}

/** Filters of an inception module: 1x1; 1x1 then 3x3; 1x1 then the second 3x3; the pool's 1x1. */
type Inception = readonly [number, number, number, number, number, number];

function inceptionConv(
  chain: Chain,
  name: string,
  filters: number,
  kernelSize: number,
  options: ConvOptions = {},
): Chain {
  return chain
    .conv(name, filters, kernelSize, { ...options, useBias: false })
    .batchnorm(`${name}_bn`, inceptionNorm)
    .relu(`${name}_relu`);
}

function inception(net: NetworkBuilder, chain: Chain, name: string, widths: Inception): Chain {
  const [one, reduce3, three, reduce5, five, pool] = widths;
  return net.concat(
    `${name}_concat`,
    inceptionConv(chain, `${name}_1x1`, one, 1),
    inceptionConv(inceptionConv(chain, `${name}_reduce_a`, reduce3, 1), `${name}_3x3_a`, three, 3, { padding: 1 }),
    inceptionConv(inceptionConv(chain, `${name}_reduce_b`, reduce5, 1), `${name}_3x3_b`, five, 3, { padding: 1 }),
    inceptionConv(
      chain.pool(`${name}_pool`, 'max', 3, { strides: 1, padding: 1, rounding: 'ceil' }),
      `${name}_pool_1x1`,
      pool,
      1,
    ),
  );
}

/** GoogLeNet as torchvision has it. */
export function googlenet(): Template {
  const net = createNetwork('GoogLeNet');
  const stem = inceptionConv(net.input('image', [224, 224, 3]), 'conv1', 64, 7, { strides: 2, padding: 3 }).pool(
    'pool1',
    'max',
    3,
    { strides: 2, rounding: 'ceil' },
  );
  let end = inceptionConv(inceptionConv(stem, 'conv2', 64, 1), 'conv3', 192, 3, { padding: 1 }).pool(
    'pool2',
    'max',
    3,
    {
      strides: 2,
      rounding: 'ceil',
    },
  );
  end = inception(net, end, 'i3a', [64, 96, 128, 16, 32, 32]);
  end = inception(net, end, 'i3b', [128, 128, 192, 32, 96, 64]).pool('pool3', 'max', 3, {
    strides: 2,
    rounding: 'ceil',
  });
  end = inception(net, end, 'i4a', [192, 96, 208, 16, 48, 64]);
  end = inception(net, end, 'i4b', [160, 112, 224, 24, 64, 64]);
  end = inception(net, end, 'i4c', [128, 128, 256, 24, 64, 64]);
  end = inception(net, end, 'i4d', [112, 144, 288, 32, 64, 64]);
  end = inception(net, end, 'i4e', [256, 160, 320, 32, 128, 128]).pool('pool4', 'max', 2, { rounding: 'ceil' });
  end = inception(net, end, 'i5a', [256, 160, 320, 32, 128, 128]);
  inception(net, end, 'i5b', [384, 192, 384, 48, 128, 128]).gap('gap').dropout('drop', 0.2).fc('fc', 1000);
  return {
    id: 'googlenet',
    summary: text(
      'Nine inception modules, each four window sizes side by side, and GAP in place of wide FC layers.',
      '九个 Inception 模块，并列四种窗口，用全局平均池化取代宽的全连接层。',
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
        conv1: [112, 112, 64],
        pool1: [56, 56, 64],
        conv3: [56, 56, 192],
        pool2: [28, 28, 192],
        i3a_concat: [28, 28, 256],
        i3b_concat: [28, 28, 480],
        pool3: [14, 14, 480],
        i4a_concat: [14, 14, 512],
        i4e_concat: [14, 14, 832],
        pool4: [7, 7, 832],
        i5a_concat: [7, 7, 832],
        i5b_concat: [7, 7, 1024],
        gap: [1024],
        fc: [1000],
      },
    },
  };
}
