import { text } from '../../shared/text';
import { createNetwork } from './builder';
import type { Template } from './template';

/** ViT-Tiny/16. */
export function vitTiny(): Template {
  const width = 192;
  const net = createNetwork('ViT-Tiny/16');
  net.define('encoder', {}, (block) => {
    const input = block.port('in');
    const mixed = input.layer('norm1', 'layernorm', {}).layer('attention', 'attention', { heads: 3 });
    const seen = block.add('add1', input, mixed);
    const thought = seen
      .layer('norm2', 'layernorm', {})
      .conv('widen', 4 * width, 1)
      .layer('gelu', 'activation', { function: 'gelu' })
      .conv('narrow', width, 1);
    block.add('add2', seen, thought);
  });
  net
    .input('image', [224, 224, 3])
    .conv('patches', width, 16, { strides: 16 })
    .layer('class', 'classToken', {})
    .layer('position', 'position', {})
    .block('encoder', 'encoder', { repeat: 12 })
    .layer('norm', 'layernorm', {})
    .layer('answer', 'slice', { axis: 'height', to: 1 })
    .fc('head', 1000);
  return {
    id: 'vit-tiny',
    summary: text(
      'A vision transformer: 16x16 patches as tokens, twelve rounds of attention, and a class token that gathers the answer.',
      '视觉 Transformer：以 16x16 图块为词元，十二轮自注意力，由分类词元汇集答案。',
    ),
    about: [
      'One convolution with a stride as large as its window cuts the picture into 14×14 patches of 192 channels. From there on a map is a list of 197 positions, the class token first, and the only layers that mix positions are the attentions: everything else works on each position alone, as 1×1 convolutions do.',
      'Count what attention costs: 197² = 38,809 pairs of positions for each head. A picture twice as high and as wide has four times the positions and sixteen times the pairs, which is why transformers see patches and not pixels.',
    ],
    document: net.finish({ epochs: 30, batchSize: 32, optimizer: 'adam', learningRate: 0.001 }),
    reference: {
      sources: [
        { title: 'Dosovitskiy et al.: An image is worth 16×16 words (2021)', url: 'https://arxiv.org/abs/2010.11929' },
        {
          title: 'Touvron et al.: Training data-efficient image transformers (2021)',
          url: 'https://arxiv.org/abs/2012.12877',
        },
        {
          title: 'timm vit_tiny_patch16_224',
          url: 'https://huggingface.co/timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k',
        },
      ],
      variant: 'timm vit_tiny_patch16_224, whose FC layers at every position are 1x1 convolutions here',
      trainableParams: 5_717_416,
      nodeParams: {
        patches: 147_648,
        class: 192,
        position: 37_824,
        'encoder/1/attention': 148_224,
        'encoder/12/widen': 148_224,
        head: 193_000,
      },
      shapes: {
        patches: [14, 14, 192],
        class: [197, 1, 192],
        'encoder/12/add2': [197, 1, 192],
        answer: [1, 1, 192],
        head: [1000],
      },
    },
  };
}
