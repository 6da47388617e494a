import type { OpNode } from '../../../../shared/ops/graph';
import type { FusedLinear } from './fusion';
import { microsoftDomain } from './onnxGraph';
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
  const rank = values.shape(a).length;
  if (rank > 2) {
    values.set(id, 'last', graph.matMul(values.name(a), values.name(b), rank, node.transposeA, node.transposeB));
    return;
  }
  if (group.bias !== null) inputs.push(values.name(group.bias));
  const attributes = { transA: node.transposeA ? 1 : 0, transB: node.transposeB ? 1 : 0 };
  values.set(
    id,
    'last',
    group.relu
      ? graph.node('FusedGemm', inputs, { attributes: { ...attributes, activation: 'Relu' }, domain: microsoftDomain })
      : graph.node('Gemm', inputs, { attributes }),
  );
}
