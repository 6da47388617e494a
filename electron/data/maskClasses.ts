import { ignoredLabel } from '../../shared/compile/losses';
import { maskPixelsIgnored, maskValuesNumbered } from '../../shared/diagnostics/catalog/data';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { keyName } from './maskFile';

/** How the values found in a set's masks become classes. */
export type MaskClasses = {
  /** From a value to its class, or to {@link ignoredLabel}. */
  readonly classOf: ReadonlyMap<number, number>;
  readonly names: readonly string[];
  readonly hasIgnored: boolean;
  readonly notes: readonly Diagnostic[];
};

/**
 * Makes classes of the values that masks hold (`counts`: pixels by value).
 * - The largest value of the depth (255, or 65,535 of 16 bits) beside two others or more means "no class", as in Pascal VOC; beside one
 *   other it is the other half of a black and white mask.
 * - Values that fill at least half of 0 to the largest are class numbers as they are, and so are all where `given`, the lines of
 *   classes.txt, reaches the largest: then each line is a class.
 * - Any others are numbered in ascending order: 0, 20, 40, 60 are four classes.
 */
export function classesOfValues(
  counts: ReadonlyMap<number, number>,
  largestOfDepth: number,
  given: readonly string[],
): MaskClasses {
  const values = [...counts.keys()].sort((a, b) => a - b);
  const ignored = values.length > 2 && values.at(-1) === largestOfDepth ? largestOfDepth : null;
  const kept = ignored === null ? values : values.slice(0, -1);
  const largest = kept.at(-1) ?? 0;
  const room = ignored === null ? ignoredLabel + 1 : ignoredLabel;
  const arePlain = largest < room && (kept.length * 2 > largest || given.length > largest);
  const length = given.length > largest ? Math.min(given.length, room) : largest + 1;
  const keys = arePlain ? Array.from({ length }, (_, key) => key) : kept;
  const classOf = new Map(keys.map((key, index) => [key, index]));
  const names = keys.map((key, index) => given[index] || keyName(key));
  const notes = arePlain ? [] : [maskValuesNumbered(kept.map(keyName))];
  if (ignored === null) return { classOf, names, hasIgnored: false, notes };
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    classOf: classOf.set(ignored, ignoredLabel),
    names,
    hasIgnored: true,
    notes: [...notes, maskPixelsIgnored(ignored, (counts.get(ignored) ?? 0) / total)],
  };
}
