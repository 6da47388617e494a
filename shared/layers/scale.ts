import { perChannelMismatch } from '../diagnostics/catalog/layers';
import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success } from '../diagnostics/diagnostic';
import type { OpBuilder, Operand } from '../ops/builder';
import { formatCount, text } from '../text';
import { defineLayer, type Initializer, type WeightSpec } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { trainable } from './fields';
import { inputAt, weightOf } from './values';

const limit = 1e9;
const names = ['scale', 'shift'] as const;

export const scale = defineLayer({
  kind: 'scale',
  label: text('Scale', '缩放平移'),
  family: 'norm',
  doc: text(
    'Multiplies every value by a number and adds another: y = a·x + b, the same for all or one pair for each channel. With fixed numbers it brings a picture to the range that a network was trained on, such as 0 to 255 to −1 to 1. Learned, it is what normalization layers end with; one learned factor at the end of a branch lets the branch start small.',
    '每个数值乘以一个数再加上一个数：y = a·x + b，可以全部相同，也可以每个通道各一对。数值固定时，可把图片变到网络训练时的范围，例如把 0 到 255 变成 −1 到 1。可学习时，它就是各种归一化层的最后一步；在支路末尾加一个可学习的系数，可使支路从很小的作用开始。',
  ),
  references: [],
  params: {
    scale: {
      type: 'numbers',
      min: -limit,
      max: limit,
      default: 1,
      label: text('Scale', '缩放'),
      doc: text(
        'What values are multiplied by: one number, or one for each channel.',
        '乘数：一个数，或每个通道一个数。',
      ),
    },
    shift: {
      type: 'numbers',
      min: -limit,
      max: limit,
      default: 0,
      label: text('Shift', '平移'),
      doc: text('What is added: one number, or one for each channel.', '加数：一个数，或每个通道一个数。'),
    },
    learned: {
      type: 'choice',
      values: ['scalar', 'channel'],
      off: text('Fixed', '固定'),
      labels: { scalar: text('One pair', '一对'), channel: text('One pair per channel', '每个通道一对') },
      label: text('Learned', '可学习'),
      doc: text(
        'Whether training moves the numbers, which then start as given.',
        '训练是否改变这些数；若改变，则以给定值为初值。',
      ),
    },
    center: {
      type: 'boolean',
      default: true,
      visible: ({ learned }) => learned !== false,
      label: text('Center', '平移'),
      doc: text(
        'Whether the shift is learned as well; off keeps it as given, as in the layer scale of ConvNeXt.',
        '是否也学习平移；关闭则保持给定值，ConvNeXt 的 layer scale 就是这样。',
      ),
    },
    trainable: { ...trainable, visible: ({ learned }) => learned !== false },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: true,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'path', d: 'M3.5 20.5h17M3.5 20.5v-17', stroke: 1.2, opacity: 0.5 },
      { shape: 'path', d: 'M3.5 16L20 5', stroke: 2.2 },
    ],
  },
  synonyms: ['rescaling', 'rescale', 'affine', 'normalize'],
  caption: ({ scale: factor, shift, learned }) => {
    const shown = (value: number | readonly number[]): string =>
      typeof value === 'number' ? formatShort(value) : `[${value.length}]`;
    const words = `×${shown(factor)} +${shown(shift)}`;
    return learned === false ? text(words, words) : text(`${words}, learned`, `${words}，可学习`);
  },
  inferShape: ({ nodeId, params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    for (const name of names) {
      const value = params[name];
      if (typeof value === 'number') continue;
      if (params.learned === 'scalar') return failure(listForOne(nodeId, name));
      if (channels !== null && value.length !== channels) {
        return failure(perChannelMismatch(nodeId, name, value.length, channels));
      }
    }
    return success(shape);
  },
  explain: ({ params, inputs: [shape = []] }) => {
    const [factor = 1, shift = 0] = names.map((name) => firstOf(params[name]));
    const channels = params.learned === 'channel' ? (shape.at(-1) ?? null) : 1;
    const count = learnedNames(params).length;
    return [
      {
        about: 'values',
        title: text('Of each value, for x 2', '每个数值，例如 x 2'),
        formula: 'y = a·x + b',
        numbers: `${formatShort(factor)}·2 + ${formatShort(shift)}`,
        result: formatShort(factor * 2 + shift),
      },
      ...(params.learned === false
        ? []
        : [
            explainLine(
              'params',
              paramsTitle,
              params.learned === 'channel' ? `${count}c` : String(count),
              `${count}·${number(channels)}`,
              channels === null ? null : count * channels,
            ),
          ]),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const length = params.learned === 'channel' ? (shape.at(-1) ?? null) : 1;
    if (params.learned === false || length === null) return [];
    return learnedNames(params).map((name): WeightSpec => ({
      name,
      shape: [length],
      initializer: startOf(params[name]),
      trainable: params.trainable,
    }));
  },
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: ({ params }, ops, inputs, weights) => {
    const operand = (name: (typeof names)[number]): Operand =>
      learnedNames(params).includes(name) ? weightOf(weights, name) : constantOf(ops, params[name]);
    return ops.add(ops.mul(inputAt(inputs, 0), operand('scale')), operand('shift'));
  },
});

/** What training moves. */
function learnedNames(params: {
  readonly learned: string | false;
  readonly center: boolean;
}): readonly (typeof names)[number][] {
  if (params.learned === false) return [];
  return params.center ? names : ['scale'];
}

function constantOf(ops: OpBuilder, value: number | readonly number[]): Operand {
  return typeof value === 'number' ? value : ops.constant(value, [value.length]);
}

function startOf(value: number | readonly number[]): Initializer {
  return typeof value === 'number' ? { type: 'constant', value } : { type: 'values', values: value };
}

function firstOf(value: number | readonly number[]): number {
  return typeof value === 'number' ? value : (value[0] ?? 0);
}

/** Factors are often small: 1/127.5 must not be shown as 0.01. */
function formatShort(value: number): string {
  return Math.abs(value) >= 100 ? formatCount(value) : String(Number(value.toPrecision(4))).replace('-', '−');
}

function listForOne(nodeId: string, name: string): ReturnType<typeof paramConflict> {
  return paramConflict(
    nodeId,
    name,
    text(
      `“${nodeId}” learns one pair for all channels, and ${name} has a number for each.`,
      `“${nodeId}”为所有通道学习一对数，但 ${name} 给了每个通道一个数。`,
    ),
    [
      {
        title: text('Learn one pair per channel', '每个通道学习一对'),
        edits: [{ type: 'setParams', id: nodeId, params: { learned: 'channel' } }],
      },
    ],
  );
}
