import { createRandom } from '../../../shared/ops/random';
import type { Random } from '../../../shared/ops/random';

/** Any JSON value, to be changed in place. */
type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

const nastyTexts = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '\u0000',
  '\ud800',
  '\u001b[31m',
  '../../etc/passwd',
  '=1+1',
  '</script>',
  '卷积',
  'x'.repeat(300),
  'x'.repeat(20_000),
  'a/b',
  'block',
  'port',
  'input',
  'conv',
  'same',
  'floor',
];
const nastyNumbers = [
  0,
  -0,
  -1,
  1,
  2,
  3,
  0.5,
  255,
  256,
  4096,
  65_536,
  2 ** 31,
  2 ** 53,
  -(2 ** 31),
  1e9,
  1e300,
  1e-300,
];

export type Dice = {
  readonly random: Random;
  below(count: number): number;
  of<T>(values: readonly T[]): T;
};

export function createDice(seed: number): Dice {
  const random = createRandom(seed);
  const below = (count: number): number => Math.floor(random.uniform() * count);
  return {
    random,
    below,
    of: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('There is nothing to choose from.');
      return value;
    },
  };
}

function nastyValue(dice: Dice): Value {
  return dice.of<() => Value>([
    () => null,
    () => dice.of([true, false]),
    () => dice.of(nastyNumbers),
    () => dice.of(nastyTexts),
    () => [],
    () => ({}),
    () => Array.from({ length: dice.below(6) }, () => dice.of(nastyNumbers)),
    () => ({ [dice.of(nastyTexts)]: dice.of(nastyNumbers) }),
    () => ({ param: dice.of(nastyTexts) }),
  ])();
}

/** A place within a value: what holds it, and under which key. */
type Place = { readonly holder: Value[] | { [key: string]: Value }; readonly key: string | number };

function placesIn(value: Value, places: Place[] = []): readonly Place[] {
  // The bytes of a message are no part of its structure.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return places;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    places.push({ holder: value, key });
    placesIn((value as Record<string | number, Value>)[key] ?? null, places);
  }
  return places;
}

const read = ({ holder, key }: Place): Value => (holder as Record<string | number, Value>)[key] ?? null;

function write({ holder, key }: Place, value: Value): void {
  // As a parser puts it: an own property even where the name is one that every object has.
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function isText(value: Value): value is string {
  return typeof value === 'string';
}

/** Changes one thing about a value in the way in which hands, programs and merges get documents wrong. */
function mutateOnce(root: Value, dice: Dice): void {
  const places = placesIn(root);
  if (places.length === 0) return;
  const place = dice.of(places);
  const value = read(place);
  dice.of<() => void>([
    () => write(place, nastyValue(dice)),
    () => {
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
      else Reflect.deleteProperty(place.holder, place.key);
    },
    // Twice the same, as an edge, a node, or a letter.
    () => {
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 0, structuredClone(value));
      else write({ holder: place.holder, key: `${place.key}2` }, structuredClone(value));
    },
    () => {
      if (Array.isArray(place.holder)) place.holder.reverse();
    },
    // A value from elsewhere in the document: names that meet, wires in circles, blocks in themselves.
    () => write(place, structuredClone(read(dice.of(places)))),
    () => {
      const texts = places.filter((other) => isText(read(other)));
      if (texts.length > 1) write(dice.of(texts), read(dice.of(texts)));
    },
    () => {
      if (typeof value === 'number') write(place, dice.of([value + 1, value - 1, -value, value * 1000, value / 3]));
      else write(place, nastyValue(dice));
    },
    () => {
      if (Array.isArray(place.holder)) return;
      const { [place.key]: moved = null } = place.holder;
      Reflect.deleteProperty(place.holder, place.key);
      write({ holder: place.holder, key: dice.of(nastyTexts) }, moved);
    },
  ])();
}

/** A copy of a value with one to five things changed. */
export function mutateValue(value: unknown, dice: Dice): unknown {
  const root: { all: Value } = { all: structuredClone(value) as Value };
  for (let count = 1 + dice.below(5); count > 0; count--) mutateOnce(root.all, dice);
  return root.all;
}

/** A copy of bytes with one to eight things changed: bits, lengths, parts that are missing, twice there, or of another file. */
export function mutateBytes(bytes: Uint8Array, dice: Dice): Buffer {
  let changed = Buffer.from(bytes);
  for (let count = 1 + dice.below(8); count > 0 && changed.length > 0; count--) {
    const at = dice.below(changed.length);
    const length = 1 + dice.below(Math.min(64, changed.length - at));
    dice.of<() => void>([
      () => (changed[at] = dice.below(256)),
      () => (changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8))),
      () => changed.fill(dice.of([0, 0xff, 0x7f, 0x80, 0x30]), at, at + length),
      () => (changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)])),
      () => (changed = Buffer.concat([changed.subarray(0, at + length), changed.subarray(at)])),
      () => (changed = changed.subarray(0, at)),
      // A length, wherever one may stand.
      () => {
        if (at + 4 <= changed.length) changed.writeUInt32LE(dice.of([0, 1, 0x7fffffff, 0xffffffff, 1 << 24]), at);
      },
      () => {
        if (at + 4 <= changed.length) changed.writeUInt32BE(dice.of([0, 1, 0x7fffffff, 0xffffffff, 1 << 24]), at);
      },
    ])();
  }
  return changed;
}
