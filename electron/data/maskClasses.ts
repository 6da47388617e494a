import { ignoredLabel } from '../../shared/compile/losses';
import { crowdsIgnored } from '../../shared/diagnostics/catalog/annotations';
import {
  badMaskTable,
  maskPixelsIgnored,
  maskValuesNumbered,
  maskValuesUnknown,
} from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { LabelValue } from '../../shared/host/api';
import { ignoredWord, parseMaskValues, writeMaskValues } from '../../shared/schema/maskValues';
import { keyName } from './maskFile';

/** How the values found in a set's masks become classes. */
export type MaskClasses = {
  /** From a value to its class, or to {@link ignoredLabel}. */
  readonly classOf: ReadonlyMap<number, number>;
  readonly names: readonly string[];
  readonly hasIgnored: boolean;
  readonly notes: readonly Diagnostic[];
};

/** Whether values fill at least half of 0 to the largest: then they are class numbers as they are. */
function areDense(values: readonly number[]): boolean {
  return values.length * 2 > (values.at(-1) ?? 0);
}

/** The value that means "no class", of values in ascending order; null where none does. */
function ignoredOf(values: readonly number[], largestOfDepth: number): number | null {
  const last = values.at(-1);
  if (last === undefined || values.length <= 2) return null;
  const isKeptDeeper = last === ignoredLabel && areDense(values.slice(0, -1));
  return last === largestOfDepth || isKeptDeeper ? last : null;
}

/**
 * Makes classes of the values that masks hold (`counts`: pixels by value).
 * - The largest value of the depth (255, or 65,535 of 16 bits) beside two others or more means "no class", as in Pascal VOC; so does 255
 *   beside class numbers in masks of 16 bits, as such masks are often kept. Beside one other it is the other half of a black and white mask.
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
  const ignored = ignoredOf(values, largestOfDepth);
  const kept = ignored === null ? values : values.slice(0, -1);
  const largest = kept.at(-1) ?? 0;
  const room = ignored === null ? ignoredLabel + 1 : ignoredLabel;
  const arePlain = largest < room && (areDense(kept) || given.length > largest);
  const length = given.length > largest ? Math.min(given.length, room) : largest + 1;
  const keys = arePlain ? Array.from({ length }, (_, key) => key) : kept;
  const classOf = new Map(keys.map((key, index) => [key, index]));
  const names = keys.map((key, index) => given[index] || keyName(key));
  const rows = [
    ...kept.map((key, index) => ({ value: keyName(key), word: String(index) })),
    ...(ignored === null ? [] : [{ value: keyName(ignored), word: ignoredWord }]),
  ];
  const notes = arePlain ? [] : [maskValuesNumbered(kept.map(keyName), writeMaskValues(rows))];
  if (ignored === null) return { classOf, names, hasIgnored: false, notes };
  return {
    classOf: classOf.set(ignored, ignoredLabel),
    names,
    hasIgnored: true,
    notes: [...notes, maskPixelsIgnored(ignored, (counts.get(ignored) ?? 0) / total(counts))],
  };
}

/** The classes of masks whose every value is a class by its number, or {@link ignoredLabel}, which crowds have. */
export function classesByNumber(
  counts: ReadonlyMap<number, number>,
  _largestOfDepth: number,
  names: readonly string[],
): MaskClasses {
  const ignored = counts.get(ignoredLabel) ?? 0;
  const classOf = new Map(names.map((_, index) => [index, index]));
  return {
    classOf: classOf.set(ignoredLabel, ignoredLabel),
    names,
    hasIgnored: ignored > 0,
    notes: ignored > 0 ? [crowdsIgnored(ignored / total(counts))] : [],
  };
}

function total(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** The classes that a table of mask values gives. Values that it leaves out are refused: nobody has said what they are. */
export function classesByTable(
  counts: ReadonlyMap<number, number>,
  source: string,
  given: readonly string[],
): Result<MaskClasses> {
  const table = parseMaskValues(source);
  if (table === null) return failure(badMaskTable(source));
  const values = [...counts.keys()].sort((a, b) => a - b);
  const unknown = values.filter((value) => !table.classOf.has(keyName(value)));
  if (unknown.length > 0) {
    const share = unknown.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0) / total(counts);
    const rows = unknown.map((value) => ({ value: keyName(value), word: ignoredWord }));
    return failure(maskValuesUnknown(unknown.map(keyName), share, `${source}, ${writeMaskValues(rows)}`));
  }
  const classOf = new Map(values.map((value) => [value, table.classOf.get(keyName(value)) ?? ignoredLabel]));
  const nameOf = (index: number): string =>
    [...table.classOf].find(([, classIndex]) => classIndex === index)?.[0] ?? String(index);
  return success({
    classOf,
    names: table.names.map((name, index) => name ?? (given[index] || nameOf(index))),
    // Whatever these masks hold: others that are read by the same table may have pixels of no class.
    hasIgnored: [...table.classOf.values()].includes(null),
    notes: [],
  });
}

/** What the masks of a set hold, value by value. */
export function labelValuesOf(
  counts: ReadonlyMap<number, number>,
  { classOf }: Pick<MaskClasses, 'classOf'>,
): readonly LabelValue[] {
  const all = Math.max(1, total(counts));
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([value, count]) => {
      const classIndex = classOf.get(value) ?? ignoredLabel;
      return {
        value: keyName(value),
        share: count / all,
        classIndex: classIndex === ignoredLabel ? null : classIndex,
      };
    });
}
