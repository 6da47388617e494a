import { machineText } from './machine';
import { numberText, oneLine } from './markdown';
import type { AccuracyReport, LevelResult, RaceResult } from './report';

type Recipe = AccuracyReport['recipes'][number];

/** The report of `--accuracy` as Markdown tables. */
export function accuracyMarkdown(report: AccuracyReport): string {
  const { machine, threads, seeds, recipes } = report;
  return [
    `Machine: ${machineText(machine)}.`,
    "Seconds from the command until an epoch's validation first reaches an accuracy, on the built-in digits (8,000 train, 2,000",
    `validate): start, data, training and validation. Each given ${threads} threads and the same ${seeds === 1 ? 'seed' : `${seeds} seeds`}, in turns; mean, deviation, and in`,
    'brackets the soonest and the latest. Seeds that never reach a level are in no mean, and counted.',
    ...(report.interrupted ? ['', 'Interrupted: only what was measured until then.'] : []),
    '',
    ...recipes.flatMap(recipeLines),
  ].join('\n');
}

function recipeLines({ label, epochs, results }: Recipe): readonly string[] {
  const levels = results.flatMap((result) => (result.available ? [result.levels] : []))[0] ?? [];
  const faults = results.flatMap((result) =>
    result.available
      ? result.runs.flatMap(({ seed, fault }) =>
          fault === null ? [] : [`- ${result.label}, seed ${seed}: ${oneLine(fault)}`],
        )
      : [],
  );
  return [
    `## ${label}, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    '',
    `| | ${[...levels.map(({ level }) => `To ${levelText(level)}, s`), 'Best accuracy', 'Device', 'Versions'].join(' | ')} |`,
    `|---|${'---:|'.repeat(levels.length)}---:|---|---|`,
    ...results.map((result) => resultLine(result, levels.length)),
    '',
    ...(faults.length === 0 ? [] : [...faults, '']),
  ];
}

/** `98 %`. */
export function levelText(level: number): string {
  return `${numberText(level * 100, 0)} %`;
}

/** `12.3 ± 0.8 (11.5 to 13.4), 4 of 5`; a single seed has no spread. */
export function levelCell({ reached, seeds, seconds }: LevelResult): string {
  const count = `${reached} of ${seeds}`;
  if (seconds === null) return `not reached, ${count}`;
  const { mean, deviation, least, most } = seconds;
  if (deviation === null) return `${numberText(mean)}, ${count}`;
  return `${numberText(mean)} ± ${numberText(deviation)} (${numberText(least)} to ${numberText(most)}), ${count}`;
}

function resultLine(result: RaceResult, levelCount: number): string {
  if (!result.available) return `| ${result.label} | cannot: ${oneLine(result.why)}${' |'.repeat(levelCount + 3)}`;
  const { label, levels, runs, device, version } = result;
  const best = runs.flatMap(({ epochs }) => {
    const scores = epochs.map(({ valAccuracy }) => valAccuracy);
    return scores.length === 0 ? [] : [Math.max(...scores)];
  });
  const range = best.length === 0 ? '-' : rangeText(Math.min(...best), Math.max(...best));
  return `| ${[label, ...levels.map(levelCell), range, oneLine(device), oneLine(version)].join(' | ')} |`;
}

function rangeText(least: number, most: number): string {
  const texts = [least, most].map((score) => `${numberText(score * 100, 2)} %`);
  return [...new Set(texts)].join(' to ');
}
