import type { TrainingConfig } from '../schema/training';
import type { FunctionBuilder, Value } from '../ops/builder';

/** A weight with the gradient that it follows. */
export type FollowedWeight = { readonly name: string; readonly gradient: Value };

/** What is done to gradients before an optimizer sees them; what is absent is off. */
export type GradientConfig = Partial<Pick<TrainingConfig, 'weightDecay' | 'l1' | 'clipNorm' | 'clipValue'>> &
  Pick<TrainingConfig, 'optimizer'>;

/** As in PyTorch's clip_grad_norm_: a norm of zero divides nothing. */
const normEpsilon = 1e-6;

/** A size of a weight's gradient. */
export function knownSize(size: number | 'batch'): number {
  if (size === 'batch') throw new Error('Op graph: a gradient of a variable has no batch.');
  return size;
}

/**
 * The gradients as the optimizer follows them, in PyTorch's order: L1 belongs to what is differentiated; each number, then the norm of
 * all together, is limited; weight decay comes last, as the optimizer's own. AdamW has it beside the moments, and not here.
 */
export function shapeGradients(
  ops: FunctionBuilder,
  { optimizer, weightDecay = 0, l1 = 0, clipNorm = 0, clipValue = 0 }: GradientConfig,
  followed: readonly FollowedWeight[],
): readonly FollowedWeight[] {
  const weightOf = ({ name, gradient }: FollowedWeight): Value => ops.variable(name, gradient.shape.map(knownSize));
  type Change = (weight: FollowedWeight) => Value;
  const change = (isOn: boolean, all: readonly FollowedWeight[], by: Change): readonly FollowedWeight[] =>
    isOn ? all.map((weight) => ({ name: weight.name, gradient: by(weight) })) : all;
  const penalised = change(l1 !== 0, followed, (weight) =>
    ops.add(weight.gradient, ops.mul(l1, ops.unary('sign', weightOf(weight)))),
  );
  const limited = change(clipValue !== 0, penalised, ({ gradient }) =>
    ops.binary('minimum', ops.binary('maximum', gradient, -clipValue), clipValue),
  );
  const scale = clipNorm === 0 || limited.length === 0 ? null : normScale(ops, clipNorm, limited);
  const scaled = scale === null ? limited : change(true, limited, ({ gradient }) => ops.mul(gradient, scale));
  return change(weightDecay !== 0 && optimizer !== 'adamW', scaled, (weight) =>
    ops.add(weight.gradient, ops.mul(weightDecay, weightOf(weight))),
  );
}

/** What brings the norm of all gradients down to the limit; 1 where it is below. */
function normScale(ops: FunctionBuilder, limit: number, followed: readonly FollowedWeight[]): Value {
  const squares = followed.map(({ gradient }) => {
    const squared = ops.unary('square', gradient);
    return squared.shape.length === 0 ? squared : ops.reduce('reduceSum', squared, [...squared.shape.keys()]);
  });
  const total = squares.reduce((sum, each) => ops.add(sum, each));
  return ops.binary('minimum', ops.div(limit, ops.add(ops.unary('sqrt', total), normEpsilon)), 1);
}
