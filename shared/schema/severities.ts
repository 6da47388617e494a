/** How bad a finding is, the worst first. An error is wrong, a warning is probably not what was meant, an info is worth knowing. */
export const severities = ['error', 'warning', 'info'] as const;

/** One of {@link severities}. */
export type Severity = (typeof severities)[number];

/** For `sort`: the worst first, and those that are equally bad as they were. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}
