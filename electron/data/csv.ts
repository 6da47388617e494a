import { readFile, stat } from 'node:fs/promises';
import { dataNotFound, noTarget } from '../../shared/diagnostics/catalog/data';
import { columnsDiffer, targetNotNumber, trainedOnOther } from '../../shared/diagnostics/catalog/evaluation';
import { fileTooLarge } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';
import { createSkipLog, gatherSamples } from './dataset';
import type { Dataset, OpenOptions, ReadAs, Samples, SkipLog } from './dataset';
import { plainSplit, stratifiedSplit } from './split';

/** Whole numbers with at most this many different values are taken for classes. */
const maxNumberClasses = 20;

/** Splits CSV into rows of fields: commas, semicolons or tabs, fields in double quotes with doubled quotes inside (RFC 4180). */
export function parseTable(source: string): readonly (readonly string[])[] {
  const firstLine = source.slice(0, source.indexOf('\n') + 1 || source.length);
  const separator = [',', ';', '\t'].sort((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0] ?? ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at] ?? '';
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (source[at + 1] === '"') field += source[++at] ?? '';
      else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === separator || character === '\n') {
      row.push(field.trim());
      field = '';
      if (character === '\n') {
        rows.push(row);
        row = [];
      }
    } else field += character;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field.trim()]);
  return rows.filter((fields) => fields.some((value) => value !== ''));
}

type Table = { readonly features: Float32Array; readonly targets: readonly string[]; readonly width: number };

function toNumber(field: string): number | null {
  if (field === '') return null;
  const value = Number(field);
  return Number.isFinite(value) ? value : null;
}

function readRows(
  rows: readonly (readonly string[])[],
  target: number,
  columns: number,
  firstLine: number,
  skipped: SkipLog,
): Table {
  const features: number[] = [];
  const targets: string[] = [];
  rows.forEach((row, index) => {
    const name = `row ${index + firstLine}`;
    if (row.length !== columns) {
      skipped.add(name, `${row.length} fields instead of ${columns}`);
      return;
    }
    const values = row.flatMap((field, column) => (column === target ? [] : [toNumber(field)]));
    const bad = values.findIndex((value) => value === null);
    const label = row[target] ?? '';
    if (bad >= 0) {
      skipped.add(name, `column ${bad < target ? bad + 1 : bad + 2} is not a number`);
      return;
    }
    if (label === '') {
      skipped.add(name, 'nothing in the column to learn');
      return;
    }
    for (const value of values) features.push(value ?? 0);
    targets.push(label);
  });
  return { features: Float32Array.from(features), targets, width: columns - 1 };
}

/** Mean and standard deviation of each feature over the training rows; a constant feature has the deviation 1. */
function measureFeatures(
  train: Samples,
  width: number,
): { readonly mean: readonly number[]; readonly deviation: readonly number[] } {
  const mean = new Array<number>(width).fill(0);
  const square = new Array<number>(width).fill(0);
  train.inputs.forEach((value, at) => {
    mean[at % width] = (mean[at % width] ?? 0) + value / train.count;
  });
  train.inputs.forEach((value, at) => {
    square[at % width] = (square[at % width] ?? 0) + (value - (mean[at % width] ?? 0)) ** 2 / train.count;
  });
  return { mean, deviation: square.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1)) };
}

function standardise(samples: Samples, { mean, deviation }: ReturnType<typeof measureFeatures>): Samples {
  const inputs = Float32Array.from(
    samples.inputs,
    (value, at) => (value - (mean[at % mean.length] ?? 0)) / (deviation[at % mean.length] ?? 1),
  );
  return { ...samples, inputs };
}

/** Class names in order, or null when the targets are values to be predicted; what a model predicts decides for its data. */
function findClasses(targets: readonly string[], readAs: ReadAs | undefined): readonly string[] | null {
  if (readAs?.task === 'regression') return null;
  const distinct = [...new Set(targets)];
  const areNumbers = distinct.every((value) => toNumber(value) !== null);
  const areFewWhole = distinct.length <= maxNumberClasses && distinct.every((value) => Number.isInteger(Number(value)));
  if (areNumbers && !areFewWhole && readAs === undefined) return null;
  return distinct.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

async function readSource(path: string): Promise<Result<string>> {
  const info = await stat(path).catch(() => null);
  if (info === null) return failure(dataNotFound(path));
  if (info.size > limits.tableBytes) return failure(fileTooLarge(path, info.size, limits.tableBytes));
  return success((await readFile(path, 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
}

/** The data set `csv:FILE`. */
export async function loadCsv(path: string, { readAs }: Pick<OpenOptions, 'readAs'> = {}): Promise<Result<Dataset>> {
  if (readAs !== undefined && readAs.scaling === null) return failure(trainedOnOther('pictures', 'table'));
  const source = await readSource(path);
  if (!source.ok) return source;
  const rows = parseTable(source.value);
  const [first = []] = rows;
  const hasHeader = first.some((field) => toNumber(field) === null) && rows.length > 1;
  const names = hasHeader ? first.map((name) => name.toLowerCase()) : [];
  const named = names.findIndex((name) => ['label', 'class', 'target'].includes(name));
  const target = named >= 0 ? named : first.length - 1;
  if (first.length < 2) return failure(noTarget(path));

  const skipped = createSkipLog();
  const body = hasHeader ? rows.slice(1) : rows;
  const table = readRows(body, target, first.length, hasHeader ? 2 : 1, skipped);
  const count = table.targets.length;
  if (count === 0) return failure(skipped.nothing(path));
  const classes = findClasses(table.targets, readAs);
  const noNumber = classes === null ? table.targets.find((value) => toNumber(value) === null) : undefined;
  if (noNumber !== undefined) return failure(targetNotNumber(noNumber));
  const classIndex = new Map(classes?.map((name, index) => [name, index]));
  const targets =
    classes === null
      ? Float32Array.from(table.targets, Number)
      : Int32Array.from(table.targets, (name) => classIndex.get(name) ?? 0);
  const all: Samples = { count, inputs: table.features, targets };
  const split = classes === null ? plainSplit(count) : stratifiedSplit(targets);
  const train = gatherSamples(all, split.train);
  const scaling = readAs?.scaling ?? measureFeatures(train, table.width);
  if (scaling.mean.length !== table.width) return failure(columnsDiffer(scaling.mean.length, table.width));
  return success({
    info: {
      spec: `csv:${path}`,
      task: classes === null ? 'regression' : 'classification',
      inputShape: [table.width],
      classes: classes ?? [],
      trainCount: split.train.length,
      validationCount: split.validation.length,
      split: text(
        'One row in five validates, chosen by a fixed seed. Every column is brought to mean 0 and deviation 1 of the training rows.',
        '五分之一的行用于验证，由固定种子选定。每列按训练行标准化为均值 0、标准差 1。',
      ),
      warnings: skipped.warnings(body.length),
    },
    targetShape: classes === null ? [1] : [],
    train: standardise(train, scaling),
    validation: standardise(gatherSamples(all, split.validation), scaling),
    scaling,
  });
}
