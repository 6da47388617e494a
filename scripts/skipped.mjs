/**
 * What tests were skipped, grouped by why. A test that cannot run here says why in its title or in that of a group around it:
 * `the engine (skipped: it is not installed)`; tests/support/skip.ts writes it so.
 */
const inTitle = /\(skipped: (.*)\)$/s;

/** The reason in the first title that has one, from the outermost group to the test. */
export function reasonIn(titles) {
  for (const title of titles) {
    const reason = inTitle.exec(title)?.[1];
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The skipped tests of Vitest's JSON report, each as its reason, or its own name where it gives none. */
export function skippedUnitTests(report) {
  return (report?.testResults ?? []).flatMap((suite) =>
    suite.assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
      .map(({ ancestorTitles, title }) => reasonIn([...ancestorTitles, title]) ?? noReason([...ancestorTitles, title])),
  );
}

/** The same of Playwright's JSON report, where a reason is an annotation. */
export function skippedBrowserTests(report) {
  const inSuite = ({ suites = [], specs = [] }) => [
    ...suites.flatMap(inSuite),
    ...specs.flatMap(({ title, tests }) =>
      tests
        .filter(({ status }) => status === 'skipped')
        .map(({ annotations, projectName }) => {
          const reason = annotations.find(({ type, description }) => type === 'skip' && description)?.description;
          return reason ?? noReason([projectName, title]);
        }),
    ),
  ];
  return (report?.suites ?? []).flatMap(inSuite);
}

function noReason(titles) {
  return `no reason given: ${titles.join(' > ')}`;
}

/** One line for each reason, the commonest first. */
export function skippedLines(reasons) {
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} skipped: ${reason.replace(/\s+/g, ' ')}`);
}
