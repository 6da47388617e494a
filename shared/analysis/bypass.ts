import { bypassed as noteBypassed, cannotBypass } from '../diagnostics/catalog/graph';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { BypassedNode, Expansion } from '../document/expansion';
import { readParams } from '../layers/params';
import type { LayerRegistry } from '../layers/registry';
import { canBypass } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';
import { formatShape, text } from '../text';
import type { BypassedAnalysis, NodeAnalysis } from './types';

/** The bypassed nodes by id: each costs nothing, and gives what it reads. */
export function analyzeBypassed(
  { bypassed }: Expansion,
  nodes: ReadonlyMap<string, NodeAnalysis>,
  layers: LayerRegistry,
): ReadonlyMap<string, BypassedAnalysis> {
  return new Map(
    [...bypassed].map(([id, { node, source }]) => {
      const input = source === null ? undefined : nodes.get(source);
      const definition = layers.find(node.kind) ?? null;
      const params = definition === null ? null : readParams(definition, node.params, id, '');
      const shape = input?.outputShape ?? null;
      const analysis: BypassedAnalysis = {
        id,
        kind: node.kind,
        state: shape === null ? 'blocked' : 'ok',
        definition,
        params: params?.ok === true ? params.value : null,
        inputShapes: [shape],
        outputShape: shape,
        knownShape: input?.knownShape ?? null,
        weights: [],
        paramCount: 0,
        trainableParams: 0,
        macs: 0,
        activationBytes: 0,
        receptiveField: input?.receptiveField ?? null,
        basis: null,
        source,
      };
      return [id, analysis];
    }),
  );
}

/** What is to be said of the nodes that the document bypasses: a note for each, or why one cannot be. */
export function checkBypass(
  expansion: Expansion,
  analyses: ReadonlyMap<string, NodeAnalysis>,
  layers: LayerRegistry,
): readonly Diagnostic[] {
  const { bypassed, source, document } = expansion;
  const notes = [...bypassed].map(([id, entry]) => noteOf(id, entry, analyses.get(id)));
  return [
    ...notes,
    ...refusals(source, bypassed, layers),
    ...(document === source ? [] : insideBlocks(expansion, layers)),
  ];
}

/** Nodes that should be bypassed and have no one input to hand on. One that merely lacks its wire says so itself. */
function refusals(
  { nodes, edges }: NetworkDocument,
  bypassed: Expansion['bypassed'],
  layers: LayerRegistry,
): readonly Diagnostic[] {
  const refused = nodes.filter(({ id, bypass }) => bypass === true && !bypassed.has(id));
  return refused.flatMap(({ id, kind }): Diagnostic[] => {
    const wires = edges.filter(({ to }) => to === id).length;
    const definition = layers.find(kind);
    return wires < 2 && canBypass(definition) ? [] : [cannotBypass(id, definition?.label ?? text(kind, kind), wires)];
  });
}

/** The same of nodes that are in blocks. */
function insideBlocks({ document, bypassed, origins }: Expansion, layers: LayerRegistry): readonly Diagnostic[] {
  const nodes = document.nodes.filter(({ id }) => origins.get(id)?.block != null);
  return refusals({ ...document, nodes }, bypassed, layers);
}

function noteOf(id: string, { node }: BypassedNode, analysis: NodeAnalysis | undefined): Diagnostic {
  const definition = analysis?.definition;
  if (definition != null && !canBypass(definition)) return cannotBypass(node.id, definition.label, 1);
  const shape = analysis?.outputShape ?? null;
  return noteBypassed(id, shape === null ? null : formatShape(shape));
}
