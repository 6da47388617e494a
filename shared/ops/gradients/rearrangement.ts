import type { Value } from '../builder';
import { inputAt, sumToShape } from './rule';
import type { GradientRule } from './rule';

type Rearrangement = 'reshape' | 'broadcastTo' | 'transpose' | 'concat' | 'slice' | 'pad' | 'reverse';

function axisLength(value: Value, axis: number): number {
  const size = value.shape[axis];
  return typeof size === 'number' ? size : -1;
}

/** Gradients of ops that move values without changing them: each is the way back. */
export const rearrangementGradients: { readonly [Op in Rearrangement]: GradientRule<Op> } = {
  reshape: ({ ops, inputs, dy }) => [ops.reshape(dy, inputAt(inputs, 0).shape)],
  broadcastTo: ({ ops, inputs, dy }) => [sumToShape(ops, dy, inputAt(inputs, 0).shape)],
  transpose: ({ ops, node, dy }) => [
    ops.transpose(
      dy,
      node.perm.map((_, axis) => node.perm.indexOf(axis)),
    ),
  ],
  concat: ({ ops, node, inputs, dy, needs }) => {
    let offset = 0;
    return inputs.map((input, index) => {
      const begin = dy.shape.map((_, axis) => (axis === node.axis ? offset : 0));
      const size = dy.shape.map((_, axis) => (axis === node.axis ? axisLength(input, axis) : -1));
      offset += axisLength(input, node.axis);
      return needs(index) ? ops.slice(dy, begin, size) : null;
    });
  },
  slice: ({ ops, node, inputs, dy }) => {
    const x = inputAt(inputs, 0);
    const paddings = x.shape.map((size, axis): [number, number] => {
      const before = node.begin[axis] ?? 0;
      return size === 'batch' ? [0, 0] : [before, size - before - axisLength(dy, axis)];
    });
    return [ops.pad(dy, paddings)];
  },
  pad: ({ ops, node, inputs, dy }) => {
    const x = inputAt(inputs, 0);
    return [
      ops.slice(
        dy,
        node.paddings.map(([before]) => before),
        x.shape.map((_, axis) => axisLength(x, axis)),
      ),
    ];
  },
  reverse: ({ ops, node, dy }) => [ops.reverse(dy, node.axes)],
};
