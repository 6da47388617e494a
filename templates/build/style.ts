import { text } from '../../shared/text';
import { bound, createNetwork } from './builder';
import type { Chain } from './builder';
import type { Template } from './template';

const johnson = {
  title: 'Johnson, Alahi and Fei-Fei: Perceptual losses for real-time style transfer and super-resolution (2016)',
  url: 'https://arxiv.org/abs/1603.08155',
};
const ulyanov = {
  title: 'Ulyanov, Vedaldi and Lempitsky: Instance normalization (2016)',
  url: 'https://arxiv.org/abs/1607.08022',
};

/** Instance norm: as many groups as channels. */
const normed = (chain: Chain, id: string, channels: number): Chain =>
  chain.layer(id, 'groupnorm', { groups: channels }).relu(`${id}r`);

/** Down, two residual blocks, and up again: picture in, picture out. */
export function styleNet(): Template {
  const net = createNetwork('Style network');
  net.define('residual', { filters: 24 }, (block) => {
    const x = block.port('x');
    const first = x
      .conv('c1', bound('filters'), 3, { padding: 'same' })
      .layer('n1', 'groupnorm', { groups: bound('filters') })
      .relu('r1');
    const second = first.conv('c2', bound('filters'), 3, { padding: 'same' });
    block.add('sum', x, second.layer('n2', 'groupnorm', { groups: bound('filters') }));
  });
  const begin = net.input('image', [28, 28, 1]).conv('c1', 12, 5, { padding: 'same' });
  const down = normed(begin, 'n1', 12).conv('c2', 24, 3, { strides: 2, padding: 'same' });
  normed(down, 'n2', 24)
    .block('res', 'residual', { repeat: 2 })
    .layer('up', 'upsample', { factor: 2 })
    .conv('c3', 12, 3, { padding: 'same', activation: 'relu' })
    .conv('out', 1, 5, { padding: 'same', activation: 'sigmoid' });
  return {
    id: 'style-net',
    summary: text(
      'Redraws a picture in the style of another one: one pass through a network that learned it by the perceptual loss.',
      '把一幅图像改画成另一幅图像的风格：用感知损失学会之后，一次前向即可完成。',
    ),
    about: [
      'As it stands it learns to give its input back. To learn a style, train `lenet` on the digits first; then set the loss to **Perceptual** and choose that run as the loss network, or on the command line: `convloom train style-net.json --loss perceptual --loss-network RUN`. The style picture, the nodes and their weights are set already: digits drawn in stripes.',
      'The features of `a2` keep the digit, the pixels (`image`) its tones, and the Gram matrices of `a1` and `a2` bring the stripes. The trained network draws any digit in one pass.',
    ],
    document: net.finish({
      data: 'mnist-pictures',
      share: 0.25,
      epochs: 2,
      batchSize: 16,
      loss: 'meanSquaredError',
      contentNodes: 'a2=1, image=1',
      stylePicture: 'stripes',
      styleWeight: 300,
      optimizer: 'adam',
      learningRate: 0.002,
    }),
    reference: {
      sources: [johnson, ulyanov],
      variant:
        'the network of the supplement for pictures of 28x28: one step down for two, two residual blocks for five, 12 and 24 filters for 32 to 128, upsampling and conv for up-convs, sigmoid for tanh, and instance norm, which the second source brought',
      trainableParams: 26_929,
      shapes: { c2: [14, 14, 24], 'res/2/sum': [14, 14, 24], out: [28, 28, 1] },
    },
  };
}
