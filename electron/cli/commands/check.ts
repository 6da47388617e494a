import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { conflictingOptions } from '../../../shared/diagnostics/catalog/commandLine';
import { failure, type Result } from '../../../shared/diagnostics/diagnostic';
import { classroomReport, gradescopeReport } from '../../../shared/grading/report';
import { parseRules, type Rules } from '../../../shared/grading/rules';
import { formatNumber } from '../../../shared/text';
import { fileDiagnostic } from '../../files/fileErrors';
import { readRegularFile } from '../../files/regularFile';
import { defineCommand, jsonOption, type ExitCode } from '../command';
import { asksForRun, gradeFile, type GradedFile, type ScoreOptions } from '../gradeFile';
import { classCsv, classLines, gradeJson, gradeLines, mostPoints, problemOf } from '../gradeTables';
import { printableLine } from '../printable';
import { diagnosticLines, reportFailure } from '../report';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';

/** `convloom check`. */
export const check = defineCommand({
  name: 'check',
  summary: "grade networks by a teacher's rules",
  details: [
    'RULES is JSON:',
    '  { "format": "convloom.rules", "version": 1, "name": "Homework 1", "rules": [',
    '    { "rule": "valid", "points": 2 },                                      no errors',
    '    { "rule": "noWarnings", "except": ["CODE"] },                          no warnings but these',
    '    { "rule": "params", "max": 50000 },                                    also trainableParams, macs, activationBytes',
    '    { "rule": "inputShape", "shape": ["any", "any", 11] },                 null in a shape: left open',
    '    { "rule": "outputShape", "shape": [10] },',
    '    { "rule": "shape", "node": "c1", "shape": [24, 24, 20] },',
    '    { "rule": "receptiveField", "min": 14 },                               the largest, or with "node": of that one',
    '    { "rule": "count", "kind": "activation", "params": { "function": "relu" }, "min": 2 },',
    '    { "rule": "order", "layers": ["conv", "pool", "fc"] },                 with "adjacent": nothing between',
    '    { "rule": "outputs", "equals": 1 },',
    '    { "rule": "ends", "function": "softmax" },',
    '    { "rule": "fcShare", "max": 0.5 },                                     of the parameters',
    '    { "rule": "takesSizes", "sizes": [[64, 64], [96, 128]] },              other pictures, same parameters',
    '    { "rule": "accuracy", "min": 0.97 },                                   also meanIou: of the weights beside FILE, or --run',
    '    { "rule": "lesson", "lesson": "pooling" },                             every network of this lesson was tried',
    '    { "rule": "exhibit", "exhibit": "pools" } ] }                          the question of this exhibit was answered',
    'With "chapter": "pooling" the app opens the course there. What was done of it is in the results file that the app saves.',
    'Ranges are min, max, equals. Every rule may have a title and points (1 unless said). Exit 0: every rule is met.',
  ].join('\n'),
  positionals: [
    { name: 'FILE', doc: 'a network file, a model, or what a student hands in; several: a class', many: true },
  ],
  options: {
    rules: { type: 'text', placeholder: 'RULES', required: true, doc: 'the rules file' },
    run: { type: 'text', placeholder: 'RUN', doc: 'the run or model whose weights are scored, of one FILE' },
    data: {
      type: 'text',
      placeholder: 'SPEC',
      doc: 'what weights are scored on, instead of the data they were trained on',
    },
    csv: { type: 'flag', doc: 'print CSV, a line for each FILE' },
    gradescope: { type: 'flag', doc: 'print the results.json of a Gradescope autograder, of one FILE' },
    classroom: {
      type: 'flag',
      doc: 'hand the result of one FILE to GitHub Classroom, in GITHUB_OUTPUT where that is set',
    },
    json: jsonOption,
  },
  run: async ({ options, positionals }, terminal) => {
    const read = await readRules(options.rules);
    if (!read.ok) return reportFailure(read, options.json, terminal);
    const rules = read.value;
    const single = (['run', 'gradescope', 'classroom'] as const).find((name) => isGiven(options[name]));
    if (positionals.length > 1 && single !== undefined) {
      const why = conflictingOptions(`--${single} needs a single FILE.`, `--${single} 只能用于一个 FILE。`);
      return reportFailure({ ok: false, diagnostics: [why] }, options.json, terminal);
    }
    const files = await gradeAll(positionals, rules, { run: options.run ?? null, data: options.data ?? null });
    const [first] = files;
    if (first === undefined) return 2;
    const code: ExitCode = files.some(({ unreadable }) => unreadable.length > 0)
      ? 2
      : files.every(({ ok }) => ok)
        ? 0
        : 1;
    for (const { unscored } of files) for (const line of diagnosticLines(unscored)) terminal.err(line);
    if (options.gradescope) {
      const report = gradescopeReport(first.grades, mostPoints(rules), problemOf(first));
      terminal.out(JSON.stringify(report, null, 2));
    } else if (options.classroom) {
      const command = `convloom check ${first.file} --rules ${options.rules}`;
      await handToClassroom(classroomReport(first.grades, mostPoints(rules), problemOf(first), command), terminal);
    } else if (options.csv) {
      terminal.out(classCsv(files, rules));
    } else if (files.length > 1) {
      printClass(files, rules, options.json, terminal);
    } else {
      printOne(first, rules, options.json, terminal);
    }
    return code;
  },
});

function isGiven(value: string | boolean | undefined): boolean {
  return value !== undefined && value !== false;
}

async function gradeAll(paths: readonly string[], rules: Rules, options: ScoreOptions): Promise<readonly GradedFile[]> {
  const files: GradedFile[] = [];
  const grade = async (host: Parameters<typeof gradeFile>[3]): Promise<void> => {
    for (const path of paths) files.push(await gradeFile(path, rules, options, host));
  };
  await (asksForRun(rules) ? withHost(grade) : grade(null));
  return files;
}

function printOne(one: GradedFile, rules: Rules, isJson: boolean, terminal: Terminal): void {
  const { name, points, analysis, unreadable } = one;
  if (unreadable.length > 0) {
    reportFailure({ ok: false, diagnostics: unreadable }, isJson, terminal);
    return;
  }
  if (isJson) {
    terminal.out(JSON.stringify(gradeJson(one, rules), null, 2));
    return;
  }
  terminal.out(printableLine(`${rules.name}: ${name}`));
  terminal.out('');
  for (const line of gradeLines(one)) terminal.out(printableLine(line));
  terminal.out('');
  terminal.out(`${formatNumber(points)} of ${formatNumber(mostPoints(rules))} points`);
  const errors = (analysis?.diagnostics ?? []).filter(({ severity }) => severity === 'error');
  for (const line of diagnosticLines(errors, analysis?.nodes.size)) terminal.err(line);
}

function printClass(files: readonly GradedFile[], rules: Rules, isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    const all = files.map((one) => ({ file: one.file, name: one.name, ...gradeJson(one, rules) }));
    terminal.out(JSON.stringify({ ok: files.every(({ ok }) => ok), files: all }, null, 2));
    return;
  }
  terminal.out(printableLine(rules.name));
  terminal.out('');
  for (const line of classLines(files, rules)) terminal.out(printableLine(line));
  terminal.out('');
  terminal.out(`${files.filter(({ ok }) => ok).length} of ${files.length} meet every rule`);
}

/** The reporter of GitHub Classroom reads the output `result` of a step, in base64; elsewhere the JSON itself is printed. */
async function handToClassroom(report: object, terminal: Terminal): Promise<void> {
  const output = process.env['GITHUB_OUTPUT'];
  if (output === undefined || output === '') {
    terminal.out(JSON.stringify(report, null, 2));
    return;
  }
  const result = Buffer.from(JSON.stringify(report)).toString('base64');
  await appendFile(output, `result=${result}\n`);
}

/** A teacher writes some kilobytes. */
const maxRulesBytes = 16 * 1024 * 1024;

async function readRules(path: string): Promise<Result<Rules>> {
  const absolute = resolve(path);
  try {
    return parseRules((await readRegularFile(absolute, maxRulesBytes)).toString('utf8'));
  } catch (error) {
    return failure(fileDiagnostic(error, absolute, 'open'));
  }
}
