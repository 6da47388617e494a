import { success } from '../../shared/diagnostics/diagnostic';
import { defineLayer } from '../../shared/layers/define';
import { explainLine, paramsTitle } from '../../shared/layers/explain';
import { inputAt, weightOf } from '../../shared/layers/values';
import { text } from '../../shared/text';

/**
 * A kind that Convloom does not come with: multiplies each channel by a learned number. All that there is of it is this file, so
 * that what works with it works with any new kind.
 */
export const gainLayer = defineLayer({
  kind: 'gain',
  label: text('Gain', '增益'),
  family: 'norm',
  doc: text('Multiplies each channel by a learned number.', '每个通道乘以一个可学习的数。'),
  references: [],
  params: {
    start: {
      type: 'number',
      min: -100,
      max: 100,
      default: 2,
      label: text('Start', '初值'),
      doc: text('What each channel is multiplied by before training.', '训练之前每个通道所乘的数。'),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: true,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'path', d: 'M3 20L21 4', stroke: 2 },
      { shape: 'circle', x: 12, y: 12, radius: 3 },
    ],
  },
  synonyms: ['channelscale'],
  caption: ({ start }) => text(`×${start}`, `×${start}`),
  inferShape: ({ inputs: [shape = []] }) => success(shape),
  explain: ({ inputs: [shape = []] }) => [explainLine('params', paramsTitle, 'c', '', shape.at(-1) ?? null)],
  weights: ({ params, inputs: [shape = []] }) => {
    const channels = shape.at(-1) ?? null;
    const initializer = { type: 'constant', value: params.start } as const;
    return channels === null ? [] : [{ name: 'factor', shape: [channels], initializer, trainable: true }];
  },
  macs: () => 0,
  receptiveField: () => 'pass',
  lower: (_context, ops, inputs, weights) => ops.mul(inputAt(inputs, 0), weightOf(weights, 'factor')),
});
