import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A target has no words for a kind of layer; half a network is not written. */
export function kindNotPrinted(nodeId: string, kind: string, target: string): Diagnostic {
  return {
    code: 'export/kind-not-printed',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” cannot be written for ${target}: it has no form for the kind “${kind}”.`,
      `“${nodeId}”无法导出到 ${target}：该目标没有“${kind}”这种层的写法。`,
    ),
    why: text(
      'An export that leaves a layer out would compute something else. Choose another target, or replace this layer.',
      '漏掉一层的导出会算出不同的结果。请换一个导出目标，或替换这一层。',
    ),
    fixes: [],
  };
}

/** What was printed for a node has no place for some of its weights. */
export function weightsNotPrinted(
  nodeId: string,
  kind: string,
  target: string,
  weights: readonly string[],
): Diagnostic {
  return {
    code: 'export/weights-not-printed',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” (${kind}) cannot be written for ${target} with its weights: ${weights.join(', ')} would be lost.`,
      `“${nodeId}”（${kind}）无法连同权值导出到 ${target}：${weights.join('、')} 会丢失。`,
    ),
    why: text(
      'An exported network without a trained weight computes something else than the network that was trained.',
      '缺少训练所得权值的导出网络，算出的结果与训练过的网络不同。',
    ),
    fixes: [],
  };
}

/** A node uses the weights of another, and a target has one layer for both, which cannot be both. */
export function sharedNotPrinted(
  nodeId: string,
  owner: string,
  target: string,
  differences: readonly string[],
): Diagnostic {
  return {
    code: 'export/shared-not-printed',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” cannot be written for ${target} with the weights of “${owner}”: ${differences.join(', ')} differ.`,
      `“${nodeId}”无法以“${owner}”的权值导出到 ${target}：${differences.join('、')} 不同。`,
    ),
    why: text(
      'Weights are shared there by one layer that is applied several times, so it is the same each time. Make the params equal, or choose ONNX.',
      '在该目标中，共享权值意味着同一层被多次调用，因此每次都相同。请让参数一致，或改用 ONNX。',
    ),
    related: [owner],
    fixes: [],
  };
}
