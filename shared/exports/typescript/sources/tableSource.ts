/** Prints `table.ts`: reads tables as Convloom does. */
export const tableSource = `import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { classesOf, missing, moments, numberReader, targetNames, type ReadNumber } from './columns.js';
import { labelRow, strataOf, yesOrNo } from './labels.js';
import { findParquet, readParquetRows } from './parquet.js';
import { targets as wanted } from './settings.js';
import { splitByClass, splitPlainly, type Part } from './split.js';
import { divide, label, type DataSet, type Sample, type Scaling, type Values } from './values.js';

type Rows = string[][];

/** The rows of a table, and what each below the names of the columns is for, where its files say so: these names come first then. */
type Read = { rows: Rows; separator: string; partOf: Part[] | null };

type Options = { width: number | null; learnsValues: boolean; known: Scaling | null };
/** Whether at least half of what stands in a column are numbers. */
function isNumeric(rows: Rows, column: number, readNumber: ReadNumber): boolean {
  const present = rows.map((row) => row[column] ?? '').filter((field) => !missing.test(field));
  return present.length > 0 && present.filter((field) => readNumber(field) !== null).length * 2 >= present.length;
}

function hasHeader([first = [], ...rest]: Rows, readNumber: ReadNumber): boolean {
  if (rest.length === 0) return false;
  const isWord = (field: string): boolean => readNumber(field) === null;
  if (first.every(isWord) || first.some((name) => targetNames.includes(name.toLowerCase()))) return true;
  return first.some((field, column) => isWord(field) && isNumeric(rest, column, readNumber));
}

/** Refuses columns of which each is to be a class, where more than a slip in them says neither yes nor no. */
function checkYesNo(body: Rows, columns: number[], names: string[]): void {
  for (const column of columns) {
    const odd = body.map((row) => row[column] ?? '').filter((field) => !missing.test(field) && yesOrNo(field) === null);
    if (odd.length <= body.length / 10) continue;
    throw new Error(\`The column \${names[column] ?? ''} has \${odd[0] ?? ''}, and neither 0 nor 1.\`);
  }
}

/** The features of a row as the model takes them. */
export function standardise(features: ArrayLike<number>, { mean, deviation }: Scaling): Float32Array {
  return Float32Array.from(features, (value, at) => (value - (mean[at] ?? 0)) / (deviation[at] ?? 1));
}

async function readCsv(path: string): Promise<Read> {
  const { data, meta } = Papa.parse<string[]>(
    (await readFile(path, 'utf8')).replace(/^\\uFEFF/, '').replace(/\\r\\n?/g, '\\n'),
    {
      delimitersToGuess: [',', ';', '\\t'],
      newline: '\\n',
      skipEmptyLines: 'greedy',
    },
  );
  return { rows: data.map((row) => row.map((field) => field.trim())), separator: meta.delimiter, partOf: null };
}

/**
 * Reads a table of numbers, CSV or Parquet, with a header line or without. What is learned is the column that settings.ts names, else that named label,
 * class or target, else the last one: words or a few whole numbers are classes, other numbers are values. Several columns are classes
 * that a row has or has not. Columns of words are left out, and so are rows with gaps.
 * Every column is brought to mean 0 and deviation 1 over the rows that train, or as \`known\` says. With \`learnsValues\`
 * numbers are never classes.
 */
export async function readTable(path: string, options: Options): Promise<DataSet> {
  const files = await findParquet(path);
  const read = files.length === 0 ? await readCsv(path) : { ...(await readParquetRows(files)), separator: ',' };
  return dataOf(path, read, options);
}

function dataOf(path: string, { rows, separator, partOf }: Read, { width, learnsValues, known }: Options): DataSet {
  const readNumber = numberReader(separator);
  const [first = []] = rows;
  const absent = wanted.filter((name) => !first.includes(name));
  if (absent.length > 0) throw new Error(\`\${path} has no column \${absent.join(', ')}.\`);
  const isNamed = partOf !== null || wanted.length > 0 || hasHeader(rows, readNumber);
  const all = isNamed ? rows.slice(1) : rows;
  const isWhole = (row: string[]): boolean => row.length === first.length;
  const body = all.filter(isWhole);
  const named = isNamed ? first.findIndex((name) => targetNames.includes(name.toLowerCase())) : -1;
  const chosen = wanted.map((name) => first.indexOf(name));
  const [target = named >= 0 ? named : first.length - 1, ...more] = chosen;
  const columns = [...first.keys()].filter(
    (column) => column !== target && !more.includes(column) && isNumeric(all, column, readNumber),
  );
  if (columns.length === 0) throw new Error(\`\${path} has no columns of numbers beside the one to learn.\`);
  if (width !== null && columns.length !== width) {
    throw new Error(\`\${path} has \${String(columns.length)} columns of numbers, the model takes \${String(width)}.\`);
  }
  const isMany = more.length > 0;
  if (isMany) checkYesNo(all, chosen, first);
  const classes = isMany
    ? [...wanted]
    : classesOf(
        body.map((row) => row[target] ?? ''),
        readNumber,
        learnsValues,
      );
  const read = (field: string): number | null => {
    if (isMany) return yesOrNo(field);
    if (classes === null) return readNumber(field);
    return classes.includes(field) ? classes.indexOf(field) : null;
  };
  const whole = all.flatMap((row, place) => {
    if (!isWhole(row)) return [];
    const features = columns.map((column) => readNumber(row[column]));
    const answers = [target, ...more].map((column) => read(row[column] ?? ''));
    if (answers.includes(null) || features.includes(null)) return [];
    const part = partOf?.[place] ?? null;
    return [{ features: features.map((one) => one ?? 0), answers: answers.map((one) => one ?? 0), part }];
  });
  const firstOf = ({ answers }: (typeof whole)[number]): number => answers[0] ?? 0;
  if (whole.length < rows.length - (isNamed ? 1 : 0)) {
    console.warn(\`\${String(rows.length - (isNamed ? 1 : 0) - whole.length)} rows are left out: they have gaps.\`);
  }
  const strata = isMany ? strataOf(whole.map(({ answers }) => answers)) : whole.map(firstOf);
  const given = { partOf: whole.map(({ part }) => part) };
  const split = classes === null ? splitPlainly(whole.length, given) : splitByClass(strata, given);
  const training = split.training.flatMap((row) => whole[row] ?? []);
  const measured = columns.map((_, at) => moments(training.map(({ features }) => features[at] ?? 0)));
  const scaling: Scaling = known ?? {
    mean: measured.map(({ mean }) => mean),
    deviation: measured.map(({ deviation }) => deviation),
    ...(isNamed ? { names: columns.map((column) => first[column] ?? '') } : {}),
    ...(classes === null ? { target: moments(training.map(firstOf)) } : {}),
  };
  const { mean: shift, deviation: scale } = scaling.target ?? { mean: 0, deviation: 1 };
  const targetOf = (row: (typeof whole)[number]): Values => {
    if (isMany) return labelRow(row.answers);
    const value = firstOf(row);
    return classes === null ? { shape: [1], data: Float32Array.of((value - shift) / scale) } : label(value);
  };
  const samples = whole.map((row): Sample => ({
    inputs: [{ shape: [columns.length], data: standardise(row.features, scaling) }],
    targets: [targetOf(row)],
  }));
  return {
    task: isMany ? 'labels' : classes === null ? 'numbers' : 'classes',
    classes: classes ?? [],
    scaling,
    ...divide(samples, split),
  };
}
`;
