import { text } from '../../shared/text';
import { createNetwork, type Chain } from './builder';
import type { Template } from './template';

const lecun = {
  title: 'LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998)',
  url: 'http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf',
};
const nielsen = {
  title: 'Nielsen: Neural Networks and Deep Learning, chapters 1 and 6 (2015)',
  url: 'http://neuralnetworksanddeeplearning.com/chap6.html',
};
const lin = { title: 'Lin, Chen, Yan: Network in network (2013)', url: 'https://arxiv.org/abs/1312.4400' };

const mnist = { data: 'mnist', epochs: 3, batchSize: 32, optimizer: 'adam', learningRate: 0.002 } as const;

/** One cycle bears larger rates than half a cosine, and ends a little higher. */
const cycle = { ...mnist, epochs: 5, schedule: 'oneCycle' } as const;

function lenetTrunk(image: Chain): Chain {
  return image.conv('c1', 20, 5).relu('a1').pool('p1', 'max', 2).conv('c2', 50, 5).relu('a2').pool('p2', 'max', 2);
}

/** 20-50-500-10, the lecture's network. */
export function lenet(): Template {
  const net = createNetwork('LeNet');
  lenetTrunk(net.input('image', [28, 28, 1]))
    .fc('f1', 500, { activation: 'relu' })
    .fc('f2', 10);
  return {
    id: 'lenet',
    summary: text(
      'Two rounds of conv, ReLU and pool, then two FC layers: reads handwritten digits.',
      '两组卷积、ReLU、池化，再接两个全连接层：识别手写数字。',
    ),
    about: [
      'The place to begin. Each 5x5 window takes 4 pixels off a side (b = x - a + 1: 28 - 5 + 1 = 24), each 2x2 pool halves it.',
      'Look at `f1`: one FC layer holds 400,500 of the 431,080 parameters, but only 17 % of the arithmetic. The convolutions are the other way round.',
    ],
    document: net.finish({ ...cycle, learningRate: 0.002 }),
    reference: {
      sources: [nielsen],
      variant: '20 and 50 filters of 5x5, FC 500 and FC 10, as in the Caffe example',
      trainableParams: 431_080,
      macs: 2_293_000,
      nodeParams: { c1: 520, c2: 25_050, f1: 400_500, f2: 5_010 },
      shapes: { c1: [24, 24, 20], p1: [12, 12, 20], c2: [8, 8, 50], p2: [4, 4, 50], f1: [500], f2: [10] },
      receptiveFields: {
        c1: { size: 5, jump: 1 },
        p1: { size: 6, jump: 2 },
        c2: { size: 14, jump: 2 },
        p2: { size: 16, jump: 4 },
      },
    },
  };
}

/** The same trunk without its FC layers. */
export function lenetGap(): Template {
  const net = createNetwork('LeNet with GAP');
  lenetTrunk(net.input('image', [28, 28, 1]))
    .gap('g1')
    .fc('f1', 10);
  return {
    id: 'lenet-gap',
    summary: text(
      'The trunk of LeNet with global average pooling in place of the wide FC layer: 16 times fewer parameters.',
      'LeNet 的主干，用全局平均池化取代宽的全连接层：参数减少到约十六分之一。',
    ),
    about: [
      'Global average pooling leaves one number per channel, so the last FC sees 50 values instead of 800. It has no parameters, and it takes an image of any size.',
      'Compare it with `lenet`: `npx convloom compare templates/lenet/network.json templates/lenet-gap/network.json`.',
    ],
    document: net.finish({ ...cycle, learningRate: 0.01 }),
    reference: {
      sources: [nielsen, lin],
      variant: 'trunk 20-50 of 5x5, GAP, FC 10',
      trainableParams: 26_080,
      macs: 1_888_500,
      nodeParams: { c1: 520, c2: 25_050, f1: 510 },
      shapes: { p2: [4, 4, 50], g1: [50], f1: [10] },
    },
  };
}

/** No convolution at all: the starting point of the lecture. */
export function dnn(): Template {
  const net = createNetwork('DNN');
  net.input('image', [28, 28, 1]).fc('f1', 30, { activation: 'sigmoid' }).fc('f2', 10);
  return {
    id: 'dnn',
    summary: text(
      'Fully connected only, 784-30-10: treats all 784 pixels alike, whatever their place.',
      '只有全连接层，784-30-10：对 784 个像素一视同仁，不考虑它们的位置。',
    ),
    about: [
      'Every neuron of the first layer sees every pixel: 784 weights and a bias each. Shuffle the pixels of all images in one way and this network learns just as well; a convolutional one does not, because it uses which pixels are neighbours.',
    ],
    document: net.finish({ ...mnist, learningRate: 0.003 }),
    reference: {
      sources: [nielsen],
      variant: '784-30-10 with a sigmoid, trained with softmax cross-entropy',
      trainableParams: 23_860,
      macs: 23_820,
      nodeParams: { f1: 23_550, f2: 310 },
      shapes: { f1: [30], f2: [10] },
    },
  };
}

/** The network of 1998 as it is written today. */
export function lenet5(): Template {
  const net = createNetwork('LeNet-5');
  net
    .input('image', [28, 28, 1])
    .conv('c1', 6, 5, { padding: 2 })
    .relu('a1')
    .pool('s2', 'max', 2)
    .conv('c3', 16, 5)
    .relu('a3')
    .pool('s4', 'max', 2)
    .conv('c5', 120, 5)
    .relu('a5')
    .fc('f6', 84, { activation: 'relu' })
    .fc('f7', 10);
  return {
    id: 'lenet-5',
    summary: text(
      'The network of 1998 in today’s form: 6 and 16 filters, then 120, 84 and 10 units.',
      '1998 年的 LeNet-5，今天常见的写法：6 与 16 个卷积核，再接 120、84、10 个单元。',
    ),
    about: [
      'A padding of 2 makes the 28x28 digits the 32x32 images of the paper. `c5` is a convolution whose 5x5 window covers all that is left of the map: it _is_ the FC layer of 120 units, written as a convolution.',
      'The paper has trainable average pools, a partly connected `c3` and radial basis outputs; this form, with plain pools and full connections, is the one in use today.',
    ],
    document: net.finish(mnist),
    reference: {
      sources: [lecun],
      variant: 'modern: full connections, max pooling, ReLU; 28x28 with padding 2 or 32x32',
      trainableParams: 61_706,
      macs: 416_520,
      nodeParams: { c1: 156, c3: 2_416, c5: 48_120, f6: 10_164, f7: 850 },
      shapes: {
        c1: [28, 28, 6],
        s2: [14, 14, 6],
        c3: [10, 10, 16],
        s4: [5, 5, 16],
        c5: [1, 1, 120],
        f6: [84],
        f7: [10],
      },
      receptiveFields: { s4: { size: 16, jump: 4 }, c5: { size: 32, jump: 4 } },
    },
  };
}
