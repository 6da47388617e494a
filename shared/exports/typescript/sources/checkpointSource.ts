/** Prints `checkpoint.ts`: what a training needs to go on. */
export const checkpointSource = `import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { getWeights, setWeights, type WeightEntry } from './weights.js';

/** How far a training is, and for how many epochs it was begun. */
export type Progress = { epoch: number; epochs: number; seed: number };

type StateEntry = { name: string; shape: number[]; dtype: 'float32' | 'int32'; offset: number };
type Header = { progress: Progress; weights: WeightEntry[]; stateStart: number; state: StateEntry[] };

const file = 'checkpoint.bin';

/** Writes a file whole or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(\`\${path}.part\`, content);
  renameSync(\`\${path}.part\`, path);
}

/** Keeps weights, the optimizer's moments and the progress in one file: its length, a header in JSON, the values. */
export async function saveCheckpoint(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  progress: Progress,
): Promise<void> {
  const { index, bytes } = getWeights(model);
  const state: StateEntry[] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const { name, tensor } of await optimizer.getWeights()) {
    const dtype = tensor.dtype === 'int32' ? 'int32' : 'float32';
    const data = tensor.dataSync();
    state.push({ name, shape: tensor.shape, dtype, offset });
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const header: Header = { progress, weights: index, stateStart: bytes.length, state };
  const head = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  writeWhole(file, Buffer.concat([size, head, bytes, ...parts]));
}

/** Puts a checkpoint into a model and its optimizer; gives how far it was. */
export async function loadCheckpoint(model: tf.LayersModel, optimizer: tf.Optimizer): Promise<Progress> {
  if (!existsSync(file)) throw new Error(\`There is no \${file} to go on with.\`);
  const content = readFileSync(file);
  const length = content.readUInt32LE();
  const { progress, weights, stateStart, state } = JSON.parse(content.toString('utf8', 4, 4 + length)) as Header;
  const values = content.subarray(4 + length);
  setWeights(model, weights, values.subarray(0, stateStart));
  const moments = state.map(({ name, shape, dtype, offset }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const start = stateStart + offset;
    const data = values.buffer.slice(values.byteOffset + start, values.byteOffset + start + 4 * count);
    return { name, tensor: tf.tensor(dtype === 'int32' ? new Int32Array(data) : new Float32Array(data), shape, dtype) };
  });
  await optimizer.setWeights(moments);
  return progress;
}
`;
