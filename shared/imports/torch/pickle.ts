/** A value of a pickle. What would be made by code of Python is a `made`: the name of that code, what it would be given, and nothing run. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleMade
  | PicklePersistent;

/** A list, a tuple or a set. */
export type PickleList = { readonly type: 'list'; readonly items: PickleValue[] };
export type PickleDict = { readonly type: 'dict'; readonly entries: [key: PickleValue, value: PickleValue][] };
/** The name of a class or function: `collections.OrderedDict`. */
export type PickleGlobal = { readonly type: 'global'; readonly name: string };
/** What calling `maker` with `args` would give. `entries` were put into it, `state` was set behind that. */
export type PickleMade = {
  readonly type: 'made';
  readonly maker: string;
  readonly args: readonly PickleValue[];
  readonly entries: [key: PickleValue, value: PickleValue][];
  state: PickleValue;
};
/** What is kept outside of the pickle, by what it is known there. */
export type PicklePersistent = { readonly type: 'persistent'; readonly id: PickleValue };

/** A mark on the stack. */
const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

/** The state of a reading. */
class Reader {
  readonly stack: Slot[] = [];
  readonly memo = new Map<number, PickleValue>();
  at: number;
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    start: number,
  ) {
    this.at = start;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves on by some bytes, which must be there; gives where they begin. */
  private skip(count: number): number {
    const from = this.at;
    if (!Number.isSafeInteger(count) || count < 0 || from + count > this.bytes.length) throw new Error('it is cut off');
    this.at += count;
    return from;
  }

  u1 = (): number => this.view.getUint8(this.skip(1));
  u2 = (): number => this.view.getUint16(this.skip(2), true);
  u4 = (): number => this.view.getUint32(this.skip(4), true);
  i4 = (): number => this.view.getInt32(this.skip(4), true);
  f8 = (): number => this.view.getFloat64(this.skip(8), false);
  u8 = (): number => Number(this.view.getBigUint64(this.skip(8), true));

  raw(count: number): Uint8Array {
    const from = this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  /** UTF-8. Only ASCII names anything that is looked for; another sign stays apart from it. */
  text(count: number): string {
    const bytes = this.raw(count);
    const parts: string[] = [];
    for (let at = 0; at < bytes.length; at += 4096) {
      parts.push(String.fromCharCode(...bytes.subarray(at, at + 4096)));
    }
    const plain = parts.join('');
    try {
      return decodeURIComponent(escapeBytes(plain));
    } catch {
      return plain;
    }
  }

  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new Error('it is cut off');
    const words = this.text(end - this.at);
    this.at += 1;
    return words;
  }

  /** A whole number of any length; one that is too long to be exact is a number all the same. */
  long(count: number): number {
    if (count > 64) throw new Error('a number is too long');
    let value = 0n;
    const bytes = this.raw(count);
    for (let at = count - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
    return Number(count === 0 ? 0n : BigInt.asIntN(count * 8, value));
  }

  push(value: Slot): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === mark) throw new Error('it ends too early');
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** What lies above the last mark, which goes too. */
  popMark(): PickleValue[] {
    const from = this.stack.lastIndexOf(mark);
    if (from < 0) throw new Error('a mark is missing');
    const items = this.stack.splice(from).slice(1);
    return items.filter((item): item is PickleValue => item !== mark);
  }

  remember(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new Error('it names what is not there');
    this.stack.push(value);
  }
}

function escapeBytes(text: string): string {
  return text.replace(/[%\u0080-\u00ff]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function list(items: PickleValue[]): PickleList {
  return { type: 'list', items };
}

function pairs(items: readonly PickleValue[]): [PickleValue, PickleValue][] {
  return Array.from({ length: items.length / 2 }, (_, at) => [items[2 * at] ?? null, items[2 * at + 1] ?? null]);
}

function isKind<T extends 'list' | 'dict' | 'global' | 'made'>(
  value: PickleValue,
  type: T,
): value is Extract<PickleValue, { readonly type: T }> {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === type;
}

/** Puts entries into what is on top. */
function put(reader: Reader, entries: readonly [PickleValue, PickleValue][]): void {
  const target = reader.top();
  if (!isKind(target, 'dict') && !isKind(target, 'made')) throw new Error('it puts entries where none can be');
  target.entries.push(...entries);
}

function append(reader: Reader, items: readonly PickleValue[]): void {
  const target = reader.top();
  if (isKind(target, 'list')) target.items.push(...items);
  else if (!isKind(target, 'made')) throw new Error('it appends where nothing can be');
}

function make(reader: Reader): void {
  const args = reader.pop();
  const maker = reader.pop();
  const name = isKind(maker, 'global') ? maker.name : '?';
  reader.push({ type: 'made', maker: name, args: isKind(args, 'list') ? args.items : [], entries: [], state: null });
}

function named(reader: Reader, module: PickleValue, name: PickleValue): void {
  const words = [module, name].map((one) => (typeof one === 'string' ? one : '?'));
  reader.push({ type: 'global', name: words.join('.') });
}

const code = (character: string): number => character.charCodeAt(0);

/** What each opcode does; those of Python that are not here end the reading. */
const opcodes = new Map<number, (reader: Reader) => void>([
  [0x80, (r) => void r.u1()],
  [0x95, (r) => void r.u8()],
  [code('('), (r) => r.push(mark)],
  [code('0'), (r) => void r.stack.pop()],
  [code('1'), (r) => void r.popMark()],
  [code('2'), (r) => r.push(r.top())],
  [code('N'), (r) => r.push(null)],
  [0x88, (r) => r.push(true)],
  [0x89, (r) => r.push(false)],
  [code('I'), (r) => readInteger(r)],
  [code('J'), (r) => r.push(r.i4())],
  [code('K'), (r) => r.push(r.u1())],
  [code('M'), (r) => r.push(r.u2())],
  [code('L'), (r) => r.push(Number(r.line().replace(/L$/, '')))],
  [0x8a, (r) => r.push(r.long(r.u1()))],
  [0x8b, (r) => r.push(r.long(r.i4()))],
  [code('F'), (r) => r.push(Number(r.line()))],
  [code('G'), (r) => r.push(r.f8())],
  [code('V'), (r) => r.push(r.line())],
  [code('U'), (r) => r.push(r.text(r.u1()))],
  [code('T'), (r) => r.push(r.text(r.i4()))],
  [code('X'), (r) => r.push(r.text(r.u4()))],
  [0x8c, (r) => r.push(r.text(r.u1()))],
  [0x8d, (r) => r.push(r.text(r.u8()))],
  [code('C'), (r) => r.push(r.raw(r.u1()))],
  [code('B'), (r) => r.push(r.raw(r.u4()))],
  [0x8e, (r) => r.push(r.raw(r.u8()))],
  [code(']'), (r) => r.push(list([]))],
  [code(')'), (r) => r.push(list([]))],
  [0x8f, (r) => r.push(list([]))],
  [code('}'), (r) => r.push({ type: 'dict', entries: [] })],
  [code('l'), (r) => r.push(list(r.popMark()))],
  [code('t'), (r) => r.push(list(r.popMark()))],
  [0x91, (r) => r.push(list(r.popMark()))],
  [0x85, (r) => r.push(list([r.pop()]))],
  [0x86, (r) => r.push(list([r.pop(), r.pop()].reverse()))],
  [0x87, (r) => r.push(list([r.pop(), r.pop(), r.pop()].reverse()))],
  [code('d'), (r) => r.push({ type: 'dict', entries: pairs(r.popMark()) })],
  [code('a'), (r) => appendOne(r)],
  [code('e'), (r) => appendMany(r)],
  [0x90, (r) => appendMany(r)],
  [code('s'), (r) => putOne(r)],
  [code('u'), (r) => putMany(r)],
  [code('q'), (r) => r.remember(r.u1())],
  [code('r'), (r) => r.remember(r.u4())],
  [0x94, (r) => r.remember(r.memo.size)],
  [code('p'), (r) => r.remember(Number(r.line()))],
  [code('h'), (r) => r.recall(r.u1())],
  [code('j'), (r) => r.recall(r.u4())],
  [code('g'), (r) => r.recall(Number(r.line()))],
  [code('c'), (r) => named(r, r.line(), r.line())],
  [0x93, (r) => namedOnStack(r)],
  [code('R'), (r) => make(r)],
  [0x81, (r) => make(r)],
  [code('b'), (r) => build(r)],
  [code('Q'), (r) => r.push({ type: 'persistent', id: r.pop() })],
]);

function readInteger(reader: Reader): void {
  const words = reader.line();
  reader.push(words === '00' ? false : words === '01' ? true : Number(words));
}

function appendOne(reader: Reader): void {
  const item = reader.pop();
  append(reader, [item]);
}

function appendMany(reader: Reader): void {
  const items = reader.popMark();
  append(reader, items);
}

function putOne(reader: Reader): void {
  const value = reader.pop();
  const key = reader.pop();
  put(reader, [[key, value]]);
}

function putMany(reader: Reader): void {
  const items = reader.popMark();
  put(reader, pairs(items));
}

function namedOnStack(reader: Reader): void {
  const name = reader.pop();
  named(reader, reader.pop(), name);
}

function build(reader: Reader): void {
  const state = reader.pop();
  const target = reader.top();
  if (isKind(target, 'made')) target.state = state;
}

const stop = code('.');

/**
 * Reads a pickle as data: nothing that it names is looked up, and nothing runs. Gives its value, and where it ends. Throws an Error in
 * words where the bytes are no pickle, are cut off, or use what files of tensors do not.
 */
export function readPickle(bytes: Uint8Array, start = 0): { readonly value: PickleValue; readonly end: number } {
  const reader = new Reader(bytes, start);
  for (;;) {
    const opcode = reader.u1();
    if (opcode === stop) return { value: reader.pop(), end: reader.at };
    const act = opcodes.get(opcode);
    if (act === undefined) throw new Error(`opcode ${opcode} is not known`);
    act(reader);
  }
}
