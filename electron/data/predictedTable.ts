import { columnMissing, columnsDiffer } from '../../shared/diagnostics/catalog/evaluation';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { TableScaling } from '../../shared/host/api';
import { nameRow, numberReader, readRows } from './columns';
import { createSkipLog } from './dataset';
import { standardiseFeatures } from './standardise';
import { findColumns } from './tableColumns';
import type { Columns } from './tableColumns';
import type { Table } from './table';

/** Rows without answers, as the network takes them. */
export type PredictedRows = {
  /** `[count, features]` */
  readonly inputs: Float32Array;
  /** Which row of the file each of them is, from 1. */
  readonly rows: readonly number[];
  readonly warnings: readonly Diagnostic[];
};

/**
 * The columns that a model's features are in: by their names where table and model have such, else by their places. The column that was
 * learned may be there or not: it is the one that is called so, or the last where there is one too many.
 */
function featureColumns(
  { features, targets, hasNamedTarget, isTargetNumeric, isNamed, names }: Columns,
  { mean, names: known }: TableScaling,
): Result<readonly number[]> {
  const numeric = hasNamedTarget || !isTargetNumeric ? features : [...features, ...targets];
  const missing = isNamed ? known?.find((name) => !names.includes(name)) : undefined;
  if (missing !== undefined) return failure(columnMissing(missing, names));
  if (features.length === mean.length) return success(features);
  return numeric.length === mean.length ? success(numeric) : failure(columnsDiffer(mean.length, features.length));
}

/** Reads the rows of a table for a model that was trained on one, brought to the scale of that one. */
export function readPredictedRows(table: Table, path: string, scaling: TableScaling): Result<PredictedRows> {
  const readNumber = numberReader(table.separator);
  const found = findColumns(table, readNumber, { features: scaling.names });
  const columns = featureColumns(found, scaling);
  if (!columns.ok) return columns;
  const skipped = createSkipLog();
  const width = table.rows[0]?.length ?? 0;
  const { body, firstRow } = found;
  const values = readRows(body, {
    columns: columns.value,
    answer: null,
    width,
    firstRow,
    nameRow,
    readNumber,
    skipped,
  });
  if (values.count === 0) return failure(skipped.nothing(path));
  const inputs = standardiseFeatures(values, [...values.rows.keys()], scaling);
  return success({ inputs, rows: values.rows, warnings: [...skipped.warnings(body.length), ...(table.notes ?? [])] });
}
