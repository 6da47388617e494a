import { keptOperation, type KeptInput, type KeptOperation } from '../../layers/kept';
import type { Json } from '../../schema/document';
import { joined, readWhenAsked } from '../arranged';
import { plainOperation } from '../problem';
import { NotCarried, type Context } from './context';
import { axisAt, broadcastShape, listInput } from './fold';
import { intOf, type OnnxModel } from './model';
import { partName } from './names';
import { shapeKeeping } from './ops';
import type { FoundNode } from './patterns';
import { readingOf, valueCount, type Constant } from './tensors';
import { Unreadable } from './unreadable';
import { axisOf, batchFactor, hasBatchInFront, nodeShape, shapeOf, type Axis, type View } from './views';

/*
 * What is not understood: a node with a declared shape, its numbers, and what the file says of it.
 */

/** A node with the declared shape in the place of what is not understood; its constants are its weights. */
export function opaque(node: FoundNode, context: Context, model: OnnxModel): readonly (View | null)[] {
  const sources = node.inputs.flatMap((input) => context.findView(input) ?? []);
  const [first] = sources;
  if (first === undefined) throw new Unreadable('operation', partName(node), node.op);
  const constants = node.inputs
    .flatMap((input) => context.constantOf(input) ?? [])
    .filter((one) => one.isFloat && valueCount(one) > 1);
  return node.outputs.map((output, at) => {
    if (output === '' || context.consumersOf(output).length === 0) return null;
    const shape = context.declaredShape(output) ?? inferredShape(node, context, first);
    if (shape === null) throw new Unreadable('operation', partName(node), node.op);
    const axes: Axis[] = shape.map(axisOf);
    const isBatch = shape.length > 1;
    const base = baseFor(isBatch ? axes.slice(1) : axes);
    const own = at === 0 ? constants : [];
    const count = own.reduce((sum, one) => sum + valueCount(one), 0);
    const values = (): Float32Array => joined(own.map((one) => readingOf(one)()));
    const laid = keptOf({ node, at, shape, own, isWhole: own.length === constants.length }, context, model);
    const id = context.add(node, {
      kind: 'opaque',
      params: {
        operation: plainOperation(`${node.domain === '' ? '' : `${node.domain}.`}${node.op}`),
        shape: [...nodeShape(base)],
        ...(count === 0 ? {} : { parameters: count }),
        ...(laid === null ? {} : { content: laid.content }),
      },
      from: laid?.from ?? [...new Set(sources.map((source) => source.node))],
      ...(count === 0 ? {} : { weights: { values: readWhenAsked([count], values) } }),
      weight: own.find(({ origin }) => origin !== null)?.origin ?? null,
    });
    return { kind: 'view', node: id, base, axes: isBatch ? [[batchFactor], ...axes.slice(1)] : axes };
  });
}

type Part = {
  readonly node: FoundNode;
  /** Which of its outputs the node of the network stands for, and the file's shape of it. */
  readonly at: number;
  readonly shape: readonly number[];
  /** The constants that are the node's weights; whether these are all that it has. */
  readonly own: readonly Constant[];
  readonly isWhole: boolean;
};

/**
 * What an export needs to write the operator as it was: null where it cannot stand alone. Its inputs are brought into the file's order for
 * it, as nothing is known of what it does with their axes.
 */
function keptOf(
  { node, at, shape, own, isWhole }: Part,
  context: Context,
  model: OnnxModel,
): { readonly content: Json; readonly from: readonly string[] } | null {
  const opset = model.opsets.get(node.domain);
  // An operator may be a function that the file itself defines.
  const isForeign = node.domain !== '' && model.functionCount > 0;
  if (!isWhole || opset === undefined || isForeign || node.parts.length > 0 || shape.length < 2) return null;
  const encoded = node.kept?.() ?? null;
  if (encoded === null) return null;
  const from: string[] = [];
  const inputs: KeptInput[] = [];
  for (const name of node.inputs) {
    const input = name === '' ? null : keptInput(node, name, own, from, context, model);
    if (input === undefined) return null;
    inputs.push(input);
  }
  const content: KeptOperation = {
    format: 'onnx',
    node: encoded,
    domain: node.domain,
    opset,
    inputs,
    outputs: node.outputs.length,
    output: at,
    shape: shape.slice(1),
  };
  // What is read back from a document is held to its schema.
  return keptOperation(content) === null ? null : { content, from };
}

/** What an input is fed with; undefined where an export could not do it. */
function keptInput(
  node: FoundNode,
  name: string,
  own: readonly Constant[],
  from: string[],
  context: Context,
  model: OnnxModel,
): KeptInput | undefined {
  const view = context.findView(name);
  if (view !== undefined) {
    if (!hasBatchInFront(view) || view.axes.length < 2) return undefined;
    const plain = plainly(node, view, context);
    if (plain === null) return undefined;
    if (!from.includes(plain.node)) from.push(plain.node);
    return { port: from.indexOf(plain.node), shape: shapeOf(plain).slice(1) };
  }
  const constant = context.constantOf(name);
  if (constant === undefined) return undefined;
  if (own.includes(constant)) return { weights: constant.shape };
  const type = constantType(name, constant, model);
  return type === null || valueCount(constant) > 10_000
    ? undefined
    : { type, shape: constant.shape, values: [...constant.data] };
}

/** The view of a node that has the values in the file's order. */
function plainly(node: FoundNode, view: View, context: Context): View | null {
  try {
    return context.arrange(node, view, baseFor(view.axes.slice(1)));
  } catch (error) {
    if (error instanceof NotCarried) return null;
    throw error;
  }
}

/** The type that a constant has in the file; what was computed while reading has the usual one. */
function constantType(name: string, { isFloat }: Constant, model: OnnxModel) {
  const stored = model.initializers.find((tensor) => tensor.name === name);
  const attribute = model.nodes.find(({ op, outputs }) => op === 'Constant' && outputs[0] === name)?.attributes;
  const value = attribute?.get('value');
  const type = stored?.type ?? (value?.kind === 'tensor' ? value.value.type : isFloat ? 1 : 7);
  const names = { 1: 'float32', 2: 'uint8', 6: 'int32', 7: 'int64', 9: 'bool' } as const;
  return type in names ? names[type as keyof typeof names] : null;
}

/** The shape of what an operator gives that is not understood, where its inputs decide it; null where nothing here knows it. */
function inferredShape(node: FoundNode, context: Context, first: View): readonly number[] | null {
  const own = shapeOf(first);
  if (shapeKeeping.has(node.op)) return own;
  const shapes = node.inputs.flatMap((input) => {
    const view = context.findView(input);
    const shape = view === undefined ? context.constantOf(input)?.shape : shapeOf(view);
    return shape === undefined ? [] : [shape];
  });
  if (stretching.has(node.op)) {
    return shapes.reduce<readonly number[] | null>(
      (all, shape) => (all === null ? null : broadcastShape(all, shape)),
      [],
    );
  }
  if (node.op === 'Concat' && shapes.length === node.inputs.length) {
    const axis = axisAt(intOf(node, 'axis', 1), own.length);
    return own.with(
      axis,
      shapes.reduce((sum, shape) => sum + (shape[axis] ?? 1), 0),
    );
  }
  if (node.op === 'Expand') return broadcastShape(own, [...(context.constantOf(node.inputs[1])?.data ?? [])]);
  if (node.op === 'Gather') {
    const places = context.constantOf(node.inputs[1]);
    const axis = axisAt(intOf(node, 'axis', 0), own.length);
    return places === undefined ? null : [...own.slice(0, axis), ...places.shape, ...own.slice(axis + 1)];
  }
  const [a = own, b = own] = shapes;
  if (node.op === 'MatMul' && a.length > 1 && b.length > 1) {
    const outer = broadcastShape(a.slice(0, -2), b.slice(0, -2));
    return outer === null ? null : [...outer, a.at(-2) ?? 1, b.at(-1) ?? 1];
  }
  if (node.op.startsWith('Reduce')) {
    const listed = listInput(node, context.constantOf(node.inputs[1]), 'axes');
    const gone = new Set(listed === null ? own.keys() : listed.map((axis) => axisAt(axis, own.length)));
    const isKept = intOf(node, 'keepdims', 1) === 1;
    return isKept ? own.map((size, axis) => (gone.has(axis) ? 1 : size)) : own.filter((_, axis) => !gone.has(axis));
  }
  return null;
}

/** Operators that stretch their inputs over each other. */
const stretching: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'PRelu', 'Where']);

/** How a sample of the file lies as a node: a map, a list of tokens as a map of one column, or all in one list. */
function baseFor(axes: readonly Axis[]): readonly Axis[] {
  const [first = [], second = [], third = []] = axes;
  if (axes.length === 3) return [second, third, first];
  if (axes.length === 2) return [first, [], second];
  return [axes.flat()];
}
