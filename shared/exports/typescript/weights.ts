import { quoted } from '../names';
import type { WeightLayer } from './model';

/** Prints `weights.ts`: which layer takes which of a run's weights, and the code that checks and sets them. */
export function printWeights(weightLayers: readonly WeightLayer[]): string {
  const rows = weightLayers.map(({ nodeId, layer, weights }) => {
    const names = weights.map((name) => quoted(`${nodeId}/${name}`));
    return `  { layer: '${layer}', weights: [${names.join(', ')}] },`;
  });
  return [imports, 'const layerWeights: readonly LayerWeights[] = [', ...rows, '];', '', functions].join('\n');
}

const imports = `import * as tf from '@tensorflow/tfjs';

/** One tensor of weights.json: where it lies in weights.bin, which holds float32 values, little-endian, one tensor behind another. */
export type WeightEntry = { name: string; shape: number[]; dtype: 'float32'; offset: number };

/** A layer of the model, and the names of its weights in the order in which the layer has them. */
type LayerWeights = { layer: string; weights: string[] };
`;

const functions = `function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function readTensor(name: string, shape: readonly number[], entries: ReadonlyMap<string, WeightEntry>, data: DataView): tf.Tensor {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(\`weights.json has no "\${name}": it belongs to another network.\`);
  const length = count(shape);
  if (entry.dtype !== 'float32' || count(entry.shape) !== length) {
    throw new Error(\`"\${name}" has the shape [\${entry.shape.join(', ')}] where the model wants [\${shape.join(', ')}].\`);
  }
  if (entry.offset < 0 || entry.offset + 4 * length > data.byteLength) {
    throw new Error(\`weights.bin ends before "\${name}" does: the file is cut short.\`);
  }
  const values = new Float32Array(length);
  for (let at = 0; at < length; at += 1) values[at] = data.getFloat32(entry.offset + 4 * at, true);
  return tf.tensor(values, [...shape]);
}

/**
 * Puts trained weights into a model made by buildModel(). \`index\` is the content of weights.json, \`bytes\` that of weights.bin.
 * Throws, and changes nothing, if they do not fit.
 */
export function setWeights(model: tf.LayersModel, index: readonly WeightEntry[], bytes: Uint8Array): void {
  const entries = new Map(index.map((entry) => [entry.name, entry]));
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  tf.tidy(() => {
    const ready = layerWeights.map(({ layer: name, weights }) => {
      const layer = model.getLayer(name);
      const tensors = layer.weights.map((weight, at) => readTensor(weights[at] ?? '', weight.shape as number[], entries, data));
      return { layer, tensors };
    });
    for (const { layer, tensors } of ready) layer.setWeights(tensors);
  });
}
`;
