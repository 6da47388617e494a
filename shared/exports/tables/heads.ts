import { csvCell } from '../../csvCell';
import type { HeadFigures } from '../../transforms/headLab';
import { formatBytes, formatCount, formatShare, text, type Language, type Text } from '../../text';
import { lineText } from '../names';
import type { Table } from './rows';

/** A comparison of heads as it is written: what was measured and where is part of it. */
export type HeadReport = {
  /** Of the network whose trunk it is. */
  readonly name: string;
  readonly figures: readonly HeadFigures[];
  readonly note: Text;
  readonly batchSize: number;
};

/** What a comparison of heads is written as. */
export const headForms = ['markdown', 'latex', 'csv', 'svg', 'png'] as const;
export type HeadForm = (typeof headForms)[number];

/** The endings of the files. */
export const headEndings: { readonly [F in HeadForm]: string } = {
  markdown: '.md',
  latex: '.tex',
  csv: '.csv',
  svg: '.svg',
  png: '.png',
};

type Column = {
  readonly head: Text;
  /** For programs, in a CSV file. */
  readonly name: string;
  readonly show: (figures: HeadFigures, language: Language) => string;
  /** The value as it is; null where it is not known. */
  readonly value: (figures: HeadFigures) => string | number | null;
  /** Left out where no row has a value. */
  readonly isOptional?: boolean;
};

const asDrawn = text(' (as drawn)', '（当前）');

const orDash = (value: number | null, show: (value: number) => string): string => (value === null ? '–' : show(value));

/** Seconds as they are read: three figures. */
export function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${Number((seconds * 1000).toPrecision(3))} ms` : `${Number(seconds.toPrecision(3))} s`;
}

function columns(batchSize: number): readonly Column[] {
  return [
    {
      head: text('Head', '分类头'),
      name: 'head',
      show: ({ label, isCurrent }, language) => `${lineText(label[language])}${isCurrent ? asDrawn[language] : ''}`,
      value: ({ label }) => label.en,
    },
    {
      head: text('Input', '输入'),
      name: 'input_sizes',
      show: ({ inputSizes }, language) => inputSizes[language],
      value: ({ inputSizes }) => inputSizes.en,
    },
    {
      head: text('Parameters', '参数'),
      name: 'params',
      show: ({ params }) => formatCount(params),
      value: ({ params }) => params,
    },
    {
      head: text('Of the head', '其中分类头'),
      name: 'head_params',
      show: ({ head }) => formatCount(head.trainableParams),
      value: ({ head }) => head.trainableParams,
    },
    {
      head: text('Share', '占比'),
      name: 'head_share',
      show: ({ share }) => formatShare(share),
      value: ({ share }) => share,
    },
    { head: text('MACs', '乘加次数'), name: 'macs', show: ({ macs }) => formatCount(macs), value: ({ macs }) => macs },
    {
      head: text('Activations', '激活'),
      name: 'activation_bytes',
      show: ({ activationBytes }) => formatBytes(activationBytes),
      value: ({ activationBytes }) => activationBytes,
    },
    {
      head: text(`Training, batch of ${batchSize}`, `训练（批大小 ${batchSize}）`),
      name: 'training_bytes',
      show: ({ trainingBytes }) => orDash(trainingBytes, formatBytes),
      value: ({ trainingBytes }) => trainingBytes,
    },
    {
      head: text('Weights file', '权值文件'),
      name: 'file_bytes',
      show: ({ fileBytes }) => formatBytes(fileBytes),
      value: ({ fileBytes }) => fileBytes,
    },
    {
      head: text('A step', '每步'),
      name: 'seconds_per_step',
      show: ({ secondsPerStep }) => orDash(secondsPerStep, formatSeconds),
      value: ({ secondsPerStep }) => secondsPerStep,
      isOptional: true,
    },
    {
      head: text('Validation', '验证'),
      name: 'validation',
      show: ({ score }) => orDash(score, (value) => `${(100 * value).toFixed(1)} %`),
      value: ({ score }) => score,
      isOptional: true,
    },
  ];
}

function shownColumns({ figures, batchSize }: HeadReport): readonly Column[] {
  return columns(batchSize).filter(
    ({ isOptional, value }) => isOptional !== true || figures.some((one) => value(one) !== null),
  );
}

/** A row for each head, what was measured only where something was. */
export function headTable(report: HeadReport, language: Language): Table {
  const shown = shownColumns(report);
  return {
    title: lineText(report.name),
    heads: shown.map(({ head }) => head[language]),
    rows: report.figures.map((one) => shown.map(({ show }) => show(one, language))),
    totals: null,
    firstNumber: 2,
    note: report.note[language],
  };
}

/** The numbers of every column for programs: whole, without units, empty where there is none. */
export function printHeadCsv({ figures, batchSize }: HeadReport): string {
  const all = columns(batchSize);
  const rows = figures.map((one) => all.map(({ value }) => csvCell(value(one))));
  return [all.map(({ name }) => name), ...rows].map((row) => `${row.join(',')}\n`).join('');
}
