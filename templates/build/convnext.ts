import { text } from '../../shared/text';
import { bound, createNetwork } from './builder';
import { torchvision } from './mobile';
import type { Template } from './template';

/** ConvNeXt-tiny. */
export function convnextTiny(): Template {
  const net = createNetwork('ConvNeXt-tiny');
  net.define('block', { width: 96 }, (block) => {
    const input = block.port('in');
    const branch = input
      .conv('depthwise', bound('width'), 7, { padding: 3, groups: bound('width') })
      .layer('norm', 'layernorm', {})
      .conv('widen', bound('width', 4), 1)
      .layer('gelu', 'activation', { function: 'gelu' })
      .conv('narrow', bound('width'), 1)
      .layer('scale', 'scale', { scale: 1e-6, learned: 'channel', center: false });
    block.add('add', branch, input);
  });
  net.define('stage', { width: 192, blocks: 3 }, (block) => {
    block
      .port('in')
      .layer('norm', 'layernorm', {})
      .conv('shrink', bound('width'), 2, { strides: 2 })
      .block('body', 'block', { repeat: bound('blocks'), width: bound('width') });
  });
  net
    .input('image', [224, 224, 3])
    .conv('stem', 96, 4, { strides: 4 })
    .layer('stem_norm', 'layernorm', {})
    .block('s1', 'block', { repeat: 3 })
    .block('s2', 'stage')
    .block('s3', 'stage', { width: 384, blocks: 9 })
    .block('s4', 'stage', { width: 768 })
    .gap('gap')
    .layer('norm', 'layernorm', {})
    .fc('fc', 1000);
  return {
    id: 'convnext-tiny',
    summary: text(
      'A residual network rebuilt after the transformers: 7x7 windows channel by channel, few norms, few activations.',
      '按 Transformer 的思路重做的残差网络：逐通道 7x7 窗口，更少的归一化与激活。',
    ),
    about: [
      'Each block looks around first, channel by channel, and then thinks at every position by itself, four times as wide: what attention and its FC layers do in a transformer. There is one layer norm and one GELU in a block, where a ResNet has three norms and three ReLUs.',
      'The learned scale at the end of each branch starts at 0.000001, so that training begins with a network that passes its input on.',
    ],
    document: net.finish({ epochs: 30, batchSize: 32, optimizer: 'adam', learningRate: 0.001 }),
    reference: {
      sources: [
        { title: 'Liu et al.: A ConvNet for the 2020s (2022)', url: 'https://arxiv.org/abs/2201.03545' },
        torchvision('convnext_tiny'),
      ],
      variant:
        'torchvision, whose FC layers at every position are 1x1 convolutions here; without stochastic depth, which only training uses',
      trainableParams: 28_589_128,
      macs: 4_455_531_264,
      shapes: {
        stem: [56, 56, 96],
        's1/3/add': [56, 56, 96],
        's2/shrink': [28, 28, 192],
        's2/body/3/add': [28, 28, 192],
        's3/body/9/add': [14, 14, 384],
        's4/body/3/add': [7, 7, 768],
        gap: [768],
        fc: [1000],
      },
    },
  };
}
