import { machineText } from '../machine';
import { measureTable } from './measures';
import type { Measure, MeasureId, SubjectResult } from './measures';
import type { UiReport } from './runUiBench';

/** The report as Markdown tables. */
export function uiMarkdown(report: UiReport): string {
  const { machine, browser, viewport, rounds, subjects } = report;
  const turns = rounds === 1 ? 'one round' : `${rounds} rounds`;
  return [
    `Machine: ${machineText(machine)}. Chromium ${browser.version}, headless, ${viewport.width}x${viewport.height}.`,
    `Times by the page's own clock, from the event to the paint of what it asked for; ${turns}, in turns, each in a fresh page.`,
    ...(report.interrupted ? ['', 'Interrupted: only what was measured until then.'] : []),
    '',
    '## Waiting',
    '',
    `Milliseconds: median of ${turns}, in brackets the best and the worst.`,
    '',
    ...waitingTable(subjects),
    '',
    '## Moving',
    '',
    'Milliseconds from one frame to the next, over all rounds; 16.7 is a screen of 60 Hz. Late: the share of frames above that.',
    '',
    ...movingTable(subjects),
    '',
    ...failureLines(subjects),
  ].join('\n');
}

function titleOf({ label, nodeCount }: SubjectResult): string {
  return nodeCount === null ? label : `${label}, ${nodeCount.toLocaleString('en-US')} nodes`;
}

/** One row per measure, one column per subject. */
function waitingTable(subjects: readonly SubjectResult[]): readonly string[] {
  const isWaiting = ({ kind }: Measure): boolean => kind === 'latency' || kind === 'memory';
  const columns = subjects.filter(({ measures }) => measures.some(isWaiting));
  const rows = (Object.keys(measureTable) as MeasureId[]).filter((id) =>
    columns.some(({ measures }) => measures.some((measure) => measure.id === id && isWaiting(measure))),
  );
  return [
    `| | ${columns.map(titleOf).join(' | ')} |`,
    `|---|${'---:|'.repeat(columns.length)}`,
    ...rows.map((id) => {
      const unit = measureTable[id].kind === 'memory' ? ', MiB' : '';
      const cells = columns.map(({ measures }) => waitingCell(measures.find((measure) => measure.id === id)));
      return `| ${measureTable[id].label}${unit} | ${cells.join(' | ')} |`;
    }),
  ];
}

function waitingCell(measure: Measure | undefined): string {
  if (measure?.kind === 'latency')
    return `${milliseconds(measure.medianMs)} (${milliseconds(measure.bestMs)} to ${milliseconds(measure.worstMs)})`;
  if (measure?.kind === 'memory')
    return `${mebibytes(measure.medianBytes)} (${mebibytes(measure.leastBytes)} to ${mebibytes(measure.worstBytes)})`;
  return '';
}

function movingTable(subjects: readonly SubjectResult[]): readonly string[] {
  return [
    '| | | Frames | Median | 95 % | Longest | Late |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...subjects.flatMap((subject) =>
      subject.measures.flatMap((measure) => {
        if (measure.kind !== 'frames') return [];
        const { label, frames, medianMs, p95Ms, longestMs, lateShare } = measure;
        const times = [medianMs, p95Ms, longestMs].map((value) => value.toFixed(1)).join(' | ');
        return [`| ${titleOf(subject)} | ${label} | ${frames} | ${times} | ${(lateShare * 100).toFixed(0)} % |`];
      }),
    ),
  ];
}

function failureLines(subjects: readonly SubjectResult[]): readonly string[] {
  const lines = subjects.flatMap(({ label, failures }) => failures.map((why) => `- ${label}: ${why}`));
  return lines.length === 0 ? [] : ['## Could not be measured', '', ...lines, ''];
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
