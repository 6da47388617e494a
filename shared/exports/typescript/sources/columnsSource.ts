/** Prints `columns.ts`: the rules by which columns of tables are read, as Convloom has them. */
export const columnsSource = `/** Whole numbers with at most this many different values are taken for classes. */
const mostNumberClasses = 20;
/** What a column to be learned is called. */
export const targetNames = ['label', 'class', 'target'];
export const missing = /^(?:|n\\/?a|#n\\/a|nan|null|none|nil|missing|\\?|\\.|-+)$/i;

export type ReadNumber = (field: string | undefined) => number | null;

/** Reads numbers: with a decimal comma where the comma does not part the fields. */
export function numberReader(separator: string): ReadNumber {
  return (field = '') => {
    const value = Number(separator === ',' ? field : field.replace(/^([-+]?\\d+),(\\d+)$/, '$1.$2'));
    return field !== '' && Number.isFinite(value) ? value : null;
  };
}

/** The names of a column's classes, in order; null where it holds values. */
export function classesOf(fields: string[], readNumber: ReadNumber, learnsValues: boolean): string[] | null {
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
export function moments(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}
`;
