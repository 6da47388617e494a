import { success } from '../diagnostics/diagnostic';
import { formatCount, formatShape, text } from '../text';
import { defineLayer } from './define';
import { explainLine, paramsTitle } from './explain';

/** Most numbers that an operation which is not understood may bring along. */
const maxParameters = 2 ** 31 - 1;

export const opaque = defineLayer({
  kind: 'opaque',
  label: text('Opaque', '未知运算'),
  family: 'shape',
  doc: text(
    'Stands for an operation that Convloom does not know, such as one of an imported file. Its shape is the one that was declared for it, so that what follows has shapes and counts; its numbers are kept with the model, and what the file says of it with the network, so that an ONNX file has it again as it was. A network that runs through it can be read, drawn and compared, and can be neither trained nor run.',
    '代表 Convloom 不认识的运算，例如导入文件中的某个算子。它的形状就是为它声明的形状，因此其后的各层仍有形状和计数；它的数值随模型保存，文件对它的描述随网络保存，因此导出的 ONNX 文件会原样含有它。经过它的网络可以查看、绘制和比较，但不能训练或运行。',
  ),
  references: [],
  params: {
    operation: {
      type: 'name',
      default: 'Unknown',
      label: text('Operation', '运算'),
      doc: text('What it is called in the file that it comes from.', '它在来源文件中的名称。'),
    },
    shape: {
      type: 'shape',
      initial: [1, 1, 1],
      label: text('Shape', '形状'),
      doc: text('The shape that was declared for what it gives.', '为其输出声明的形状。'),
    },
    parameters: {
      type: 'integer',
      min: 0,
      max: maxParameters,
      default: 0,
      label: text('Parameters', '参数个数'),
      doc: text('How many numbers it brings along.', '它带有多少个数值。'),
    },
    content: {
      type: 'kept',
      default: null,
      visible: () => false,
      label: text('Content', '内容'),
      doc: text(
        'What the file has of it, so that an export to the same format writes it as it was.',
        '文件中它的内容，使导出到同一格式时原样写出。',
      ),
    },
  },
  inputs: { arity: 'variadic' },
  traits: {
    isPointwise: false,
    isOpaque: true,
    keepsLinear: () => false,
    glyph: () => [
      { shape: 'rect', x: 3.5, y: 3.5, width: 17, height: 17, radius: 2.4, stroke: 1.4, dashes: '2.4 2.6' },
      { shape: 'path', d: 'M9 9.6a3 3 0 1 1 4.4 2.6c-1 .6-1.4 1-1.4 2.2M12 17.4v.2', stroke: 2 },
    ],
  },
  title: ({ operation }) => text(operation, operation),
  synonyms: ['unknown', 'blackbox', 'custom'],
  caption: ({ shape }) => text(`declared ${formatShape(shape)}`, `声明为 ${formatShape(shape)}`),
  inferShape: ({ params }) => success(params.shape),
  explain: ({ params, output }) => [
    {
      ...explainLine('shape', text('Declared size', '声明的大小'), 'b = declared', formatShape(params.shape), null),
      result: formatShape(output),
    },
    ...(params.parameters === 0
      ? []
      : [explainLine('params', paramsTitle, 'n', formatCount(params.parameters), params.parameters)]),
  ],
  weights: ({ params: { parameters } }) =>
    parameters === 0 ? [] : [{ name: 'values', shape: [parameters], initializer: { type: 'zeros' }, trainable: false }],
  macs: () => 0,
  receptiveField: () => 'global',
  lower: ({ params }) => {
    throw new Error(`opaque: ${params.operation} cannot be run, and was to be refused.`);
  },
});
