import { csvCell } from '../../shared/csvCell';
import { titleOf } from '../../shared/grading/words';
import type { Rules } from '../../shared/grading/rules';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import { formatNumber } from '../../shared/text';
import type { GradedFile } from './gradeFile';
import { diagnosticsJson } from './report';
import { tableLines } from './table';

/** The most points that rules give. */
export function mostPoints({ rules }: Rules): number {
  return rules.reduce((sum, { points }) => sum + points, 0);
}

/** Why a file could not be graded, in a line; null where it was. */
export function problemOf({ unreadable: [first] }: GradedFile): string | null {
  return first === undefined ? null : diagnosticMessage(first);
}

/** One network, a line for each rule. */
export function gradeLines({ grades }: GradedFile): readonly string[] {
  const columns = [
    { title: '', align: 'left' },
    { title: 'Rule', align: 'left' },
    { title: 'Expected', align: 'left' },
    { title: 'Found', align: 'left' },
    { title: 'Points', align: 'right' },
  ] as const;
  const rows = grades.map((grade) => [
    grade.ok ? 'met' : 'NOT MET',
    grade.title.en,
    grade.expected.en,
    grade.found.en,
    `${formatNumber(grade.points)}/${formatNumber(grade.maxPoints)}`,
  ]);
  return tableLines(columns, rows);
}

/** A class, a line for each network: the numbers of the rules that it does not meet. */
export function classLines(files: readonly GradedFile[], rules: Rules): readonly string[] {
  const columns = [
    { title: 'File', align: 'left' },
    { title: 'Network', align: 'left' },
    { title: 'Points', align: 'right' },
    { title: 'Not met', align: 'left' },
  ] as const;
  const most = formatNumber(mostPoints(rules));
  const rows = files.map((one) => {
    const missed = one.grades.flatMap(({ ok }, at) => (ok ? [] : [String(at + 1)]));
    return [one.file, one.name, `${formatNumber(one.points)}/${most}`, problemOf(one) ?? missed.join(', ')];
  });
  const names = rules.rules.map((each, at) => `${String(at + 1).padStart(3)}  ${each.title ?? titleOf(each).en}`);
  return [...names, '', ...tableLines(columns, rows)];
}

/** A class as CSV for a spreadsheet: no name becomes a formula there. */
export function classCsv(files: readonly GradedFile[], rules: Rules): string {
  const header = [
    'file',
    'network',
    'points',
    'maxPoints',
    ...rules.rules.map((each, at) => `${at + 1} ${each.title ?? titleOf(each).en}`),
    'problem',
  ];
  const rows = files.map((one) => [
    one.file,
    one.name,
    one.points,
    mostPoints(rules),
    ...rules.rules.map((_, at) => one.grades[at]?.points ?? 0),
    problemOf(one) ?? '',
  ]);
  return [header, ...rows].map((row) => row.map(csvCell).join(',')).join('\n');
}

/** One network as JSON; words are English. */
export function gradeJson(one: GradedFile, rules: Rules): object {
  const { ok, points, grades, analysis } = one;
  const words = grades.map((grade) => ({
    ...grade,
    title: grade.title.en,
    expected: grade.expected.en,
    found: grade.found.en,
  }));
  const findings = [...(analysis?.diagnostics ?? one.unreadable), ...one.unscored];
  const diagnostics = diagnosticsJson(findings, analysis?.nodes.size ?? 1);
  return { ok, points, maxPoints: mostPoints(rules), rules: words, diagnostics };
}
