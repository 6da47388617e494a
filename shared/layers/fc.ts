import { success } from '../diagnostics/diagnostic';
import { formatCount, text } from '../text';
import { product } from './arithmetic';
import { defineLayer } from './define';
import { explainLine, macsTitle, number, paramsTitle } from './explain';
import { activation, initializer, maxUnits, trainable, useBias } from './fields';
import { captionWith, kernelWeights, lowerBiasAndActivation } from './kernel';
import { inputAt, weightOf } from './values';

/** Heights of the values and units in the glyph. */
const from = [4, 12, 20] as const;
const to = [7, 17] as const;

export const fc = defineLayer({
  kind: 'fc',
  label: text('FC', '全连接'),
  family: 'fc',
  doc: text(
    'Joins every value to every unit, each with its own weight. It is a matrix product y = Wx + b, and a convolution whose window is the whole map: convolutions extract features, this weighs them up for the answer. One unit on a 28×28 picture has 784 weights and a bias = 785 parameters, and 20 units have 15,700. In classic networks about 80 % of all parameters sit here, positions are lost, and the input size is fixed; a GAP head avoids all three.',
    '把每个数值与每个单元相连，各有各的权值。它就是矩阵乘法 y = Wx + b，也可看作窗口与整张图一样大的卷积：卷积负责提取特征，全连接负责对特征加权得出答案。在 28×28 的图片上，一个单元有 784 个权值加 1 个偏置 = 785 个参数，20 个单元是 15,700 个。经典网络约 80% 的参数都在这里；位置信息在此丢失，输入大小也被固定。改用全局池化可以避免这三点。',
  ),
  references: [{ title: 'Lin, Chen & Yan, Network in network', url: 'https://arxiv.org/abs/1312.4400' }],
  hotkey: 'f',
  params: {
    units: {
      type: 'integer',
      min: 1,
      max: maxUnits,
      initial: 10,
      label: text('Units', '单元数'),
      doc: text(
        'How many values come out; in the last layer, the number of classes.',
        '输出多少个数值；最后一层就是类别数。',
      ),
    },
    useBias,
    activation,
    initializer,
    trainable,
  },
  inputs: { arity: 'fixed', ports: [{ name: text('values', '数值') }] },
  traits: {
    role: 'dense',
    isPointwise: false,
    keepsLinear: () => false,
    glyph: () => [
      ...from.flatMap((y) =>
        to.map((end) => ({ shape: 'path', d: `M5 ${y}L19 ${end}`, stroke: 1, opacity: 0.45 }) as const),
      ),
      ...from.map((y) => ({ shape: 'circle', x: 5, y, radius: 2.4 }) as const),
      ...to.map((y) => ({ shape: 'circle', x: 19, y, radius: 2.4 }) as const),
    ],
  },
  synonyms: ['dense', 'linear', 'fullyconnected', 'innerproduct', '全连接层', '稠密层', '线性层'],
  sketch: ['units'],
  caption: ({ units, activation: name }) => captionWith([formatCount(units)], name),
  inferShape: ({ params }) => success([params.units]),
  explain: ({ params, inputs: [shape = []] }) => {
    const values = product(shape);
    const spread = shape.map(number).join('·');
    const units = formatCount(params.units);
    const bias = params.useBias ? 1 : 0;
    return [
      ...(shape.length === 3
        ? [explainLine('values', text('Values that go in', '输入数值个数'), 'n = h·w·c', spread, values)]
        : []),
      explainLine(
        'params',
        paramsTitle,
        params.useBias ? '(n + 1)·units' : 'n·units',
        params.useBias ? `(${number(values)} + 1)·${units}` : `${number(values)}·${units}`,
        values === null ? null : (values + bias) * params.units,
      ),
      explainLine(
        'macs',
        macsTitle,
        'n·units',
        `${number(values)}·${units}`,
        values === null ? null : values * params.units,
      ),
    ];
  },
  weights: ({ params, inputs: [shape = []] }) => {
    const values = product(shape);
    return values === null ? [] : kernelWeights([values, params.units], params.units, params);
  },
  macs: ({ params, inputs: [shape = []] }) => {
    const values = product(shape);
    return values === null ? null : values * params.units;
  },
  receptiveField: () => 'global',
  lower: ({ params, inputs: [shape = []] }, ops, inputs, weights) => {
    const x = inputAt(inputs, 0);
    const flat = shape.length === 1 ? x : ops.reshape(x, ['batch', product(shape) ?? 0]);
    return lowerBiasAndActivation(ops, ops.matMul(flat, weightOf(weights, 'kernel')), weights, params);
  },
});
