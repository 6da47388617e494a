import { columnsLeftOut, dataDamaged, noNumberColumns, noTarget } from '../../shared/diagnostics/catalog/data';
import { columnsDiffer, targetNotNumber, trainedOnOther } from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { TableScaling } from '../../shared/host/api';
import { isOfTable } from '../../shared/schema/data';
import type { DataPart } from '../../shared/schema/data';
import { defaultReading } from '../../shared/schema/training';
import { text } from '../../shared/text';
import { nameRow, numberReader, readRows } from './columns';
import type { TableValues } from './columns';
import { createSkipLog } from './dataset';
import type { Dataset, Samples, SkipLog } from './dataset';
import { strataOf } from './labels';
import { snapshotOf } from './snapshot';
import { splitSamples, splitText } from './split';
import { measureScaling, standardiseFeatures, standardiseTargets } from './standardise';
import type { Table } from './table';
import { findColumns } from './tableColumns';
import type { Columns } from './tableColumns';
import { checkTargets, constantNotes, targetOf, wantedTargets } from './tableTarget';
import type { TableOptions, TableTarget } from './tableTarget';

/** The targets of some rows, in the form in which {@link Samples} have them. */
function targetsOf(
  values: TableValues,
  rows: readonly number[],
  scaling: TableScaling,
  { task, targetShape: [width = 1] }: TableTarget,
): Samples['targets'] {
  if (task === 'regression') return standardiseTargets(values, rows, scaling);
  if (task === 'classification') return Int32Array.from(rows, (row) => values.targets[row] ?? 0);
  return Uint8Array.from(rows.flatMap((row) => values.targets.slice(row * width, (row + 1) * width)));
}

function samplesOf(values: TableValues, rows: readonly number[], scaling: TableScaling, target: TableTarget): Samples {
  return {
    count: rows.length,
    inputs: standardiseFeatures(values, rows, scaling),
    targets: targetsOf(values, rows, scaling, target),
  };
}

const noRows = text('it has no rows', '没有行');

const tableSplitText = text(
  'One row in five validates, chosen by a fixed seed. Every column is brought to mean 0 and deviation 1 of the training rows.',
  '五分之一的行用于验证，由固定种子选定。每列按训练行标准化为均值 0、标准差 1。',
);
const valueSplitText = text(
  'One row in five validates, chosen by a fixed seed. Every column is brought to mean 0 and deviation 1 of the training rows, values to learn as well.',
  '五分之一的行用于验证，由固定种子选定。每列按训练行标准化为均值 0、标准差 1，要学习的数值也是。',
);

/** A table, where it is from, and which part each of its rows is for where its files say so. */
export type TableSource = {
  readonly table: Table;
  readonly spec: string;
  readonly path: string;
  /** Of each row below the header; null for one of which nothing is said. */
  readonly given?: readonly (DataPart | null)[];
};

const givenSplitText = text('As the files say.', '按文件的划分。');

/** Whether a run that read other data can be given a table. */
export function checkIsTable({ readAs }: TableOptions): Diagnostic | null {
  return readAs !== undefined && !isOfTable(readAs.scaling) ? trainedOnOther('pictures', 'table') : null;
}

/** The data set that the rows of a table are. */
export function datasetOfTable(source: TableSource, options: TableOptions = {}): Result<Dataset> {
  const { table, path } = source;
  const { readAs, task = readAs?.task } = options;
  const width = table.rows[0]?.length ?? 0;
  if (width < 2) return failure(noTarget(path), ...(table.notes ?? []));
  if (table.hasHeader === true && table.rows.length < 2) return failure(dataDamaged(path, noRows));
  const wanted = wantedTargets(options);
  if (!wanted.ok) return wanted;
  const readNumber = numberReader(table.separator);
  const columns = findColumns(table, readNumber, { features: readAs?.scaling?.names, targets: wanted.value });
  const { body, firstRow, names, targets, features, words } = columns;
  const nameOf = (column: number): string => names[column] ?? '';
  const refusal = checkTargets(wanted.value, columns, { ...options, path });
  if (refusal !== null) return failure(refusal);
  if (features.length === 0) return failure(noNumberColumns(path, words.map(nameOf)));
  const isFound = wanted.value.length === 0 && readAs === undefined;
  const target = targetOf(columns, readNumber, { width, task, isFound });
  if (!target.ok) return target;
  const skipped = createSkipLog();
  const { read } = target.value;
  const values = readRows(body, {
    columns: features,
    answer: { columns: targets, read },
    width,
    firstRow,
    nameRow: table.nameRow ?? nameRow,
    readNumber,
    skipped,
  });
  const word = task === 'regression' ? body.find((row) => read(row[targets[0]] ?? '') === null) : undefined;
  if (values.count === 0 && word !== undefined) return failure(targetNotNumber(word[targets[0]] ?? ''));
  if (values.count === 0) return failure(skipped.nothing(path));
  return datasetOfValues({ source, columns, target: target.value, values, skipped }, options);
}

/** A table that was read. */
type ReadTable = {
  readonly source: TableSource;
  readonly columns: Columns;
  readonly target: TableTarget;
  readonly values: TableValues;
  readonly skipped: SkipLog;
};

/** By what rows are parted, so that the parts are alike. */
function strataFor({ task, classes }: TableTarget, { count, targets }: TableValues): ArrayLike<number> {
  if (classes === null) return new Uint8Array(count);
  return task === 'multi-label' ? strataOf(Uint8Array.from(targets), classes.length) : targets;
}

/** Parts what was read, and brings it to the form that networks take. */
function datasetOfValues(
  { source: { table, spec, given }, columns, target, values, skipped }: ReadTable,
  { readAs, reading = defaultReading }: TableOptions,
): Result<Dataset> {
  const { body, firstRow, features, numeric, words } = columns;
  const nameOf = (column: number): string => columns.names[column] ?? '';
  const { task, classes, hasNumberClasses, targetShape, notes } = target;
  const split = splitSamples({
    classOf: strataFor(target, values),
    testFraction: reading.testFraction,
    share: reading.share,
    ...(given === undefined ? {} : { given: values.rows.map((row) => given[row - firstRow] ?? null) }),
  });
  const isGiven = given?.includes('validation') === true;
  const scaling = readAs?.scaling ?? {
    ...measureScaling(values, features.length, split.train, classes === null),
    ...(columns.isNamed ? { names: features.map(nameOf) } : {}),
  };
  // To be scored, a table is to be the model's own: a column more may be one that it should have learned from.
  if (scaling.mean.length !== numeric.length) return failure(columnsDiffer(scaling.mean.length, numeric.length));
  const samples = (rows: readonly number[]): Samples => samplesOf(values, rows, scaling, target);
  const train = samples(split.train);
  return success({
    info: {
      spec,
      task,
      inputShape: [features.length],
      classes: classes ?? [],
      trainCount: split.train.length,
      validationCount: split.validation.length,
      ...(split.test.length > 0 ? { testCount: split.test.length } : {}),
      snapshot: snapshotOf(table.rows.map((row) => JSON.stringify(row))),
      ...(hasNumberClasses ? { hasNumberClasses } : {}),
      split: splitText(
        isGiven ? givenSplitText : task === 'regression' ? valueSplitText : tableSplitText,
        { ...reading, splitBy: 'picture' },
        given?.includes('test'),
      ),
      warnings: [
        ...skipped.warnings(body.length),
        ...(words.length > 0 ? [columnsLeftOut(words.map(nameOf))] : []),
        ...(table.notes ?? []),
        ...notes,
        ...(readAs === undefined ? constantNotes(target, train) : []),
      ],
    },
    targetShape,
    train,
    validation: samples(split.validation),
    ...(split.test.length > 0 ? { test: samples(split.test) } : {}),
    skips: skipped.list,
    skipCount: skipped.count,
    scaling,
  });
}
