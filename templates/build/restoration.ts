import { text } from '../../shared/text';
import { createNetwork } from './builder';
import type { Template } from './template';

const shi = {
  title:
    'Shi et al.: Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural network (2016)',
  url: 'https://arxiv.org/abs/1609.05158',
};

const learned = { padding: 'same', activation: 'relu' } as const;

/** Sub-pixel convolution: everything is computed at the small size, and channels become pixels in the end. */
export function espcn(): Template {
  const net = createNetwork('ESPCN');
  net
    .input('image', [14, 14, 1])
    .conv('c1', 64, 5, learned)
    .conv('c2', 32, 3, learned)
    .conv('c3', 4, 3, { padding: 'same' })
    .layer('shuffle', 'depthToSpace', { blockSize: 2 });
  return {
    id: 'espcn',
    summary: text(
      'Makes a picture twice as large: three convs at the small size, whose four channels become the pixels of the large one.',
      '把图像放大到两倍：三个卷积都在小尺寸上计算，最后的四个通道变成大图的像素。',
    ),
    about: [
      'The picture stays small until the end: the last conv gives 4 channels for each pixel, and **depth to space** lays them out as a block of 2x2. An up-conv at its place would compute the same at four times the cost.',
      'The end is linear and the loss the mean squared error: a value is compared with the pixel in its place. What it is worth is said as PSNR, beside that of the plainly resized input.',
    ],
    document: net.finish({
      data: 'mnist-sr',
      epochs: 3,
      batchSize: 32,
      loss: 'meanSquaredError',
      optimizer: 'adam',
      learningRate: 0.002,
      schedule: 'constant',
    }),
    reference: {
      sources: [shi],
      variant:
        'section 3.2 for a factor of 2 and one channel: (5, 64), (3, 32), 3, padded, for inputs of 14x14; with ReLU in the place of tanh, which needs several times as many epochs here',
      trainableParams: 21_284,
      shapes: { c1: [14, 14, 64], c2: [14, 14, 32], c3: [14, 14, 4], shuffle: [28, 28, 1] },
    },
  };
}
