import protobuf from 'protobufjs';
import type { CaffeWeights } from '../../../shared/imports/caffe';
import { joinedRanges, rangesInMemory, storedTensor, type RangedBytes } from '../../../shared/imports/arranged';
import caffeProto from '../../../shared/imports/caffe/caffe.proto?raw';
import { formOfType } from '../../../shared/imports/onnx/tensors';
import { elementCount, type FloatTensor } from '../../../shared/ops/tensor';
import type { ProtoForm } from './protoSkeleton';

/*
 * The messages of a `.caffemodel` as weights by the names of their layers. Long runs of values stay in the file until they are asked for.
 */

type Message = { readonly [field: string]: unknown };

let netType: protobuf.Type | undefined;

function typeOfNet(): protobuf.Type {
  netType ??= protobuf.parse(caffeProto, { keepCase: true }).root.lookupType('caffe.NetParameter');
  return netType;
}

/** Where values lie, by the numbers in caffe.proto. */
export const caffeForm: ProtoForm<'net' | 'layer' | 'layerOfBefore' | 'blob'> = {
  root: 'net',
  inside: { net: { 2: 'layerOfBefore', 100: 'layer' }, layer: { 7: 'blob' }, layerOfBefore: { 6: 'blob' }, blob: {} },
  tensor: 'blob',
  values: [5, 8],
  placeOf: ({ field }) => field,
};

/** Bytes of the file that some bytes of a message stand for; null where they are values themselves. */
type Left = (bytes: Uint8Array) => RangedBytes | null;

/** Reads the weights of a model. Throws where the bytes are none. */
export function decodeCaffeModel(bytes: Uint8Array, left: Left): CaffeWeights {
  const net: Message = Object.fromEntries(Object.entries(typeOfNet().decode(bytes)));
  const weights = new Map<string, readonly FloatTensor[]>();
  for (const layer of [...listOf(net, 'layers'), ...listOf(net, 'layer')]) {
    const name = layer['name'];
    if (typeof name !== 'string') continue;
    const blobs = listOf(layer, 'blobs').map((blob) => tensorOf(blob, name, left));
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

function tensorOf(blob: Message, layer: string, left: Left): FloatTensor {
  const shape = shapeOf(blob);
  const singles = valuesOf(blob['data'], left);
  const doubles = valuesOf(blob['double_data'], left);
  const isSingle = singles.sizeBytes > 0 || doubles.sizeBytes === 0;
  const [source, type, valueBytes] = isSingle ? ([singles, 'float32', 4] as const) : ([doubles, 'float64', 8] as const);
  if (source.sizeBytes % valueBytes !== 0) throw new Error('values are cut off');
  const [count, needed] = [source.sizeBytes / valueBytes, elementCount(shape)];
  if (shape.some((size) => !(size >= 0)) || count !== needed) {
    throw new Error(`${layer.slice(0, 80)} has ${count} of ${needed} values`);
  }
  return storedTensor(shape, source, formOfType(type, valueBytes));
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
function valuesOf(runs: unknown, left: Left): RangedBytes {
  const list = Array.isArray(runs) ? runs.filter((run): run is Uint8Array => run instanceof Uint8Array) : [];
  return joinedRanges(list.map((run) => left(run) ?? rangesInMemory(run)));
}
