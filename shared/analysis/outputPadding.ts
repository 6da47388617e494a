import { upconvLength, windowAxes } from '../layers/arithmetic';
import type { Size2 } from '../layers/define';
import { hasParam } from '../layers/traits';
import { isPadding, isSize } from './guards';
import type { NodeAnalysis } from './types';

/**
 * The outputPadding with which an up-conv gives the wanted `[height, width]`: what is missing to it at outputPadding 0. Null when
 * no allowed one (below max(stride, dilation)) does. 12 with kernel 3, stride 2, padding 1 gives 23 for 0 and 24 for 1.
 */
export function solveOutputPadding(node: NodeAnalysis, wanted: Size2): Size2 | null {
  const [shape] = node.inputShapes;
  const { kernelSize, strides, dilationRate, padding } = node.params ?? {};
  if (!hasParam(node.definition, 'outputPadding') || shape == null || padding === 'same') return null;
  if (!isSize(kernelSize) || !isSize(strides) || !isSize(dilationRate) || !isPadding(padding)) return null;
  const axes = windowAxes(shape, kernelSize, strides, dilationRate, padding);
  const missing = ([0, 1] as const).map((axis) => {
    const length = upconvLength(axes[axis], 0);
    const extra = length === null ? -1 : wanted[axis] - length;
    return extra >= 0 && extra < Math.max(strides[axis], dilationRate[axis]) ? extra : null;
  });
  const [rows = null, columns = null] = missing;
  return rows === null || columns === null ? null : [rows, columns];
}
