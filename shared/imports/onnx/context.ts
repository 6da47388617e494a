import type { FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text, type Text } from '../../text';
import type { ImportLine } from '../report';
import type { NetworkBuilder } from '../networkBuilder';
import type { WeightOrigin } from '../sameWeights';
import type { OnnxNode } from './model';
import { layerName, moduleOf, partName } from './names';
import type { Scores } from './ops/attention';
import type { FoundNode } from './patterns';
import type { Constant } from './tensors';
import { arrangements, hasBatchInFront, isSameOrder, withoutBatch, type Axis, type Factor, type View } from './views';

/** Operators that pass values on unchanged when a network predicts. */
export const idle: ReadonlySet<string> = new Set(['Identity', 'Dropout', 'Cast']);

/** What a report says of an operator that went into the layer of another. */
export const partOfLayer = text('It is a part of the layer.', '它是该层的一部分。');

/** Says that an operator has no layers here; it becomes an opaque node. */
export class NotCarried extends Error {
  /** `instead`: what stands in its place already, where it took others along that are gone with it. */
  constructor(
    readonly why: Text,
    readonly instead: readonly View[] | null = null,
  ) {
    super(why.en);
  }
}

export function notCarried(en: string, zh: string): never {
  throw new NotCarried(text(en, zh));
}

type Added = {
  readonly kind: string;
  readonly params?: { readonly [name: string]: Json };
  readonly from: readonly string[];
  readonly weights?: { readonly [name: string]: FloatTensor };
  /** The weight that it is named by. */
  readonly weight?: string | null;
};

/** What the operators of a file are turned into layers with. */
export type Context = {
  readonly opset: number;
  /** How many samples the file is fixed to; 1 where it leaves that open. */
  readonly batch: number;
  readonly constantOf: (value: string | undefined) => Constant | undefined;
  readonly viewOf: (value: string | undefined) => View;
  readonly findView: (value: string) => View | undefined;
  /** Who takes a value; an output of the file counts as null. */
  readonly consumersOf: (value: string) => readonly (FoundNode | null)[];
  /** The shape that the file declares for a value, for one sample. */
  readonly declaredShape: (value: string) => readonly number[] | null;
  /** Adds a layer for the operator that is being read. */
  readonly add: (node: OnnxNode, added: Added) => string;
  /** A view of the same values from a node whose own axes are these; adds nodes where their order differs. */
  readonly arrange: (node: OnnxNode, view: View, base: readonly Axis[]) => View;
  /** Takes an operator as done along with the one that is being read: its output is that view. */
  readonly absorb: (node: FoundNode, output: View) => void;
  /** What a node was added as; undefined for an input. */
  readonly addedAs: (id: string) => Added | undefined;
  /** Queries and keys of the products that come, by the operator that makes use of their shares. */
  readonly scores: Map<FoundNode, Scores>;
  /** Says that an attention was made of the nodes that gave its queries, keys and values. */
  readonly becameAttention: (id: string, parts: readonly string[]) => void;
  /** Zeros that the next layer puts around its input in place of a node of their own. */
  readonly pendingPads: Map<string, readonly number[]>;
  readonly say: (
    node: OnnxNode,
    nodeId: string | null,
    status: ImportLine['status'],
    why?: Text,
    isFinding?: true,
  ) => void;
};

/** The inputs of an operator: what turns it into layers gives a view for each output, null for one that nothing may take. */
export type Carry = (node: FoundNode, context: Context) => readonly (View | null)[];

type ContextParts = Pick<
  Context,
  'opset' | 'batch' | 'constantOf' | 'findView' | 'consumersOf' | 'declaredShape' | 'absorb'
> & {
  /** Of each node with weights, the tensors of the file that its operator reads, and the module that it is of. */
  readonly origins: Map<string, WeightOrigin>;
  /** Of each attention, the nodes that it was made of. */
  readonly attentions: Map<string, readonly string[]>;
};

export function createContext(builder: NetworkBuilder, parts: ContextParts): Context {
  const arranged: { readonly node: string; readonly base: readonly Axis[]; readonly made: string }[] = [];
  const added = new Map<string, Added>();
  const add: Context['add'] = (node, { weight = null, ...layer }) => {
    const id = builder.add({ ...layer, source: layerName(node, weight) });
    added.set(id, { weight, ...layer });
    const read = node.inputs.flatMap((input) => parts.constantOf(input)?.origin ?? []);
    if (layer.weights !== undefined && read.length > 0) {
      parts.origins.set(id, { tensors: read.sort().join('\n'), module: moduleOf(node) });
    }
    return id;
  };
  return {
    ...parts,
    add,
    addedAs: (id) => added.get(id),
    scores: new Map(),
    becameAttention: (id, of) => void parts.attentions.set(id, of),
    pendingPads: new Map(),
    say: (node, ...line) => builder.say(partName(node), ...line),
    viewOf: (value) => {
      const view = value === undefined ? undefined : parts.findView(value);
      if (view === undefined) throw new NotCarried(text('one of its inputs is a constant', '它的某个输入是常量'));
      return view;
    },
    arrange: (node, view, base) => {
      if (isSameOrder(view.base, base) && view.base.length === base.length) return view;
      const known = arranged.find((one) => one.node === view.node && isSameOrder(one.base, base));
      if (known !== undefined) return { ...view, node: known.made, base };
      const steps = arrangements(view.base, base);
      if (steps === null)
        return notCarried('its values cannot be brought into the order that it needs', '无法将数值排列成它所需的顺序');
      let from = view.node;
      for (const { kind, params } of steps) from = add(node, { kind, params, from: [from] });
      arranged.push({ node: view.node, base, made: from });
      return { ...view, node: from, base };
    },
  };
}

/** A file's `[batch, channels, height, width]` as a map; with one spatial axis as a map of width 1. */
export function asMap(node: OnnxNode, view: View, context: Context): View {
  if (!hasBatchInFront(view)) return notCarried('the batch is mixed with other axes', '批与其他轴混在一起');
  const [, channels = [], height = [], width = []] = view.axes;
  if (view.axes.length < 3 || view.axes.length > 4) {
    return notCarried(
      `it works on ${view.axes.length - 2} axes of space`,
      `它在 ${view.axes.length - 2} 个空间轴上运算`,
    );
  }
  return context.arrange(node, view, [height, width, channels]);
}

/** A view whose node has these axes last and everything else, in its own order, before them. */
export function withLast(node: OnnxNode, view: View, last: Axis, context: Context): View {
  const own = withoutBatch(last);
  const { base } = view;
  const end = base.at(-1) ?? [];
  if (end.length === own.length && end.every((factor, at) => factor === own[at])) return view;
  const others = base.flat().filter((factor) => !own.includes(factor));
  const before =
    base.length === 3 ? base.slice(0, 2).map((axis) => axis.filter((factor) => !own.includes(factor))) : [];
  const isKept = before.length === 2 && before.flat().length === others.length;
  if (others.length === 0) return context.arrange(node, view, base.length === 1 ? [own] : [[], [], own]);
  return context.arrange(node, view, isKept ? [...before, own] : [others, [], own]);
}

/** The view of a new node that kept its input's axes. */
export function behind(view: View, node: string): View {
  return { ...view, node };
}

/** A float32 weight. */
export function weightOf(shape: readonly number[], data: Float32Array): FloatTensor {
  return { dtype: 'float32', shape, data };
}

/** The values of a constant as float32. */
export function floats({ data }: Constant): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** The factors of one view that stand where a factor of another one stands, of the same axes cut alike. */
export function partnerOf(a: View, b: View, factor: Factor): Axis {
  for (const [at, axis] of a.axes.entries()) {
    const place = withoutBatch(axis).indexOf(factor);
    const other = withoutBatch(b.axes[at] ?? [])[place];
    if (place >= 0 && other !== undefined) return [other];
  }
  return notCarried('its inputs do not fit', '其输入的形状不匹配');
}
