import { unpackEvents } from '../../shared/training/packedEvents';
import { descentLabel, raceRow, raceWords, type RaceRow } from '../../shared/training/race';
import { scoreText } from '../../shared/training/runTable';
import type { Sweep, SweepTrial } from '../../shared/training/sweep';
import type { Host } from '../host';
import { countText, tableLines } from './table';
import type { Terminal } from './terminal';

async function rowOf(host: Host, trial: SweepTrial): Promise<RaceRow | null> {
  const read = trial.runId === null ? null : await host.request('run.get', { runId: trial.runId });
  if (read?.ok !== true) return raceRow(trial, null);
  const { summary, events } = read.value;
  const started = unpackEvents(events).find((event) => event.type === 'started') ?? null;
  return raceRow(trial, { config: summary.config, started });
}

/** How far each descent of a race came. */
export async function raceRows(host: Host, { trials }: Sweep): Promise<readonly RaceRow[]> {
  const rows = await Promise.all(trials.map((trial) => rowOf(host, trial)));
  return rows.filter((row) => row !== null);
}

/** Prints the descents side by side, and what happened. */
export function tellRace(rows: readonly RaceRow[], terminal: Terminal): void {
  const table = tableLines(
    [
      { title: 'descent', align: 'left' },
      { title: 'samples a step', align: 'right' },
      { title: 'steps', align: 'right' },
      { title: 'epochs', align: 'right' },
      { title: 'samples', align: 'right' },
      { title: 'seconds', align: 'right' },
      { title: 'best', align: 'right' },
    ],
    rows.map(({ descent, samplesPerStep, steps, epochs, samples, seconds, score }) => [
      descentLabel(descent).en,
      countText(samplesPerStep),
      countText(steps),
      countText(epochs),
      countText(samples),
      seconds === null ? '–' : seconds.toFixed(1),
      score === null ? '–' : scoreText(score.metric, score.value),
    ]),
  );
  for (const line of table) terminal.out(line);
  terminal.out(raceWords(rows).en);
}
