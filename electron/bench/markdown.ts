import { machineText } from './machine';
import { candidateLabel } from './protocol';
import type { BenchReport, CandidateResult, CaseResult } from './runBench';

const mebibyte = 2 ** 20;

function number(value: number | null, digits = 1): string {
  return value !== null && Number.isFinite(value) ? value.toFixed(digits) : '-';
}

/** The report as Markdown tables. */
export function benchMarkdown(report: BenchReport): string {
  const { machine, threads, cases } = report;
  return [
    `Machine: ${machineText(machine)}.`,
    `One training step with Adam; all in turns within one run, each in its own process and given ${threads} threads. A ratio above 1 is`,
    `slower than the default engine (${candidateLabel(report.baseline)}).`,
    ...(report.interrupted ? ['', 'Interrupted: only what was measured until then.'] : []),
    '',
    ...cases.flatMap(caseLines),
    ...participantLines(cases),
    ...(report.analysis.length === 0
      ? []
      : [
          '## Analysis',
          '',
          '| Network | Nodes | From cold, ms | After one edit, ms |',
          '|---|---:|---:|---:|',
          ...report.analysis.map(
            ({ id, nodeCount, coldMs, editMs }) =>
              `| ${id} | ${nodeCount} | ${number(coldMs, 2)} | ${number(editMs, 2)} |`,
          ),
          '',
        ]),
  ].join('\n');
}

function caseLines({ label, results }: CaseResult): readonly string[] {
  return [
    `## ${label}`,
    '',
    '| | Median, ms | Middle half, ms | Fastest, ms | Ratio | Peak memory, MiB | Start to first step, ms | Streaming, share of a step |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...results.map(resultLine),
    '',
  ];
}

function resultLine(result: CandidateResult): string {
  if (!result.available) return `| ${result.label} | cannot: ${oneLine(result.why)} | | | | | | |`;
  return [
    `| ${result.label}`,
    number(result.medianMs),
    result.quartilesMs.map((quartile) => number(quartile)).join(' to '),
    number(result.minMs),
    number(result.ratio, 2),
    result.peakBytes === 0 ? '-' : number(result.peakBytes / mebibyte, 0),
    number(result.firstStepMs, 0),
    `${result.streamingShare === null ? '-' : percentText(result.streamingShare)} |`,
  ].join(' | ');
}

function oneLine(why: string): string {
  return why.replaceAll('|', '/').split('\n')[0] ?? '';
}

/** A small share with two figures that say something: 0.0034 %, 0.56 %, 12 %. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return '-';
  const percent = share * 100;
  const decimals = percent <= 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(percent)));
  return `${percent.toFixed(Math.min(decimals, 6))} %`;
}

/** Which device and which versions each candidate ran on; the same on every network unless it is said twice. */
function participantLines(cases: readonly CaseResult[]): readonly string[] {
  const rows = new Set(
    cases.flatMap(({ results }) =>
      results.flatMap((result) =>
        result.available ? [`| ${result.label} | ${oneLine(result.device)} | ${oneLine(result.version)} |`] : [],
      ),
    ),
  );
  return rows.size === 0 ? [] : ['## What ran where', '', '| | Device | Versions |', '|---|---|---|', ...rows, ''];
}
