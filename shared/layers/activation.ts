import { wrongRank } from '../diagnostics/catalog/graph';
import { boundsCrossed } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import { formatNumber, formatShape, text } from '../text';
import {
  activate,
  activationAxes,
  activationCurves,
  activationFormulas,
  activationLabels,
  activationNames,
  activationOf,
  activationSynonyms,
  defaultAlpha,
  hasAlpha,
  hasAxis,
  lowerActivation,
} from './activations';
import { defineLayer, type Shape } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { trainable } from './fields';
import { inputAt, weightOf } from './values';

/** One value below zero and one above, as functions differ most below. */
const exampleInputs = [-4, 14] as const;

const label = text('Activation', '激活');

const axisLabels = {
  channels: text('Channels', '通道'),
  height: text('Height', '高'),
  width: text('Width', '宽'),
} as const;

/** The farthest that a bound may lie from 0. */
const largest = 1e9;

export const activation = defineLayer({
  kind: 'activation',
  label,
  family: 'activation',
  doc: text(
    'Applies one function to every value on its own. Without it, stacked convolutions collapse: a sum of sums is one sum, so they could be multiplied out beforehand into a single convolution. ReLU is the usual choice: negative values become 0 (−4 gives 0), positive ones stay (14 gives 14). Sigmoid and tanh are retired inside deep networks: they flatten out at both ends, so the gradient that training needs fades from layer to layer. PReLU learns its slope below zero, one per channel; the hard sigmoid and swish replace curves by straight lines, which phones compute faster. Softmax turns the scores along an axis into shares that add up to 1; clip keeps every value between two bounds.',
    '对每个数值单独作用一个函数。没有它，多层卷积会坍缩：先后求和仍是求和，可以预先合并成一次卷积。ReLU 最常用：负数变成 0（−4 得 0），正数保持不变（14 得 14）。Sigmoid 和 tanh 在深层网络中已被淘汰：它们两端趋于平坦，训练所需的梯度会逐层消失。PReLU 为每个通道学习零以下的斜率；硬 sigmoid 与硬 swish 用直线代替曲线，在手机上更快。Softmax 把沿一个轴的得分变成总和为 1 的比例；截断使每个数值保持在上下界之间。',
  ),
  references: [
    {
      title: 'Glorot, Bordes & Bengio, Deep sparse rectifier neural networks',
      url: 'https://proceedings.mlr.press/v15/glorot11a.html',
    },
  ],
  hotkey: 'a',
  params: {
    function: {
      type: 'choice',
      values: activationNames,
      labels: activationLabels,
      default: 'relu',
      initial: 'relu',
      label: text('Function', '函数'),
      doc: text('The function applied to each value.', '作用在每个数值上的函数。'),
    },
    alpha: {
      type: 'number',
      min: 0,
      max: 100,
      optional: true,
      visible: ({ function: name }) => hasAlpha(String(name)),
      label: text('Alpha', 'Alpha'),
      doc: text(
        'Slope (leaky ReLU, 0.3 if left out; PReLU starts at it, 0.25 if left out) or scale (ELU, 1 if left out) below zero.',
        '零以下的斜率（Leaky ReLU，默认 0.3；PReLU 的初值，默认 0.25）或幅度（ELU，默认 1）。',
      ),
    },
    axis: {
      type: 'choice',
      values: activationAxes,
      labels: axisLabels,
      default: 'channels',
      visible: ({ function: name }) => hasAxis(String(name)),
      label: text('Axis', '轴'),
      doc: text(
        'Along which axis the shares add up to 1: the channels give one choice at each position.',
        '沿哪个轴的比例总和为 1：沿通道时，每个位置各作一次选择。',
      ),
    },
    min: {
      type: 'number',
      min: -largest,
      max: largest,
      optional: true,
      visible: ({ function: name }) => name === 'clip',
      label: text('Min', '下界'),
      doc: text('The smallest value that passes; no bound if left out.', '能通过的最小值；不填则没有下界。'),
    },
    max: {
      type: 'number',
      min: -largest,
      max: largest,
      optional: true,
      visible: ({ function: name }) => name === 'clip',
      label: text('Max', '上界'),
      doc: text('The largest value that passes; no bound if left out.', '能通过的最大值；不填则没有上界。'),
    },
    trainable: { ...trainable, visible: ({ function: name }) => name === 'prelu' },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    role: 'activation',
    isPointwise: true,
    keepsLinear: ({ function: name }) => name === 'linear',
    glyph: ({ function: name = 'relu' }) => [{ shape: 'path', d: activationCurves[activationOf(name)], stroke: 2.2 }],
  },
  synonyms: [
    'nonlinearity',
    '激活函数',
    '激活层',
    ...activationNames.map((name) => ({
      names: activationSynonyms[name],
      params: { function: name, ...(name === 'clip' ? { min: 0, max: 1 } : {}) },
    })),
  ],
  sketch: ['function'],
  caption: ({ function: name, alpha, axis, min, max }) => {
    if (hasAxis(name) && axis !== 'channels') return text(axisLabels[axis].en.toLowerCase(), axisLabels[axis].zh);
    const bounds = `${min === null ? '−∞' : signed(min)} … ${max === null ? '∞' : signed(max)}`;
    const words = name === 'clip' ? bounds : hasAlpha(name) ? `α ${alpha ?? defaultAlpha(activationOf(name))}` : '';
    return text(words, words);
  },
  title: ({ function: name }) => activationLabels[activationOf(name)],
  inferShape: ({ nodeId, params, inputs: [shape = []] }) => {
    const { function: name, axis, min, max } = params;
    if (hasAxis(name) && axis !== 'channels' && shape.length !== 3) {
      return failure(wrongRank(nodeId, 0, label, formatShape(shape)));
    }
    if (name === 'clip' && min !== null && max !== null && min > max) return failure(boundsCrossed(nodeId, min, max));
    return success(shape);
  },
  explain: ({ params, inputs: [shape = []] }) => {
    const name = activationOf(params.function);
    const shown = exampleInputs.map((x) => number(x)).join(', ');
    const values = activate(name, exampleInputs, params).map((y) => number(y));
    return [
      {
        about: 'values',
        title: text('Function, for example', '函数举例'),
        formula: activationFormulas[name],
        numbers: `f(${shown})`,
        result: values.join(', '),
      },
      ...(name === 'prelu'
        ? [explainLine('params', paramsTitle, 'c', number(channelsOf(shape)), channelsOf(shape))]
        : []),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const channels = channelsOf(shape);
    if (params.function !== 'prelu' || channels === null) return [];
    const value = params.alpha ?? defaultAlpha('prelu');
    return [
      { name: 'alpha', shape: [channels], initializer: { type: 'constant', value }, trainable: params.trainable },
    ];
  },
  macs: () => 0,
  receptiveField: ({ params }) => (hasAxis(params.function) && params.axis !== 'channels' ? 'global' : 'pass'),
  lower: ({ params }, ops, inputs, weights) => {
    const alpha = params.function === 'prelu' ? weightOf(weights, 'alpha') : params.alpha;
    return lowerActivation(activationOf(params.function), ops, inputAt(inputs, 0), { ...params, alpha });
  },
});

function signed(bound: number): string {
  return formatNumber(bound).replace('-', '−');
}

function channelsOf(shape: Shape): number | null {
  return shape.at(-1) ?? null;
}
