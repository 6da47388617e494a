import { describe, expect, it } from 'vitest';

type Failed = {
  readonly failedUnitTests: (report: object | undefined) => readonly string[];
  readonly failedBrowserTests: (report: object | undefined) => readonly string[];
};
// Plain JavaScript, because it runs before anything is installed.
const { failedUnitTests, failedBrowserTests } = (await import(
  new URL('../../../scripts/failed.mjs', import.meta.url).href
)) as Failed;

describe('the summary of failed tests', () => {
  it('names each with the first line of why, and files that cannot be loaded', () => {
    const failed = {
      status: 'failed',
      ancestorTitles: ['ops'],
      title: 'adds',
      failureMessages: ['\u001b[31mError: 2 is not 3\u001b[0m\n    at here'],
    };
    const passed = { status: 'passed', ancestorTitles: [], title: 'works', failureMessages: [] };
    expect(
      failedUnitTests({
        testResults: [
          { name: 'a.test.ts', status: 'failed', assertionResults: [passed, failed] },
          { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
          { name: 'c.test.ts', status: 'failed', message: 'the worker ran out of memory', assertionResults: [passed] },
        ],
      }),
    ).toEqual([
      'failed: a.test.ts > ops > adds: Error: 2 is not 3',
      'failed: b.test.ts > the whole file: no such module',
      'failed: c.test.ts > the whole file: the worker ran out of memory',
    ]);
  });

  it('tells those that passed the second time from those that failed twice', () => {
    const results = [{ error: { message: 'timed out' } }, {}];
    const specs = [
      { title: 'opens', file: 'open.spec.ts', tests: [{ status: 'unexpected', results }] },
      { title: 'saves', file: 'save.spec.ts', tests: [{ status: 'flaky', results }] },
      { title: 'closes', file: 'close.spec.ts', tests: [{ status: 'expected', results: [{}] }] },
    ];
    expect(failedBrowserTests({ suites: [{ suites: [{ specs }] }], errors: [{ message: 'no browser' }] })).toEqual([
      'failed: open.spec.ts > opens: timed out',
      'passed the second time: save.spec.ts > saves: timed out',
      'failed: Playwright > start: no browser',
    ]);
  });

  it('is empty without reports', () => {
    expect([...failedUnitTests(undefined), ...failedBrowserTests(undefined)]).toEqual([]);
  });
});
