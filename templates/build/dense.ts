import { text } from '../../shared/text';
import { bound, createNetwork, type Chain } from './builder';
import { torchNorm, torchvision } from './mobile';
import type { Template } from './template';

function normRelu(chain: Chain, id: string): Chain {
  return chain.batchnorm(`${id}_bn`, torchNorm).relu(`${id}_relu`);
}

/** DenseNet-121. */
export function densenet121(): Template {
  const net = createNetwork('DenseNet-121');
  net.define('layer', { growth: 32 }, (block) => {
    const input = block.port('in');
    const narrow = normRelu(input, 'pre').conv('conv1', bound('growth', 4), 1, { useBias: false });
    const grown = normRelu(narrow, 'mid').conv('conv2', bound('growth'), 3, { padding: 1, useBias: false });
    block.concat('concat', input, grown);
  });
  net.define('transition', { filters: 128 }, (block) => {
    normRelu(block.port('in'), 'pre').conv('conv', bound('filters'), 1, { useBias: false }).pool('pool', 'avg', 2);
  });
  const stem = net
    .input('image', [224, 224, 3])
    .conv('conv1', 64, 7, { strides: 2, padding: 3, useBias: false })
    .batchnorm('conv1_bn', torchNorm)
    .relu('conv1_relu')
    .pool('pool1', 'max', 3, { strides: 2, padding: 1 });
  const body = stem
    .block('dense1', 'layer', { repeat: 6 })
    .block('transition1', 'transition')
    .block('dense2', 'layer', { repeat: 12 })
    .block('transition2', 'transition', { filters: 256 })
    .block('dense3', 'layer', { repeat: 24 })
    .block('transition3', 'transition', { filters: 512 })
    .block('dense4', 'layer', { repeat: 16 });
  normRelu(body, 'final').gap('gap').fc('fc', 1000);
  return {
    id: 'densenet-121',
    summary: text(
      'Every layer sees the maps of all layers before it in its dense block, and adds 32 channels of its own.',
      '稠密块中每一层都能看到之前所有层的特征图，并再添上自己的 32 个通道。',
    ),
    about: [
      'Stacking in place of adding keeps what was seen: the first edges are still at hand at the end of a block, and gradients reach them without a detour. Since nothing has to be learned twice, each layer may be narrow. Between the blocks a 1x1 convolution halves the channels and a pool the size.',
    ],
    document: net.finish({ epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.05 }),
    reference: {
      sources: [
        {
          title: 'Huang et al.: Densely connected convolutional networks (2017)',
          url: 'https://arxiv.org/abs/1608.06993',
        },
        torchvision('densenet121'),
      ],
      variant: 'torchvision, growth 32',
      trainableParams: 7_978_856,
      shapes: {
        conv1: [112, 112, 64],
        pool1: [56, 56, 64],
        'dense1/6/concat': [56, 56, 256],
        'transition1/pool': [28, 28, 128],
        'dense2/12/concat': [28, 28, 512],
        'dense3/24/concat': [14, 14, 1024],
        'dense4/16/concat': [7, 7, 1024],
        gap: [1024],
        fc: [1000],
      },
    },
  };
}
