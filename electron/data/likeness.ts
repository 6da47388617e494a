import { createHash } from 'node:crypto';
import { convertChannels, resizeImage } from './resize';
import type { Pixels } from './resize';

/** What pictures are compared by. */
export type Likeness = {
  /** 64 comparisons of neighbours, brighter or darker (dHash): equal for a picture that was only resized or saved again. */
  readonly hash: readonly [low: number, high: number];
  /** 16x16 of grey, less their mean, of length 1; null for a picture of one colour, which is like any other such. */
  readonly grey: Float32Array | null;
  readonly mean: number;
};

const side = 16;
/** Bits of the hash that may differ: more, and other pictures of one kind are taken for the same. */
const mostBits = 3;
/** With so many bits and one part more than that, some part of the hash is the same. */
const bands = mostBits + 1;
const bandBits = 64 / bands;
/** How alike the greys must be besides, and how near their means. */
const leastCorrelation = 0.99;
const mostMeanGap = 24;
/** Of pictures that have a part of their hash in common, so many are compared with each: pictures that are all alike end no search. */
const mostCompared = 64;

/** The digest of a sample that is no file. */
export function digestOfSample(values: ArrayBufferView, labels: ArrayBufferView): string {
  const hash = createHash('sha1');
  for (const { buffer, byteOffset, byteLength } of [values, labels])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('base64');
}

/** What a picture is compared by. */
export function likenessOf(picture: Pixels): Likeness {
  const grey = convertChannels(picture, 1);
  const { data } = resizeImage(grey, 8, 9);
  const hash: [number, number] = [0, 0];
  for (let bit = 0; bit < 64; bit++) {
    const at = (bit >> 3) * 9 + (bit & 7);
    if ((data[at] ?? 0) < (data[at + 1] ?? 0)) hash[bit >> 5] = (hash[bit >> 5] ?? 0) | (1 << (bit & 31));
  }
  const small = Float32Array.from(resizeImage(grey, side, side).data);
  const mean = small.reduce((sum, value) => sum + value, 0) / small.length;
  let length = 0;
  for (let at = 0; at < small.length; at++) {
    small[at] = (small[at] ?? 0) - mean;
    length += (small[at] ?? 0) ** 2;
  }
  length = Math.sqrt(length);
  // A deviation of one step of grey is what saving leaves.
  if (length < side) return { hash, grey: null, mean };
  return { hash, grey: small.map((value) => value / length), mean };
}

function countBits(value: number): number {
  let rest = value >>> 0;
  let count = 0;
  for (; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function areAlike(a: Likeness, b: Likeness): boolean {
  if (a.grey === null || b.grey === null || Math.abs(a.mean - b.mean) > mostMeanGap) return false;
  if (countBits(a.hash[0] ^ b.hash[0]) + countBits(a.hash[1] ^ b.hash[1]) > mostBits) return false;
  let correlation = 0;
  for (let at = 0; at < a.grey.length; at++) correlation += (a.grey[at] ?? 0) * (b.grey[at] ?? 0);
  return correlation >= leastCorrelation;
}

function bandOf({ hash }: Likeness, band: number): number {
  const word = hash[band < bands / 2 ? 0 : 1];
  return ((word >>> ((band % (bands / 2)) * bandBits)) & (2 ** bandBits - 1)) + band * 2 ** bandBits;
}

/**
 * For each of `scored` one of `trained` that looks the same, by their places; nothing for most. The work grows with the number of pictures
 * and not with its square: only those are compared that have a part of their hash in common.
 */
export function findAlike(
  trained: readonly Likeness[],
  scored: readonly Likeness[],
  isSame: (trained: number, scored: number) => boolean,
): readonly { readonly trained: number; readonly scored: number }[] {
  const buckets = new Map<number, number[]>();
  trained.forEach((likeness, index) => {
    if (likeness.grey === null) return;
    for (let band = 0; band < bands; band++) {
      const key = bandOf(likeness, band);
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [index]);
      else bucket.push(index);
    }
  });
  const partnerOf = (likeness: Likeness, index: number): number | undefined => {
    for (let band = 0; band < bands; band++) {
      const bucket = buckets.get(bandOf(likeness, band)) ?? [];
      const found = bucket.slice(0, mostCompared).find((other) => {
        const candidate = trained[other];
        return candidate !== undefined && areAlike(candidate, likeness) && !isSame(other, index);
      });
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return scored.flatMap((likeness, index) => {
    const partner = likeness.grey === null ? undefined : partnerOf(likeness, index);
    return partner === undefined ? [] : [{ trained: partner, scored: index }];
  });
}
