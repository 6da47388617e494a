import * as tf from '@tensorflow/tfjs';
import { inputAt } from './kernel';
import type { Kernel } from './kernel';

type Rearrangement =
  | 'reshape'
  | 'broadcastTo'
  | 'transpose'
  | 'concat'
  | 'slice'
  | 'pad'
  | 'reverse'
  | 'gather'
  | 'after';

export const rearrangementKernels: { readonly [Op in Rearrangement]: Kernel<Op> } = {
  reshape: (_, inputs, shape) => inputAt(inputs, 0).reshape([...shape]),
  broadcastTo: (_, inputs, shape) => tf.broadcastTo(inputAt(inputs, 0), [...shape]),
  transpose: (node, inputs) => tf.transpose(inputAt(inputs, 0), [...node.perm]),
  concat: (node, inputs) => tf.concat([...inputs], node.axis),
  slice: (node, inputs) => tf.slice(inputAt(inputs, 0), [...node.begin], [...node.size]),
  pad: (node, inputs) =>
    tf.pad(
      inputAt(inputs, 0),
      node.paddings.map(([before, after]): [number, number] => [before, after]),
    ),
  reverse: (node, inputs) => tf.reverse(inputAt(inputs, 0), [...node.axes]),
  // Nodes are computed in order: the others are there.
  after: (_, inputs) => inputAt(inputs, 0),
  gather: (_, inputs) => tf.gather(inputAt(inputs, 0), tf.cast(inputAt(inputs, 1), 'int32')),
};
