import {
  badTargets,
  noSuchTarget,
  nothingBesideTargets,
  targetNotYesNo,
  targetsAlike,
  targetsConstant,
} from '../../shared/diagnostics/catalog/targets';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Task } from '../../shared/schema/data';
import { parseTargets } from '../../shared/schema/targets';
import { defaultReading } from '../../shared/schema/training';
import { findTarget, isMissing } from './columns';
import type { ReadNumber, Target } from './columns';
import type { OpenOptions, Samples } from './dataset';
import { yesCounts } from './labels';
import { yesOrNo } from './labelTable';
import type { Columns } from './tableColumns';

/** How a table is read as data. */
export type TableOptions = Pick<OpenOptions, 'readAs' | 'task' | 'reading'>;

/** What is learned of a table's rows. */
export type TableTarget = Target & {
  readonly task: Extract<Task, 'classification' | 'multi-label' | 'regression'>;
  /** Of one row. */
  readonly targetShape: readonly number[];
  readonly notes: readonly Diagnostic[];
};

/** The columns to learn by their names: those that a model of several knows, else those of the settings. Empty: they are to be found. */
export function wantedTargets({ readAs, reading = defaultReading }: TableOptions): Result<readonly string[]> {
  if (readAs?.task === 'multi-label' && readAs.classes !== undefined) return success(readAs.classes);
  if (reading.targets === undefined) return success([]);
  const names = parseTargets(reading.targets);
  return names === null ? failure(badTargets(reading.targets)) : success(names);
}

/** Refuses columns that the table lacks. A model of several is asked about those that are there. */
export function checkTargets(
  wanted: readonly string[],
  { isNamed, names, targets, hasNamedTarget, numeric, words }: Columns,
  { path, readAs }: TableOptions & { readonly path: string },
): Diagnostic | null {
  if (wanted.length === 0) return null;
  const found = hasNamedTarget ? targets.map((column) => names[column] ?? '') : [];
  const missing = wanted.filter((name) => !found.includes(name));
  const isEnough = readAs?.task === 'multi-label' && missing.length < wanted.length;
  if (missing.length > 0 && !isEnough) return noSuchTarget(missing, isNamed ? names : [], readAs !== undefined);
  return numeric.length + words.length === 0 ? nothingBesideTargets(path) : null;
}

function isYesNo(rows: Columns['body'], column: number): boolean {
  let present = 0;
  for (const row of rows) {
    const field = row[column] ?? '';
    if (isMissing(field)) continue;
    if (yesOrNo(field) === null) return false;
    present += 1;
  }
  return present > 0;
}

/** Several columns are classes, each of which a row has or has not. A field of a few rows that says neither is a slip. */
function severalTargets({ body, names, targets }: Columns): Result<TableTarget> {
  const nameOf = (column: number): string => names[column] ?? '';
  const oddIn = (column: number): string | null => {
    const odd = body.map((row) => row[column] ?? '').filter((field) => !isMissing(field) && yesOrNo(field) === null);
    const [field = ''] = odd;
    return odd.length > body.length / 10 ? field : null;
  };
  const looked = targets.map((column) => ({ name: nameOf(column), odd: oddIn(column) }));
  for (const { name, odd } of looked) {
    if (odd === null) continue;
    const others = looked.filter((one) => one.odd === null);
    return failure(
      targetNotYesNo(
        name,
        odd,
        others.map((one) => one.name),
      ),
    );
  }
  return success({
    task: 'multi-label',
    classes: targets.map(nameOf),
    hasNumberClasses: false,
    targetShape: [targets.length],
    notes: [],
    read: (field) => {
      const is = yesOrNo(field);
      return is === null ? null : Number(is);
    },
  });
}

/** Says where columns of 0 and 1 stand beside the one to learn that has these too: they may be answers as well. */
function alikeNotes({ body, names, targets: [target], isNamed, features }: Columns): readonly Diagnostic[] {
  if (!isNamed || !isYesNo(body, target)) return [];
  const run = (step: 1 | -1): readonly number[] => {
    const columns: number[] = [];
    for (let column = target + step; features.includes(column) && isYesNo(body, column); column += step) {
      columns.push(column);
    }
    return columns;
  };
  const others = [...run(-1).toReversed(), ...run(1)];
  // Where all is yes and no, nothing tells answers from features.
  if (others.length === 0 || others.length === features.length) return [];
  const nameOf = (column: number): string => names[column] ?? '';
  const all = [...others, target].sort((a, b) => a - b);
  return [targetsAlike(nameOf(target), others.map(nameOf), all.map(nameOf))];
}

/** Says which of several columns have the same answer in all rows that are trained on. */
export function constantNotes({ task, classes }: TableTarget, trained: Samples): readonly Diagnostic[] {
  if (task !== 'multi-label' || classes === null) return [];
  const counts = yesCounts(trained, classes.length);
  const constant = classes.filter((_, index) => counts[index] === 0 || counts[index] === trained.count);
  return constant.length === 0 ? [] : [targetsConstant(constant)];
}

/** What is learned of a table: one column of classes or values, or several of yes and no. */
export function targetOf(
  columns: Columns,
  readNumber: ReadNumber,
  { width, task, isFound }: { readonly width: number; readonly task: Task | undefined; readonly isFound: boolean },
): Result<TableTarget> {
  const { body, targets } = columns;
  const [column] = targets;
  if (targets.length > 1 || task === 'multi-label') return severalTargets(columns);
  const target = findTarget(
    body.flatMap((row) => (row.length === width ? [row[column] ?? ''] : [])),
    readNumber,
    task,
  );
  if (target.classes === null) return success({ ...target, task: 'regression', targetShape: [1], notes: [] });
  return success({
    ...target,
    task: 'classification',
    targetShape: [],
    notes: isFound ? alikeNotes(columns) : [],
  });
}
