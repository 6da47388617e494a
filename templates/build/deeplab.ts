import { text } from '../../shared/text';
import { bound, createNetwork, type Chain, type NetworkBuilder } from './builder';
import { torchNorm, torchvision } from './mobile';
import { bottleneckBlock, defineStem, identity, projected } from './residual';
import type { Template } from './template';

/** Classes of PASCAL VOC with the background. */
const vocClasses = 21;

/** ResNet-50 without its head, whose last two stages keep the size and spread their windows instead. */
function dilatedTrunk(net: NetworkBuilder, image: Chain): Chain {
  defineStem(net);
  const spread = { padding: bound('dilation'), dilationRate: bound('dilation') };
  net.define('bottleneck', { width: 64, dilation: 1 }, (block) => bottleneckBlock(block, identity, spread));
  net.define('bottleneckDown', { width: 64, strides: 2, dilation: 1 }, (block) =>
    bottleneckBlock(block, projected(4), { strides: bound('strides'), ...spread }),
  );
  net.define('stage', { width: 64, strides: 1, more: 2, near: 1, far: 1 }, (block) => {
    const width = bound('width');
    block
      .port('in')
      .block('first', 'bottleneckDown', { width, strides: bound('strides'), dilation: bound('near') })
      .block('rest', 'bottleneck', { repeat: bound('more'), width, dilation: bound('far') });
  });
  return image
    .block('stem', 'stem')
    .block('s1', 'stage')
    .block('s2', 'stage', { width: 128, strides: 2, more: 3 })
    .block('s3', 'stage', { width: 256, more: 5, far: 2 })
    .block('s4', 'stage', { width: 512, near: 2, far: 4 });
}

/** Defines `conv` (convolution, batch norm, ReLU) and `aspp`, five views of different width side by side. */
function definePyramid(net: NetworkBuilder): void {
  net.define('conv', { filters: 256, kernelSize: 3, dilation: 1, padding: 1 }, (block) => {
    const window = { padding: bound('padding'), dilationRate: bound('dilation'), useBias: false };
    block
      .port('in')
      .conv('conv', bound('filters'), bound('kernelSize'), window)
      .batchnorm('bn', torchNorm)
      .relu('relu');
  });
  const point = { kernelSize: 1, padding: 0 };
  net.define('aspp', { size: 65 }, (block) => {
    const input = block.port('in');
    const near = input.block('1x1', 'conv', point);
    const views = [12, 24, 36].map((rate) => input.block(`rate${rate}`, 'conv', { dilation: rate, padding: rate }));
    const whole = input
      .layer('mean', 'gap', { keepDims: true })
      .block('mean_1x1', 'conv', point)
      .layer('spread', 'upsample', { size: bound('size'), mode: 'bilinear' });
    block.concat('concat', near, ...views, whole).block('project', 'conv', point);
  });
}

/** DeepLabV3 on a ResNet-50. */
export function deeplabV3(): Template {
  const net = createNetwork('DeepLabV3');
  definePyramid(net);
  dilatedTrunk(net, net.input('image', [520, 520, 3]))
    .block('aspp', 'aspp')
    .dropout('drop')
    .block('head', 'conv')
    .conv('classes', vocClasses, 1)
    .layer('score', 'upsample', { size: 520, mode: 'bilinear' });
  return {
    id: 'deeplab-v3',
    summary: text(
      'A ResNet that stops shrinking at an eighth, and windows of four widths and the mean of all on top of it.',
      '缩小到八分之一后就不再缩小的 ResNet，顶上并列四种宽度的窗口和全图均值。',
    ),
    about: [
      'Segmentation wants fine maps, and a wide view for each of their pixels. The last two stages have stride 1 in place of 2; their windows are spread by 2 and 4 instead, so that they see what they would have seen, at every position.',
      'The pyramid (`aspp`) looks at the same map through a 1x1, through 3x3 windows with gaps of 12, 24 and 36, and as a whole by its mean. Up from 65x65 it blends: nothing is learned on the way back to the image.',
    ],
    document: net.finish({ epochs: 30, batchSize: 4, optimizer: 'momentum', learningRate: 0.02 }),
    reference: {
      sources: [
        {
          title: 'Chen et al.: Rethinking atrous convolution for semantic image segmentation (2017)',
          url: 'https://arxiv.org/abs/1706.05587',
        },
        torchvision('deeplabv3_resnet50'),
      ],
      variant: 'torchvision deeplabv3_resnet50, 21 classes (PASCAL VOC), 520x520, without the auxiliary head',
      trainableParams: 39_638_869,
      macs: 168_731_205_888,
      shapes: {
        'stem/conv1': [260, 260, 64],
        'stem/pool1': [130, 130, 64],
        's1/rest/2/relu': [130, 130, 256],
        's2/rest/3/relu': [65, 65, 512],
        's3/rest/5/relu': [65, 65, 1024],
        's4/rest/2/relu': [65, 65, 2048],
        'aspp/mean': [1, 1, 2048],
        'aspp/spread': [65, 65, 256],
        'aspp/concat': [65, 65, 1280],
        'aspp/project/conv': [65, 65, 256],
        'head/conv': [65, 65, 256],
        classes: [65, 65, 21],
        score: [520, 520, 21],
      },
    },
  };
}
