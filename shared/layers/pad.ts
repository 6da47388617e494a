import { reflectTooLarge } from '../diagnostics/catalog/layers';
import { failure, success } from '../diagnostics/diagnostic';
import { text } from '../text';
import { constantBorder, edgeBorder, mirrorBorder } from './border';
import { axisNames, mapAt } from './checks';
import { defineLayer } from './define';
import { explainLine, number } from './explain';
import { maxLength } from './fields';
import { inputAt } from './values';

const label = text('Pad', '填充');

const modes = {
  zero: text('Zeros', '补零'),
  constant: text('A number', '常数'),
  reflect: text('Mirror', '镜像'),
  edge: text('Edge', '边缘'),
} as const;

const side = { type: 'integer', min: 0, max: maxLength, default: 0 } as const;

export const pad = defineLayer({
  kind: 'pad',
  label,
  family: 'shape',
  doc: text(
    'Puts rows and columns around a map. Zeros are the usual filling; reflect mirrors the picture at its edge, which is how U-Net feeds a border that its convolutions without padding then eat up; edge repeats the outermost pixels; constant fills in a number of your choice.',
    '在特征图四周补上若干行和列。通常补零；reflect 则以边缘为轴镜像图片，U-Net 就用它补出边框，供不填充的卷积消耗；edge 重复最外圈像素；constant 填入指定的数。',
  ),
  references: [{ title: 'Ronneberger, Fischer & Brox, U-Net', url: 'https://arxiv.org/abs/1505.04597' }],
  params: {
    top: { ...side, initial: 1, label: text('Top', '上'), doc: text('Rows put on the top.', '上方补的行数。') },
    bottom: {
      ...side,
      initial: 1,
      label: text('Bottom', '下'),
      doc: text('Rows put on the bottom.', '下方补的行数。'),
    },
    left: { ...side, initial: 1, label: text('Left', '左'), doc: text('Columns put on the left.', '左侧补的列数。') },
    right: {
      ...side,
      initial: 1,
      label: text('Right', '右'),
      doc: text('Columns put on the right.', '右侧补的列数。'),
    },
    mode: {
      type: 'choice',
      values: ['zero', 'constant', 'reflect', 'edge'],
      labels: modes,
      default: 'zero',
      label: text('Mode', '方式'),
      doc: text(
        'What the new pixels hold: zeros, a number, the picture mirrored at its edge, or the edge repeated.',
        '新像素的内容：零、某个数、以边缘为轴的镜像，或重复边缘。',
      ),
    },
    value: {
      type: 'number',
      min: -1e9,
      max: 1e9,
      default: 0,
      visible: ({ mode }) => mode === 'constant',
      label: text('Value', '数值'),
      doc: text('What the new pixels hold.', '新像素的值。'),
    },
  },
  inputs: { arity: 'fixed', ports: [{ name: text('map', '特征图'), spatial: true }] },
  traits: {
    isPointwise: false,
    // A sum of two maps would have the border twice.
    keepsLinear: ({ mode, value }) => mode !== 'constant' || value === 0,
    glyph: () => [
      { shape: 'rect', x: 3, y: 3, width: 18, height: 18, radius: 2.4, opacity: 0.3 },
      { shape: 'rect', x: 7.5, y: 7.5, width: 9, height: 9, radius: 1.4 },
    ],
  },
  synonyms: [
    'padding',
    'zeropadding',
    'zeropadding2d',
    '补零',
    { names: ['reflectpad', 'reflectionpadding', 'reflectionpad2d', '镜像填充'], params: { mode: 'reflect' } },
  ],
  sketch: [['top', 'bottom', 'left', 'right']],
  caption: ({ top, bottom, left, right, mode, value }) => {
    const sides = [top, bottom, left, right];
    const words = sides.every((size) => size === top) ? `+${top}` : sides.map((size) => `+${size}`).join(' ');
    if (mode === 'zero') return text(words, words);
    const filling = mode === 'constant' ? text(String(value), String(value)) : modes[mode];
    return text(`${words}, ${filling.en.toLowerCase()}`, `${words}，${filling.zh}`);
  },
  inferShape: (context) => {
    const { nodeId, params } = context;
    const map = mapAt(context, label);
    if (!map.ok) return map;
    const pads = [
      [params.top, params.bottom],
      [params.left, params.right],
    ] as const;
    for (const axis of [0, 1] as const) {
      const length = map.value[axis];
      const largest = Math.max(...pads[axis]);
      if (params.mode === 'reflect' && length !== null && largest >= length) {
        return failure(reflectTooLarge(nodeId, axisNames[axis], largest, length));
      }
    }
    const [height, width, channels] = map.value;
    return success([
      height === null ? null : height + params.top + params.bottom,
      width === null ? null : width + params.left + params.right,
      channels,
    ]);
  },
  explain: ({ params, inputs: [map = []], output }) => [
    explainLine(
      'shape',
      text('Height', '高'),
      'b = x + top + bottom',
      `${number(map[0] ?? null)} + ${params.top} + ${params.bottom}`,
      output[0] ?? null,
    ),
    explainLine(
      'shape',
      text('Width', '宽'),
      'b = x + left + right',
      `${number(map[1] ?? null)} + ${params.left} + ${params.right}`,
      output[1] ?? null,
    ),
  ],
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params }) => ({ size: [1, 1], stride: [1, 1], start: [-params.top, -params.left] }),
  lower: ({ params }, ops, inputs) => {
    const x = inputAt(inputs, 0);
    const rows = [params.top, params.bottom] as const;
    const columns = [params.left, params.right] as const;
    switch (params.mode) {
      case 'zero':
        return ops.pad(x, [[0, 0], rows, columns, [0, 0]]);
      case 'constant':
        return constantBorder(ops, constantBorder(ops, x, 1, rows, params.value), 2, columns, params.value);
      case 'reflect':
        return mirrorBorder(ops, mirrorBorder(ops, x, 1, rows), 2, columns);
      case 'edge':
        return edgeBorder(ops, edgeBorder(ops, x, 1, rows), 2, columns);
    }
  },
});
