/** Prints `labels.ts`: any number of classes for each sample, as the app parts, weighs and scores them. */
export const labelsSource = `import { threshold } from './answers.js';
import { classWeights } from './settings.js';
import type { Sample, Values } from './values.js';

/** What a field says of a class, 1 or 0; null for what says neither. */
export function yesOrNo(field: string): number | null {
  const word = field.toLowerCase();
  if (['1', '1.0', 'true', 'yes'].includes(word)) return 1;
  return ['0', '0.0', 'false', 'no'].includes(word) ? 0 : null;
}

/** A row of 0 and 1, one for each class, as a target. */
export function labelRow(row: ArrayLike<number>): Values {
  return { shape: [row.length], data: Float32Array.from(row) };
}

function countsOf(rows: ArrayLike<number>[]): number[] {
  return Array.from(rows[0] ?? [], (_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));
}

/** By what such samples are parted: each by the rarest of its classes, those without one by themselves. */
export function strataOf(rows: ArrayLike<number>[]): number[] {
  const counts = countsOf(rows);
  return rows.map((row) =>
    counts.reduce(
      (rarest, count, at) => (row[at] === 1 && count < (counts[rarest] ?? Infinity) ? at : rarest),
      counts.length,
    ),
  );
}

/** What the yes of each class of the first output counts beside its no, as settings.ts says; empty where they count the same. */
export function yesWeights(training: Sample[], classes: string[]): number[] {
  if (classWeights === 'equal') return [];
  if (classWeights !== 'balanced') {
    const own: Readonly<Record<string, number>> = classWeights;
    const unknown = Object.keys(own).find((name) => !classes.includes(name));
    if (unknown !== undefined) throw new Error(\`\${unknown} is none of the classes \${classes.join(', ')}.\`);
    return classes.map((name) => (Object.hasOwn(own, name) ? (own[name] ?? 1) : 1));
  }
  const total = training.length;
  const counts = countsOf(training.map(({ targets }) => targets[0]?.data ?? []));
  // A class that all samples have, or none, has nothing to be weighed against.
  return counts.map((count) => (count === 0 || count === total ? 1 : (total - count) / count));
}

/** Means over the classes that some sample has are null where none has any. */
export type LabelScores = {
  macroF1: number | null;
  microF1: number | null;
  meanAveragePrecision: number | null;
  exactMatch: number;
};

/** The mean of the precisions at each sample that has the class, from the surest answer down; those of one probability together. */
function averagePrecision(truth: number[], given: number[]): number {
  const order = [...given.keys()].sort((a, b) => (given[b] ?? 0) - (given[a] ?? 0));
  let [hits, total] = [0, 0];
  for (let from = 0; from < order.length;) {
    const probability = given[order[from] ?? 0];
    const before = hits;
    let to = from;
    for (; to < order.length && given[order[to] ?? 0] === probability; to += 1) hits += truth[order[to] ?? 0] ?? 0;
    total += (hits - before) * (hits / to);
    from = to;
  }
  return total / hits;
}

/** The scores of rows of 0 and 1, of which probabilities are the answers: means of F1 and average precision over classes, and exact matches. */
export function labelScores(rows: ArrayLike<number>[], answers: ArrayLike<number>[]): LabelScores {
  const classes = Array.from(rows[0] ?? [], (_, at) => {
    const [truth, given] = [rows.map((row) => row[at] ?? 0), answers.map((row) => row[at] ?? 0)];
    const said = given.map((chance) => (chance >= threshold ? 1 : 0));
    const count = truth.reduce((sum, one) => sum + one, 0);
    const both = count + said.reduce<number>((sum, one) => sum + one, 0);
    return { truth, given, count, both, hits: truth.reduce((sum, one, row) => sum + one * (said[row] ?? 0), 0) };
  });
  const known = classes.filter(({ count }) => count > 0);
  const mean = (of: (one: (typeof classes)[number]) => number): number | null =>
    known.length === 0 ? null : known.reduce((sum, one) => sum + of(one), 0) / known.length;
  const both = classes.reduce((sum, one) => sum + one.both, 0);
  const exact = rows.filter((row, at) =>
    Array.from(row).every((one, place) => one === Number((answers[at]?.[place] ?? 0) >= threshold)),
  );
  return {
    macroF1: mean(({ hits, both: all }) => (2 * hits) / all),
    microF1: both === 0 ? null : (2 * classes.reduce((sum, { hits }) => sum + hits, 0)) / both,
    meanAveragePrecision: mean(({ truth, given }) => averagePrecision(truth, given)),
    exactMatch: exact.length / Math.max(1, rows.length),
  };
}
`;
