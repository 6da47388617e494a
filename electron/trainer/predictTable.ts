import { dataDamaged } from '../../shared/diagnostics/catalog/data';
import { trainedOnOther } from '../../shared/diagnostics/catalog/evaluation';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { TableInput, TablePrediction } from '../../shared/host/api';
import { isOfTable } from '../../shared/schema/data';
import { elementCount } from '../../shared/ops/tensor';
import { errorText } from '../../shared/text';
import { labelThreshold } from '../../shared/training/answers';
import { readPredictedRows } from '../data/predictedTable';
import { inTargetUnits } from '../data/standardise';
import { readAnyTable } from '../data/parquetTable';
import type { Table } from '../data/table';
import { dataMissing } from '../files/missing';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import type { Predictor } from './predict';

/** Rows that are predicted at once: enough to keep an engine busy, and few to wait for when nobody wants the answer any more. */
const batchRows = 1024;

async function openTable(input: TableInput): Promise<Result<Table>> {
  try {
    return await readAnyTable(input);
  } catch (error) {
    if ('bytes' in input) return failure(dataDamaged(input.name, errorText(error)));
    return failure(errorCode(error) === 'ENOENT' ? dataMissing(input.path) : fileDiagnostic(error, input.path, 'open'));
  }
}

/** What a model says of each row of a table. */
export async function predictTable(
  { session, data, outputShape }: Predictor,
  input: TableInput,
  signal: AbortSignal,
): Promise<Result<TablePrediction>> {
  const { scaling, inputShape, classes, task } = data;
  if (scaling === null || !isOfTable(scaling)) return failure(trainedOnOther('pictures', 'table'));
  const table = await openTable(input);
  if (!table.ok) return table;
  const read = readPredictedRows(table.value, 'bytes' in input ? input.name : input.path, scaling);
  if (!read.ok) return read;
  const { inputs, rows, warnings } = read.value;
  const width = elementCount(inputShape);
  const answerWidth = elementCount(outputShape);
  const scores = new Float32Array(rows.length * answerWidth);
  for (let from = 0; from < rows.length; from += batchRows) {
    if (signal.aborted) return failure(requestCancelled('predictTable'));
    const to = Math.min(rows.length, from + batchRows);
    const x = inputs.slice(from * width, to * width);
    const outputs = await session.run('predict', {
      x: { dtype: 'float32', shape: [to - from, ...inputShape], data: x },
    });
    scores.set(outputs['scores']?.data ?? [], from * answerWidth);
  }
  return success({
    classes,
    ...(task === 'multi-label' ? { threshold: labelThreshold } : {}),
    rows: Int32Array.from(rows),
    answers: task === 'regression' ? inTargetUnits(scores, scaling) : scores,
    warnings,
  });
}
