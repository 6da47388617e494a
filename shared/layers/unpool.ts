import { unpoolWindows, unpoolWithoutPool, unpoolWrongSize } from '../diagnostics/catalog/unpooling';
import { failure, success } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { mapAt } from './checks';
import { defineLayer, type Shape, type Size2 } from './define';
import { explainLine, number } from './explain';
import { maxWindow } from './fields';
import { inputAt } from './values';
import { sizeText } from './window';

const label = text('Unpool', '反池化');

export const unpool = defineLayer({
  kind: 'unpool',
  label,
  family: 'upconv',
  doc: text(
    'Takes a max pool back: each value goes to the place that was the largest of its window, and all other places are 0. Its second input is that max pool, of which it uses the places and the size, not the values. Edges come back where they were, which blending and repeating cannot do; it learns nothing, and a convolution behind it fills the gaps. SegNet has one for each of its pools, the last one first.',
    '把最大池化倒过来：每个值放回其窗口中最大值所在的位置，其余位置为 0。第二个输入口接那个最大池化，只用它的位置和大小，不用它的数值。边缘因此回到原处，这是插值和重复做不到的；它没有需要学习的参数，空缺由后面的卷积填补。SegNet 为每个池化都配有一个，次序相反。',
  ),
  references: [{ title: 'Badrinarayanan, Kendall & Cipolla, SegNet', url: 'https://arxiv.org/abs/1511.00561' }],
  params: {
    poolSize: {
      type: 'size',
      min: 1,
      max: maxWindow,
      default: 2,
      label: text('Pool size', '窗口大小'),
      doc: text('Height and width of the window of the max pool.', '最大池化窗口的高和宽。'),
    },
    strides: {
      type: 'size',
      min: 1,
      max: maxWindow,
      optional: true,
      label: text('Strides', '步长'),
      doc: text(
        'How far apart the windows lie; as many pixels as a window is wide if left out. They may not overlap.',
        '窗口之间的距离；不填则等于窗口大小。窗口不能重叠。',
      ),
    },
  },
  inputs: {
    arity: 'fixed',
    ports: [
      { name: text('map', '特征图'), spatial: true },
      { name: text('max pool that it takes back', '要倒回去的最大池化'), spatial: true, takesMaxima: true },
    ],
  },
  traits: {
    isPointwise: false,
    enlarges: true,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'rect', x: 3, y: 3, width: 18, height: 18, radius: 2, stroke: 1.3, opacity: 0.6 },
      { shape: 'rect', x: 4.5, y: 12.5, width: 3.6, height: 3.6, radius: 0.8 },
      { shape: 'rect', x: 15.9, y: 4.5, width: 3.6, height: 3.6, radius: 0.8 },
      { shape: 'rect', x: 12.5, y: 15.9, width: 3.6, height: 3.6, radius: 0.8 },
    ],
  },
  synonyms: ['maxunpool', 'maxunpooling', 'maxunpool2d'],
  sketch: ['poolSize'],
  caption: ({ poolSize }) => text(sizeText(poolSize), sizeText(poolSize)),
  inferShape: (context) => {
    const { nodeId, params, inputs, maxima } = context;
    const map = mapAt(context, label);
    if (!map.ok) return map;
    if (maxima === undefined) return success([null, null, map.value[2]]);
    if (maxima === null) return failure(unpoolWithoutPool(nodeId));
    const strides = params.strides ?? params.poolSize;
    const { size, strides: steps } = maxima.windows;
    if (
      !isSame(params.poolSize, size) ||
      !isSame(strides, steps) ||
      strides.some((step, axis) => step < (size[axis] ?? 0))
    ) {
      return failure(unpoolWindows(nodeId, { size: params.poolSize, strides }, { size, strides: steps }));
    }
    const pooled = inputs[1] ?? [];
    return differs(map.value, pooled)
      ? failure(unpoolWrongSize(nodeId, formatShape(map.value), formatShape(pooled)))
      : success([maxima.map[0] ?? null, maxima.map[1] ?? null, map.value[2]]);
  },
  explain: ({ params, inputs: [map = []], output }) =>
    [text('Height', '高'), text('Width', '宽')].map((title, axis) => {
      const step = (params.strides ?? params.poolSize)[axis === 0 ? 0 : 1];
      const length = number(output[axis] ?? null);
      return explainLine(
        'shape',
        title,
        'b = x of the pool',
        `${number(map[axis] ?? null)} ← ${length} / ${step}`,
        output[axis] ?? null,
      );
    }),
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params, maxima }) => {
    const [height, width] = params.strides ?? params.poolSize;
    const [top, , left] = maxima?.windows.pads ?? [0, 0, 0];
    // A place sees the value of the window that it lies in.
    const start = (pad: number, size: number, step: number): number => (pad - (size - 1) / 2) / step;
    return {
      size: [1, 1],
      stride: [1 / height, 1 / width],
      start: [start(top, params.poolSize[0], height), start(left, params.poolSize[1], width)],
    };
  },
  lower: ({ maxima }, ops, inputs) => {
    if (maxima == null) throw new Error('unpool: the max pool is not known.');
    const pooled = inputAt(inputs, 1);
    return ops.maxPoolGrad(pooled, ops.maxPool(pooled, maxima.windows), inputAt(inputs, 0), maxima.windows);
  },
});

function isSame(a: Size2, b: Size2): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function differs(a: Shape, b: Shape): boolean {
  return a.some((length, axis) => length !== null && b[axis] != null && length !== b[axis]);
}
