import { cropTooLarge, nothingLeft } from '../diagnostics/catalog/layers';
import { paramConflict } from '../diagnostics/catalog/params';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { formatCount, text } from '../text';
import { axisNames, mapAt, type MapShape } from './checks';
import { defineLayer, type Shape, type Size2 } from './define';
import { number } from './explain';
import { maxLength } from './fields';
import { inputAt } from './values';

const label = text('Crop', '裁剪');

const side = {
  type: 'integer',
  min: 0,
  max: maxLength,
  default: 0,
} as const;

export const crop = defineLayer({
  kind: 'crop',
  label,
  family: 'shape',
  doc: text(
    'Cuts rows and columns off the edges. Either say how many, or wire a second map in: then the first is cut to its height and width. U-Net cuts the maps of its way down like this before it stacks them, since convolutions without padding have made the way up smaller (64 to 56, 4 off each side); FCN cuts off what its padding of 100 had added.',
    '从边缘裁掉若干行和列。可以直接写出数目，也可以接入第二张特征图，把第一张裁成与它一样的高和宽。U-Net 在拼接前就这样裁剪下行路径的特征图，因为不填充的卷积使上行路径更小（64 裁到 56，每边 4）；FCN 则裁掉最初填充 100 所多出的部分。',
  ),
  references: [
    { title: 'Ronneberger, Fischer & Brox, U-Net', url: 'https://arxiv.org/abs/1505.04597' },
    { title: 'Caffe, Crop layer', url: 'https://caffe.berkeleyvision.org/tutorial/layers/crop.html' },
  ],
  params: {
    top: { ...side, label: text('Top', '上'), doc: text('Rows cut off the top.', '从上方裁掉的行数。') },
    bottom: { ...side, label: text('Bottom', '下'), doc: text('Rows cut off the bottom.', '从下方裁掉的行数。') },
    left: { ...side, label: text('Left', '左'), doc: text('Columns cut off the left.', '从左侧裁掉的列数。') },
    right: { ...side, label: text('Right', '右'), doc: text('Columns cut off the right.', '从右侧裁掉的列数。') },
    offset: {
      type: 'offset',
      default: 'center',
      label: text('Offset', '偏移'),
      doc: text(
        'Where the cut starts when a second map gives the size: in the centre, or so many pixels from the top and left.',
        '由第二张特征图决定大小时，从哪里开始裁：居中，或距上方和左侧多少像素。',
      ),
    },
  },
  inputs: {
    arity: 'fixed',
    ports: [
      { name: text('map', '特征图'), spatial: true },
      { name: text('map whose size it takes', '提供大小的特征图'), optional: true, spatial: true, givesSize: true },
    ],
  },
  traits: {
    isPointwise: false,
    keepsLinear: () => true,
    glyph: () => [
      { shape: 'rect', x: 3, y: 3, width: 18, height: 18, radius: 2, stroke: 1.3, dashes: '2.4 2.6', opacity: 0.6 },
      { shape: 'rect', x: 7.5, y: 7.5, width: 9, height: 9, radius: 1.4 },
    ],
  },
  synonyms: ['cropping', 'cropping2d', 'cut', '裁切', '裁剪层'],
  sketch: [['top', 'bottom', 'left', 'right']],
  caption: ({ top, bottom, left, right, offset }) => {
    const sides = [top, bottom, left, right];
    if (sides.some((cut) => cut > 0)) {
      const words = sides.every((cut) => cut === top) ? `−${top}` : sides.map((cut) => `−${cut}`).join(' ');
      return text(words, words);
    }
    if (offset === 'center') return text('centre', '居中');
    return text(`from ${offset.join(', ')}`, `从 ${offset.join(', ')}`);
  },
  inferShape: (context) => {
    const { nodeId, params, inputs } = context;
    const map = mapAt(context, label);
    if (!map.ok) return map;
    if (inputs.length < 2) return cropBySides(nodeId, map.value, params);
    const reference = mapAt(context, label, 1);
    if (!reference.ok) return reference;
    if ([params.top, params.bottom, params.left, params.right].some((cut) => cut > 0)) {
      return failure(bothForms(nodeId));
    }
    return cropToReference(nodeId, map.value, reference.value, params.offset);
  },
  explain: ({ params, inputs, output }) => {
    const [map = [], reference] = inputs;
    if (reference === undefined) {
      return [
        line(
          text('Height', '高'),
          'b = x − top − bottom',
          [map[0] ?? null, params.top, params.bottom],
          output[0] ?? null,
        ),
        line(
          text('Width', '宽'),
          'b = x − left − right',
          [map[1] ?? null, params.left, params.right],
          output[1] ?? null,
        ),
      ];
    }
    return ([0, 1] as const).map((axis) => {
      const [length = null, wanted = null] = [map[axis], reference[axis]];
      const start = cropStart(length, wanted, params.offset, axis);
      const centred = params.offset === 'center';
      return {
        about: 'shape' as const,
        title: axis === 0 ? text('Top', '上') : text('Left', '左'),
        formula: centred ? 'o = ⌊(x − y) / 2⌋' : 'o = offset',
        numbers: centred ? `⌊(${number(length)} − ${number(wanted)}) / 2⌋` : number(start),
        result: number(start),
      };
    });
  },
  weights: () => [],
  macs: () => 0,
  receptiveField: ({ params, inputs }) => {
    const [map = [], reference] = inputs;
    const [top, left] =
      reference === undefined
        ? [params.top, params.left]
        : ([0, 1] as const).map(
            (axis) => cropStart(map[axis] ?? null, reference[axis] ?? null, params.offset, axis) ?? 0,
          );
    return { size: [1, 1], stride: [1, 1], start: [top ?? 0, left ?? 0] };
  },
  lower: ({ params, inputs: shapes, output }, ops, inputs) => {
    const [map = [], reference] = shapes;
    const [top, left] =
      reference === undefined
        ? [params.top, params.left]
        : ([0, 1] as const).map(
            (axis) => cropStart(map[axis] ?? null, reference[axis] ?? null, params.offset, axis) ?? 0,
          );
    return ops.slice(inputAt(inputs, 0), [0, top ?? 0, left ?? 0, 0], [-1, output[0] ?? -1, output[1] ?? -1, -1]);
  },
});

/** First row or column that is kept. With an odd difference, the extra one is cut off at the bottom or right. */
export function cropStart(
  length: number | null,
  wanted: number | null,
  offset: 'center' | Size2,
  axis: 0 | 1,
): number | null {
  if (offset !== 'center') return offset[axis];
  return length === null || wanted === null ? null : Math.floor((length - wanted) / 2);
}

function cropBySides(
  nodeId: string,
  map: MapShape,
  {
    top,
    bottom,
    left,
    right,
  }: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number },
): Result<Shape> {
  const cuts = [
    [map[0], top, bottom],
    [map[1], left, right],
  ] as const;
  const lengths: (number | null)[] = [];
  for (const [index, [length, before, after]] of cuts.entries()) {
    const left = length === null ? null : length - before - after;
    if (left !== null && left < 1) {
      const formula = `${number(length)} − ${before} − ${after} = ${left}`;
      return failure(nothingLeft(nodeId, axisNames[index === 0 ? 0 : 1], formula));
    }
    lengths.push(left);
  }
  return success([...lengths, map[2]]);
}

function cropToReference(nodeId: string, map: MapShape, reference: MapShape, offset: 'center' | Size2): Result<Shape> {
  for (const axis of [0, 1] as const) {
    const [length, wanted] = [map[axis], reference[axis]];
    if (length === null || wanted === null) continue;
    const start = cropStart(length, wanted, offset, axis) ?? 0;
    if (start >= 0 && start + wanted <= length) continue;
    return failure(
      cropTooLarge(nodeId, axisNames[axis], { input: length, reference: wanted, offset: Math.max(start, 0) }),
    );
  }
  return success([reference[0], reference[1], map[2]]);
}

function bothForms(nodeId: string): ReturnType<typeof paramConflict> {
  return paramConflict(
    nodeId,
    'top',
    text(
      `“${nodeId}” has both a map that gives its size and sides to cut off.`,
      `“${nodeId}”既接入了提供大小的特征图，又设了要裁掉的边。`,
    ),
    [
      {
        title: text('Take the size of the second map', '采用第二张特征图的大小'),
        edits: [{ type: 'setParams', id: nodeId, params: {}, unset: ['top', 'bottom', 'left', 'right'] }],
        paramsDelta: 0,
      },
    ],
  );
}

function line(
  title: ReturnType<typeof text>,
  formula: string,
  numbers: readonly (number | null)[],
  result: number | null,
): { about: 'shape'; title: ReturnType<typeof text>; formula: string; numbers: string; result: string } {
  const shown = numbers.map((value) => (value === null ? '?' : formatCount(value))).join(' − ');
  return { about: 'shape', title, formula, numbers: shown, result: number(result) };
}
