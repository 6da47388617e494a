import { text, type Text } from '../../text';
import type { NetworkBuilder } from '../networkBuilder';
import type { WeightOrigin } from '../sameWeights';
import { createContext, idle, NotCarried, partOfLayer, type Context } from './context';
import { foldConstants } from './fold';
import { type OnnxModel, type OnnxNode } from './model';
import { partName } from './names';
import { opaque } from './opaque';
import { carryOf } from './ops';
import { findPatterns, type FoundNode } from './patterns';
import { addInputs, type GraphPort } from './ports';
import { intList, readTensor, type Constant } from './tensors';
import { Unreadable } from './unreadable';
import { batchFactor, isSameAxis, isSameOrder, shapeOf, sizeOf, type View } from './views';

/*
 * Goes through a graph from its inputs to its outputs and adds a layer for each operator, or an opaque node.
 */

export type CarriedGraph = {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  readonly batch: number;
  /** Height and width of a picture are left open. */
  readonly isOpen: boolean;
  /** Of each node with weights, the tensors of the file that its operator reads. */
  readonly origins: ReadonlyMap<string, WeightOrigin>;
  /** Of each attention, the nodes that it was made of. */
  readonly attentions: ReadonlyMap<string, readonly string[]>;
};

export function carryGraph(model: OnnxModel, builder: NetworkBuilder): CarriedGraph {
  const nodes = inOrder(findPatterns(model), model);
  const { ports, batch, isOpen } = addInputs(model, builder);
  const views = new Map<string, View>(ports.map(({ name, view }) => [name, view]));
  const constants = lazyConstants(model);
  const consumers = consumersOf(nodes, model);
  const declared = declaredShapes(model, batch);
  const absorbed = new Set<FoundNode>();
  const origins = new Map<string, WeightOrigin>();
  const attentions = new Map<string, readonly string[]>();
  let added: string[] = [];
  const watched: NetworkBuilder = {
    ...builder,
    add: (node) => {
      const id = builder.add(node);
      added.push(id);
      return id;
    },
  };
  const context = createContext(watched, {
    opset: model.opset,
    batch,
    origins,
    attentions,
    constantOf: (value) => (value === undefined || value === '' ? undefined : constants.get(value)),
    findView: (value) => views.get(value),
    consumersOf: (value) => consumers.get(value) ?? [],
    declaredShape: (value) => declared.get(value) ?? null,
    absorb: (node, output) => {
      absorbed.add(node);
      const [name] = node.outputs;
      if (name !== undefined) views.set(name, output);
    },
  });
  const settled = new Set<FoundNode>();
  const fold = (node: FoundNode): boolean => {
    const folded = foldOrNull(node, context, batch);
    for (const [at, made] of (folded ?? []).entries()) constants.set(node.outputs[at] ?? '', made);
    if (folded === null) return false;
    if (node.op !== 'Constant') context.say(node, null, 'changed', computedWhileReading);
    settled.add(node);
    return true;
  };
  // What hangs on no input is known before all else, so that a layer may look ahead for its bias or scale.
  for (const node of nodes) fold(node);
  for (const node of nodes) {
    if (absorbed.has(node) || settled.has(node) || fold(node)) continue;
    added = [];
    const { made, why } = carried(node, context, model);
    for (const [at, view] of made.entries()) {
      const name = node.outputs[at];
      if (view === null || name === undefined || name === '') continue;
      views.set(name, view);
      sayDeclared(node, name, view, declared, context);
    }
    report(node, made[0] ?? null, why, added, context);
  }
  const outputs = model.outputs.map(({ name, type }): GraphPort => {
    const view = views.get(name);
    if (view === undefined) throw new Unreadable('graph', name, 'an output that is a constant, or that nothing gives');
    const laid = settledOutput(name, view, context);
    return { name, type: type === 1 ? 'float32' : `type ${type}`, view: laid };
  });
  return { inputs: ports, outputs, batch, isOpen, origins, attentions };
}

/** An output as the file has it: a map or a list in the order of its values, where the node has another one. */
function settledOutput(name: string, view: View, context: Context): View {
  const node: OnnxNode = { name, op: 'Output', domain: '', inputs: [], outputs: [], attributes: new Map(), scopes: [] };
  const [, first = [], second = [], third = []] = view.axes;
  if (view.axes.length === 2) {
    return isSameAxis(view.base.flat(), first) ? view : context.arrange(node, view, [first]);
  }
  if (view.axes.length !== 4 || view.base.length === 1) return view;
  const isPlain = [
    [second, third, first],
    [first, second, third],
  ].some((base) => isSameOrder(view.base, base));
  return isPlain ? view : context.arrange(node, view, [second, third, first]);
}

const computedWhileReading = text('Computed while reading: it is a constant.', '读取时已计算：它是常量。');

/** Operators so that each comes behind those that it takes from; a wire that leads nowhere or round is an error. */
function inOrder(nodes: readonly FoundNode[], model: OnnxModel): readonly FoundNode[] {
  const known = new Set([...model.inputs, ...model.initializers].map(({ name }) => name));
  const makers = new Map<string, FoundNode>();
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (makers.has(output) || known.has(output)) throw new Unreadable('graph', output, 'given twice');
      makers.set(output, node);
    }
  }
  const missing = new Map<FoundNode, number>();
  const waiting = new Map<FoundNode, FoundNode[]>();
  for (const node of nodes) {
    const from = new Set<FoundNode>();
    for (const input of node.inputs) {
      const maker = makers.get(input);
      if (maker !== undefined) from.add(maker);
      else if (input !== '' && !known.has(input))
        throw new Unreadable('graph', partName(node), `nothing gives its input “${input}”`);
    }
    missing.set(node, from.size);
    for (const maker of from) waiting.set(maker, [...(waiting.get(maker) ?? []), node]);
  }
  const order: FoundNode[] = [];
  const ready = nodes.filter((node) => missing.get(node) === 0);
  for (let at = 0; at < ready.length; at++) {
    const node = ready[at];
    if (node === undefined) break;
    order.push(node);
    for (const next of waiting.get(node) ?? []) {
      const left = (missing.get(next) ?? 1) - 1;
      missing.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  const stuck = nodes.find((node) => (missing.get(node) ?? 0) > 0);
  if (stuck !== undefined) throw new Unreadable('graph', partName(stuck), 'it takes what it gives');
  // As far as it goes, the file's own order is kept: it is the one that people know.
  const rank = new Map(nodes.map((node, at) => [node, at]));
  const isSorted = nodes.every((node) =>
    node.inputs.every((input) => (rank.get(makers.get(input) ?? node) ?? 0) <= (rank.get(node) ?? 0)),
  );
  return isSorted ? nodes : order;
}

/** Tensors are read when they are first asked for. */
function lazyConstants(model: OnnxModel) {
  const tensors = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  if (tensors.size < model.initializers.length) throw new Unreadable('graph', 'initializers', 'two of one name');
  const read = new Map<string, Constant>();
  return {
    set: (name: string, value: Constant) => void read.set(name, value),
    get: (name: string): Constant | undefined => {
      const known = read.get(name);
      const tensor = known === undefined ? tensors.get(name) : undefined;
      if (tensor === undefined) return known;
      const made = readTensor(tensor, name);
      read.set(name, made);
      return made;
    },
  };
}

function consumersOf(
  nodes: readonly FoundNode[],
  model: OnnxModel,
): ReadonlyMap<string, readonly (FoundNode | null)[]> {
  const consumers = new Map<string, (FoundNode | null)[]>();
  const put = (value: string, consumer: FoundNode | null): void => {
    const list = consumers.get(value);
    if (list === undefined) consumers.set(value, [consumer]);
    else list.push(consumer);
  };
  for (const node of nodes) for (const input of node.inputs) put(input, node);
  for (const { name } of model.outputs) put(name, null);
  return consumers;
}

function declaredShapes({ values, outputs }: OnnxModel, batch: number): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { name, shape } of [...values, ...outputs]) {
    if (shape === null || shape.length === 0) continue;
    const sizes = shape.map((size, axis) => (axis === 0 && (typeof size !== 'number' || size === batch) ? 1 : size));
    const known = sizes.filter((size) => typeof size === 'number');
    if (known.length === sizes.length) shapes.set(name, known);
  }
  return shapes;
}

/** What an operator on constants gives, or one that asks for the shape of a value; null for others. */
function foldOrNull(node: FoundNode, context: Context, batch: number): readonly Constant[] | null {
  if (node.domain === '' && (node.op === 'Shape' || node.op === 'Size')) {
    const view = context.findView(node.inputs[0] ?? '');
    if (view !== undefined) {
      const shape = view.axes.map((axis) => sizeOf(axis) * (axis.includes(batchFactor) ? batch : 1));
      const placeholder: Constant = { kind: 'constant', shape, data: new Float32Array(0), isFloat: true, origin: null };
      if (node.op === 'Size') return [intList([shape.reduce((count, size) => count * size, 1)])];
      return foldConstants(node, [placeholder]);
    }
  }
  const inputs = node.inputs.map((input) => context.constantOf(input));
  const isConstant = node.inputs.every((input, at) => input === '' || inputs[at] !== undefined);
  if (!isConstant) return null;
  const folded = foldConstants(node, inputs);
  if (folded === null && node.inputs.length > 0) throw new Unreadable('operation', partName(node), node.op);
  return folded;
}

function carried(
  node: FoundNode,
  context: Context,
  model: OnnxModel,
): { readonly made: readonly (View | null)[]; readonly why: Text | null } {
  const carry = carryOf(node);
  const unknown = text('no layer is known for it', '没有对应的层');
  try {
    if (carry !== undefined) return { made: carry(node, context), why: null };
  } catch (error) {
    if (!(error instanceof NotCarried)) throw error;
    return { made: error.instead ?? opaque(node, context, model), why: error.why };
  }
  return { made: opaque(node, context, model), why: unknown };
}

function sayDeclared(
  node: FoundNode,
  name: string,
  view: View,
  declared: ReadonlyMap<string, readonly number[]>,
  context: Context,
): void {
  const shape = declared.get(name);
  const own = shapeOf(view);
  if (shape === undefined || (shape.length === own.length && shape.every((size, axis) => size === own[axis]))) return;
  context.say(
    node,
    view.node,
    'changed',
    text(
      `The file declares [${shape.join(', ')}] for what it gives; it is [${own.join(', ')}].`,
      `文件为其输出声明的形状是 [${shape.join(', ')}]；实际为 [${own.join(', ')}]。`,
    ),
    true,
  );
}

function report(
  node: FoundNode,
  view: View | null,
  why: Text | null,
  added: readonly string[],
  context: Context,
): void {
  const id = added.at(-1) ?? view?.node ?? null;
  if (why !== null) {
    context.say(node, id, 'opaque', text(`Kept as an opaque node: ${why.en}.`, `保留为未知运算节点：${why.zh}。`));
  } else if (added.length === 1) {
    context.say(node, id, 'same');
  } else if (added.length === 0) {
    if (idle.has(node.op))
      context.say(node, null, 'left', text('It does nothing when the network predicts.', '网络预测时它不起作用。'));
    else
      context.say(
        node,
        id,
        'changed',
        text(
          'It only moves values; the layers behind it take them where they lie.',
          '它只移动数值；其后的层直接取用。',
        ),
      );
  } else {
    context.say(node, id, 'changed', text(`It became ${added.length} nodes.`, `它变成了 ${added.length} 个节点。`));
  }
  for (const part of node.parts) {
    context.say(part, id, 'changed', partOfLayer);
  }
}
