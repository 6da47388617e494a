import { batchNormExpansion } from '../../shared/ops/batchNorm';
import type { Value } from '../../shared/ops/builder';
import { updateExpansion } from '../../shared/compile/optimizers';
import type { OpFunction, OpName, OpNode, OpShape } from '../../shared/ops/graph';
import { elementsPerSample } from '../../shared/ops/inference';
import { recomputing } from '../../shared/ops/recompute';
import { rewriteFunction } from '../../shared/ops/rewrite';
import type { Rewriting, RewriteRule, Rewritten } from '../../shared/ops/rewrite';
import { defineRule } from '../../shared/ops/rules';
import type { EngineId } from '../../shared/schema/training';

/** A relu with its max pool and their gradients: `y = maxPool(relu(x))`, `gradient = maxPoolGrad(relu(x), y, dy) * step(relu(x))`. */
type PooledRelu = {
  /** What the relu is taken of. */
  readonly x: number;
  readonly pool: number;
  readonly poolNode: Extract<OpNode, { op: 'maxPool' }>;
  /** The gradient that comes in. */
  readonly dy: number;
  /** The product with the step. */
  readonly gradient: number;
};

/** The group around a relu whose value goes nowhere else. */
function pooledRelu({ nodes, uses }: Pick<Rewriting, 'nodes' | 'uses'>, relu: number): PooledRelu | null {
  const node = nodes[relu];
  if (node?.op !== 'relu') return null;
  const users = uses(relu);
  const find = (op: OpName): number => users.find((id) => nodes[id]?.op === op) ?? -1;
  const [pool, poolGradient, step] = [find('maxPool'), find('maxPoolGrad'), find('step')];
  const [poolNode, gradientNode] = [nodes[pool], nodes[poolGradient]];
  const [gradient = -1] = uses(step);
  const isAlone = new Set(users).size === 3 && uses(step).length === 1 && uses(poolGradient).length === 1;
  const product = nodes[gradient];
  const isProduct = product?.op === 'mul' && product.inputs.includes(poolGradient);
  if (!isAlone || !isProduct || poolNode?.op !== 'maxPool' || gradientNode?.op !== 'maxPoolGrad') return null;
  const [ofRelu, ofPool, dy = -1] = gradientNode.inputs;
  if (ofRelu !== relu || ofPool !== pool) return null;
  return { x: node.inputs[0] ?? -1, pool, poolNode, dy, gradient };
}

function poolOfX({ x, poolNode }: PooledRelu, { ops, valueOf }: Rewriting): Value {
  return ops.maxPool(valueOf(x), poolNode);
}

/** What one of the nodes reads that is a maxPoolGrad, and the relu that this one is of. */
function reluOfPoolGradient(node: OpNode, { nodes }: Rewriting): number {
  const source = node.inputs.map((id) => nodes[id]).find((input) => input?.op === 'maxPoolGrad');
  return source?.inputs[0] ?? -1;
}

/**
 * Relu before max pool becomes relu after it, with its gradient: both orders give the same numbers, also where values are equal (a
 * window without a positive value passes no gradient either way), and after the pool there is a quarter of the values or less.
 */
export const poolBeforeRelu: readonly RewriteRule[] = [
  defineRule('pool-before-relu', ['maxPool'], (node, context: Rewriting) => {
    const group = pooledRelu(context, node.inputs[0] ?? -1);
    return group?.pool === context.id ? context.ops.unary('relu', poolOfX(group, context)) : null;
  }),
  defineRule('pool-before-relu-gradient', ['mul'], (node, context: Rewriting) => {
    const group = pooledRelu(context, reluOfPoolGradient(node, context));
    if (group?.gradient !== context.id) return null;
    const { ops, valueOf } = context;
    const product = ops.mul(valueOf(group.dy), ops.unary('step', valueOf(group.pool)));
    return ops.maxPoolGrad(valueOf(group.x), poolOfX(group, context), product, group.poolNode);
  }),
];

/** The sum over images of a max pool's gradient is the sum of what came into it, because each gradient goes to one pixel. */
export const sumBeforePoolGradient: RewriteRule = defineRule(
  'sum-before-pool-gradient',
  ['reduceSum'],
  ({ axes, keepDims }, { ops, inputs }: Rewriting) => {
    const [x] = inputs;
    if (x === undefined || keepDims || !axes.includes(1) || !axes.includes(2)) return null;
    const source = ops.nodeOf(x);
    return source.op === 'maxPoolGrad' ? ops.reduce('reduceSum', ops.valueAt(source.inputs[2] ?? -1), axes) : null;
  },
);

/** What is kept and what is computed again is planned last, on the values that the engine will really hold. */
function withRecomputing(rewritten: Rewritten): Rewritten {
  const { definition, copied } = recomputing(rewritten.definition);
  const fired = copied.length === 0 ? rewritten.fired : { ...rewritten.fired, recompute: copied.length };
  return { definition, fired };
}

/** What an op graph becomes before it is one ONNX graph. */
export function rewriteForOnnxruntime(definition: OpFunction): Rewritten {
  return withRecomputing(rewriteFunction(definition, [batchNormExpansion(), ...poolBeforeRelu, sumBeforePoolGradient]));
}

/** What an op graph becomes before it is interpreted op by op. */
export function rewriteForTfjs(definition: OpFunction): Rewritten {
  return withRecomputing(rewriteFunction(definition, [batchNormExpansion()], [updateExpansion]));
}

/**
 * From how many values a sample on TensorFlow's own kernels for batch normalisation are worth it on the CPU. They go over an image
 * twice where primitives go over it eleven times, but cost 0.1 ms each however small it is (two threads, batch of 8: 32x32x64 0.7 ms
 * against 1.6 forward and backward, 16x16x64 0.43 against 0.59, 8x8x128 0.42 against 0.16, 2x2x512 0.37 against 0.07). How large a
 * batch will be is not known here; at the default of 32 images the balance is near 8x8x128 (a sum over the kernels of 0.36 ms
 * against 1.06).
 */
const fusedNormFrom = 8192;

/** What an op graph becomes before it is a part of a TensorFlow graph: batch norms are left that TensorFlow's own kernels are for. */
export function rewriteForTensorflow(definition: OpFunction, device: 'cpu' | 'gpu'): Rewritten {
  const hasKernel = (shape: OpShape): boolean =>
    shape.length === 4 && (device === 'gpu' || elementsPerSample(shape) >= fusedNormFrom);
  return withRecomputing(rewriteFunction(definition, [batchNormExpansion(hasKernel)]));
}

/** What each engine makes of an op graph before its own format, on the CPU. */
export const engineRewrites: { readonly [Id in EngineId]: (definition: OpFunction) => Rewritten } = {
  tensorflow: (definition) => rewriteForTensorflow(definition, 'cpu'),
  onnxruntime: rewriteForOnnxruntime,
  tfjs: rewriteForTfjs,
};
