/** What a mask's value is written as where its pixels belong to no class. */
export const ignoredWord = 'ignore';

/** A table from the values of masks (as they are called: `29`, `#ff0000`) to classes; null: the pixels belong to none. */
export type MaskTable = {
  readonly classOf: ReadonlyMap<string, number | null>;
  /** Names of the classes; null for one that is only numbered. */
  readonly names: readonly (string | null)[];
};

/** Classes that a table may number: a byte, less the label of no class. */
const maxClass = 254;

/**
 * Reads `0=0, 29=1, 255=ignore`. Classes that are all whole numbers are numbers; else all are names, numbered in the order in which
 * they come. Null for a text of another form, or without any class.
 */
export function parseMaskValues(source: string): MaskTable | null {
  const pairs: (readonly [value: string, word: string])[] = [];
  for (const part of source.split(/[,，]/)) {
    const at = part.indexOf('=');
    const [value, word] = [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
    if (at < 0 || word === '' || !/^(\d{1,5}|#[0-9a-f]{6})$/.test(value)) return null;
    if (pairs.some(([other]) => other === value)) return null;
    pairs.push([value, word]);
  }
  const words = pairs.flatMap(([, word]) => (word === ignoredWord ? [] : [word]));
  if (words.length === 0) return null;
  const areNumbers = words.every((word) => /^\d{1,3}$/.test(word));
  const order = [...new Set(words)];
  const indexOf = (word: string): number => (areNumbers ? Number(word) : order.indexOf(word));
  const count = Math.max(...words.map(indexOf)) + 1;
  if (count > maxClass + 1) return null;
  return {
    classOf: new Map(pairs.map(([value, word]) => [value, word === ignoredWord ? null : indexOf(word)])),
    names: Array.from({ length: count }, (_, index) => (areNumbers ? null : (order[index] ?? null))),
  };
}

/** Writes a table as {@link parseMaskValues} reads it. */
export function writeMaskValues(rows: readonly { readonly value: string; readonly word: string }[]): string {
  return rows.map(({ value, word }) => `${value}=${word}`).join(', ');
}
