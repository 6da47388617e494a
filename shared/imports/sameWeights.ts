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
 * Whether each tensor holds one number alone, as those of a norm before training. Exporters keep equal constants once: that layers read
 * the same such tensor does not say that they share it.
 */
export function areFilled(weights: Weights): boolean {
  return Object.values(weights).every(isFilled);
}

function isFilled(tensor: FloatTensor): boolean {
  let first: number | undefined;
  for (const piece of tensor.pieces?.() ?? [tensor.data]) {
    first ??= piece[0];
    if (!piece.every((value) => Object.is(value, first))) return false;
  }
  return true;
}

/** Which tensors of its file a node's weights were read from, by name, and the module that it was; empty where the file does not say. */
export type WeightOrigin = { readonly tensors: string; readonly module: string };

/**
 * Nodes of one kind that a file gives the same tensors share their weights. What else went into them (a bias that stood behind, a norm
 * that was folded in) must be the same too, so values are compared. Constants are shared within one module alone, by `isSameModule`:
 * {@link areFilled}.
 */
export function shareSameTensors(
  document: NetworkDocument,
  weights: FloatTensors,
  origins: ReadonlyMap<string, WeightOrigin>,
  isSameModule: (first: string, later: string) => boolean,
): NetworkDocument {
  const own = weightsByNode(weights);
  const owners = new Map<string, string[]>();
  const nodes = document.nodes.map((node) => {
    const origin = origins.get(node.id);
    const held = own.get(node.id);
    if (origin === undefined || held === undefined) return node;
    const key = JSON.stringify([node.kind, origin.tensors]);
    const known = owners.get(key) ?? [];
    const mayShare = (id: string): boolean => isSameModule(origins.get(id)?.module ?? '', origin.module);
    const owner = known.find((id) => holdsSameWeights(own.get(id) ?? {}, held) && (mayShare(id) || !areFilled(held)));
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
