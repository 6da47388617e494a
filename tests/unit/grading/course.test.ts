import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { chapterRules } from '../../../shared/grading/course';
import { gradeNetwork } from '../../../shared/grading/grade';
import { looksLikeResults, parseResults, printResults, type CourseResults } from '../../../shared/grading/results';
import { parseRules, printRules, type Rules } from '../../../shared/grading/rules';
import { scoreOf } from '../../../shared/grading/report';
import { exhibitsOf } from '../../../shared/learn/exhibits/exhibits';
import { chapters } from '../../../shared/learn/lessons';
import type { Chapter } from '../../../shared/learn/lesson';
import { chainNetwork } from '../../support/networks';

const network = chainNetwork([8, 8, 1], ['conv', { filters: 2, kernelSize: 3 }], ['fc', { units: 3 }]);
const empty = chainNetwork([8, 8, 1]);

function assignmentOf(chapter: Chapter): Rules {
  return {
    format: 'convloom.rules',
    version: 1,
    name: chapter.id,
    chapter: chapter.id,
    rules: [...chapterRules(chapter)],
  };
}

/** What a student has who did all of a chapter. */
function allOf({ lessons }: Chapter): CourseResults {
  const trials = lessons.map(
    ({ id, experiment }) =>
      [id, Object.fromEntries(experiment.trials.map((trial) => [trial.id, trial.figure]))] as const,
  );
  const exhibits = lessons
    .flatMap(({ id }) => exhibitsOf(id))
    .map(({ id }) => [id, { solved: true, answer: '12', tries: 2 }] as const);
  return { lessons: Object.fromEntries(trials), exhibits: Object.fromEntries(exhibits) };
}

describe('an assigned chapter', () => {
  it.each(chapters)('$id is read back as it was written, and met by whoever did all of it', (chapter) => {
    const rules = assignmentOf(chapter);
    expect(parseRules(printRules(rules))).toEqual({ ok: true, value: rules });
    const grade = (results: CourseResults | null) =>
      scoreOf(gradeNetwork(network, analyzeNetwork(network), rules, null, results));
    expect(grade(allOf(chapter)).ok).toBe(true);
    expect(grade(null).points).toBe(0);
    expect(grade({ lessons: {}, exhibits: {} }).points).toBe(0);
  });

  it('counts whatever the network is, and the network’s rules are not met by what was learned', () => {
    const [chapter] = chapters;
    const rules: Rules = {
      ...assignmentOf(chapter!),
      rules: [
        { rule: 'exhibit', exhibit: 'window', points: 1 },
        { rule: 'valid', points: 1 },
      ],
    };
    const wrong = chainNetwork([8, 8, 1], ['conv', { filters: 1, kernelSize: 99 }]);
    const grades = gradeNetwork(wrong, analyzeNetwork(wrong), rules, null, allOf(chapter!));
    expect(grades.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('is not met by a lesson that was tried in part, or by an answer that was not right', () => {
    const chapter = chapters.find(({ id }) => id === 'pooling')!;
    const all = allOf(chapter);
    const [lesson] = chapter.lessons;
    const part = Object.fromEntries(Object.entries(all.lessons[lesson!.id]!).slice(1));
    const course: CourseResults = {
      lessons: { ...all.lessons, [lesson!.id]: part },
      exhibits: { pools: { solved: false, answer: '7', tries: 3 } },
    };
    const grades = gradeNetwork(empty, analyzeNetwork(empty), assignmentOf(chapter), null, course);
    expect(grades.filter(({ ok }) => ok)).toHaveLength(chapter.lessons.length - 1);
    expect(grades.find(({ rule }) => rule === 'exhibit')!.found.en).toContain('7');
  });

  it.each([
    ['chapter', '{"format":"convloom.rules","version":1,"chapter":"poolin","rules":[{"rule":"valid"}]}'],
    ['rules.0.lesson', '{"format":"convloom.rules","version":1,"rules":[{"rule":"lesson","lesson":"poling"}]}'],
    ['rules.0.exhibit', '{"format":"convloom.rules","version":1,"rules":[{"rule":"exhibit","exhibit":"pool"}]}'],
  ])('is refused for a %s that the course does not have', (path, source) => {
    const read = parseRules(source);
    expect(read.ok ? [] : read.diagnostics.map(({ code, at }) => [code, at.path])).toEqual([
      ['command-line/bad-rules', path],
    ]);
  });
});

describe('what is handed in', () => {
  it('is read back as it was written, with and without a network', () => {
    for (const drawn of [network, null]) {
      const results = { name: 'Homework', course: allOf(chapters[1]!), network: drawn };
      expect(looksLikeResults(printResults(results))).toBe(true);
      expect(parseResults(printResults(results))).toEqual({ ok: true, value: results });
    }
  });

  it.each([
    ['{"format":"convloom.results","version":1', 'command-line/bad-results', 'results'],
    ['{"format":"convloom.results","version":2}', 'command-line/bad-results', 'version'],
    ['{"format":"convloom.results","version":1,"points":9}', 'command-line/bad-results', 'results'],
    [
      '{"format":"convloom.results","version":1,"exhibits":{"pools":true}}',
      'command-line/bad-results',
      'exhibits.pools',
    ],
    [
      '{"format":"convloom.results","version":1,"network":{"format":"other"}}',
      'document/not-a-network',
      'network.format',
    ],
  ])('%s is refused by its path', (source, code, path) => {
    expect(looksLikeResults(source)).toBe(true);
    const read = parseResults(source);
    expect(read.ok ? null : [read.diagnostics[0]!.code, read.diagnostics[0]!.at.path]).toEqual([code, path]);
  });

  it('may name lessons that this version does not have', () => {
    const read = parseResults('{"format":"convloom.results","version":1,"lessons":{"later":{"a":1}}}');
    expect(read.ok).toBe(true);
  });
});
