import type { Table } from './rows';

/** Prints a table for LaTeX with the package booktabs, which journals ask for. */
export function printLatex({ title, heads, rows, totals, firstNumber, note }: Table): string {
  const line = (cells: readonly string[]): string => `    ${cells.map(escapeLatex).join(' & ')} \\\\`;
  return [
    '% Needs \\usepackage{booktabs}; Chinese text needs XeLaTeX or LuaLaTeX with ctex.',
    '\\begin{table}',
    '  \\centering',
    ...(title === '' ? [] : [`  \\caption{${escapeLatex(title)}}`]),
    `  \\begin{tabular}{${heads.map((_, column) => (column < firstNumber ? 'l' : 'r')).join('')}}`,
    '    \\toprule',
    line(heads),
    '    \\midrule',
    ...rows.map(line),
    ...(totals === null ? [] : ['    \\midrule', line(totals)]),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...(note === undefined ? [] : [`  \\par\\smallskip\\footnotesize ${escapeLatex(note)}`]),
    '\\end{table}',
    '',
  ].join('\n');
}

/** What stands for each character that LaTeX would act on, or that the usual fonts of its text lack. */
const replacements: ReadonlyMap<string, string> = new Map([
  ['\\', '\\textbackslash{}'],
  ['{', '\\{'],
  ['}', '\\}'],
  ['$', '\\$'],
  ['&', '\\&'],
  ['#', '\\#'],
  ['%', '\\%'],
  ['_', '\\_'],
  ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'],
  ['<', '\\textless{}'],
  ['>', '\\textgreater{}'],
  ['|', '\\textbar{}'],
  ['"', "''"],
  ['`', '\\textasciigrave{}'],
  ['×', '$\\times$'],
  ['−', '$-$'],
  ['[', '{[}'],
  [']', '{]}'],
]);

/** Any text as itself; brackets stand in braces, because one behind a line's end would be its argument. */
function escapeLatex(text: string): string {
  return Array.from(text, (character) => replacements.get(character) ?? character).join('');
}
