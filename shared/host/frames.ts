import { protocolError } from '../diagnostics/catalog/host';
import { failure, success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { limits } from '../schema/limits';

/**
 * Messages as frames, for channels that carry text and bytes instead of objects. A message without typed arrays is a text frame
 * of JSON. One with typed arrays is a binary frame:
 *
 *     bytes 0..3   "CLF1"
 *     bytes 4..7   length of the head, uint32
 *     bytes 8..    the head: JSON in ASCII, `{"arrays": [["float32", 6], ...], "message": ...}`
 *     then         the arrays' bytes in order, each on the next multiple of 8, zeros between
 *
 * All numbers are little endian. In the message an array stands as `{"$array": index}`, each index exactly once; an object that
 * by itself is of that form is written with one more `$`. A frame ends where its last array ends (or its head, when it has none).
 */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** What a reader takes at most; anything beyond is a protocol error. */
export type FrameLimits = { readonly maxBytes: number; readonly maxArrays: number; readonly maxDepth: number };

/** What a host takes from a page. */
export const hostFrameLimits: FrameLimits = {
  maxBytes: limits.messageBytes,
  maxArrays: limits.requestArrays,
  maxDepth: limits.messageDepth,
};

/** What a page takes from its own host. */
export const clientFrameLimits: FrameLimits = {
  maxBytes: limits.answerBytes,
  maxArrays: limits.answerArrays,
  maxDepth: limits.messageDepth,
};

const magic = [0x43, 0x4c, 0x46, 0x31] as const;
const headStart = 8;
const alignment = 8;
const escapedKey = /^\$+array$/;

type NumberArray = Uint8Array | Int32Array | Float32Array | Float64Array;
type ArrayType = 'uint8' | 'int32' | 'float32' | 'float64';
const bytesOf: Readonly<Record<ArrayType, number>> = { uint8: 1, int32: 4, float32: 4, float64: 8 };
const typeOfTag: Readonly<Record<string, ArrayType>> = {
  Uint8Array: 'uint8',
  Int32Array: 'int32',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/** What kind of array a value is; by its tag, because arrays of another realm are not `instanceof` this one's classes. */
function arrayType(view: ArrayBufferView & { readonly [Symbol.toStringTag]?: string }): ArrayType {
  const type = typeOfTag[view[Symbol.toStringTag] ?? ''];
  if (type === undefined) throw new TypeError(`A message cannot hold a ${view[Symbol.toStringTag] ?? 'DataView'}.`);
  return type;
}

function align(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns numbers of `size` bytes round where the machine has the other order. In place. */
function swapForThisMachine(bytes: Uint8Array, size: number): void {
  if (isLittleEndian || size === 1) return;
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** JSON with everything beyond ASCII escaped, so that a character is a byte. Outside strings JSON has nothing else. */
function asciiJson(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Writes a message as a frame. Throws for a typed array of a kind that no message has. */
export function encodeFrame(message: unknown): Frame {
  const arrays: ArrayBufferView[] = [];
  // A regular function: `this` still has the value as it was before a `toJSON` of Node's Buffer took hold of it.
  const replace = function (this: unknown, key: string, value: unknown): unknown {
    const original: unknown = isPlainObject(this) || Array.isArray(this) ? (Reflect.get(this, key) as unknown) : value;
    if (ArrayBuffer.isView(original)) return { $array: arrays.push(original) - 1 };
    if (!isPlainObject(value)) return value;
    const keys = Object.keys(value);
    const [only = ''] = keys;
    return keys.length === 1 && escapedKey.test(only) ? { [`$${only}`]: value[only] } : value;
  };
  const text = JSON.stringify(message, replace);
  return arrays.length === 0 ? text : binaryFrame(text, arrays);
}

function binaryFrame(message: string, arrays: readonly ArrayBufferView[]): Uint8Array<ArrayBuffer> {
  const types = arrays.map(arrayType);
  const sizes = types.map((type, index) => [type, (arrays[index]?.byteLength ?? 0) / bytesOf[type]]);
  const head = `{"arrays":${JSON.stringify(sizes)},"message":${asciiJson(message)}}`;
  const end = arrays.reduce((offset, { byteLength }) => align(offset) + byteLength, headStart + head.length);
  const frame = new Uint8Array(end);
  frame.set(magic);
  new DataView(frame.buffer).setUint32(4, head.length, true);
  for (let at = 0; at < head.length; at++) frame[headStart + at] = head.charCodeAt(at);
  let offset = headStart + head.length;
  arrays.forEach((array, index) => {
    offset = align(offset);
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    swapForThisMachine(frame.subarray(offset, offset + array.byteLength), bytesOf[types[index] ?? 'uint8']);
    offset += array.byteLength;
  });
  return frame;
}

/** Reads a frame. Whatever was sent, the answer is a message or a `host/protocol-error`; the arrays are copies. */
export function decodeFrame(frame: string | Uint8Array, allowed: FrameLimits): Result<unknown> {
  const size = frame.length;
  if (size > allowed.maxBytes) return failure(protocolError(`${size} bytes are more than ${allowed.maxBytes}`));
  try {
    if (typeof frame === 'string') return restore(JSON.parse(frame), [], allowed);
    const head = readHead(frame);
    if (!isPlainObject(head)) return failure(protocolError('the head is no object'));
    const arrays = readArrays(frame, head['arrays'], allowed);
    return typeof arrays === 'string' ? failure(protocolError(arrays)) : restore(head['message'], arrays, allowed);
  } catch (error) {
    return failure(protocolError(error instanceof Error ? error.message : 'unreadable'));
  }
}

function headLength(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(4, true);
}

function readHead(frame: Uint8Array): unknown {
  if (frame.length < headStart || magic.some((byte, at) => frame[at] !== byte)) throw new Error('no frame of Convloom');
  const end = headStart + headLength(frame);
  if (end > frame.length) throw new Error('the head is longer than the frame');
  const parts: string[] = [];
  // In pieces: a call takes some tens of thousands of arguments only.
  for (let at = headStart; at < end; at += 8192) {
    const piece = frame.subarray(at, Math.min(end, at + 8192));
    if (piece.some((byte) => byte > 0x7f)) throw new Error('the head is not ASCII');
    parts.push(String.fromCharCode(...piece));
  }
  return JSON.parse(parts.join(''));
}

function readArrays(frame: Uint8Array, listed: unknown, allowed: FrameLimits): readonly NumberArray[] | string {
  if (!Array.isArray(listed)) return 'the head lists no arrays';
  if (listed.length > allowed.maxArrays) return `${listed.length} arrays are more than ${allowed.maxArrays}`;
  const plan: { readonly type: ArrayType; readonly from: number; readonly to: number }[] = [];
  let offset = headStart + headLength(frame);
  for (const entry of listed as readonly unknown[]) {
    const [type, length] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (typeof type !== 'string' || !Object.hasOwn(bytesOf, type)) return 'an array of an unknown kind';
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return 'an array of no length';
    const known = type as ArrayType;
    const from = align(offset);
    offset = from + length * bytesOf[known];
    // Before anything is allocated: a length that lies costs nothing.
    if (offset > frame.length) return 'an array is longer than the frame';
    plan.push({ type: known, from, to: offset });
  }
  if (offset !== frame.length) return `${frame.length} bytes where the head speaks of ${offset}`;
  return plan.map(({ type, from, to }) => {
    const bytes = new Uint8Array(to - from);
    bytes.set(frame.subarray(from, to));
    swapForThisMachine(bytes, bytesOf[type]);
    return arrayOf(type, bytes);
  });
}

function arrayOf(type: ArrayType, bytes: Uint8Array<ArrayBuffer>): NumberArray {
  switch (type) {
    case 'uint8':
      return bytes;
    case 'int32':
      return new Int32Array(bytes.buffer);
    case 'float32':
      return new Float32Array(bytes.buffer);
    case 'float64':
      return new Float64Array(bytes.buffer);
  }
}

/** Puts the arrays back in their places, and holds the nesting to its limit. Without recursion: the limit is what is checked. */
function restore(message: unknown, arrays: readonly NumberArray[], allowed: FrameLimits): Result<unknown> {
  const root = { message };
  const used = new Set<number>();
  const open: { readonly value: object; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (depth > allowed.maxDepth) return failure(protocolError(`nested deeper than ${allowed.maxDepth}`));
    for (const key of Object.keys(value)) {
      const child: unknown = Reflect.get(value, key);
      if (typeof child !== 'object' || child === null) continue;
      const keys = isPlainObject(child) ? Object.keys(child) : [];
      const [only = ''] = keys;
      if (keys.length !== 1 || !escapedKey.test(only)) {
        open.push({ value: child, depth: depth + 1 });
        continue;
      }
      const held: unknown = Reflect.get(child, only);
      if (only === '$array') {
        const array = typeof held === 'number' ? arrays[held] : undefined;
        if (array === undefined || typeof held !== 'number' || used.has(held)) {
          return failure(protocolError('a placeholder without an array of its own'));
        }
        used.add(held);
        replaceOwn(value, key, array);
      } else {
        const plain = { [only.slice(1)]: held };
        replaceOwn(value, key, plain);
        // Its one key is spoken for; what it holds may have placeholders again.
        if (typeof held === 'object' && held !== null) open.push({ value: plain, depth: depth + 1 });
      }
    }
  }
  if (used.size !== arrays.length) return failure(protocolError('an array that the message does not name'));
  return success(root.message);
}

/** Defined and not assigned: a message may have a field `__proto__`, and that one is a field like any other. */
function replaceOwn(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
