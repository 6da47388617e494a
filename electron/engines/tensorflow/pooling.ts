import type { OpNode, PoolAttributes } from '../../../shared/ops/graph';
import { paddingAttributes } from './convolution';
import { attribute } from './graphDef';
import type { Attributes } from './graphDef';
import { constantBytes } from './graphWriter';
import { addTyped, inputOf, staticSize } from './lowering';
import type { Lowering } from './lowering';

type Size = readonly [number, number];

function windowAttributes(pool: PoolAttributes, padding: Attributes): Attributes {
  return {
    ksize: attribute.ints([1, ...pool.size, 1]),
    strides: attribute.ints([1, ...pool.strides, 1]),
    ...padding,
  };
}

const valid: Attributes = { padding: attribute.string('VALID') };

function padsMatrix(lowering: Lowering, [top, bottom, left, right]: PoolAttributes['pads']): string {
  return lowering.graph.ints([0, 0, top, bottom, left, right, 0, 0], [4, 2]);
}

function paddedSize([height, width]: Size, [top, bottom, left, right]: PoolAttributes['pads']): Size {
  return [height + top + bottom, width + left + right];
}

/** Cuts the padding off again. */
function inner(lowering: Lowering, tensor: string, pool: PoolAttributes, [height, width]: Size): string {
  const begin = lowering.graph.ints([0, pool.pads[0], pool.pads[2], 0]);
  const size = lowering.graph.ints([-1, height, width, -1]);
  return addTyped(lowering, 'Slice', 'float32', [tensor, begin, size], { Index: attribute.type('int32') });
}

function hasPads(pool: PoolAttributes): boolean {
  return pool.pads.some((pad) => pad !== 0);
}

function sizeOf(node: OpNode): Size {
  return [staticSize(node.shape, 1), staticSize(node.shape, 2)];
}

/** Pads that TensorFlow has no word for are written out, as the lowest float so that they never win. */
function maxPoolOperand(
  lowering: Lowering,
  x: { id: number; node: OpNode; tensor: string },
  pool: PoolAttributes,
): { tensor: string; attributes: Attributes; isPadded: boolean } {
  const padding = paddingAttributes(pool.pads, sizeOf(x.node), pool.size, pool.strides);
  if (!('explicit_paddings' in padding)) {
    return { tensor: x.tensor, attributes: windowAttributes(pool, padding), isPadded: false };
  }
  const tensor = lowering.once(`max pool pad ${x.id} ${pool.pads.join()}`, () => {
    const lowest = lowering.graph.constant('float32', [], constantBytes('float32', [-3.4028234663852886e38]));
    return addTyped(lowering, 'PadV2', 'float32', [x.tensor, padsMatrix(lowering, pool.pads), lowest]);
  });
  return { tensor, attributes: windowAttributes(pool, valid), isPadded: true };
}

export function lowerMaxPool(lowering: Lowering, node: OpNode & { readonly op: 'maxPool' }): string {
  const operand = maxPoolOperand(lowering, inputOf(lowering, node, 0), node);
  return addTyped(lowering, 'MaxPool', 'float32', [operand.tensor], operand.attributes);
}

export function lowerMaxPoolGrad(lowering: Lowering, node: OpNode & { readonly op: 'maxPoolGrad' }): string {
  const x = inputOf(lowering, node, 0);
  const operand = maxPoolOperand(lowering, x, node);
  const [y, dy] = [inputOf(lowering, node, 1).tensor, inputOf(lowering, node, 2).tensor];
  const gradient = addTyped(lowering, 'MaxPoolGrad', 'float32', [operand.tensor, y, dy], operand.attributes);
  return operand.isPadded ? inner(lowering, gradient, node, sizeOf(x.node)) : gradient;
}

/** TensorFlow's own padding is left out of the mean; ours counts as zeros, so it is always written out. */
export function lowerAvgPool(lowering: Lowering, node: OpNode & { readonly op: 'avgPool' }): string {
  const x = inputOf(lowering, node, 0).tensor;
  const padded = hasPads(node) ? addTyped(lowering, 'Pad', 'float32', [x, padsMatrix(lowering, node.pads)]) : x;
  return addTyped(lowering, 'AvgPool', 'float32', [padded], windowAttributes(node, valid));
}

export function lowerAvgPoolGrad(lowering: Lowering, node: OpNode & { readonly op: 'avgPoolGrad' }): string {
  const dy = inputOf(lowering, node, 0).tensor;
  const shape = lowering.shapeVector([
    node.shape[0] ?? 'batch',
    ...paddedSize(node.inputSize, node.pads),
    staticSize(node.shape, 3),
  ]);
  const gradient = addTyped(lowering, 'AvgPoolGrad', 'float32', [shape, dy], windowAttributes(node, valid));
  return hasPads(node) ? inner(lowering, gradient, node, node.inputSize) : gradient;
}
