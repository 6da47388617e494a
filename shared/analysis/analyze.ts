import { emptyNetwork } from '../diagnostics/catalog/graph';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { expand } from '../document/expand';
import { bySeverity } from '../schema/severities';
import type { Expansion } from '../document/expansion';
import type { NetworkDocument, NetworkEdge } from '../schema/document';
import { builtInLayers } from '../layers';
import type { Shape } from '../layers/define';
import type { LayerRegistry } from '../layers/registry';
import { takesMaxima } from '../layers/traits';
import { summarizeAlike } from './alike';
import { groupCopies, summarizeBlocks } from './blocks';
import { analyzeBypassed, checkBypass } from './bypass';
import type { FixContext } from './fixes/context';
import { withFixes } from './fixes/index';
import { analyzeNode, refield, type AnalyzedNode } from './node';
import { checkDesign } from './rules/design';
import { withTrail } from './teach';
import type { NetworkAnalysis, NetworkTotals, NodeAnalysis, ReceptiveField } from './types';
import { shareWeights, type Sharing } from './sharedWeights';
import { readWiring, type NodeWiring, type Wiring } from './wiring';

/** What an analysis keeps to itself so that the next one need not begin anew. */
type Memory = {
  readonly expansion: Expansion;
  readonly wiring: Wiring;
  readonly measured: Measured;
  readonly sharing: Sharing['made'];
  /** The totals of the last network without errors, of which this one may be the first edit; null where there was none. */
  readonly lastValid: NetworkTotals | null;
};

/** Every node by itself, as if its weights were its own; of those with findings, what these are. */
type Measured = {
  readonly nodes: ReadonlyMap<string, NodeAnalysis>;
  readonly findings: ReadonlyMap<string, readonly Diagnostic[]>;
};

const memories = new WeakMap<NetworkAnalysis, Memory>();

/**
 * Everything that can be said about a network without running it. Total: any document has an analysis, whatever is wrong with it;
 * it never throws. With `previous`, nodes that an edit cannot have touched keep their very analysis, so that an edit costs what it
 * touches and views can tell by `===`. `layers` are the kinds it knows: those of `previous`, or the built-in ones.
 */
export function analyzeNetwork(
  document: NetworkDocument,
  previous?: NetworkAnalysis,
  layers: LayerRegistry = previous?.layers ?? builtInLayers,
): NetworkAnalysis {
  const raw = analyzeWithoutFixes(document, previous, layers);
  const memory = memories.get(raw);
  if (memory === undefined) return raw;
  const expansion = expand(document);
  const context: FixContext = {
    source: document,
    document: expansion.document,
    expansion,
    analysis: raw,
    wiring: memory.wiring,
    baseline: baselineOf(raw),
    analyze: (changed) => analyzeWithoutFixes(changed, raw, layers),
  };
  const taught = summarizeAlike(raw.diagnostics).map((diagnostic) => withTrail(context, diagnostic));
  const diagnostics = withoutNamedCauses(taught).map((diagnostic) => withFixes(context, diagnostic));
  const analysis: NetworkAnalysis = { ...raw, diagnostics };
  memories.set(analysis, memory);
  return analysis;
}

/** As {@link analyzeNetwork}, with every diagnostic and none with fixes: what trying a fix out costs. */
export function analyzeWithoutFixes(
  document: NetworkDocument,
  previous?: NetworkAnalysis,
  layers: LayerRegistry = previous?.layers ?? builtInLayers,
): NetworkAnalysis {
  const memory = previous?.layers === layers ? memories.get(previous) : undefined;
  const expansion = expand(document);
  const { wiring, measured } =
    memory !== undefined && hasSameWiring(memory.expansion, expansion)
      ? measureAgain(renewed(memory.wiring, expansion.document), memory, layers)
      : measureAll(readWiring(document, layers), memory, layers);
  const sharing = shareWeights(expansion, measured.nodes, memory?.sharing);
  const { nodes } = sharing;
  const bypassed = analyzeBypassed(expansion, nodes, layers);
  const notes = checkBypass(expansion, bypassed, layers);
  const found = [...collect(wiring, measured, nodes), ...sharing.findings, ...notes].sort(bySeverity);
  const diagnostics = groupCopies(found, expansion);
  const analysis: NetworkAnalysis = {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    totals: addUp(nodes),
    nodes,
    order: wiring.order,
    blocks: summarizeBlocks(expansion, nodes),
    bypassed,
    outputs: wiring.outputs,
    inputs: wiring.inputs,
    diagnostics,
    layers,
  };
  const lastValid = analysis.ok ? analysis.totals : (memory?.lastValid ?? null);
  memories.set(analysis, { expansion, wiring, measured, sharing: sharing.made, lastValid });
  return analysis;
}

/** Findings that an error names as its cause are told there: a row that a pool dropped, an input in another order. */
const causeOf: ReadonlyMap<string, string> = new Map([
  ['layers/add-mismatch', 'layers/border-lost'],
  ['layers/concat-mismatch', 'layers/border-lost'],
  ['layers/window-too-large', 'layers/channels-first'],
]);

function withoutNamedCauses(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const named = new Set(
    diagnostics.flatMap(({ code, related = [] }) => related.map((id) => `${causeOf.get(code) ?? ''} ${id}`)),
  );
  if (named.size === 0) return diagnostics;
  return diagnostics.filter(({ code, at }) => !named.has(`${code} ${at.nodeId ?? ''}`));
}

/** How an analysis read its document's wires; null for one that was not made here. */
export function wiringOf(analysis: NetworkAnalysis): Wiring | null {
  return memories.get(analysis)?.wiring ?? null;
}

/**
 * The totals that a mend is compared with: those of the last network without errors on the way here, or else those of this one where
 * none of its numbers is in doubt. Null where there is nothing to compare with.
 */
export function baselineOf(analysis: NetworkAnalysis): NetworkTotals | null {
  const { totals } = analysis;
  return memories.get(analysis)?.lastValid ?? (totals.unknown === 0 ? totals : null);
}

/** True when ids, kinds, wires and places in the file are the same, so that the order and all that hangs on it are too. */
function hasSameWiring(before: Expansion, after: Expansion): boolean {
  const [old, now] = [before.document, after.document];
  if (old.nodes.length !== now.nodes.length || !isSameEdges(old.edges, now.edges)) return false;
  if (isTroubled(before) || isTroubled(after)) return false;
  return now.nodes.every((node, index) => {
    const then = old.nodes[index];
    if (then?.id !== node.id || then.kind !== node.kind) return false;
    const [from, to] = [before.origins.get(node.id), after.origins.get(node.id)];
    return from === to || (from?.block === to?.block && from?.index === to?.index);
  });
}

/** A document with blocks is expanded anew with each edit, and its wires are then other objects. */
function isSameEdges(before: readonly NetworkEdge[], after: readonly NetworkEdge[]): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  return after.every((edge, index) => {
    const then = before[index];
    return then === edge || (then?.from === edge.from && then.to === edge.to && then.toPort === edge.toPort);
  });
}

/** What blocks could not be expanded to is part of the wiring, and is read anew. */
function isTroubled({ findings, opaque, starved }: Expansion): boolean {
  return findings.length > 0 || opaque.size > 0 || starved.size > 0;
}

/** The nodes of a wiring that are other objects in a document which is wired alike. */
function renewed(wiring: Wiring, document: NetworkDocument): readonly NodeWiring[] {
  const changed: NodeWiring[] = [];
  for (const wired of wiring.nodes.values()) {
    const node = document.nodes[wired.index];
    if (node !== undefined && node !== wired.node) changed.push({ ...wired, node });
  }
  return changed;
}

function withNodes(wiring: Wiring, changed: readonly NodeWiring[]): Wiring {
  if (changed.length === 0) return wiring;
  const nodes = new Map(wiring.nodes);
  for (const wired of changed) nodes.set(wired.node.id, wired);
  return { ...wiring, nodes };
}

/** Every node, in order. What an edit cannot have touched keeps its analysis, though it was wired anew. */
function measureAll(
  wiring: Wiring,
  memory: Memory | undefined,
  layers: LayerRegistry,
): Pick<Memory, 'wiring' | 'measured'> {
  const nodes = new Map<string, NodeAnalysis>();
  const findings = new Map<string, readonly Diagnostic[]>();
  for (const [id, wired] of wiring.nodes) {
    const result = measureNode(wired, inputsOf(wired, wiring, nodes), memory, layers);
    nodes.set(id, result.analysis);
    if (result.findings.length > 0) findings.set(id, result.findings);
  }
  return { wiring, measured: { nodes, findings } };
}

/** The nodes that have changed in a network that is wired as before, and those that read what came out otherwise. */
function measureAgain(
  changed: readonly NodeWiring[],
  memory: Memory,
  layers: LayerRegistry,
): Pick<Memory, 'wiring' | 'measured'> {
  if (changed.length === 0) return memory;
  const wiring = withNodes(memory.wiring, changed);
  const isDue = new Uint8Array(wiring.order.length);
  for (const { place } of changed) isDue[place] = 1;
  const nodes = new Map(memory.measured.nodes);
  const findings = new Map(memory.measured.findings);
  for (let place = isDue.indexOf(1); place < isDue.length; place++) {
    if (isDue[place] === 0) continue;
    const id = wiring.order[place] ?? '';
    const wired = wiring.nodes.get(id);
    if (wired === undefined) continue;
    const result = measureNode(wired, inputsOf(wired, wiring, nodes), memory, layers);
    if (result.findings.length > 0) findings.set(id, result.findings);
    else findings.delete(id);
    if (result.analysis === nodes.get(id)) continue;
    nodes.set(id, result.analysis);
    for (const reader of wiring.consumers.get(id) ?? []) isDue[wiring.nodes.get(reader)?.place ?? place] = 1;
  }
  return { wiring, measured: { nodes, findings } };
}

/** What comes in at each port; nothing from a node that is on a circle and comes later. */
function inputsOf(
  { sources, place }: NodeWiring,
  wiring: Wiring,
  measured: ReadonlyMap<string, NodeAnalysis>,
): readonly (NodeAnalysis | null)[] {
  return sources.map((source) => {
    if (source === null || (wiring.nodes.get(source)?.place ?? place) >= place) return null;
    return measured.get(source) ?? null;
  });
}

function measureNode(
  wired: NodeWiring,
  inputs: readonly (NodeAnalysis | null)[],
  memory: Memory | undefined,
  layers: LayerRegistry,
): AnalyzedNode {
  const { id } = wired.node;
  const analysis = memory?.measured.nodes.get(id);
  const then = memory?.wiring.nodes.get(id);
  if (memory === undefined || analysis === undefined || then === undefined) return analyzeNode(wired, inputs, layers);
  const before = { analysis, findings: memory.measured.findings.get(id) ?? [] };
  return redo(changeOf(wired, then, inputs, memory, before), wired, inputs, before, layers);
}

/** What of a node's analysis must be made anew: nothing, its receptive field, or all of it. */
type Change = 'none' | 'field' | 'other';

function redo(
  change: Change,
  wired: NodeWiring,
  inputs: readonly (NodeAnalysis | null)[],
  before: AnalyzedNode,
  layers: LayerRegistry,
): AnalyzedNode {
  if (change === 'none') return before;
  return keepEqual(change === 'field' ? refield(before, inputs) : analyzeNode(wired, inputs, layers), before);
}

/** A changed window upstream moves every field below it and, mostly, no shape: those nodes need not be measured again. */
function changeOf(
  now: NodeWiring,
  then: NodeWiring,
  inputs: readonly (NodeAnalysis | null)[],
  memory: Memory,
  before: AnalyzedNode,
): Change {
  if (now.node.kind !== then.node.kind || now.node.params !== then.node.params || now.state !== then.state) {
    return 'other';
  }
  // Findings that tell a place in the file are made anew: the place may have moved.
  if (now.path !== then.path && before.findings.some(({ at }) => at.path !== undefined)) return 'other';
  if (now.sources.length !== then.sources.length) return 'other';
  let change: Change = 'none';
  for (const [port, input] of inputs.entries()) {
    const source = then.sources[port] ?? null;
    const old = source === null ? null : (memory.measured.nodes.get(source) ?? null);
    if (input === old) continue;
    if (input === null || old === null || takesMaxima(now.definition, port)) return 'other';
    if (input.state !== old.state || input.outputShape !== old.outputShape) return 'other';
    if (input.knownShape !== old.knownShape) return 'other';
    if (input.receptiveField !== old.receptiveField) change = 'field';
  }
  return change;
}

/** Keeps the former shape and field objects where they came out equal, so that nodes behind this one count as untouched. */
function keepEqual(result: AnalyzedNode, before: AnalyzedNode | undefined): AnalyzedNode {
  if (before === undefined) return result;
  const { analysis } = result;
  const outputShape = isSameShape(analysis.outputShape, before.analysis.outputShape)
    ? before.analysis.outputShape
    : analysis.outputShape;
  const receptiveField = isSameField(analysis.receptiveField, before.analysis.receptiveField)
    ? before.analysis.receptiveField
    : analysis.receptiveField;
  const knownShape =
    analysis.knownShape === analysis.outputShape
      ? outputShape
      : isSameShape(analysis.knownShape, before.analysis.knownShape)
        ? before.analysis.knownShape
        : analysis.knownShape;
  return { ...result, analysis: { ...analysis, outputShape, knownShape, receptiveField } };
}

function isSameShape(a: Shape | null, b: Shape | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function isSameField(a: ReceptiveField | null, b: ReceptiveField | null): boolean {
  if (a === null || b === null || a.global !== b.global || a.union !== b.union) return false;
  return ([0, 1] as const).every(
    (axis) =>
      a.size[axis] === b.size[axis] &&
      a.jump[axis] === b.jump[axis] &&
      a.start[axis] === b.start[axis] &&
      a.positions[axis] === b.positions[axis],
  );
}

/** All findings about the network that runs, in its order. */
function collect(
  wiring: Wiring,
  { findings }: Measured,
  nodes: ReadonlyMap<string, NodeAnalysis>,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [...wiring.findings];
  if (nodes.size === 0) found.push(emptyNetwork());
  const placeOf = (id: string): number => wiring.nodes.get(id)?.place ?? 0;
  const troubled = [...new Set([...wiring.troubled, ...findings.keys()])].sort((a, b) => placeOf(a) - placeOf(b));
  for (const id of troubled) {
    for (const finding of wiring.nodes.get(id)?.findings ?? []) found.push(finding);
    for (const finding of findings.get(id) ?? []) found.push(finding);
  }
  for (const finding of checkDesign(wiring, nodes)) found.push(finding);
  return found;
}

function addUp(nodes: ReadonlyMap<string, NodeAnalysis>): NetworkTotals {
  let params = 0;
  let trainableParams = 0;
  let macs = 0;
  let activationBytes = 0;
  let unknown = 0;
  for (const node of nodes.values()) {
    if (node.paramCount === null) unknown++;
    params += node.paramCount ?? 0;
    trainableParams += node.trainableParams ?? 0;
    macs += node.macs ?? 0;
    activationBytes += node.activationBytes ?? 0;
  }
  return { params, trainableParams, nonTrainableParams: params - trainableParams, macs, activationBytes, unknown };
}
