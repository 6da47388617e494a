import type { OpFunction, OpNode } from '../../../shared/ops/graph';
import { readFunction } from '../../../shared/ops/rewrite';
import type { Reading } from '../../../shared/ops/rewrite';
import { defineRule } from '../../../shared/ops/rules';
import type { Rule } from '../../../shared/ops/rules';

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

/** What a node does to the plan: groups that grow, or a pool that must keep its places. */
type Finding =
  | { readonly kind: 'group'; readonly previous: number | null; readonly group: FusedLinear }
  | { readonly kind: 'pool'; readonly pool: number };

/**
 * Finds groups that ONNX Runtime has a kernel for. Its own optimizer finds them only where weights are constants, and in a training
 * step they are not.
 */
export function planFusion(definition: OpFunction): FusionPlan {
  const fused = new Map<number, FusedLinear>();
  const absorbed = new Set<number>();
  const poolsWithPlaces = new Set<number>();
  readFunction(definition, fusionRules(fused), (id, finding) => {
    if (finding.kind === 'pool') {
      poolsWithPlaces.add(finding.pool);
      return;
    }
    if (finding.previous !== null) {
      fused.delete(finding.previous);
      absorbed.add(finding.previous);
    }
    fused.set(id, finding.group);
  });
  return { fused, absorbed, poolsWithPlaces };
}

type Groups = ReadonlyMap<number, FusedLinear>;

/** The table, over the groups found so far: each grows by nodes that alone read it. */
function fusionRules(groups: Groups): readonly Rule<Reading, Finding>[] {
  const start = (id: number): Finding => ({
    kind: 'group',
    previous: null,
    group: { linear: id, bias: null, relu: false },
  });
  return [
    defineRule('linear', ['conv2d', 'conv2dInputGrad', 'matMul'], (node, { id }: Reading) => {
      const hasKernel = node.op === 'matMul' ? node.shape.length === 2 : node.op === 'conv2d' || node.groups === 1;
      return hasKernel ? start(id) : null;
    }),
    defineRule('linear-bias', ['add'], (node, { nodes, uses }: Reading): Finding | null => {
      for (const [previous = -1, bias = -1] of [node.inputs, node.inputs.toReversed()]) {
        const group = groups.get(previous);
        const isVector = nodes[bias]?.shape.length === 1 && nodes[bias].shape[0] === node.shape.at(-1);
        const sameShape = nodes[previous]?.shape.join() === node.shape.join();
        if (group !== undefined && group.bias === null && !group.relu && isVector && sameShape) {
          return uses(previous).length === 1 ? { kind: 'group', previous, group: { ...group, bias } } : null;
        }
      }
      return null;
    }),
    defineRule('linear-relu', ['relu'], (node, { nodes, uses }: Reading): Finding | null => {
      const [previous = -1] = node.inputs;
      const group = groups.get(previous);
      if (group === undefined || group.relu || nodes[group.linear]?.op === 'conv2dInputGrad') return null;
      return uses(previous).length === 1 ? { kind: 'group', previous, group: { ...group, relu: true } } : null;
    }),
    defineRule('pool-places', ['maxPoolGrad'], (node, { nodes }: Reading): Finding | null => {
      const [x = -1, y = -1] = node.inputs;
      return isPoolOf(nodes[y], x, node) ? { kind: 'pool', pool: y } : null;
    }),
  ];
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
