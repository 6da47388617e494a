import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { printScatter } from '../../shared/exports/figures/scatter';
import { csvCell } from '../../shared/csvCell';
import type { Embedding } from '../../shared/host/api';
import { isOfClasses } from '../../shared/schema/data';
import { formatCount } from '../../shared/text';
import { npyOf } from '../data/npyFormat';
import { storedZip } from '../files/zip';

/** What files an embedding is written to, by how their names end. */
export const embeddingForms = ['csv', 'npz', 'svg'] as const;
export type EmbeddingForm = (typeof embeddingForms)[number];

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

/** Places, features and what each sample is, as NumPy reads them: `numpy.load(FILE)['features']`. */
export async function embeddingNpz({ facts, indices, places, truth, given, features }: Embedding): Promise<Uint8Array> {
  const { count, size } = facts;
  const arrays = {
    samples: npyOf({ shape: [count], values: indices }),
    places: npyOf({ shape: [count, 2], values: places }),
    truth: npyOf({ shape: [count], values: truth }),
    given: npyOf({ shape: [count], values: given }),
    ...(features === undefined ? {} : { features: npyOf({ shape: [count, size], values: features }) }),
  };
  const files = Object.entries(arrays).map(
    ([name, bytes]) => [`${name}.npy`, { byteLength: bytes.length, pieces: () => [bytes] }] as const,
  );
  return await buffer(Readable.from(storedZip(new Map(files))));
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
