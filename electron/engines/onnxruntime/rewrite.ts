import { mapUpdateValues, pruneFunction, updateValues } from '../../../shared/ops/prune';
import type { OpFunction, OpNode } from '../../../shared/ops/graph';

type MaxPool = Extract<OpNode, { op: 'maxPool' }>;
type MaxPoolGradient = Extract<OpNode, { op: 'maxPoolGrad' }>;

/** A relu with its max pool and their gradients: `y = maxPool(relu(x))`, `gradient = maxPoolGrad(relu(x), y, dy) * step(relu(x))`. */
type PooledRelu = {
  readonly relu: number;
  readonly x: number;
  readonly pool: number;
  readonly poolNode: MaxPool;
  readonly poolGradient: MaxPoolGradient;
  /** The product with the step. */
  readonly gradient: number;
};

/**
 * Equal functions that cost less:
 * - relu before max pool becomes relu after it, with its gradient: both orders give the same numbers, also where values are equal (a
 *   window without a positive value passes no gradient either way), and after the pool there is a quarter of the values or less;
 * - the sum over images of a max pool's gradient is the sum of what came into it, because each gradient goes to one pixel.
 */
export function rewriteFunction(definition: OpFunction): OpFunction {
  return pruneFunction(sumBeforePoolGradient(poolBeforeRelu(definition)));
}

function usesOf({ nodes, outputs, updates }: OpFunction): ReadonlyMap<number, readonly number[]> {
  const uses = new Map<number, number[]>();
  const use = (id: number, user: number): void => {
    uses.set(id, [...(uses.get(id) ?? []), user]);
  };
  nodes.forEach((node, user) => node.inputs.forEach((id) => use(id, user)));
  for (const id of [...Object.values(outputs), ...updates.flatMap(updateValues)]) use(id, -1);
  return uses;
}

function findPooledRelus(definition: OpFunction): readonly PooledRelu[] {
  const uses = usesOf(definition);
  const { nodes } = definition;
  const users = (id: number): readonly number[] => uses.get(id) ?? [];
  return nodes.flatMap((node, relu): PooledRelu[] => {
    if (node.op !== 'relu') return [];
    const find = (op: OpNode['op'], among: readonly number[]): number => among.find((id) => nodes[id]?.op === op) ?? -1;
    const pool = find('maxPool', users(relu));
    const poolGradient = find('maxPoolGrad', users(relu));
    const step = find('step', users(relu));
    const [gradient = -1] = users(step);
    const isAlone = new Set(users(relu)).size === 3 && users(step).length === 1 && users(poolGradient).length === 1;
    const product = nodes[gradient];
    const isProduct = product?.op === 'mul' && product.inputs.includes(poolGradient);
    const poolNode = nodes[pool];
    const gradientNode = nodes[poolGradient];
    if (!isAlone || !isProduct || poolNode?.op !== 'maxPool' || gradientNode?.op !== 'maxPoolGrad') return [];
    const isTheirs = gradientNode.inputs[0] === relu && gradientNode.inputs[1] === pool;
    return isTheirs ? [{ relu, x: node.inputs[0] ?? -1, pool, poolNode, poolGradient: gradientNode, gradient }] : [];
  });
}

/** Builds the nodes anew, in order; `places` tells where each old one went. */
function poolBeforeRelu(definition: OpFunction): OpFunction {
  const found = findPooledRelus(definition);
  if (found.length === 0) return definition;
  const byPool = new Map(found.map((group) => [group.pool, group]));
  const byGradient = new Map(found.map((group) => [group.gradient, group]));
  const nodes: OpNode[] = [];
  const places: number[] = [];
  const rawPools = new Map<number, number>();
  const place = (id: number): number => places[id] ?? -1;
  const push = (node: OpNode): number => nodes.push(node) - 1;

  definition.nodes.forEach((node, id) => {
    const pooled = byPool.get(id);
    const backward = byGradient.get(id);
    if (pooled !== undefined) {
      const raw = push({ ...pooled.poolNode, inputs: [place(pooled.x)] });
      rawPools.set(pooled.pool, raw);
      places[id] = push({ op: 'relu', inputs: [raw], shape: node.shape, dtype: node.dtype });
    } else if (backward !== undefined) {
      const { shape, dtype } = backward.poolNode;
      const [, , dy = -1] = backward.poolGradient.inputs;
      const step = push({ op: 'step', inputs: [place(backward.pool)], shape, dtype });
      const product = push({ op: 'mul', inputs: [place(dy), step], shape, dtype });
      const inputs = [place(backward.x), rawPools.get(backward.pool) ?? -1, product];
      places[id] = push({ ...backward.poolGradient, inputs });
    } else {
      places[id] = push({ ...node, inputs: node.inputs.map(place) });
    }
  });
  return withPlaces(definition, nodes, place);
}

function withPlaces(definition: OpFunction, nodes: readonly OpNode[], place: (id: number) => number): OpFunction {
  return {
    inputs: definition.inputs,
    nodes,
    outputs: Object.fromEntries(
      Object.entries(definition.outputs).map(([name, id]): [string, number] => [name, place(id)]),
    ),
    updates: definition.updates.map((update) => mapUpdateValues(update, place)),
  };
}

function sumBeforePoolGradient(definition: OpFunction): OpFunction {
  const nodes = definition.nodes.map((node): OpNode => {
    if (node.op !== 'reduceSum' || !node.axes.includes(1) || !node.axes.includes(2) || node.keepDims) return node;
    const source = definition.nodes[node.inputs[0] ?? -1];
    return source?.op === 'maxPoolGrad' ? { ...node, inputs: source.inputs.slice(2) } : node;
  });
  return { ...definition, nodes };
}
