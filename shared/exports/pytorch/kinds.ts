import type { Shape } from '../../layers/define';
import { field, numberLiteral, type PrintedCall } from '../code/calls';
import { pythonBoolean, tupleOf } from '../python/literals';
import { printAdd, printConcat, printMerge, type Joining } from '../python/merges';
import type { PrinterTable } from '../printers';
import { printActivation } from './activations';
import { printAttention, printClassToken, printPosition } from './attention';
import { feature, layer, operation, positional } from '../python/calls';
import { helper, type TorchPrinter } from './calls';
import { printConv, printFc, printUpconv } from './kernels';
import { printBatchNorm, printGroupNorm, printLayerNorm, printResponseNorm, printRmsNorm } from './norms';
import { printPool, printUnpool } from './pools';
import {
  printCrop,
  printDepthToSpace,
  printFlatten,
  printLrn,
  printPad,
  printPermute,
  printScale,
  printShuffle,
  printSlice,
  printSpaceToDepth,
  printUpsample,
} from './shapes';

const joining: Joining = {
  stretch: '[:, :, None, None]',
  concat: 'torch.cat',
  channels: field('dim', '1'),
  maximum: 'torch.maximum',
  minimum: 'torch.minimum',
};

/** A new kind is one entry here; a kind without one does not compile. */
export const printers: PrinterTable<TorchPrinter> = {
  input: () => [],
  conv: printConv,
  activation: (context) => printActivation(context),
  pool: printPool,
  fc: printFc,
  gap: ({ params }) => {
    const isMean = params['mode'] !== 'max';
    const fields = [field('dim', '(2, 3)'), field('keepdim', pythonBoolean(params['keepDims'] === true), 'False')];
    return [operation(isMean ? 'torch.mean' : 'torch.amax', fields)];
  },
  attention: printAttention,
  upconv: printUpconv,
  upsample: printUpsample,
  unpool: printUnpool,
  depthToSpace: printDepthToSpace,
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
  spaceToDepth: printSpaceToDepth,
  reshape: ({ inputs: [shape = []], output }) => [
    bareReshape(shape, output) ?? helper('reshape', [feature('shape', shapeTuple(output), 'shape')]),
  ],
  permute: printPermute,
  lrn: printLrn,
  dropout: ({ params, inputs: [shape = []] }) => {
    const rate = positional(field('p', numberLiteral(params['rate'])), 'rate');
    if (params['paths'] === true) return [helper('DropPath', [rate], 'layer')];
    const isSpatial = params['spatial'] === true && shape.length === 3;
    return [layer(isSpatial ? 'nn.Dropout2d' : 'nn.Dropout', [rate])];
  },
};

function shapeTuple(shape: Shape): string {
  return tupleOf(shape.map((size) => String(size ?? -1)));
}

/** A list stays a list. */
function bareReshape(from: Shape, to: Shape): PrintedCall | null {
  return from.length === 1 && to.length === 1
    ? operation('torch.flatten', [positional(field('start_dim', '1'))])
    : null;
}
