import { csvCell } from '../csvCell';
import type { Embedding } from './api';
import { isOfClasses } from '../schema/data';
import { formatCount } from '../text';
import { printScatter } from '../exports/figures/scatter';

type Side = 'truth' | 'given';

/** The names of the classes that a sample has, of rows with 1 at each of them. */
export function labelNames(
  { classes }: Pick<Embedding['facts'], 'classes'>,
  rows: Uint8Array,
  at: number,
): readonly string[] {
  return classes.filter((_, index) => rows[at * classes.length + index] === 1);
}

/** What is said of a sample: the name of its class, or its value, null where nobody said; for multi-label the names of all that it has. */
export function sampleWord(embedding: Embedding, side: Side, at: number): string | number | readonly string[] | null {
  const { facts, labels } = embedding;
  const { task, classes } = facts;
  if (labels !== undefined) return labelNames(facts, labels[side], at);
  const value = embedding[side][at];
  if (value === undefined || Number.isNaN(value)) return null;
  return isOfClasses(task) ? (classes[value] ?? null) : value;
}

/** For multi-label: the class that most samples have. */
export function commonestLabel({ facts: { classes }, labels }: Embedding): number {
  const counts = new Array<number>(classes.length).fill(0);
  labels?.truth.forEach((has, at) => (counts[at % counts.length] = (counts[at % counts.length] ?? 0) + has));
  return Math.max(0, counts.indexOf(Math.max(...counts)));
}

/** A plane of samples with any number of classes as one of two: those without a class, called by the first name, and those with it. */
export function byLabel(embedding: Embedding, label: number, names: readonly [string, string]): Embedding {
  const { facts, labels, ...plane } = embedding;
  if (labels === undefined) return embedding;
  const count = facts.classes.length;
  const column = (side: Side): Float32Array =>
    Float32Array.from({ length: facts.count }, (_, at) => labels[side][at * count + label] ?? NaN);
  return {
    ...plane,
    facts: { ...facts, task: 'classification', classes: names },
    truth: column('truth'),
    given: column('given'),
  };
}

/** Between the classes of a sample in one cell, as a table beside pictures has them. */
const labelSeparator = ';';

/** A line for each sample. */
export function embeddingCsv(embedding: Embedding): string {
  const { indices, places } = embedding;
  const cell = (side: Side, at: number): string | number | null => {
    const word = sampleWord(embedding, side, at);
    return typeof word === 'object' && word !== null ? word.join(labelSeparator) : word;
  };
  const lines = Array.from(indices, (index, at) =>
    [index, cell('truth', at), cell('given', at), places[2 * at], places[2 * at + 1]]
      .map((value) => csvCell(value ?? null))
      .join(','),
  );
  return ['sample,is,answer,x,y', ...lines, ''].join('\n');
}

/** What was compared, in a line. */
export function factsLine({ node, isMean, size, count, total }: Embedding['facts']): string {
  const read = isMean ? `the means of ${formatCount(size)} maps` : `${formatCount(size)} values`;
  const all = count === total ? '' : ` of ${formatCount(total)}`;
  return `${node}: ${read} of ${formatCount(count)}${all} samples`;
}

/** A picture of the plane. For multi-label it is coloured by one class, by its place. */
export function embeddingSvg(name: string, embedding: Embedding, label: number | null = null): string {
  const own = label ?? commonestLabel(embedding);
  const word = embedding.facts.classes[own] ?? '';
  const { facts, places, shares, truth, given } = byLabel(embedding, own, [`not ${word}`, word]);
  return printScatter({
    title: name,
    note: `${shares === null ? 'UMAP' : 'PCA'} of ${factsLine(facts)}`,
    ...{ places, shares, truth, given },
    classes: isOfClasses(facts.task) ? facts.classes : null,
    isScored: facts.task === 'classification',
  });
}
