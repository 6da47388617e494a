import { totalmem } from 'node:os';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { checkNamedOutput, checkTraining } from '../../../shared/compile/trainingChecks';
import type { NetworkAnalysis, NodeAnalysis, ReceptiveField } from '../../../shared/analysis/types';
import { success, type Diagnostic, type Result } from '../../../shared/diagnostics/diagnostic';
import { expand } from '../../../shared/document/expand';
import type { LayerTimes } from '../../../shared/host/api';
import type { NetworkDocument } from '../../../shared/schema/document';
import { formatBytes, formatMilliseconds, formatShape } from '../../../shared/text';
import { defaultTrainingConfig, trainingFields } from '../../../shared/schema/training';
import { checkSettings } from '../../../shared/training/checkSettings';
import { defineCommand, jsonOption } from '../command';
import { measureTimes, timeOf, timesJson, timesLines } from '../layerTimes';
import {
  dialectLines,
  inputSizesJson,
  inputSizesLines,
  memoryJson,
  memoryLines,
  reportDialects,
  reportInputSizes,
  type MemoryQuestion,
} from '../networkSections';
import { printableLine } from '../printable';
import { readNetwork } from '../readNetwork';
import { diagnosticsJson, diagnosticLines, reportFailure, unknownText } from '../report';
import { countText, tableLines } from '../table';
import { engineOption, trainingConfig } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom analyze`. */
export const analyze = defineCommand({
  name: 'analyze',
  summary: 'shapes, parameters, multiply-adds and receptive field of every node, and what is wrong',
  details: [
    'Shapes are height × width × channels for one sample; ? is a size that the input leaves open. MACs are the multiply-adds',
    'of conv, up-conv and fc for one sample. "Sees" is the receptive field in input pixels, then the distance between',
    'neighbours; "all" is behind fc or gap. Totals count every node whose numbers are known, also when another is wrong, and say of',
    'how many the parameters are unknown. Parameters are all weights, trainable or not, where nothing else is said.',
    '--time measures each layer alone: forward, backward and update, with the batch size of --batch-size or of the file.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model' }],
  options: {
    'batch-size': {
      ...trainingFields.batchSize,
      doc: 'the memory of a training step, and the largest batch here; the batch of --time',
    },
    optimizer: {
      type: 'choice',
      values: trainingFields.optimizer.choices.map(({ value }) => value),
      doc: 'for --batch-size and --time; else what the file says',
    },
    dialects: { type: 'flag', doc: 'the nodes that TensorFlow, PyTorch and Caffe would size otherwise' },
    'input-sizes': { type: 'flag', doc: 'the valid input sizes in the JSON; the table always has them' },
    time: { type: 'flag', doc: 'how long each layer takes in a training step: measured here, on random data' },
    engine: { ...engineOption, doc: 'for --time: what measures' },
    data: { type: 'text', placeholder: 'SPEC', doc: 'judge the network against a data set, as before training' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, options.json, terminal);
    const alone = analyzeNetwork(document.value);
    const judged = await judge(document.value, alone, options.data);
    if (!judged.ok) return reportFailure(judged, options.json, terminal);
    const analysis = judged.value;
    const memory: MemoryQuestion | null =
      options['batch-size'] === undefined
        ? null
        : {
            batchSize: options['batch-size'],
            optimizer: options.optimizer ?? document.value.train?.optimizer ?? defaultTrainingConfig.optimizer,
            availableBytes: totalmem(),
          };
    // A network with errors has no step to be timed, and its findings say why.
    const measured =
      options.time && analysis.ok ? await measureTimes(document.value, trainingConfig(document.value, options)) : null;
    if (measured?.ok === false) return reportFailure(measured, options.json, terminal);
    const times = measured?.value ?? null;
    const dialectRows = options.dialects ? reportDialects(document.value) : null;
    if (options.json) {
      const more = {
        ...(options['input-sizes'] && { inputSizes: inputSizesJson(reportInputSizes(document.value, analysis)) }),
        ...(dialectRows !== null && { dialects: dialectRows }),
        ...(memory !== null && { memory: memoryJson(analysis, memory) }),
        ...(options.time && { time: times === null ? null : timesJson(times) }),
      };
      terminal.out(JSON.stringify({ ...analysisJson(analysis, options.time ? { times } : null), ...more }, null, 2));
      return analysis.ok ? 0 : 1;
    }
    const sections = [
      ...inputSizesLines(reportInputSizes(document.value, analysis)),
      ...(memory === null ? [] : memoryLines(analysis, memory)),
      ...(dialectRows === null ? [] : dialectLines(dialectRows)),
      ...(times === null ? [] : timesLines(analysis, times)),
    ];
    const lines = analysisLines(document.value, analysis, { sections, times });
    for (const line of [printableLine(document.value.name), '', ...lines]) terminal.out(line);
    return analysis.ok ? 0 : 1;
  },
});

/**
 * The analysis with what of the file's own settings no run accepts, and with a data set with what keeps the network from learning it,
 * among its findings, errors first. The network is none the worse for its settings: alone, they are warnings.
 */
async function judge(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  spec: string | undefined,
): Promise<Result<NetworkAnalysis>> {
  const settings = checkSettings(document.train ?? {});
  if (spec === undefined) {
    const found = [...settings, ...checkNamedOutput(document, analysis)];
    return success(
      withFindings(
        analysis,
        found.map((finding) => ({ ...finding, severity: 'warning' })),
      ),
    );
  }
  const info = await withHost((host) => host.request('data.info', { spec }));
  if (!info.ok) return info;
  return success(
    withFindings(analysis, [...settings, ...checkTraining(document, analysis, info.value, document.train)]),
  );
}

/** The errors of both first, those of the network before those of training. */
function withFindings(analysis: NetworkAnalysis, findings: readonly Diagnostic[]): NetworkAnalysis {
  if (findings.length === 0) return analysis;
  const known = new Set(findings.map(({ at, code }) => `${code.split('/')[1] ?? ''} ${at.nodeId ?? ''}`));
  // The same finding with the data at hand says more than the guess without.
  const others = analysis.diagnostics.filter(
    ({ at, code }) => !known.has(`${code.split('/')[1] ?? ''} ${at.nodeId ?? ''}`),
  );
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error';
  const diagnostics = [...others.filter(isError), ...findings, ...others.filter((one) => !isError(one))];
  return { ...analysis, ok: !diagnostics.some(isError), diagnostics };
}

/** What was asked to be measured; `times` null where that could not be. */
type Timed = { readonly times: LayerTimes | null };

/** The analysis as `--json` prints it; its fields are a contract. With `timed`, every node and block has its `timeMs`. */
export function analysisJson(analysis: NetworkAnalysis, timed: Timed | null = null): object {
  const timeMs = (id: string): object =>
    timed === null ? {} : { timeMs: timed.times === null ? null : timeOf(timed.times, id) };
  const { params, trainableParams, nonTrainableParams, macs, activationBytes, unknown } = analysis.totals;
  return {
    ok: analysis.ok,
    totals: { params, trainableParams, nonTrainableParams, macs, activationBytes, unknown },
    nodes: nodesOf(analysis).map((node) => ({
      id: node.id,
      kind: node.kind,
      ...(analysis.bypassed.has(node.id) && { bypass: true }),
      ...(node.shared !== undefined && { weightsOf: node.shared.owner }),
      outputShape: node.outputShape,
      params: node.paramCount,
      macs: node.macs,
      receptiveField:
        node.receptiveField === null ? null : { size: node.receptiveField.size, jump: node.receptiveField.jump },
      ...timeMs(node.id),
    })),
    blocks: [...analysis.blocks.values()].map(({ id, block, outputShape, paramCount, macs }) => ({
      id,
      block,
      outputShape,
      params: paramCount,
      macs,
      ...timeMs(id),
    })),
    diagnostics: diagnosticsJson(analysis.diagnostics, analysis.nodes.size),
  };
}

/** As values flow; a bypassed node behind the one whose value it hands on. */
function nodesOf({ order, nodes, bypassed }: NetworkAnalysis): readonly NodeAnalysis[] {
  const behind = new Map<string | null, NodeAnalysis[]>();
  for (const node of bypassed.values()) behind.set(node.source, [...(behind.get(node.source) ?? []), node]);
  return order.flatMap((id) => [nodes.get(id) ?? [], behind.get(id) ?? []].flat());
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

/** The rows of the table: a block node is a heading with its sums, and what it holds stands below it, indented. */
function tableRows(document: NetworkDocument, analysis: NetworkAnalysis): readonly (readonly [string, NodeAnalysis])[] {
  const { origins } = expand(document);
  const held = new Map<string | null, (string | NodeAnalysis)[]>([[null, []]]);
  for (const node of nodesOf(analysis)) {
    const inside = origins.get(node.id)?.inside ?? [];
    for (const [depth, id] of inside.entries()) {
      if (held.has(id)) continue;
      held.set(id, []);
      held.get(depth === 0 ? null : (inside[depth - 1] ?? null))?.push(id);
    }
    held.get(inside.at(-1) ?? null)?.push(node);
  }
  const rows: (readonly [string, NodeAnalysis])[] = [];
  const write = (list: readonly (string | NodeAnalysis)[], depth: number): void => {
    for (const item of list) {
      const node = typeof item === 'string' ? analysis.blocks.get(item) : item;
      if (node === undefined) continue;
      rows.push(['  '.repeat(depth) + node.id, node]);
      if (typeof item === 'string') write(held.get(item) ?? [], depth + 1);
    }
  };
  write(held.get(null) ?? [], 0);
  return rows;
}

function timeText(ms: number | null): string {
  return ms === null ? '' : formatMilliseconds(ms);
}

function kindText(analysis: NetworkAnalysis, { id, kind }: NodeAnalysis): string {
  const block = analysis.blocks.get(id)?.block;
  if (analysis.bypassed.has(id)) return `${kind} (bypassed)`;
  return block === undefined || block === '' ? kind : `block ${block}`;
}

function analysisLines(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  { sections, times }: Timed & { readonly sections: readonly string[] },
): readonly string[] {
  const { totals, diagnostics } = analysis;
  const rows = tableRows(document, analysis).map(([name, node]) => [
    name,
    kindText(analysis, node),
    stateText(node),
    node.shared !== undefined ? `as ${node.shared.owner}` : node.paramCount === 0 ? '' : countText(node.paramCount),
    node.macs === 0 ? '' : countText(node.macs),
    receptiveFieldText(node.receptiveField),
    ...(times === null ? [] : [timeText(timeOf(times, node.id))]),
  ]);
  const parts = [countText(totals.params), ...(totals.unknown === 0 ? [] : [unknownText(totals.unknown)])].join(', ');
  const split = `${countText(totals.trainableParams)} trainable, ${countText(totals.nonTrainableParams)} not`;
  return [
    ...tableLines(
      [
        { title: 'Node', align: 'left' },
        { title: 'Kind', align: 'left' },
        { title: 'Output', align: 'right' },
        { title: 'All parameters', align: 'right' },
        { title: 'MACs', align: 'right' },
        { title: 'Sees', align: 'right' },
        ...(times === null ? [] : [{ title: 'Time', align: 'right' } as const]),
      ],
      rows,
    ),
    '',
    `Parameters   ${parts} (${split})`,
    `MACs         ${countText(totals.macs)} per sample`,
    `Activations  ${formatBytes(totals.activationBytes)} per sample`,
    ...sections,
    ...(diagnostics.length === 0
      ? ['', 'No problems found.']
      : ['', 'Problems', ...diagnosticLines(diagnostics, analysis.nodes.size)]),
  ];
}
