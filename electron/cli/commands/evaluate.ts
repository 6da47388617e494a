import type { Evaluation } from '../../../shared/host/api';
import { evaluatedParts } from '../../../shared/schema/data';
import type { ClassTask } from '../../../shared/schema/data';
import { formatDecibels } from '../../../shared/text';
import { areStyled } from '../../../shared/training/answers';
import type { Answers, AnswersOf } from '../../../shared/training/answers';
import {
  calibrationOf,
  classScores,
  confusionOf,
  meanScores,
  pictureScores,
  valueScores,
  type ClassScore,
} from '../../../shared/training/confusion';
import { labelClassScores, meanAveragePrecision, type LabelScores } from '../../../shared/training/labelScores';
import { lossPartsText } from '../../../shared/training/lossParts';
import { psnrOf } from '../../../shared/training/psnr';
import { percentText } from '../../../shared/training/scoreTexts';
import { defineCommand, forceOption, jsonOption } from '../command';
import { printableLine } from '../printable';
import { evaluationReport } from '../evaluationReport';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import { findRun } from '../../files/paths';
import { countText, tableLines } from '../table';
import type { Terminal } from '../terminal';
import { engineOption } from '../trainingOptions';
import { withHost } from '../withHost';
import { writeOutput } from '../writeOutput';

/** `convloom evaluate`. */
export const evaluate = defineCommand({
  name: 'evaluate',
  summary:
    "score a run's or a model's weights: on the test part of its own data, or the validation part; on all of other data",
  positionals: [{ name: 'RUN', doc: "a run's folder or id, or a model" }],
  options: {
    data: { type: 'text', placeholder: 'SPEC', doc: "other data than the run's own" },
    part: {
      type: 'choice',
      values: evaluatedParts,
      doc: 'what to score on (default: the test part of its own data where there is one, else the validation part; all of other data)',
    },
    output: { type: 'text', placeholder: 'NODE', doc: 'which of several outputs to score (default: the trained one)' },
    classes: {
      type: 'flag',
      doc: 'each class too: precision, recall, F1, IoU, the confusion matrix, calibration; for multi-label, the average precision (AP); for values, their errors and R2; for pictures, the PSNR of single ones',
    },
    report: {
      type: 'text',
      placeholder: 'FILE',
      doc: 'write all of it, with the worst mistakes and their pictures, as one HTML file',
    },
    force: forceOption,
    engine: engineOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [run = ''] }, terminal) =>
    await withHost(async (host) => {
      const model = { type: 'path', path: findRun(run) } as const;
      const data = options.data ?? null;
      const part = options.part === undefined ? {} : { part: options.part };
      const output = options.output === undefined ? {} : { output: options.output };
      const asked = { model, data, ...part, ...output };
      const evaluated = await host.request('model.evaluate', {
        ...asked,
        engine: options.engine ?? 'auto',
        answers: options.classes || options.report !== undefined,
      });
      if (!evaluated.ok) return reportFailure(evaluated, options.json, terminal);
      const { answers, ...scores } = evaluated.value;
      if (options.report !== undefined && answers !== undefined) {
        const page = await evaluationReport({ ...scores, answers }, asked, host);
        if (!page.ok) return reportFailure(page, options.json, terminal);
        const written = await writeOutput(options.report, page.value, options.force);
        if (!written.ok) return reportFailure(written, options.json, terminal);
        terminal.err(`Wrote ${written.value}`);
      }
      const detail = options.classes && answers !== undefined ? answers : null;
      if (options.json) {
        const warnings = scores.warnings.map((warning) => diagnosticJson(warning));
        terminal.out(
          JSON.stringify({ ok: true, ...scores, warnings, ...(detail === null ? {} : detailJson(detail)) }, null, 2),
        );
        return 0;
      }
      tellScores(scores, terminal);
      if (detail !== null) tellDetail(detail, terminal);
      return 0;
    }),
});

const partWords = {
  test: 'the test part, kept apart',
  validation: 'the validation part',
  all: 'all of the data',
} as const;

function tellScores(scores: Evaluation, terminal: Terminal): void {
  for (const line of diagnosticLines(scores.warnings)) terminal.err(line);
  terminal.err(`${scores.data}, ${countText(scores.count)} samples (${partWords[scores.part]}), ${scores.engine}`);
  terminal.out(`loss      ${scores.loss.toFixed(4)}`);
  if (scores.lossParts !== undefined) terminal.out(printableLine(`  of it   ${lossPartsText(scores.lossParts)}`));
  if (scores.accuracy !== null) terminal.out(scoreLine('accuracy', scores.accuracy, scores.baseline.accuracy));
  if (scores.meanIou !== null) terminal.out(scoreLine('mean IoU', scores.meanIou, scores.baseline.meanIou));
  if (scores.labels !== undefined) for (const line of labelLines(scores.labels, scores.baseline)) terminal.out(line);
  if (scores.psnr !== undefined) terminal.out(psnrLine(scores.psnr, scores.baseline.psnr));
}

function scoreLine(name: string, score: number, baseline: number | null): string {
  const beside = baseline === null ? '' : `  (the commonest class alone: ${percentText(baseline)})`;
  return `${name}  ${percentText(score)}${beside}`;
}

function labelLines(labels: LabelScores, { labels: baseline }: Evaluation['baseline']): readonly string[] {
  const line = (name: string, score: number | null, guessed: number | null | undefined): string =>
    `${name}  ${shareText(score)}${guessed == null ? '' : `  (every class for all: ${percentText(guessed)})`}`;
  return [
    line('macro F1', labels.macroF1, baseline?.macroF1),
    line('micro F1', labels.microF1, baseline?.microF1),
    line('mAP     ', labels.meanAveragePrecision, baseline?.meanAveragePrecision),
    line('exact match', labels.exactMatch, baseline?.exactMatch),
  ];
}

function psnrLine(psnr: number, baseline: number | undefined): string {
  const beside = baseline === undefined ? '' : `  (the input, resized: ${formatDecibels(baseline)})`;
  return `PSNR      ${formatDecibels(psnr)}${beside}`;
}

/** The fields of `--classes --json`: by class, or the errors of values. */
function detailJson(answers: Answers): object {
  if (answers.task === 'regression') return { values: valueScores(answers) };
  if (areStyled(answers)) return {};
  if (answers.task === 'image-to-image') return { pictures: pictureScores(answers) };
  if (answers.task === 'multi-label') {
    const classes = labelClassScores(answers);
    return { classes, means: { ...meanScores(classes), averagePrecision: meanAveragePrecision(classes) } };
  }
  const confusion = confusionOf(answers);
  const classes = classScores(confusion, answers.classes);
  return {
    classes,
    means: meanScores(classes),
    confusion,
    ...(answers.task === 'classification' ? { calibration: calibrationOf(answers) } : {}),
  };
}

function tellDetail(answers: Answers, terminal: Terminal): void {
  // Pictures in a style of their own have no scores by pixels.
  if (areStyled(answers)) return;
  for (const line of ['', ...detailLines(answers)]) terminal.out(printableLine(line));
}

function detailLines(answers: Answers): readonly string[] {
  switch (answers.task) {
    case 'regression':
      return valueLines(answers);
    case 'image-to-image':
      return pictureLines(answers);
    case 'multi-label':
      return labelClassLines(answers);
    default:
      return classLines(answers);
  }
}

function pictureLines(answers: AnswersOf<'image-to-image'>): readonly string[] {
  const { psnr, rootMeanSquare } = pictureScores(answers);
  const errors = Float32Array.from(answers.squaredError).sort();
  const [best = 0, middle = 0, worst = 0] = [0, errors.length >> 1, errors.length - 1].map((at) => errors[at] ?? 0);
  return [
    `PSNR of all pixels       ${formatDecibels(psnr)}`,
    `root mean squared error  ${rootMeanSquare.toPrecision(4)}`,
    `PSNR of single pictures  ${[worst, middle, best].map((error) => formatDecibels(psnrOf(error))).join(', ')} (worst, median, best)`,
  ];
}

function valueLines(answers: AnswersOf<'regression'>): readonly string[] {
  const { meanAbsolute, rootMeanSquare, r2 } = valueScores(answers);
  return [
    `mean absolute error      ${meanAbsolute.toPrecision(4)}`,
    `root mean squared error  ${rootMeanSquare.toPrecision(4)}`,
    `R2                       ${r2 === null ? 'not known: all values are the same' : r2.toFixed(4)}`,
  ];
}

function labelClassLines(answers: AnswersOf<'multi-label'>): readonly string[] {
  const scores = labelClassScores(answers);
  const means = meanScores(scores);
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const columns = [
    { title: 'class', align: 'left' } as const,
    ...['count', 'given', 'precision', 'recall', 'F1', 'AP'].map(right),
  ];
  const rows = scores.map(({ name, count, given, precision, recall, f1, averagePrecision }) => [
    name,
    countText(count),
    countText(given),
    ...[precision, recall, f1, averagePrecision].map(shareText),
  ]);
  const { precision, recall, f1 } = means;
  const meanRow = ['mean', '', '', ...[precision, recall, f1, meanAveragePrecision(scores)].map(shareText)];
  return [...tableLines(columns, [...rows, meanRow]), ...absentLines(means.absent)];
}

function absentLines(absent: readonly string[]): readonly string[] {
  return absent.length === 0 ? [] : [`no sample, and left out of the means: ${absent.join(', ')}`];
}

/** Larger matrices do not fit a terminal: `--report` and `--json` have them. */
const mostColumns = 20;

function classLines(answers: AnswersOf<ClassTask>): readonly string[] {
  const confusion = confusionOf(answers);
  const scores = classScores(confusion, answers.classes);
  const means = meanScores(scores);
  const left = (title: string) => ({ title, align: 'left' }) as const;
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const rowOf = ({ name, count, given, precision, recall, f1, iou }: ClassScore): readonly string[] => [
    name,
    countText(count),
    countText(given),
    ...[precision, recall, f1, iou].map(shareText),
  ];
  const meanRow = ['mean', '', '', ...[means.precision, means.recall, means.f1, means.iou].map(shareText)];
  const columns = [left('class'), ...['count', 'given', 'precision', 'recall', 'F1', 'IoU'].map(right)];
  const matrix =
    answers.classes.length > mostColumns
      ? []
      : [
          '',
          ...tableLines(
            [left('true \\ given'), ...answers.classes.map(right)],
            confusion.map((row, truth) => [answers.classes[truth] ?? '', ...row.map((count) => countText(count))]),
          ),
        ];
  const calibration =
    answers.task === 'classification'
      ? ['', `expected calibration error  ${percentText(calibrationOf(answers).error)}`]
      : [];
  return [
    ...tableLines(columns, [...scores.map(rowOf), meanRow]),
    ...absentLines(means.absent),
    ...matrix,
    ...calibration,
  ];
}

function shareText(fraction: number | null): string {
  return fraction === null ? '-' : percentText(fraction);
}
