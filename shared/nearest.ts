import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a mistyped word most likely means, or null when none is near: at most a third of its letters may differ
 * (Levenshtein distance), and case does not count. What counts as near is our own; the library's `closest` always finds one.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits <= limit && edits < bestDistance) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
}
