import { emptyNetwork } from '../diagnostics/catalog/graph';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { expand } from '../document/expand';
import { bySeverity } from '../schema/severities';
import type { Expansion } from '../document/expansion';
import type { NetworkDocument } from '../schema/document';
import { builtInLayers } from '../layers';
import type { LayerRegistry } from '../layers/registry';
import { takesMaxima } from '../layers/traits';
import { summarizeAlike } from './alike';
import { groupCopies, summarizeBlocks } from './blocks';
import { analyzeBypassed, checkBypass } from './bypass';
import { changedNodes, isSameParams, keepEqual } from './change';
import { withChanges } from './changedMap';
import type { FixContext } from './fixes/context';
import { withFixes } from './fixes/index';
import { analyzeNode, refield, type AnalyzedNode } from './node';
import { checkDesign, readDesign, readDesignAgain } from './rules/design';
import type { Design } from './rules/design';
import { withTrail } from './teach';
import type { NetworkAnalysis, NetworkTotals, NodeAnalysis } from './types';
import { shareWeights, type Sharing } from './sharedWeights';
import { readWiring, type NodeWiring, type Wiring } from './wiring';

type Nodes = ReadonlyMap<string, NodeAnalysis>;

/** What an analysis keeps to itself so that the next one need not begin anew. */
type Memory = {
  readonly expansion: Expansion;
  readonly wiring: Wiring;
  readonly measured: Measured;
  readonly sharing: Sharing['made'];
  readonly design: Design;
  readonly totals: NetworkTotals;
  /** The totals of the last network without errors, of which this one may be the first edit; null where there was none. */
  readonly lastValid: NetworkTotals | null;
};

/** Every node by itself, as if its weights were its own; of those with findings, what these are. */
type Measured = {
  readonly nodes: Nodes;
  readonly findings: ReadonlyMap<string, readonly Diagnostic[]>;
};

/** What was measured of a network. */
type Measuring = {
  readonly wiring: Wiring;
  readonly measured: Measured;
  /** The nodes that came out otherwise than in the network before, which was wired alike; null where it was not. */
  readonly touched: Nodes | null;
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
  const changed = memory === undefined ? null : changedNodes(memory.expansion, memory.wiring, expansion);
  const { wiring, measured, touched } =
    memory === undefined || changed === null
      ? measureAll(readWiring(document, layers), memory, layers)
      : measureAgain(changed, memory, layers);
  const sharing = shareWeights(expansion, measured.nodes, memory?.sharing);
  const { nodes } = sharing;
  const bypassed = analyzeBypassed(expansion, nodes, layers);
  const notes = checkBypass(expansion, bypassed, layers);
  // Where weights are shared, nodes are others than were measured.
  const isShared = nodes !== measured.nodes || memory?.measured.nodes !== previous?.nodes;
  const edit = memory === undefined || touched === null || isShared ? null : { memory, touched };
  const totals = edit === null ? addUp(nodes.values()) : addAgain(edit.memory, edit.touched, nodes);
  const design =
    edit === null
      ? readDesign(wiring, nodes)
      : readDesignAgain(edit.memory.design, wiring, nodes, edit.memory.measured.nodes, edit.touched.keys());
  const findings = [...collect(wiring, measured, nodes), ...checkDesign(design, wiring, nodes)];
  const found = [...findings, ...sharing.findings, ...notes].sort(bySeverity);
  const diagnostics = groupCopies(found, expansion);
  const analysis: NetworkAnalysis = {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    totals,
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
  memories.set(analysis, { expansion, wiring, measured, sharing: sharing.made, design, totals, lastValid });
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

function withNodes(wiring: Wiring, changed: readonly NodeWiring[]): Wiring {
  return { ...wiring, nodes: withChanges(wiring.nodes, new Map(changed.map((wired) => [wired.node.id, wired]))) };
}

/** Every node, in order. What an edit cannot have touched keeps its analysis, though it was wired anew. */
function measureAll(wiring: Wiring, memory: Memory | undefined, layers: LayerRegistry): Measuring {
  const nodes = new Map<string, NodeAnalysis>();
  const findings = new Map<string, readonly Diagnostic[]>();
  for (const [id, wired] of wiring.nodes) {
    const result = measureNode(
      wired,
      inputsOf(wired, wiring, (source) => nodes.get(source)),
      memory,
      layers,
    );
    nodes.set(id, result.analysis);
    if (result.findings.length > 0) findings.set(id, result.findings);
  }
  return { wiring, measured: { nodes, findings }, touched: null };
}

/** The nodes that have changed in a network that is wired as before, and those that read what came out otherwise. */
function measureAgain(changed: readonly NodeWiring[], memory: Memory, layers: LayerRegistry): Measuring {
  const wiring = withNodes(memory.wiring, changed);
  const isDue = new Uint8Array(wiring.order.length);
  for (const { place } of changed) isDue[place] = 1;
  const before = memory.measured.nodes;
  const touched = new Map<string, NodeAnalysis>();
  const findings = new Map(memory.measured.findings);
  for (let place = isDue.indexOf(1); place < isDue.length; place++) {
    if (isDue[place] === 0) continue;
    const id = wiring.order[place] ?? '';
    const wired = wiring.nodes.get(id);
    if (wired === undefined) continue;
    const inputs = inputsOf(wired, wiring, (source) => touched.get(source) ?? before.get(source));
    const result = measureNode(wired, inputs, memory, layers);
    if (result.findings.length > 0) findings.set(id, result.findings);
    else findings.delete(id);
    if (result.analysis === before.get(id)) continue;
    touched.set(id, result.analysis);
    for (const reader of wiring.consumers.get(id) ?? []) isDue[wiring.nodes.get(reader)?.place ?? place] = 1;
  }
  return { wiring, measured: { nodes: withChanges(before, touched), findings }, touched };
}

/** What comes in at each port; nothing from a node that is on a circle and comes later. */
function inputsOf(
  { sources, place }: NodeWiring,
  wiring: Wiring,
  measured: (id: string) => NodeAnalysis | undefined,
): readonly (NodeAnalysis | null)[] {
  return sources.map((source) => {
    if (source === null || (wiring.nodes.get(source)?.place ?? place) >= place) return null;
    return measured(source) ?? null;
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
  if (now.node.kind !== then.node.kind || now.state !== then.state) return 'other';
  if (!isSameParams(now.node.params, then.node.params)) return 'other';
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

/** All findings about single nodes and wires of the network that runs, in its order. */
function collect(wiring: Wiring, { findings }: Measured, nodes: Nodes): readonly Diagnostic[] {
  const found: Diagnostic[] = [...wiring.findings];
  if (nodes.size === 0) found.push(emptyNetwork());
  const placeOf = (id: string): number => wiring.nodes.get(id)?.place ?? 0;
  const troubled = [...new Set([...wiring.troubled, ...findings.keys()])].sort((a, b) => placeOf(a) - placeOf(b));
  for (const id of troubled) {
    for (const finding of wiring.nodes.get(id)?.findings ?? []) found.push(finding);
    for (const finding of findings.get(id) ?? []) found.push(finding);
  }
  return found;
}

/** The totals of a network in which these nodes alone are others than before. */
function addAgain({ totals, measured }: Memory, touched: Nodes, nodes: Nodes): NetworkTotals {
  const before = addUp([...touched.keys()].flatMap((id) => measured.nodes.get(id) ?? []));
  const now = addUp(touched.values());
  const sum = (name: keyof NetworkTotals): number => totals[name] - before[name] + now[name];
  const changed = {
    params: sum('params'),
    trainableParams: sum('trainableParams'),
    nonTrainableParams: sum('nonTrainableParams'),
    macs: sum('macs'),
    activationBytes: sum('activationBytes'),
    unknown: sum('unknown'),
  };
  // Sums that are rounded depend on their order.
  const isExact = [totals, before, changed].every((one) => Object.values(one).every(Number.isSafeInteger));
  return isExact ? changed : addUp(nodes.values());
}

function addUp(nodes: Iterable<NodeAnalysis>): NetworkTotals {
  let params = 0;
  let trainableParams = 0;
  let macs = 0;
  let activationBytes = 0;
  let unknown = 0;
  for (const node of nodes) {
    if (node.paramCount === null) unknown++;
    params += node.paramCount ?? 0;
    trainableParams += node.trainableParams ?? 0;
    macs += node.macs ?? 0;
    activationBytes += node.activationBytes ?? 0;
  }
  return { params, trainableParams, nonTrainableParams: params - trainableParams, macs, activationBytes, unknown };
}
