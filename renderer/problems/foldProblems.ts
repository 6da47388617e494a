import type { Diagnostic } from '../../shared/diagnostics/diagnostic';

/** So many of one code are read one by one; what else there is of it is a line, until somebody asks. */
export const shownAtFirst = 5;
/** How many more each asking brings: a thousand rows at once would keep the window waiting. */
export const shownMore = 100;

/** A part of a list of findings: those that are shown, and how many more there are of the code of the last one. */
export type Folded = { readonly shown: readonly Diagnostic[]; readonly code: string; readonly left: number };

/**
 * Folds equal findings: those of one code stand together at the place of the first, in their order, as many as `limits` says
 * (`shownAtFirst` where it says nothing). A single one more is shown too: a line in its place would save nothing.
 */
export function foldProblems(sorted: readonly Diagnostic[], limits: ReadonlyMap<string, number>): readonly Folded[] {
  const byCode = new Map<string, Diagnostic[]>();
  for (const diagnostic of sorted) {
    const same = byCode.get(diagnostic.code);
    if (same === undefined) byCode.set(diagnostic.code, [diagnostic]);
    else same.push(diagnostic);
  }
  return [...byCode].map(([code, all]) => {
    const limit = limits.get(code) ?? shownAtFirst;
    const shown = all.length <= limit + 1 ? all : all.slice(0, limit);
    return { shown, code, left: all.length - shown.length };
  });
}
