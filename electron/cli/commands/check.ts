import { resolve } from 'node:path';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { failure, type Result } from '../../../shared/diagnostics/diagnostic';
import { fileDiagnostic } from '../../files/fileErrors';
import { readRegularFile } from '../../files/regularFile';
import { defineCommand, jsonOption } from '../command';
import { readNetwork } from '../readNetwork';
import { diagnosticsJson, diagnosticLines, reportFailure } from '../report';
import { gradeNetwork } from '../grading';
import { parseRules, type Rules } from '../rules';
import { tableLines } from '../table';

/** `convloom check`. */
export const check = defineCommand({
  name: 'check',
  summary: "grade a network by a teacher's rules",
  details: [
    'RULES is JSON:',
    '  { "format": "convloom.rules", "version": 1, "name": "Homework 1", "rules": [',
    '    { "rule": "valid", "points": 2 },                                      no errors',
    '    { "rule": "noWarnings", "except": ["CODE"] },                          no warnings but these',
    '    { "rule": "params", "max": 50000 },                                    also trainableParams, macs, activationBytes',
    '    { "rule": "inputShape", "shape": [28, 28, 1] },                        null in a shape: left open',
    '    { "rule": "outputShape", "shape": [10] },',
    '    { "rule": "shape", "node": "c1", "shape": [24, 24, 20] },',
    '    { "rule": "receptiveField", "min": 14 },                               the largest, or with "node": of that one',
    '    { "rule": "count", "kind": "activation", "params": { "function": "relu" }, "min": 2 } ] }',
    'Ranges are min, max, equals. Every rule may have a title and points (1 unless said). Exit 0: every rule is met.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model' }],
  options: {
    rules: { type: 'text', placeholder: 'RULES', required: true, doc: 'the rules file' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const rules = await readRules(options.rules);
    if (!rules.ok) return reportFailure(rules, options.json, terminal);
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const analysis = analyzeNetwork(document.value);
    const grades = gradeNetwork(document.value, analysis, rules.value);
    const points = grades.reduce((sum, grade) => sum + grade.points, 0);
    const maxPoints = grades.reduce((sum, grade) => sum + grade.maxPoints, 0);
    const ok = grades.every((grade) => grade.ok);
    if (options.json) {
      const diagnostics = diagnosticsJson(analysis.diagnostics, analysis.nodes.size);
      terminal.out(JSON.stringify({ ok, points, maxPoints, rules: grades, diagnostics }, null, 2));
      return ok ? 0 : 1;
    }
    terminal.out(`${rules.value.name}: ${document.value.name}`);
    terminal.out('');
    const columns = [
      { title: '', align: 'left' },
      { title: 'Rule', align: 'left' },
      { title: 'Expected', align: 'left' },
      { title: 'Found', align: 'left' },
      { title: 'Points', align: 'right' },
    ] as const;
    const rows = grades.map((grade) => [
      grade.ok ? 'met' : 'NOT MET',
      grade.title,
      grade.expected,
      grade.found,
      `${grade.points}/${grade.maxPoints}`,
    ]);
    for (const line of tableLines(columns, rows)) terminal.out(line);
    terminal.out('');
    terminal.out(`${points} of ${maxPoints} points`);
    const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
    for (const line of diagnosticLines(errors, analysis.nodes.size)) terminal.err(line);
    return ok ? 0 : 1;
  },
});

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
