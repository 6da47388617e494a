import type { FunctionBuilder, Value } from './builder';
import type { NodeOf, OpName, OpNode } from './graph';
import { batchNormGradients } from './gradients/batchNorm';
import { convolutionGradients } from './gradients/convolution';
import { binaryGradients, choiceGradients, unaryGradients } from './gradients/elementwise';
import { matMulGradients } from './gradients/matMul';
import { poolingGradients } from './gradients/pooling';
import { rearrangementGradients } from './gradients/rearrangement';
import { reductionGradients } from './gradients/reduction';
import type { GradientContext, GradientRule } from './gradients/rule';
import { softmaxGradients } from './gradients/softmax';

/** Ops through which no gradient goes: leaves and whole numbers. */
type GradientFree = 'input' | 'variable' | 'constant' | 'argMax' | 'oneHot';

/**
 * Ops that only a backward pass uses, `gather`, which only reads data, and `after`, which comes into finished steps: differentiating them
 * would be a mistake.
 */
type NotDifferentiable = 'batchNormInputGrad' | 'batchNormGammaGrad' | 'softmaxCrossEntropyGrad' | 'gather' | 'after';

const noGradient = () => [];

function refuse({ node }: { readonly node: OpNode }): never {
  throw new Error(`Autodiff: ${node.op} has no gradient.`);
}

/** One rule per op; a new op does not compile without its own. */
const rules: { readonly [Op in OpName]: GradientRule<Op> } = {
  ...unaryGradients,
  ...binaryGradients,
  ...choiceGradients,
  ...batchNormGradients,
  ...convolutionGradients,
  ...matMulGradients,
  ...poolingGradients,
  ...reductionGradients,
  ...rearrangementGradients,
  ...softmaxGradients,
  ...({
    input: noGradient,
    variable: noGradient,
    constant: noGradient,
    argMax: noGradient,
    oneHot: noGradient,
  } satisfies { [Op in GradientFree]: GradientRule<Op> }),
  ...({
    batchNormInputGrad: refuse,
    batchNormGammaGrad: refuse,
    softmaxCrossEntropyGrad: refuse,
    gather: refuse,
    after: refuse,
  } satisfies { [Op in NotDifferentiable]: GradientRule<Op> }),
};

function applyRule<Op extends OpName>(
  op: Op,
  node: NodeOf<Op>,
  context: Omit<GradientContext<Op>, 'node'>,
): readonly (Value | null)[] {
  return rules[op]({ ...context, node });
}

/**
 * Builds the backward pass: the gradient of a scalar `loss` to each of `variables` (any values of the graph), by reverse-mode
 * differentiation. Only nodes on a path from a variable to the loss are visited, so nothing is built towards the input image.
 * Null where the loss does not depend on a variable.
 */
export function differentiate(
  ops: FunctionBuilder,
  loss: Value,
  variables: readonly Value[],
): readonly (Value | null)[] {
  if (loss.shape.length !== 0) throw new Error('Autodiff: the loss must be a scalar.');
  const needed = nodesReaching(ops, loss, new Set(variables.map((variable) => variable.id)));
  const gradients = new Map<number, Value>([[loss.id, ops.constant([1], [])]]);
  for (let id = loss.id; id >= 0; id--) {
    const dy = gradients.get(id);
    if (dy === undefined || !needed.has(id)) continue;
    const output = ops.valueAt(id);
    const node = ops.nodeOf(output);
    const inputs = node.inputs.map((input) => ops.valueAt(input));
    const needs = (index: number) => needed.has(node.inputs[index] ?? -1);
    const gradientsOfInputs = applyRule(node.op, node, { ops, inputs, output, dy, needs });
    gradientsOfInputs.forEach((gradient, index) => {
      const input = node.inputs[index];
      if (gradient === null || input === undefined || !needed.has(input)) return;
      const others = gradients.get(input);
      gradients.set(input, others === undefined ? gradient : ops.add(others, gradient));
    });
  }
  return variables.map((variable) => gradients.get(variable.id) ?? null);
}

/** Ids of the nodes up to the loss that depend on one of `sources`, themselves included. */
function nodesReaching(ops: FunctionBuilder, loss: Value, sources: ReadonlySet<number>): ReadonlySet<number> {
  const reaching = new Set<number>();
  for (let id = 0; id <= loss.id; id++) {
    const { inputs } = ops.nodeOf(ops.valueAt(id));
    if (sources.has(id) || inputs.some((input) => reaching.has(input))) reaching.add(id);
  }
  return reaching;
}
