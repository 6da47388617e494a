import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { Embedding } from '../../shared/host/api';
import { npyOf } from '../data/npyFormat';
import { storedZip } from '../files/zip';

/** What files an embedding is written to, by how their names end. */
export const embeddingForms = ['csv', 'npz', 'svg'] as const;
export type EmbeddingForm = (typeof embeddingForms)[number];

/** Places, features and what each sample is, as NumPy reads them: `numpy.load(FILE)['features']`. */
export async function embeddingNpz(embedding: Embedding): Promise<Uint8Array> {
  const { facts, indices, places, truth, given, labels, features } = embedding;
  const { count, size, classes } = facts;
  const said = { shape: labels === undefined ? [count] : [count, classes.length] };
  const arrays = {
    samples: npyOf({ shape: [count], values: indices }),
    places: npyOf({ shape: [count, 2], values: places }),
    truth: npyOf({ ...said, values: labels?.truth ?? truth }),
    given: npyOf({ ...said, values: labels?.given ?? given }),
    ...(features === undefined ? {} : { features: npyOf({ shape: [count, size], values: features }) }),
  };
  const files = Object.entries(arrays).map(
    ([name, bytes]) => [`${name}.npy`, { byteLength: bytes.length, pieces: () => [bytes] }] as const,
  );
  return await buffer(Readable.from(storedZip(new Map(files))));
}
