import { describe, expect, it } from 'vitest';
import { readCodeEdit, type Printer } from '../../../../renderer/code/codeEdit';
import { languages } from '../../../../renderer/code/languages';
import type { CodeLanguage } from '../../../../renderer/code/languages';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { applyEdits } from '../../../../shared/editing/applyEdits';
import { readTemplate } from '../../../support/templatePrograms';

const document = readTemplate('lenet');

/** Types over the first line of the model that has these words. */
function type(language: CodeLanguage, at: RegExp, from: string, to: string) {
  const print: Printer = (network, analysis) => languages[language](network, analysis, 'en');
  const printed = print(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error('it prints');
  const file = printed.value.find(({ path }) => /(^|\/)model\.(ts|py)$/.test(path)) ?? printed.value[0]!;
  const lines = file.text.split('\n');
  const line = lines.findIndex((words) => at.test(words) && words.includes(from));
  expect(line).toBeGreaterThan(-1);
  lines[line] = lines[line]!.replace(from, to);
  return readCodeEdit(document, file, lines.join('\n'), print);
}

describe('what is typed into printed code', () => {
  it.each([
    ['typescript', /c2/, 'filters: 50', 'filters: 64', 'c2', { filters: 64 }],
    ['typescript', /c2/, 'kernelSize: 5', 'kernelSize: 3', 'c2', { kernelSize: [3, 3] }],
    ['pytorch', /self\.c2 =/, '50', '64', 'c2', { filters: 64 }],
    ['pytorch', /self\.f1 =/, '500', '120', 'f1', { units: 120 }],
    ['keras', /c2/, '50', '64', 'c2', { filters: 64 }],
    ['markdown', /^\| a1/, 'ReLU', 'Sigmoid', 'a1', { function: 'sigmoid' }],
    ['latex', /^ +a1 /, 'ReLU', 'Tanh', 'a1', { function: 'tanh' }],
    ['markdown', /^\| c2/, '50', '64', 'c2', { filters: 64 }],
    ['latex', /^ +c2 /, '50', '64', 'c2', { filters: 64 }],
    ['jax', /^ +20, 50, /, '50', '64', 'c2', { filters: 64 }],
  ] as const)('is a setting of its layer: %s, %s, %s → %s', (language, at, from, to, id, params) => {
    const read = type(language, at, from, to);
    expect(read).toEqual({ ok: true, value: [{ type: 'setParams', id, params }] });
  });

  it('may be several settings of one line', () => {
    const read = type('typescript', /c2/, 'filters: 50, kernelSize: 5', 'filters: 8, kernelSize: 3');
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    const after = applyEdits(document, read.value);
    if (!after.ok) throw new Error('it applies');
    expect(analyzeNetwork(after.value).nodes.get('c2')?.outputShape).toEqual([10, 10, 8]);
  });

  it('is refused without the reason of something that was not typed', () => {
    const read = type('nnc', /name: "c2"/, 'c2', 'zz');
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).not.toContain('form for');
  });

  it.each([
    ['what follows from the layer before', 'pytorch', /self\.c2 =/, '20', '21', 'code/not-a-setting', 'c2'],
    [
      'a window larger than its map',
      'pytorch',
      /self\.c2 =/,
      'kernel_size=5',
      'kernel_size=50',
      'code/not-a-setting',
      'c2',
    ],
    ['another function', 'pytorch', /self\.c2 =/, 'Conv2d', 'Conv3d', 'code/not-a-setting', 'c2'],
    ['a cell that follows from others', 'markdown', /^\| c2/, '25,050', '999', 'code/not-a-setting', 'c2'],
    ['a line of no layer', 'pytorch', /^import torch/, 'torch', 'numpy', 'code/not-a-setting', undefined],
    ['another line', 'pytorch', /self\.c2 =/, 'self', '\nself', 'code/other-lines', undefined],
  ] as const)('is refused where it is %s', (_, language, at, from, to, code, id) => {
    const read = type(language, at, from, to);
    expect(read.ok ? null : read.diagnostics.map((one) => [one.code, one.at.nodeId])).toEqual([[code, id]]);
  });
});
