import { elementCount } from '../../ops/tensor';
import { floatOf, type OnnxAttribute, type OnnxModel, type OnnxNode, type OnnxTensor } from './model';
import { normMatchers, numberSums } from './normPatterns';
import { readTensor } from './tensors';

/*
 * Functions that exporters write out in primitive operators, found again and put back as one operator each. What is not found is carried
 * over primitive by primitive, with the same values.
 */

/** An operator, and the others that it stands for. */
export type FoundNode = OnnxNode & { readonly parts: readonly OnnxNode[] };

/** What matchers ask of a graph. */
export type Graph = {
  readonly producer: (value: string) => OnnxNode | undefined;
  readonly useCount: (value: string) => number;
  /** Whether a value is in the file, as it is or in another shape. */
  readonly isConstant: (value: string) => boolean;
  /** The numbers of a small constant, as axes are; null for what is none. */
  readonly numbers: (value: string) => readonly number[] | null;
  /** The one number of a constant; null for one with several, and for what is no constant. */
  readonly scalar: (value: string) => number | null;
};

/** No constant with more numbers than this is a list of axes. */
const mostNumbers = 8;

/** Looks up who makes and who takes each value. */
export function graphOf(model: Pick<OnnxModel, 'nodes' | 'initializers' | 'outputs'>): Graph {
  const producers = new Map(model.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const tensors = new Map<string, OnnxTensor>(model.initializers.map((tensor) => [tensor.name, tensor]));
  const counts = new Map<string, number>();
  const names = [...model.nodes.flatMap(({ inputs }) => inputs), ...model.outputs.map(({ name }) => name)];
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const tensorOf = (value: string): OnnxTensor | undefined => {
    const known = tensors.get(value);
    if (known !== undefined) return known;
    const made = producers.get(value);
    if (made?.op === 'Identity' && made.inputs[0] !== undefined) return tensors.get(made.inputs[0]);
    const attribute = made?.op === 'Constant' ? made.attributes.get('value') : undefined;
    return attribute?.kind === 'tensor' ? attribute.value : undefined;
  };
  return {
    producer: (value) => producers.get(value),
    useCount: (value) => counts.get(value) ?? 0,
    isConstant: (value) => {
      const made = producers.get(value);
      const isReshaped = made?.op === 'Reshape' || made?.op === 'Unsqueeze';
      return tensorOf(isReshaped ? (made.inputs[0] ?? '') : value) !== undefined;
    },
    numbers: (value) => {
      const tensor = tensorOf(value);
      return tensor === undefined || elementCount(tensor.shape) > mostNumbers
        ? null
        : [...readTensor(tensor, null).data];
    },
    scalar: (value) => {
      const made = producers.get(value);
      const plain = made?.op === 'Constant' ? made.attributes.get('value_float') : undefined;
      if (plain?.kind === 'float') return plain.value;
      const tensor = tensorOf(value);
      return tensor === undefined || elementCount(tensor.shape) !== 1
        ? null
        : (readTensor(tensor, null).data[0] ?? null);
    },
  };
}

/** The operators of a model with functions put back in one piece each, in the order of the file. */
export function findPatterns(model: Pick<OnnxModel, 'nodes' | 'initializers' | 'outputs'>): readonly FoundNode[] {
  const graph = graphOf(model);
  const gone = new Set<OnnxNode>();
  const found = new Map<OnnxNode, FoundNode>();
  // From the end, so that the whole of a product is seen before its parts.
  for (const node of [...model.nodes].reverse()) {
    if (gone.has(node) || node.domain !== '') continue;
    const match = matchers.map((matcher) => matcher(node, graph)).find((one) => one !== null);
    if (match == null) continue;
    const parts = withoutOutsideUses(match.parts, node, graph);
    for (const part of parts) gone.add(part);
    const attributes = new Map<string, OnnxAttribute>(Object.entries(match.attributes ?? {}));
    const { domain = '' } = match;
    found.set(node, {
      ...node,
      op: match.op,
      domain,
      inputs: [match.input, ...(match.constants ?? [])],
      attributes,
      parts,
    });
  }
  return model.nodes.flatMap((node) => (gone.has(node) ? [] : [found.get(node) ?? { ...node, parts: [] }]));
}

/** Those parts of which nothing else needs what they give. */
function withoutOutsideUses(parts: readonly OnnxNode[], root: OnnxNode, graph: Graph): readonly OnnxNode[] {
  const inside = new Set([root, ...parts]);
  let kept = parts;
  for (let before = -1; before !== kept.length;) {
    before = kept.length;
    kept = kept.filter((part) => {
      const uses = [...inside].reduce(
        (count, node) => count + node.inputs.filter((input) => part.outputs.includes(input)).length,
        0,
      );
      const isInside = part.outputs.reduce((count, output) => count + graph.useCount(output), 0) === uses;
      if (!isInside) inside.delete(part);
      return isInside;
    });
  }
  return kept;
}

/** What stands for several operators. */
export type Match = {
  readonly op: string;
  readonly domain?: string;
  readonly input: string;
  /** Constants that it takes besides. */
  readonly constants?: readonly string[];
  readonly attributes?: { readonly [name: string]: OnnxAttribute };
  readonly parts: readonly OnnxNode[];
};
/** Finds what an operator is the last part of. */
export type Matcher = (node: OnnxNode, graph: Graph) => Match | null;

function isNear(a: number | null, b: number): boolean {
  return a !== null && Math.abs(a - b) <= 1e-4 * Math.abs(b);
}

/** A product: what is not a number in it, and all numbers multiplied. */
type Product = { readonly leaves: readonly string[]; readonly factor: number; readonly parts: readonly OnnxNode[] };

const mostDepth = 5;

function productOf(node: OnnxNode, graph: Graph, depth = 0): Product {
  let product: Product = { leaves: [], factor: 1, parts: [] };
  for (const [at, input] of node.inputs.entries()) {
    const number = graph.scalar(input);
    const made = graph.producer(input);
    if (number !== null) {
      product = { ...product, factor: product.factor * (node.op === 'Div' ? 1 / number : number) };
    } else if (
      made !== undefined &&
      isProduct(made, graph) &&
      graph.useCount(input) === 1 &&
      depth < mostDepth &&
      (at === 0 || node.op === 'Mul')
    ) {
      const inner = productOf(made, graph, depth + 1);
      product = {
        leaves: [...product.leaves, ...inner.leaves],
        factor: product.factor * inner.factor,
        parts: [...product.parts, made, ...inner.parts],
      };
    } else {
      product = { ...product, leaves: [...product.leaves, input] };
    }
  }
  return product;
}

function isProduct(node: OnnxNode, graph: Graph): boolean {
  return node.op === 'Mul' || (node.op === 'Div' && graph.scalar(node.inputs[1] ?? '') !== null);
}

/** `x + number`, either way round; gives x. */
function addedTo(node: OnnxNode | undefined, number: number, graph: Graph): string | null {
  return numberSums(node, graph).find((sum) => isNear(sum.number, number))?.value ?? null;
}

/** min(max(x, 0), 6) */
function clippedToSix(node: OnnxNode | undefined, graph: Graph): string | null {
  if (node?.op !== 'Clip') return null;
  const [x = '', low, high] = node.inputs;
  const least = low === undefined ? floatOf(node, 'min', NaN) : graph.scalar(low);
  const most = high === undefined ? floatOf(node, 'max', NaN) : graph.scalar(high);
  return least === 0 && most === 6 ? x : null;
}

/** x times a function of x: SiLU, hard swish, mish, GELU. */
const gatedByItself: Matcher = (node, graph) => {
  if (!isProduct(node, graph)) return null;
  const { leaves, factor, parts } = productOf(node, graph);
  if (leaves.length !== 2) return null;
  for (const [x = '', other = ''] of [leaves, [...leaves].reverse()]) {
    const made = graph.producer(other);
    if (made === undefined) continue;
    const all = [...parts, made];
    if (factor === 1 && made.op === 'Sigmoid' && made.inputs[0] === x) return { op: 'Swish', input: x, parts: all };
    if (factor === 1 && isMobileHardSigmoid(made) && made.inputs[0] === x)
      return { op: 'HardSwish', input: x, parts: all };
    const inner = graph.producer(made.inputs[0] ?? '');
    if (factor === 1 && made.op === 'Tanh' && inner?.op === 'Softplus' && inner.inputs[0] === x) {
      return { op: 'Mish', input: x, parts: [...all, inner] };
    }
    const shifted = clippedToSix(made, graph);
    const sum = shifted === null ? undefined : graph.producer(shifted);
    if (sum !== undefined && isNear(factor, 1 / 6) && addedTo(sum, 3, graph) === x) {
      return { op: 'HardSwish', input: x, parts: [...all, sum] };
    }
    const erf = graph.producer(addedTo(made, 1, graph) ?? '');
    const scaled = erf?.op === 'Erf' ? graph.producer(erf.inputs[0] ?? '') : undefined;
    if (erf !== undefined && scaled !== undefined && isProduct(scaled, graph) && isNear(factor, 0.5)) {
      const within = productOf(scaled, graph, mostDepth);
      if (within.leaves.length === 1 && within.leaves[0] === x && isNear(within.factor, Math.SQRT1_2)) {
        return { op: 'Gelu', input: x, parts: [...all, erf, scaled] };
      }
    }
  }
  return null;
};

/** PyTorch's hard sigmoid, which is MobileNetV3's. */
function isMobileHardSigmoid(node: OnnxNode): boolean {
  return (
    node.op === 'HardSigmoid' && isNear(floatOf(node, 'alpha', 0.2), 1 / 6) && isNear(floatOf(node, 'beta', 0.5), 0.5)
  );
}

/** min(max(x + 3, 0), 6) / 6 */
const hardSigmoid: Matcher = (node, graph) => {
  if (!isProduct(node, graph)) return null;
  const { leaves, factor, parts } = productOf(node, graph);
  const clip = graph.producer(leaves[0] ?? '');
  const shifted = clippedToSix(clip, graph);
  const sum = shifted === null ? undefined : graph.producer(shifted);
  const input = addedTo(sum, 3, graph);
  if (leaves.length !== 1 || !isNear(factor, 1 / 6) || clip === undefined || sum === undefined || input === null)
    return null;
  const attributes = { alpha: { kind: 'float', value: 1 / 6 }, beta: { kind: 'float', value: 0.5 } } as const;
  return { op: 'HardSigmoid', input, attributes, parts: [...parts, clip, sum] };
};

/** ln(1 + e^x) */
const softplus: Matcher = (node, graph) => {
  if (node.op !== 'Log') return null;
  const sum = graph.producer(node.inputs[0] ?? '');
  const power = graph.producer(addedTo(sum, 1, graph) ?? '');
  if (sum === undefined || power?.op !== 'Exp') return null;
  return { op: 'Softplus', input: power.inputs[0] ?? '', parts: [sum, power] };
};

const matchers: readonly Matcher[] = [gatedByItself, hardSigmoid, softplus, ...normMatchers];
