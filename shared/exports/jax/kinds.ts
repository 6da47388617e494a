import { field, numberLiteral, type Field, type Params } from '../code/calls';
import { feature, layer, operation, optional, positional } from '../python/calls';
import { pythonBoolean, tupleOf } from '../python/literals';
import { printAdd, printConcat, printMerge, type Joining } from '../python/merges';
import type { PrinterTable } from '../printers';
import type { Printer } from '../code/calls';
import { printActivation } from './activations';
import { printAttention, printClassToken, printPosition } from './attention';
import { helper } from './calls';
import { printConv, printFc, printUpconv } from './kernels';
import { printBatchNorm, printGroupNorm, printLayerNorm, printResponseNorm, printRmsNorm } from './norms';
import { printPool, printUnpool } from './pools';
import {
  printCrop,
  printFlatten,
  printLrn,
  printPad,
  printPermute,
  printReshape,
  printScale,
  printShuffle,
  printSlice,
  printUpsample,
} from './shapes';

const joining: Joining = {
  stretch: '[:, None, None, :]',
  concat: 'jnp.concatenate',
  channels: field('axis', '-1'),
  maximum: 'jnp.maximum',
  minimum: 'jnp.minimum',
};

function blockFields(params: Params): readonly Field[] {
  return [
    feature('block_size', numberLiteral(params['blockSize']), 'blockSize'),
    optional('order', `"${String(params['order'])}"`, 'order', '"DCR"'),
  ];
}

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<Printer> = {
  input: () => [],
  conv: printConv,
  activation: printActivation,
  pool: printPool,
  fc: printFc,
  gap: ({ params }) => {
    const keep = optional('keepdims', pythonBoolean(params['keepDims'] === true), 'keepDims', 'False');
    return [operation(params['mode'] === 'max' ? 'jnp.max' : 'jnp.mean', [field('axis', '(1, 2)'), keep])];
  },
  attention: printAttention,
  upconv: printUpconv,
  upsample: printUpsample,
  unpool: printUnpool,
  depthToSpace: ({ params }) => [helper('depth_to_space', blockFields(params))],
  add: (context) => printAdd(context, '+', joining),
  multiply: (context) => printAdd(context, '*', joining),
  merge: (context) => printMerge(context, joining),
  concat: (context) => printConcat(context, joining),
  crop: printCrop,
  pad: printPad,
  flatten: printFlatten,
  classToken: printClassToken,
  batchnorm: printBatchNorm,
  layernorm: printLayerNorm,
  rmsnorm: printRmsNorm,
  groupnorm: printGroupNorm,
  grn: printResponseNorm,
  scale: printScale,
  position: printPosition,
  slice: printSlice,
  shuffle: printShuffle,
  spaceToDepth: ({ params }) => [helper('space_to_depth', blockFields(params))],
  reshape: printReshape,
  permute: printPermute,
  lrn: printLrn,
  dropout: ({ params, inputs: [shape = []] }) => {
    // Axes along which one draw decides: the map's for a channel, all but the batch for a sample.
    const drawnOnce = params['paths'] === true ? shape.map((_, axis) => axis + 1) : [1, 2];
    const isWhole = params['paths'] === true || (params['spatial'] === true && shape.length === 3);
    const whole = isWhole ? [{ ...field('broadcast_dims', tupleOf(drawnOnce.map(String))), isFixed: true }] : [];
    return [layer('nnx.Dropout', [positional(field('rate', numberLiteral(params['rate']))), ...whole])];
  },
};
