import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { NetworkAnalysis, NodeAnalysis, ReceptiveField } from '../../../shared/analysis/types';
import { formatBytes, formatShape } from '../../../shared/text';
import { defineCommand, jsonOption } from '../command';
import { readNetwork } from '../readNetwork';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import { countText, tableLines } from '../table';

/** `convloom analyze`. */
export const analyze = defineCommand({
  name: 'analyze',
  summary: 'shapes, parameters, multiply-adds and receptive field of every node, and what is wrong',
  details: [
    'Shapes are height × width × channels for one sample; ? is a size that the input leaves open. MACs are the multiply-adds',
    'of conv, up-conv and fc for one sample. "Sees" is the receptive field in input pixels, then the distance between',
    'neighbours; "all" is behind fc or gap. Totals count every node whose numbers are known, also when another is wrong.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file' }],
  options: { json: jsonOption },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const analysis = analyzeNetwork(document.value);
    if (options.json) {
      terminal.out(JSON.stringify(analysisJson(analysis), null, 2));
    } else {
      for (const line of [document.value.name, '', ...analysisLines(analysis)]) terminal.out(line);
    }
    return analysis.ok ? 0 : 1;
  },
});

/** The analysis as `--json` prints it; its fields are a contract. */
export function analysisJson(analysis: NetworkAnalysis): object {
  const { params, trainableParams, nonTrainableParams, macs, activationBytes } = analysis.totals;
  return {
    ok: analysis.ok,
    totals: { params, trainableParams, nonTrainableParams, macs, activationBytes },
    nodes: nodesOf(analysis).map((node) => ({
      id: node.id,
      kind: node.kind,
      outputShape: node.outputShape,
      params: node.paramCount,
      macs: node.macs,
      receptiveField:
        node.receptiveField === null ? null : { size: node.receptiveField.size, jump: node.receptiveField.jump },
    })),
    diagnostics: analysis.diagnostics.map(diagnosticJson),
  };
}

function nodesOf(analysis: NetworkAnalysis): readonly NodeAnalysis[] {
  return analysis.order.flatMap((id) => analysis.nodes.get(id) ?? []);
}

function pairText([height, width]: readonly [number, number]): string {
  return height === width ? countText(height) : `${countText(height)}×${countText(width)}`;
}

function receptiveFieldText(field: ReceptiveField | null): string {
  if (field === null) return '';
  if (field.global) return 'all';
  return `${pairText(field.size)}, ${pairText(field.jump)}${field.union ? ' (union)' : ''}`;
}

function stateText(node: NodeAnalysis): string {
  if (node.outputShape !== null) return formatShape(node.outputShape);
  return node.state === 'blocked' ? '(blocked)' : '(wrong)';
}

function analysisLines(analysis: NetworkAnalysis): readonly string[] {
  const { totals, diagnostics } = analysis;
  const rows = nodesOf(analysis).map((node) => [
    node.id,
    node.kind,
    stateText(node),
    node.paramCount === 0 ? '' : countText(node.paramCount),
    node.macs === 0 ? '' : countText(node.macs),
    receptiveFieldText(node.receptiveField),
  ]);
  const fixed =
    totals.nonTrainableParams === 0 ? '' : ` (${countText(totals.nonTrainableParams)} of them not trainable)`;
  return [
    ...tableLines(
      [
        { title: 'Node', align: 'left' },
        { title: 'Kind', align: 'left' },
        { title: 'Output', align: 'right' },
        { title: 'Parameters', align: 'right' },
        { title: 'MACs', align: 'right' },
        { title: 'Sees', align: 'right' },
      ],
      rows,
    ),
    '',
    `Parameters   ${countText(totals.params)}${fixed}`,
    `MACs         ${countText(totals.macs)} per sample`,
    `Activations  ${formatBytes(totals.activationBytes)} per sample`,
    ...(diagnostics.length === 0 ? ['', 'No problems found.'] : ['', 'Problems', ...diagnosticLines(diagnostics)]),
  ];
}
