import { csvCell } from '../csvCell';
import type { Embedding } from './api';
import { isOfClasses } from '../schema/data';
import { formatCount } from '../text';
import { printScatter } from '../exports/figures/scatter';

/** What a number says of a sample: the name of its class, or its value; null where nobody said. */
export function sampleWord({ facts: { task, classes } }: Pick<Embedding, 'facts'>, value: number | undefined) {
  if (value === undefined || Number.isNaN(value)) return null;
  return isOfClasses(task) ? (classes[value] ?? null) : value;
}

/** A line for each sample. */
export function embeddingCsv(embedding: Embedding): string {
  const { indices, places, truth, given } = embedding;
  const lines = Array.from(indices, (index, at) =>
    [index, sampleWord(embedding, truth[at]), sampleWord(embedding, given[at]), places[2 * at], places[2 * at + 1]]
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

/** A picture of the plane. */
export function embeddingSvg(name: string, embedding: Embedding): string {
  const { facts, places, shares, truth, given } = embedding;
  return printScatter({
    title: name,
    note: `${shares === null ? 'UMAP' : 'PCA'} of ${factsLine(facts)}`,
    ...{ places, shares, truth, given },
    classes: isOfClasses(facts.task) ? facts.classes : null,
    isScored: facts.task === 'classification',
  });
}
