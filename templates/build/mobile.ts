import { text } from '../../shared/text';
import { bound, createNetwork, type Chain } from './builder';
import type { Template } from './template';
import type { ParamBinding } from '../../shared/schema/document';

/** A number, or a param of the block around. */
export type Count = number | ParamBinding;

/** Where torchvision describes a network. */
export function torchvision(name: string): { readonly title: string; readonly url: string } {
  return { title: `torchvision ${name}`, url: `https://pytorch.org/vision/stable/models/${name}.html` };
}

const train = { epochs: 30, batchSize: 32, optimizer: 'momentum', learningRate: 0.05 } as const;

/** torchvision's momentum of 0.1 counts the new value; here it counts the old one. */
export const torchNorm = { momentum: 0.9, epsilon: 1e-5 } as const;

/** A 1x1 convolution and its batch norm. */
function pointwise(chain: Chain, name: string, filters: Count): Chain {
  return chain.conv(name, filters, 1, { useBias: false }).batchnorm(`${name}_bn`, torchNorm);
}

/** A 3x3 window of each channel by itself, and its batch norm. */
function depthwise(chain: Chain, name: string, channels: Count, strides: Count): Chain {
  const params = { groups: channels, padding: 1, useBias: false, ...(strides === 1 ? {} : { strides }) };
  return chain.conv(name, channels, 3, params).batchnorm(`${name}_bn`, torchNorm);
}

function relu6(chain: Chain, id: string): Chain {
  return chain.layer(id, 'activation', { function: 'relu6' });
}

/** SqueezeNet 1.1. */
export function squeezenet(): Template {
  const net = createNetwork('SqueezeNet 1.1');
  net.define('fire', { squeeze: 16, expand: 64 }, (block) => {
    const squeezed = block.port('in').conv('squeeze', bound('squeeze'), 1).relu('relu');
    const one = squeezed.conv('expand1', bound('expand'), 1).relu('relu1');
    const three = squeezed.conv('expand3', bound('expand'), 3, { padding: 1 }).relu('relu3');
    block.concat('concat', one, three);
  });
  const shrink = { strides: 2, rounding: 'ceil' };
  net
    .input('image', [227, 227, 3])
    .conv('conv1', 64, 3, { strides: 2 })
    .relu('relu1')
    .pool('pool1', 'max', 3, shrink)
    .block('fire2', 'fire')
    .block('fire3', 'fire')
    .pool('pool3', 'max', 3, shrink)
    .block('fire4', 'fire', { squeeze: 32, expand: 128 })
    .block('fire5', 'fire', { squeeze: 32, expand: 128 })
    .pool('pool5', 'max', 3, shrink)
    .block('fire6', 'fire', { squeeze: 48, expand: 192 })
    .block('fire7', 'fire', { squeeze: 48, expand: 192 })
    .block('fire8', 'fire', { squeeze: 64, expand: 256 })
    .block('fire9', 'fire', { squeeze: 64, expand: 256 })
    .dropout('drop')
    .conv('conv10', 1000, 1)
    .relu('relu10')
    .gap('gap');
  return {
    id: 'squeezenet',
    summary: text(
      'Eight fire modules, which squeeze channels before they look at neighbours, and no FC layer at all.',
      '八个 fire 模块，先压缩通道再看邻域，完全没有全连接层。',
    ),
    about: [
      'A fire module lets a few 1x1 windows say what the many behind them see, so that its 3x3 windows are cheap. The last convolution has a channel for each class, and GAP counts their votes: fifty times fewer parameters than AlexNet for the same accuracy.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        { title: 'Iandola et al.: SqueezeNet (2016)', url: 'https://arxiv.org/abs/1602.07360' },
        torchvision('squeezenet1_1'),
      ],
      variant:
        '1.1, with the 227x227 pixels of the authors; torchvision has 224, of which the first window loses a row',
      trainableParams: 1_235_496,
      shapes: {
        conv1: [113, 113, 64],
        pool1: [56, 56, 64],
        'fire3/concat': [56, 56, 128],
        'fire5/concat': [28, 28, 256],
        'fire9/concat': [14, 14, 512],
        conv10: [14, 14, 1000],
        gap: [1000],
      },
    },
  };
}

/** MobileNetV2. */
export function mobilenetV2(): Template {
  const net = createNetwork('MobileNetV2');
  net.define('widen', { hidden: 96, filters: 24, strides: 2 }, (block) => {
    const expanded = relu6(pointwise(block.port('in'), 'expand', bound('hidden')), 'relu1');
    const seen = relu6(depthwise(expanded, 'depthwise', bound('hidden'), bound('strides')), 'relu2');
    pointwise(seen, 'project', bound('filters'));
  });
  net.define('residual', { filters: 24 }, (block) => {
    const input = block.port('in');
    const expanded = relu6(pointwise(input, 'expand', bound('filters', 6)), 'relu1');
    const seen = relu6(depthwise(expanded, 'depthwise', bound('filters', 6), 1), 'relu2');
    block.add('add', pointwise(seen, 'project', bound('filters')), input);
  });
  net.define('stage', { hidden: 96, filters: 24, strides: 2, more: 1 }, (block) => {
    block
      .port('in')
      .block('first', 'widen', { hidden: bound('hidden'), filters: bound('filters'), strides: bound('strides') })
      .block('rest', 'residual', { repeat: bound('more'), filters: bound('filters') });
  });
  const image = net.input('image', [224, 224, 3]);
  const stem = image.conv('conv1', 32, 3, { strides: 2, padding: 1, useBias: false }).batchnorm('conv1_bn', torchNorm);
  const first = relu6(depthwise(relu6(stem, 'conv1_relu'), 'depthwise', 32, 1), 'depthwise_relu');
  const body = pointwise(first, 'project', 16)
    .block('s2', 'stage', { hidden: 96, filters: 24, more: 1 })
    .block('s3', 'stage', { hidden: 144, filters: 32, more: 2 })
    .block('s4', 'stage', { hidden: 192, filters: 64, more: 3 })
    .block('s5', 'stage', { hidden: 384, filters: 96, strides: 1, more: 2 })
    .block('s6', 'stage', { hidden: 576, filters: 160, more: 2 })
    .block('s7', 'widen', { hidden: 960, filters: 320, strides: 1 });
  relu6(pointwise(body, 'conv8', 1280), 'conv8_relu')
    .gap('gap')
    .dropout('drop', 0.2)
    .fc('fc', 1000);
  return {
    id: 'mobilenet-v2',
    summary: text(
      'Seventeen inverted residuals: widened by 1x1, seen channel by channel, and narrowed without an activation.',
      '十七个倒残差块：先用 1x1 加宽，再逐通道卷积，最后不加激活地收窄。',
    ),
    about: [
      'A convolution over all channels costs their product; a depthwise one costs their number, and the 1x1 convolutions around it mix them. The narrow ends carry no activation, which would throw away what little room they have, and the skip joins the narrow ends.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        { title: 'Sandler et al.: MobileNetV2 (2018)', url: 'https://arxiv.org/abs/1801.04381' },
        torchvision('mobilenet_v2'),
      ],
      variant: 'torchvision, width 1.0',
      trainableParams: 3_504_872,
      shapes: {
        conv1: [112, 112, 32],
        project: [112, 112, 16],
        's2/rest/add': [56, 56, 24],
        's3/rest/2/add': [28, 28, 32],
        's4/rest/3/add': [14, 14, 64],
        's5/rest/2/add': [14, 14, 96],
        's6/rest/2/add': [7, 7, 160],
        conv8: [7, 7, 1280],
        gap: [1280],
        fc: [1000],
      },
    },
  };
}

/** ShuffleNetV2 x1.0. */
export function shufflenetV2(): Template {
  const net = createNetwork('ShuffleNetV2');
  net.define('unit', { half: 58 }, (block) => {
    const input = block.port('in');
    const passed = input.layer('pass', 'slice', { to: bound('half') });
    const first = pointwise(input.layer('take', 'slice', { from: bound('half') }), 'conv1', bound('half')).relu(
      'relu1',
    );
    const seen = depthwise(first, 'depthwise', bound('half'), 1);
    block.concat('concat', passed, pointwise(seen, 'conv2', bound('half')).relu('relu2')).layer('mix', 'shuffle', {
      groups: 2,
    });
  });
  net.define('shrink', { channels: 24, half: 58 }, (block) => {
    const input = block.port('in');
    const near = pointwise(depthwise(input, 'near', bound('channels'), 2), 'near_mix', bound('half')).relu('near_relu');
    const first = pointwise(input, 'conv1', bound('half')).relu('relu1');
    const far = pointwise(depthwise(first, 'depthwise', bound('half'), 2), 'conv2', bound('half')).relu('relu2');
    block.concat('concat', near, far).layer('mix', 'shuffle', { groups: 2 });
  });
  net.define('stage', { channels: 24, half: 58, more: 3 }, (block) => {
    block
      .port('in')
      .block('first', 'shrink', { channels: bound('channels'), half: bound('half') })
      .block('rest', 'unit', { repeat: bound('more'), half: bound('half') });
  });
  const body = net
    .input('image', [224, 224, 3])
    .conv('conv1', 24, 3, { strides: 2, padding: 1, useBias: false })
    .batchnorm('conv1_bn', torchNorm)
    .relu('conv1_relu')
    .pool('pool1', 'max', 3, { strides: 2, padding: 1 })
    .block('s2', 'stage', { channels: 24, half: 58, more: 3 })
    .block('s3', 'stage', { channels: 116, half: 116, more: 7 })
    .block('s4', 'stage', { channels: 232, half: 232, more: 3 });
  pointwise(body, 'conv5', 1024).relu('conv5_relu').gap('gap').fc('fc', 1000);
  return {
    id: 'shufflenet-v2',
    summary: text(
      'Half of the channels pass by untouched in every unit, and a shuffle deals both halves out anew.',
      '每个单元让一半通道原样通过，再用通道混洗把两半重新交错。',
    ),
    about: [
      'Splitting, passing by and shuffling cost no arithmetic, so that all of it goes into narrow convolutions. Each unit sees the half that its neighbour did not.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        { title: 'Ma et al.: ShuffleNet V2 (2018)', url: 'https://arxiv.org/abs/1807.11164' },
        torchvision('shufflenet_v2_x1_0'),
      ],
      variant: 'torchvision, width 1.0',
      trainableParams: 2_278_604,
      shapes: {
        conv1: [112, 112, 24],
        pool1: [56, 56, 24],
        's2/rest/3/mix': [28, 28, 116],
        's3/rest/7/mix': [14, 14, 232],
        's4/rest/3/mix': [7, 7, 464],
        conv5: [7, 7, 1024],
        gap: [1024],
        fc: [1000],
      },
    },
  };
}
