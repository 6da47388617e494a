import { moreAlike } from '../diagnostics/catalog/analysis';
import type { Diagnostic } from '../diagnostics/diagnostic';

/** Findings of one code that are told one by one: more of them are a list that nobody reads, and time that everybody waits. */
export const mostAlike = 2_000;

/** The findings in their order, those of one code beyond {@link mostAlike} as one that counts them. Linear. */
export function summarizeAlike(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const told = new Map<string, number>();
  const kept: Diagnostic[] = [];
  for (const finding of findings) {
    const number = (told.get(finding.code) ?? 0) + 1;
    told.set(finding.code, number);
    if (number <= mostAlike) kept.push(finding);
    const count = counts.get(finding.code) ?? 0;
    if (number === mostAlike && count > mostAlike) kept.push(moreAlike(finding, count - mostAlike));
  }
  return kept.length === findings.length ? findings : kept;
}
