import { text } from '../../shared/text';
import { bound, createNetwork, type BlockBuilder, type Chain } from './builder';
import { torchNorm } from './mobile';
import type { Template } from './template';

/*
 * What became of U-Net: skips that are gated, and skips that are networks themselves.
 */

const train = { epochs: 30, batchSize: 4, optimizer: 'adam', learningRate: 0.001 } as const;
const scales = [0, 1, 2, 3] as const;

/** Attention U-Net in two dimensions. */
export function attentionUnet(): Template {
  const net = createNetwork('Attention U-Net');
  net.define('double', { filters: 64 }, (block) => {
    let end = block.port('in');
    for (const name of ['a', 'b']) {
      end = end.conv(name, bound('filters'), 3, { padding: 1 }).batchnorm(`${name}_bn`, torchNorm).relu(`${name}_relu`);
    }
  });
  net.define('conv', { filters: 64 }, (block) => {
    block.port('in').conv('conv', bound('filters'), 3, { padding: 1 }).batchnorm('bn', torchNorm).relu('relu');
  });
  net.define('gate', { inner: 32 }, (block) => {
    const [skip, signal] = [block.port('skip'), block.port('signal')];
    const seen = skip.conv('seen', bound('inner'), 1).batchnorm('seen_bn', torchNorm);
    const wanted = signal.conv('wanted', bound('inner'), 1).batchnorm('wanted_bn', torchNorm);
    const open = block
      .add('both', seen, wanted)
      .relu('relu')
      .conv('open', 1, 1)
      .batchnorm('open_bn', torchNorm)
      .layer('share', 'activation', { function: 'sigmoid' });
    block.multiply('passed', skip, open);
  });
  const widths = [64, 128, 256, 512] as const;
  const skips: Chain[] = [];
  let end: Chain = net.input('image', [224, 224, 3]);
  for (const scale of scales) {
    const skip = end.block(`d${scale + 1}`, 'double', { filters: widths[scale] });
    skips.push(skip);
    end = skip.pool(`p${scale + 1}`, 'max', 2);
  }
  end = end.block('b', 'double', { filters: 1024 });
  for (const scale of [...scales].reverse()) {
    const filters = widths[scale];
    const risen = end.layer(`up${scale + 1}`, 'upsample', { factor: 2 }).block(`conv${scale + 1}`, 'conv', { filters });
    const passed = net.join(
      `gate${scale + 1}`,
      'block',
      { block: 'gate', inner: filters / 2 },
      skips[scale] ?? risen,
      risen,
    );
    end = net.concat(`join${scale + 1}`, passed, risen).block(`u${scale + 1}`, 'double', { filters });
  }
  end.conv('score', 1, 1);
  return {
    id: 'attention-unet',
    summary: text(
      'A U-Net whose skips are gated: what comes up from below says which pixels of the fine map may pass.',
      '带门控的 U-Net：由下方上来的特征决定精细特征图中哪些像素可以通过。',
    ),
    about: [
      'A plain skip hands over everything. Here two 1x1 convolutions bring the skip and the signal from below to one width, their sum is rectified, and a third makes one number between 0 and 1 for each pixel, by which the skip is multiplied. Open a `gate` to see it.',
      'After training, the maps of `gate1/share` to `gate4/share` are worth a look: they are where the network looks.',
    ],
    document: net.finish(train),
    reference: {
      sources: [
        {
          title: 'Oktay et al.: Attention U-Net: learning where to look for the pancreas (2018)',
          url: 'https://arxiv.org/abs/1804.03999',
        },
        {
          title: 'LeeJunHyun: Image_Segmentation, network.py, AttU_Net',
          url: 'https://github.com/LeeJunHyun/Image_Segmentation',
        },
      ],
      variant:
        'in two dimensions, as AttU_Net of the PyTorch code: batch norm, nearest upsampling and a 3x3 convolution on the way up, gates at the size of the skip; the paper has volumes, and gates at half the size',
      trainableParams: 34_878_573,
      macs: 50_856_587_264,
      shapes: {
        'd1/b': [224, 224, 64],
        'd4/b': [28, 28, 512],
        'b/b': [14, 14, 1024],
        up4: [28, 28, 1024],
        'conv4/conv': [28, 28, 512],
        'gate4/seen': [28, 28, 256],
        'gate4/share': [28, 28, 1],
        'gate4/passed': [28, 28, 512],
        'u4/b': [28, 28, 512],
        'gate1/seen': [224, 224, 32],
        'u1/b': [224, 224, 64],
        score: [224, 224, 1],
      },
    },
  };
}

/** U-Net++. */
export function unetPlusPlus(): Template {
  const net = createNetwork('U-Net++');
  const widths = [32, 64, 128, 256, 512] as const;
  const filters = bound('filters');
  net.define('unit', { filters: 32 }, (block) => {
    const conv = { padding: 1, activation: 'relu' } as const;
    block.port('in').conv('a', filters, 3, conv).dropout('a_drop').conv('b', filters, 3, conv).dropout('b_drop');
  });
  net.define('down', { filters: 64 }, (block) => {
    block.port('in').pool('pool', 'max', 2).block('unit', 'unit', { filters });
  });
  for (let skips = 1; skips < widths.length; skips += 1) {
    const names = Array.from({ length: skips }, (_, at) => `x${at}`);
    const inside = {
      ...Object.fromEntries([...names, 'below'].map((id, row) => [id, { column: 0, row }])),
      up: { column: 1, row: skips },
      join: { column: 2, row: skips / 2 },
      unit: { column: 3, row: skips / 2 },
    };
    const build = (block: BlockBuilder): void => {
      const before = names.map((id) => block.port(id));
      const risen = block.port('below').upconv('up', filters, 2);
      block.concat('join', ...before, risen).block('unit', 'unit', { filters });
    };
    net.define(`refine${skips}`, { filters: 32 }, build, inside);
  }
  // For the skips that arc over nodes.
  const rowPitch = 1.5;
  // A row for each scale, from fine to coarse; in it, the same map each time that it was refined.
  const rows: Chain[][] = [];
  let end: Chain = net.input('image', [96, 96, 1]);
  const places: Record<string, { readonly column: number; readonly row: number }> = { image: { column: -1, row: 0 } };
  for (const [row, width] of widths.entries()) {
    end = end.block(`x${row}_0`, row === 0 ? 'unit' : 'down', { filters: width });
    places[end.id] = { column: row, row: rowPitch * row };
    rows.push([end]);
  }
  for (let column = 1; column < widths.length; column += 1) {
    for (const [row, width] of widths.slice(0, -column).entries()) {
      const [before = [], below = end] = [rows[row], rows[row + 1]?.[column - 1]];
      const params = { block: `refine${column}`, filters: width };
      const refined = net.join(`x${row}_${column}`, 'block', params, ...before, below);
      places[refined.id] = { column: row + 2 * column, row: rowPitch * row };
      before.push(refined);
      end = refined;
    }
  }
  places['score'] = { column: 2 * widths.length - 1, row: 0 };
  rows[0]?.at(-1)?.conv('score', 1, 1);
  return {
    id: 'unet-plus-plus',
    summary: text(
      'A U-Net whose skips are filled with convolutions: every scale is refined each time a coarser one arrives.',
      '跳跃连接中填满卷积的 U-Net：每当更粗的特征上来，各尺度就再细化一次。',
    ),
    about: [
      'A row is a scale, and `x1_2` is the second one, refined twice: it reads all that its scale had before, and the map from below, made larger. So the maps that the last decoder joins are already alike, where a plain U-Net stacks first edges on deep features.',
      'Cut off behind `x0_1`, `x0_2` or `x0_3`, what is left is a U-Net++ of fewer scales: trained together, the network can be pruned to the depth that a task needs.',
    ],
    document: net.finish(train, places),
    reference: {
      sources: [
        {
          title: 'Zhou et al.: UNet++: a nested U-Net architecture for medical image segmentation (2018)',
          url: 'https://arxiv.org/abs/1807.10165',
        },
        {
          title: 'MrGiovanni: UNetPlusPlus, Nest_Net (“Total params: 9,041,601”)',
          url: 'https://github.com/MrGiovanni/UNetPlusPlus',
        },
      ],
      variant:
        'as Nest_Net of the authors, but that the risen map is stacked last: five scales of 32 to 512 filters, one channel in, one class out, without deep supervision (L4)',
      trainableParams: 9_041_601,
      macs: 4_183_621_632,
      shapes: {
        'x0_0/b': [96, 96, 32],
        'x4_0/unit/b': [6, 6, 512],
        'x3_1/up': [12, 12, 256],
        'x3_1/join': [12, 12, 512],
        'x3_1/unit/b': [12, 12, 256],
        'x2_2/join': [24, 24, 384],
        'x1_3/join': [48, 48, 256],
        'x0_4/join': [96, 96, 160],
        'x0_4/unit/b': [96, 96, 32],
        score: [96, 96, 1],
      },
    },
  };
}
