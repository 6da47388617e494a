import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkDocument } from '../../shared/document';
import { flatNetwork } from '../../shared/document/expand';

/**
 * Floating-point operations of one training step on a batch: two for each multiply-add, as products need them and no more. A layer's
 * multiply-adds are made once forward, once for the gradient of its weights, and once for that of its input where something before it
 * learns: the first conv's 100 multiply-adds are 400 operations a sample, any other's 600. What is done value by value (activations,
 * normalizations, pooling, the optimizer) is left out, so that the share of a roof is of useful products, as in "model FLOPs
 * utilization" (Chowdhery and others, PaLM, arXiv 2204.02311, appendix B).
 */
export function trainingFlops(document: NetworkDocument, batchSize: number): number {
  const { edges } = flatNetwork(document);
  const { nodes, order } = analyzeNetwork(document);
  const learning = new Set<string>();
  let perSample = 0;
  for (const id of order) {
    const node = nodes.get(id);
    const hasTrained = edges.some(({ from, to }) => to === id && learning.has(from));
    const learns = (node?.trainableParams ?? 0) > 0;
    if (hasTrained || learns) learning.add(id);
    perSample += 2 * (node?.macs ?? 0) * (1 + (learns ? 1 : 0) + (hasTrained ? 1 : 0));
  }
  return perSample * batchSize;
}
