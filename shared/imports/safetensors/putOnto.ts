import { analyzeNetwork } from '../../analysis/analyze';
import { initialWeights } from '../../compile/initialWeights';
import { networkWeights } from '../../compile/networkWeights';
import { nothingMatches } from '../../diagnostics/catalog/imports';
import { failure, success } from '../../diagnostics/diagnostic';
import type { Result } from '../../diagnostics/diagnostic';
import type { FloatTensor, FloatTensors } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { formatShape, text } from '../../text';
import { readWhenAsked } from '../arranged';
import type { ImportLine } from '../report';

/** The seed of weights that the file does not have; the same file and network always give the same model. */
const initialSeed = 0;

/** A tensor of a file that nobody has read yet; `read` is null where it holds no real numbers. */
type Tensor = {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly read: (() => Float32Array) | null;
};

/** A name as it is compared: with any of the separators that programs put between a layer and its weight. */
function comparable(name: string): string {
  return name.replace(/[.:]/g, '/');
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * Puts bare weights on a network: a tensor is a weight's where the name is `node/weight` (or `node.weight`) and the shape is the
 * same. Nothing is transposed or cut. Weights that the file does not have keep initial values, and the report names them.
 */
export function putWeightsOnto(
  document: NetworkDocument,
  tensors: readonly Tensor[],
  path: string,
): Result<{ readonly weights: FloatTensors; readonly report: readonly ImportLine[] }> {
  const expected = networkWeights(document, analyzeNetwork(document));
  const byName = new Map(expected.map((weight) => [comparable(weight.name), weight]));
  const found = new Map<string, FloatTensor>();
  const lines = tensors.map((tensor): ImportLine => {
    const { name, read } = tensor;
    const weight = byName.get(comparable(name));
    if (weight === undefined) {
      const why = text('The network has no weight of this name.', '网络中没有这个名称的权值。');
      return { source: name, nodeId: null, status: 'left', why };
    }
    const { nodeId } = weight;
    if (tensor.type !== 'float32' || read === null) {
      const why = text(`It is ${tensor.type}; weights are float32.`, `它是 ${tensor.type}；权值应为 float32。`);
      return { source: name, nodeId, status: 'left', why };
    }
    if (!sameShape(tensor.shape, weight.shape)) {
      const [here, there] = [formatShape(tensor.shape), formatShape(weight.shape)];
      const why = text(`It is ${here}; the network has ${there}.`, `它是 ${here}；网络中为 ${there}。`);
      return { source: name, nodeId, status: 'left', why };
    }
    found.set(weight.name, readWhenAsked(tensor.shape, read));
    return { source: name, nodeId, status: 'same', why: null };
  });
  if (found.size === 0) {
    return failure(
      nothingMatches(
        path,
        tensors.map(({ name, shape }) => `${name} ${formatShape(shape)}`),
        expected.map(({ name, shape }) => `${name} ${formatShape(shape)}`),
      ),
    );
  }
  const missing = expected.filter(({ name }) => !found.has(name));
  const initial = initialWeights(missing, initialSeed);
  const kept = missing.map(({ name, nodeId }): ImportLine => ({
    source: name,
    nodeId,
    status: 'left',
    why: text('The file does not have it: it keeps initial values.', '文件中没有它：保留初始值。'),
  }));
  const weights = expected.flatMap(({ name }): [string, FloatTensor][] => {
    const tensor = found.get(name) ?? initial[name];
    return tensor === undefined ? [] : [[name, tensor]];
  });
  return success({ weights: Object.fromEntries(weights), report: [...lines, ...kept] });
}
