import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { defineLayer } from './define';
import { explainLine } from './explain';
import { inputAt } from './values';

export const permute = defineLayer({
  kind: 'permute',
  label: text('Permute', '交换轴'),
  family: 'shape',
  doc: text(
    'Puts the axes into another order. The order says for each axis of the result which one of the input it is, counted from 1: [2, 1, 3] turns a picture over its diagonal, [3, 1, 2] puts channels first.',
    '改变各轴的顺序。顺序中的每个数说明结果的该轴取自输入的第几个轴，从 1 数起：[2, 1, 3] 沿对角线翻转图片，[3, 1, 2] 把通道放到最前。',
  ),
  references: [],
  params: {
    order: {
      type: 'order',
      initial: [2, 1, 3],
      label: text('Order', '顺序'),
      doc: text(
        'For each axis of the result, the axis of the input, counted from 1.',
        '结果的每个轴取自输入的第几个轴，从 1 数起。',
      ),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'path', d: 'M4 8h14l-3.5-3.5M20 16H6l3.5 3.5', stroke: 1.9 },
      { shape: 'circle', x: 12, y: 12, radius: 1.6, opacity: 0.5 },
    ],
  },
  synonyms: ['transpose', 'permutedims'],
  caption: ({ order }) => text(order.join(', '), order.join(', ')),
  inferShape: ({ nodeId, params, inputs: [shape = []] }) =>
    shape.length === params.order.length
      ? success(params.order.map((axis) => shape[axis - 1] ?? null))
      : failure(
          paramConflict(
            nodeId,
            'order',
            text(
              `“${nodeId}” orders ${params.order.length} axes, and ${formatShape(shape)} has ${shape.length}.`,
              `“${nodeId}”的顺序含 ${params.order.length} 个轴，而 ${formatShape(shape)} 有 ${shape.length} 个。`,
            ),
            [],
          ),
        ),
  explain: ({ params, inputs: [shape = []], output }) => [
    {
      ...explainLine(
        'shape',
        text('Size', '大小'),
        'bᵢ = x at order i',
        `${formatShape(shape)}, ${params.order.join(', ')}`,
        null,
      ),
      result: formatShape(output),
    },
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params }) => (params.order.every((axis, at) => axis === at + 1) ? 'pass' : 'global'),
  lower: ({ params }, ops, inputs) => ops.transpose(inputAt(inputs, 0), [0, ...params.order]),
});
