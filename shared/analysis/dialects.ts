import type { NetworkDocument } from '../schema/document';
import {
  resolvePadding,
  upconvLength,
  windowAxes,
  windowCount,
  windowSpan,
  type WindowAxis,
} from '../layers/arithmetic';
import type { AnyLayerDefinition, LayerRole, Shape, Size2 } from '../layers/define';
import { readParams } from '../layers/params';
import type { LayerRegistry } from '../layers/registry';
import { windowParam } from '../layers/traits';
import { formatShape, text, type Text } from '../text';
import { isPadding, isSize } from './guards';
import { readWiring, type NodeWiring } from './wiring';

/** Frameworks whose size rules differ. TensorFlow stands for Keras and tfjs too. */
export type Dialect = 'tensorflow' | 'pytorch' | 'caffe';

export const dialects = ['tensorflow', 'pytorch', 'caffe'] as const;

/** A node that a framework would treat differently. */
export type DialectDifference = {
  readonly nodeId: string;
  /** Null where nothing comes out. */
  readonly ours: Shape | null;
  readonly theirs: Shape | null;
  readonly reason: Text;
  /** True where the node itself means the same, and only gets another size from above. */
  readonly inherited: boolean;
};

type Reading = { readonly length: number | null; readonly reason: Text | null };

/** How a framework would size and place a window along one axis. */
type DialectRule = (axis: WindowAxis, params: { readonly [name: string]: unknown }, extra: number) => Reading;

/**
 * A network as another framework would size it if its params were simply typed in there: Caffe rounds pools up, TensorFlow's
 * transposed convolution fills the stride, PyTorch and Caffe pad evenly where 'same' puts the odd pixel on the right and bottom.
 * Lists the nodes that differ, with the reason; those that only inherit another size are marked.
 */
export function readInDialect(
  document: NetworkDocument,
  dialect: Dialect,
  layers?: LayerRegistry,
): readonly DialectDifference[] {
  const wiring = readWiring(document, layers);
  const ours = new Map<string, Shape | null>();
  const theirs = new Map<string, Shape | null>();
  const differences: DialectDifference[] = [];
  for (const [id, wired] of wiring.nodes) {
    const mine = sizeOf(wired, ours, null);
    const other = sizeOf(wired, theirs, dialect);
    ours.set(id, mine.shape);
    theirs.set(id, other.shape);
    const isSame = mine.shape === null ? other.shape === null : isEqual(mine.shape, other.shape);
    if (isSame && other.reasons.length === 0) continue;
    const [reason] = other.reasons;
    differences.push({
      nodeId: id,
      ours: mine.shape,
      theirs: other.shape,
      reason: reason ?? inheritedReason(other.shape),
      inherited: reason === undefined,
    });
  }
  return differences;
}

function isEqual(a: Shape, b: Shape | null): boolean {
  return b !== null && a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function inheritedReason(shape: Shape | null): Text {
  return shape === null
    ? text('What comes from above no longer fits here.', '上游传来的大小在这里已不再适用。')
    : text(`The size from above is another: ${formatShape(shape)}.`, `上游的大小不同：${formatShape(shape)}。`);
}

type Sized = { readonly shape: Shape | null; readonly reasons: readonly Text[] };

/** A node's output, by our rules (dialect null) or by a framework's. */
function sizeOf(
  { node, definition, sources, state }: NodeWiring,
  shapes: ReadonlyMap<string, Shape | null>,
  dialect: Dialect | null,
): Sized {
  const nothing = { shape: null, reasons: [] };
  if (definition === null || state !== 'ok') return nothing;
  const params = readParams(definition, node.params, node.id);
  const inputs = sources.map((source) => (source === null ? null : (shapes.get(source) ?? null)));
  const known = inputs.filter((shape) => shape !== null);
  if (!params.ok || known.length < inputs.length) return nothing;
  const own = definition.inferShape({ nodeId: node.id, params: params.value, inputs: known });
  const { role } = definition.traits;
  const rule = dialect === null || role === undefined ? undefined : rules[dialect][role];
  const axes = rule === undefined ? null : axesOf(definition, params.value, known[0] ?? []);
  if (rule === undefined || axes === null || !own.ok) return { shape: own.ok ? own.value : null, reasons: [] };
  const extra: Size2 = isSize(params.value['outputPadding']) ? params.value['outputPadding'] : [0, 0];
  const readings = [rule(axes[0], params.value, extra[0]), rule(axes[1], params.value, extra[1])] as const;
  const reasons = readings.flatMap(({ reason }) => (reason === null ? [] : [reason]));
  const lengths = readings.map(({ length }) => length);
  const fits = lengths.every((length) => length === null || length > 0);
  return { shape: fits ? [...lengths, own.value[2] ?? null] : null, reasons };
}

function axesOf(
  definition: AnyLayerDefinition,
  params: { readonly [name: string]: unknown },
  input: Shape,
): readonly [WindowAxis, WindowAxis] | null {
  const size = params[windowParam(definition, params) ?? ''];
  const strides = params['strides'] ?? size;
  const dilation = params['dilationRate'] ?? [1, 1];
  const padding = params['padding'];
  if (!isSize(size) || !isSize(strides) || !isSize(dilation) || !isPadding(padding)) return null;
  return windowAxes(input, size, strides, dilation, padding);
}

/** Where 'same' has to be spelt out, people write (a - 1)/2 on both sides. */
function evenly(axis: WindowAxis): WindowAxis {
  const half = Math.floor((windowSpan(axis.size, axis.dilation) - 1) / 2);
  return axis.padding === 'same' ? { ...axis, padding: [half, half] } : axis;
}

function roundingOf(params: { readonly [name: string]: unknown }): 'floor' | 'ceil' {
  return params['rounding'] === 'ceil' ? 'ceil' : 'floor';
}

/** 'same' with a rest that cannot be halved: the framework pads evenly. */
function evenPaddingReason(axis: WindowAxis, length: number | null, ours: number | null): Text | null {
  const pads = resolvePadding(axis);
  const [half] = evenly(axis).padding === 'same' ? [0] : evenly(axis).padding;
  if (axis.padding !== 'same' || pads === null || (pads[0] === half && pads[1] === half && length === ours))
    return null;
  return text(
    `There is no 'same' with this stride: padding ${String(half)} on both sides stands in for ${pads[0]} before and ${pads[1]} after.`,
    `该步长下没有 'same'：以两侧各填 ${String(half)} 代替前 ${pads[0]}、后 ${pads[1]}。`,
  );
}

const evenConv: DialectRule = (axis) => {
  const length = windowCount(evenly(axis));
  return { length, reason: evenPaddingReason(axis, length, windowCount(axis)) };
};

/** (x - 1)s - 2p + span + outputPadding, 'same' as even padding. */
function upconvReading(axis: WindowAxis, extra: number, reasonForExtra: Text | null): Reading {
  const ours = upconvLength(axis, extra);
  const length = upconvLength(evenly(axis), reasonForExtra === null ? extra : 0);
  if (length === ours) return { length, reason: null };
  const spelt = text(
    `There is no 'same' for up-conv: x·s = ${ours ?? '?'} must be spelt out with padding, and comes to ${length ?? '?'}.`,
    `上卷积没有 'same'：x·s = ${ours ?? '?'} 要用填充写出，结果是 ${length ?? '?'}。`,
  );
  return { length, reason: axis.padding === 'same' ? spelt : reasonForExtra };
}

/** By what a layer is; a role without a rule means the same everywhere. */
const rules: { readonly [D in Dialect]: { readonly [R in LayerRole]?: DialectRule } } = {
  tensorflow: {
    pooling: (axis, params) => {
      const ours = windowCount(axis, roundingOf(params));
      const length = windowCount(axis);
      const reason =
        length === ours
          ? null
          : text(
              `Pools only round down here: ${length ?? '?'} instead of ${ours ?? '?'}.`,
              `这里的池化只向下取整：${length ?? '?'} 而不是 ${ours ?? '?'}。`,
            );
      return { length, reason };
    },
    transposedConvolution: (axis, _params, extra) => {
      const ours = upconvLength(axis, extra);
      const span = windowSpan(axis.size, axis.dilation);
      const isPlain = axis.padding !== 'same' && axis.padding[0] === 0 && axis.padding[1] === 0 && extra === 0;
      if (!isPlain || axis.length === null) return { length: ours, reason: null };
      const length = axis.length * axis.stride + Math.max(span - axis.stride, 0);
      const reason =
        length === ours
          ? null
          : text(
              `'valid' gives x·s + max(a − s, 0) = ${length} here, and (x − 1)·s + a = ${ours ?? '?'} elsewhere.`,
              `'valid' 在这里得 x·s + max(a − s, 0) = ${length}，在别处得 (x − 1)·s + a = ${ours ?? '?'}。`,
            );
      return { length, reason };
    },
  },
  pytorch: {
    convolution: evenConv,
    pooling: (axis, params) => {
      const length = windowCount(evenly(axis), roundingOf(params));
      return { length, reason: evenPaddingReason(axis, length, windowCount(axis, roundingOf(params))) };
    },
    transposedConvolution: (axis, _params, extra) => upconvReading(axis, extra, null),
  },
  caffe: {
    convolution: evenConv,
    pooling: (axis, params) => {
      const ours = windowCount(axis, roundingOf(params));
      const length = caffePool(evenly(axis));
      if (length === ours) return { length, reason: evenPaddingReason(axis, length, ours) };
      return {
        length,
        reason: text(
          `Pools always round up here: ${length ?? '?'} instead of ${ours ?? '?'}.`,
          `这里的池化总是向上取整：${length ?? '?'} 而不是 ${ours ?? '?'}。`,
        ),
      };
    },
    transposedConvolution: (axis, _params, extra) =>
      upconvReading(
        axis,
        extra,
        extra === 0
          ? null
          : text(
              'There is no outputPadding here; a Crop layer picks the size.',
              '这里没有 outputPadding，由裁剪层决定大小。',
            ),
      ),
  },
};

/** Caffe's pooling layer: ceil, and a last window that starts in the far padding is dropped only if there is padding. */
function caffePool(axis: WindowAxis): number | null {
  const { length, stride, padding } = axis;
  if (length === null || padding === 'same') return windowCount(axis);
  const [before, after] = padding;
  const count = Math.ceil((length + before + after - windowSpan(axis.size, axis.dilation)) / stride) + 1;
  return before + after > 0 && (count - 1) * stride >= length + before ? count - 1 : count;
}
