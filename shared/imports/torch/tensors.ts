import { elementCount } from '../../ops/tensor';
import { rangesInMemory, type RangedBytes } from '../arranged';
import { readElements } from '../onnx/tensors';
import type { StateTensor } from '../stateDict/modules';
import { readPickle, type PickleDict, type PickleList, type PickleMade, type PickleValue } from './pickle';

/** Types of a storage: how many bytes a value has, and the name that {@link readElements} has for real numbers. */
const storages: { readonly [name: string]: { readonly bytes: number; readonly real: string | null } } = {
  FloatStorage: { bytes: 4, real: 'float32' },
  DoubleStorage: { bytes: 8, real: 'float64' },
  HalfStorage: { bytes: 2, real: 'float16' },
  BFloat16Storage: { bytes: 2, real: 'bfloat16' },
  LongStorage: { bytes: 8, real: null },
  IntStorage: { bytes: 4, real: null },
  ShortStorage: { bytes: 2, real: null },
  CharStorage: { bytes: 1, real: null },
  ByteStorage: { bytes: 1, real: null },
  BoolStorage: { bytes: 1, real: null },
};

const orderedDict = 'collections.OrderedDict';

/** The bytes of a storage by its key; undefined where the file has none. */
type Storages = (key: string) => RangedBytes | undefined;

/** Where a checkpoint usually has its weights; of several dictionaries of tensors the first of these is taken. */
const usual = ['state_dict', 'model_state_dict', 'model', 'net', 'network', 'params', 'ema'];

/** Deeper than any model nests its modules, and more parts than one has: a file may name the same part again and again. */
const mostLevels = 100;
const mostParts = 1_000_000;

function isMade(value: PickleValue): value is PickleMade {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'made';
}

function isList(value: PickleValue | undefined): value is PickleList {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'list';
}

/** An object of a class with attributes; what an ordered dictionary has beside its entries are none. */
function hasState(value: PickleValue): value is PickleMade {
  return isMade(value) && value.maker !== orderedDict && value.state !== null;
}

function isDict(value: PickleValue): value is PickleDict {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'dict';
}

/** What a dictionary, plain or ordered, or the attributes of an object are; null for anything else. */
function entriesOf(value: PickleValue): readonly (readonly [string, PickleValue])[] | null {
  const entries = isDict(value) ? value.entries : isMade(value) && value.maker === orderedDict ? value.entries : null;
  return entries?.flatMap(([key, one]) => (typeof key === 'string' ? [[key, one] as const] : [])) ?? null;
}

function sizes(value: PickleValue | undefined): readonly number[] | null {
  if (!isList(value)) return null;
  const numbers = value.items.filter((item): item is number => typeof item === 'number');
  const isWhole = numbers.every((size) => Number.isSafeInteger(size) && size >= 0);
  return isWhole && numbers.length === value.items.length ? numbers : null;
}

/** The tensor that a value is, by what would make it; null for anything else. */
function tensorOf(name: string, value: PickleValue, find: Storages): StateTensor | null {
  if (!isMade(value)) return null;
  const { maker, args } = value;
  if (/^torch\._utils\._rebuild_parameter(_with_state)?$/.test(maker)) return tensorOf(name, args[0] ?? null, find);
  if (!/^torch\._utils\._rebuild_tensor(_v2)?$/.test(maker)) return null;
  const [storage, offset, size, stride] = args;
  const [shape, steps] = [sizes(size), sizes(stride)];
  const id = typeof storage === 'object' && storage !== null && 'id' in storage ? storage.id : null;
  const [word, kind, key] = isList(id ?? undefined) ? (id as PickleList).items : [];
  const isSound = word === 'storage' && typeof key === 'string' && typeof offset === 'number' && offset >= 0;
  if (!isSound || shape === null || steps?.length !== shape.length) throw new Error(`“${name}” is no tensor`);
  const type = typeof kind === 'object' && kind !== null && 'name' in kind ? kind.name.replace(/^torch\./, '') : '';
  const form = Object.hasOwn(storages, type) ? storages[type] : undefined;
  if (form === undefined) throw new Error(`“${name}” has the type ${type === '' ? '?' : type}`);
  const bytes = find(key);
  const last = shape.reduce((sum, length, axis) => sum + Math.max(0, length - 1) * (steps[axis] ?? 0), offset);
  const count = elementCount(shape);
  if (bytes === undefined || (count > 0 && (last + 1) * form.bytes > bytes.sizeBytes)) {
    throw new Error(`“${name}” lies behind the end of its values`);
  }
  const { real } = form;
  return {
    name,
    shape,
    read: real === null ? null : () => gather({ bytes, offset, last, shape, steps, real, size: form.bytes }),
  };
}

/** `offset` and `last` are the places of a tensor's first value and of its last one. */
type Placed = {
  readonly bytes: RangedBytes;
  readonly offset: number;
  readonly last: number;
  readonly shape: readonly number[];
  readonly steps: readonly number[];
  readonly real: string;
  readonly size: number;
};

/** Values in the order of rows, wherever they lie. */
function gather({ bytes, offset, last, shape, steps, real, size }: Placed): Float32Array {
  const count = elementCount(shape);
  const whole = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const isPacked = shape.every((length, axis) => length === 1 || steps[axis] === whole[axis]);
  const values = count === 0 ? 0 : last - offset + 1;
  const lying = readElements(bytes.range(offset * size, values * size).read(), real, values);
  if (isPacked) return Float32Array.from(lying);
  const data = new Float32Array(count);
  const place = shape.map(() => 0);
  for (let at = 0; at < count; at++) {
    data[at] = lying[place.reduce((sum, index, axis) => sum + index * (steps[axis] ?? 0), 0)] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (shape[axis] ?? 0)) break;
      place[axis] = 0;
    }
  }
  return data;
}

/** The tensors of a state_dict, or of a module that was saved whole: of its params and buffers, and of the modules in it. */
function collect(root: PickleValue, find: Storages): readonly StateTensor[] {
  let parts = 0;
  const within = (value: PickleValue, prefix: string, level: number): readonly StateTensor[] => {
    const state = hasState(value) ? entriesOf(value.state) : null;
    return (state ?? entriesOf(value) ?? []).flatMap(([key, one]) => {
      parts += 1;
      if (level > mostLevels || parts > mostParts) throw new Error('it has more parts than a model can have');
      const tensor = tensorOf(prefix + key, one, find);
      if (tensor !== null) return [tensor];
      // As a module of PyTorch keeps its parts; else an attribute is one.
      const isShelf = state !== null && /^_(parameters|buffers|modules)$/.test(key);
      if (isShelf) return within(one, prefix, level + 1);
      return hasState(one) ? within(one, `${prefix}${key}.`, level + 1) : [];
    });
  };
  return within(root, '', 0);
}

/** Of a checkpoint the dictionary that has its weights. */
function weightsIn(value: PickleValue, find: Storages): readonly StateTensor[] {
  const own = collect(value, find);
  const inside = new Map(entriesOf(value) ?? []);
  if (own.some(({ read }) => read !== null) || inside.size === 0) return own;
  const named = usual.flatMap((key) => inside.get(key) ?? []);
  const found = (named.length > 0 ? named : [...inside.values()]).map((one) => collect(one, find));
  return found.find((tensors) => tensors.length > 0) ?? [];
}

/** The tensors of the zip that `torch.save` writes, from its pickle and its other entries by their names behind the folder. */
export function readTorchZip(pickle: Uint8Array, entries: ReadonlyMap<string, RangedBytes>): readonly StateTensor[] {
  const order = entries.get('byteorder');
  if (order !== undefined && order.sizeBytes > 0 && order.range(0, 1).read()[0] === 'b'.charCodeAt(0)) {
    throw new Error('its numbers have the highest byte first');
  }
  return weightsIn(readPickle(pickle).value, (key) => entries.get(`data/${key}`));
}

/** As the number that files of before PyTorch 1.6 begin with is written: 0x1950a86a20f9469cfc6c. */
const legacyStart = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** Whether a pickle is the beginning of a file of `torch.save` before PyTorch 1.6. */
export function isLegacyTorch(head: Uint8Array): boolean {
  return legacyStart.every((byte, at) => head[at + 2] === byte);
}

/** The tensors of such a file: five pickles, and the values of each storage behind them. */
export function readLegacyTorch(bytes: Uint8Array): readonly StateTensor[] {
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at);
    at = end;
    return value;
  };
  // The number, the version of the form, and what machine it was.
  for (let part = 0; part < 3; part++) next();
  const content = next();
  const keys = next();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Map<string, Uint8Array>();
  const widths = widthsIn(content);
  for (const key of isList(keys) ? keys.items : []) {
    if (typeof key !== 'string') throw new Error('a storage has no name');
    if (at + 8 > bytes.length) throw new Error('it is cut off');
    const count = Number(view.getBigInt64(at, true)) * (widths.get(key) ?? 1);
    if (count < 0 || at + 8 + count > bytes.length) throw new Error('it is cut off');
    values.set(key, bytes.subarray(at + 8, at + 8 + count));
    at += 8 + count;
  }
  return weightsIn(content, (key) => {
    const held = values.get(key);
    return held === undefined ? undefined : rangesInMemory(held);
  });
}

/** How many bytes a value of each storage has. */
function widthsIn(value: PickleValue): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  const seen = new Set<PickleValue>();
  const waiting: PickleValue[] = [value];
  while (waiting.length > 0) {
    const one = waiting.pop() ?? null;
    if (typeof one !== 'object' || one === null || one instanceof Uint8Array || seen.has(one)) continue;
    seen.add(one);
    if (one.type === 'list') waiting.push(...one.items);
    else if (one.type === 'dict') waiting.push(...one.entries.flat());
    else if (one.type === 'made') waiting.push(...one.args, ...one.entries.flat(), one.state);
    else if (one.type === 'persistent' && isList(one.id)) {
      const [, kind, key] = one.id.items;
      const name = typeof kind === 'object' && kind !== null && 'name' in kind ? kind.name : '';
      const form = storages[name.replace(/^torch\./, '')];
      if (form !== undefined && typeof key === 'string') widths.set(key, form.bytes);
    }
  }
  return widths;
}
