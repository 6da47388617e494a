import type { Shape } from '../../../layers/define';
import { formatShape, text } from '../../../text';
import { isList } from '../config';
import type { Converter, LayerUse, Value } from '../context';

/** Values in the order of the file: a map whose channels come first there is turned so that they do here. */
function inFileOrder(use: LayerUse, x: Value): Value {
  if (!x.isFirst || x.shape.length !== 3) return x;
  use.say(
    'changed',
    text(
      'Its values are counted with the channels first: a Permute before it brings them into that order.',
      '其数值按通道在前的顺序计数：前置的维度重排使顺序一致。',
    ),
  );
  const turned = use.add('permute', { params: { order: [3, 1, 2] }, from: [x], suffix: 'order' });
  return { ...turned, isFirst: false };
}

const flatten: Converter = (use) => {
  const x = use.input();
  return x.shape.length === 1 ? x : use.add('flatten', { from: [inFileOrder(use, x)] });
};

/** A list or a map of the file as ours; a map with its channels first is turned back behind. */
function shaped(use: LayerUse, x: Value, shape: Shape, why: string): Value {
  const isSequence = shape.length === 2;
  const [positions = null, channels = null] = shape;
  if (isSequence && !x.isFirst) {
    const list = use.add('reshape', { params: { shape: [positions, 1, channels] }, from: [x] });
    return { ...list, isFirst: false, isSequence };
  }
  if (shape.length !== 1 && shape.length !== 3) {
    use.config.refuse(
      text(
        `It gives ${why} ${formatShape(shape)}; here there are maps and lists.`,
        `它给出 ${formatShape(shape)}；这里只有特征图和列表。`,
      ),
    );
  }
  const value = use.add('reshape', { params: { shape }, from: [inFileOrder(use, x)] });
  if (!x.isFirst || shape.length !== 3) return { ...value, isFirst: false, isSequence: false };
  const back = use.add('permute', { params: { order: [2, 3, 1] }, from: [value], suffix: 'back' });
  return { ...back, isFirst: true };
}

/** Keras' target shape, of which one size may be left to be computed. */
export function reshapeTo(use: LayerUse, x: Value, target: unknown): Value {
  const isSize = (size: unknown): size is number =>
    typeof size === 'number' && Number.isInteger(size) && (size > 0 || size === -1);
  if (!isList(target) || !target.every(isSize)) {
    return use.config.refuse(text('The shape that it gives is not known.', '其输出形状未知。'));
  }
  return shaped(
    use,
    x,
    target.map((size) => (size === -1 ? null : size)),
    'a tensor of',
  );
}

const reshape: Converter = (use) => reshapeTo(use, use.input(), use.config.value('target_shape'));

const permute: Converter = (use) => {
  const x = use.input();
  if (x.isSequence === true) use.config.refuse(text('It turns a list of positions over.', '它转置一列位置。'));
  const dims = use.config.value('dims');
  const order: readonly number[] = isList(dims) ? dims.filter((dim): dim is number => typeof dim === 'number') : [];
  if (x.isFirst && x.shape.length === 3) {
    if (JSON.stringify(order) === '[2,3,1]') return { ...x, isFirst: false };
    use.config.refuse(text('It turns a map whose channels come first.', '它重排通道在前的特征图。'));
  }
  return use.add('permute', { params: { order }, from: [x] });
};

/** Layers that change how values lie, and not what they are. */
export const shapeLayers: { readonly [className: string]: Converter } = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
};
