import { expect } from 'vitest';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { initialWeights } from '../../shared/compile/initialWeights';
import { compileInspection, classInput, targetOutput } from '../../shared/compile/inspection';
import { applyEdits } from '../../shared/editing/applyEdits';
import type { Exhibit } from '../../shared/learn/exhibits/exhibit';
import type { HostTensor } from '../../shared/ops/tensor';
import { elementCount } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { interpret } from './referenceInterpreter';
import { readTemplate } from './templatePrograms';
import { fromHostTensor, toHostTensor } from './tensor64';

type Asked = {
  readonly put?: { readonly [name: string]: Float32Array };
  readonly score?: number;
  /** Classes of the samples: then it goes back from the loss. */
  readonly labels?: readonly number[];
};

/** What the double precision interpreter computes for some samples, as the host would be asked for it. */
export function look(document: NetworkDocument, x: ArrayLike<number>, { put = {}, score, labels }: Asked = {}) {
  const analysis = analyzeNetwork(document);
  const training = { ...defaultTrainingConfig, task: { kind: 'classification', classCount: 10 } } as const;
  const target =
    labels === undefined
      ? score === undefined
        ? null
        : ({ of: 'score' } as const)
      : ({ of: 'loss', training } as const);
  const compiled = compileInspection(document, analysis, { mode: 'infer', nodes: analysis.order, target, seed: 1 });
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  const { program, weights, outputs, inputShape, outputShape } = compiled.value;
  const own = initialWeights(weights, 1);
  const variables = weights.map(({ name, shape }) => {
    const data = put[name] ?? own[name]!.data;
    expect(data.length).toBe(elementCount(shape));
    return [name, { dtype: 'float32', shape, data } as const] as const;
  });
  const count = x.length / elementCount(inputShape);
  const classes = outputShape.at(-1) ?? 1;
  const feeds = {
    x: { shape: [count, ...inputShape], data: Float64Array.from(x) },
    ...(labels === undefined ? {} : { y: { shape: [count], data: Float64Array.from(labels) } }),
    ...(score === undefined
      ? {}
      : {
          [classInput]: {
            shape: [classes],
            data: Float64Array.from({ length: classes }, (_, at) => Number(at === score)),
          },
        }),
  };
  const bound = variables.map(([name, tensor]) => [name, fromHostTensor(tensor)] as const);
  const found = interpret(program.functions['inspect']!, feeds, Object.fromEntries(bound)).outputs;
  const tensor = (name: string | undefined): HostTensor => toHostTensor(found[name ?? '']!, 'float32');
  return {
    analysis,
    weights: Object.fromEntries(variables),
    target: found[targetOutput]?.data[0] ?? NaN,
    value: (id: string) => tensor(outputs.values.get(id)),
    gradient: (id: string) => tensor(outputs.gradients.get(id)),
    weightGradients: Object.fromEntries([...outputs.weightGradients].map(([name, output]) => [name, tensor(output)])),
  };
}

/** Pictures that are nowhere alike. */
export function pictures(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => Math.abs(Math.sin(12.9898 * at) * 43758.5453) % 1);
}

/** The network that an exhibit brings. */
export function lessonNetwork({ template, prepare = [] }: Exhibit): NetworkDocument {
  const built = applyEdits(readTemplate(template), prepare);
  if (!built.ok) throw new Error(built.diagnostics[0]!.summary.en);
  return built.value;
}
