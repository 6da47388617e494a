import { machineText } from './machine';
import { participantOf } from './report';
import type { AnalysisCost, BenchReport, CandidateResult, CaseResult, Roof } from './report';

const mebibyte = 2 ** 20;

/** A figure, or a dash where there is none. */
export function numberText(value: number | null, digits = 1): string {
  return value !== null && Number.isFinite(value) ? value.toFixed(digits) : '-';
}

type Range = readonly [low: number, high: number] | null;

/** `20.0 (19.0 to 22.5)`: the middle one, and between what the middle half of all lies. */
export function spreadText(value: number | null, range: Range, write: (value: number) => string): string {
  if (value === null || !Number.isFinite(value)) return '-';
  return range === null ? write(value) : `${write(value)} (${range.map(write).join(' to ')})`;
}

function digits(count: number): (value: number) => string {
  return (value) => numberText(value, count);
}

/** The report as Markdown tables. */
export function benchMarkdown(report: BenchReport): string {
  const { machine, threads, cases, roof, analysis } = report;
  return [
    `Machine: ${machineText(machine)}.`,
    `One training step with Adam; all in turns within one run, each in its own process and given ${threads} threads. A ratio above 1 is`,
    `slower than the default engine (${participantOf(report.baseline).label}). In brackets the middle half of all that was measured.`,
    'Peak memory is the largest of one process.',
    ...(report.interrupted ? ['', 'Interrupted: only what was measured until then.'] : []),
    '',
    ...roofLines(roof),
    ...cases.flatMap(caseLines),
    ...participantLines(cases),
    ...analysisLines(analysis),
  ].join('\n');
}

function roofLines({ rows }: Roof): readonly string[] {
  if (rows.length === 0) return [];
  return [
    '## The roof of this machine',
    '',
    'The product of two square matrices at its best size, and a copy of memory, read and write counted.',
    '',
    '| | float32, GFLOP/s | bfloat16, GFLOP/s | Copy, GB/s |',
    '|---|---:|---:|---:|',
    ...rows.map(({ by, products, copy }) => {
      const cells = (['float32', 'bfloat16'] as const).map((precision) => {
        const product = products.find((one) => one.precision === precision);
        if (product === undefined) return '-';
        const { median, low, high } = product.gflops;
        return `${spreadText(median, [low, high], digits(1))}, size ${product.size}`;
      });
      const { median = null, low = 0, high = 0 } = copy?.gigabytesPerSecond ?? {};
      return `| ${by} | ${cells.join(' | ')} | ${spreadText(median, [low, high], digits(1))} |`;
    }),
    '',
  ];
}

function caseLines({ label, flops, results }: CaseResult): readonly string[] {
  return [
    `## ${label}`,
    '',
    `A step is ${numberText(flops / 1e9, 2)} GFLOP in products: 2 a multiply-add, forward, for the weights' gradients and for the inputs'.`,
    '',
    '| | Step, ms | Fastest, ms | Ratio | GFLOP/s | Of the roof | Peak memory, MiB | Start to first step, ms | Streaming, share of a step |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...results.map((result) => resultLine(result, flops)),
    '',
  ];
}

function resultLine(result: CandidateResult, flops: number): string {
  if (!result.available) return `| ${result.label} | cannot: ${oneLine(result.why)} | | | | | | | |`;
  const { quartilesMs, gflops, roofShare } = result;
  // The slower a step, the fewer operations a second.
  const [slow, fast] = [flops / quartilesMs[1] / 1e6, flops / quartilesMs[0] / 1e6];
  const shares: Range = roofShare === null ? null : [(roofShare * slow) / gflops, (roofShare * fast) / gflops];
  return `| ${[
    result.label,
    spreadText(result.medianMs, quartilesMs, digits(1)),
    numberText(result.minMs),
    spreadText(result.ratio, result.ratioQuartiles, digits(2)),
    spreadText(gflops, [slow, fast], digits(1)),
    spreadText(roofShare, shares, percentText),
    result.peakBytes === 0 ? '-' : numberText(result.peakBytes / mebibyte, 0),
    spreadText(result.firstStepMs, result.firstStepQuartilesMs, digits(0)),
    spreadText(result.streamingShare, result.streamingQuartiles, percentText),
  ].join(' | ')} |`;
}

function analysisLines(analysis: readonly AnalysisCost[]): readonly string[] {
  if (analysis.length === 0) return [];
  return [
    '## Analysis',
    '',
    '| Network | Nodes | From cold, ms | After one edit, ms |',
    '|---|---:|---:|---:|',
    ...analysis.map(({ id, nodeCount, coldMs, coldQuartilesMs, editMs, editQuartilesMs }) => {
      const cold = spreadText(coldMs, coldQuartilesMs, digits(2));
      return `| ${id} | ${nodeCount} | ${cold} | ${spreadText(editMs, editQuartilesMs, digits(2))} |`;
    }),
    '',
  ];
}

/** The first line of a text, fit for a cell of a table. */
export function oneLine(why: string): string {
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
