import type { OpNode, ReduceOp } from '../../../shared/ops/graph';
import { precisionOf } from '../../../shared/ops/precision';
import { lowerBatchNorm } from './batchNorm';
import { lowerConv, lowerConvFilterGrad, lowerConvInputGrad } from './convolution';
import { isBinary, isUnary, lowerBinary, lowerSelect, lowerUnary } from './elementwise';
import { attribute } from './graphDef';
import { lowerByKernelRule } from './kernelRules';
import { constantBytes, controlInput, partialShape } from './graphWriter';
import { addTyped, fromReduced, inputOf, staticSize, withinProduct } from './lowering';
import type { Lowering } from './lowering';
import { lowerAvgPool, lowerAvgPoolGrad, lowerMaxPool, lowerMaxPoolGrad } from './pooling';

const int32 = attribute.type('int32');

const reductions: { readonly [O in ReduceOp]: string } = { reduceSum: 'Sum', reduceMean: 'Mean', reduceMax: 'Max' };

function lowerReduce(lowering: Lowering, node: OpNode & { readonly op: ReduceOp }): string {
  const x = inputOf(lowering, node, 0);
  return addTyped(lowering, reductions[node.op], x.node.dtype, [x.tensor, lowering.graph.ints(node.axes)], {
    keep_dims: attribute.bool(node.keepDims),
  });
}

function lowerMatMul(lowering: Lowering, node: OpNode & { readonly op: 'matMul' }): string {
  const [a, b] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1)];
  const { transposeA, transposeB } = node;
  if (a.node.shape.length === 2) {
    return addTyped(lowering, 'MatMul', lowering.product, [a.tensor, b.tensor], {
      transpose_a: attribute.bool(transposeA),
      transpose_b: attribute.bool(transposeB),
    });
  }
  return addTyped(lowering, 'BatchMatMulV2', lowering.product, [a.tensor, b.tensor], {
    adj_x: attribute.bool(transposeA),
    adj_y: attribute.bool(transposeB),
  });
}

/**
 * TensorFlow's kernel gives the loss and, as its second output, the gradient of the logits; both ops of the pair share one such
 * node. It wants one row per label.
 */
function crossEntropyPair(lowering: Lowering, node: OpNode): { loss: string; gradient: string } {
  const [logits, labels] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1)];
  const classes = staticSize(logits.node.shape, logits.node.shape.length - 1);
  const name = lowering.once(`cross entropy ${logits.id} ${labels.id}`, () => {
    const rows = flatten(lowering, logits.tensor, logits.node, [-1, classes]);
    const flatLabels = flatten(lowering, labels.tensor, labels.node, [-1]);
    return addTyped(lowering, 'SparseSoftmaxCrossEntropyWithLogits', 'float32', [rows, flatLabels], { Tlabels: int32 });
  });
  return { loss: name, gradient: `${name}:1` };
}

function flatten(lowering: Lowering, tensor: string, node: OpNode, shape: readonly number[]): string {
  if (node.shape.length === shape.length) return tensor;
  return addTyped(lowering, 'Reshape', node.dtype, [tensor, lowering.graph.ints(shape)]);
}

function restore(lowering: Lowering, tensor: string, node: OpNode, flatRank: number): string {
  if (node.shape.length === flatRank) return tensor;
  return addTyped(lowering, 'Reshape', node.dtype, [tensor, lowering.graph.ints(partialShape(node.shape))]);
}

function lowerCrossEntropyGrad(lowering: Lowering, node: OpNode): string {
  const { gradient } = crossEntropyPair(lowering, node);
  const dLoss = inputOf(lowering, node, 2);
  const repeated = dLoss.node.op === 'broadcastTo' ? inputOf(lowering, dLoss.node, 0) : undefined;
  const isUniform = repeated?.node.shape.every((size) => size === 1) ?? false;
  const scale =
    isUniform && repeated !== undefined
      ? addTyped(lowering, 'Reshape', 'float32', [repeated.tensor, lowering.graph.ints([])])
      : addTyped(lowering, 'Reshape', 'float32', [dLoss.tensor, lowering.graph.ints([-1, 1])]);
  return restore(lowering, addTyped(lowering, 'Mul', 'float32', [gradient, scale]), node, 2);
}

/** Ops that move values about without changing them. */
function lowerLayout(lowering: Lowering, node: OpNode): string | undefined {
  const { graph } = lowering;
  const x = (): string => inputOf(lowering, node, 0).tensor;
  switch (node.op) {
    case 'reshape':
      return addTyped(lowering, 'Reshape', node.dtype, [x(), graph.ints(partialShape(node.shape))]);
    case 'broadcastTo':
      return addTyped(lowering, 'BroadcastTo', node.dtype, [x(), lowering.shapeVector(node.shape)]);
    case 'transpose':
      return addTyped(lowering, 'Transpose', node.dtype, [x(), graph.ints(node.perm)]);
    case 'concat':
      return addTyped(
        lowering,
        'ConcatV2',
        node.dtype,
        [...node.inputs.map((id) => lowering.tensor(id)), graph.ints([node.axis], [])],
        { N: attribute.int(node.inputs.length) },
      );
    case 'slice':
      return addTyped(lowering, 'Slice', node.dtype, [x(), graph.ints(node.begin), graph.ints(node.size)], {
        Index: int32,
      });
    case 'pad':
      return addTyped(lowering, 'Pad', node.dtype, [x(), graph.ints(node.paddings.flat(), [node.paddings.length, 2])]);
    case 'reverse':
      return addTyped(lowering, 'ReverseV2', node.dtype, [x(), graph.ints(node.axes)]);
    case 'after': {
      const others = node.inputs.slice(1).map((id) => controlInput(lowering.tensor(id)));
      return graph.add('Identity', [x(), ...others], { T: attribute.type(node.dtype) });
    }
    case 'gather':
      return graph.add('GatherV2', [x(), inputOf(lowering, node, 1).tensor, graph.ints([0], [])], {
        Tparams: attribute.type(node.dtype),
        Tindices: int32,
        Taxis: int32,
      });
    default:
      return undefined;
  }
}

/** Ops of the last axis: class scores, labels, losses. */
function lowerClasses(lowering: Lowering, node: OpNode): string | undefined {
  const { graph } = lowering;
  const x = (): string => inputOf(lowering, node, 0).tensor;
  switch (node.op) {
    case 'argMax': {
      const axis = graph.ints([inputOf(lowering, node, 0).node.shape.length - 1], []);
      return addTyped(lowering, 'ArgMax', 'float32', [x(), axis], { output_type: int32 });
    }
    case 'oneHot': {
      const [on, off] = [1, 0].map((value) => graph.constant('float32', [], constantBytes('float32', [value])));
      return addTyped(lowering, 'OneHot', 'float32', [x(), graph.ints([node.depth], []), on ?? '', off ?? ''], {
        TI: int32,
      });
    }
    case 'softmax':
      return addTyped(lowering, 'Softmax', 'float32', [x()]);
    case 'logSoftmax':
      return addTyped(lowering, 'LogSoftmax', 'float32', [x()]);
    case 'softmaxCrossEntropy':
      return restore(lowering, crossEntropyPair(lowering, node).loss, node, 1);
    case 'softmaxCrossEntropyGrad':
      return lowerCrossEntropyGrad(lowering, node);
    default:
      return undefined;
  }
}

/** Ops over windows of an image. */
function lowerWindows(lowering: Lowering, node: OpNode): string | undefined {
  switch (node.op) {
    case 'conv2d':
      return lowerConv(lowering, node);
    case 'conv2dInputGrad':
      return lowerConvInputGrad(lowering, node);
    case 'conv2dFilterGrad':
      return lowerConvFilterGrad(lowering, node);
    case 'maxPool':
      return lowerMaxPool(lowering, node);
    case 'maxPoolGrad':
      return lowerMaxPoolGrad(lowering, node);
    case 'avgPool':
      return lowerAvgPool(lowering, node);
    case 'avgPoolGrad':
      return lowerAvgPoolGrad(lowering, node);
    default:
      return undefined;
  }
}

/**
 * Adds what one op computes, and gives its tensor. `input` and `variable` are made by the caller, who knows their names.
 * Throws on an op that is not known, which only a newer op graph can bring.
 */
export function lowerOp(lowering: Lowering, id: number): string {
  const node = lowering.node(id);
  const product = precisionOf(node);
  if (product !== 'float32' && lowering.product === 'float32') {
    return fromReduced(lowering, lowerOp(withinProduct(lowering, product), id), product);
  }
  const byRule = lowerByKernelRule(lowering, id);
  if (byRule !== null) return byRule;
  if (isUnary(node)) return lowerUnary(lowering, id, node);
  if (isBinary(node)) return lowerBinary(lowering, id, node);
  switch (node.op) {
    case 'constant':
      return lowering.graph.constant(
        node.dtype,
        node.shape.map((_, axis) => staticSize(node.shape, axis)),
        constantBytes(node.dtype, node.data),
      );
    case 'select':
      return lowerSelect(lowering, node);
    case 'cast': {
      const x = inputOf(lowering, node, 0);
      return lowering.graph.add('Cast', [x.tensor], {
        SrcT: attribute.type(x.node.dtype),
        DstT: attribute.type(node.dtype),
      });
    }
    case 'matMul':
      return lowerMatMul(lowering, node);
    case 'reduceSum':
    case 'reduceMean':
    case 'reduceMax':
      return lowerReduce(lowering, node);
    case 'batchNorm':
    case 'batchNormInputGrad':
    case 'batchNormGammaGrad':
      return lowerBatchNorm(lowering, node);
    default: {
      const tensor = lowerWindows(lowering, node) ?? lowerLayout(lowering, node) ?? lowerClasses(lowering, node);
      if (tensor === undefined) throw new Error(`The op ${node.op} has no TensorFlow form.`);
      return tensor;
    }
  }
}
