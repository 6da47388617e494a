import { text } from '../../shared/text';
import { bound, createNetwork, type Chain, type NetworkBuilder } from './builder';
import { vggTrunk } from './classifiers';
import type { Template } from './template';

const long = {
  title: 'Long, Shelhamer, Darrell: Fully convolutional networks for semantic segmentation (2014)',
  url: 'https://arxiv.org/abs/1411.4038',
};
const ronneberger = {
  title: 'Ronneberger, Fischer, Brox: U-Net: convolutional networks for biomedical image segmentation (2015)',
  url: 'https://arxiv.org/abs/1505.04597',
};

const relu = { activation: 'relu' } as const;
const same = { padding: 'same', activation: 'relu' } as const;
const digits = {
  data: 'mnist-seg',
  epochs: 5,
  batchSize: 8,
  optimizer: 'adam',
  learningRate: 0.003,
  schedule: 'constant',
} as const;

/** Background and the ten digits of `mnist-seg`. */
const digitClasses = 11;

/** Two fused score maps over a short trunk: the idea of FCN-8s at a size that trains in a minute. */
export function fcnSmall(): Template {
  const net = createNetwork('Small FCN');
  const pool2 = net
    .input('image', [64, 64, 1])
    .conv('c1', 16, 3, same)
    .conv('c2', 16, 3, same)
    .pool('p1', 'max', 2)
    .conv('c3', 32, 3, same)
    .conv('c4', 32, 3, same)
    .pool('p2', 'max', 2);
  const score = pool2
    .conv('c5', 64, 3, same)
    .conv('c6', 64, 3, same)
    .pool('p3', 'max', 2)
    .conv('c7', 128, 3, same)
    .conv('score', digitClasses, 1)
    .upconv('up2', digitClasses, 4, { strides: 2, padding: 'same' });
  net
    .add('fuse', score, pool2.conv('score_p2', digitClasses, 1))
    .upconv('up8', digitClasses, 8, { strides: 4, padding: 'same' });
  return {
    id: 'fcn-small',
    summary: text(
      'A small fully convolutional network: scores from two depths, brought to one size by up-conv and summed.',
      '小型全卷积网络：取两个深度的得分图，用上卷积放大到同一尺寸后求和。',
    ),
    about: [
      'The deep score map knows what is there, the shallow one where it is. Both get one channel per class by a 1x1 convolution, an up-conv doubles the deep one, and a **sum** joins them; a last up-conv brings the result back to 64x64.',
      'Kernels of 4 and 8 with strides 2 and 4 are divisible by their strides, so that every output pixel is made from equally many inputs: no checkerboard.',
    ],
    document: net.finish(digits),
    reference: {
      sources: [long],
      variant:
        'the skip of FCN-16s on a trunk of seven convolutions; not a published network, so the numbers are our own arithmetic',
      trainableParams: 157_132,
      shapes: {
        p2: [16, 16, 32],
        p3: [8, 8, 64],
        score: [8, 8, 11],
        up2: [16, 16, 11],
        fuse: [16, 16, 11],
        up8: [64, 64, 11],
      },
    },
  };
}

/** Two scales of U-Net, for 64x64 images. */
export function unetSmall(): Template {
  const net = createNetwork('Small U-Net');
  // A norm behind each convolution, which makes its bias superfluous: without them the mean IoU is 0.65 after five epochs, with them 0.86.
  net.define('double', { filters: 64 }, (block) => {
    const plain = { padding: 'same', useBias: false };
    const first = block.port('in').conv('a', bound('filters'), 3, plain).batchnorm('an').relu('ar');
    first.conv('b', bound('filters'), 3, plain).batchnorm('bn').relu('br');
  });
  const top = net.input('image', [64, 64, 1]).block('d1', 'double', { filters: 16 });
  const middle = top.pool('p1', 'max', 2).block('d2', 'double', { filters: 32 });
  const bottom = middle.pool('p2', 'max', 2).block('b', 'double', { filters: 64 });
  const up2 = net.concat('join2', middle, bottom.upconv('up2', 32, 2)).block('u2', 'double', { filters: 32 });
  net
    .concat('join1', top, up2.upconv('up1', 16, 2))
    .block('u1', 'double', { filters: 16 })
    .conv('score', digitClasses, 1);
  return {
    id: 'unet-small',
    summary: text(
      'A U-Net with two poolings for 64x64 images: every scale is carried across by a concat.',
      '两次池化的小型 U-Net，输入 64x64：每个尺度的特征都通过拼接传到另一侧。',
    ),
    about: [
      'Down the left side the map shrinks and the channels grow; up the right side the up-convs undo it. Each **concat** hands the decoder the fine map of its own scale, channels side by side; the convolutions behind it decide what to take from which.',
      'Same padding and two pools: any input whose sides are multiples of 4 works.',
    ],
    document: net.finish({ ...digits, schedule: 'cosine' }),
    reference: {
      sources: [ronneberger],
      variant:
        'same padding, batch norm, 16-32-64 filters; not a published network, so the numbers are our own arithmetic',
      trainableParams: 117_243,
      shapes: {
        'd1/b': [64, 64, 16],
        'd2/b': [32, 32, 32],
        'b/b': [16, 16, 64],
        up2: [32, 32, 32],
        join2: [32, 32, 64],
        join1: [64, 64, 32],
        score: [64, 64, 11],
      },
    },
  };
}

/** Classes of PASCAL VOC with the background. */
const vocClasses = 21;
const vocTrain = { epochs: 30, batchSize: 1, optimizer: 'momentum', learningRate: 0.0001, momentum: 0.99 } as const;

type FcnTrunk = { readonly image: Chain; readonly pool3: Chain; readonly pool4: Chain; readonly score: Chain };

/** VGG-16 with its FC layers as convolutions, scored per position. Padding 100 keeps small images from vanishing. */
function fcnTrunk(net: NetworkBuilder): FcnTrunk {
  const image = net.input('image', [500, 500, 3]);
  const [, , pool3, pool4, pool5] = vggTrunk(image, { firstPadding: 100, rounding: 'ceil' });
  if (pool3 === undefined || pool4 === undefined || pool5 === undefined) throw new Error('The trunk has five pools.');
  const score = pool5
    .conv('fc6', 4096, 7, relu)
    .dropout('drop6')
    .conv('fc7', 4096, 1, relu)
    .dropout('drop7')
    .conv('score_fr', vocClasses, 1);
  return { image, pool3, pool4, score };
}

function up(chain: Chain, id: string, kernelSize: number, strides: number): Chain {
  return chain.upconv(id, vocClasses, kernelSize, { strides, useBias: false });
}

const trunkShapes = {
  conv1_1: [698, 698, 64],
  pool1: [349, 349, 64],
  pool2: [175, 175, 128],
  pool3: [88, 88, 256],
  pool4: [44, 44, 512],
  pool5: [22, 22, 512],
  fc6: [16, 16, 4096],
  fc7: [16, 16, 4096],
  score_fr: [16, 16, 21],
};

const fcnVariant = '21 classes (PASCAL VOC), padding 100, up-convs without bias, as in the published Caffe files';

/** FCN-32s: one up-conv by 32. */
export function fcn32s(): Template {
  const net = createNetwork('FCN-32s');
  const { image, score } = fcnTrunk(net);
  up(score, 'upscore', 64, 32).cropTo('score', image, 19);
  return {
    id: 'fcn-32s',
    summary: text(
      'VGG-16 made fully convolutional, its scores brought back to the image by one up-conv of stride 32.',
      '把 VGG-16 变成全卷积网络，用一次步长 32 的上卷积把得分图放大回原图。',
    ),
    about: [
      '`fc6` is the first FC layer of VGG-16 as a 7x7 convolution: the same 102,764,544 parameters, but at every position. 16 positions a side become 544 pixels, and a crop of 19 leaves the 500 of the image.',
      'Coarse by construction: one score stands for 32 pixels. FCN-16s and FCN-8s mend that with skips.',
    ],
    document: net.finish(vocTrain),
    reference: {
      sources: [long],
      variant: fcnVariant,
      trainableParams: 136_152_917,
      nodeParams: { fc6: 102_764_544, fc7: 16_781_312, score_fr: 86_037, upscore: 1_806_336 },
      shapes: { ...trunkShapes, upscore: [544, 544, 21], score: [500, 500, 21] },
    },
  };
}

/** FCN-16s: pool4 is fused before the last up-conv. */
export function fcn16s(): Template {
  const net = createNetwork('FCN-16s');
  const { image, pool4, score } = fcnTrunk(net);
  const upscore2 = up(score, 'upscore2', 4, 2);
  const score4 = pool4.conv('score_pool4', vocClasses, 1).cropTo('score_pool4c', upscore2, 5);
  up(net.add('fuse_pool4', upscore2, score4), 'upscore16', 32, 16).cropTo('score', image, 27);
  return {
    id: 'fcn-16s',
    summary: text(
      'FCN-32s with one skip: the scores of pool4 are summed in before the last up-conv of stride 16.',
      '在 FCN-32s 上加一条跳跃连接：与 pool4 的得分求和，再做步长 16 的上卷积。',
    ),
    about: [
      'The way up makes 34, the skip has 44, so the skip is cropped by 5. The 5, and the 27 at the end, follow from the padding of 100: select a crop to see the arithmetic of both branches.',
    ],
    document: net.finish(vocTrain),
    reference: {
      sources: [long],
      variant: fcnVariant,
      trainableParams: 134_815_994,
      nodeParams: { score_pool4: 10_773, upscore2: 7_056, upscore16: 451_584 },
      shapes: {
        ...trunkShapes,
        upscore2: [34, 34, 21],
        score_pool4: [44, 44, 21],
        score_pool4c: [34, 34, 21],
        fuse_pool4: [34, 34, 21],
        upscore16: [560, 560, 21],
        score: [500, 500, 21],
      },
    },
  };
}

/** FCN-8s: pool4 and pool3 are fused. */
export function fcn8s(): Template {
  const net = createNetwork('FCN-8s');
  const { image, pool3, pool4, score } = fcnTrunk(net);
  const upscore2 = up(score, 'upscore2', 4, 2);
  const score4 = pool4.conv('score_pool4', vocClasses, 1).cropTo('score_pool4c', upscore2, 5);
  const upscore4 = up(net.add('fuse_pool4', upscore2, score4), 'upscore_pool4', 4, 2);
  const score3 = pool3.conv('score_pool3', vocClasses, 1).cropTo('score_pool3c', upscore4, 9);
  up(net.add('fuse_pool3', upscore4, score3), 'upscore8', 16, 8).cropTo('score', image, 31);
  return {
    id: 'fcn-8s',
    summary: text(
      'The finest of the three: pool4 and pool3 are summed in, and the last up-conv has stride 8.',
      '三者中最精细：先后与 pool4、pool3 求和，最后的上卷积步长为 8。',
    ),
    about: [
      'Two skips, two sums. Each up-conv doubles the scores until they meet a finer pool; the shallow scores say where, the deep ones what.',
    ],
    document: net.finish(vocTrain),
    reference: {
      sources: [long],
      variant: fcnVariant,
      trainableParams: 134_489_759,
      nodeParams: { score_pool3: 5_397, upscore_pool4: 7_056, upscore8: 112_896 },
      shapes: {
        ...trunkShapes,
        fuse_pool4: [34, 34, 21],
        upscore_pool4: [70, 70, 21],
        score_pool3: [88, 88, 21],
        score_pool3c: [70, 70, 21],
        fuse_pool3: [70, 70, 21],
        upscore8: [568, 568, 21],
        score: [500, 500, 21],
      },
    },
  };
}

const unetWidths = [64, 128, 256, 512] as const;

/** Defines what every scale of a U-Net has twice: two 3x3 convolutions. */
function defineDouble(net: NetworkBuilder, params: typeof relu | typeof same): void {
  net.define('double', { filters: 64 }, (block) => {
    block.port('in').conv('a', bound('filters'), 3, params).conv('b', bound('filters'), 3, params);
  });
}

/** The body of U-Net; with valid convolutions every skip is cropped to what comes up. */
function unetBody(net: NetworkBuilder, image: Chain, padding: 'valid' | 'same'): void {
  defineDouble(net, padding === 'same' ? same : relu);
  const skips: Chain[] = [];
  let end = image;
  for (const [at, width] of unetWidths.entries()) {
    const level = at + 1;
    let last = end.block(`d${level}`, 'double', { filters: width });
    if (level === 4) last = last.dropout('drop4');
    skips.push(last);
    end = last.pool(`p${level}`, 'max', 2);
  }
  end = end.block('b', 'double', { filters: 1024 }).dropout('drop5');
  for (const [step, skip] of [...skips].reverse().entries()) {
    const level = unetWidths.length - step;
    const width = unetWidths[level - 1] ?? 64;
    const risen = end.upconv(`up${level}`, width, 2);
    const side = padding === 'same' ? skip : skip.cropTo(`crop${level}`, risen, 'center');
    end = net.concat(`join${level}`, side, risen).block(`u${level}`, 'double', { filters: width });
  }
  end.conv('score', 2, 1);
}

const unetTrain = { epochs: 30, batchSize: 1, optimizer: 'momentum', learningRate: 0.001, momentum: 0.99 } as const;

/** U-Net as published. */
export function unet(): Template {
  const net = createNetwork('U-Net');
  unetBody(net, net.input('image', [572, 572, 1]), 'valid');
  return {
    id: 'unet',
    summary: text(
      'U-Net as published: valid convolutions, 572x572 in, 388x388 out, skips cropped and concatenated.',
      '论文原版 U-Net：不填充的卷积，输入 572x572，输出 388x388，跳跃连接裁剪后拼接。',
    ),
    about: [
      'Eighteen valid 3x3 convolutions over five scales eat 92 pixels on every side: 572 in, 388 out. A pixel is only answered if all that it depends on was seen, so a large image is cut into overlapping tiles and mirrored at its border.',
      'Each pool needs an even size, hence valid inputs are N = 12 mod 16 with N >= 188, and the output is N - 184.',
    ],
    document: net.finish(unetTrain),
    reference: {
      sources: [ronneberger],
      variant: 'valid convolutions, one channel in, two classes out',
      trainableParams: 31_030_658,
      macs: 150_428_424_448,
      shapes: {
        'd1/a': [570, 570, 64],
        'd1/b': [568, 568, 64],
        p1: [284, 284, 64],
        'd2/b': [280, 280, 128],
        p2: [140, 140, 128],
        'd3/b': [136, 136, 256],
        p3: [68, 68, 256],
        'd4/b': [64, 64, 512],
        p4: [32, 32, 512],
        'b/a': [30, 30, 1024],
        'b/b': [28, 28, 1024],
        up4: [56, 56, 512],
        crop4: [56, 56, 512],
        join4: [56, 56, 1024],
        'u4/b': [52, 52, 512],
        up3: [104, 104, 256],
        'u3/b': [100, 100, 256],
        up2: [200, 200, 128],
        'u2/b': [196, 196, 128],
        up1: [392, 392, 64],
        'u1/a': [390, 390, 64],
        'u1/b': [388, 388, 64],
        score: [388, 388, 2],
      },
      receptiveFields: { 'b/b': { size: 140, jump: 16 } },
    },
  };
}

/** U-Net with same padding: what most implementations have. */
export function unetSame(): Template {
  const net = createNetwork('U-Net, same padding');
  unetBody(net, net.input('image', [256, 256, 1]), 'same');
  return {
    id: 'unet-same',
    summary: text(
      'U-Net with same padding: the output has the size of the input, and no skip is cropped.',
      '填充版 U-Net：输出与输入同样大小，跳跃连接不需要裁剪。',
    ),
    about: [
      'The same 31,030,658 parameters. Four pools need sides that are multiples of 16. Near the border the network sees zeros that are not in the image; the published form avoids that.',
    ],
    document: net.finish(unetTrain),
    reference: {
      sources: [ronneberger],
      variant: 'same padding, one channel in, two classes out',
      trainableParams: 31_030_658,
      shapes: {
        'd1/b': [256, 256, 64],
        'd4/b': [32, 32, 512],
        'b/b': [16, 16, 1024],
        up4: [32, 32, 512],
        join4: [32, 32, 1024],
        score: [256, 256, 2],
      },
    },
  };
}
