import { stripVTControlCharacters } from 'node:util';

/**
 * What tests failed, a line each with the first line of why, so that the end of a long output says what to look at.
 */
const firstLine = (text) =>
  stripVTControlCharacters(text ?? '')
    .split('\n')
    .find((line) => line.trim() !== '') ?? '';

const lineOf = (where, titles, message) => `failed: ${where} > ${titles.join(' > ')}: ${firstLine(message).trim()}`;

/** The failed tests of Vitest's JSON report; a file that could not be loaded is one too. */
export function failedUnitTests(report) {
  return (report?.testResults ?? []).flatMap((suite) => {
    const failed = suite.assertionResults.filter(({ status }) => status === 'failed');
    if (suite.status === 'failed' && failed.length === 0)
      return [lineOf(suite.name, ['the whole file'], suite.message)];
    return failed.map(({ ancestorTitles, title, failureMessages }) =>
      lineOf(suite.name, [...ancestorTitles, title], failureMessages?.[0]),
    );
  });
}

/** The same of Playwright's JSON report, with the tests that passed only when they were tried again. */
export function failedBrowserTests(report) {
  const inSuite = ({ suites = [], specs = [] }) => [
    ...suites.flatMap(inSuite),
    ...specs.flatMap(({ title, file, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ status, results = [] }) => {
          const line = lineOf(file, [title], results.find(({ error }) => error !== undefined)?.error.message);
          return status === 'flaky' ? line.replace(/^failed/, 'passed the second time') : line;
        }),
    ),
  ];
  const atLoading = (report?.errors ?? []).map(({ message }) => lineOf('Playwright', ['start'], message));
  return [...(report?.suites ?? []).flatMap(inSuite), ...atLoading];
}
