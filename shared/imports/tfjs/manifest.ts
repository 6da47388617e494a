import { elementCount } from '../../ops/tensor';
import { text } from '../../text';
import { partOf, storedTensor, type RangedBytes, type ValueForm } from '../arranged';
import { isList, isRecord, own, type JsonRecord } from '../keras/config';
import type { StoredTensor } from '../keras/weights';
import { damaged } from '../problem';

/** One weight as the manifest lists it, and where its bytes lie in its group. */
export type ListedWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** How it is packed: as whole numbers times `scale` plus `min`, or as half floats. */
  readonly quantization: { readonly dtype: string; readonly scale: number; readonly min: number } | null;
  readonly offset: number;
  readonly byteLength: number;
};

/** Weights that share a run of bytes, which may be cut over several files. */
export type WeightGroup = {
  /** Relative to the model's file, each within its folder. */
  readonly paths: readonly string[];
  readonly weights: readonly ListedWeight[];
  readonly byteLength: number;
};

const bytesOf: { readonly [dtype: string]: number } = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
};

const mostRank = 12;

/** A path that stays in the folder: what a manifest names is read from there and nowhere else. */
function isInside(path: string): boolean {
  const parts = path.split(/[/\\]/);
  return (
    path !== '' &&
    !/^[/\\]|^[a-z]+:/i.test(path) &&
    !path.includes('\0') &&
    parts.every((part) => part !== '..' && part !== '')
  );
}

/** The `weightsManifest` of a model.json. */
export function readManifest(model: JsonRecord): readonly WeightGroup[] {
  const groups = own(model, 'weightsManifest') ?? [];
  if (!isList(groups)) damaged(text('its list of weights is none.', '其权值清单无效。'));
  const readAll = groups.map(readGroup);
  const names = readAll.flatMap((group) => group.weights.map(({ name }) => name));
  if (new Set(names).size < names.length) damaged(text('two weights have the same name.', '有两个权值同名。'));
  return readAll;
}

function readGroup(given: unknown): WeightGroup {
  const [paths, weights] = isRecord(given) ? [own(given, 'paths'), own(given, 'weights')] : [];
  if (!isList(paths) || !isList(weights)) damaged(text('its list of weights is none.', '其权值清单无效。'));
  const named = paths.map((path) =>
    typeof path === 'string' && isInside(path)
      ? path
      : damaged(
          text('it names weights outside of its folder, which are not read.', '它指向所在文件夹之外的权值，不予读取。'),
        ),
  );
  let offset = 0;
  const listed = weights.map((weight): ListedWeight => {
    const read = readWeight(weight, offset);
    offset += read.byteLength;
    return read;
  });
  return { paths: named, weights: listed, byteLength: offset };
}

function readWeight(given: unknown, offset: number): ListedWeight {
  const record = isRecord(given) ? given : {};
  const [name, shape, dtype, packed] = ['name', 'shape', 'dtype', 'quantization'].map((key) => own(record, key));
  const isSize = (size: unknown): size is number => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  if (
    typeof name !== 'string' ||
    !isList(shape) ||
    shape.length > mostRank ||
    !shape.every(isSize) ||
    typeof dtype !== 'string'
  ) {
    return damaged(text('a weight of its list has no name, shape or type.', '清单中有权值缺少名称、形状或类型。'));
  }
  const quantization = isRecord(packed)
    ? {
        dtype: String(own(packed, 'dtype')),
        scale: Number(own(packed, 'scale') ?? 1),
        min: Number(own(packed, 'min') ?? 0),
      }
    : null;
  const stored = quantization?.dtype ?? dtype;
  const size = Object.hasOwn(bytesOf, stored) ? bytesOf[stored] : undefined;
  if (size === undefined) {
    return damaged(
      text(
        `its weight “${name.slice(0, 80)}” is ${stored.slice(0, 40)}.`,
        `其权值“${name.slice(0, 80)}”的类型为 ${stored.slice(0, 40)}。`,
      ),
    );
  }
  const byteLength = elementCount(shape) * size;
  if (!Number.isSafeInteger(byteLength)) damaged(text('a weight is larger than any memory.', '有权值大得超出内存。'));
  return { name, shape, dtype, quantization, offset, byteLength };
}

/** The weights of a group, whose files stand behind each other and are as long as it says; values are read when they are asked for. */
export function storedWeights({ weights }: WeightGroup, files: RangedBytes): readonly StoredTensor[] {
  return weights.map((weight) => {
    const { name, shape, offset, byteLength } = weight;
    return { name, shape, read: () => storedTensor(shape, partOf(files, offset, byteLength), formOf(weight)) };
  });
}

function formOf({ dtype, quantization }: ListedWeight): ValueForm {
  const stored = quantization?.dtype ?? dtype;
  const valueBytes = bytesOf[stored] ?? 1;
  const { scale, min } =
    quantization !== null && quantization.dtype !== 'float16' ? quantization : { scale: 1, min: 0 };
  return {
    valueBytes,
    decode: (bytes, count) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const data = new Float32Array(count);
      for (let at = 0; at < count; at++) data[at] = numberAt(view, at * valueBytes, stored) * scale + min;
      return data;
    },
  };
}

function numberAt(view: DataView, at: number, dtype: string): number {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return view.getFloat32(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'uint16':
      return view.getUint16(at, true);
    case 'float16':
      return halfFloat(view.getUint16(at, true));
    default:
      return view.getUint8(at);
  }
}

/** IEEE 754 half precision: a sign, five bits of exponent, ten of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
