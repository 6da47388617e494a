/** Prints `table.ts`: reads tables as Convloom does. */
export const tableSource = `import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { labelRow, strataOf, yesOrNo } from './labels.js';
import { targets as wanted } from './settings.js';
import { splitByClass, splitPlainly } from './split.js';
import { divide, label, type DataSet, type Sample, type Scaling, type Values } from './values.js';

/** Whole numbers with at most this many different values are taken for classes. */
const mostNumberClasses = 20;
const targetNames = ['label', 'class', 'target'];
const missing = /^(?:|n\\/?a|#n\\/a|nan|null|none|nil|missing|\\?|\\.|-+)$/i;

type Rows = string[][];
type ReadNumber = (field: string | undefined) => number | null;

/** Reads numbers: with a decimal comma where the comma does not part the fields. */
function numberReader(separator: string): ReadNumber {
  return (field = '') => {
    const value = Number(separator === ',' ? field : field.replace(/^([-+]?\\d+),(\\d+)$/, '$1.$2'));
    return field !== '' && Number.isFinite(value) ? value : null;
  };
}

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

/** The names of a column's classes, in order; null where it holds values. */
function classesOf(fields: string[], readNumber: ReadNumber, learnsValues: boolean): string[] | null {
  const present = fields.filter((field) => !missing.test(field));
  const numbers = present.filter((field) => readNumber(field) !== null);
  const distinct = new Set(numbers.map(readNumber));
  const hasMany = distinct.size > mostNumberClasses;
  const areNumbers =
    numbers.length > 0 && (numbers.length === present.length || (hasMany && numbers.length >= 0.9 * present.length));
  if (areNumbers && (learnsValues || hasMany || [...distinct].some((value) => !Number.isInteger(value)))) return null;
  const named = areNumbers ? numbers : fields.filter((field) => field !== '');
  return [...new Set(named)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Refuses columns of which each is to be a class, where more than a slip in them says neither yes nor no. */
function checkYesNo(body: Rows, columns: number[], names: string[]): void {
  for (const column of columns) {
    const odd = body.map((row) => row[column] ?? '').filter((field) => !missing.test(field) && yesOrNo(field) === null);
    if (odd.length <= body.length / 10) continue;
    throw new Error(\`The column \${names[column] ?? ''} has \${odd[0] ?? ''}, and neither 0 nor 1.\`);
  }
}

/** Mean and standard deviation; what is constant has the deviation 1. */
function moments(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** The features of a row as the model takes them. */
export function standardise(features: ArrayLike<number>, { mean, deviation }: Scaling): Float32Array {
  return Float32Array.from(features, (value, at) => (value - (mean[at] ?? 0)) / (deviation[at] ?? 1));
}

/**
 * Reads a table of numbers, with a header line or without. What is learned is the column that settings.ts names, else that named label,
 * class or target, else the last one: words or a few whole numbers are classes, other numbers are values. Several columns are classes
 * that a row has or has not. Columns of words are left out, and so are rows with gaps.
 * Every column is brought to mean 0 and deviation 1 over the rows that train, or as \`known\` says. With \`learnsValues\`
 * numbers are never classes.
 */
export async function readTable(
  path: string,
  { width, learnsValues, known }: { width: number | null; learnsValues: boolean; known: Scaling | null },
): Promise<DataSet> {
  const { data, meta } = Papa.parse<string[]>(
    (await readFile(path, 'utf8')).replace(/^\\uFEFF/, '').replace(/\\r\\n?/g, '\\n'),
    {
      delimitersToGuess: [',', ';', '\\t'],
      newline: '\\n',
      skipEmptyLines: 'greedy',
    },
  );
  const rows = data.map((row) => row.map((field) => field.trim()));
  const readNumber = numberReader(meta.delimiter);
  const [first = []] = rows;
  const absent = wanted.filter((name) => !first.includes(name));
  if (absent.length > 0) throw new Error(\`\${path} has no column \${absent.join(', ')}.\`);
  const isNamed = wanted.length > 0 || hasHeader(rows, readNumber);
  const all = isNamed ? rows.slice(1) : rows;
  const body = all.filter((row) => row.length === first.length);
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
  const whole = body.flatMap((row) => {
    const features = columns.map((column) => readNumber(row[column]));
    const answers = [target, ...more].map((column) => read(row[column] ?? ''));
    if (answers.includes(null) || features.includes(null)) return [];
    return [{ features: features.map((one) => one ?? 0), answers: answers.map((one) => one ?? 0) }];
  });
  const firstOf = ({ answers }: (typeof whole)[number]): number => answers[0] ?? 0;
  if (whole.length < rows.length - (isNamed ? 1 : 0)) {
    console.warn(\`\${String(rows.length - (isNamed ? 1 : 0) - whole.length)} rows are left out: they have gaps.\`);
  }
  const strata = isMany ? strataOf(whole.map(({ answers }) => answers)) : whole.map(firstOf);
  const split = classes === null ? splitPlainly(whole.length) : splitByClass(strata);
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
