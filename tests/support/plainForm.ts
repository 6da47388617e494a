import { analyzeNetwork } from '../../shared/analysis/analyze';
import { flatNetwork } from '../../shared/document/expand';
import type { NetworkDocument } from '../../shared/schema/document';

/**
 * Every layer with its params, its shape and the layers that it reads, whatever nodes are called and in which order they stand: a node
 * is told by all that leads to it.
 */
export function layerLines(document: NetworkDocument): readonly string[] {
  const { edges } = flatNetwork(document);
  const { order, nodes } = analyzeNetwork(document);
  const told = new Map<string, string>();
  for (const id of order) {
    const { kind, params, outputShape } = nodes.get(id)!;
    const from = edges
      .filter(({ to }) => to === id)
      .toSorted((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0))
      .map((edge) => told.get(edge.from) ?? '');
    told.set(id, `${kind} ${JSON.stringify(params)} [${(outputShape ?? []).join(', ')}] <- (${from.join('; ')})`);
  }
  return [...told.values()].toSorted();
}
