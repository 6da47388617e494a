import type { HostRequests } from '../../shared/host/api';
import { formatBytes } from '../../shared/text';
import type { RatePoint } from '../../shared/training/rateSweep';
import type { Host } from '../host';
import type { ExitCode } from './command';
import { reportFailure } from './report';
import { countText, tableLines } from './table';
import type { Terminal } from './terminal';

type Question = Pick<HostRequests['run.start'][0], 'document' | 'config'>;

/** Rows of a printed curve, and columns of its bars. */
const shownRows = 24;
const barWidth = 40;

/** `convloom train --find-rate`. */
export async function showSweep(
  host: Host,
  { document, config }: Question,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const release = host.on('run.measuring', ({ done, total }) => {
    terminal.progress(`step ${countText(done)} of ${countText(total)}`);
  });
  const swept = await host.request('run.findRate', { document, config, ticket: 'sweep' });
  release();
  if (!swept.ok) return reportFailure(swept, json, terminal);
  const { suggested, why, points, engine, device } = swept.value;
  const code = suggested === null ? 1 : 0;
  if (json) {
    terminal.out(JSON.stringify({ ok: suggested !== null, engine, device, suggested, why: why.en, points }));
    return code;
  }
  terminal.err(`${engine} on ${device}, ${config.optimizer}, batches of ${countText(config.batchSize)}`);
  for (const line of curveLines(points)) terminal.out(line);
  terminal.out(suggested === null ? 'no rate is suggested' : `suggested learning rate: ${suggested}`);
  terminal.err(why.en);
  return code;
}

/** The curve as a table with bars, at rates that are evenly apart. */
function curveLines(points: readonly RatePoint[]): readonly string[] {
  const stride = Math.max(1, Math.ceil(points.length / shownRows));
  const shown = points.filter((_, index) => index % stride === 0);
  const top = Math.max(...shown.map(({ smooth }) => smooth));
  return tableLines(
    [
      { title: 'rate', align: 'right' },
      { title: 'loss', align: 'right' },
      { title: '', align: 'left' },
    ],
    shown.map(({ rate, smooth }) => [
      rate.toExponential(1),
      smooth.toFixed(4),
      '▇'.repeat(Math.round((barWidth * smooth) / top)),
    ]),
  );
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(1)} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** `convloom train --forecast`. */
export async function showForecast(
  host: Host,
  { document, config }: Question,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const found = await host.request('run.forecast', { document, config });
  if (!found.ok) return reportFailure(found, json, terminal);
  const { value } = found;
  if (json) {
    terminal.out(JSON.stringify({ ok: true, ...value }));
    return 0;
  }
  terminal.err(`${value.engine} on ${value.device}, by ${value.steps} steps`);
  const { secondsPerStep, stepsPerEpoch, secondsPerEpoch, totalSeconds, prepareSeconds, memoryBytes } = value;
  terminal.out(`before the first step  ${timeText(prepareSeconds)}`);
  terminal.out(`a step                 ${(1000 * secondsPerStep).toFixed(1)} ms`);
  terminal.out(
    `an epoch               ${timeText(secondsPerEpoch)}, ${countText(stepsPerEpoch)} steps and the validation`,
  );
  terminal.out(`all ${countText(config.epochs)} epochs`.padEnd(23) + timeText(totalSeconds));
  const how = value.isRecomputing ? ', parts of the forward pass computed again' : '';
  terminal.out(`memory                 ${formatBytes(memoryBytes)} of ${formatBytes(value.availableBytes)}${how}`);
  return 0;
}
