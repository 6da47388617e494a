import { sliceOutside } from '../diagnostics/catalog/layers';
import { wrongRank } from '../diagnostics/catalog/graph';
import { failure, success } from '../diagnostics/diagnostic';
import { formatShape, text } from '../text';
import { defineLayer } from './define';
import { explainLine, number } from './explain';
import { maxFilters, maxLength } from './fields';
import { inputAt } from './values';

const label = text('Slice', '切片');

const axisTitles = {
  channels: text('Channels', '通道'),
  height: text('Height', '高'),
  width: text('Width', '宽'),
} as const;

type AxisTitle = keyof typeof axisTitles;

const longest = Math.max(maxLength, maxFilters);

export const slice = defineLayer({
  kind: 'slice',
  label,
  family: 'shape',
  doc: text(
    'Takes a run of channels, rows or columns out of what comes in. From counts from 0 and is taken, to is not: from 0 to 16 are 16 channels. ShuffleNet splits its channels like this, one half for the branch and one to pass by.',
    '从输入中取出一段通道、行或列。起点从 0 数起并包含在内，终点不包含：从 0 到 16 是 16 个通道。ShuffleNet 就这样把通道分成两半，一半进入支路，一半直接通过。',
  ),
  references: [{ title: 'Ma et al., ShuffleNet V2', url: 'https://arxiv.org/abs/1807.11164' }],
  params: {
    axis: {
      type: 'choice',
      values: ['channels', 'height', 'width'],
      labels: axisTitles,
      default: 'channels',
      label: text('Axis', '轴'),
      doc: text('Along which axis the run lies.', '沿哪个轴取。'),
    },
    from: {
      type: 'integer',
      min: 0,
      max: longest,
      default: 0,
      label: text('From', '起点'),
      doc: text('The first that is taken, counted from 0.', '所取的第一个，从 0 数起。'),
    },
    to: {
      type: 'integer',
      min: 1,
      max: longest,
      optional: true,
      label: text('To', '终点'),
      doc: text('The first that is no longer taken; the end if left out.', '不再取的第一个；不填则取到末尾。'),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'rect', x: 3, y: 4, width: 4.5, height: 16, radius: 1, opacity: 0.3 },
      { shape: 'rect', x: 9.75, y: 4, width: 4.5, height: 16, radius: 1 },
      { shape: 'rect', x: 16.5, y: 4, width: 4.5, height: 16, radius: 1, opacity: 0.3 },
    ],
  },
  synonyms: ['split', 'narrow', 'lambdaslice'],
  caption: ({ axis, from, to }) => {
    const run = `${from}…${to ?? ''}`;
    return text(`${axisTitles[axis].en.toLowerCase()} ${run}`, `${axisTitles[axis].zh} ${run}`);
  },
  inferShape: ({ nodeId, params, inputs: [shape = []] }) => {
    const { axis, from } = params;
    if (axis !== 'channels' && shape.length !== 3) return failure(wrongRank(nodeId, 0, label, formatShape(shape)));
    const place = placeOf(axis, shape.length);
    const length = shape[place] ?? null;
    const to = params.to ?? length;
    if (to === null) return success(shape.with(place, null));
    if (from >= to || (length !== null && to > length)) {
      return failure(sliceOutside(nodeId, axisTitles[axis], { from, to, length }));
    }
    return success(shape.with(place, to - from));
  },
  explain: ({ params, inputs: [shape = []], output }) => {
    const place = placeOf(params.axis, shape.length);
    const to = params.to ?? shape[place] ?? null;
    return [
      explainLine(
        'shape',
        axisTitles[params.axis],
        'b = to − from',
        `${number(to)} − ${params.from}`,
        output[place] ?? null,
      ),
    ];
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params }) => {
    const start = (axis: AxisTitle): number => (params.axis === axis ? params.from : 0);
    return { size: [1, 1], stride: [1, 1], start: [start('height'), start('width')] };
  },
  lower: ({ params, output }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    // The batch stands in front of a sample's own axes.
    const place = placeOf(params.axis, output.length) + 1;
    const whole = x.shape.map(() => 0);
    return ops.slice(x, whole.with(place, params.from), x.shape.map(() => -1).with(place, output[place - 1] ?? -1));
  },
});

function placeOf(axis: AxisTitle, rank: number): number {
  return axis === 'channels' ? rank - 1 : axis === 'height' ? 0 : 1;
}
