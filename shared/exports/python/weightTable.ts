import { elementCount, type FloatTensors } from '../../ops/tensor';
import { pythonString, tupleOf } from './literals';

/** A weight of the network and its place in a framework's model. */
export type PlacedWeight = {
  /** The framework's name for the tensor. */
  readonly place: string;
  /** Convloom's. */
  readonly name: string;
  /** The order in which the framework has its axes; empty for the same. */
  readonly order: readonly number[];
  /** The sizes that the axes are counted of, where they are not those of the weight itself. */
  readonly sizes?: readonly number[];
};

/** The table of `weights.py`, as the items of a dictionary. */
export function weightItems(weights: readonly PlacedWeight[]): readonly string[] {
  return weights.map(({ place, name, order, sizes }) => {
    const orders = order.length === 0 ? [] : [tupleOf(order.map(String))];
    const counted = sizes === undefined ? [] : [tupleOf(sizes.map(String))];
    return `"${place}": Weight(${[pythonString(name), ...orders, ...counted].join(', ')})`;
  });
}

/** Weights under a framework's names and in its order of axes. */
export function convertWeights(table: readonly PlacedWeight[], weights: FloatTensors): FloatTensors {
  return Object.fromEntries(
    table.flatMap(({ place, name, order, sizes }) => {
      const weight = weights[name];
      if (weight === undefined) return [];
      if (order.length === 0) return [[place, weight]];
      const from = sizes ?? weight.shape;
      const turned = order.map((axis) => from[axis] ?? 1);
      const data = transpose(weight.data, from, order);
      const shape = sizes === undefined ? turned : joined(turned);
      return [[place, { dtype: 'float32' as const, shape, data }]];
    }),
  );
}

/** The outermost size as it is, and all within it as one. */
function joined([first = 1, ...others]: readonly number[]): readonly number[] {
  return [first, elementCount(others)];
}

/** Values of a tensor with its axes in another order. */
function transpose(data: Float32Array, sizes: readonly number[], order: readonly number[]): Float32Array {
  const strides = sizes.map((_, axis) => elementCount(sizes.slice(axis + 1)));
  const steps = order.map((axis) => strides[axis] ?? 1);
  const counts = order.map((axis) => sizes[axis] ?? 1);
  const result = new Float32Array(data.length);
  const at = counts.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to += 1) {
    result[to] = data[from] ?? 0;
    for (let axis = counts.length - 1; axis >= 0; axis -= 1) {
      at[axis] = (at[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      if ((at[axis] ?? 0) < (counts[axis] ?? 0)) break;
      from -= (steps[axis] ?? 0) * (counts[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return result;
}
