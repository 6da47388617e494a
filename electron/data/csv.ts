import { columnsLeftOut, noNumberColumns, noTarget, targetUnscaled } from '../../shared/diagnostics/catalog/data';
import { columnsDiffer, targetNotNumber, trainedOnOther } from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import { findTarget, hasHeader, isNumeric, numberReader, readRows } from './columns';
import type { ReadNumber, TableValues } from './columns';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, Samples } from './dataset';
import { plainSplit, stratifiedSplit } from './split';
import { readTable } from './table';
import type { Table } from './table';

const targetNames: readonly string[] = ['label', 'class', 'target'];

type Scaling = { readonly mean: readonly number[]; readonly deviation: readonly number[] };

/** Mean and standard deviation of each feature over the training rows; a constant feature has the deviation 1. */
function measureFeatures({ features }: TableValues, width: number, rows: readonly number[]): Scaling {
  const mean = new Array<number>(width).fill(0);
  const square = new Array<number>(width).fill(0);
  const each = (visit: (value: number, column: number) => void): void => {
    for (const row of rows)
      for (let column = 0; column < width; column++) visit(features[row * width + column] ?? 0, column);
  };
  each((value, column) => (mean[column] = (mean[column] ?? 0) + value / rows.length));
  each((value, column) => (square[column] = (square[column] ?? 0) + (value - (mean[column] ?? 0)) ** 2 / rows.length));
  return { mean, deviation: square.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1)) };
}

function standardised(
  { features, targets }: TableValues,
  rows: readonly number[],
  { mean, deviation }: Scaling,
  hasClasses: boolean,
): Samples {
  const width = mean.length;
  const inputs = new Float32Array(rows.length * width);
  rows.forEach((row, to) => {
    for (let column = 0; column < width; column++) {
      const value = features[row * width + column] ?? 0;
      inputs[to * width + column] = (value - (mean[column] ?? 0)) / (deviation[column] ?? 1);
    }
  });
  const answers = rows.map((row) => targets[row] ?? 0);
  return {
    count: rows.length,
    inputs,
    targets: hasClasses ? Int32Array.from(answers) : Float32Array.from(answers),
  };
}

/** Values far from 0 or far apart cost many epochs before the first one helps; the table does not say by how much to divide. */
function checkScale(name: string, targets: readonly number[]): readonly Diagnostic[] {
  const mean = targets.reduce((sum, value) => sum + value / targets.length, 0);
  const deviation = Math.sqrt(targets.reduce((sum, value) => sum + (value - mean) ** 2 / targets.length, 0));
  return deviation > 10 || Math.abs(mean) > 10 * Math.max(1, deviation) ? [targetUnscaled(name, mean, deviation)] : [];
}

/** What is in which column. `names` are for the reader: the header's, or "column 3". */
type Columns = {
  readonly body: Table['rows'];
  readonly firstRow: number;
  readonly names: readonly string[];
  readonly target: number;
  readonly features: readonly number[];
  readonly words: readonly number[];
};

function findColumns({ rows }: Table, readNumber: ReadNumber): Columns {
  const [first = []] = rows;
  const isNamed = hasHeader(rows, readNumber, targetNames);
  const body = isNamed ? rows.slice(1) : rows;
  const named = isNamed ? first.findIndex((name) => targetNames.includes(name.toLowerCase())) : -1;
  const target = named >= 0 ? named : first.length - 1;
  const others = [...first.keys()].filter((column) => column !== target);
  const features = others.filter((column) => isNumeric(body, column, readNumber));
  return {
    body,
    firstRow: isNamed ? 2 : 1,
    names: first.map((name, column) => (isNamed && name !== '' ? name : `column ${column + 1}`)),
    target,
    features,
    words: others.filter((column) => !features.includes(column)),
  };
}

/** The data set `csv:FILE`. */
export async function loadCsv(path: string, { readAs }: Pick<OpenOptions, 'readAs'> = {}): Promise<Result<Dataset>> {
  if (readAs !== undefined && readAs.scaling === null) return failure(trainedOnOther('pictures', 'table'));
  const table = await readTable(path);
  if (!table.ok) return table;
  const width = table.value.rows[0]?.length ?? 0;
  if (width < 2) return failure(noTarget(path));
  const readNumber = numberReader(table.value.separator);
  const { body, firstRow, names, target: targetColumn, features, words } = findColumns(table.value, readNumber);
  const nameOf = (column: number): string => names[column] ?? '';
  if (features.length === 0) return failure(noNumberColumns(path, words.map(nameOf)));

  const target = findTarget(
    body.flatMap((row) => (row.length === width ? [row[targetColumn] ?? ''] : [])),
    readNumber,
    readAs?.task,
  );
  const skipped = createSkipLog();
  const values = readRows(body, { columns: features, target, targetColumn, width, firstRow, readNumber, skipped });
  const word =
    readAs?.task === 'regression' ? body.find((row) => target.read(row[targetColumn] ?? '') === null) : undefined;
  if (values.count === 0 && word !== undefined) return failure(targetNotNumber(word[targetColumn] ?? ''));
  if (values.count === 0) return failure(skipped.nothing(path));
  const { classes } = target;
  const split = classes === null ? plainSplit(values.count) : stratifiedSplit(values.targets);
  const scaling = readAs?.scaling ?? measureFeatures(values, features.length, split.train);
  if (scaling.mean.length !== features.length) return failure(columnsDiffer(scaling.mean.length, features.length));
  return success({
    info: {
      spec: `csv:${path}`,
      task: classes === null ? 'regression' : 'classification',
      inputShape: [features.length],
      classes: classes ?? [],
      trainCount: split.train.length,
      validationCount: split.validation.length,
      split: text(
        'One row in five validates, chosen by a fixed seed. Every column is brought to mean 0 and deviation 1 of the training rows.',
        '五分之一的行用于验证，由固定种子选定。每列按训练行标准化为均值 0、标准差 1。',
      ),
      warnings: [
        ...skipped.warnings(body.length),
        ...(words.length > 0 ? [columnsLeftOut(words.map(nameOf))] : []),
        ...(classes === null ? checkScale(nameOf(targetColumn), values.targets) : []),
      ],
    },
    targetShape: classes === null ? [1] : [],
    train: standardised(values, split.train, scaling, classes !== null),
    validation: standardised(values, split.validation, scaling, classes !== null),
    scaling,
  });
}
