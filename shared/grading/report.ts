import type { Grade } from './grade';

/** The points of a network, and whether it meets every rule. */
export type Score = { readonly ok: boolean; readonly points: number; readonly maxPoints: number };

/** Adds grades up. */
export function scoreOf(grades: readonly Grade[]): Score {
  return {
    ok: grades.length > 0 && grades.every(({ ok }) => ok),
    points: grades.reduce((sum, grade) => sum + grade.points, 0),
    maxPoints: grades.reduce((sum, grade) => sum + grade.maxPoints, 0),
  };
}

function outcome({ ok, expected, found }: Grade): string {
  return ok ? `met: ${found.en}` : `expected ${expected.en}, found ${found.en}`;
}

/**
 * The `results.json` of a Gradescope autograder: a test for each rule. `problem` says why nothing could be graded.
 * Source: gradescope-autograders.readthedocs.io/en/latest/specs/.
 */
export function gradescopeReport(grades: readonly Grade[], maxPoints: number, problem: string | null): object {
  const { points } = scoreOf(grades);
  return {
    score: points,
    output: problem ?? `${points} of ${maxPoints} points`,
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    stdout_visibility: 'hidden',
    tests: grades.map((grade, at) => ({
      name: grade.title.en,
      number: String(at + 1),
      score: grade.points,
      max_score: grade.maxPoints,
      status: grade.ok ? 'passed' : 'failed',
      output: outcome(grade),
      visibility: 'visible',
    })),
  };
}

/**
 * What a step of GitHub Classroom hands to its reporter, in base64, as the output `result`: version 1, a test for each rule.
 * Source: github.com/classroom-resources/autograding-io-grader.
 */
export function classroomReport(
  grades: readonly Grade[],
  maxPoints: number,
  problem: string | null,
  command: string,
): object {
  const { ok } = scoreOf(grades);
  const test = { test_code: command, filename: '', line_no: 0, duration: 0 };
  return {
    version: 1,
    status: ok && problem === null ? 'pass' : 'fail',
    max_score: maxPoints,
    tests:
      problem === null
        ? grades.map((grade) => ({
            name: grade.title.en,
            status: grade.ok ? 'pass' : 'fail',
            score: grade.points,
            message: grade.ok ? null : outcome(grade),
            ...test,
          }))
        : [{ name: 'The network can be read', status: 'fail', score: 0, message: problem, ...test }],
  };
}
