import { text, type Text } from '../../text';
import type { Diagnostic, Fix, Place } from '../diagnostic';

/** A node that uses another's weights, and the place in the file that says so. */
type Sharer = Place & { readonly nodeId: string };

/** A node is to use the weights of one that the network does not have, or that is bypassed. */
export function weightsOfNothing(at: Sharer, owner: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'graph/weights-of-nothing',
    severity: 'error',
    at,
    summary: text(
      `“${at.nodeId}” uses the weights of “${owner}”, which the network does not compute.`,
      `“${at.nodeId}”要使用“${owner}”的权值，而网络中没有这个节点参与计算。`,
    ),
    why: text(
      'Within a block, ids are those of the block; from outside, a node of a block has a path, as in “stage/conv”, or “stage/1/conv” where the block repeats.',
      '在块内，id 指块内的节点；在块外，块内节点写作路径，如“stage/conv”，块有重复时写作“stage/1/conv”。',
    ),
    fixes,
  };
}

/** Nodes that use each other's weights, so that nobody owns them. */
export function weightsOfCircle(at: Sharer, circle: readonly string[], fixes: readonly Fix[]): Diagnostic {
  const [first = ''] = circle;
  const way = [...circle, first].map((id) => `“${id}”`).join(' → ');
  return {
    code: 'graph/weights-of-circle',
    severity: 'error',
    at,
    summary: text(`Nobody owns the weights of “${at.nodeId}”: ${way}.`, `“${at.nodeId}”的权值没有归属：${way}。`),
    why: text(
      'Each uses the weights of the next, so one of them has to have its own.',
      '每个节点都使用下一个节点的权值，因此其中至少一个要有自己的权值。',
    ),
    related: circle,
    fixes,
  };
}

/** A layer is to use the weights of one of another kind. */
export function weightsOfOtherKind(
  at: Sharer,
  owner: string,
  [own, theirs]: readonly [own: Text, theirs: Text],
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'graph/weights-of-other-kind',
    severity: 'error',
    at,
    summary: text(
      `“${at.nodeId}” is ${own.en} and cannot use the weights of “${owner}”, which is ${theirs.en}.`,
      `“${at.nodeId}”是${own.zh}，不能使用${theirs.zh}“${owner}”的权值。`,
    ),
    why: text(
      'Weights are shared between layers of one kind, which compute with them in the same way.',
      '只有同一种层以相同方式使用权值，才能共享。',
    ),
    related: [owner],
    fixes,
  };
}

/** A layer needs weights of other shapes than those that it is to use, or ones that learn where those do not. */
export function weightsOfOtherShape(
  at: Sharer,
  owner: string,
  [own, theirs]: readonly [own: Text, theirs: Text],
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'graph/weights-of-other-shape',
    severity: 'error',
    at,
    summary: text(
      `“${at.nodeId}” cannot use the weights of “${owner}”, which are others than it needs.`,
      `“${at.nodeId}”不能使用“${owner}”的权值：与它所需的不同。`,
    ),
    why: text(`Needed: ${own.en}. “${owner}” has: ${theirs.en}.`, `需要：${own.zh}。“${owner}”的权值：${theirs.zh}。`),
    related: [owner],
    fixes,
  };
}
