import { analyzeNetwork } from '../../../shared/analysis/analyze';
import {
  compareNetworks,
  subtractTotals,
  type ComparedNode,
  type NetworkComparison,
} from '../../../shared/analysis/compare';
import type { NetworkTotals, NodeAnalysis } from '../../../shared/analysis/types';
import { findHead, type HeadKind } from '../../../shared/transforms/findHead';
import { switchHead } from '../../../shared/transforms/heads';
import { badOptionValue, conflictingOptions, missingArgument } from '../../../shared/diagnostics/catalog/commandLine';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../../shared/schema/document';
import { formatBytes, formatDifference, formatShape, text } from '../../../shared/text';
import { defineCommand, jsonOption, type ExitCode } from '../command';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure, unknownText } from '../report';
import { countText, tableLines } from '../table';
import type { Terminal } from '../terminal';

const headKinds = ['fc', 'gap', 'conv'] as const satisfies readonly HeadKind[];

/** `convloom compare`. */
export const compare = defineCommand({
  name: 'compare',
  summary: 'two networks node by node, or one network with other heads',
  details: [
    'With two files: nodes are aligned, and each line shows what differs. Differences are B minus A.',
    'With one file and --heads fc,gap,conv: the classifier head is rebuilt in each form on the same trunk, and their costs are',
    'set side by side.',
  ].join('\n'),
  positionals: [
    { name: 'A', doc: 'a network file or a model' },
    { name: 'B', doc: 'another one', optional: true },
  ],
  options: {
    heads: { type: 'text', placeholder: 'fc,gap,conv', doc: 'build these heads on the trunk of A' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [fileA = '', fileB] }, terminal) => {
    const { json, heads } = options;
    if (heads !== undefined && fileB !== undefined) {
      const diagnostic = conflictingOptions('--heads takes one file, not two.', '--heads 只接受一个文件。');
      return reportDiagnostics([diagnostic], json, terminal);
    }
    const a = await readNetwork(fileA);
    if (!a.ok) return reportFailure(a, json, terminal);
    if (heads !== undefined) return compareHeads(a.value, heads, json, terminal);
    if (fileB === undefined) return reportDiagnostics([missingArgument('B (or --heads)')], json, terminal);
    const b = await readNetwork(fileB);
    if (!b.ok) return reportFailure(b, json, terminal);
    return compareFiles(a.value, b.value, json, terminal);
  },
});

function compareFiles(a: NetworkDocument, b: NetworkDocument, json: boolean, terminal: Terminal): ExitCode {
  const analysisA = analyzeNetwork(a);
  const analysisB = analyzeNetwork(b);
  const comparison = compareNetworks(analysisA, analysisB);
  if (json) {
    terminal.out(JSON.stringify(comparisonJson(comparison, analysisA.ok && analysisB.ok), null, 2));
  } else {
    for (const line of comparisonLines(comparison, a.name, b.name)) terminal.out(line);
  }
  if (analysisA.ok && analysisB.ok) return 0;
  if (!json) {
    for (const [name, { ok }] of [
      [a.name, analysisA],
      [b.name, analysisB],
    ] as const) {
      if (!ok) terminal.err(`${name} has errors: \`convloom analyze\` shows them.`);
    }
  }
  return 1;
}

function nodeJson(node: NodeAnalysis | null): object | null {
  if (node === null) return null;
  const { id, kind, outputShape, paramCount, macs, activationBytes } = node;
  return { id, kind, outputShape, params: paramCount, macs, activationBytes };
}

function comparisonJson({ nodes, totals, sameCount }: NetworkComparison, ok: boolean): object {
  return {
    ok,
    sameCount,
    nodes: nodes.map(({ status, a, b, changes }) => ({ status, a: nodeJson(a), b: nodeJson(b), changes })),
    totals,
  };
}

function comparisonLines(
  { nodes, totals, sameCount }: NetworkComparison,
  nameA: string,
  nameB: string,
): readonly string[] {
  const marks = { same: ' ', changed: '~', onlyA: '−', onlyB: '+' } as const;
  const rows = nodes.map((node) => [
    marks[node.status],
    node.a === null ? '' : `${node.a.id} (${node.a.kind})`,
    node.b === null ? '' : `${node.b.id} (${node.b.kind})`,
    pairText(node, ({ outputShape }) => (outputShape === null ? '?' : formatShape(outputShape))),
    pairText(node, ({ paramCount }) => countText(paramCount)),
    pairText(node, ({ macs }) => countText(macs)),
    node.changes
      .filter(({ what }) => what === 'param' || what === 'inputs')
      .map(({ what, name, a, b }) => `${name ?? what} ${a ?? '–'} → ${b ?? '–'}`)
      .join(', '),
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
    `${sameCount} of ${nodes.length} lines are the same.`,
  ];
}

/** One value where both sides agree or one is missing, both with an arrow where they differ. */
function pairText({ a, b }: ComparedNode, show: (node: NodeAnalysis) => string): string {
  const left = a === null ? null : show(a);
  const right = b === null ? null : show(b);
  if (left === null || right === null || left === right) return left ?? right ?? '';
  return `${left} → ${right}`;
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

type Variant = { readonly head: HeadKind; readonly isOwn: boolean; readonly totals: NetworkTotals };

function readHeads(list: string): Result<readonly HeadKind[]> {
  const chosen: HeadKind[] = [];
  for (const word of list.split(',').map((part) => part.trim())) {
    const kind = headKinds.find((candidate) => candidate === word);
    if (kind === undefined) {
      return failure(badOptionValue('--heads', list, text('a list of fc, gap and conv', 'fc、gap、conv 的列表')));
    }
    if (!chosen.includes(kind)) chosen.push(kind);
  }
  return success(chosen);
}

function buildVariants(document: NetworkDocument, heads: readonly HeadKind[]): Result<readonly Variant[]> {
  const analysis = analyzeNetwork(document);
  const own = findHead(document, analysis);
  if (!own.ok) return own;
  const variants: Variant[] = [];
  for (const head of heads) {
    if (head === own.value.kind) {
      variants.push({ head, isOwn: true, totals: analysis.totals });
      continue;
    }
    const plan = switchHead(document, analysis, head);
    if (!plan.ok) return plan;
    variants.push({ head, isOwn: false, totals: plan.value.after.totals });
  }
  return success(variants);
}

function compareHeads(document: NetworkDocument, list: string, json: boolean, terminal: Terminal): ExitCode {
  const heads = readHeads(list);
  if (!heads.ok) return reportFailure(heads, json, terminal);
  const variants = buildVariants(document, heads.value);
  if (!variants.ok) return reportFailure(variants, json, terminal);
  if (json) {
    const [first] = variants.value;
    const rows = variants.value.map(({ head, isOwn, totals }) => ({
      head,
      own: isOwn,
      totals,
      difference: first === undefined ? null : subtractTotals(totals, first.totals),
    }));
    terminal.out(JSON.stringify({ ok: true, heads: rows }, null, 2));
    return 0;
  }
  terminal.out(document.name);
  terminal.out('');
  const rows = variants.value.map(({ head, isOwn, totals }): readonly [string, NetworkTotals] => [
    isOwn ? `${head} (as drawn)` : head,
    totals,
  ]);
  for (const line of totalsLines(rows)) terminal.out(line);
  return 0;
}
