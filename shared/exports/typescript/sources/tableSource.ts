/** Prints `table.ts`: reads tables as Convloom does. */
export const tableSource = `import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { splitByClass, splitPlainly } from './split.js';
import { divide, label, type DataSet, type Sample, type Scaling } from './values.js';

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
 * Reads a table of numbers, with a header line or without. The column named label, class or target, else the last one, is what is
 * learned: words or a few whole numbers are classes, other numbers are values. Columns of words are left out, and so are rows with gaps.
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
  const isNamed = hasHeader(rows, readNumber);
  const body = (isNamed ? rows.slice(1) : rows).filter((row) => row.length === first.length);
  const named = isNamed ? first.findIndex((name) => targetNames.includes(name.toLowerCase())) : -1;
  const target = named >= 0 ? named : first.length - 1;
  const columns = [...first.keys()].filter((column) => column !== target && isNumeric(body, column, readNumber));
  if (columns.length === 0) throw new Error(\`\${path} has no columns of numbers beside the one to learn.\`);
  if (width !== null && columns.length !== width) {
    throw new Error(\`\${path} has \${String(columns.length)} columns of numbers, the model takes \${String(width)}.\`);
  }
  const classes = classesOf(
    body.map((row) => row[target] ?? ''),
    readNumber,
    learnsValues,
  );
  const read = (field: string): number | null => {
    if (classes === null) return readNumber(field);
    return classes.includes(field) ? classes.indexOf(field) : null;
  };
  const whole = body.flatMap((row) => {
    const features = columns.map((column) => readNumber(row[column]));
    const answer = read(row[target] ?? '');
    return answer === null || features.includes(null) ? [] : [{ features: features.map((one) => one ?? 0), answer }];
  });
  if (whole.length < rows.length - (isNamed ? 1 : 0)) {
    console.warn(\`\${String(rows.length - (isNamed ? 1 : 0) - whole.length)} rows are left out: they have gaps.\`);
  }
  const split = classes === null ? splitPlainly(whole.length) : splitByClass(whole.map(({ answer }) => answer));
  const training = split.training.flatMap((row) => whole[row] ?? []);
  const measured = columns.map((_, at) => moments(training.map(({ features }) => features[at] ?? 0)));
  const scaling: Scaling = known ?? {
    mean: measured.map(({ mean }) => mean),
    deviation: measured.map(({ deviation }) => deviation),
    ...(isNamed ? { names: columns.map((column) => first[column] ?? '') } : {}),
    ...(classes === null ? { target: moments(training.map(({ answer }) => answer)) } : {}),
  };
  const { mean: shift, deviation: scale } = scaling.target ?? { mean: 0, deviation: 1 };
  const samples = whole.map(({ features, answer }): Sample => ({
    inputs: [{ shape: [columns.length], data: standardise(features, scaling) }],
    targets: [classes === null ? { shape: [1], data: Float32Array.of((answer - shift) / scale) } : label(answer)],
  }));
  return {
    task: classes === null ? 'numbers' : 'classes',
    classes: classes ?? [],
    scaling,
    ...divide(samples, split),
  };
}
`;
