import { text } from '../../shared/text';
import { bound, createNetwork, type Chain, type NetworkBuilder } from './builder';
import type { Template } from './template';

/** ImageNet's usual recipe; the data are the user's own, so that no data set is named here. */
const imagenet = { epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.01 } as const;
const relu = { activation: 'relu' } as const;

const torchvision = (name: string): { readonly title: string; readonly url: string } => ({
  title: `torchvision ${name}`,
  url: `https://pytorch.org/vision/stable/models/${name}.html`,
});
const simonyan = {
  title: 'Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition (2014)',
  url: 'https://arxiv.org/abs/1409.1556',
};

/** AlexNet as torchvision has it. */
export function alexnet(): Template {
  const net = createNetwork('AlexNet');
  net
    .input('image', [224, 224, 3])
    .conv('conv1', 64, 11, { strides: 4, padding: 2, ...relu })
    .pool('pool1', 'max', 3, { strides: 2 })
    .conv('conv2', 192, 5, { padding: 2, ...relu })
    .pool('pool2', 'max', 3, { strides: 2 })
    .conv('conv3', 384, 3, { padding: 1, ...relu })
    .conv('conv4', 256, 3, { padding: 1, ...relu })
    .conv('conv5', 256, 3, { padding: 1, ...relu })
    .pool('pool5', 'max', 3, { strides: 2 })
    .dropout('drop6')
    .fc('fc6', 4096, relu)
    .dropout('drop7')
    .fc('fc7', 4096, relu)
    .fc('fc8', 1000);
  return {
    id: 'alexnet',
    summary: text(
      'Five convolutions and three FC layers: won ImageNet in 2012 and began the deep years.',
      '五个卷积层与三个全连接层：赢得 2012 年 ImageNet，开启深度学习时代。',
    ),
    about: [
      '96 % of the parameters sit in the three FC layers. At `conv1`, (224 + 4 - 11)/4 = 54.25 steps round down to 54, hence 55 positions; what the last step does not reach is padding only.',
    ],
    document: net.finish(imagenet),
    reference: {
      sources: [
        {
          title: 'Krizhevsky: One weird trick for parallelizing convolutional neural networks (2014)',
          url: 'https://arxiv.org/abs/1404.5997',
        },
        torchvision('alexnet'),
      ],
      variant: 'torchvision: one tower, 64-192-384-256-256, no LRN',
      trainableParams: 61_100_840,
      macs: 714_188_480,
      shapes: {
        conv1: [55, 55, 64],
        pool1: [27, 27, 64],
        conv2: [27, 27, 192],
        pool2: [13, 13, 192],
        conv3: [13, 13, 384],
        conv4: [13, 13, 256],
        conv5: [13, 13, 256],
        pool5: [6, 6, 256],
        fc8: [1000],
      },
      receptiveFields: { conv5: { size: 163, jump: 16 }, pool5: { size: 195, jump: 32 } },
    },
  };
}

/** The 13 convolutions of VGG-16 up to its last pool, each by the name that the FCN papers use; the first is padded otherwise there. */
export function vggTrunk(image: Chain, options: { firstPadding?: number; rounding?: 'ceil' } = {}): readonly Chain[] {
  const pools: Chain[] = [];
  let end = image;
  for (const [block, [filters, count]] of (
    [
      [64, 2],
      [128, 2],
      [256, 3],
      [512, 3],
      [512, 3],
    ] as const
  ).entries()) {
    for (let at = 1; at <= count; at += 1) {
      const isFirst = block === 0 && at === 1;
      const padding = isFirst ? (options.firstPadding ?? 1) : 1;
      end = end.conv(`conv${block + 1}_${at}`, filters, 3, { padding, ...relu });
    }
    end = end.pool(`pool${block + 1}`, 'max', 2, options.rounding === undefined ? {} : { rounding: options.rounding });
    pools.push(end);
  }
  return pools;
}

const vggShapes = {
  'conv1/2/conv': [224, 224, 64],
  pool1: [112, 112, 64],
  pool2: [56, 56, 128],
  pool3: [28, 28, 256],
  pool4: [14, 14, 512],
  pool5: [7, 7, 512],
};

/** VGG-16 from the image to its last pool: groups of one block, a 3x3 convolution, each ended by a pool. */
function vggGroups(net: NetworkBuilder): Chain {
  net.define('conv', { filters: 64 }, (block) => {
    block.port('in').conv('conv', bound('filters'), 3, { padding: 1, ...relu });
  });
  return net
    .input('image', [224, 224, 3])
    .block('conv1', 'conv', { repeat: 2 })
    .pool('pool1', 'max', 2)
    .block('conv2', 'conv', { repeat: 2, filters: 128 })
    .pool('pool2', 'max', 2)
    .block('conv3', 'conv', { repeat: 3, filters: 256 })
    .pool('pool3', 'max', 2)
    .block('conv4', 'conv', { repeat: 3, filters: 512 })
    .pool('pool4', 'max', 2)
    .block('conv5', 'conv', { repeat: 3, filters: 512 })
    .pool('pool5', 'max', 2);
}

/** VGG-16, configuration D. */
export function vgg16(): Template {
  const net = createNetwork('VGG-16');
  vggGroups(net).fc('fc6', 4096, relu).dropout('drop6').fc('fc7', 4096, relu).dropout('drop7').fc('fc8', 1000);
  return {
    id: 'vgg-16',
    summary: text(
      'Thirteen 3x3 convolutions in five blocks and three FC layers: simple, deep, and heavy.',
      '五组共十三个 3x3 卷积与三个全连接层：简单、深、也很重。',
    ),
    about: [
      '`fc6` alone has 102,764,544 parameters: 7 x 7 x 512 values into 4,096 units. All thirteen convolutions together have 14,714,688. That is what the lecture means by "about 80 % of the parameters are in the FC layers"; here it is 89 %.',
      'Two stacked 3x3 windows see 5x5, three see 7x7, with fewer weights and more non-linearity in between.',
    ],
    document: net.finish(imagenet),
    reference: {
      sources: [simonyan, torchvision('vgg16')],
      variant: 'configuration D, with biases, without batch norm',
      trainableParams: 138_357_544,
      macs: 15_470_264_320,
      nodeParams: { fc6: 102_764_544, fc7: 16_781_312, fc8: 4_097_000 },
      shapes: { ...vggShapes, fc6: [4096], fc8: [1000] },
      receptiveFields: { pool5: { size: 212, jump: 32 } },
    },
  };
}

/** VGG-16 whose three FC layers gave way to GAP and one FC. */
export function vgg16Gap(): Template {
  const net = createNetwork('VGG-16 with GAP');
  vggGroups(net).gap('gap').fc('fc', 1000);
  return {
    id: 'vgg-16-gap',
    summary: text(
      'VGG-16 with GAP and one FC in place of its three: 15 million parameters instead of 138.',
      'VGG-16 用全局池化加一个全连接层取代原来的三个：参数从 1.38 亿降到 1500 万。',
    ),
    about: [
      'The trunk is untouched. The head shrinks from 123,642,856 parameters to 513,000, and the network takes any image of at least 32x32.',
    ],
    document: net.finish(imagenet),
    reference: {
      sources: [
        simonyan,
        { title: 'Lin, Chen, Yan: Network in network (2013)', url: 'https://arxiv.org/abs/1312.4400' },
      ],
      variant: 'configuration D trunk, GAP, FC 1000',
      trainableParams: 15_227_688,
      nodeParams: { fc: 513_000 },
      shapes: { ...vggShapes, gap: [512], fc: [1000] },
      receptiveFields: { pool5: { size: 212, jump: 32 } },
    },
  };
}
