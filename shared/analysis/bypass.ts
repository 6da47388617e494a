import { bypassed as noteBypassed, cannotBypass } from '../diagnostics/catalog/graph';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { BypassedNode, Expansion } from '../document/expansion';
import { readParams } from '../layers/params';
import type { LayerRegistry } from '../layers/registry';
import { canBypass } from '../layers/traits';
import { formatShape } from '../text';
import type { BypassedAnalysis, NodeAnalysis } from './types';
import type { Wiring } from './wiring';

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
        explanations: [],
        source,
      };
      return [id, analysis];
    }),
  );
}

/** What is to be said of the nodes that the document bypasses: a note for each, or why one cannot be. */
export function checkBypass(
  { bypassed, document }: Expansion,
  analyses: ReadonlyMap<string, NodeAnalysis>,
  wiring: Wiring,
): readonly Diagnostic[] {
  const notes = [...bypassed].map(([id, entry]) => noteOf(id, entry, analyses.get(id)));
  const refused = document.nodes.flatMap(({ id, bypass }): Diagnostic[] => {
    const wired = bypass === true ? wiring.nodes.get(id) : undefined;
    if (wired?.definition == null) return [];
    const wires = wired.sources.filter((source) => source !== null).length;
    // One that merely lacks its wire says so itself.
    return wires < 2 && canBypass(wired.definition) ? [] : [cannotBypass(id, wired.definition.label, wires)];
  });
  return [...notes, ...refused];
}

function noteOf(id: string, { node }: BypassedNode, analysis: NodeAnalysis | undefined): Diagnostic {
  const definition = analysis?.definition;
  if (definition != null && !canBypass(definition)) return cannotBypass(node.id, definition.label, 1);
  const shape = analysis?.outputShape ?? null;
  return noteBypassed(id, shape === null ? null : formatShape(shape));
}
