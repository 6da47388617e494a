import type { OpNode } from '../../../shared/ops/graph';
import type { FusedLinear } from './fusion';
import type { Values } from './values';

export function emitMatMul(
  values: Values,
  id: number,
  group: FusedLinear,
  node: Extract<OpNode, { op: 'matMul' }>,
): void {
  const [a = -1, b = -1] = node.inputs;
  const { graph } = values;
  const inputs = [values.name(a), values.name(b)];
  const ranks = [values.shape(a).length, values.shape(b).length] as const;
  if (ranks[0] > 2) {
    values.set(id, 'last', graph.matMul(values.name(a), values.name(b), ranks, node.transposeA, node.transposeB));
    return;
  }
  if (group.bias !== null) inputs.push(values.name(group.bias));
  const attributes = { transA: node.transposeA ? 1 : 0, transB: node.transposeB ? 1 : 0 };
  values.set(id, 'last', graph.gemm(inputs, attributes, group.relu));
}
