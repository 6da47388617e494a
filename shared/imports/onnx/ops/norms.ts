import { text } from '../../../text';
import { asMap, behind, floats, notCarried, weightOf, withLast, type Carry, type Context } from '../context';
import { floatOf, intOf, numbersOf } from '../model';
import type { FoundNode } from '../patterns';
import type { Constant } from '../tensors';
import { axisAt } from '../fold';
import { isSameAxis, sizeOf, withoutBatch, type Axis, type View } from '../views';

/** The least that a norm adds under its root. */
const leastEpsilon = 1e-12;

function epsilonOf(node: FoundNode, otherwise: number): number {
  // A float32 shows digits that nobody wrote.
  return Math.max(Number(floatOf(node, 'epsilon', otherwise).toPrecision(7)), leastEpsilon);
}

/** What an export of ours calls the numbers that an operator must have and the layer has not learned. */
const unlearned = /\/(ones|zeros)(_\d+)?$/;

/** A scale or shift; null where it is none that was learned. */
function learnedOf(constant: Constant, neutral: number): Constant | null {
  return unlearned.test(constant.origin ?? '') && isFilledWith(constant, neutral) ? null : constant;
}

export const batchNorm: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const [given, shift, mean, variance] = node.inputs.slice(1).map((input) => context.constantOf(input));
  if (given === undefined || shift === undefined || mean === undefined || variance === undefined) {
    return notCarried('its statistics are computed from the input', '其统计量由输入计算得出');
  }
  const [gamma, beta] = [learnedOf(given, 1), learnedOf(shift, 0)];
  const last = withLast(node, view, view.axes[1] ?? [], context);
  const momentum = floatOf(node, 'momentum', 0.9);
  const id = context.add(node, {
    kind: 'batchnorm',
    params: { momentum: Number(momentum.toPrecision(6)), epsilon: epsilonOf(node, 1e-5), ...affineParams(gamma, beta) },
    from: [last.node],
    weights: {
      ...affineWeights(gamma, beta, mean.shape),
      movingMean: weightOf(mean.shape, floats(mean)),
      movingVariance: weightOf(variance.shape, floats(variance)),
    },
    weight: gamma?.origin ?? mean.origin,
  });
  return [behind(last, id), null, null, null, null];
};

/** A constant by which, or to which, the only one who takes a value multiplies or adds it, per axis of `shape`. */
function affineBehind(
  value: string,
  op: 'Mul' | 'Add',
  fits: (constant: Constant) => boolean,
  context: Context,
): { readonly by: Constant; readonly node: FoundNode } | null {
  const consumers = context.consumersOf(value);
  const [consumer] = consumers;
  if (consumers.length !== 1 || consumer == null || consumer.op !== op) return null;
  const by = consumer.inputs.map((input) => context.constantOf(input)).find((one) => one !== undefined);
  return by !== undefined && fits(by) ? { by, node: consumer } : null;
}

type Affine = {
  readonly gamma: Constant | null;
  readonly beta: Constant | null;
  readonly taken: readonly FoundNode[];
};

/** The scale and shift that follow a norm written out in primitives. */
function affineOf(output: string, fits: (constant: Constant) => boolean, context: Context): Affine {
  const scale = affineBehind(output, 'Mul', fits, context);
  if (scale === null) {
    const only = affineBehind(output, 'Add', fits, context);
    return { gamma: null, beta: only?.by ?? null, taken: only === null ? [] : [only.node] };
  }
  const shift = affineBehind(scale.node.outputs[0] ?? '', 'Add', fits, context);
  return { gamma: scale.by, beta: shift?.by ?? null, taken: [scale.node, ...(shift === null ? [] : [shift.node])] };
}

function affineWeights(gamma: Constant | null, beta: Constant | null, shape: readonly number[]) {
  return {
    ...(gamma === null ? {} : { gamma: weightOf(shape, floats(gamma)) }),
    ...(beta === null ? {} : { beta: weightOf(shape, floats(beta)) }),
  };
}

function affineParams(gamma: Constant | null, beta: Constant | null) {
  return { ...(gamma === null ? { scale: false } : {}), ...(beta === null ? { center: false } : {}) };
}

function takeAlong(taken: readonly FoundNode[], view: View, context: Context): void {
  for (const part of taken) {
    context.absorb(part, view);
    context.say(
      part,
      view.node,
      'changed',
      text('It is the scale or shift of the norm.', '它是归一化层的缩放或平移。'),
    );
  }
}

/** Whether a constant has one value for each place of some axes, which are counted from the end. */
function liesAlong(axes: readonly number[], sizes: readonly number[], rank: number) {
  return ({ shape, data }: Constant): boolean =>
    data.length === sizes.reduce((product, size) => product * size, 1) &&
    shape.every((size, at) => size === 1 || axes.includes(at + rank - shape.length));
}

/** A norm over some axes of each sample. */
function overAxes(node: FoundNode, context: Context, axes: readonly number[], own: Affine | null): readonly View[] {
  const view = context.viewOf(node.inputs[0]);
  const rank = view.axes.length;
  const normed = axes.map((axis) => axisAt(axis, rank));
  const factors: Axis = normed.flatMap((axis) => withoutBatch(view.axes[axis] ?? []));
  const isAll = view.base.flat().every((factor) => factors.includes(factor));
  const channel = view.axes[1] ?? [];
  const epsilon = epsilonOf(node, 1e-5);
  if (isAll && factors.length > 1) {
    // Over the whole sample. Its scale has the file's order, which must be the node's.
    const last = context.arrange(node, view, [[], [], factors]);
    const { gamma, beta, taken } =
      own === null
        ? affineOf(
            node.outputs[0] ?? '',
            liesAlong(
              normed,
              normed.map((axis) => sizeOf(view.axes[axis] ?? [])),
              rank,
            ),
            context,
          )
        : own;
    const shape = [sizeOf(factors)];
    const id = context.add(node, {
      kind: 'layernorm',
      params: { epsilon, ...affineParams(gamma, beta) },
      from: [last.node],
      weights: affineWeights(gamma, beta, shape),
      weight: gamma?.origin ?? null,
    });
    const made = behind(last, id);
    takeAlong(taken, made, context);
    return [made];
  }
  if (normed.length === 1 || factors.length === withoutBatch(view.axes[normed.at(-1) ?? 0] ?? []).length) {
    const last = withLast(node, view, factors, context);
    if (!isSameAxis(last.base.at(-1) ?? [], factors))
      return notCarried('its axes are mixed with others', '其轴与其他轴混在一起');
    const { gamma, beta, taken } =
      own === null ? affineOf(node.outputs[0] ?? '', liesAlong(normed, [sizeOf(factors)], rank), context) : own;
    const id = context.add(node, {
      kind: 'layernorm',
      params: { epsilon, ...affineParams(gamma, beta) },
      from: [last.node],
      weights: affineWeights(gamma, beta, [sizeOf(factors)]),
      weight: gamma?.origin ?? null,
    });
    const made = behind(last, id);
    takeAlong(taken, made, context);
    return [made];
  }
  // Over height and width, each channel by itself.
  const isPerChannel =
    channel.length > 0 && view.base.flat().every((factor) => factors.includes(factor) !== channel.includes(factor));
  if (!isPerChannel) return notCarried('it normalises over axes that no layer does', '它在任何层都不支持的轴上归一化');
  const last = withLast(node, view, channel, context);
  const channels = sizeOf(channel);
  const { gamma, beta, taken } =
    own === null ? affineOf(node.outputs[0] ?? '', liesAlong([1], [channels], rank), context) : own;
  const id = context.add(node, {
    kind: 'groupnorm',
    params: { groups: channels, epsilon, ...affineParams(gamma, beta) },
    from: [last.node],
    weights: affineWeights(gamma, beta, [channels]),
    weight: gamma?.origin ?? null,
  });
  const made = behind(last, id);
  takeAlong(taken, made, context);
  return [made];
}

export const layerNorm: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const rank = view.axes.length;
  const from = axisAt(intOf(node, 'axis', -1), rank);
  const axes = Array.from({ length: rank - from }, (_, at) => from + at);
  const [given, shift] = [context.constantOf(node.inputs[1]), context.constantOf(node.inputs[2])];
  const gamma = given === undefined ? null : learnedOf(given, 1);
  const beta = shift === undefined ? null : learnedOf(shift, 0);
  return [...overAxes(node, context, axes, { gamma, beta, taken: [] }), null, null];
};

/** A norm that goes over the channels alone, whatever axis they are. */
function overChannels(
  node: FoundNode,
  context: Context,
  axis: number,
): { readonly last: View; readonly channels: number } {
  const view = context.viewOf(node.inputs[0]);
  const factors = withoutBatch(view.axes[axisAt(axis, view.axes.length)] ?? []);
  const last = withLast(node, view, factors, context);
  if (!isSameAxis(last.base.at(-1) ?? [], factors))
    return notCarried('its axes are mixed with others', '其轴与其他轴混在一起');
  return { last, channels: sizeOf(factors) };
}

/** RMS normalization: as an operator with its scale, or written out with the scale behind it. */
function rmsOf(node: FoundNode, context: Context, axis: number, own: Constant | null | 'behind'): readonly View[] {
  const { last, channels } = overChannels(node, context, axis);
  const rank = context.viewOf(node.inputs[0]).axes.length;
  const fits = liesAlong([axisAt(axis, rank)], [channels], rank);
  const behindIt = own === 'behind' ? affineBehind(node.outputs[0] ?? '', 'Mul', fits, context) : null;
  const gamma = own === 'behind' ? (behindIt?.by ?? null) : own;
  const id = context.add(node, {
    kind: 'rmsnorm',
    params: { epsilon: epsilonOf(node, 1e-5), ...(gamma === null ? { scale: false } : {}) },
    from: [last.node],
    weights: affineWeights(gamma, null, [channels]),
    weight: gamma?.origin ?? null,
  });
  const made = behind(last, id);
  if (behindIt !== null) takeAlong([behindIt.node], made, context);
  return [made];
}

/** ONNX's own operator, since its set 23; ONNX Runtime's has the same inputs. */
export const rmsNorm: Carry = (node, context) => {
  const rank = context.viewOf(node.inputs[0]).axes.length;
  const axis = axisAt(intOf(node, 'axis', -1), rank);
  if (axis !== rank - 1)
    return notCarried('it normalises over axes that no layer does', '它在任何层都不支持的轴上归一化');
  const given = context.constantOf(node.inputs[1]);
  if (given === undefined) return notCarried('its scale is computed from the input', '其缩放由输入计算得出');
  return rmsOf(node, context, axis, learnedOf(given, 1));
};

export const rmsNormalize: Carry = (node, context) => {
  const [axis, second] = numbersOf(node, 'axes') ?? [-1];
  if (axis === undefined || second !== undefined)
    return notCarried('it normalises over axes that no layer does', '它在任何层都不支持的轴上归一化');
  return rmsOf(node, context, axis, 'behind');
};

/** ConvNeXt V2's, of which the axes are those of the channels. */
export const responseNormalize: Carry = (node, context) => {
  const { last, channels } = overChannels(node, context, numbersOf(node, 'axes')?.[0] ?? -1);
  const [gamma, beta] = [context.constantOf(node.inputs[1]), context.constantOf(node.inputs[2])];
  if (gamma?.data.length !== channels || beta?.data.length !== channels || last.base.length !== 3)
    return notCarried('its scale is not one number for each channel', '其缩放不是每通道一个数');
  const id = context.add(node, {
    kind: 'grn',
    params: { epsilon: epsilonOf(node, 1e-6) },
    from: [last.node],
    weights: affineWeights(gamma, beta, [channels]),
    weight: gamma.origin ?? null,
  });
  return [behind(last, id)];
};

/** A norm that was written out in primitives. */
export const normalize: Carry = (node, context) => overAxes(node, context, numbersOf(node, 'axes') ?? [-1], null);

function isFilledWith(constant: Constant | undefined, value: number): boolean {
  return constant?.data.every((one: number) => one === value) === true;
}

/**
 * Instance norm; PyTorch writes a group norm as one over groups: a reshape to `[batch, groups, rest]`, an instance norm that scales
 * nothing, a reshape back, and the scale and shift of the channels.
 */
export const instanceNorm: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const [gamma, beta] = [context.constantOf(node.inputs[1]), context.constantOf(node.inputs[2])];
  if (gamma === undefined || beta === undefined)
    return notCarried('its scale is computed from the input', '其缩放由输入计算得出');
  const groups = view.axes[1] ?? [];
  const channels = view.base.at(-1) ?? [];
  const epsilon = epsilonOf(node, 1e-5);
  if (isSameAxis(channels, groups) || view.axes.length === 4) {
    const last = withLast(node, view, groups, context);
    const [own, shift] = [learnedOf(gamma, 1), learnedOf(beta, 0)];
    const id = context.add(node, {
      kind: 'groupnorm',
      params: { groups: sizeOf(groups), epsilon, ...affineParams(own, shift) },
      from: [last.node],
      weights: affineWeights(own, shift, [sizeOf(groups)]),
      weight: own?.origin ?? null,
    });
    return [behind(last, id)];
  }
  const isOuter = groups.every((factor, at) => channels[at] === factor);
  if (!isOuter || !isFilledWith(gamma, 1) || !isFilledWith(beta, 0)) {
    return notCarried('its groups are no runs of channels', '其分组不是连续的通道');
  }
  return [groupNormOf(node, view, sizeOf(groups), epsilon, context)];
};

function groupNormOf(node: FoundNode, view: View, groups: number, epsilon: number, context: Context): View {
  const channels = sizeOf(view.base.at(-1) ?? []);
  const [reshape] = context.consumersOf(node.outputs[0] ?? '');
  const isReshaped = reshape?.op === 'Reshape' && context.consumersOf(node.outputs[0] ?? '').length === 1;
  const fits = ({ shape, data }: Constant): boolean =>
    data.length === channels && shape.every((size) => size === 1 || size === channels);
  const { gamma, beta, taken } = isReshaped
    ? affineOf(reshape.outputs[0] ?? '', fits, context)
    : { gamma: null, beta: null, taken: [] };
  const id = context.add(node, {
    kind: 'groupnorm',
    params: { groups, epsilon, ...affineParams(gamma, beta) },
    from: [view.node],
    weights: affineWeights(gamma, beta, [channels]),
    weight: gamma?.origin ?? null,
  });
  const made = behind(view, id);
  if (taken.length > 0) {
    // What is taken along stands behind the reshape, and has the shape from before the norm was grouped.
    const outer = context.viewOf(node.inputs[0]);
    const back = { ...made, axes: axesBefore(outer, view) };
    takeAlong(taken, back, context);
  }
  return made;
}

/** `[batch, channels, height, width]` of the node, whatever the grouping. */
function axesBefore(outer: View, { base }: View): View['axes'] {
  const [height = [], width = [], channels = []] = base.length === 3 ? base : [[], [], base[0] ?? []];
  const [batch = []] = outer.axes;
  return base.length === 3 ? [batch, channels, height, width] : [batch, channels];
}

export const groupNorm: Carry = (node, context) => {
  const view = asMap(node, context.viewOf(node.inputs[0]), context);
  const channels = sizeOf(view.base.at(-1) ?? []);
  const groups = intOf(node, 'num_groups', 1);
  const [gamma, beta] = [context.constantOf(node.inputs[1]), context.constantOf(node.inputs[2])].map((constant) =>
    constant === undefined ? undefined : perChannel(constant, channels),
  );
  if (gamma === undefined || beta === undefined)
    return notCarried('its scale is computed from the input', '其缩放由输入计算得出');
  const id = context.add(node, {
    kind: 'groupnorm',
    params: { groups, epsilon: epsilonOf(node, 1e-5) },
    from: [view.node],
    weights: affineWeights(gamma, beta, [channels]),
    weight: gamma.origin,
  });
  return [behind(view, id)];
};

/** Before version 21 a group norm had a scale for each group. */
function perChannel(constant: Constant, channels: number): Constant {
  const each = channels / constant.data.length;
  if (each === 1) return constant;
  return {
    ...constant,
    shape: [channels],
    data: Float32Array.from({ length: channels }, (_, at) => constant.data[Math.floor(at / each)] ?? 0),
  };
}

export const lrn: Carry = (node, context) => {
  const view = context.viewOf(node.inputs[0]);
  const size = intOf(node, 'size', 1);
  if (size % 2 === 0) return notCarried('it sums an even number of channels', '它对偶数个通道求和');
  const last = asMap(node, view, context);
  const round = (value: number): number => Number(value.toPrecision(7));
  const id = context.add(node, {
    kind: 'lrn',
    params: {
      radius: (size - 1) / 2,
      alpha: round(floatOf(node, 'alpha', 1e-4) / size),
      beta: round(floatOf(node, 'beta', 0.75)),
      bias: round(floatOf(node, 'bias', 1)),
    },
    from: [last.node],
  });
  return [behind(last, id)];
};
