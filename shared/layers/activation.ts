import { success } from '../diagnostics/diagnostic';
import { text } from '../text';
import {
  activate,
  activationCurves,
  activationFormulas,
  activationLabels,
  activationNames,
  activationOf,
  activationSynonyms,
  defaultAlpha,
  hasAlpha,
  lowerActivation,
} from './activations';
import { defineLayer, type Shape } from './define';
import { explainLine, number, paramsTitle } from './explain';
import { trainable } from './fields';
import { inputAt, weightOf } from './values';

/** One value below zero and one above, as functions differ most below. */
const exampleInputs = [-4, 14] as const;

export const activation = defineLayer({
  kind: 'activation',
  label: text('Activation', '激活'),
  family: 'activation',
  doc: text(
    'Applies one function to every value on its own. Without it, stacked convolutions collapse: a sum of sums is one sum, so they could be multiplied out beforehand into a single convolution. ReLU is the usual choice: negative values become 0 (−4 gives 0), positive ones stay (14 gives 14). Sigmoid and tanh are retired inside deep networks: they flatten out at both ends, so the gradient that training needs fades from layer to layer. PReLU learns its slope below zero, one per channel; the hard sigmoid and swish replace curves by straight lines, which phones compute faster.',
    '对每个数值单独作用一个函数。没有它，多层卷积会坍缩：先后求和仍是求和，可以预先合并成一次卷积。ReLU 最常用：负数变成 0（−4 得 0），正数保持不变（14 得 14）。Sigmoid 和 tanh 在深层网络中已被淘汰：它们两端趋于平坦，训练所需的梯度会逐层消失。PReLU 为每个通道学习零以下的斜率；硬 sigmoid 与硬 swish 用直线代替曲线，在手机上更快。',
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
    ...activationNames.map((name) => ({ names: activationSynonyms[name], params: { function: name } })),
  ],
  sketch: ['function'],
  caption: ({ function: name, alpha }) => {
    const words = hasAlpha(name) ? `α ${alpha ?? defaultAlpha(activationOf(name))}` : '';
    return text(words, words);
  },
  title: ({ function: name }) => activationLabels[activationOf(name)],
  inferShape: ({ inputs: [shape = []] }) => success(shape),
  explain: ({ params, inputs: [shape = []] }) => {
    const name = activationOf(params.function);
    const shown = exampleInputs.map((x) => number(x)).join(', ');
    const values = activate(name, exampleInputs, params.alpha).map((y) => number(y));
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
  receptiveField: () => 'pass',
  lower: ({ params }, ops, inputs, weights) => {
    const alpha = params.function === 'prelu' ? weightOf(weights, 'alpha') : params.alpha;
    return lowerActivation(activationOf(params.function), ops, inputAt(inputs, 0), alpha);
  },
});

function channelsOf(shape: Shape): number | null {
  return shape.at(-1) ?? null;
}
