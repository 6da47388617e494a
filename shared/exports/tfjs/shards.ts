import type { FloatTensor, FloatTensors } from '../../ops/tensor';
import { elementCount } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import type { PrintedLayer, PrintedWeight } from './emit';

/** What browsers keep well, as TensorFlow.js' own tools cut it. */
const shardBytes = 4 * 1024 * 1024;

/** The values of a printed weight: a tensor of ours under another shape, or a run of its last axis. */
function valuesOf({ part, shape }: PrintedWeight, tensor: FloatTensor): Float32Array {
  if (part === undefined) return tensor.data;
  const width = shape.at(-1) ?? 1;
  const values = new Float32Array(elementCount(shape));
  for (let row = 0; row * width < values.length; row++) {
    const at = row * part.of + part.start;
    values.set(tensor.data.subarray(at, at + width), row * width);
  }
  return values;
}

/** The weights of all layers in files of one size, and the list of them. Numbers are little-endian float32. */
export function printShards(
  layers: readonly PrintedLayer[],
  weights: FloatTensors,
): { readonly files: readonly (readonly [string, Uint8Array])[]; readonly manifest: Json } {
  const entries = layers.flatMap((layer) =>
    layer.weights.map((weight) => {
      const tensor = weights[`${layer.nodeId}/${weight.from}`];
      if (tensor === undefined) throw new Error(`There is no weight ${layer.nodeId}/${weight.from}.`);
      return { name: `${layer.name}/${weight.name}`, weight, tensor };
    }),
  );
  const total = entries.reduce((sum, { weight }) => sum + 4 * elementCount(weight.shape), 0);
  const count = Math.ceil(total / shardBytes);
  const shards = Array.from(
    { length: count },
    (_, at) => new Uint8Array(Math.min(shardBytes, total - at * shardBytes)),
  );
  let at = 0;
  for (const { weight, tensor } of entries) {
    const values = valuesOf(weight, tensor);
    at = write(shards, at, values);
  }
  const names = shards.map((_, place) => `group1-shard${place + 1}of${count}.bin`);
  const manifest = [
    {
      paths: names,
      weights: entries.map(({ name, weight }) => ({ name, shape: [...weight.shape], dtype: 'float32' })),
    },
  ];
  return {
    files: shards.map((bytes, place) => [names[place] ?? '', bytes] as const),
    manifest: count === 0 ? [] : manifest,
  };
}

/** Writes numbers from a place on, over as many files as they take; gives the place behind them. */
function write(shards: readonly Uint8Array[], start: number, values: Float32Array): number {
  const bytes = littleEndian(values);
  let [at, from] = [start, 0];
  while (from < bytes.length) {
    const shard = shards[Math.floor(at / shardBytes)];
    if (shard === undefined) throw new Error('The weights are larger than was counted.');
    const place = at % shardBytes;
    const run = bytes.subarray(from, from + shardBytes - place);
    shard.set(run, place);
    at += run.length;
    from += run.length;
  }
  return at;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function littleEndian(values: Float32Array): Uint8Array {
  if (isLittleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const view = new DataView(new ArrayBuffer(values.byteLength));
  for (const [at, value] of values.entries()) view.setFloat32(4 * at, value, true);
  return new Uint8Array(view.buffer);
}
