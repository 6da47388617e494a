import { transposed } from './tensors';
import { shapeOf, type View } from './views';

/** A node's values, of one sample, in the order and shape that the file has them in. */
export function fileOrder(
  view: View,
  data: Float32Array,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const own = view.base.flat();
  const order = view.axes.flat().flatMap((factor) => {
    const place = own.indexOf(factor);
    return place < 0 ? [] : [place];
  });
  return {
    shape: shapeOf(view),
    data: transposed(
      data,
      own.map(({ size }) => size),
      order,
    ),
  };
}
