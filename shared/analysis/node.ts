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
import { explainField, explainUnion, inputField, stepField, uniteFields } from './receptiveField';
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
  // Where several wires meet in one port, neither says what comes in.
  const known = inputs.map((input) => (wiring.state === 'broken' ? null : (input?.knownShape ?? null)));
  if (!params.ok) {
    const rest = knownWithoutParams(definition, node.params, params.diagnostics, { nodeId: node.id, inputs: known });
    return { analysis: withKnown(unknown(wiring, inputs, 'failed'), rest), findings: params.diagnostics };
  }
  const without = (state: 'failed' | 'blocked'): NodeAnalysis => {
    const rest = knownOf(definition, { nodeId: node.id, params: params.value, inputs: known });
    return withKnown({ ...unknown(wiring, inputs, state), params: params.value }, rest);
  };
  if (wiring.state === 'broken') return { analysis: without('failed'), findings: [] };
  const shapes: Shape[] = [];
  for (const input of inputs) {
    if (input?.outputShape == null) return { analysis: without('blocked'), findings: [] };
    shapes.push(input.outputShape);
  }
  if (wiring.state === 'waiting') return { analysis: without('blocked'), findings: [] };
  const given = { nodeId: node.id, params: params.value, inputs: shapes, ...maximaContext(definition, inputs) };
  const output = definition.inferShape(given);
  if (!output.ok) return { analysis: without('failed'), findings: output.diagnostics };
  const context = { ...given, output: output.value };
  const oversized = checkOutput(context);
  if (oversized !== null) return { analysis: without('failed'), findings: [oversized] };
  const measured = measure(definition, context, inputs, { ...unknown(wiring, inputs, 'failed'), params: params.value });
  return measured.analysis.state === 'ok' ? measured : { ...measured, analysis: without('failed') };
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
  return Math.max(0, ...weights.map(({ shape }) => product(shape) ?? 0));
}

/** The numbers of a node whose shape came out. */
function measure(definition: AnyLayerDefinition, context: Context, inputs: Inputs, failed: NodeAnalysis): AnalyzedNode {
  const weights = definition.weights(context);
  const macs = definition.macs(context);
  const counts = countWeights(weights);
  const isOpen = weights.length === 0 && hasOpenWeights(definition, context);
  const largest = largestOf(weights);
  if (largest > maxTensorValues) {
    return { analysis: failed, findings: [tensorTooLarge(context.nodeId, 'weights', largest, maxTensorValues)] };
  }
  if (macs !== null && macs > Number.MAX_SAFE_INTEGER) {
    return { analysis: failed, findings: [costTooLarge(context.nodeId)] };
  }
  const field = fieldOf(definition, context, inputs);
  const values = product(context.output);
  const analysis: NodeAnalysis = {
    ...failed,
    state: 'ok',
    outputShape: context.output,
    knownShape: context.output,
    weights,
    paramCount: isOpen ? null : counts.all,
    trainableParams: isOpen ? null : counts.trainable,
    macs,
    activationBytes: values === null ? null : values * 4,
    receptiveField: field.after,
    explanations: [...definition.explain(context), ...field.explanations],
  };
  const findings = [...(isOpen ? [openWeights(definition, context)] : []), ...checkNode(definition, context)];
  return { analysis, findings };
}

/** A node whose inputs see differently than before and are otherwise the same. */
export function refield(before: AnalyzedNode, inputs: Inputs): AnalyzedNode {
  const { definition, params, outputShape, inputShapes, id } = before.analysis;
  const shapes = inputShapes.filter((shape) => shape !== null);
  if (definition === null || params === null || outputShape === null) return before;
  const context = { nodeId: id, params, inputs: shapes, output: outputShape, ...maximaContext(definition, inputs) };
  const field = fieldOf(definition, context, inputs);
  const kept = before.analysis.explanations.filter(({ about }) => about !== 'receptiveField');
  const explanations = [...kept, ...field.explanations];
  return { ...before, analysis: { ...before.analysis, receptiveField: field.after, explanations } };
}

function openWeights(definition: AnyLayerDefinition, context: Context): Diagnostic {
  return definition.traits.role === 'dense'
    ? fcNeedsSize(context.nodeId, formatShape(context.inputs[0] ?? []))
    : channelsUnknown(context.nodeId);
}

/** A side alone may be too long even where the other is open. */
function checkOutput(context: Context): Diagnostic | null {
  const known = context.output.filter((size) => size !== null);
  const count = known.reduce((total, size) => total * size, 1);
  if (count <= maxTensorValues) return null;
  return tensorTooLarge(context.nodeId, 'output', count, maxTensorValues);
}

function fieldOf(
  definition: AnyLayerDefinition,
  context: Context,
  inputs: Inputs,
): { readonly after: ReceptiveField | null; readonly explanations: NodeAnalysis['explanations'] } {
  if (isInput(definition)) return { after: inputField(context.output), explanations: [] };
  const step = definition.receptiveField(context);
  if (isMerge(definition)) {
    const fields = inputs.map((input) => input?.receptiveField ?? null);
    const known = fields.filter((field) => field !== null);
    const after = known.length < fields.length ? null : uniteFields(known, context.output);
    return { after, explanations: after === null ? [] : explainUnion(known, after) };
  }
  // A second port gives a size and no values, so only the first is looked through.
  const before = inputs[0]?.receptiveField ?? null;
  if (before === null) return { after: null, explanations: [] };
  const after = stepField(before, step, context.output);
  return { after, explanations: after === null ? [] : explainField(before, after, step) };
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
    explanations: [],
  };
}
