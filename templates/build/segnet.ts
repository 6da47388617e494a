import { text } from '../../shared/text';
import { bound, createNetwork, type Chain } from './builder';
import { torchNorm } from './mobile';
import type { Template } from './template';

/** Classes of CamVid. */
const classes = 11;

/** Filters of the convolutions of each scale, down and up again. */
const down = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;
const up = [[64], [128, 64], [256, 256, 128], [512, 512, 256], [512, 512, 512]] as const;

/** SegNet. */
export function segnet(): Template {
  const net = createNetwork('SegNet');
  net.define('conv', { filters: 64 }, (block) => {
    block.port('in').conv('conv', bound('filters'), 3, { padding: 1 }).batchnorm('bn', torchNorm).relu('relu');
  });
  let end: Chain = net.input('image', [360, 480, 3]);
  /** The convolutions of one scale; those of one width are one block, repeated. */
  const convs = (id: string, filters: readonly number[]): void => {
    const widths = [...new Set(filters)];
    for (const [at, width] of widths.entries()) {
      const repeat = filters.filter((one) => one === width).length;
      const name = widths.length === 1 ? id : `${id}${'ab'.charAt(at)}`;
      end = end.block(name, 'conv', { ...(repeat === 1 ? {} : { repeat }), filters: width });
    }
  };
  const pools: Chain[] = [];
  for (const [scale, filters] of down.entries()) {
    convs(`conv${scale + 1}`, filters);
    end = end.pool(`pool${scale + 1}`, 'max', 2, { rounding: 'ceil' });
    pools.push(end);
  }
  for (const [scale, pool] of [...pools.entries()].reverse()) {
    end = net.join(`unpool${scale + 1}`, 'unpool', {}, end, pool);
    convs(`up${scale + 1}`, up[scale] ?? []);
  }
  end.conv('score', classes, 3, { padding: 1 });
  return {
    id: 'segnet',
    summary: text(
      'VGG-16 and its mirror: each unpool puts values back where the pool on the other side had found them.',
      'VGG-16 与它的镜像：每个反池化把数值放回另一侧池化当初取出的位置。',
    ),
    about: [
      'A U-Net carries whole maps across; SegNet carries only where the largest values were, two bits for each of them. Edges come back sharp, and the way up learns no upsampling: its convolutions fill in what the unpools leave empty.',
      'At 45 rows a pool has half a window left over and rounds up to 23; its unpool knows the size that it must come back to.',
    ],
    document: net.finish({ epochs: 30, batchSize: 4, optimizer: 'momentum', learningRate: 0.1 }),
    reference: {
      sources: [
        {
          title:
            'Badrinarayanan, Kendall, Cipolla: SegNet: a deep convolutional encoder-decoder architecture for image segmentation (2015)',
          url: 'https://arxiv.org/abs/1511.00561',
        },
        {
          title: 'Kendall: SegNet-Tutorial, segnet_train.prototxt',
          url: 'https://github.com/alexgkendall/SegNet-Tutorial',
        },
      ],
      variant: 'the published Caffe file: 360x480, 11 classes (CamVid), biases and batch norm',
      trainableParams: 29_449_355,
      macs: 106_712_432_640,
      shapes: {
        'conv1/2/conv': [360, 480, 64],
        pool1: [180, 240, 64],
        pool2: [90, 120, 128],
        pool3: [45, 60, 256],
        pool4: [23, 30, 512],
        pool5: [12, 15, 512],
        unpool5: [23, 30, 512],
        'up5/3/conv': [23, 30, 512],
        unpool4: [45, 60, 512],
        'up4b/conv': [45, 60, 256],
        unpool3: [90, 120, 256],
        unpool2: [180, 240, 128],
        unpool1: [360, 480, 64],
        'up1/conv': [360, 480, 64],
        score: [360, 480, 11],
      },
    },
  };
}
