import { usedWeights } from '../analysis/sharedWeights';
import type { NetworkAnalysis } from '../analysis/types';
import { success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { takesMaxima } from '../layers/traits';
import type { FunctionBuilder, Value } from '../ops/builder';
import { createOpBuilder } from '../ops/createOpBuilder';
import { differentiate } from '../ops/differentiate';
import type { OpFunction, Program, VariableSpec } from '../ops/graph';
import { createRandom } from '../ops/random';
import { elementCount } from '../ops/tensor';
import type { FloatTensor, FloatTensors } from '../ops/tensor';
import { scalarTensor } from '../ops/tensor';
import { warmUp, warmUpInput } from '../ops/warmUp';
import type { NetworkDocument } from '../schema/document';
import { knownShapeOf, planTraining, weightVariable } from './compile';
import type { TrainingOptions, TrainingPlan } from './compile';
import { lowerNetwork, sourcesOf } from './lowering';
import type { NamedWeight } from './lowering';
import { addOptimizerUpdates, optimizerSlots, optimizerStepInputs } from './optimizers';
import { randomInputs } from './randomInputs';

/**
 * What a training step does for one layer, alone: forward, backward, and the update of its weights. `step` computes it, on inputs and on a
 * gradient that are fed; `idle` takes the same feeds and computes nothing, so that the difference of their times is the layer's.
 */
export type LayerStep = {
  /** The nodes that compute this, each once a step: layers of one kind with equal params at equal sizes are equally fast. */
  readonly nodes: readonly string[];
  readonly program: Program;
  readonly weights: readonly NamedWeight[];
  readonly slots: readonly VariableSpec[];
  /** What `step` and `idle` are fed: as large as in training, and random. */
  readonly feeds: (batchSize: number) => { readonly step: FloatTensors; readonly idle: FloatTensors };
};

/** Compiles the part of every layer in a training step, equal layers as one, in the order in which values flow. */
export function compileLayerSteps(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  options: TrainingOptions,
): Result<readonly LayerStep[]> {
  const planned = planTraining(document, analysis, options);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const learning = learningNodes(plan);
  const alike = new Map<string, string[]>();
  for (const id of plan.order) {
    if (id === plan.inputNode || sourcesOf(plan.document, id).length === 0) continue;
    const key = keyOf(plan, id, learning);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [id]);
    else known.push(id);
  }
  return success([...alike.values()].map((nodes) => layerStep(plan, nodes, learning)));
}

/** The nodes that a gradient goes back to: those with weights that are trained, and all behind them. */
function learningNodes({ document, analysis, order }: TrainingPlan): ReadonlySet<string> {
  const learning = new Set<string>();
  for (const id of order) {
    const node = analysis.nodes.get(id);
    const isTrained = node !== undefined && usedWeights(node).some(({ trainable }) => trainable);
    if (isTrained || sourcesOf(document, id).some((source) => learning.has(source))) learning.add(id);
  }
  return learning;
}

/** The nodes whose values a layer computes with: its sources, or what stands before the pool whose places it takes. */
function readBy({ document, analysis }: TrainingPlan, id: string): readonly string[] {
  const definition = analysis.nodes.get(id)?.definition ?? null;
  return sourcesOf(document, id).map((source, port) =>
    takesMaxima(definition, port) ? (sourcesOf(document, source)[0] ?? source) : source,
  );
}

/** Equal for layers that compute the same on other values. */
function keyOf(plan: TrainingPlan, id: string, learning: ReadonlySet<string>): string {
  const read = readBy(plan, id);
  const node = plan.analysis.nodes.get(id);
  return JSON.stringify([
    node?.kind,
    node?.params,
    (node === undefined ? [] : usedWeights(node)).map(({ trainable }) => trainable),
    read.map((source) => [knownShapeOf(plan.analysis, source), learning.has(source), read.indexOf(source)]),
    // A pool on the way decides where values go back to.
    sourcesOf(plan.document, id).map(
      (source, port) => read[port] !== source && plan.analysis.nodes.get(source)?.params,
    ),
  ]);
}

function layerStep(plan: TrainingPlan, nodes: readonly string[], learning: ReadonlySet<string>): LayerStep {
  const [id = ''] = nodes;
  const { step, weights } = buildStep(plan, id, learning);
  const { options } = plan;
  const slots = optimizerSlots(
    options.optimizer,
    weights.filter(({ trainable }) => trainable),
  );
  const idle = buildIdle(step);
  return {
    nodes,
    program: { variables: [...weights.map(weightVariable), ...slots], functions: { step, idle } },
    weights,
    slots,
    feeds: (batchSize) => {
      const all = {
        ...randomValues(step, batchSize),
        ...randomInputs(step, options.seed, 1, batchSize),
        ...optimizerStepInputs(options, 1),
        [warmUpInput]: scalarTensor(warmUp(1)),
      };
      return { step: fedTo(step, all), idle: fedTo(idle, all) };
    },
  };
}

function buildStep(
  plan: TrainingPlan,
  id: string,
  learning: ReadonlySet<string>,
): { readonly step: OpFunction; readonly weights: readonly NamedWeight[] } {
  const ops = createOpBuilder();
  const read = [...new Set(readBy(plan, id))];
  const inputs = new Map(
    read.map((source, place) => [source, ops.input(`x${place}`, ['batch', ...knownShapeOf(plan.analysis, source)])]),
  );
  const { values, weights, variables } = lowerNetwork(plan.document, plan.analysis, ops, 'train', {
    order: [id],
    inputs,
  });
  const y = values.get(id);
  if (y === undefined) throw new Error(`Compile: node "${id}" was not lowered.`);
  const outputs = new Map<string, Value>([['y', oneOfEach(ops, y)]]);
  if (learning.has(id)) {
    const dy = ops.input('dy', y.shape);
    const loss = ops.reduce('reduceSum', ops.mul(y, dy), [...y.shape.keys()]);
    const trained = weights.filter(({ trainable }) => trainable);
    const back = [...inputs].flatMap(([source, value]) => (learning.has(source) ? [value] : []));
    const gradients = differentiate(ops, loss, [
      ...variables.filter((_, index) => weights[index]?.trainable === true),
      ...back,
    ]);
    if (trained.length > 0) addOptimizerUpdates(ops, plan.options, trained, gradients.slice(0, trained.length));
    gradients.slice(trained.length).forEach((gradient, place) => {
      if (gradient !== null) outputs.set(`dx${place}`, oneOfEach(ops, gradient));
    });
  }
  return { step: ops.finish(Object.fromEntries(outputs)), weights };
}

/** One number of each sample: enough to have the whole computed, and too little to cost anything on its way back. */
function oneOfEach(ops: FunctionBuilder, value: Value): Value {
  const begin = value.shape.map(() => 0);
  return ops.slice(
    value,
    begin,
    value.shape.map((_, axis) => (axis === 0 ? -1 : 1)),
  );
}

/** Takes the values that `step` takes, and looks at one number of each sample. */
function buildIdle({ inputs }: OpFunction): OpFunction {
  const ops = createOpBuilder();
  const seen = inputs
    .filter(({ shape }) => shape[0] === 'batch')
    .map(({ name, shape, dtype }) => [name, oneOfEach(ops, ops.input(name, shape, dtype))] as const);
  return ops.finish(Object.fromEntries(seen));
}

/** Small numbers of both signs for all that has a batch. */
function randomValues({ inputs }: OpFunction, batchSize: number): FloatTensors {
  const random = createRandom(1);
  return Object.fromEntries(
    inputs.flatMap(({ name, shape }): (readonly [string, FloatTensor])[] => {
      if (shape[0] !== 'batch') return [];
      const whole = shape.map((size) => (size === 'batch' ? batchSize : size));
      const data = Float32Array.from({ length: elementCount(whole) }, () => random.uniform() - 0.5);
      return [[name, { dtype: 'float32', shape: whole, data }]];
    }),
  );
}

function fedTo({ inputs }: OpFunction, all: FloatTensors): FloatTensors {
  return Object.fromEntries(
    inputs.flatMap(({ name }): (readonly [string, FloatTensor])[] => {
      const tensor = all[name];
      return tensor === undefined ? [] : [[name, tensor]];
    }),
  );
}
