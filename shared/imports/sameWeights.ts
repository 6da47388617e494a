import type { FloatTensor, FloatTensors } from '../ops/tensor';
import type { NetworkDocument } from '../schema/document';

type Weights = { readonly [name: string]: FloatTensor };

/** Whether two layers hold the same numbers under the same names. */
export function holdsSameWeights(a: Weights, b: Weights): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [one, other] = [a[name], b[name]];
    if (one === undefined || other === undefined || one.shape.join() !== other.shape.join()) return false;
    // Taken once: data may be read from a file, or turned, when it is asked for.
    const [left, right] = [one.data, other.data];
    return left.length === right.length && left.every((value, at) => Object.is(value, right[at]));
  });
}

/**
 * Nodes of one kind that a file gives the same tensors share their weights. `origins`: which tensors of the file a node's weights were
 * read from. What else went into them (a bias that stood behind, a norm that was folded in) must be the same too, so values are compared.
 */
export function shareSameTensors(
  document: NetworkDocument,
  weights: FloatTensors,
  origins: ReadonlyMap<string, string>,
): NetworkDocument {
  const own = weightsByNode(weights);
  const owners = new Map<string, string[]>();
  const nodes = document.nodes.map((node) => {
    const origin = origins.get(node.id);
    const held = own.get(node.id);
    if (origin === undefined || held === undefined) return node;
    const key = JSON.stringify([node.kind, origin]);
    const known = owners.get(key) ?? [];
    const owner = known.find((id) => holdsSameWeights(own.get(id) ?? {}, held));
    if (owner === undefined) {
      owners.set(key, [...known, node.id]);
      return node;
    }
    return { ...node, weightsOf: owner };
  });
  return nodes.some((node, index) => node !== document.nodes[index]) ? { ...document, nodes } : document;
}

function weightsByNode(weights: FloatTensors): ReadonlyMap<string, Weights> {
  const byNode = new Map<string, { [name: string]: FloatTensor }>();
  for (const [full, tensor] of Object.entries(weights)) {
    const at = full.lastIndexOf('/');
    const held = byNode.get(full.slice(0, at)) ?? {};
    held[full.slice(at + 1)] = tensor;
    byNode.set(full.slice(0, at), held);
  }
  return byNode;
}
