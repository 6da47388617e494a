import type { FunctionBuilder, Value } from '../../../shared/ops/builder';
import { createOpBuilder } from '../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../shared/ops/differentiate';
import type { DType, OpShape, Program } from '../../../shared/ops/graph';
import { createRandom } from '../../../shared/ops/random';
import { sizeOf } from '../tensor64';
import type { Tensor64 } from '../tensor64';

/** How the numbers of a case's argument are drawn. `ties`: small whole numbers, many of them equal. */
export type Draw = 'normal' | 'positive' | 'awayFromZero' | 'distinct' | 'ties' | 'large' | { readonly below: number };

/** One argument of a case: fed at every run with the batch on axis 0, or a variable of the program. */
export type CaseArgument = {
  readonly fed: boolean;
  /** Without the batch, where it is fed. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly draw: Draw;
};

/** A small function of one op (or few), which every engine must compute as the reference interpreter does. */
export type OpCase = {
  readonly name: string;
  readonly arguments: readonly CaseArgument[];
  build(ops: FunctionBuilder, values: readonly Value[]): Value;
  /** False where the op has no gradient or the numbers lie on its kinks. */
  readonly differentiable: boolean;
};

/** An argument that is fed: `[batch, ...shape]`. */
export function fed(shape: readonly number[], draw: Draw = 'normal', dtype: DType = 'float32'): CaseArgument {
  return { fed: true, shape, dtype, draw };
}

/** An argument that is a variable of the program. */
export function held(shape: readonly number[], draw: Draw = 'normal', dtype: DType = 'float32'): CaseArgument {
  return { fed: false, shape, dtype, draw };
}

/** A case in which values can be differentiated; `build` gets one value per argument. */
export function opCase(
  name: string,
  caseArguments: readonly CaseArgument[],
  build: (ops: FunctionBuilder, ...values: Value[]) => Value,
  differentiable = true,
): OpCase {
  return { name, arguments: caseArguments, build: (ops, values) => build(ops, ...values), differentiable };
}

export function argumentName(index: number): string {
  return `argument${index}`;
}

function declare(ops: FunctionBuilder, { arguments: all }: OpCase): readonly Value[] {
  return all.map(({ fed: isFed, shape, dtype }, index) => {
    const whole: OpShape = ['batch', ...shape];
    return isFed ? ops.input(argumentName(index), whole, dtype) : ops.variable(argumentName(index), shape, dtype);
  });
}

/** The places of the arguments that have a gradient. */
export function differentiableArguments({ arguments: all }: OpCase): readonly number[] {
  return all.flatMap(({ dtype }, index) => (dtype === 'float32' ? [index] : []));
}

/**
 * The case as a program: `forward` gives `y`; `gradients` takes `dy` as well and gives d(sum of y * dy) to each float argument,
 * named as the argument, and the sum itself as `loss`.
 */
export function caseProgram(opCaseToBuild: OpCase): Program {
  const forward = createOpBuilder();
  const y = opCaseToBuild.build(forward, declare(forward, opCaseToBuild));
  const variables = opCaseToBuild.arguments.flatMap(({ fed: isFed, shape, dtype }, index) =>
    isFed ? [] : [{ name: argumentName(index), shape, dtype }],
  );
  const functions = { forward: forward.finish({ y }) };
  if (!opCaseToBuild.differentiable) return { variables, functions };
  return { variables, functions: { ...functions, gradients: gradientFunction(opCaseToBuild) } };
}

function gradientFunction(opCaseToBuild: OpCase) {
  const ops = createOpBuilder();
  const values = declare(ops, opCaseToBuild);
  const y = opCaseToBuild.build(ops, values);
  const weighted = ops.mul(y, ops.input('dy', y.shape));
  const loss = ops.reduce('reduceSum', weighted, [...y.shape.keys()]);
  const places = differentiableArguments(opCaseToBuild);
  const gradients = differentiate(
    ops,
    loss,
    places.map((place) => values[place]!),
  );
  const outputs = places.flatMap((place, index): [string, Value][] => {
    const gradient = gradients[index] ?? null;
    return gradient === null ? [] : [[argumentName(place), gradient]];
  });
  return ops.finish({ loss, ...Object.fromEntries(outputs) });
}

/** The numbers of a case's arguments, fed ones with `batch` samples. The same seed gives the same numbers. */
export function caseValues({ arguments: all }: OpCase, batch: number, seed: number): readonly Tensor64[] {
  return all.map(({ fed: isFed, shape, draw }, index) =>
    drawTensor(isFed ? [batch, ...shape] : shape, draw, seed + index),
  );
}

/** Random numbers of a shape. */
export function drawTensor(shape: readonly number[], draw: Draw, seed: number): Tensor64 {
  const random = createRandom(seed);
  const count = sizeOf(shape);
  const shuffled = shuffledPlaces(count, seed);
  const next = (_: unknown, place: number): number => {
    if (typeof draw === 'object') return Math.floor(random.uniform() * draw.below);
    switch (draw) {
      case 'normal':
        return random.normal();
      case 'positive':
        return 0.5 + 2 * random.uniform();
      case 'awayFromZero':
        return (random.uniform() < 0.5 ? -1 : 1) * (0.2 + 2 * random.uniform());
      case 'distinct':
        return (shuffled[place]! - count / 2) * 0.1 + 0.03;
      case 'ties':
        return Math.floor(random.uniform() * 4) - 2;
      case 'large':
        return 40 * random.normal();
    }
  };
  // Rounded to float32, so that engine and reference start from the same numbers.
  return { shape, data: Float64Array.from(Float32Array.from({ length: count }, next)) };
}

function shuffledPlaces(count: number, seed: number): readonly number[] {
  const random = createRandom(seed ^ 0x5f5f);
  return Array.from({ length: count }, (_, place) => ({ place, key: random.uniform() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ place }) => place);
}
