import type { RunMetrics } from '../session/metrics';

const heads = [
  'step',
  'epoch',
  'loss',
  'accuracy',
  'valLoss',
  'valAccuracy',
  'valMeanIou',
  'valPsnr',
  'valMacroF1',
  'learningRate',
  'samplesPerSecond',
  'memoryBytes',
  'cores',
] as const;

/** What is told as float32 is written without the digits that this adds. */
function fewDigits(value: number | null | undefined): number | null {
  return value == null ? null : Number(value.toPrecision(7));
}

/**
 * The numbers of a run as comma-separated values: a row for each step that is shown, with the validation of an epoch in the row of the step
 * that ended it. An empty field is a number that there is not.
 */
export function runCsv(metrics: RunMetrics): string {
  const { steps, losses, accuracies, epochs, rates, speeds, memory, cores } = metrics;
  const ended = new Map(epochs.map(({ step, event }) => [step, event]));
  const rows = steps.map((step, index) => {
    const epoch = ended.get(step);
    const next = epochs.find((one) => one.step >= step);
    const values = [
      step,
      next?.event.epoch ?? (epochs.at(-1)?.event.epoch ?? 0) + 1,
      losses[index],
      accuracies[index],
      epoch?.valLoss,
      epoch?.valAccuracy,
      epoch?.valMeanIou,
      epoch?.valPsnr,
      epoch?.valLabels?.macroF1,
      ...[rates[index], speeds[index], memory[index], cores[index]].map(fewDigits),
    ];
    return values.map((value) => value ?? '').join(',');
  });
  return `${[heads.join(','), ...rows].join('\n')}\n`;
}
