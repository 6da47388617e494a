import { analyzeNetwork } from '../../../shared/analysis/analyze';
import {
  compareNetworks,
  subtractTotals,
  type ComparedNode,
  type NetworkComparison,
} from '../../../shared/analysis/compare';
import { describeComparison } from '../../../shared/analysis/describeComparison';
import type { NetworkTotals, NodeAnalysis } from '../../../shared/analysis/types';
import { badOptionValue, conflictingOptions, missingArgument } from '../../../shared/diagnostics/catalog/commandLine';
import { success, type Diagnostic, type Result } from '../../../shared/diagnostics/diagnostic';
import { comparisonSentence, comparisonTable, pairText } from '../../../shared/exports/tables/comparison';
import { headForms, headTable, type HeadForm } from '../../../shared/exports/tables/heads';
import { printLatex } from '../../../shared/exports/tables/latex';
import { printMarkdown } from '../../../shared/exports/tables/markdown';
import { formatBytes, formatDifference, formatShape, text, type Language } from '../../../shared/text';
import { headWords, type HeadFigures } from '../../../shared/transforms/headLab';
import { printHeads } from '../../host/exports/heads';
import { defineCommand, forceOption, jsonOption, type ExitCode } from '../command';
import { builtInHeads, compareHeads, type HeadComparison } from '../headComparison';
import { printableLine } from '../printable';
import { readSource } from '../readSource';
import { reportDiagnostics, reportFailure, unknownText } from '../report';
import { countText, tableLines } from '../table';
import type { Terminal } from '../terminal';
import { engineOption, trainingConfig } from '../trainingOptions';
import { writeOutput } from '../writeOutput';

const tableForms = ['markdown', 'latex'] as const;

/** `convloom compare`. */
export const compare = defineCommand({
  name: 'compare',
  summary: 'two networks node by node, or one network with other heads',
  details: [
    'With two: nodes are aligned by structure, and each line shows what differs. Differences are B minus A. A and B are files of any',
    "form that can be read, runs' folders, `run:ID` or `template:ID`.",
    'With one and --heads: the classifier head is rebuilt in each form on the same trunk, and what they cost is set side by side.',
    '  fc        dense layers                     gap       the mean of each map, then a dense layer',
    '  conv      the dense layers as convs        conv-gap  a 1×1 conv to a map for each class, then their means',
    '  FILE      the head of another network      #BLOCK    a block of A, or FILE#BLOCK',
    '--measure also times training steps of each, on random data, on the engine in use.',
  ].join('\n'),
  positionals: [
    { name: 'A', doc: 'a network file, a model or a run' },
    { name: 'B', doc: 'another one', optional: true },
  ],
  options: {
    heads: { type: 'text', placeholder: builtInHeads.join(','), doc: 'build these heads on the trunk of A' },
    to: { type: 'choice', values: headForms, doc: 'as a table or a picture; two networks: markdown or latex' },
    measure: { type: 'flag', doc: 'with --heads: seconds of a training step, measured' },
    'batch-size': { type: 'integer', min: 1, max: 1_000_000, doc: 'with --heads: samples of a training step' },
    engine: engineOption,
    language: { type: 'choice', values: ['en', 'zh'], doc: 'the words of a table or a picture, en if left out' },
    output: {
      type: 'text',
      placeholder: 'PATH',
      short: 'o',
      doc: 'where to write what --to names; else it is printed',
    },
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [fileA = '', fileB] }, terminal) => {
    const { json, heads, to, output, force, language = 'en' } = options;
    const misuse = misuseOf({ heads, fileB, to, output, measure: options.measure });
    if (misuse !== null) return reportDiagnostics([misuse], json, terminal);
    const a = await readSource(fileA);
    if (!a.ok) return reportFailure(a, json, terminal);
    const writing: Writing = { to: to ?? null, output: output ?? null, force, language, json };
    if (heads !== undefined) {
      const compared = await compareHeads(a.value, heads, trainingConfig(a.value, options), options.measure);
      if (!compared.ok) return reportFailure(compared, json, terminal);
      return await tellHeads(compared.value, writing, terminal);
    }
    const b = await readSource(fileB ?? '');
    if (!b.ok) return reportFailure(b, json, terminal);
    const analyses = [analyzeNetwork(a.value), analyzeNetwork(b.value)] as const;
    const comparison = compareNetworks(...analyses);
    const names = [a.value.name, b.value.name] as const;
    const ok = analyses.every((analysis) => analysis.ok);
    const code = await tellComparison({ comparison, names, ok }, writing, terminal);
    if (code !== 0 || json) return code;
    for (const [at, analysis] of analyses.entries()) {
      if (!analysis.ok) terminal.err(`${printableLine(names[at] ?? '')} has errors: \`convloom analyze\` shows them.`);
    }
    return ok ? 0 : 1;
  },
});

type Given = {
  readonly heads: string | undefined;
  readonly fileB: string | undefined;
  readonly to: HeadForm | undefined;
  readonly output: string | undefined;
  readonly measure: boolean;
};

/** What is wrong with the options as such. */
function misuseOf({ heads, fileB, to, output, measure }: Given): Diagnostic | null {
  if (heads !== undefined && fileB !== undefined) {
    return conflictingOptions('--heads takes one file, not two.', '--heads 只接受一个文件。');
  }
  if (heads === undefined && fileB === undefined) return missingArgument('B (or --heads)');
  if (heads === undefined && measure) {
    return conflictingOptions('--measure goes with --heads.', '--measure 须与 --heads 一起使用。');
  }
  if (heads === undefined && to !== undefined && !tableForms.some((form) => form === to)) {
    const wanted = text(`${tableForms.join(' or ')} for two networks`, `两个网络时为 ${tableForms.join(' 或 ')}`);
    return badOptionValue('--to', to, wanted);
  }
  if (to === 'png' && output === undefined) return missingArgument('-o PATH');
  if (to === undefined && output !== undefined) return missingArgument('--to');
  return null;
}

type Writing = {
  readonly to: HeadForm | null;
  readonly output: string | null;
  readonly force: boolean;
  readonly language: Language;
  readonly json: boolean;
};

/** Prints or writes what `--to` names. */
async function deliver(
  content: Result<string | Uint8Array>,
  { output, force, json }: Writing,
  terminal: Terminal,
): Promise<ExitCode> {
  if (!content.ok) return reportFailure(content, json, terminal);
  if (output === null) {
    terminal.out(String(content.value).trimEnd());
    return 0;
  }
  const written = await writeOutput(output, content.value, force);
  if (!written.ok) return reportFailure(written, json, terminal);
  if (json) terminal.out(JSON.stringify({ ok: true, path: written.value }));
  else terminal.err(`Wrote ${written.value}.`);
  return 0;
}

type Compared = {
  readonly comparison: NetworkComparison;
  readonly names: readonly [a: string, b: string];
  readonly ok: boolean;
};

async function tellComparison(
  { comparison, names, ok }: Compared,
  writing: Writing,
  terminal: Terminal,
): Promise<ExitCode> {
  const { to, json, language } = writing;
  if (to !== null) {
    const table = comparisonTable(comparison, names, language);
    return await deliver(success(to === 'latex' ? printLatex(table) : printMarkdown(table)), writing, terminal);
  }
  if (json) {
    terminal.out(JSON.stringify(comparisonJson(comparison, ok), null, 2));
    return ok ? 0 : 1;
  }
  for (const line of comparisonLines(comparison, ...names)) terminal.out(line);
  return 0;
}

function nodeJson(node: NodeAnalysis | null): object | null {
  if (node === null) return null;
  const { id, kind, outputShape, paramCount, macs, activationBytes } = node;
  return { id, kind, outputShape, params: paramCount, macs, activationBytes };
}

function comparisonJson(comparison: NetworkComparison, ok: boolean): object {
  const { nodes, totals, sameCount } = comparison;
  return {
    ok,
    sameCount,
    summary: describeComparison(comparison).map(({ en }) => en),
    nodes: nodes.map(({ status, a, b, changes }) => ({ status, a: nodeJson(a), b: nodeJson(b), changes })),
    totals,
  };
}

function comparisonLines(comparison: NetworkComparison, nameA: string, nameB: string): readonly string[] {
  const { nodes, totals, sameCount } = comparison;
  const marks = { same: ' ', changed: '~', onlyA: '−', onlyB: '+' } as const;
  const rows = nodes.map((node) => [
    marks[node.status],
    node.a === null ? '' : `${node.a.id} (${node.a.kind})`,
    node.b === null ? '' : `${node.b.id} (${node.b.kind})`,
    pairText(node, ({ outputShape }) => (outputShape === null ? '?' : formatShape(outputShape))),
    pairText(node, ({ paramCount }) => countText(paramCount)),
    pairText(node, ({ macs }) => countText(macs)),
    changedText(node),
  ]);
  return [
    ...tableLines(
      [
        { title: ' ', align: 'left' },
        { title: `A: ${nameA}`, align: 'left' },
        { title: `B: ${nameB}`, align: 'left' },
        { title: 'Output', align: 'right' },
        { title: 'All parameters', align: 'right' },
        { title: 'MACs', align: 'right' },
        { title: 'Changed', align: 'left' },
      ],
      rows,
    ),
    '',
    ...totalsLines([
      ['A', totals.a],
      ['B', totals.b],
    ]),
    '',
    `${comparisonSentence(comparison, 'en')}.`,
    `${sameCount} of ${nodes.length} lines are the same.`,
  ];
}

function changedText({ changes }: ComparedNode): string {
  return changes
    .filter(({ what }) => what === 'param' || what === 'inputs')
    .map(({ what, name, a, b }) => `${name ?? what} ${a ?? '–'} → ${b ?? '–'}`)
    .join(', ');
}

/** The totals of several networks, each against the first. */
function totalsLines(rows: readonly (readonly [string, NetworkTotals])[]): readonly string[] {
  const first = rows[0]?.[1];
  const columns = [
    { title: '', align: 'left' },
    { title: 'All parameters', align: 'right' },
    { title: 'difference', align: 'right' },
    { title: 'Trainable', align: 'right' },
    { title: 'difference', align: 'right' },
    { title: 'MACs', align: 'right' },
    { title: 'difference', align: 'right' },
    { title: 'Activations', align: 'right' },
  ] as const;
  return tableLines(
    columns,
    rows.map(([name, totals]) => {
      const difference = first === undefined || totals === first ? null : subtractTotals(totals, first);
      return [
        name,
        `${countText(totals.params)}${totals.unknown === 0 ? '' : `, ${unknownText(totals.unknown)}`}`,
        difference === null ? '' : formatDifference(difference.params),
        countText(totals.trainableParams),
        difference === null ? '' : formatDifference(difference.trainableParams),
        countText(totals.macs),
        difference === null ? '' : formatDifference(difference.macs),
        formatBytes(totals.activationBytes),
      ];
    }),
  );
}

async function tellHeads(compared: HeadComparison, writing: Writing, terminal: Terminal): Promise<ExitCode> {
  const { report, measured } = compared;
  if (writing.to !== null) {
    return await deliver(await printHeads(report, writing.to, writing.language), writing, terminal);
  }
  if (writing.json) {
    terminal.out(JSON.stringify(headsJson(compared), null, 2));
    return 0;
  }
  const table = headTable(report, writing.language);
  terminal.out(table.title);
  terminal.out('');
  const columns = table.heads.map(
    (title, at) => ({ title, align: at < table.firstNumber ? 'left' : 'right' }) as const,
  );
  for (const line of tableLines(columns, table.rows)) terminal.out(line);
  terminal.out('');
  terminal.out(report.note[writing.language]);
  if (measured !== null) {
    terminal.out(`A step of ${report.batchSize} samples, measured on ${measured.device} (${measured.engine}).`);
  }
  return 0;
}

function headsJson({ report, heads, config, measured }: HeadComparison): object {
  const first = heads[0];
  const row = (figures: HeadFigures, at: number): object => {
    const head = heads[at];
    const { label, isCurrent, share, fileBytes, trainingBytes, inputSizes, secondsPerStep } = figures;
    return {
      head: head?.kind == null ? label.en : headWords[head.kind],
      own: isCurrent,
      totals: head?.analysis.totals,
      difference:
        first === undefined || head === undefined ? null : subtractTotals(head.analysis.totals, first.analysis.totals),
      label: label.en,
      headParams: figures.head.trainableParams,
      headMacs: figures.head.macs,
      headShare: share,
      inputSizes: inputSizes.en,
      trainingBytes,
      fileBytes,
      secondsPerStep,
    };
  };
  const { batchSize, optimizer } = config;
  return { ok: true, heads: report.figures.map(row), note: report.note.en, batchSize, optimizer, measured };
}
