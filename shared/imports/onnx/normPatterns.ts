import { intOf, numbersOf, type OnnxAttribute, type OnnxNode } from './model';
import type { Graph, Match, Matcher } from './patterns';

/** The domain of operators that stand for several and that ONNX has not: `Normalize`, `RmsNormalize`, `ResponseNormalize`. */
export const foundDomain = 'found';

function isSquare(node: OnnxNode, graph: Graph): boolean {
  const [a, b = ''] = node.inputs;
  return (node.op === 'Pow' && graph.scalar(b) === 2) || (node.op === 'Mul' && a === b);
}

/** (x - mean) / sqrt(variance + epsilon) over some axes: layer and instance normalization without their scale. */
const normalization: Matcher = (node, graph) => {
  if (node.op !== 'Div') return null;
  const [above = '', below = ''] = node.inputs;
  const difference = graph.producer(above);
  const root = graph.producer(below);
  if (difference?.op !== 'Sub' || root?.op !== 'Sqrt') return null;
  const sum = graph.producer(root.inputs[0] ?? '');
  const mean = graph.producer(difference.inputs[1] ?? '');
  const [x = ''] = difference.inputs;
  if (sum?.op !== 'Add' || mean?.op !== 'ReduceMean' || mean.inputs[0] !== x) return null;
  const epsilon = graph.scalar(sum.inputs[1] ?? '') ?? graph.scalar(sum.inputs[0] ?? '');
  const variance = sum.inputs.map((input) => graph.producer(input)).find((one) => one?.op === 'ReduceMean');
  const square = graph.producer(variance?.inputs[0] ?? '');
  const axes = reducedAxes(mean, graph);
  if (epsilon === null || variance === undefined || square === undefined || axes === null) return null;
  const base = graph.producer(square.inputs[0] ?? '');
  if (!isSquare(square, graph) || base?.op !== 'Sub' || base.inputs[0] !== x) return null;
  const attributes = normAttributes(axes, epsilon);
  const parts = [...new Set([difference, root, sum, mean, variance, square, base])];
  return { op: 'Normalize', domain: foundDomain, input: x, attributes, parts };
};

function reducedAxes(node: OnnxNode, graph: Graph): readonly number[] | null {
  if (intOf(node, 'keepdims', 1) !== 1) return null;
  const listed = numbersOf(node, 'axes');
  if (listed !== null) return listed;
  return graph.numbers(node.inputs[1] ?? '');
}

/** `value + number`, either way round: both of them; twice where both are numbers. */
export function numberSums(
  node: OnnxNode | undefined,
  graph: Graph,
): readonly { readonly value: string; readonly number: number }[] {
  if (node?.op !== 'Add') return [];
  const [a = '', b = ''] = node.inputs;
  const [left, right] = [graph.scalar(a), graph.scalar(b)];
  return [
    ...(right === null ? [] : [{ value: a, number: right }]),
    ...(left === null ? [] : [{ value: b, number: left }]),
  ];
}

function normAttributes(axes: readonly number[], epsilon: number): { readonly [name: string]: OnnxAttribute } {
  return { axes: { kind: 'ints', value: axes }, epsilon: { kind: 'float', value: epsilon } };
}

/** `x / root`, or x times what 1 is divided by the root: x, the root, and what lies between. */
function dividedByRoot(node: OnnxNode, graph: Graph): readonly (readonly [string, OnnxNode, readonly OnnxNode[]])[] {
  const [a = '', b = ''] = node.inputs;
  const rooted = (x: string, below: string, between: readonly OnnxNode[]) => {
    const root = graph.producer(below);
    return root?.op === 'Sqrt' ? [[x, root, between] as const] : [];
  };
  if (node.op === 'Div') return rooted(a, b, []);
  if (node.op !== 'Mul') return [];
  return [
    [a, b],
    [b, a],
  ].flatMap(([x = '', inverse = '']) => {
    const made = graph.producer(inverse);
    if (made?.op === 'Reciprocal') return rooted(x, made.inputs[0] ?? '', [made]);
    const isInverse = made?.op === 'Div' && graph.scalar(made.inputs[0] ?? '') === 1;
    return isInverse ? rooted(x, made.inputs[1] ?? '', [made]) : [];
  });
}

/** x / sqrt(mean of x² + epsilon): RMS normalization without its scale. */
const rmsNormalization: Matcher = (node, graph) => {
  for (const [x, root, between] of dividedByRoot(node, graph)) {
    const sum = graph.producer(root.inputs[0] ?? '');
    const [padded] = numberSums(sum, graph);
    const mean = graph.producer(padded?.value ?? '');
    const square = graph.producer(mean?.inputs[0] ?? '');
    if (sum === undefined || padded === undefined || mean?.op !== 'ReduceMean' || square === undefined) continue;
    const axes = reducedAxes(mean, graph);
    if (axes === null || !isSquare(square, graph) || square.inputs[0] !== x) continue;
    const attributes = normAttributes(axes, padded.number);
    return {
      op: 'RmsNormalize',
      domain: foundDomain,
      input: x,
      attributes,
      parts: [...between, root, sum, mean, square],
    };
  }
  return null;
};

/** What is added up, or multiplied, by nested operators of one kind. */
type Terms = { readonly leaves: readonly string[]; readonly parts: readonly OnnxNode[] };

function termsOf(node: OnnxNode, graph: Graph): Terms {
  let all: Terms = { leaves: [], parts: [] };
  for (const input of node.inputs) {
    const made = graph.producer(input);
    // PyTorch's addcmul writes out that it multiplies by 1.
    if (node.op === 'Mul' && graph.scalar(input) === 1) continue;
    if (made?.op !== node.op || graph.useCount(input) !== 1) {
      all = { ...all, leaves: [...all.leaves, input] };
      continue;
    }
    const inner = termsOf(made, graph);
    all = { leaves: [...all.leaves, ...inner.leaves], parts: [...all.parts, made, ...inner.parts] };
  }
  return all;
}

/** What of three leaves is a constant, and the two others; null where that is not so. */
function oneConstant(
  leaves: readonly string[],
  graph: Graph,
): { readonly constant: string; readonly others: readonly string[] } | null {
  const [constant, second] = leaves.filter((leaf) => graph.isConstant(leaf));
  if (leaves.length !== 3 || constant === undefined || second !== undefined) return null;
  return { constant, others: leaves.filter((leaf) => leaf !== constant) };
}

/** ‖x‖ over positions / (its mean over channels + epsilon). */
function shareOfStrength(
  share: OnnxNode | undefined,
  x: string,
  graph: Graph,
): { readonly axes: readonly number[]; readonly epsilon: number; readonly parts: readonly OnnxNode[] } | null {
  if (share?.op !== 'Div') return null;
  const [above = '', below = ''] = share.inputs;
  const strength = graph.producer(above);
  const sum = graph.producer(below);
  const [padded] = numberSums(sum, graph);
  const mean = graph.producer(padded?.value ?? '');
  if (strength?.op !== 'ReduceL2' || strength.inputs[0] !== x || sum === undefined || padded === undefined) return null;
  if (mean?.op !== 'ReduceMean' || mean.inputs[0] !== above) return null;
  const axes = reducedAxes(mean, graph);
  const positions = reducedAxes(strength, graph);
  return axes?.length === 1 && positions?.length === 2
    ? { axes, epsilon: padded.number, parts: [share, strength, sum, mean] }
    : null;
}

/** x + γ·x·share + β: ConvNeXt V2's global response normalization. */
const responseNormalization: Matcher = (node, graph) => {
  if (node.op !== 'Add') return null;
  const sum = termsOf(node, graph);
  const shift = oneConstant(sum.leaves, graph);
  if (shift === null) return null;
  for (const [x = '', product = ''] of [shift.others, [...shift.others].reverse()]) {
    const scaled = graph.producer(product);
    if (scaled?.op !== 'Mul') continue;
    const factors = termsOf(scaled, graph);
    const scale = oneConstant(factors.leaves, graph);
    const other = scale?.others.find((leaf) => leaf !== x);
    const found = scale?.others.includes(x) === true ? shareOfStrength(graph.producer(other ?? ''), x, graph) : null;
    if (scale === null || found === null) continue;
    return responseMatch(x, [scale.constant, shift.constant], found, [...sum.parts, scaled, ...factors.parts]);
  }
  return null;
};

function responseMatch(
  input: string,
  constants: readonly string[],
  { axes, epsilon, parts }: NonNullable<ReturnType<typeof shareOfStrength>>,
  outer: readonly OnnxNode[],
): Match {
  const attributes = normAttributes(axes, epsilon);
  return { op: 'ResponseNormalize', domain: foundDomain, input, constants, attributes, parts: [...outer, ...parts] };
}

/** Norms that exporters write out. */
export const normMatchers: readonly Matcher[] = [normalization, rmsNormalization, responseNormalization];
