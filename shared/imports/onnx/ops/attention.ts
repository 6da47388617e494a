import type { FloatTensor } from '../../../ops/tensor';
import { readWhenAsked, sideBySide, type Columns } from '../../arranged';
import {
  floats,
  idle,
  NotCarried,
  notCarried,
  partOfLayer,
  withLast,
  weightOf,
  type Carry,
  type Context,
} from '../context';
import { axisAt } from '../fold';
import { floatOf, intOf } from '../model';
import type { FoundNode } from '../patterns';
import type { Constant } from '../tensors';
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
 * Attention, which exporters write out: three products of the same map, a product of two stacks of matrices, a softmax, and a product of
 * its shares with a third stack. The axes of the views say which channels are heads, whatever way the file took to lay them out.
 */

/** Queries and keys whose products a softmax makes shares of; the product of shares and values is `end`. */
export type Scores = {
  readonly queries: View;
  readonly keys: View;
  /** What their products are multiplied by. */
  readonly factor: number;
  readonly parts: readonly FoundNode[];
};

/** The one that takes a value alone; null for several, and for an output. */
function onlyConsumer(node: FoundNode, context: Context): FoundNode | null {
  const consumers = context.consumersOf(node.outputs[0] ?? '');
  return consumers.length === 1 ? (consumers[0] ?? null) : null;
}

/** The number by which an operator multiplies; null for anything else. */
function factorOf(node: FoundNode, context: Context): number | null {
  if (node.op !== 'Mul' && node.op !== 'Div') return null;
  const [first, second] = node.inputs.map((input) => context.constantOf(input));
  const by = second ?? (node.op === 'Mul' ? first : undefined);
  if (by?.data.length !== 1) return null;
  const [value = 0] = by.data;
  return node.op === 'Mul' ? value : 1 / value;
}

/** Whether a product of two computed stacks is that of queries and keys; then its shares wait for their values. */
export function areScores(node: FoundNode, context: Context): boolean {
  const [queries, turned] = [context.viewOf(node.inputs[0]), context.viewOf(node.inputs[1])];
  const rank = turned.axes.length;
  if (rank < 3 || queries.axes.length !== rank) return false;
  const keys = reordered(turned, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
  if (headsOf(queries) === null || headsOf(keys) === null) return false;
  let factor = 1;
  const parts: FoundNode[] = [];
  let next = onlyConsumer(node, context);
  for (; next !== null && next.op !== 'Softmax'; next = onlyConsumer(next, context)) {
    const own = factorOf(next, context);
    if (own === null) return false;
    factor *= own;
    parts.push(next);
  }
  if (next === null || axisAt(intOf(next, 'axis', context.opset < 13 ? 1 : -1), rank) !== rank - 1) return false;
  parts.push(next);
  next = onlyConsumer(next, context);
  for (; next !== null && idle.has(next.op); next = onlyConsumer(next, context)) parts.push(next);
  if (next?.op !== 'MatMul' || next.inputs[0] !== parts.at(-1)?.outputs[0]) return false;
  context.scores.set(next, { queries, keys, factor, parts });
  for (const part of parts) context.absorb(part, queries);
  return true;
}

/** The product of shares and values: an attention, or a node with its shape where it is none that there is, as the scores are gone with it. */
export function attentionOrOpaque(node: FoundNode, context: Context, scores: Scores): View {
  const { queries, keys } = scores;
  const values = context.viewOf(node.inputs[1]);
  try {
    return mixed(node, context, scores, values);
  } catch (error) {
    if (!(error instanceof NotCarried)) throw error;
    const [heads, positions, size] = [
      sizeOf(withoutBatch(queries.axes.slice(0, -2).flat())),
      sizeOf(queries.axes.at(-2) ?? []),
      sizeOf(values.axes.at(-1) ?? []),
    ].map(axisOf);
    const base = [positions ?? [], size ?? [], heads ?? []];
    const id = context.add(node, {
      kind: 'opaque',
      params: { operation: 'Attention', shape: [...nodeShape(base)] },
      from: [...new Set([queries, keys, values].map((view) => view.node))],
    });
    const stack = queries.axes.slice(0, -2);
    // The heads stand where the file has them: on the axis behind the batch, or with it.
    const laid = stack.map((axis, at): Axis => [
      ...axis.filter((factor) => factor === batchFactor),
      ...(at === stack.length - 1 ? (heads ?? []) : []),
    ]);
    throw new NotCarried(error.why, [{ kind: 'view', node: id, base, axes: [...laid, positions ?? [], size ?? []] }]);
  }
}

/** Heads, positions and channels of each head of `[..., positions, channels]`; null where they are not so in the node. */
function headsOf({ base, axes }: View): { readonly heads: Axis; readonly size: Axis } | null {
  const [size = [], positions = []] = axes.toReversed().map(withoutBatch);
  const heads = withoutBatch(axes.slice(0, -2).flat());
  const isPlain =
    base.length === 3 &&
    isSameAxis(base[2] ?? [], [...heads, ...size]) &&
    isSameAxis([...(base[0] ?? []), ...(base[1] ?? [])], positions);
  return isPlain ? { heads, size } : null;
}

/** Where queries, keys or values come from: a run of filters of a 1×1 convolution, times a number. */
type Source = {
  readonly kernel: FloatTensor;
  readonly bias: FloatTensor | null;
  readonly from: string;
  readonly start: number;
  readonly factor: number;
  readonly ids: readonly string[];
};

function sourceOf({ node }: View, context: Context): Source {
  let [factor, start] = [1, 0];
  const ids: string[] = [];
  for (let id: string | undefined = node; id !== undefined;) {
    const made = context.addedAs(id);
    const { kind = '', params = {}, weights = {}, from: [from] = [] } = made ?? {};
    ids.push(id);
    if (kind === 'scale' && typeof params['scale'] === 'number' && Object.keys(params).length === 1) {
      factor *= params['scale'];
    } else if (kind === 'slice' && params['axis'] === 'channels') {
      start += Number(params['from']);
    } else if (kind === 'conv' && params['kernelSize'] === 1 && params['strides'] === undefined) {
      const { kernel, bias = null } = weights;
      if (kernel === undefined || from === undefined || params['groups'] !== undefined) break;
      return { kernel, bias, from, start, factor, ids };
    } else break;
    id = from;
  }
  return notCarried('its queries, keys or values are no products of a map', '其查询、键或值不是由特征图相乘而得');
}

/** An attention; its product with the last kernel, which stands behind it in the file, is put into it when all nodes are there. */
function mixed(node: FoundNode, context: Context, scores: Scores, values: View): View {
  const { queries, keys } = scores;
  const [q, k, v] = [queries, keys, values].map((view) => sourceOf(view, context));
  const heads = headsOf(queries);
  if (q === undefined || k === undefined || v === undefined || heads === null || headsOf(values) === null) {
    return notCarried('its heads are mixed with positions', '其头与位置混在一起');
  }
  const width = sizeOf([...heads.heads, ...heads.size]);
  const size = sizeOf(heads.size);
  const channels = q.kernel.shape[2] ?? 0;
  const sources = [q, k, v];
  if (sources.some(({ from }) => from !== q.from) || sizeOf(values.base[2] ?? []) !== width) {
    return notCarried('its queries, keys and values are of different maps', '其查询、键和值来自不同的特征图');
  }
  const isPlain = width === channels;
  if (!isPlain && !isProjected(node, [width, channels], context)) {
    return notCarried('its heads have other channels than the map', '其头的通道数与特征图不同');
  }
  // An attention divides by the root of a head's channels by itself.
  const whole = q.factor * k.factor * scores.factor * Math.sqrt(size);
  const scale = Math.abs(whole - 1) < 1e-5 ? 1 : whole;
  const useBias = sources.some(({ bias }) => bias !== null);
  const runs = sources.map((source, at) => ({ ...source, factor: at === 0 ? scale : at === 1 ? 1 : source.factor }));
  const kernel = readWhenAsked([channels, 3 * width], () => sideBySide(runs.map(columnsOf), channels, width));
  const id = context.add(
    { ...node, op: 'Attn' },
    {
      kind: 'attention',
      params: {
        heads: sizeOf(heads.heads),
        ...(isPlain ? {} : { headSize: size }),
        outputBias: false,
        ...(useBias ? {} : { useBias }),
      },
      from: [q.from],
      weights: {
        kernel,
        ...(useBias ? { bias: weightOf([3 * width], sideBySide(runs.map(biasesOf), 1, width)) } : {}),
        outputKernel: identity(width, channels),
      },
    },
  );
  context.becameAttention(id, [...new Set(sources.flatMap(({ ids }) => ids))]);
  for (const part of scores.parts) {
    context.say(part, id, 'changed', partOfLayer);
  }
  return { ...queries, node: id };
}

function columnsOf({ kernel, start, factor }: Source): Columns {
  return { data: kernel.data, columns: kernel.shape[3] ?? 1, start, factor };
}

/** Zeros where it has none. */
function biasesOf({ kernel, bias, start, factor }: Source): Columns {
  const columns = kernel.shape[3] ?? 1;
  return { data: bias?.data ?? new Float32Array(columns), columns, start, factor };
}

/** A kernel that changes nothing. */
function identity(rows: number, columns: number): FloatTensor {
  return readWhenAsked([rows, columns], () =>
    Float32Array.from({ length: rows * columns }, (_, at) => Number(Math.floor(at / columns) === at % columns)),
  );
}

/** Operators that move the values of all heads together. */
const moving: ReadonlySet<string> = new Set([...idle, 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

/** Whether a product with a kernel of this shape is all that takes what an attention gives. */
function isProjected(node: FoundNode, [rows, columns]: readonly [number, number], context: Context): boolean {
  let next = onlyConsumer(node, context);
  while (next !== null && moving.has(next.op)) next = onlyConsumer(next, context);
  if (next?.op !== 'MatMul' && next?.op !== 'Gemm') return false;
  const shape = context.constantOf(next.inputs[1])?.shape ?? [];
  return (intOf(next, 'transB', 0) === 1 ? [...shape].reverse() : shape).join() === [rows, columns].join();
}

/** ONNX's own attention: of stacks `[batch, heads, positions, channels]`, or of lists whose channels are those of all heads. */
export const attention: Carry = (node, context) => {
  const [queries, keys, values] = [0, 1, 2].map((at) => context.viewOf(node.inputs[at]));
  const isPlain = node.inputs.slice(3).every((input) => input === '') && intOf(node, 'is_causal', 0) === 0;
  if (!isPlain || floatOf(node, 'softcap', 0) !== 0) return notCarried('its scores are masked', '其得分带有掩码');
  if (queries === undefined || keys === undefined || values === undefined)
    return notCarried('it has no input', '它没有输入');
  const isList = queries.axes.length === 3;
  const inHeads = (view: View): View => {
    if (!isList) return view;
    const [batch = 1, positions = 1, channels = 1] = shapeOf(view);
    const heads = intOf(node, 'q_num_heads', 1);
    const cut = reshaped(view, [batch, positions, heads, channels / heads]);
    return cut === null ? notCarried('its heads do not fit', '其头数不匹配') : reordered(cut, [0, 2, 1, 3]);
  };
  const stacks = [queries, keys, values].map(inHeads);
  const [q = queries, k = keys, v = values] = stacks;
  if (stacks.some((view) => headsOf(view) === null)) {
    return notCarried('its heads are mixed with positions', '其头与位置混在一起');
  }
  const size = sizeOf(headsOf(q)?.size ?? []);
  const factor = floatOf(node, 'scale', 1 / Math.sqrt(size));
  const made = mixed(node, context, { queries: q, keys: k, factor, parts: [] }, v);
  if (!isList) return [made, null, null, null];
  const [batch = [], heads = [], positions = [], channels = []] = made.axes;
  return [{ ...made, axes: [batch, positions, [...heads, ...channels]] }, null, null, null];
};

/** Learned positions in front of a list of them, the last one first; null for a concat that is something else. */
export function classTokensOf(node: FoundNode, context: Context): View | null {
  const tokens = node.inputs.slice(0, -1).map((input) => context.constantOf(input));
  const list = context.findView(node.inputs.at(-1) ?? '');
  if (list === undefined || tokens.length === 0) return null;
  return tokens.reduceRight<View | null>(
    (view, token) => (view === null || token === undefined ? null : withToken(node, context, view, token)),
    list,
  );
}

function withToken(node: FoundNode, context: Context, view: View, token: Constant): View | null {
  const axis = axisAt(intOf(node, 'axis', 1), view.axes.length);
  const channels = view.axes.flatMap((one, at) => (at === axis ? [] : withoutBatch(one)));
  const along = withoutBatch(view.axes[axis] ?? []);
  const count = sizeOf(channels);
  if (token.shape.length !== view.axes.length || token.shape[axis] !== 1 || axis === 0 || along.length === 0)
    return null;
  // A file of several samples has as many copies of it.
  if (token.data.length !== count * (token.shape[0] ?? 1)) return null;
  const last = withLast(node, view, channels, context);
  const isInOrder = isSameAxis(last.base.slice(0, -1).flat(), along) && isSameAxis(last.base.at(-1) ?? [], channels);
  const laid = isInOrder && last.base.length === 3 ? last : context.arrange(node, last, [along, [], channels]);
  const id = context.add(node, {
    kind: 'classToken',
    params: fixed(token),
    from: [laid.node],
    weights: { token: weightOf([count], floats(token).slice(0, count)) },
    weight: token.origin,
  });
  const joint = axisOf(sizeOf(along) + 1);
  return { kind: 'view', node: id, base: [joint, [], channels], axes: laid.axes.with(axis, joint) };
}

/** A number that is added to every value, its own for each; null where it is the same for several. */
export function positionOf(node: FoundNode, context: Context, view: View, by: Constant, sign: number): View | null {
  const rank = view.axes.length;
  const sizes = shapeOf(view);
  const isWhole =
    by.shape.length <= rank &&
    sizes.every((size, axis) => axis === 0 || size === (by.shape[axis - rank + by.shape.length] ?? 1)) &&
    by.data.length === sizes.slice(1).reduce((product, size) => product * size, 1);
  if (!isWhole || view.base.length !== 3) return null;
  // Where each factor lies in the file's list.
  const listed = withoutBatch(view.axes.flat());
  const flat = view.base.flat();
  const steps = flat.map((factor) => sizeOf(listed.slice(listed.indexOf(factor) + 1)));
  const data = floats(by);
  const values = new Float32Array(data.length);
  for (let to = 0; to < values.length; to++) {
    let [rest, from] = [to, 0];
    for (let at = flat.length - 1; at >= 0; at--) {
      const length = flat[at]?.size ?? 1;
      from += (rest % length) * (steps[at] ?? 0);
      rest = Math.floor(rest / length);
    }
    values[to] = sign * (data[from] ?? 0);
  }
  const id = context.add(node, {
    kind: 'position',
    params: fixed(by),
    from: [view.node],
    weights: { position: weightOf(view.base.map(sizeOf), values) },
    weight: by.origin,
  });
  return { ...view, node: id };
}

/** What the file has computed, or written into its graph, was not learned. */
function fixed({ origin }: Constant): { readonly trainable?: false } {
  return origin === null ? { trainable: false } : {};
}
