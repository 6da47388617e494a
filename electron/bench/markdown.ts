import type { BenchReport, CandidateResult, CaseResult } from './runBench';

const mebibyte = 2 ** 20;

function number(value: number, digits = 1): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}

/** The report as Markdown tables. */
export function benchMarkdown(report: BenchReport): string {
  const { machine } = report;
  const memory = Math.round(machine.memoryBytes / 2 ** 30);
  return [
    `Machine: ${machine.cpu}, ${machine.threads} threads, ${memory} GiB, Node ${machine.node}.`,
    'One training step with Adam; all in turns within one run, each in its own process. A ratio above 1 is slower than the',
    `default engine (${report.baseline}).`,
    '',
    ...report.cases.flatMap(caseLines),
    '## Analysis',
    '',
    '| Network | Nodes | From cold, ms | After one edit, ms |',
    '|---|---:|---:|---:|',
    ...report.analysis.map(
      ({ id, nodeCount, coldMs, editMs }) => `| ${id} | ${nodeCount} | ${number(coldMs, 2)} | ${number(editMs, 2)} |`,
    ),
    '',
  ].join('\n');
}

function caseLines({ label, results }: CaseResult): readonly string[] {
  return [
    `## ${label}`,
    '',
    '| | Median, ms | Fastest, ms | Ratio | Peak memory, MiB | Start to first step, ms | Streaming, share of a step |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...results.map(resultLine),
    '',
  ];
}

function resultLine(result: CandidateResult): string {
  if (!result.available)
    return `| ${result.label} | cannot: ${result.why.replaceAll('|', '/').split('\n')[0] ?? ''} | | | | | |`;
  const share = result.streamingShare === null ? '-' : `${number(result.streamingShare * 100, 2)} %`;
  return [
    `| ${result.label}`,
    number(result.medianMs),
    number(result.minMs),
    number(result.ratio, 2),
    number(result.peakBytes / mebibyte, 0),
    number(result.firstStepMs, 0),
    `${share} |`,
  ].join(' | ');
}
