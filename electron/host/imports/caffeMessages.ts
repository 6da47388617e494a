import protobuf from 'protobufjs';
import type { CaffeWeights } from '../../../shared/imports/caffe';
import caffeProto from '../../../shared/imports/caffe/caffe.proto?raw';
import { elementCount, type FloatTensor } from '../../../shared/ops/tensor';

/*
 * The bytes of a `.caffemodel` as weights by the names of their layers. Values stay where they lie in the file as far as they can.
 */

type Message = { readonly [field: string]: unknown };

let netType: protobuf.Type | undefined;

function typeOfNet(): protobuf.Type {
  netType ??= protobuf.parse(caffeProto, { keepCase: true }).root.lookupType('caffe.NetParameter');
  return netType;
}

/** Reads the weights of a model. Throws where the bytes are none. */
export function decodeCaffeModel(bytes: Uint8Array): CaffeWeights {
  const net: Message = Object.fromEntries(Object.entries(typeOfNet().decode(bytes)));
  const weights = new Map<string, readonly FloatTensor[]>();
  for (const layer of [...listOf(net, 'layers'), ...listOf(net, 'layer')]) {
    const name = layer['name'];
    if (typeof name !== 'string') continue;
    const blobs = listOf(layer, 'blobs').map((blob) => tensorOf(blob, name));
    if (blobs.length > 0) weights.set(name, blobs);
  }
  return weights;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null;
}

function listOf(message: Message, field: string): readonly Message[] {
  const value = message[field];
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

function tensorOf(blob: Message, layer: string): FloatTensor {
  const shape = shapeOf(blob);
  const count = elementCount(shape);
  const singles = joined(blob['data']);
  const doubles = joined(blob['double_data']);
  const data =
    singles.length > 0 || doubles.length === 0
      ? floats(singles)
      : Float32Array.from(new Float64Array(aligned(doubles, 8)));
  if (shape.some((size) => !(size >= 0)) || data.length !== count) {
    throw new Error(`${layer.slice(0, 80)} has ${data.length} of ${count} values`);
  }
  return { dtype: 'float32', shape, data };
}

/** Sizes as they are written since 2014, or the four of before. */
function shapeOf(blob: Message): readonly number[] {
  const shape = blob['shape'];
  const listed = isMessage(shape) ? shape['dim'] : undefined;
  if (Array.isArray(listed)) return listed.map((size) => Number(String(size)));
  return ['num', 'channels', 'height', 'width'].map((side) => {
    const size = blob[side];
    return typeof size === 'number' ? size : 0;
  });
}

/** Packed values may lie in several runs. */
function joined(runs: unknown): Uint8Array {
  const list = Array.isArray(runs) ? runs.filter((run): run is Uint8Array => run instanceof Uint8Array) : [];
  return list.length === 1 && list[0] !== undefined ? list[0] : Buffer.concat(list);
}

function aligned(bytes: Uint8Array, size: number): ArrayBuffer {
  if (bytes.length % size !== 0) throw new Error('values are cut off');
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}

function floats(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, length } = bytes;
  const isAligned = byteOffset % 4 === 0 && length % 4 === 0;
  return isAligned ? new Float32Array(buffer, byteOffset, length / 4) : new Float32Array(aligned(bytes, 4));
}
