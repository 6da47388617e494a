import { csvCell } from '../../../shared/csvCell';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { compareNetworks } from '../../../shared/analysis/compare';
import { drawHeadBars } from '../../../shared/exports/figures/headBars';
import { printSvg } from '../../../shared/exports/figures/svg';
import { comparisonTable } from '../../../shared/exports/tables/comparison';
import { headTable, printHeadCsv } from '../../../shared/exports/tables/heads';
import { printLatex } from '../../../shared/exports/tables/latex';
import { printMarkdown } from '../../../shared/exports/tables/markdown';
import { layerTable } from '../../../shared/exports/tables/rows';
import { builtHeads, headFigures, headLab } from '../../../shared/transforms/headLab';
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

describe('the table of heads', () => {
  const { document } = templates.find(({ id }) => id === 'vgg-16')!;
  const lab = headLab(document, analyzeNetwork(document));
  const settings = { batchSize: 8, optimizer: 'adam' } as const;
  const report = (name: string) => {
    if (!lab.ok) throw new Error('no heads');
    const figures = builtHeads(lab.value).map((head) => headFigures(head, settings));
    return { name, figures, note: lab.value.note, batchSize: settings.batchSize };
  };

  it('has a row for each head, and a column for what was measured only where something was', () => {
    const { rows, heads } = headTable(report('VGG-16'), 'en');
    expect(rows[1]?.slice(0, 5)).toEqual(['GAP + FC', 'any size from 32', '15,227,688', '513,000', '3 %']);
    expect(heads).not.toContain('A step');
    const plain = report('VGG-16');
    const timed = { ...plain, figures: plain.figures.map((one) => ({ ...one, secondsPerStep: 0.0125 })) };
    expect(headTable(timed, 'en').rows[0]?.at(-1)).toBe('12.5 ms');
  });

  it('has whole numbers in CSV, and no cell that a spreadsheet runs', () => {
    const plain = report('VGG-16');
    const [first] = plain.figures;
    const hostileLabel = { en: '=HYPERLINK("x"),y', zh: '' };
    const lines = printHeadCsv({ ...plain, figures: [{ ...first!, label: hostileLabel }] }).split('\n');
    expect(lines[0]).toMatch(/^head,input_sizes,params,head_params/);
    expect(lines[1]).toMatch(/^"'=HYPERLINK\(""x""\),y",only 224×224,138357544,123642856,/);
  });

  it('is drawn as bars to one scale, from zero', () => {
    const figure = drawHeadBars(report('VGG-16'), 'en');
    const widths = figure.parts.slice(1, -1).map(({ marks }) => {
      const xs = marks.flatMap((mark) =>
        mark.type === 'path' ? [...mark.d.matchAll(/[ML]([\d.]+) /g)].map((match) => Number(match[1])) : [],
      );
      return Math.max(...xs) - Math.min(...xs);
    });
    expect(widths[1]! / widths[0]!).toBeCloseTo(15_227_688 / 138_357_544, 3);
    expect(printSvg(drawHeadBars(report(hostile), 'zh'), 200)).not.toContain('<b>');
  });
});

describe('the table of a comparison', () => {
  it('tells U-Net with padding from U-Net without in one sentence', () => {
    const find = (id: string) => templates.find((one) => one.id === id)!.document;
    const comparison = compareNetworks(analyzeNetwork(find('unet')), analyzeNetwork(find('unet-same')));
    const table = comparisonTable(comparison, ['U-Net', 'U-Net same'], 'en');
    expect(table.note).toMatch(/^18 Conv: padding valid → same; 4 Crop gone/);
    expect(printMarkdown(table)).toMatch(/4 Crop gone/);
  });
});

it.each(['=1+1', '+1', '-1', '@x', '\t=1', '\n=1', ' =1', '＝1', '＋1', '－1', '＠x'])(
  'a cell that says %j is a text to every spreadsheet',
  (words) => expect(csvCell(words).replace(/^"/, '')).toMatch(/^'/),
);
