import type { Json } from '../../schema/document';
import { deepEqual } from '../equal';

/** Something as it was before two people changed it, and as each of them left it. Undefined where it is not there. */
export type Sides<T> = { readonly base: T | undefined; readonly ours: T | undefined; readonly theirs: T | undefined };

/** What both agree on: what one side changed alone, or both alike. Null where each changed it its own way. */
export function agreed<T>({ base, ours, theirs }: Sides<T>): { readonly value: T | undefined } | null {
  if (deepEqual(ours, base)) return { value: theirs };
  if (deepEqual(theirs, base) || deepEqual(ours, theirs)) return { value: ours };
  return null;
}

/** One field of each side. */
export function fieldOf<T, K extends keyof T>(
  { base, ours, theirs }: Sides<T>,
  name: K,
): Sides<Exclude<T[K], undefined>>;
export function fieldOf<T, K extends keyof T>({ base, ours, theirs }: Sides<T>, name: K): Sides<T[K]> {
  return { base: base?.[name], ours: ours?.[name], theirs: theirs?.[name] };
}

type Fields = { readonly [name: string]: Json };

/** Fields merged one by one. Those that both changed stay ours, and are told to `conflict`. */
export function mergedFields(sides: Sides<Fields>, conflict: (name: string, sides: Sides<Json>) => void): Fields {
  const settled = agreed(sides);
  if (settled !== null) return settled.value ?? {};
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(
    (side) => new Map(Object.entries(side ?? {})),
  );
  const fields: [string, Json][] = [];
  for (const name of new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
    const field = { base: base?.get(name), ours: ours?.get(name), theirs: theirs?.get(name) };
    const own = agreed(field);
    if (own === null) conflict(name, field);
    const { value } = own ?? { value: field.ours };
    if (value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

/**
 * Keys in one order: that of the side that changed the order, ours where both did; what the other side alone has comes behind what it
 * stands behind there.
 */
export function mergedOrder({ base = [], ours = [], theirs = [] }: Sides<readonly string[]>): readonly string[] {
  const [first, second] = deepEqual(ours, base) ? [theirs, ours] : [ours, theirs];
  const known = new Set(first);
  const behind = new Map<string | null, string[]>();
  let before: string | null = null;
  for (const key of second) {
    if (known.has(key)) {
      before = key;
      continue;
    }
    const list = behind.get(before);
    if (list === undefined) behind.set(before, [key]);
    else list.push(key);
  }
  // Behind everything where the two have nothing in common.
  const [leading, trailing] = before === null ? [[], behind.get(null)] : [behind.get(null), []];
  return [...(leading ?? []), ...first.flatMap((key) => [key, ...(behind.get(key) ?? [])]), ...(trailing ?? [])];
}
