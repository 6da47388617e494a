import type { MaskKeys } from './maskFile';

/**
 * A part of a picture that annotations mark, and the key that its pixels get. `rings`: closed outlines `[x0, y0, x1, y1, ...]` in pixels
 * from the top left corner of the picture, all of which are filled. `runs`: lengths of runs down the columns, first of pixels outside,
 * then of pixels inside, and so on, as COCO has them.
 */
export type Region =
  | { readonly key: number; readonly rings: readonly (readonly number[])[] }
  | { readonly key: number; readonly runs: readonly number[] };

type Size = { readonly width: number; readonly height: number };

/** Twice the area of a ring, by the shoelace formula. */
function doubleArea(ring: readonly number[]): number {
  let sum = 0;
  let x0 = ring.at(-2) ?? 0;
  let y0 = ring.at(-1) ?? 0;
  for (let at = 0; at + 1 < ring.length; at += 2) {
    const x1 = ring[at] ?? 0;
    const y1 = ring[at + 1] ?? 0;
    sum += x0 * y1 - x1 * y0;
    [x0, y0] = [x1, y1];
  }
  return Math.abs(sum);
}

/** The area of a region in pixels. */
export function areaOf(region: Region): number {
  if ('runs' in region) return region.runs.reduce((sum, run, at) => sum + (at % 2 === 1 ? run : 0), 0);
  return region.rings.reduce((sum, ring) => sum + doubleArea(ring) / 2, 0);
}

/** Whether some of a ring's box lies in the picture. */
export function isInPicture(ring: readonly number[], { width, height }: Size): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < ring.length; at += 2) {
    const [x, y] = [ring[at] ?? 0, ring[at + 1] ?? 0];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return left < width && top < height && right > 0 && bottom > 0;
}

/** Where the edges of a ring cross the middle of each row, from row `first` on. */
function crossingsOf(ring: readonly number[], height: number): { readonly first: number; readonly rows: number[][] } {
  let [top, bottom] = [Infinity, -Infinity];
  for (let at = 1; at < ring.length; at += 2) {
    top = Math.min(top, ring[at] ?? 0);
    bottom = Math.max(bottom, ring[at] ?? 0);
  }
  const first = Math.max(0, Math.ceil(top - 0.5));
  const last = Math.min(height, Math.ceil(bottom - 0.5));
  const rows = Array.from({ length: Math.max(0, last - first) }, (): number[] => []);
  let x0 = ring.at(-2) ?? 0;
  let y0 = ring.at(-1) ?? 0;
  for (let at = 0; at + 1 < ring.length; at += 2) {
    const x1 = ring[at] ?? 0;
    const y1 = ring[at + 1] ?? 0;
    // An edge has its upper end and not its lower one, so that a corner on the middle of a row is crossed once.
    const from = Math.max(first, Math.ceil(Math.min(y0, y1) - 0.5));
    const to = Math.min(last, Math.ceil(Math.max(y0, y1) - 0.5));
    for (let y = from; y < to; y++) rows[y - first]?.push(x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0));
    [x0, y0] = [x1, y1];
  }
  return { first, rows };
}

function fillRing(keys: Uint32Array, { width, height }: Size, ring: readonly number[], key: number): void {
  const { first, rows } = crossingsOf(ring, height);
  rows.forEach((crossings, row) => {
    crossings.sort((a, b) => a - b);
    const start = (first + row) * width;
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const from = Math.max(0, Math.ceil((crossings[at] ?? 0) - 0.5));
      const to = Math.min(width, Math.ceil((crossings[at + 1] ?? 0) - 0.5));
      if (to > from) keys.fill(key, start + from, start + to);
    }
  });
}

function fillRuns(keys: Uint32Array, { width, height }: Size, runs: readonly number[], key: number): void {
  let at = 0;
  runs.forEach((run, index) => {
    const end = Math.min(at + run, width * height);
    if (index % 2 === 1)
      for (let pixel = at; pixel < end; pixel++) keys[(pixel % height) * width + Math.trunc(pixel / height)] = key;
    at = end;
  });
}

/**
 * Draws regions over a ground of zeros, one after the other. A pixel belongs to a ring if its middle does, by the even-odd rule; one whose
 * middle lies on an edge belongs to what is right of it or below. The ring 1,1 3,1 3,3 1,3 has four pixels. What reaches out of the
 * picture is cut off.
 */
export function drawRegions(regions: readonly Region[], size: Size): MaskKeys {
  const keys = new Uint32Array(size.width * size.height);
  for (const region of regions) {
    if ('runs' in region) fillRuns(keys, size, region.runs, region.key);
    else for (const ring of region.rings) fillRing(keys, size, ring, region.key);
  }
  return { ...size, keys, largest: 255 };
}

/**
 * Reads the runs that COCO packs into a text: characters from '0' on, five bits each, the lowest first, with a sixth bit where more follow
 * and the fifth for the sign; from the third run on, each is the difference to the one before the last. Null for a text of another form.
 */
export function unpackRuns(packed: string): readonly number[] | null {
  const runs: number[] = [];
  for (let at = 0; at < packed.length;) {
    let value = 0;
    let bits = 0;
    let hasMore = true;
    while (hasMore) {
      const code = packed.charCodeAt(at++) - 48;
      // The end of the text gives NaN; six groups are more than the pixels of any picture.
      if (!(code >= 0 && code < 64) || bits > 30) return null;
      value += (code & 31) * 2 ** bits;
      bits += 5;
      hasMore = (code & 32) !== 0;
      if (!hasMore && (code & 16) !== 0) value -= 2 ** bits;
    }
    const run = runs.length > 2 ? value + (runs.at(-2) ?? 0) : value;
    if (run < 0) return null;
    runs.push(run);
  }
  return runs;
}
