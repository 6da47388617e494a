import type { FunctionBuilder, Value } from '../builder';
import type { OpShape } from '../graph';
import { inputAt } from './rule';
import type { GradientRule } from './rule';

const onePixel = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 } as const;

function sizeAt(shape: OpShape, axis: number): number {
  const size = shape.at(axis);
  if (typeof size !== 'number') throw new Error('Autodiff: a matrix of unknown size.');
  return size;
}

/**
 * Sum over all leading axes of a [..., k] outer dy [..., n]: [k, n]. With more than one leading axis beside the batch it is the
 * filter gradient of a 1x1 convolution, because no shape can say "batch times rows".
 */
function outerProductSum(ops: FunctionBuilder, a: Value, dy: Value): Value {
  const inner = sizeAt(a.shape, -1);
  const columns = sizeAt(dy.shape, -1);
  if (a.shape.length === 2) return ops.matMul(a, dy, { transposeA: true });
  const rows = a.shape.slice(1, -1).reduce<number>((product, size) => (size === 'batch' ? product : product * size), 1);
  const batch = a.shape[0] ?? 1;
  const image = ops.reshape(a, [batch, rows, 1, inner]);
  const gradient = ops.reshape(dy, [batch, rows, 1, columns]);
  return ops.reshape(ops.conv2dFilterGrad(image, gradient, [1, 1], onePixel), [inner, columns]);
}

function swapLastTwo(ops: FunctionBuilder, x: Value): Value {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()].with(rank - 2, rank - 1).with(rank - 1, rank - 2);
  return ops.transpose(x, perm);
}

/** y = a b: da = dy bᵀ, db = aᵀ dy, with each transposed as its operand is. */
export const matMulGradients: { readonly matMul: GradientRule<'matMul'> } = {
  matMul: ({ ops, node, inputs, dy, needs }) => {
    const a = inputAt(inputs, 0);
    const b = inputAt(inputs, 1);
    const { transposeA, transposeB } = node;
    if (transposeA && a.shape[0] === 'batch' && a.shape.length === 2) {
      // y [m, n] = aᵀ b summed over the batch: da = b yᵀ, db = a y.
      return [needs(0) ? ops.matMul(b, dy, { transposeB: true }) : null, needs(1) ? ops.matMul(a, dy) : null];
    }
    let da: Value | null = null;
    if (needs(0)) {
      da = ops.matMul(dy, b, { transposeB: !transposeB });
      if (transposeA) da = swapLastTwo(ops, da);
    }
    let db: Value | null = null;
    if (needs(1) && b.shape.length > 2) {
      db = transposeB
        ? ops.matMul(dy, a, { transposeA: true, transposeB: transposeA })
        : ops.matMul(a, dy, { transposeA: !transposeA });
    } else if (needs(1)) {
      const plainA = transposeA ? swapLastTwo(ops, a) : a;
      db = transposeB ? outerProductSum(ops, dy, plainA) : outerProductSum(ops, plainA, dy);
    }
    return [da, db];
  },
};
