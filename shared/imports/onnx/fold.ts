import { elementCount } from '../../ops/tensor';
import { stridesOf } from '../arranged';
import { constant, intList, readTensor, reshapedConstant, transposed, valueCount, type Constant } from './tensors';
import { floatOf, intOf, numbersOf, type OnnxNode } from './model';
import { Unreadable } from './unreadable';

/*
 * Operators on values that are known while the file is read: the arithmetic of shapes that exporters write out, and what they do to
 * weights before they use them.
 */

/** More values are not computed while reading, except for what only moves a weight about. */
const mostComputed = 2 ** 26;

type Folding = (node: OnnxNode, inputs: readonly (Constant | undefined)[]) => Constant | null;

/** What an operator makes of constants; null for one that is not computed here. */
export function foldConstants(node: OnnxNode, inputs: readonly (Constant | undefined)[]): readonly Constant[] | null {
  if (node.domain !== '') return null;
  if (node.op === 'Split') return splitConstant(node, inputs);
  const folding = foldings[node.op];
  if (folding === undefined) return null;
  const made = folding(node, inputs);
  return made === null ? null : [made];
}

/** The axis that a number of ONNX means: negative ones count from the end. */
export function axisAt(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Whole numbers of an input that may also be an attribute in older files. */
export function listInput(node: OnnxNode, input: Constant | undefined, attribute: string): readonly number[] | null {
  return input === undefined ? numbersOf(node, attribute) : [...input.data];
}

/** The shape that a Reshape asks for, of so many values. */
export function reshapeTarget(
  asked: readonly number[],
  given: readonly number[],
  allowZero: boolean,
): readonly number[] {
  const sizes = asked.map((size, at) => (size === 0 && !allowZero ? (given[at] ?? 1) : size));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  return sizes.map((size) => (size === -1 ? elementCount(given) / (known === 0 ? 1 : known) : size));
}

/** Each axis of an output, of shapes that are stretched over each other; null where they do not fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] | null {
  const rank = Math.max(a.length, b.length);
  const sizes: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [one, other] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (one !== other && one !== 1 && other !== 1) return null;
    sizes.push(one === 1 ? other : one);
  }
  return sizes;
}

/** Where each value of a stretched tensor is read from. */
function stretchedPlaces(shape: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  const offset = to.length - shape.length;
  const steps = to.map((_, axis) => ((shape[axis - offset] ?? 1) === 1 ? 0 : (strides[axis - offset] ?? 0)));
  const places = new Int32Array(elementCount(to));
  const place = to.map(() => 0);
  let from = 0;
  for (let at = 0; at < places.length; at++) {
    places[at] = from;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if ((place[axis] ?? 0) < (to[axis] ?? 1)) break;
      from -= (steps[axis] ?? 0) * (to[axis] ?? 1);
      place[axis] = 0;
    }
  }
  return places;
}

function room(shape: readonly number[], isFloat: boolean, node: OnnxNode): Float32Array | Float64Array {
  const count = elementCount(shape);
  if (!(count <= mostComputed)) throw new Unreadable('size', node.name, `[${shape.join(', ')}]`);
  return isFloat ? new Float32Array(count) : new Float64Array(count);
}

function binary(compute: (a: number, b: number, isFloat: boolean) => number, isTest = false): Folding {
  return (node, [a, b]) => {
    if (a === undefined || b === undefined) return null;
    const shape = broadcastShape(a.shape, b.shape);
    if (shape === null) return null;
    const isFloat = a.isFloat && !isTest;
    const data = room(shape, isFloat, node);
    const [left, right] = [stretchedPlaces(a.shape, shape), stretchedPlaces(b.shape, shape)];
    for (let at = 0; at < data.length; at++) {
      data[at] = compute(a.data[left[at] ?? 0] ?? 0, b.data[right[at] ?? 0] ?? 0, a.isFloat);
    }
    return constant(shape, data, isFloat, sameOrigin(a, b));
  };
}

/** A weight that is scaled by plain numbers is still that weight. */
function sameOrigin(a: Constant, b: Constant): string | null {
  return a.origin !== null && b.data.length === 1 ? a.origin : null;
}

function unary(compute: (x: number) => number): Folding {
  return (_node, [x]) => (x === undefined ? null : constant(x.shape, x.data.map(compute), x.isFloat, x.origin));
}

function reduction(combine: (values: readonly number[]) => number): Folding {
  return (node, [x, axes]) => {
    if (x === undefined) return null;
    const listed = listInput(node, axes, 'axes');
    const all = listed === null || listed.length === 0;
    const reduced = new Set(all ? x.shape.keys() : listed.map((axis) => axisAt(axis, x.shape.length)));
    const kept = x.shape.map((size, axis) => (reduced.has(axis) ? 1 : size));
    const places = stretchedPlaces(kept, x.shape);
    const groups = Array.from({ length: elementCount(kept) }, (): number[] => []);
    for (let at = 0; at < x.data.length; at++) groups[places[at] ?? 0]?.push(x.data[at] ?? 0);
    const values = groups.map(combine);
    const shape = intOf(node, 'keepdims', 1) === 1 ? kept : x.shape.filter((_, axis) => !reduced.has(axis));
    return constant(shape, x.isFloat ? Float32Array.from(values) : Float64Array.from(values), x.isFloat);
  };
}

/** The same values under another shape. */
function withShape(x: Constant, shape: readonly number[]): Constant | null {
  return elementCount(shape) === valueCount(x) ? reshapedConstant(x, shape) : null;
}

function gather(node: OnnxNode, [x, places]: readonly (Constant | undefined)[]): Constant | null {
  if (x === undefined || places === undefined) return null;
  const axis = axisAt(intOf(node, 'axis', 0), x.shape.length);
  const shape = [...x.shape.slice(0, axis), ...places.shape, ...x.shape.slice(axis + 1)];
  const data = room(shape, x.isFloat, node);
  const inner = elementCount(x.shape.slice(axis + 1));
  const length = x.shape[axis] ?? 1;
  const outer = elementCount(x.shape.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    for (let p = 0; p < places.data.length; p++) {
      const from = (o * length + axisAt(places.data[p] ?? 0, length)) * inner;
      data.set(x.data.subarray(from, from + inner), (o * places.data.length + p) * inner);
    }
  }
  return constant(shape, data, x.isFloat);
}

function concat(node: OnnxNode, inputs: readonly (Constant | undefined)[]): Constant | null {
  const parts = inputs.filter((input) => input !== undefined);
  const [first] = parts;
  if (first === undefined) return null;
  const axis = axisAt(intOf(node, 'axis', 0), first.shape.length);
  const shape = first.shape.with(
    axis,
    parts.reduce((sum, part) => sum + (part.shape[axis] ?? 1), 0),
  );
  const data = room(shape, first.isFloat, node);
  const outer = elementCount(first.shape.slice(0, axis));
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const part of parts) {
      const run = part.data.length / Math.max(outer, 1);
      data.set(part.data.subarray(o * run, (o + 1) * run), to);
      to += run;
    }
  }
  return constant(shape, data, first.isFloat);
}

/** The runs that a Slice takes: per axis, its first place, how many, and how far apart. */
export function sliceRuns(
  node: OnnxNode,
  shape: readonly number[],
  inputs: readonly (Constant | undefined)[],
): readonly { readonly axis: number; readonly from: number; readonly count: number; readonly step: number }[] | null {
  const [starts, ends, axes, steps] = (['starts', 'ends', 'axes', 'steps'] as const).map((name, at) =>
    listInput(node, inputs[at], name),
  );
  if (starts == null || ends == null) return null;
  return starts.map((start, at) => {
    const axis = axisAt(axes?.[at] ?? at, shape.length);
    const [length, step] = [shape[axis] ?? 1, steps?.[at] ?? 1];
    const clamp = (place: number): number => {
      const counted = place < 0 ? place + length : place;
      return step > 0 ? Math.min(Math.max(counted, 0), length) : Math.min(Math.max(counted, -1), length - 1);
    };
    const [from, to] = [clamp(start), clamp(ends[at] ?? 0)];
    return { axis, from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
  });
}

function slice(node: OnnxNode, [x, ...others]: readonly (Constant | undefined)[]): Constant | null {
  if (x === undefined) return null;
  const runs = sliceRuns(node, x.shape, others);
  if (runs === null) return null;
  let result: Constant = x;
  for (const { axis, from, count, step } of runs) {
    const places = intList(Array.from({ length: count }, (_, at) => from + at * step));
    const taken = gather({ ...node, attributes: new Map([['axis', { kind: 'int', value: axis }]]) }, [result, places]);
    if (taken === null) return null;
    result = taken;
  }
  return result;
}

/** How long each part of a Split is. */
export function splitSizes(node: OnnxNode, length: number, sizes: Constant | undefined): readonly number[] {
  const listed = listInput(node, sizes, 'split');
  if (listed !== null) return listed;
  const parts = intOf(node, 'num_outputs', node.outputs.length);
  const each = Math.ceil(length / parts);
  return Array.from({ length: parts }, (_, at) => Math.min(each, length - at * each));
}

function splitConstant(node: OnnxNode, [x, sizes]: readonly (Constant | undefined)[]): readonly Constant[] | null {
  if (x === undefined) return null;
  const axis = axisAt(intOf(node, 'axis', 0), x.shape.length);
  let from = 0;
  const parts = splitSizes(node, x.shape[axis] ?? 1, sizes).map((size) => {
    const places = intList(Array.from({ length: size }, (_, at) => from + at));
    from += size;
    return gather({ ...node, attributes: new Map([['axis', { kind: 'int', value: axis }]]) }, [x, places]);
  });
  return parts.every((part) => part !== null) ? parts : null;
}

function squeeze(node: OnnxNode, [x, axes]: readonly (Constant | undefined)[]): Constant | null {
  if (x === undefined) return null;
  const listed = listInput(node, axes, 'axes')?.map((axis) => axisAt(axis, x.shape.length));
  return withShape(
    x,
    x.shape.filter((size, axis) => (listed === undefined ? size !== 1 : !listed.includes(axis))),
  );
}

/** The shape with axes of 1 put in. */
export function unsqueezedShape(shape: readonly number[], axes: readonly number[]): readonly number[] {
  const rank = shape.length + axes.length;
  const places = new Set(axes.map((axis) => axisAt(axis, rank)));
  let taken = 0;
  return Array.from({ length: rank }, (_, axis) => (places.has(axis) ? 1 : (shape[taken++] ?? 1)));
}

/** Normalises a weight over all but its channels, as weight standardisation does by a batch norm. */
function batchNormOfConstant(node: OnnxNode, inputs: readonly (Constant | undefined)[]): Constant | null {
  const [x, gamma, beta, mean, variance] = inputs;
  if (x === undefined || gamma === undefined || beta === undefined) return null;
  const isOwn = node.op === 'InstanceNormalization' || intOf(node, 'training_mode', 0) === 1;
  const channels = x.shape[1] ?? 1;
  const inner = elementCount(x.shape.slice(2));
  const outer = x.shape[0] ?? 1;
  if (isOwn && node.op === 'BatchNormalization' && outer !== 1) return null;
  const epsilonAttribute = node.attributes.get('epsilon');
  const epsilon = epsilonAttribute?.kind === 'float' ? epsilonAttribute.value : 1e-5;
  const data = new Float32Array(x.data.length);
  for (let row = 0; row < outer * channels; row++) {
    const channel = row % channels;
    const values = [...x.data.subarray(row * inner, (row + 1) * inner)];
    let [centre, spread] = [mean?.data[channel] ?? 0, variance?.data[channel] ?? 1];
    if (isOwn) {
      centre = values.reduce((sum, value) => sum + value, 0) / inner;
      spread = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / inner;
    }
    const factor = (gamma.data[channel] ?? 1) / Math.sqrt(spread + epsilon);
    for (let at = 0; at < inner; at++) {
      data[row * inner + at] = ((values[at] ?? 0) - centre) * factor + (beta.data[channel] ?? 0);
    }
  }
  return constant(x.shape, data, true, x.origin);
}

const foldings: { readonly [op: string]: Folding } = {
  Constant: (node) => {
    const value = node.attributes.get('value');
    if (value?.kind === 'tensor') return readTensor(value.value, null);
    const [number] = ['value_int', 'value_float']
      .map((name) => node.attributes.get(name))
      .filter((a) => a !== undefined);
    if (number?.kind === 'int') return constant([], Float64Array.of(number.value), false);
    if (number?.kind === 'float') return constant([], Float32Array.of(number.value), true);
    const ints = numbersOf(node, 'value_ints');
    if (ints !== null) return intList(ints);
    const floats = numbersOf(node, 'value_floats');
    return floats === null ? null : constant([floats.length], Float32Array.from(floats), true);
  },
  Identity: (_node, [x]) => x ?? null,
  Dropout: (_node, [x]) => x ?? null,
  Cast: (node, [x]) => {
    if (x === undefined) return null;
    const to = intOf(node, 'to', 1);
    const isFloat = [1, 10, 11, 16].includes(to);
    if (isFloat === x.isFloat && to !== 9) return x;
    if (isFloat) return constant(x.shape, Float32Array.from(x.data), true);
    return constant(
      x.shape,
      Float64Array.from(x.data, (value) => (to === 9 ? Number(value !== 0) : Math.trunc(value))),
      false,
    );
  },
  Shape: (node, [x]) => {
    if (x === undefined) return null;
    const [start, end] = [intOf(node, 'start', 0), intOf(node, 'end', x.shape.length)];
    return intList(x.shape.slice(start, end));
  },
  Size: (_node, [x]) => (x === undefined ? null : constant([], Float64Array.of(valueCount(x)), false)),
  Gather: gather,
  Concat: concat,
  Slice: slice,
  Squeeze: squeeze,
  Unsqueeze: (node, [x, axes]) =>
    x === undefined ? null : withShape(x, unsqueezedShape(x.shape, listInput(node, axes, 'axes') ?? [])),
  Flatten: (node, [x]) => {
    if (x === undefined) return null;
    const axis = axisAt(intOf(node, 'axis', 1), x.shape.length);
    return withShape(x, [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))]);
  },
  Reshape: (node, [x, shape]) =>
    x === undefined || shape === undefined
      ? null
      : withShape(x, reshapeTarget([...shape.data], x.shape, intOf(node, 'allowzero', 0) === 1)),
  Transpose: (node, [x]) => {
    if (x === undefined) return null;
    const order = numbersOf(node, 'perm') ?? [...x.shape.keys()].reverse();
    return constant(
      order.map((axis) => x.shape[axis] ?? 1),
      transposed(x.data, x.shape, order),
      x.isFloat,
      x.origin,
    );
  },
  Expand: (node, [x, shape]) => {
    const to = x === undefined || shape === undefined ? null : broadcastShape(x.shape, [...shape.data]);
    if (x === undefined || to === null) return null;
    const data = room(to, x.isFloat, node);
    const places = stretchedPlaces(x.shape, to);
    for (let at = 0; at < data.length; at++) data[at] = x.data[places[at] ?? 0] ?? 0;
    return constant(to, data, x.isFloat, data.length === x.data.length ? x.origin : null);
  },
  ConstantOfShape: (node, [shape]) => {
    if (shape === undefined) return null;
    const value = node.attributes.get('value');
    const filling = value?.kind === 'tensor' ? readTensor(value.value, null) : null;
    const data = room([...shape.data], filling?.isFloat ?? true, node);
    return constant([...shape.data], data.fill(filling?.data[0] ?? 0), filling?.isFloat ?? true);
  },
  Range: (_node, [start, limit, delta]) => {
    const [from, to, step] = [start?.data[0], limit?.data[0], delta?.data[0]];
    if (from === undefined || to === undefined || step === undefined || step === 0) return null;
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (count > mostComputed) return null;
    const values = Array.from({ length: count }, (_, at) => from + at * step);
    return start?.isFloat === true ? constant([count], Float32Array.from(values), true) : intList(values);
  },
  Where: (node, [test, yes, no]) => {
    if (test === undefined || yes === undefined || no === undefined) return null;
    const inner = broadcastShape(yes.shape, no.shape);
    const shape = inner === null ? null : broadcastShape(test.shape, inner);
    if (shape === null) return null;
    const data = room(shape, yes.isFloat, node);
    const [t, y, n] = [test, yes, no].map((part) => stretchedPlaces(part.shape, shape));
    for (let at = 0; at < data.length; at++) {
      data[at] = test.data[t?.[at] ?? 0] === 0 ? (no.data[n?.[at] ?? 0] ?? 0) : (yes.data[y?.[at] ?? 0] ?? 0);
    }
    return constant(shape, data, yes.isFloat);
  },
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b, isFloat) => (isFloat ? a / b : Math.trunc(a / b))),
  Mod: binary((a, b, isFloat) => (isFloat ? a % b : ((a % b) + b) % b)),
  Pow: binary((a, b) => a ** b),
  Min: binary((a, b) => Math.min(a, b)),
  Max: binary((a, b) => Math.max(a, b)),
  Equal: binary((a, b) => Number(a === b), true),
  Greater: binary((a, b) => Number(a > b), true),
  GreaterOrEqual: binary((a, b) => Number(a >= b), true),
  Less: binary((a, b) => Number(a < b), true),
  LessOrEqual: binary((a, b) => Number(a <= b), true),
  And: binary((a, b) => Number(a !== 0 && b !== 0), true),
  Or: binary((a, b) => Number(a !== 0 || b !== 0), true),
  Clip: (node, [x, low, high]) => {
    if (x === undefined) return null;
    const least = low?.data[0] ?? floatOf(node, 'min', -Infinity);
    const most = high?.data[0] ?? floatOf(node, 'max', Infinity);
    return { ...x, data: x.data.map((value) => Math.min(Math.max(value, least), most)) };
  },
  Not: unary((x) => Number(x === 0)),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(Math.round),
  Reciprocal: unary((x) => 1 / x),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Tanh: unary(Math.tanh),
  Relu: unary((x) => Math.max(0, x)),
  ReduceProd: reduction((values) => values.reduce((product, value) => product * value, 1)),
  ReduceSum: reduction((values) => values.reduce((sum, value) => sum + value, 0)),
  ReduceMean: reduction((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  ReduceMax: reduction((values) => values.reduce((most, value) => Math.max(most, value), -Infinity)),
  ReduceMin: reduction((values) => values.reduce((least, value) => Math.min(least, value), Infinity)),
  ReduceL2: reduction((values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))),
  ReduceSumSquare: reduction((values) => values.reduce((sum, value) => sum + value * value, 0)),
  BatchNormalization: batchNormOfConstant,
  InstanceNormalization: batchNormOfConstant,
};
