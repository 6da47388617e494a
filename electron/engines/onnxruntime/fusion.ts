import { updateValues } from '../../../shared/ops/prune';
import type { OpFunction, OpNode } from '../../../shared/ops/graph';

/** A linear op with what follows it: y = relu(linear + bias), emitted as one node in the place of the last. */
export type FusedLinear = {
  /** The conv2d, conv2dInputGrad or matMul. */
  readonly linear: number;
  /** A vector over the channels. */
  readonly bias: number | null;
  readonly relu: boolean;
};

/** What is emitted together. */
export type FusionPlan = {
  /** By the id of the last node of each group. */
  readonly fused: ReadonlyMap<number, FusedLinear>;
  /** Nodes that are emitted as part of a later one. */
  readonly absorbed: ReadonlySet<number>;
  /** Max pools whose gradient is wanted: they must keep the places of their maxima. */
  readonly poolsWithPlaces: ReadonlySet<number>;
};

/**
 * Finds groups that ONNX Runtime has a kernel for. Its own optimizer finds them only where weights are constants, and in a training
 * step they are not.
 */
export function planFusion({ nodes, outputs, updates }: OpFunction): FusionPlan {
  const uses = new Map<number, number>();
  const use = (id: number): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
  nodes.forEach((node) => node.inputs.forEach(use));
  Object.values(outputs).forEach(use);
  updates.flatMap(updateValues).forEach(use);

  const fused = new Map<number, FusedLinear>();
  const absorbed = new Set<number>();
  const poolsWithPlaces = new Set<number>();
  nodes.forEach((node, id) => {
    if (node.op === 'conv2d' || node.op === 'matMul' || (node.op === 'conv2dInputGrad' && node.groups === 1)) {
      if (node.op === 'matMul' && node.shape.length !== 2) return;
      fused.set(id, { linear: id, bias: null, relu: false });
      return;
    }
    const grown =
      node.op === 'add' ? withBias(nodes, node, fused) : node.op === 'relu' ? withRelu(nodes, node, fused) : null;
    if (grown !== null && uses.get(grown.previous) === 1) {
      fused.delete(grown.previous);
      absorbed.add(grown.previous);
      fused.set(id, grown.group);
    }
    if (node.op === 'maxPoolGrad') {
      const [x = -1, y = -1] = node.inputs;
      if (isPoolOf(nodes[y], x, node)) poolsWithPlaces.add(y);
    }
  });
  return { fused, absorbed, poolsWithPlaces };
}

type Growth = { readonly previous: number; readonly group: FusedLinear };
type Groups = ReadonlyMap<number, FusedLinear>;

function withBias(nodes: readonly OpNode[], node: OpNode, fused: Groups): Growth | null {
  const channels = node.shape.at(-1);
  for (const [previous = -1, bias = -1] of [node.inputs, node.inputs.toReversed()]) {
    const group = fused.get(previous);
    const isVector = nodes[bias]?.shape.length === 1 && nodes[bias].shape[0] === channels;
    const sameShape = nodes[previous]?.shape.join() === node.shape.join();
    if (group !== undefined && group.bias === null && !group.relu && isVector && sameShape) {
      return { previous, group: { ...group, bias } };
    }
  }
  return null;
}

function withRelu(nodes: readonly OpNode[], node: OpNode, fused: Groups): Growth | null {
  const [previous = -1] = node.inputs;
  const group = fused.get(previous);
  if (group === undefined || group.relu || nodes[group.linear]?.op === 'conv2dInputGrad') return null;
  return { previous, group: { ...group, relu: true } };
}

/** Whether a node is the max pool that this gradient belongs to. */
export function isPoolOf(
  pool: OpNode | undefined,
  x: number,
  gradient: Extract<OpNode, { op: 'maxPoolGrad' }>,
): boolean {
  if (pool?.op !== 'maxPool' || pool.inputs[0] !== x) return false;
  const attributes = ({ size, strides, pads }: typeof pool | typeof gradient): string =>
    JSON.stringify([size, strides, pads]);
  return attributes(pool) === attributes(gradient);
}
