import { channelsUnknown, costTooLarge, fcNeedsSize, tensorTooLarge } from '../diagnostics/catalog/analysis';
import { unknownKind } from '../diagnostics/catalog/params';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { versionOfKind } from '../document/version';
import { product } from '../layers/arithmetic';
import type { AnyLayerDefinition, Shape } from '../layers/define';
import { guessLayer } from '../layers/names';
import { readParams } from '../layers/params';
import type { LayerRegistry } from '../layers/registry';
import { isInput, isMerge } from '../layers/traits';
import { formatShape } from '../text';
import { maximaContext } from './maxima';
import { inputField, stepField, uniteFields } from './receptiveField';
import { countWeights, hasOpenWeights, knownOf, knownWithoutParams, type Known } from './known';
import { checkNode } from './rules/node';
import type { NodeAnalysis, ReceptiveField } from './types';
import type { NodeWiring } from './wiring';

/** Most values that one tensor may hold: engines count them in 32-bit integers. */
export const maxTensorValues = 2 ** 31 - 1;

/** A node's numbers, and what is wrong with the node itself. */
export type AnalyzedNode = { readonly analysis: NodeAnalysis; readonly findings: readonly Diagnostic[] };

type Inputs = readonly (NodeAnalysis | null)[];
type Context = Parameters<AnyLayerDefinition['explain']>[0];

/** Analyses one node from what its inputs gave. Its wires are judged already; `wiring.state` says how. */
export function analyzeNode(wiring: NodeWiring, inputs: Inputs, layers: LayerRegistry): AnalyzedNode {
  const { node, definition } = wiring;
  if (wiring.state === 'opaque') return { analysis: unknown(wiring, inputs, 'failed'), findings: [] };
  if (definition === null) {
    // In version 2 no such node comes here: what cannot be expanded is opaque.
    const since = versionOfKind(node.kind);
    const nearest = since === null ? (guessLayer(node.kind, layers)?.definition.kind ?? null) : null;
    const finding = unknownKind(node.id, node.kind, `${wiring.path}.kind`, nearest, since);
    return { analysis: unknown(wiring, inputs, 'failed'), findings: [finding] };
  }
  const params = readParams(definition, node.params, node.id, `${wiring.path}.params`);
  if (!params.ok) {
    const given = { nodeId: node.id, inputs: knownInputs(wiring, inputs) };
    const rest = knownWithoutParams(definition, node.params, params.diagnostics, given);
    return { analysis: withKnown(unknown(wiring, inputs, 'failed'), rest), findings: params.diagnostics };
  }
  const without = (state: 'failed' | 'blocked', findings: readonly Diagnostic[]): AnalyzedNode => {
    const given = { nodeId: node.id, params: params.value, inputs: knownInputs(wiring, inputs) };
    const analysis = { ...unknown(wiring, inputs, state), params: params.value };
    return { analysis: withKnown(analysis, knownOf(definition, given)), findings };
  };
  if (wiring.state === 'broken') return without('failed', []);
  const shapes: Shape[] = [];
  for (const input of inputs) {
    if (input?.outputShape == null) return without('blocked', []);
    shapes.push(input.outputShape);
  }
  if (wiring.state === 'waiting') return without('blocked', []);
  const maxima = maximaContext(definition, inputs);
  const output = definition.inferShape({ nodeId: node.id, params: params.value, inputs: shapes, ...maxima });
  if (!output.ok) return without('failed', output.diagnostics);
  const context = { nodeId: node.id, params: params.value, inputs: shapes, output: output.value, ...maxima };
  const oversized = checkOutput(context);
  if (oversized !== null) return without('failed', [oversized]);
  const measured = measure(definition, context, inputs, wiring);
  return 'refused' in measured ? without('failed', [measured.refused]) : measured;
}

/** What is known of each input. Where several wires meet in one port, neither says what comes in. */
function knownInputs({ state }: NodeWiring, inputs: Inputs): readonly (Shape | null)[] {
  return inputs.map((input) => (state === 'broken' ? null : (input?.knownShape ?? null)));
}

/** A node that does not compute, with what is certain all the same. */
function withKnown(analysis: NodeAnalysis, { shape, weights }: Known): NodeAnalysis {
  const counts = weights === null || largestOf(weights) > maxTensorValues ? null : countWeights(weights);
  return {
    ...analysis,
    knownShape: shape,
    paramCount: counts?.all ?? null,
    trainableParams: counts?.trainable ?? null,
  };
}

function largestOf(weights: NodeAnalysis['weights']): number {
  let largest = 0;
  for (const { shape } of weights) largest = Math.max(largest, product(shape) ?? 0);
  return largest;
}

/** The numbers of a node whose shape came out. */
function measure(
  definition: AnyLayerDefinition,
  context: Context,
  inputs: Inputs,
  { node }: NodeWiring,
): AnalyzedNode | { readonly refused: Diagnostic } {
  const weights = definition.weights(context);
  const macs = definition.macs(context);
  const counts = countWeights(weights);
  const isOpen = weights.length === 0 && hasOpenWeights(definition, context);
  const largest = largestOf(weights);
  if (largest > maxTensorValues) {
    return { refused: tensorTooLarge(context.nodeId, 'weights', largest, maxTensorValues) };
  }
  if (macs !== null && macs > Number.MAX_SAFE_INTEGER) {
    return { refused: costTooLarge(context.nodeId) };
  }
  const fields = fieldsOf(inputs);
  const values = product(context.output);
  const analysis: NodeAnalysis = {
    id: node.id,
    kind: node.kind,
    state: 'ok',
    definition,
    params: context.params,
    inputShapes: context.inputs,
    outputShape: context.output,
    knownShape: context.output,
    weights,
    paramCount: isOpen ? null : counts.all,
    trainableParams: isOpen ? null : counts.trainable,
    macs,
    activationBytes: values === null ? null : values * 4,
    receptiveField: fieldOf(definition, context, fields),
    basis: { context, fields },
  };
  const findings = checkNode(definition, context);
  return { analysis, findings: isOpen ? [openWeights(definition, context), ...findings] : findings };
}

/** A node whose inputs see differently than before and are otherwise the same. */
export function refield(before: AnalyzedNode, inputs: Inputs): AnalyzedNode {
  const { definition, basis } = before.analysis;
  if (definition === null || basis === null) return before;
  const { context } = basis;
  const fields = fieldsOf(inputs);
  const receptiveField = fieldOf(definition, context, fields);
  return { ...before, analysis: { ...before.analysis, receptiveField, basis: { context, fields } } };
}

function openWeights(definition: AnyLayerDefinition, context: Context): Diagnostic {
  return definition.traits.role === 'dense'
    ? fcNeedsSize(context.nodeId, formatShape(context.inputs[0] ?? []))
    : channelsUnknown(context.nodeId);
}

/** A side alone may be too long even where the other is open. */
function checkOutput(context: Context): Diagnostic | null {
  let count = 1;
  for (const size of context.output) count *= size ?? 1;
  if (count <= maxTensorValues) return null;
  return tensorTooLarge(context.nodeId, 'output', count, maxTensorValues);
}

function fieldsOf(inputs: Inputs): readonly (ReceptiveField | null)[] {
  return inputs.map((input) => input?.receptiveField ?? null);
}

function fieldOf(
  definition: AnyLayerDefinition,
  context: Context,
  fields: readonly (ReceptiveField | null)[],
): ReceptiveField | null {
  if (isInput(definition)) return inputField(context.output);
  if (isMerge(definition)) {
    const known = fields.filter((field) => field !== null);
    return known.length < fields.length ? null : uniteFields(known, context.output);
  }
  // A second port gives a size and no values, so only the first is looked through.
  const [before = null] = fields;
  return before === null ? null : stepField(before, definition.receptiveField(context), context.output);
}

/** A node of which only its place is known. */
function unknown({ node, definition }: NodeWiring, inputs: Inputs, state: 'failed' | 'blocked'): NodeAnalysis {
  return {
    id: node.id,
    kind: node.kind,
    state,
    definition,
    params: null,
    inputShapes: inputs.map((input) => input?.outputShape ?? null),
    outputShape: null,
    knownShape: null,
    weights: [],
    paramCount: null,
    trainableParams: null,
    macs: null,
    activationBytes: null,
    receptiveField: null,
    basis: null,
  };
}
