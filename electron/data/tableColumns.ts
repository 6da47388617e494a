import { hasHeader, isNumeric } from './columns';
import type { ReadNumber } from './columns';
import type { Table } from './table';

/** What a column to be learned is called. */
export const targetNames: readonly string[] = ['label', 'class', 'target'];

/** What is in which column. `names` are for the reader: the header's, or "column 3". */
export type Columns = {
  readonly body: Table['rows'];
  readonly firstRow: number;
  readonly names: readonly string[];
  /** Whether the first row names the columns. */
  readonly isNamed: boolean;
  /** The columns to learn: those that were asked for, else the one that is called so, else the last. */
  readonly targets: readonly [number, ...number[]];
  /** Whether the targets were asked for, or are called so. */
  readonly hasNamedTarget: boolean;
  readonly isTargetNumeric: boolean;
  /** The columns of numbers but for the targets. */
  readonly numeric: readonly number[];
  readonly features: readonly number[];
  readonly words: readonly number[];
};

/** What is known of the columns of a table before it is read. */
export type KnownColumns = {
  /** The names that a model knows its features by: they are the features, in this order. */
  readonly features?: readonly string[] | undefined;
  /** The names of those to learn; the ones that the table lacks are passed over. */
  readonly targets?: readonly string[];
};

/** Tells a table's columns apart. */
export function findColumns(
  { rows, hasHeader: isDeclared = false }: Table,
  readNumber: ReadNumber,
  { features: known = [], targets: wanted = [] }: KnownColumns = {},
): Columns {
  const [first = []] = rows;
  const places = known.map((name) => first.indexOf(name));
  const knowsAll = known.length > 0 && places.every((place) => place >= 0);
  const asked = wanted.map((name) => first.indexOf(name)).filter((place) => place >= 0);
  const isNamed = isDeclared || knowsAll || asked.length > 0 || hasHeader(rows, readNumber, targetNames);
  const body = isNamed ? rows.slice(1) : rows;
  const named = isNamed ? first.findIndex((name) => targetNames.includes(name.toLowerCase())) : -1;
  const all = [...first.keys()];
  const last = all.findLast((column) => !knowsAll || !places.includes(column)) ?? first.length - 1;
  const [target = named >= 0 ? named : last, ...beside] = asked;
  const targets: Columns['targets'] = [target, ...beside];
  const others = all.filter((column) => !targets.includes(column));
  const numeric = others.filter((column) => isNumeric(body, column, readNumber));
  return {
    body,
    // A header that is no line of the file counts as none.
    firstRow: isNamed && !isDeclared ? 2 : 1,
    names: first.map((name, column) => (isNamed && name !== '' ? name : `column ${column + 1}`)),
    isNamed,
    targets,
    hasNamedTarget: asked.length > 0 || named >= 0,
    isTargetNumeric: isNumeric(body, target, readNumber),
    numeric,
    features: knowsAll ? places : numeric,
    words: others.filter((column) => !numeric.includes(column)),
  };
}
