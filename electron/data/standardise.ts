import type { TableScaling } from '../../shared/host/api';
import type { TableValues } from './columns';

type Moments = { readonly mean: number; readonly deviation: number };

/** Mean and standard deviation; what is constant has the deviation 1. */
function moments(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** The scaling of a table's features, and of its values to learn where it has such, over the training rows. */
export function measureScaling(
  { features, targets }: TableValues,
  width: number,
  rows: readonly number[],
  learnsValues: boolean,
): TableScaling {
  const columns = Array.from({ length: width }, (_, column) =>
    moments(rows.map((row) => features[row * width + column] ?? 0)),
  );
  return {
    mean: columns.map(({ mean }) => mean),
    deviation: columns.map(({ deviation }) => deviation),
    ...(learnsValues ? { target: moments(rows.map((row) => targets[row] ?? 0)) } : {}),
  };
}

/** The features of some rows, as a network takes them. */
export function standardiseFeatures(
  { features }: Pick<TableValues, 'features'>,
  rows: readonly number[],
  { mean, deviation }: TableScaling,
): Float32Array {
  const width = mean.length;
  const inputs = new Float32Array(rows.length * width);
  rows.forEach((row, to) => {
    for (let column = 0; column < width; column++) {
      const value = features[row * width + column] ?? 0;
      inputs[to * width + column] = (value - (mean[column] ?? 0)) / (deviation[column] ?? 1);
    }
  });
  return inputs;
}

const asItStands: Moments = { mean: 0, deviation: 1 };

/** The values to learn of some rows, as a network is to give them. */
export function standardiseTargets(
  { targets }: Pick<TableValues, 'targets'>,
  rows: readonly number[],
  { target: { mean, deviation } = asItStands }: TableScaling,
): Float32Array {
  return Float32Array.from(rows, (row) => ((targets[row] ?? 0) - mean) / deviation);
}

/** What a network gave, in the units of the table. */
export function inTargetUnits(
  outputs: ArrayLike<number>,
  { target: { mean, deviation } = asItStands }: TableScaling,
): Float32Array {
  return Float32Array.from(outputs, (output) => output * deviation + mean);
}
