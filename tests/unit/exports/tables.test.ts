import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printLatex } from '../../../shared/exports/tables/latex';
import { printMarkdown } from '../../../shared/exports/tables/markdown';
import { layerTable } from '../../../shared/exports/tables/rows';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';

const hostile = '\\input{/etc/passwd} | [x](javascript:1) <b>$%#_^~`*\n\n\\end{table}';

function table(language: 'en' | 'zh' = 'en', name?: string) {
  const { document } = templates[0]!;
  const named = name === undefined ? document : { ...document, name };
  return layerTable(named, analyzeNetwork(named), language);
}

describe('the table of layers', () => {
  it('has a row for each layer, and the sums of LeNet', () => {
    const { rows, totals } = table();
    expect(rows).toHaveLength(9);
    expect(rows[1]).toEqual(['c1', 'Conv 20 × 5×5', '24×24×20', '520', '520', '288,000']);
    expect(totals).toEqual(['Total', '', '', '431,080', '431,080', '2,293,000']);
  });

  it('is in Markdown with numbers to the right', () => {
    const lines = printMarkdown(table()).split('\n');
    expect(lines[2]).toBe('| Layer | Operation | Output | Params | Trainable | MACs |');
    expect(lines[3]).toBe('| --- | --- | ---: | ---: | ---: | ---: |');
    expect(lines[5]).toBe('| c1 | Conv 20 × 5×5 | 24×24×20 | 520 | 520 | 288,000 |');
  });

  it('is in LaTeX with as many cells in each line as columns', () => {
    const lines = printLatex(table('zh')).split('\n');
    expect(lines).toContain('    层 & 运算 & 输出 & 参数 & 可训练 & 乘加次数 \\\\');
    expect(lines.filter((line) => line.split(' & ').length === 6)).toHaveLength(11);
  });

  it('what is not known is a question mark', () => {
    const document = chainNetwork([8, 8, 1], ['nonsense']);
    expect(layerTable(document, analyzeNetwork(document), 'en').rows[1]).toEqual([
      expect.any(String),
      'nonsense',
      '?',
      '?',
      '?',
      '?',
    ]);
  });

  it('Markdown takes neither markup nor cells from names', () => {
    const plain = chainNetwork([8, 8, 1], [hostile]);
    const document = { ...plain, name: hostile, nodes: plain.nodes.map((node) => ({ ...node, label: hostile })) };
    const printed = printMarkdown(layerTable(document, analyzeNetwork(document), 'en'));
    expect(printed.split('\n')).toHaveLength(8);
    const bare = printed.replace(/\\[\\`*_{}[\]()#+!|~^$=:@/-]/g, '').split('\n');
    for (const line of bare.slice(2, 7)) expect(line.split('|')).toHaveLength(8);
    expect(bare.join('')).not.toMatch(/[<>`[\]_$]/);
  });

  it('LaTeX takes no command from names', () => {
    const plain = chainNetwork([8, 8, 1], [hostile]);
    const document = { ...plain, name: hostile, nodes: plain.nodes.map((node) => ({ ...node, label: hostile })) };
    const printed = printLatex(layerTable(document, analyzeNetwork(document), 'en'));
    const commands = new Set([...printed.matchAll(/\\[A-Za-z]+/g)].map(([command]) => command));
    const own = 'usepackage begin centering caption toprule midrule bottomrule end times'.split(' ');
    const signs = 'textbackslash textless textgreater textbar textasciicircum textasciitilde textasciigrave'.split(' ');
    expect([...commands].filter((command) => ![...own, ...signs].includes(command.slice(1)))).toEqual([]);
    expect(printed.match(/\\end\{table\}/g)).toHaveLength(1);
    expect(printed.match(/%/g)!.length).toBe(1 + printed.match(/\\%/g)!.length);
  });
});
