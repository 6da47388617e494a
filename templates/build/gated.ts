import { text } from '../../shared/text';
import { bound, createNetwork, type BlockBuilder, type Chain, type NetworkBuilder } from './builder';
import { torchNorm, torchvision, type Count } from './mobile';
import type { Template } from './template';

/*
 * Networks of inverted residuals with a gate per channel: the mean of each channel says, through two small layers, how much of it passes.
 */

const train = { epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.05 } as const;

type Norm = { readonly momentum: number; readonly epsilon: number };
type Window = {
  readonly channels: Count;
  readonly kernelSize: Count;
  readonly padding: Count;
  readonly strides: Count;
};

/** torchvision's momentum of 0.01 counts the new value; here it counts the old one. */
const mobileNorm: Norm = { momentum: 0.99, epsilon: 1e-3 };

function apply(chain: Chain, id: string, name: string): Chain {
  return chain.layer(id, 'activation', { function: name });
}

function pointwise(chain: Chain, name: string, filters: Count, norm: Norm): Chain {
  return chain.conv(name, filters, 1, { useBias: false }).batchnorm(`${name}_bn`, norm);
}

function depthwise(chain: Chain, { channels, kernelSize, padding, strides }: Window, norm: Norm): Chain {
  const params = { groups: channels, strides, padding, useBias: false };
  return chain.conv('depthwise', channels, kernelSize, params).batchnorm('depthwise_bn', norm);
}

/** A block that multiplies each channel by what two 1x1 convolutions make of all means. */
function defineGate(net: NetworkBuilder, squeezeBy: string, openBy: string): void {
  net.define('gate', { squeeze: 8, channels: 32 }, (block) => {
    const input = block.port('in');
    const means = input.layer('mean', 'gap', { keepDims: true });
    const open = means
      .conv('squeeze', bound('squeeze'), 1, { activation: squeezeBy })
      .conv('open', bound('channels'), 1, { activation: openBy });
    block.multiply('scaled', input, open);
  });
}

/** Widened, seen channel by channel, gated, narrowed. */
type Inverted = Omit<Window, 'channels'> & { readonly hidden: Count; readonly squeeze: Count; readonly filters: Count };

function inverted(block: BlockBuilder, params: Inverted, name: string, norm: Norm): { input: Chain; output: Chain } {
  const input = block.port('in');
  const wide = apply(pointwise(input, 'expand', params.hidden, norm), 'expand_act', name);
  const seen = apply(depthwise(wide, { ...params, channels: params.hidden }, norm), 'depthwise_act', name);
  const gated = seen.block('gate', 'gate', { squeeze: params.squeeze, channels: params.hidden });
  return { input, output: pointwise(gated, 'project', params.filters, norm) };
}

/** MobileNetV3, the small one. */
export function mobilenetV3Small(): Template {
  const net = createNetwork('MobileNetV3-small');
  defineGate(net, 'relu', 'hardsigmoid');
  net.define('plain', { hidden: 72, filters: 24, strides: 1 }, (block) => {
    const hidden = bound('hidden');
    const wide = apply(pointwise(block.port('in'), 'expand', hidden, mobileNorm), 'expand_act', 'relu');
    const window = { channels: hidden, kernelSize: 3, padding: 1, strides: bound('strides') };
    pointwise(
      apply(depthwise(wide, window, mobileNorm), 'depthwise_act', 'relu'),
      'project',
      bound('filters'),
      mobileNorm,
    );
  });
  const params = { hidden: bound('hidden'), squeeze: bound('squeeze'), filters: bound('filters') };
  net.define('gated', { hidden: 96, squeeze: 24, filters: 40, strides: 1 }, (block) => {
    inverted(block, { ...params, kernelSize: 5, padding: 2, strides: bound('strides') }, 'hardswish', mobileNorm);
  });
  net.define('residual', { hidden: 240, squeeze: 64, filters: 40 }, (block) => {
    const input = block.port('in');
    block.add('add', input.block('gated', 'gated', params), input);
  });
  const stem = net
    .input('image', [224, 224, 3])
    .conv('conv1', 16, 3, { strides: 2, padding: 1, useBias: false })
    .batchnorm('conv1_bn', mobileNorm);
  const window = { channels: 16, kernelSize: 3, padding: 1, strides: 2 };
  const seen = apply(depthwise(apply(stem, 'conv1_act', 'hardswish'), window, mobileNorm), 'depthwise_act', 'relu');
  const first = pointwise(seen.block('gate', 'gate', { squeeze: 8, channels: 16 }), 'project', 16, mobileNorm);
  const second = first.block('b2', 'plain', { strides: 2 });
  const body = net
    .add('b3_add', second.block('b3', 'plain', { hidden: 88 }), second)
    .block('b4', 'gated', { strides: 2 })
    .block('b5', 'residual', { repeat: 2 })
    .block('b7', 'gated', { hidden: 120, squeeze: 32, filters: 48 })
    .block('b8', 'residual', { hidden: 144, squeeze: 40, filters: 48 })
    .block('b9', 'gated', { hidden: 288, squeeze: 72, filters: 96, strides: 2 })
    .block('b10', 'residual', { hidden: 576, squeeze: 144, filters: 96, repeat: 2 });
  apply(
    apply(pointwise(body, 'conv12', 576, mobileNorm), 'conv12_act', 'hardswish')
      .gap('gap')
      .fc('fc1', 1024),
    'fc1_act',
    'hardswish',
  )
    .dropout('drop', 0.2)
    .fc('fc2', 1000);
  return {
    id: 'mobilenet-v3-small',
    summary: text(
      'Inverted residuals with gates per channel, and straight lines in place of sigmoid and swish, for phones.',
      '带通道门控的倒残差块，用直线近似 sigmoid 和 swish，为手机而设计。',
    ),
    about: [
      'A search over architectures chose the widths; by hand came the hard activations, which cost no exponential, and a head that pools before its last wide layers and not behind them. The gate of each block weighs channels by what the whole picture holds.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        { title: 'Howard et al.: Searching for MobileNetV3 (2019)', url: 'https://arxiv.org/abs/1905.02244' },
        torchvision('mobilenet_v3_small'),
      ],
      variant: 'torchvision, width 1.0',
      trainableParams: 2_542_856,
      shapes: {
        conv1: [112, 112, 16],
        project: [56, 56, 16],
        b3_add: [28, 28, 24],
        'b5/2/add': [14, 14, 40],
        'b8/add': [14, 14, 48],
        'b10/2/add': [7, 7, 96],
        conv12: [7, 7, 576],
        gap: [576],
        fc1: [1024],
        fc2: [1000],
      },
    },
  };
}

/** EfficientNet-B0. */
export function efficientnetB0(): Template {
  const net = createNetwork('EfficientNet-B0');
  defineGate(net, 'swish', 'sigmoid');
  const window = { kernelSize: bound('kernelSize'), padding: bound('padding') };
  net.define('widen', { channels: 16, filters: 24, kernelSize: 3, padding: 1, strides: 2 }, (block) => {
    const sizes = { hidden: bound('channels', 6), squeeze: bound('channels', 0.25), filters: bound('filters') };
    inverted(block, { ...window, ...sizes, strides: bound('strides') }, 'swish', torchNorm);
  });
  net.define('residual', { filters: 24, kernelSize: 3, padding: 1 }, (block) => {
    const sizes = { hidden: bound('filters', 6), squeeze: bound('filters', 0.25), filters: bound('filters') };
    const { input, output } = inverted(block, { ...window, ...sizes, strides: 1 }, 'swish', torchNorm);
    block.add('add', output, input);
  });
  net.define('stage', { channels: 16, filters: 24, kernelSize: 3, padding: 1, strides: 2, more: 1 }, (block) => {
    block
      .port('in')
      .block('first', 'widen', {
        channels: bound('channels'),
        filters: bound('filters'),
        ...window,
        strides: bound('strides'),
      })
      .block('rest', 'residual', { repeat: bound('more'), filters: bound('filters'), ...window });
  });
  const stem = net
    .input('image', [224, 224, 3])
    .conv('conv1', 32, 3, { strides: 2, padding: 1, useBias: false })
    .batchnorm('conv1_bn', torchNorm);
  const own = { channels: 32, kernelSize: 3, padding: 1, strides: 1 };
  const seen = apply(depthwise(apply(stem, 'conv1_act', 'swish'), own, torchNorm), 'depthwise_act', 'swish');
  const wide = { kernelSize: 5, padding: 2 };
  const body = pointwise(seen.block('gate', 'gate', { squeeze: 8, channels: 32 }), 'project', 16, torchNorm)
    .block('s2', 'stage', { channels: 16, filters: 24, more: 1 })
    .block('s3', 'stage', { channels: 24, filters: 40, ...wide, more: 1 })
    .block('s4', 'stage', { channels: 40, filters: 80, more: 2 })
    .block('s5', 'stage', { channels: 80, filters: 112, ...wide, strides: 1, more: 2 })
    .block('s6', 'stage', { channels: 112, filters: 192, ...wide, more: 3 })
    .block('s7', 'widen', { channels: 192, filters: 320, strides: 1 });
  apply(pointwise(body, 'conv8', 1280, torchNorm), 'conv8_act', 'swish')
    .gap('gap')
    .dropout('drop', 0.2)
    .fc('fc', 1000);
  return {
    id: 'efficientnet-b0',
    summary: text(
      'Sixteen gated inverted residuals whose depth, width and size of picture grow together in its larger kin.',
      '十六个带门控的倒残差块；更大的型号把深度、宽度和图片尺寸按同一比例放大。',
    ),
    about: [
      'B0 was found by a search under a budget of multiply-adds; B1 to B7 are B0 made deeper, wider and sharper at fixed ratios. Windows of 3x3 and 5x5 alternate by stage, and every block has a gate.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        { title: 'Tan & Le: EfficientNet (2019)', url: 'https://arxiv.org/abs/1905.11946' },
        torchvision('efficientnet_b0'),
      ],
      variant: 'torchvision, without its stochastic depth',
      trainableParams: 5_288_548,
      shapes: {
        conv1: [112, 112, 32],
        project: [112, 112, 16],
        's2/rest/add': [56, 56, 24],
        's3/rest/add': [28, 28, 40],
        's4/rest/2/add': [14, 14, 80],
        's5/rest/2/add': [14, 14, 112],
        's6/rest/3/add': [7, 7, 192],
        conv8: [7, 7, 1280],
        gap: [1280],
        fc: [1000],
      },
    },
  };
}
