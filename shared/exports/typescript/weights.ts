import { quoted } from '../names';
import { lineWidth, listField } from './statements';
import type { WeightLayer } from './model';

/** Prints `weights.ts`: which layer takes which of a run's weights, and the code that checks and sets them. */
export function printWeights(weightLayers: readonly WeightLayer[]): string {
  return [imports, `const layerWeights: readonly LayerWeights[] = ${weightRows(weightLayers)}`, '', functions].join(
    '\n',
  );
}

/** The layers with the names of their weights, as a list in the code. */
export function weightRows(weightLayers: readonly WeightLayer[]): string {
  const rows = weightLayers.map(({ nodeId, layer, weights }) => {
    const names = weights.map((name) => quoted(`${nodeId}/${name}`));
    const line = `  { layer: '${layer}', weights: [${names.join(', ')}] },`;
    if (weightLayers.length > 1 && line.length - 1 <= lineWidth) return line;
    return ['  {', `    layer: '${layer}',`, ...listField('weights', names, 4), '  },'].join('\n');
  });
  return rows.length === 0 ? '[];' : `[\n${rows.join('\n')}\n];`;
}

const imports = `import * as tf from '@tensorflow/tfjs';

/** One tensor of weights.json: where it lies in weights.bin, which holds float32 values, little-endian, one tensor behind another. */
export type WeightEntry = { name: string; shape: number[]; dtype: 'float32'; offset: number };

/** A layer of the model, and the names of its weights in the order in which the layer has them. */
export type LayerWeights = { layer: string; weights: string[] };
`;

const functions = `function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function readTensor(
  name: string,
  shape: readonly number[],
  entries: ReadonlyMap<string, WeightEntry>,
  data: DataView,
): tf.Tensor {
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
export function setWeights(
  model: tf.LayersModel,
  index: readonly WeightEntry[],
  bytes: Uint8Array,
  layers: readonly LayerWeights[] = layerWeights,
): void {
  const entries = new Map(index.map((entry) => [entry.name, entry]));
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  tf.tidy(() => {
    const ready = layers.map(({ layer: name, weights }) => {
      const layer = model.getLayer(name);
      const tensors = layer.weights.map((weight, at) =>
        readTensor(weights[at] ?? '', weight.shape as number[], entries, data),
      );
      return { layer, tensors };
    });
    for (const { layer, tensors } of ready) layer.setWeights(tensors);
  });
}

/** A model's weights as the contents of weights.json and weights.bin. */
export function getWeights(model: tf.LayersModel): { index: WeightEntry[]; bytes: Uint8Array } {
  const index: WeightEntry[] = [];
  const values: Float32Array[] = [];
  let offset = 0;
  for (const { layer, weights } of layerWeights) {
    for (const [at, tensor] of model.getLayer(layer).getWeights().entries()) {
      index.push({ name: weights[at] ?? '', shape: tensor.shape, dtype: 'float32', offset });
      values.push(Float32Array.from(tensor.dataSync()));
      offset += 4 * tensor.size;
    }
  }
  const data = new DataView(new ArrayBuffer(offset));
  let position = 0;
  for (const part of values) {
    for (const value of part) {
      data.setFloat32(position, value, true);
      position += 4;
    }
  }
  return { index, bytes: new Uint8Array(data.buffer) };
}
`;
