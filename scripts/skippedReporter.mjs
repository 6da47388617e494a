import { reasonIn, skippedLines } from './skipped.mjs';

/** The titles of a test and of the groups around it, outermost first. */
function titlesOf(test) {
  const titles = [test.name];
  for (let parent = test.parent; parent?.type === 'suite'; parent = parent.parent) titles.unshift(parent.name);
  return titles;
}

/** A reporter for Vitest that says at the end why tests were skipped; those that a filter on the command line left out are not told. */
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const reasons = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].flatMap((test) => reasonIn(titlesOf(test)) ?? []),
    );
    for (const line of skippedLines(reasons)) process.stdout.write(`${line}\n`);
  }
}
