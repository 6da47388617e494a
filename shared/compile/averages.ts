import type { OpFunction, OpNode, VariableSpec } from '../ops/graph';
import { createOpBuilder } from '../ops/createOpBuilder';
import { scalarTensor } from '../ops/tensor';
import type { FloatTensors } from '../ops/tensor';
import { warmUp } from '../ops/warmUp';

type Averaged = { readonly name: string; readonly shape: readonly number[] };

/** The variable that follows a weight. */
export function averageName(weight: string): string {
  return `${weight}/average`;
}

/** Its declaration. */
export function averageVariable({ name, shape }: Averaged): VariableSpec {
  return { name: averageName(name), shape, dtype: 'float32' };
}

/** What the average keeps of itself at `step`, counted from 1: the average of a young run would else be that of its start. */
export function averageDecay(emaDecay: number, step: number): number {
  return Math.min(emaDecay, warmUp(step));
}

/** What `average` is fed after `step`. */
export function averageInputs(emaDecay: number, step: number): FloatTensors {
  return { decay: scalarTensor(averageDecay(emaDecay, step)) };
}

/** average = decay average + (1 - decay) weight, for every weight that is averaged; run after a step, as a step reads what was before it. */
export function buildAverage(weights: readonly Averaged[]): OpFunction {
  const ops = createOpBuilder();
  const decay = ops.input('decay', []);
  const rest = ops.sub(1, decay);
  for (const { name, shape } of weights) {
    const average = ops.variable(averageName(name), shape);
    ops.assign(average, ops.add(ops.mul(decay, average), ops.mul(rest, ops.variable(name, shape))));
  }
  return ops.finish({ rest });
}

/** The same function, reading other variables in the place of some. */
export function readingInstead(source: OpFunction, others: ReadonlyMap<string, string>): OpFunction {
  if (others.size === 0) return source;
  const nodes = source.nodes.map((node): OpNode =>
    node.op === 'variable' ? { ...node, name: others.get(node.name) ?? node.name } : node,
  );
  return { ...source, nodes };
}
