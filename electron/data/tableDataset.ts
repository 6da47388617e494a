import { columnsLeftOut, dataDamaged, noNumberColumns, noTarget } from '../../shared/diagnostics/catalog/data';
import { columnsDiffer, targetNotNumber, trainedOnOther } from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { TableScaling } from '../../shared/host/api';
import { isOfTable } from '../../shared/schema/data';
import type { DataPart } from '../../shared/schema/data';
import { defaultReading } from '../../shared/schema/training';
import { text } from '../../shared/text';
import { findTarget, nameRow, numberReader, readRows } from './columns';
import type { TableValues } from './columns';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, Samples } from './dataset';
import { snapshotOf } from './snapshot';
import { splitSamples, splitText } from './split';
import { measureScaling, standardiseFeatures, standardiseTargets } from './standardise';
import type { Table } from './table';
import { findColumns } from './tableColumns';

function samplesOf(values: TableValues, rows: readonly number[], scaling: TableScaling, hasClasses: boolean): Samples {
  return {
    count: rows.length,
    inputs: standardiseFeatures(values, rows, scaling),
    targets: hasClasses
      ? Int32Array.from(rows, (row) => values.targets[row] ?? 0)
      : standardiseTargets(values, rows, scaling),
  };
}

const noRows = text('it has no rows', '没有行');

const tableSplitText = text(
  'One row in five validates, chosen by a fixed seed. Every column is brought to mean 0 and deviation 1 of the training rows, values to learn as well.',
  '五分之一的行用于验证，由固定种子选定。每列按训练行标准化为均值 0、标准差 1，要学习的数值也是。',
);

/** How a table is read as data. */
export type TableOptions = Pick<OpenOptions, 'readAs' | 'task' | 'reading'>;

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
export function datasetOfTable(
  { table, spec, path, given }: TableSource,
  { readAs, task = readAs?.task, reading = defaultReading }: TableOptions = {},
): Result<Dataset> {
  const width = table.rows[0]?.length ?? 0;
  if (width < 2) return failure(noTarget(path), ...(table.notes ?? []));
  if (table.hasHeader === true && table.rows.length < 2) return failure(dataDamaged(path, noRows));
  const readNumber = numberReader(table.separator);
  const columns = findColumns(table, readNumber, readAs?.scaling?.names);
  const { body, firstRow, names, target: targetColumn, features, numeric, words } = columns;
  const nameOf = (column: number): string => names[column] ?? '';
  if (features.length === 0) return failure(noNumberColumns(path, words.map(nameOf)));

  const target = findTarget(
    body.flatMap((row) => (row.length === width ? [row[targetColumn] ?? ''] : [])),
    readNumber,
    task,
  );
  const skipped = createSkipLog();
  const values = readRows(body, {
    columns: features,
    answer: { column: targetColumn, target },
    width,
    firstRow,
    nameRow: table.nameRow ?? nameRow,
    readNumber,
    skipped,
  });
  const word = task === 'regression' ? body.find((row) => target.read(row[targetColumn] ?? '') === null) : undefined;
  if (values.count === 0 && word !== undefined) return failure(targetNotNumber(word[targetColumn] ?? ''));
  if (values.count === 0) return failure(skipped.nothing(path));
  const { classes, hasNumberClasses } = target;
  const split = splitSamples({
    classOf: classes === null ? new Uint8Array(values.count) : values.targets,
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
  return success({
    info: {
      spec,
      task: classes === null ? 'regression' : 'classification',
      inputShape: [features.length],
      classes: classes ?? [],
      trainCount: split.train.length,
      validationCount: split.validation.length,
      ...(split.test.length > 0 ? { testCount: split.test.length } : {}),
      snapshot: snapshotOf(table.rows.map((row) => JSON.stringify(row))),
      ...(hasNumberClasses ? { hasNumberClasses } : {}),
      split: splitText(
        isGiven ? givenSplitText : tableSplitText,
        { ...reading, splitBy: 'picture' },
        given?.includes('test'),
      ),
      warnings: [
        ...skipped.warnings(body.length),
        ...(words.length > 0 ? [columnsLeftOut(words.map(nameOf))] : []),
        ...(table.notes ?? []),
      ],
    },
    targetShape: classes === null ? [1] : [],
    train: samplesOf(values, split.train, scaling, classes !== null),
    validation: samplesOf(values, split.validation, scaling, classes !== null),
    ...(split.test.length > 0 ? { test: samplesOf(values, split.test, scaling, classes !== null) } : {}),
    skips: skipped.list,
    skipCount: skipped.count,
    scaling,
  });
}
