/**
 * A map with other values at some of its keys; none is added and none taken away. To make one costs what is changed, where a copy would
 * cost what is there.
 */
class ChangedMap<K, V extends object> implements ReadonlyMap<K, V> {
  readonly base: ReadonlyMap<K, V>;
  readonly changed: ReadonlyMap<K, V>;

  constructor(base: ReadonlyMap<K, V>, changed: ReadonlyMap<K, V>) {
    this.base = base;
    this.changed = changed;
  }

  get size(): number {
    return this.base.size;
  }

  get(key: K): V | undefined {
    return this.changed.get(key) ?? this.base.get(key);
  }

  has(key: K): boolean {
    return this.base.has(key);
  }

  keys(): MapIterator<K> {
    return this.base.keys();
  }

  *values(): MapIterator<V> {
    for (const [key, value] of this.base) yield this.changed.get(key) ?? value;
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.base) yield [key, this.changed.get(key) ?? value];
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

/** Of this share of the keys on, a copy is made after all: else each next change would copy the changes before it. */
const copiedFrom = 1 / 16;

/** The map with these values in the place of its own; all keys are its own. */
export function withChanges<K, V extends object>(
  map: ReadonlyMap<K, V>,
  changes: ReadonlyMap<K, V>,
): ReadonlyMap<K, V> {
  if (changes.size === 0) return map;
  const [base, before] =
    map instanceof ChangedMap ? [map.base as ReadonlyMap<K, V>, map.changed as ReadonlyMap<K, V>] : [map, null];
  const changed = before === null ? changes : new Map([...before, ...changes]);
  if (changed.size <= base.size * copiedFrom) return new ChangedMap(base, changed);
  const copy = new Map(base);
  for (const [key, value] of changed) copy.set(key, value);
  return copy;
}
