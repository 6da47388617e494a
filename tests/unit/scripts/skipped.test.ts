import { describe, expect, it } from 'vitest';

type Skipped = {
  readonly skippedUnitTests: (report: object | undefined) => readonly string[];
  readonly skippedBrowserTests: (report: object | undefined) => readonly string[];
  readonly skippedLines: (reasons: readonly string[]) => readonly string[];
};
// Plain JavaScript, because it runs before anything is installed.
const { skippedUnitTests, skippedBrowserTests, skippedLines } = (await import(
  new URL('../../../scripts/skipped.mjs', import.meta.url).href
)) as Skipped;

const test = (status: string, ancestorTitles: readonly string[], title: string) => ({ status, ancestorTitles, title });

describe('the summary of skipped tests', () => {
  it('counts them by the reason in their own title or that of a group', () => {
    const reasons = skippedUnitTests({
      testResults: [
        {
          assertionResults: [
            test('skipped', ['ops (skipped: no engine (here))', 'conv'], 'adds'),
            test('pending', ['ops (skipped: no engine (here))'], 'multiplies'),
            test('skipped', [], 'a pipe (skipped: Windows)'),
            test('skipped', ['left'], 'out'),
            test('passed', ['ops (skipped: never)'], 'passes'),
          ],
        },
      ],
    });
    expect(skippedLines(reasons)).toEqual([
      '2 skipped: no engine (here)',
      '1 skipped: Windows',
      '1 skipped: no reason given: left > out',
    ]);
  });

  it('finds those of Playwright in groups of groups', () => {
    const skipped = {
      status: 'skipped',
      projectName: 'electron',
      annotations: [{ type: 'skip', description: 'no binary' }],
    };
    const passed = { status: 'expected', projectName: 'browser', annotations: [] };
    const specs = [{ title: 'lenet', tests: [skipped, passed] }];
    expect(skippedBrowserTests({ suites: [{ suites: [{ suites: [{ specs }] }] }] })).toEqual(['no binary']);
  });

  it('is empty without reports', () => {
    expect([...skippedUnitTests(undefined), ...skippedBrowserTests(undefined)]).toEqual([]);
  });
});
