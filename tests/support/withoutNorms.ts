import type { NetworkDocument, NetworkNode } from '../../shared/schema/document';

/**
 * A network whose batch norms are bypassed, in its blocks too. On batches of two their gradients are differences of nearly equal numbers, and
 * two exact trainings part at once; how engines agree about batch norms is tried by cases of their own.
 */
export function withoutNorms(document: NetworkDocument): NetworkDocument {
  const bypassed = (nodes: readonly NetworkNode[]): NetworkNode[] =>
    nodes.map((node) => (node.kind === 'batchnorm' ? { ...node, bypass: true } : node));
  const { blocks } = document;
  if (blocks === undefined) return { ...document, nodes: bypassed(document.nodes) };
  const inside = Object.entries(blocks).map(
    ([name, block]) => [name, { ...block, nodes: bypassed(block.nodes) }] as const,
  );
  return { ...document, nodes: bypassed(document.nodes), blocks: Object.fromEntries(inside) };
}
