import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { Dataset } from './dataset';
import { readTable } from './table';
import { checkIsTable, datasetOfTable } from './tableDataset';
import type { TableOptions } from './tableTarget';

/** The data set `csv:FILE`. */
export async function loadCsv(path: string, options: TableOptions = {}): Promise<Result<Dataset>> {
  const refusal = checkIsTable(options);
  if (refusal !== null) return failure(refusal);
  const table = await readTable(path);
  return table.ok ? datasetOfTable({ table: table.value, spec: `csv:${path}`, path }, options) : table;
}
