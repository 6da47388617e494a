import { asMap, notCarried, withLast, type Carry, type Context } from '../context';
import { axisAt, listInput, reshapeTarget, sliceRuns, splitSizes, unsqueezedShape } from '../fold';
import { floatOf, intOf, numbersOf, textOf } from '../model';
import type { FoundNode } from '../patterns';
import {
  axisOf,
  batchFactor,
  isSameAxis,
  nodeShape,
  reordered,
  reshaped,
  shapeOf,
  sizeOf,
  withoutBatch,
  type Axis,
  type View,
} from '../views';

/*
 * Operators that move values and compute none.
 */

/** The view under another shape; a node where sizes cut through each other. */
function withShape(node: FoundNode, context: Context, view: View, shape: readonly number[]): View {
  const moved = reshaped(view, shape);
  if (moved !== null) return moved;
  if (sizeOf(view.base.flat()) !== shape.reduce((product, size) => product * size, 1)) {
    return notCarried('it keeps another number of values than it takes', '其输出与输入的数值个数不同');
  }
  // All values in the file's order, cut anew.
  const flat = context.arrange(node, view, [withoutBatch(view.axes.flat())]);
  const axes = shape.map((size) => axisOf(size));
  const base = axes.filter((axis) => axis.length > 0);
  const padded = base.length === 1 ? base : base.length === 2 ? [base[0] ?? [], [], base[1] ?? []] : base;
  if (padded.length > 3) return notCarried('it makes more than three axes', '它产生了三个以上的轴');
  const id = context.add(node, { kind: 'reshape', params: { shape: [...nodeShape(padded)] }, from: [flat.node] });
  return { kind: 'view', node: id, base: padded, axes: axes.with(0, [batchFactor, ...(axes[0] ?? [])]) };
}

export const reshape: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const asked = listInput(node, context.constantOf(node.inputs[1]), 'shape');
  if (asked === null) return notCarried('its shape is computed from the input', '其形状由输入计算得出');
  // A file that is fixed to so many samples says so in its shapes.
  const forOne = asked.map((size, at) => (at === 0 && size === context.batch ? 1 : size));
  return [withShape(node, context, view, reshapeTarget(forOne, shapeOf(view), intOf(node, 'allowzero', 0) === 1))];
};

export const flatten: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const axis = axisAt(intOf(node, 'axis', 1), view.axes.length);
  return [{ ...view, axes: [view.axes.slice(0, axis).flat(), view.axes.slice(axis).flat()] }];
};

export const squeeze: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const listed = listInput(node, context.constantOf(node.inputs[1]), 'axes')?.map((axis) =>
    axisAt(axis, view.axes.length),
  );
  const axes = view.axes.filter((axis, at) =>
    listed === undefined ? at === 0 || withoutBatch(axis).length > 0 : !listed.includes(at),
  );
  return [{ ...view, axes }];
};

export const unsqueeze: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const places = listInput(node, context.constantOf(node.inputs[1]), 'axes') ?? [];
  const rank = view.axes.length + places.length;
  const put = new Set(places.map((place) => axisAt(place, rank)));
  let taken = 0;
  const axes = unsqueezedShape(shapeOf(view), places).map((_, at): Axis =>
    put.has(at) ? [] : (view.axes[taken++] ?? []),
  );
  return [{ ...view, axes }];
};

export const transpose: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  return [reordered(view, numbersOf(node, 'perm') ?? [...view.axes.keys()].reverse())];
};

const axisNames = ['height', 'width', 'channels'] as const;

/** A run of one axis: its own node, with the axis alone on one side of the map where it lies so, else as channels. */
function takeRun(
  node: FoundNode,
  context: Context,
  view: View,
  axis: number,
  from: number,
  count: number,
  step: number,
): View {
  const factors = withoutBatch(view.axes[axis] ?? []);
  const length = sizeOf(factors);
  if (step < 0) return notCarried('it turns an axis over', '它反转某个轴');
  if (from === 0 && count === length && step === 1) return view;
  if (count < 1) return notCarried('nothing is left of it', '结果为空');
  let laid = view;
  let place = laid.base.findIndex((group) => isSameAxis(group, factors));
  // The outer part of the channels is runs of channels.
  const channels = laid.base.at(-1) ?? [];
  const isOuter = place < 0 && factors.every((factor, at) => channels[at] === factor) && factors.length > 0;
  if (place < 0 && !isOuter) {
    laid = withLast(node, view, factors, context);
    place = laid.base.length - 1;
  }
  const inner = isOuter ? sizeOf(channels.slice(factors.length)) : 1;
  const target = isOuter ? laid.base.length - 1 : place;
  const axisName = laid.base.length === 1 ? 'channels' : (axisNames[target] ?? 'channels');
  const span = (count - 1) * step + 1;
  let id = laid.node;
  if (from !== 0 || span !== length) {
    const params = {
      axis: axisName,
      from: from * inner,
      ...(from + span === length ? {} : { to: (from + span) * inner }),
    };
    id = context.add(node, { kind: 'slice', params, from: [id] });
  }
  const left = axisOf(count);
  const made = isOuter ? [...left, ...channels.slice(factors.length)] : left;
  if (step > 1) {
    if (axisName === 'channels') return everyNth(node, context, { ...laid, node: id }, axis, target, count, step, span);
    const strides = axisName === 'height' ? [step, 1] : [1, step];
    // A window of one value that steps is every nth value.
    id = context.add(node, { kind: 'pool', params: { mode: 'max', poolSize: 1, strides }, from: [id] });
  }
  return { ...laid, node: id, base: laid.base.with(target, made), axes: laid.axes.with(axis, left) };
}

/** Every nth channel: the channels as rows, of which every nth is kept. */
function everyNth(
  node: FoundNode,
  context: Context,
  view: View,
  axis: number,
  place: number,
  count: number,
  step: number,
  span: number,
): View {
  const cut = axisOf(span);
  const own = { ...view, base: view.base.with(place, cut), axes: view.axes.with(axis, cut) };
  const others = own.base.flat().filter((factor) => !cut.includes(factor));
  const rows = context.arrange(node, own, [cut, [], others]);
  const id = context.add(node, {
    kind: 'pool',
    params: { mode: 'max', poolSize: 1, strides: [step, 1] },
    from: [rows.node],
  });
  const left = axisOf(count);
  return { ...rows, node: id, base: [left, [], others], axes: rows.axes.with(axis, left) };
}

export const slice: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const runs = sliceRuns(
    node,
    shapeOf(view),
    node.inputs.slice(1).map((input) => context.constantOf(input)),
  );
  if (runs === null) return notCarried('where it cuts is computed from the input', '切片位置由输入计算得出');
  return [
    runs.reduce((cut, { axis, from, count, step }) => {
      if (cut.axes[axis]?.includes(batchFactor) === true && count === 1 && from === 0) return cut;
      return takeRun(node, context, cut, axis, from, count, step);
    }, view),
  ];
};

export const splitValues: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const axis = axisAt(intOf(node, 'axis', 0), view.axes.length);
  const sizes = splitSizes(node, sizeOf(view.axes[axis] ?? []), context.constantOf(node.inputs[1]));
  let from = 0;
  return sizes.map((size, at) => {
    const start = from;
    from += size;
    const isTaken = context.consumersOf(node.outputs[at] ?? '').length > 0;
    return isTaken ? takeRun(node, context, view, axis, start, size, 1) : null;
  });
};

export const gather: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const places = context.constantOf(node.inputs[1]);
  const axis = axisAt(intOf(node, 'axis', 0), view.axes.length);
  if (places === undefined || view.axes[axis]?.includes(batchFactor) === true)
    return notCarried('what it picks is computed from the input', '所选位置由输入计算得出');
  const length = sizeOf(view.axes[axis] ?? []);
  const list = [...places.data].map((place) => axisAt(place, length));
  const [first = 0, second = first + 1] = list;
  const step = second - first;
  if (!list.every((place, at) => place === first + at * step))
    return notCarried('it picks values in no regular order', '它不按规则的顺序选取数值');
  const taken = takeRun(node, context, view, axis, first, list.length, step);
  if (places.shape.length === 1) return [taken];
  if (places.shape.length > 1) return notCarried('it picks by a table', '它按表格选取');
  return [{ ...taken, axes: taken.axes.filter((_, at) => at !== axis) }];
};

/** Whether all who take a value are kernels or pools that can put the zeros around it themselves. */
function takesZeros(node: FoundNode, context: Context, value: number): boolean {
  const consumers = context.consumersOf(node.outputs[0] ?? '');
  return (
    consumers.length > 0 &&
    consumers.every((consumer) => {
      if (consumer === null || consumer.domain !== '' || consumer.inputs[0] !== node.outputs[0]) return false;
      if (textOf(consumer, 'auto_pad', 'NOTSET').startsWith('SAME')) return false;
      if (consumer.op === 'Conv') return value === 0;
      const isMax = consumer.op === 'MaxPool';
      return isMax && value < -1e30;
    })
  );
}

const padModes = { constant: 'constant', reflect: 'reflect', edge: 'edge' } as const;

export const pad: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const rank = view.axes.length;
  const listed = listInput(node, context.constantOf(node.inputs[1]), 'pads') ?? numbersOf(node, 'paddings');
  if (listed === null) return notCarried('how much it pads is computed from the input', '填充量由输入计算得出');
  const axes =
    context.constantOf(node.inputs[3]) === undefined
      ? Array.from({ length: rank }, (_, at) => at)
      : [...(context.constantOf(node.inputs[3])?.data ?? [])].map((axis) => axisAt(axis, rank));
  const sidesAt = (axis: number): readonly [number, number] => {
    const at = axes.indexOf(axis);
    return at < 0 ? [0, 0] : [listed[at] ?? 0, listed[at + axes.length] ?? 0];
  };
  const around = view.axes.map((_, axis) => sidesAt(axis));
  if (around.every(([before, after]) => before === 0 && after === 0)) return [view];
  const padded = around.flatMap(([before, after], axis) => (before === 0 && after === 0 ? [] : [axis]));
  const value = context.constantOf(node.inputs[2])?.data[0] ?? floatOf(node, 'value', 0);
  const mode = padModes[textOf(node, 'mode', 'constant') as keyof typeof padModes] as string | undefined;
  if (mode === undefined) return notCarried('it pads in a way that no layer does', '其填充方式没有对应的层');
  if (padded.some((axis) => axis === 0)) return notCarried('it pads the batch', '它对批填充');
  // Channels are padded as the width of a map that has them there.
  const isSpatial = rank === 4 && padded.every((axis) => axis >= 2);
  const isLastMap = padded.every((axis) =>
    [0, 1].some((place) => isSameAxis(view.base[place] ?? [{ size: 0 }], withoutBatch(view.axes[axis] ?? []))),
  );
  if (
    isSpatial &&
    takesZeros(node, context, value) &&
    mode === 'constant' &&
    around.flat().every((side) => side >= 0)
  ) {
    const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = around.slice(2);
    context.pendingPads.set(node.outputs[0] ?? '', [top, bottom, left, right]);
    return [view];
  }
  const groups: readonly Axis[] = isSpatial
    ? [view.axes[2] ?? [], view.axes[3] ?? [], view.axes[1] ?? []]
    : isLastMap
      ? view.base
      : [];
  if (groups.length === 0 && padded.length > 1) return notCarried('it pads several axes at once', '它同时填充多个轴');
  const [only = 0] = padded;
  const own = withoutBatch(view.axes[only] ?? []);
  const rest = view.base.flat().filter((factor) => !own.includes(factor));
  const laid = context.arrange(node, view, groups.length > 0 ? groups : [own, [], rest]);
  const sideOf = (place: 0 | 1): readonly [number, number] => {
    if (groups.length === 0) return place === 0 ? (around[only] ?? [0, 0]) : [0, 0];
    const axis = isSpatial
      ? place + 2
      : view.axes.findIndex((one) => one.length > 0 && isSameAxis(withoutBatch(one), laid.base[place] ?? []));
    return around[axis] ?? [0, 0];
  };
  const [[top, bottom], [left, right]] = [sideOf(0), sideOf(1)];
  const grows = [top, bottom, left, right].map((side) => Math.max(side, 0));
  const cuts = [top, bottom, left, right].map((side) => Math.max(-side, 0));
  let id = laid.node;
  const sides = (values: readonly number[]) => ({
    top: values[0] ?? 0,
    bottom: values[1] ?? 0,
    left: values[2] ?? 0,
    right: values[3] ?? 0,
  });
  if (cuts.some((cut) => cut > 0)) id = context.add(node, { kind: 'crop', params: sides(cuts), from: [id] });
  if (grows.some((grow) => grow > 0)) {
    const how =
      mode !== 'constant' ? { mode } : value === 0 ? {} : { mode, value: Math.max(-1e9, Math.min(1e9, value)) };
    id = context.add(node, { kind: 'pad', params: { ...sides(grows), ...how }, from: [id] });
  }
  // What is not padded keeps its factors, which the axes of the file have too.
  const longer = (axis: Axis, before: number, after: number): Axis =>
    before === 0 && after === 0 ? axis : axisOf(sizeOf(axis) + before + after);
  const [rows = [], columns = [], channels = []] = laid.base;
  const base = [longer(rows, top, bottom), longer(columns, left, right), channels];
  const made = laid.axes.map((axis, at) => {
    if (!padded.includes(at)) return axis;
    const place = isSpatial
      ? at - 2
      : groups.length === 0
        ? 0
        : laid.base.findIndex((group) => isSameAxis(group, withoutBatch(axis)));
    return base[place] ?? axis;
  });
  return [{ ...laid, node: id, base, axes: made }];
};

/** Positions for channels, or back. */
function traded(node: FoundNode, context: Context, kind: string, order: string): View {
  const view = context.viewOf(node.inputs[0]);
  const block = intOf(node, 'blocksize', 1);
  const [, channels = 1, height = 1, width = 1] = shapeOf(view);
  const map = asMap(node, view, context);
  const times = kind === 'depthToSpace' ? block : 1 / block;
  const params = { blockSize: block, ...(order === 'DCR' ? {} : { order }) };
  const id = context.add(node, { kind, params, from: [map.node] });
  const base = [height * times, width * times, channels / (times * times)].map(axisOf);
  const [rows = [], columns = [], depth = []] = base;
  return { kind: 'view', node: id, base, axes: [map.axes[0] ?? [], depth, rows, columns] };
}

export const depthToSpace: Carry = (node, context) => [
  traded(node, context, 'depthToSpace', textOf(node, 'mode', 'DCR')),
];

export const spaceToDepth: Carry = (node, context) => [traded(node, context, 'spaceToDepth', 'DCR')];

/** Stretches what is 1 along both sides of a map. */
export const expand: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const to = context.constantOf(node.inputs[1]);
  if (to === undefined) return notCarried('its shape is computed from the input', '其形状由输入计算得出');
  const shape = shapeOf(view);
  const wanted = [...to.data].map((size, at) => (at === 0 && size === context.batch ? 1 : size));
  const grown = wanted.map((size, at) => Math.max(size, shape[at + shape.length - wanted.length] ?? 1));
  if (grown.every((size, at) => size === (shape[at] ?? 1))) return [view];
  if (shape.length !== 4 || grown[1] !== shape[1]) return notCarried('it repeats channels', '它重复通道');
  const map = asMap(node, view, context);
  const [height, width] = [axisOf(grown[2] ?? 1), axisOf(grown[3] ?? 1)];
  const id = context.add(node, {
    kind: 'upsample',
    params: { size: [grown[2] ?? 1, grown[3] ?? 1] },
    from: [map.node],
  });
  const channels = map.base[2] ?? [];
  return [
    { kind: 'view', node: id, base: [height, width, channels], axes: [map.axes[0] ?? [], channels, height, width] },
  ];
};

const resizeModes = { nearest: 'nearest', linear: 'bilinear', bilinear: 'bilinear', cubic: 'bicubic' } as const;

export const resize: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const map = asMap(node, view, context);
  const isUpsample = node.op === 'Upsample' || context.opset < 11;
  const scales =
    (isUpsample
      ? listInput(node, context.constantOf(node.inputs[1]), 'scales')
      : [...(context.constantOf(node.inputs[2])?.data ?? [])]) ?? [];
  const sizes = isUpsample ? [] : [...(context.constantOf(node.inputs[3])?.data ?? [])];
  const shape = shapeOf(view);
  const own = numbersOf(node, 'axes')?.map((axis) => axisAt(axis, shape.length)) ?? [...shape.keys()];
  const goal = shape.map((size, axis) => {
    const at = own.indexOf(axis);
    if (at < 0) return size;
    return sizes[at] ?? Math.floor(size * (scales[at] ?? 1) + 1e-6);
  });
  if (scales.length === 0 && sizes.length === 0)
    return notCarried('its size is computed from the input', '其大小由输入计算得出');
  if (goal[1] !== shape[1] || shape.length !== 4) return notCarried('it resizes channels', '它缩放通道');
  const mode = resizeModes[textOf(node, 'mode', 'nearest') as keyof typeof resizeModes] as
    | (typeof resizeModes)[keyof typeof resizeModes]
    | undefined;
  const rule = isUpsample ? 'asymmetric' : textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  const [from, to] = [
    [shape[2] ?? 1, shape[3] ?? 1],
    [goal[2] ?? 1, goal[3] ?? 1],
  ] as const;
  const isWhole = to.every((size, axis) => size % (from[axis] ?? 1) === 0);
  const coordinates = coordinatesOf(rule, to);
  if (mode === undefined || coordinates === null)
    return notCarried('it resizes in a way that no layer does', '其缩放方式没有对应的层');
  const cubic = node.attributes.get('cubic_coeff_a');
  if (mode === 'bicubic' && cubic?.kind === 'float' && Math.abs(cubic.value + 0.75) > 1e-6)
    return notCarried('its cubic is another one', '其三次曲线不同');
  if (intOf(node, 'antialias', 0) === 1 && to.some((size, axis) => size < (from[axis] ?? 1)))
    return notCarried('it smooths while it shrinks', '它在缩小时做平滑');
  if (
    mode === 'nearest' &&
    !isWhole &&
    !roundsAsOurs(textOf(node, 'nearest_mode', 'round_prefer_floor'), coordinates)
  ) {
    return notCarried('it rounds to neighbours in another way', '其取邻近值的舍入方式不同');
  }
  // Whole repeats are the same under any rule that does not align corners.
  const rows = mode === 'nearest' && isWhole && coordinates !== 'alignCorners' ? 'halfPixel' : coordinates;
  const factor = from.map((size, axis) => (to[axis] ?? 1) / size);
  const [tall = 1, across = 1] = factor;
  const target = isWhole ? { factor: tall === across ? tall : [tall, across] } : { size: [...to] };
  if (to.every((size, axis) => size === from[axis])) return [view];
  const id = context.add(node, {
    kind: 'upsample',
    params: {
      ...target,
      ...(mode === 'nearest' ? {} : { mode }),
      ...(rows === 'halfPixel' ? {} : { coordinates: rows }),
    },
    from: [map.node],
  });
  const [height, width, channels] = [axisOf(to[0]), axisOf(to[1]), map.base[2] ?? []];
  return [
    { kind: 'view', node: id, base: [height, width, channels], axes: [map.axes[0] ?? [], channels, height, width] },
  ];
};

function coordinatesOf(rule: string, to: readonly number[]): 'halfPixel' | 'alignCorners' | 'asymmetric' | null {
  if (rule === 'half_pixel') return 'halfPixel';
  // The same but for a single pixel, which is then taken from the edge.
  if (rule === 'pytorch_half_pixel') return to.every((size) => size > 1) ? 'halfPixel' : null;
  if (rule === 'align_corners') return 'alignCorners';
  return rule === 'asymmetric' ? 'asymmetric' : null;
}

/** Which neighbour is nearest: with half pixels the one above a half, else the one below. */
function roundsAsOurs(rounding: string, coordinates: 'halfPixel' | 'alignCorners' | 'asymmetric'): boolean {
  if (coordinates === 'asymmetric') return rounding === 'floor';
  return rounding === 'round_prefer_ceil';
}
