import type { Edge, Node } from 'reactflow';
import { Position } from 'reactflow';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { findNode } from '../../shared/analysis/blocks';
import type { NodeAnalysis } from '../../shared/analysis/types';
import type { Severity } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument, NetworkEdge, NetworkNode, Position as Place } from '../../shared/schema/document';
import type { Language } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { ProjectState, Session } from '../session';
import { sessionPart, useSession } from '../session';
import { useUi } from '../store/ui';
import { findingsByNode } from './findings';
import { nodeHeight, nodeWidth, outputY, portY, shownInputs, wiredPorts } from './geometry';
import { nodeSpeech } from './speech';

/** What a node's component is given; everything else it selects from the project by id. */
export type LayerFlowNode = Node<{ readonly node: NetworkNode; readonly inputCount: number }, 'layer'>;
export type WireFlowEdge = Edge<{ readonly edge: NetworkEdge; readonly inputCount: number }, 'wire'>;

/**
 * The document in React Flow's words. Objects are kept while what they were made of has not changed, so that one edit renders
 * again only what it touched. Only renderer/canvas speaks these words.
 */
export type FlowState = { readonly nodes: readonly LayerFlowNode[]; readonly edges: readonly WireFlowEdge[] };

type CachedNode = {
  readonly node: NetworkNode;
  readonly analysis: NodeAnalysis | undefined;
  readonly worst: Severity | undefined;
  readonly language: Language;
  readonly speech: string;
  readonly flow: LayerFlowNode;
};

/** What one session's drawing was made of the last time, so that the next is made of what changed. */
type FlowCache = {
  nodes: ReadonlyMap<string, CachedNode>;
  edges: ReadonlyMap<string, WireFlowEdge>;
  /** Where nodes are shown while they are dragged or on their way to a new place. */
  shownAt: ReadonlyMap<string, Place>;
  selectedWires: ReadonlySet<string>;
  /** Input counts and edges follow from the document alone: a drag, which comes here at every frame, does not touch them. */
  lastCounts: { readonly document: NetworkDocument; readonly counts: ReadonlyMap<string, number> } | null;
  lastEdges: {
    readonly edges: NetworkDocument['edges'];
    readonly counts: ReadonlyMap<string, number>;
    readonly selected: ReadonlySet<string>;
    readonly language: Language;
    readonly flow: readonly WireFlowEdge[];
  } | null;
};

/** The id of a wire in React Flow. Two equal wires (a broken file) need two ids, hence the count. */
function wireId(edge: NetworkEdge, seen: Map<string, number>): string {
  const id = `${edge.from}→${edge.to}:${edge.toPort ?? 0}`;
  const count = seen.get(id) ?? 0;
  seen.set(id, count + 1);
  return count === 0 ? id : `${id}#${count}`;
}

function layerHandles(inputCount: number): NonNullable<LayerFlowNode['handles']> {
  const inputs = Array.from({ length: inputCount }, (_, port) => ({
    id: `in${port}`,
    type: 'target' as const,
    position: Position.Left,
    x: -8,
    y: portY(port, inputCount) - 8,
    width: 16,
    height: 16,
  }));
  const output = {
    id: 'out',
    type: 'source' as const,
    position: Position.Right,
    x: nodeWidth - 8,
    y: outputY(inputCount) - 8,
    width: 16,
    height: 16,
  };
  return [...inputs, output];
}

function buildNode(
  cache: FlowCache,
  node: NetworkNode,
  inputCount: number,
  isSelected: boolean,
  language: Language,
  project: ProjectState,
): CachedNode {
  const analysis = findNode(project.analysis, node.id);
  const known = cache.nodes.get(node.id);
  const worst = findingsByNode(project.analysis).get(node.id)?.worst;
  const isSaid =
    known?.node === node && known.analysis === analysis && known.worst === worst && known.language === language;
  const speech = isSaid ? known.speech : nodeSpeech(node, project.analysis, language);
  const place = cache.shownAt.get(node.id) ?? node.position ?? { x: 0, y: 0 };
  if (isSaid) {
    const { flow } = known;
    const isSame =
      flow.data.inputCount === inputCount &&
      flow.selected === isSelected &&
      flow.position.x === place.x &&
      flow.position.y === place.y;
    if (isSame) return known;
  }
  const isSameData = known?.flow.data.node === node && known.flow.data.inputCount === inputCount;
  const height = nodeHeight(inputCount);
  const flow: LayerFlowNode = {
    id: node.id,
    type: 'layer',
    position: place,
    data: isSameData ? known.flow.data : { node, inputCount },
    selected: isSelected,
    width: nodeWidth,
    height,
    // Given rather than measured: off-screen nodes then need not be rendered once to be known.
    measured: { width: nodeWidth, height },
    handles: known?.flow.data.inputCount === inputCount ? (known.flow.handles ?? []) : layerHandles(inputCount),
    ariaLabel: speech,
    ariaRole: 'group',
    domAttributes: { 'aria-current': isSelected ? 'true' : undefined },
  };
  return { node, analysis, worst, language, speech, flow };
}

function buildEdges(
  cache: FlowCache,
  document: NetworkDocument,
  inputCounts: ReadonlyMap<string, number>,
  language: Language,
): readonly WireFlowEdge[] {
  const t = messages('canvas', language);
  const seen = new Map<string, number>();
  const next = new Map<string, WireFlowEdge>();
  for (const edge of document.edges) {
    const id = wireId(edge, seen);
    const inputCount = inputCounts.get(edge.to);
    // A dangling wire of a broken file is the analyser's finding; there is nothing to draw it between.
    if (inputCount === undefined || !inputCounts.has(edge.from)) continue;
    const known = cache.edges.get(id);
    const selected = cache.selectedWires.has(id);
    if (known?.data?.edge === edge && known.data.inputCount === inputCount && known.selected === selected) {
      next.set(id, known);
      continue;
    }
    next.set(id, {
      id,
      type: 'wire',
      source: edge.from,
      target: edge.to,
      sourceHandle: 'out',
      targetHandle: `in${edge.toPort ?? 0}`,
      data: { edge, inputCount },
      selected,
      ariaLabel: fill(t.wireName, { from: edge.from, to: edge.to }),
    });
  }
  cache.edges = next;
  return [...next.values()];
}

function inputCountsOf(cache: FlowCache, document: NetworkDocument): ReadonlyMap<string, number> {
  if (cache.lastCounts?.document === document) return cache.lastCounts.counts;
  const wired = wiredPorts(document);
  const counts = new Map(document.nodes.map((node) => [node.id, shownInputs(node, wired.get(node.id) ?? 0)]));
  cache.lastCounts = { document, counts };
  return counts;
}

function edgesOf(
  cache: FlowCache,
  document: NetworkDocument,
  counts: ReadonlyMap<string, number>,
  language: Language,
): readonly WireFlowEdge[] {
  const { lastEdges, selectedWires } = cache;
  const isSaid = lastEdges?.language === language;
  const isSame = lastEdges?.edges === document.edges && lastEdges.selected === selectedWires;
  if (lastEdges && isSaid && isSame && lastEdges.counts === counts) return lastEdges.flow;
  if (!isSaid) cache.edges = new Map();
  const flow = buildEdges(cache, document, counts, language);
  cache.lastEdges = { edges: document.edges, counts, selected: selectedWires, language, flow };
  return flow;
}

function build(cache: FlowCache, project: ProjectState): FlowState {
  const { language } = useUi.getState();
  const counts = inputCountsOf(cache, project.document);
  const next = new Map<string, CachedNode>();
  for (const node of project.document.nodes) {
    const isSelected = project.selection.has(node.id);
    next.set(node.id, buildNode(cache, node, counts.get(node.id) ?? 0, isSelected, language, project));
  }
  cache.nodes = next;
  return {
    nodes: [...next.values()].map(({ flow }) => flow),
    edges: edgesOf(cache, project.document, counts, language),
  };
}

/** The drawing of one session's network. */
export type Flow = ReturnType<typeof createFlow>;

function createFlow({ project }: Session) {
  const cache: FlowCache = {
    nodes: new Map(),
    edges: new Map(),
    shownAt: new Map(),
    selectedWires: new Set(),
    lastCounts: null,
    lastEdges: null,
  };
  const store = createStore<FlowState>(() => build(cache, project.getState()));
  /** Builds what changed since the last time. */
  const refresh = (): void => store.setState(build(cache, project.getState()));
  return {
    store,
    refresh,
    /** Shows nodes elsewhere than the document says, for the length of a drag or a motion. */
    showAt: (places: ReadonlyMap<string, Place>): void => {
      cache.shownAt = places;
      refresh();
    },
    /** Where a node is shown now. */
    shownPlace: (id: string): Place | undefined => cache.nodes.get(id)?.flow.position,
    /** Selects wires by their React Flow ids. */
    selectWires: (ids: ReadonlySet<string>): void => {
      if (ids.size === 0 && cache.selectedWires.size === 0) return;
      cache.selectedWires = ids;
      refresh();
    },
    /** The selected wires, as the document has them. */
    selectedEdges: (): readonly NetworkEdge[] =>
      store.getState().edges.flatMap((edge) => (edge.selected === true && edge.data ? [edge.data.edge] : [])),
  };
}

/** What React Flow shows of a session. */
export const flowOf = sessionPart(createFlow);

/** A value of the drawing of this component's session. */
export function useFlow<T>(selector: (state: FlowState) => T): T {
  return useStore(flowOf(useSession()).store, selector);
}
