import { maximaContext } from '../analysis/maxima';
import { ownerOf, usedWeights } from '../analysis/sharedWeights';
import { takesMaxima } from '../layers/traits';
import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import type { NetworkDocument, NetworkEdge } from '../schema/document';
import type { LayerContext, ParamFields, ParamValues, Shape, ShapedContext, WeightValues } from '../layers/define';
import type { FunctionBuilder, Value } from '../ops/builder';
import { consumersOf, settleInitializer } from './startingLaw';
import type { SettledInitializer } from './startingLaw';

/** A weight of a network. `name` is `nodeId/weight`, as in `c1/kernel`; it is also the variable's name. */
export type NamedWeight = {
  readonly name: string;
  readonly nodeId: string;
  readonly shape: readonly number[];
  readonly initializer: SettledInitializer;
  readonly trainable: boolean;
};

/** The variable of a layer's weight. */
export function weightName(nodeId: string, weight: string): string {
  return `${nodeId}/${weight}`;
}

/** A node's sources in port order; an optional port that nothing feeds is left out. */
export function sourcesOf(document: NetworkDocument, nodeId: string): readonly string[] {
  let sources = sourceTables.get(document);
  if (sources === undefined) {
    sources = tableOfSources(document);
    sourceTables.set(document, sources);
  }
  return sources.get(nodeId) ?? [];
}

/** Asked once per node, so that looking through all wires each time would cost the square of a network's size. */
const sourceTables = new WeakMap<NetworkDocument, ReadonlyMap<string, readonly string[]>>();

function tableOfSources(document: NetworkDocument): ReadonlyMap<string, readonly string[]> {
  const incoming = new Map<string, NetworkEdge[]>();
  for (const edge of document.edges) {
    const list = incoming.get(edge.to);
    if (list === undefined) incoming.set(edge.to, [edge]);
    else list.push(edge);
  }
  return new Map(
    [...incoming].map(([id, edges]) => [
      id,
      edges.toSorted((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0)).map(({ from }) => from),
    ]),
  );
}

/** The nodes that `targets` depend on, themselves included, in topological order. */
export function ancestorsOf(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  targets: readonly string[],
): readonly string[] {
  const found = new Set(targets);
  for (const id of analysis.order.toReversed())
    if (found.has(id)) sourcesOf(document, id).forEach((source) => found.add(source));
  return analysis.order.filter((id) => found.has(id));
}

export type LoweredNetwork = {
  /** Every lowered node's output, by node id. */
  readonly values: ReadonlyMap<string, Value>;
  readonly weights: readonly NamedWeight[];
  /** The weights' variables, in the order of `weights`. */
  readonly variables: readonly Value[];
};

/** What is lowered, and on what. */
export type LoweringPlan = {
  readonly order: readonly string[];
  readonly inputs: ReadonlyMap<string, Value>;
  /** Where weights are not variables of the program: the values that stand for them. */
  readonly weightValue?: (name: string, shape: readonly number[]) => Value;
};

/**
 * Writes a network as primitive ops: input nodes are taken from `inputs`, every other node in `order` is lowered by its layer
 * definition. The network must be without errors and without unknown sizes.
 */
export function lowerNetwork(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  ops: FunctionBuilder,
  mode: 'train' | 'infer',
  { order, inputs, weightValue }: LoweringPlan,
): LoweredNetwork {
  const values = new Map<string, Value>(inputs);
  const weights: NamedWeight[] = [];
  const variables: Value[] = [];
  const byName = new Map<string, Value>();
  const consumers = consumersOf(document);
  for (const id of order) {
    if (values.has(id)) continue;
    const sources = sourcesOf(document, id);
    const { node, definition, context } = readyNode(analysis, id, sources);
    const owner = ownerOf(node);
    const own: { [name: string]: Value } = {};
    for (const weight of usedWeights(node)) {
      const name = weightName(owner, weight.name);
      const known = byName.get(name);
      const variable = known ?? weightValue?.(name, weight.shape) ?? ops.variable(name, weight.shape);
      own[weight.name] = variable;
      // A weight that several layers use is one variable, wherever its owner stands.
      if (known !== undefined) continue;
      byName.set(name, variable);
      const initializer = settleInitializer(weight.initializer, owner, analysis, consumers);
      weights.push({ name, nodeId: owner, shape: weight.shape, initializer, trainable: weight.trainable });
      variables.push(variable);
    }
    const wired = sources.map((source, port) => {
      const [behind = source] = takesMaxima(definition, port) ? sourcesOf(document, source) : [];
      return valueOf(values, behind);
    });
    const output = definition.lower(context, ops, wired, own satisfies WeightValues, mode);
    checkShape(id, context.output, output);
    values.set(id, output);
  }
  return { values, weights, variables };
}

function valueOf(values: ReadonlyMap<string, Value>, id: string): Value {
  const value = values.get(id);
  if (value === undefined) throw new Error(`Lowering: node "${id}" is used before it is lowered.`);
  return value;
}

function readyNode(analysis: NetworkAnalysis, id: string, sources: readonly string[]) {
  const node: NodeAnalysis | undefined = analysis.nodes.get(id);
  if (node?.definition == null || node.params === null || node.outputShape === null) {
    throw new Error(`Lowering: node "${id}" has errors.`);
  }
  const { definition, outputShape } = node;
  const inputs = node.inputShapes.filter((shape) => shape !== null) satisfies LayerContext<unknown>['inputs'];
  // The analyser validated them against the definition's own schema; a list of all kinds has forgotten the types.
  const params = node.params;
  const maxima = maximaContext(
    definition,
    sources.map((source) => analysis.nodes.get(source) ?? null),
  );
  const context: ShapedContext<ParamValues<ParamFields>> = {
    nodeId: id,
    params,
    inputs,
    output: outputShape,
    ...maxima,
  };
  return { node, definition, context };
}

/** A layer whose lowering and shape rule disagree is a defect that must not reach a run. */
function checkShape(id: string, expected: Shape, { shape }: Value): void {
  const known = expected.every((size, axis) => size === null || size === shape[axis + 1]);
  if (shape[0] !== 'batch' || shape.length !== expected.length + 1 || !known) {
    throw new Error(
      `Lowering: node "${id}" lowers to [${shape.join(', ')}], and its shape rule says [${expected.join(', ')}].`,
    );
  }
}
