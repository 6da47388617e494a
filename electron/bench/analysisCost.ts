import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../../shared/document';
import { findLayer } from '../../shared/layers';
import { hasParam } from '../../shared/layers/traits';
import type { AnalysisCost } from './report';
import { median, quartilesOf } from './statistics';

const repeats = 15;

/** Times the analysis of each document, and of a chain of 1,000 nodes. The edit sets the filters of the middle one that has any. */
export function measureAnalysis(
  documents: readonly { readonly id: string; readonly document: NetworkDocument }[],
): readonly AnalysisCost[] {
  return [{ id: 'chain-1000', document: convChain(1000) }, ...documents].map(({ id, document }) => {
    const cold = repeated(() => analyzeNetwork(document));
    const edited = editTimes(document);
    return {
      id,
      nodeCount: document.nodes.length,
      coldMs: median(cold),
      coldQuartilesMs: quartilesOf(cold),
      editMs: median(edited),
      editQuartilesMs: quartilesOf(edited),
    };
  });
}

function repeated(work: () => unknown): readonly number[] {
  return Array.from({ length: repeats }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
}

function editTimes(document: NetworkDocument): readonly number[] {
  const convs = document.nodes.filter(({ kind }) => hasParam(findLayer(kind), 'filters'));
  const target = convs[Math.floor(convs.length / 2)];
  let analysis = analyzeNetwork(document);
  return Array.from({ length: repeats }, (_, round) => {
    const nodes = document.nodes.map((node) =>
      node === target ? { ...node, params: { ...node.params, filters: 8 + round } } : node,
    );
    const edited = { ...document, nodes };
    const begin = performance.now();
    analysis = analyzeNetwork(edited, analysis);
    return performance.now() - begin;
  });
}

/** A chain of alternating 3x3 convs and relus, as long as is wanted. */
export function convChain(length: number): NetworkDocument {
  const nodes: NetworkNode[] = [{ id: 'n0', kind: 'input', params: { shape: [64, 64, 8] } }];
  const edges: NetworkEdge[] = [];
  for (let index = 1; index < length; index++) {
    const params: NetworkNode['params'] =
      index % 2 === 1 ? { filters: 8, kernelSize: 3, padding: 'same' } : { function: 'relu' };
    nodes.push({ id: `n${index}`, kind: index % 2 === 1 ? 'conv' : 'activation', params });
    edges.push({ from: `n${index - 1}`, to: `n${index}` });
  }
  return { format: 'convloom.network', version: 1, name: 'chain', nodes, edges };
}
