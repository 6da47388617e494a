import type { NetworkAnalysis } from '../../analysis/types';
import type { NamedWeight } from '../../compile/lowering';
import { planFlattening } from '../../compile/flattening';
import { elementCount, type FloatTensor } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { arrangedTensor, readWhenAsked, turnedPlaces } from '../arranged';

/** A weight of the network as PyTorch has it: its name in a module, its shape there, and the way back. */
export type TorchWeight = {
  readonly weight: NamedWeight;
  readonly names: readonly string[];
  readonly shape: readonly number[];
  /** `read` gives the values as PyTorch has them, when they are asked for. */
  toOurs(read: () => Float32Array): FloatTensor;
};

/** Names of PyTorch for our weights; its own parameters have names of their own. */
const torchNames: { readonly [name: string]: readonly string[] } = {
  kernel: ['weight'],
  bias: ['bias'],
  gamma: ['weight', 'gamma'],
  beta: ['bias', 'beta'],
  movingMean: ['running_mean'],
  movingVariance: ['running_var'],
  alpha: ['weight'],
  scale: ['gamma', 'layer_scale', 'scale', 'weight'],
  shift: ['beta', 'shift', 'bias'],
};

function ownName({ name, nodeId }: NamedWeight): string {
  return name.slice(nodeId.length + 1);
}

/** The weights of a network by their nodes, as PyTorch would have them. */
export function torchWeights(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  expected: readonly NamedWeight[],
): ReadonlyMap<string, readonly TorchWeight[]> {
  const { maps } = planFlattening(document, analysis);
  const byNode = new Map<string, TorchWeight[]>();
  for (const weight of expected) {
    const { nodeId } = weight;
    const node = analysis.nodes.get(nodeId);
    const [input = []] = node?.inputShapes ?? [];
    const map = maps.get(nodeId) ?? input ?? [];
    const list = byNode.get(nodeId) ?? [];
    list.push(
      layoutOf(
        weight,
        map.map((size) => size ?? 1),
      ),
    );
    byNode.set(nodeId, list);
  }
  return byNode;
}

function layoutOf(weight: NamedWeight, map: readonly number[]): TorchWeight {
  const own = ownName(weight);
  const { shape } = weight;
  const names = torchNames[own] ?? [own];
  if (own === 'kernel' && shape.length === 4) {
    const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
    return {
      weight,
      names,
      shape: [outputs, inputs, height, width],
      toOurs: (read) => arrangedTensor(shape, turnedPlaces([outputs, inputs, height, width], [2, 3, 1, 0]), read),
    };
  }
  if (own === 'kernel') {
    const [rows = 1, units = 1] = shape;
    const isMap = map.length === 3 && elementCount(map) === rows;
    const [high = 1, wide = 1, deep = 1] = isMap ? map : [1, 1, rows];
    return {
      weight,
      names,
      shape: [units, rows],
      toOurs: (read) => arrangedTensor(shape, turnedPlaces([units, deep, high, wide], [2, 3, 1, 0]), read),
    };
  }
  return { weight, names, shape, toOurs: (read) => readWhenAsked(shape, read) };
}
