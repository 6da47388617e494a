import type { FloatTensor, FloatTensors } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { readWhenAsked } from '../arranged';

/** A network in which each attention has the product behind it, and which nodes went into others. */
type Joined = {
  readonly document: NetworkDocument;
  readonly weights: FloatTensors;
  readonly moved: ReadonlyMap<string, string>;
};

/**
 * An attention ends with a product, which a file has behind it: a convolution of 1×1 that nothing else stands before. `attentions` are
 * the nodes that wait for theirs. One whose product is not found keeps the one that changes nothing.
 */
export function joinProjections(
  document: NetworkDocument,
  weights: FloatTensors,
  attentions: readonly string[],
): Joined {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const moved = new Map<string, string>();
  const own = new Map(Object.entries(weights));
  for (const id of attentions) {
    const attention = nodes.get(id);
    const behind = document.edges.filter(({ from }) => from === id);
    const [edge] = behind;
    const product = edge === undefined ? undefined : nodes.get(edge.to);
    const kernel = own.get(`${product?.id ?? ''}/kernel`);
    if (attention === undefined || product === undefined || kernel === undefined || behind.length !== 1) continue;
    const wanted = own.get(`${id}/outputKernel`)?.shape ?? [];
    if (!isProduct(product) || kernel.shape.slice(2).join() !== wanted.join()) continue;
    const bias = own.get(`${product.id}/bias`);
    own.set(`${id}/outputKernel`, reshaped(kernel));
    own.delete(`${product.id}/kernel`);
    own.delete(`${product.id}/bias`);
    if (bias !== undefined) own.set(`${id}/outputBias`, bias);
    const { outputBias: _, ...params } = attention.params;
    nodes.set(id, bias === undefined ? attention : { ...attention, params });
    nodes.delete(product.id);
    moved.set(product.id, id);
  }
  if (moved.size === 0) return { document, weights, moved };
  const edges = document.edges.flatMap((edge) => {
    if (moved.has(edge.to)) return [];
    const from = moved.get(edge.from);
    return [from === undefined ? edge : { ...edge, from }];
  });
  const kept = document.nodes.flatMap(({ id }) => nodes.get(id) ?? []);
  return { document: { ...document, nodes: kept, edges }, weights: Object.fromEntries(own), moved };
}

/** A convolution that is a product at every position, and nothing more. */
function isProduct({ kind, params }: NetworkDocument['nodes'][number]): boolean {
  return (
    kind === 'conv' &&
    params['kernelSize'] === 1 &&
    Object.keys(params).every((name) => ['filters', 'kernelSize', 'useBias'].includes(name))
  );
}

function reshaped(kernel: FloatTensor): FloatTensor {
  return readWhenAsked(kernel.shape.slice(2), () => kernel.data);
}
