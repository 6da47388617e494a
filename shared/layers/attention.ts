import { headsMismatch } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import type { OpBuilder, Value } from '../ops/builder';
import { formatShape, text } from '../text';
import { product } from './arithmetic';
import { mapAt } from './checks';
import { defineLayer, type Shape } from './define';
import { explainLine, macsTitle, number, paramsTitle } from './explain';
import { maxFilters, trainable } from './fields';
import { kernelWeights } from './kernel';
import { inputAt, weightOf } from './values';

const label = text('Attention', '自注意力');

export const attention = defineLayer({
  kind: 'attention',
  label,
  family: 'fc',
  doc: text(
    'Lets every position of a map ask all others what they hold, and take a mean of their answers. Each position makes a query q, a key k and a value v of its channels; q·k says how much of each other v it takes, and a softmax makes shares of that. Several heads do so side by side, each with its own part of the channels. A conv sees its window, this sees the whole map at once, at the price of n² products for n positions: 196 positions are 38,416 pairs. A transformer is this and a 1×1 conv network by turns, each behind a LayerNorm and with a skip around it.',
    '让图上每个位置向所有位置提问，再对它们的回答求加权平均。每个位置由自己的通道算出查询 q、键 k 和值 v；q·k 表示各取多少 v，再用 softmax 变成份额。多个头并排进行，各用一部分通道。卷积只看窗口，而它一次看到整张图，代价是 n 个位置需要 n² 次相乘：196 个位置就有 38,416 对。Transformer 就是它与 1×1 卷积网络交替，每个之前有层归一化，外面有跳跃连接。',
  ),
  references: [
    { title: 'Vaswani et al., Attention is all you need', url: 'https://arxiv.org/abs/1706.03762' },
    { title: 'Dosovitskiy et al., An image is worth 16×16 words', url: 'https://arxiv.org/abs/2010.11929' },
  ],
  params: {
    heads: {
      type: 'integer',
      min: 1,
      max: maxFilters,
      default: 1,
      label: text('Heads', '头数'),
      doc: text('How many questions each position asks at once.', '每个位置同时提出多少个问题。'),
    },
    headSize: {
      type: 'integer',
      min: 1,
      max: maxFilters,
      optional: true,
      label: text('Head size', '每头大小'),
      doc: text(
        'Channels of each head’s queries, keys and values; the channels divided by the heads if left out.',
        '每个头的查询、键和值有多少个通道；不填则为通道数除以头数。',
      ),
    },
    useBias: {
      type: 'boolean',
      default: true,
      label: text('Bias', '偏置'),
      doc: text(
        'Adds one learned number to each channel of the queries, keys and values.',
        '给查询、键和值的每个通道加上一个可学习的数。',
      ),
    },
    outputBias: {
      type: 'boolean',
      default: true,
      label: text('Output bias', '输出偏置'),
      doc: text('Adds one learned number to each channel of the result.', '给结果的每个通道加上一个可学习的数。'),
    },
    trainable,
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'path', d: 'M5 12L12 4M5 12h14M5 12L12 20', stroke: 1.4, opacity: 0.5 },
      { shape: 'circle', x: 5, y: 12, radius: 3 },
      { shape: 'circle', x: 12, y: 4, radius: 2.2 },
      { shape: 'circle', x: 19, y: 12, radius: 2.2, opacity: 0.6 },
      { shape: 'circle', x: 12, y: 20, radius: 2.2, opacity: 0.35 },
    ],
  },
  synonyms: ['mha', 'msa', 'selfattention', 'multiheadattention', 'multiheadselfattention', '注意力', '多头注意力'],
  sketch: ['heads'],
  caption: ({ heads }) => text(heads === 1 ? '1 head' : `${heads} heads`, `${heads} 头`),
  inferShape: (context) => {
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const { heads, headSize } = context.params;
    const channels = map.value[2];
    return headSize === null && channels !== null && channels % heads !== 0
      ? failure(headsMismatch(context.nodeId, heads, channels))
      : success(map.value);
  },
  explain: ({ params, inputs: [map = []] }) => {
    const { positions: n, channels: c, width: d } = sizesOf(params, map);
    const bias = (params.useBias ? ' + 3d' : '') + (params.outputBias ? ' + c' : '');
    const biases = (params.useBias ? ` + 3·${number(d)}` : '') + (params.outputBias ? ` + ${number(c)}` : '');
    return [
      {
        about: 'values',
        title: text('Each head', '每个头'),
        formula: 'softmax(q·kᵀ / √s)·v',
        numbers: `${number(n)}×${number(n)}, √${number(d === null ? null : d / params.heads)}`,
        result: formatShape([n, d === null ? null : d / params.heads]),
      },
      explainLine(
        'values',
        text('Pairs of positions', '位置对数'),
        'n², n = h·w',
        `(${map.slice(0, 2).map(number).join('·')})²`,
        n === null ? null : n * n,
      ),
      explainLine(
        'params',
        paramsTitle,
        `4·c·d${bias}`,
        `4·${number(c)}·${number(d)}${biases}`,
        c === null || d === null ? null : 4 * c * d + (params.useBias ? 3 * d : 0) + (params.outputBias ? c : 0),
      ),
      explainLine(
        'macs',
        macsTitle,
        '4·n·c·d + 2·n²·d',
        `4·${number(n)}·${number(c)}·${number(d)} + 2·${number(n)}²·${number(d)}`,
        countMacs(n, c, d),
      ),
    ];
  },
  weights: ({ params, inputs: [map = []] }) => {
    const { channels: c, width: d } = sizesOf(params, map);
    if (c === null || d === null) return [];
    const own = { initializer: 'glorotUniform', trainable: params.trainable } as const;
    return [
      ...kernelWeights([c, 3 * d], 3 * d, { ...own, useBias: params.useBias }),
      ...kernelWeights([d, c], c, { ...own, useBias: params.outputBias }).map((weight) => ({
        ...weight,
        name: weight.name === 'kernel' ? 'outputKernel' : 'outputBias',
      })),
    ];
  },
  macs: ({ params, inputs: [map = []] }) => {
    const { positions, channels, width } = sizesOf(params, map);
    return countMacs(positions, channels, width);
  },
  receptiveField: () => 'global',
  lower: ({ params, inputs: [map = []] }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const { positions: n, channels: c, width: d } = sizesOf(params, map);
    if (n === null || c === null || d === null) throw new Error('attention over a map of unknown size');
    const size = d / params.heads;
    const product = ops.matMul(ops.reshape(x, ['batch', n, c]), weightOf(weights, 'kernel'));
    const all = params.useBias ? ops.add(product, weightOf(weights, 'bias')) : product;
    const heads = (part: number): Value => {
      const own = ops.slice(all, [0, 0, part * d], [-1, n, d]);
      return ops.transpose(ops.reshape(own, ['batch', n, params.heads, size]), [0, 2, 1, 3]);
    };
    const mixed = ops.transpose(attend(ops, heads(0), heads(1), heads(2), size), [0, 2, 1, 3]);
    const result = ops.matMul(ops.reshape(mixed, ['batch', n, d]), weightOf(weights, 'outputKernel'));
    const biased = params.outputBias ? ops.add(result, weightOf(weights, 'outputBias')) : result;
    return ops.reshape(biased, x.shape);
  },
});

/** softmax(q kᵀ / √size) v, of stacks `[batch, heads, n, size]`. */
function attend(ops: OpBuilder, q: Value, k: Value, v: Value, size: number): Value {
  const scores = ops.matMul(ops.mul(q, 1 / Math.sqrt(size)), k, { transposeB: true });
  return ops.matMul(ops.softmax(scores), v);
}

type Sizes = {
  /** Positions of the map, each of which is a token. */
  readonly positions: number | null;
  readonly channels: number | null;
  /** Channels of the queries of all heads together, and so of the keys and of the values. */
  readonly width: number | null;
};

function sizesOf({ heads, headSize }: { readonly heads: number; readonly headSize: number | null }, map: Shape): Sizes {
  const channels = map.at(-1) ?? null;
  return {
    positions: product(map.slice(0, 2)),
    channels,
    width: headSize === null ? channels : heads * headSize,
  };
}

function countMacs(n: number | null, c: number | null, d: number | null): number | null {
  return n === null || c === null || d === null ? null : 4 * n * c * d + 2 * n * n * d;
}
